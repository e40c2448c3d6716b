#!/usr/bin/env python3
"""rules_complete.py MMSANALYZE [ROOT]: a rule is a row of the table, a page in docs/rules, its line
in the index, a capture that hits it and one that nearly does. What one of them lacks is printed.

Each capture that hits has a structured demand (`findings`) for its rule in an EXPECT.json of testdata/rules.

MMSANALYZE is the program; ROOT the repository, by default the one of this file.
Exit status: 0 complete, 1 something is missing, 2 the program failed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

SEVERITIES = ("error", "warning", "note")
# Of `explain`. "Not raised for" may be absent.
TEXTS = ("Raised when", "Likely cause", "Next step", "Reference")
# Of a page.
HEADINGS = ("Raised when", "Not raised when", "In Wireshark", "Likely causes", "What to do")


class ProgramFailed(Exception):
    pass


@dataclass(frozen=True)
class Row:
    id: str
    severity: str
    title: str


def output_of(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramFailed(f"{' '.join(command)}: {error}") from error
    if done.returncode != 0:
        raise ProgramFailed(f"{' '.join(command)}: exit status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def read_rows(listing: str) -> list[Row]:
    """Id, severity, title; lines that begin with a space continue the title."""
    rows: list[Row] = []
    for line in listing.splitlines():
        if line.startswith(" ") and rows:
            last = rows.pop()
            rows.append(Row(last.id, last.severity, f"{last.title} {line.strip()}".strip()))
        elif line.strip():
            cells = (line.split(maxsplit=2) + ["", ""])[:3]
            rows.append(Row(*cells))
    return rows


def check_row(row: Row, explanation: str) -> Iterator[str]:
    if row.severity not in SEVERITIES:
        yield f"{row.id}: '{row.severity}' is not a severity"
    if not row.title:
        yield f"{row.id}: the row has no title"
    texts: dict[str, str] = {}
    section = ""
    for line in explanation.splitlines():
        if line and not line.startswith(" "):
            section = line
            texts[section] = ""
        else:
            texts[section] = texts.get(section, "") + line.strip()
    for title in TEXTS:
        if not texts.get(title):
            yield f"{row.id}: the row has no text '{title}'"


def check_page(row: Row, page: Path) -> Iterator[str]:
    if not page.is_file():
        yield f"{row.id}: no page docs/rules/{page.name}"
        return
    lines = page.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != f"# {row.id}":
        yield f"{row.id}: the page does not begin with '# {row.id}'"
    if f"**{row.severity}**: {row.title}" not in lines:
        yield f"{row.id}: the page lacks the line '**{row.severity}**: {row.title}'"
    for heading in HEADINGS:
        if f"## {heading}" not in lines:
            yield f"{row.id}: the page has no section '{heading}'"
            continue
        behind = lines[lines.index(f"## {heading}") + 1 :]
        text = next((line for line in behind if line.strip()), "## ")
        if text.startswith("## "):
            yield f"{row.id}: section '{heading}' of the page is empty"


def read_demands(captures: Path) -> set[tuple[str, str]]:
    """(rule, capture) of all structured demands."""
    return {
        (demand["rule"], item["capture"])
        for path in sorted(captures.glob("*EXPECT.json"))
        for item in json.loads(path.read_text(encoding="utf-8"))
        for demand in item.get("findings", [])
    }


def check_captures(row: Row, folder: Path, demands: set[tuple[str, str]]) -> Iterator[str]:
    for kind in ("hit", "miss"):
        if not any(folder.glob(f"{kind}*.pcap*")):
            yield f"{row.id}: no testdata/rules/{row.id}/{kind}*.pcap"
    for hit in sorted(folder.glob("hit*.pcap*")):
        if (row.id, f"{row.id}/{hit.name}") not in demands:
            yield f"{row.id}: no EXPECT.json demands what the finding of {hit.name} says"


def check_strays(rows: list[Row], pages: Path, captures: Path) -> Iterator[str]:
    ids = {row.id for row in rows}
    for page in sorted(pages.glob("*.md")):
        if page.stem != "README" and page.stem not in ids:
            yield f"docs/rules/{page.name}: no such rule"
    for folder in sorted(captures.glob("*/")):
        if folder.is_dir() and folder.name not in ids:
            yield f"testdata/rules/{folder.name}: no such rule"


def check(program: str, root: Path) -> list[str]:
    rows = read_rows(output_of(program, "rules"))
    pages, captures = root / "docs" / "rules", root / "testdata" / "rules"
    index = pages / "README.md"
    index_lines = index.read_text(encoding="utf-8").splitlines() if index.is_file() else []
    problems = [] if rows else ["the table has no rows"]
    demands = read_demands(captures)
    for row in rows:
        if [other.id for other in rows].count(row.id) > 1:
            problems.append(f"{row.id}: the table has this id twice")
        problems += check_row(row, output_of(program, "explain", row.id))
        problems += check_page(row, pages / f"{row.id}.md")
        problems += check_captures(row, captures / row.id, demands)
        if f"| [{row.id}]({row.id}.md) | {row.severity} | {row.title} |" not in index_lines:
            problems.append(f"{row.id}: not in docs/rules/README.md, or with other words")
    for line in index_lines:
        linked = line.removeprefix("| [").split("]")[0]
        if line.startswith("| [") and linked not in {row.id for row in rows}:
            problems.append(f"docs/rules/README.md: no such rule: {linked}")
    return problems + list(check_strays(rows, pages, captures))


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(arguments[1]) if len(arguments) == 2 else Path(__file__).resolve().parents[2]
    try:
        problems = check(arguments[0], root)
    except ProgramFailed as failure:
        print(failure, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
