#!/usr/bin/env python3
"""rule_pages.py MMSANALYZE [ROOT]: the pages of docs/rules promise nothing that is not there. Checked are

  * evidence: the keys of the section "Evidence" (in backticks, one list item each) are in findings of the
    rule in one of the captures of testdata;
  * options: each --option of a page or of `explain` is one of `--help`;
  * filters: Wireshark 4.0 and 4.6 both know the fields of the section "In Wireshark"
    (wireshark_fields.tsv); a field of the text alone may be new where the text says "Newer versions";
    and tshark accepts the filters, where there is one.

MMSANALYZE is the program; ROOT the repository, by default the one of this file.
Exit status: 0 all is there, 1 a promise is not kept.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator

# Dissectors of which wireshark_fields.tsv has every field.
PROTOCOLS = ("mms", "acse", "pres", "ses", "cotp", "tpkt")
FIELD = re.compile(rf"(?<![\w-])(?:{'|'.join(PROTOCOLS)})\.[A-Za-z0-9_.-]*[A-Za-z0-9_]")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMANDS = ((), ("messages",))

Fields = dict[str, tuple[bool, bool]]


def read_fields(path: Path) -> Fields:
    """{field: (known by 4.0, known by 4.6)}"""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0]: (row[2] == "y", row[3] == "y") for row in rows}


def sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (.*)\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def filters(section: str) -> list[str]:
    return [line for block in re.findall(r"```\n(.*?)```", section, re.DOTALL)
            for line in block.splitlines() if line.strip()]


def check_filters(page: str, fields: Fields) -> Iterator[str]:
    lines = filters(sections(page).get("In Wireshark", ""))
    printed = {field for line in lines for field in FIELD.findall(line)}
    for field in sorted(printed):
        if fields.get(field) != (True, True):
            yield f"a filter has {field}, which not both Wireshark 4.0 and 4.6 know"
    for field in sorted(set(FIELD.findall(page)) - printed):
        old, new = fields.get(field, (False, False))
        if not old and not (new and "Newer versions" in " ".join(page.split())):
            yield f"the text names {field}, which Wireshark 4.0 does not know"


def refused_by_tshark(tshark: str, capture: Path, lines: list[str]) -> list[str]:
    """The filters that tshark does not accept. It takes half a second to start: all at once first."""
    joined = " || ".join(f"({line})" for line in lines)
    done = subprocess.run([tshark, "-r", str(capture), "-c", "1", "-Y", joined], capture_output=True, check=False)
    if done.returncode == 0 or not lines:
        return []
    if len(lines) == 1:
        return lines
    half = len(lines) // 2
    return (refused_by_tshark(tshark, capture, lines[:half]) +
            refused_by_tshark(tshark, capture, lines[half:]))


def check_options(text: str, options: set[str]) -> Iterator[str]:
    for option in sorted(set(OPTION.findall(text)) - options):
        yield f"there is no option {option}"


def check_evidence(page: str, given: set[str]) -> Iterator[str]:
    promised = re.findall(r"^\* `([a-z0-9_]+)`", sections(page).get("Evidence", ""), re.MULTILINE)
    for key in sorted(set(promised) - given):
        yield f"evidence '{key}' is in no finding of the captures in testdata"


def evidence_of(program: str, capture: Path) -> list[tuple[str, str]]:
    run = subprocess.run([program, "--format", "json", "--fail-on", "never", str(capture)],
                         capture_output=True, check=True)
    return [(f["rule"], key) for f in json.loads(run.stdout)["findings"] for key in f["evidence"]]


def evidence_given(program: str, testdata: Path) -> dict[str, set[str]]:
    given: dict[str, set[str]] = {}
    captures = [path for path in sorted(testdata.rglob("*.pcap*")) if path.is_file()]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda path: evidence_of(program, path), captures):
            for rule, key in found:
                given.setdefault(rule, set()).add(key)
    return given


def output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def check(program: str, root: Path) -> list[str]:
    fields = read_fields(root / "tests" / "meta" / "wireshark_fields.tsv")
    given = evidence_given(program, root / "testdata")
    options = {option for command in COMMANDS
               for option in OPTION.findall(output_of(program, *command, "--help"))}
    problems = []
    printed: dict[str, str] = {}
    for path in sorted((root / "docs" / "rules").glob("*.md")):
        page = path.read_text(encoding="utf-8")
        explained = output_of(program, "explain", path.stem) if path.stem != "README" else ""
        found = [*check_filters(page, fields), *check_options(page + explained, options),
                 *check_evidence(page, given.get(path.stem, set()))]
        problems += [f"docs/rules/{path.name}: {problem}" for problem in found]
        printed.update((line, path.name) for line in filters(sections(page).get("In Wireshark", "")))
    tshark = shutil.which("tshark")
    capture = next(iter(sorted((root / "testdata").rglob("*.pcap"))), None)
    if tshark is not None and capture is not None:
        problems += [f"docs/rules/{printed[line]}: tshark does not accept '{line}'"
                     for line in refused_by_tshark(tshark, capture, list(printed))]
    return problems


def main(arguments: list[str]) -> int:
    root = Path(arguments[1]) if len(arguments) == 2 else Path(__file__).resolve().parents[2]
    problems = check(arguments[0], root)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
