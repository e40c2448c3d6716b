#!/usr/bin/env python3
"""Analyses captures and holds the findings against what is expected of each.

    check_expectations.py MMSANALYZE EXPECT...

EXPECT is NAME.expect.json beside a capture NAME.*, or a file EXPECT.json that lists several captures
by paths relative to itself, or a folder with such files. Keys of an expectation:
  must      {rules: count}: rule ids joined by | are added up; null means at least one
  may       rules that are acceptable besides
  must_not  rules that must not be raised at all
  clean     true: no other finding of severity warning or error
Exit status 0 all hold, 1 some do not, 77 nothing to check.
"""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SKIPPED = 77
TIMEOUT_S = 60

Expectation = dict[str, Any]


def expectations(path: Path) -> list[tuple[Path, Expectation]]:
    if path.is_dir():
        found = []
        for entry in sorted(path.iterdir()):
            if entry.name.endswith(".expect.json") or entry.name == "EXPECT.json":
                found += expectations(entry)
        return found
    data = json.loads(path.read_text())
    if isinstance(data, list):
        return [(path.parent / item["capture"], item) for item in data]
    stem = path.name.removesuffix(".expect.json")
    captures = [c for c in sorted(path.parent.glob(stem + ".pcap*")) if not c.name.endswith(".json")]
    return [(captures[0], data)] if captures else []


def analyse(program: str, capture: Path) -> tuple[list[dict[str, Any]], list[str]]:
    run = subprocess.run(
        [program, "--format", "json", "--fail-on", "never", str(capture)],
        capture_output=True, timeout=TIMEOUT_S, check=False)
    if run.returncode != 0:
        return [], [f"exit status {run.returncode}: {run.stderr.decode(errors='replace').strip()}"]
    return json.loads(run.stdout)["findings"], []


def problems_of(findings: list[dict[str, Any]], expected: Expectation) -> list[str]:
    problems = []
    explained = set(expected.get("may", []))
    for rules, count in expected.get("must", {}).items():
        names = rules.split("|")
        explained.update(names)
        # A finding may stand for several occurrences of one cause.
        seen = sum(f.get("count", 1) for f in findings if f["rule"] in names)
        distinct = sum(1 for f in findings if f["rule"] in names)
        if count is None and seen == 0:
            problems.append(f"missing: {rules}")
        elif count is not None and count not in (seen, distinct):
            problems.append(f"{rules}: {count} expected, {distinct} findings ({seen} occurrences)")
    for rule in expected.get("must_not", []):
        for f in findings:
            if f["rule"] == rule:
                problems.append(f"must not be raised: {rule}: {f['message']} frames {f['frames'][:6]}")
    if expected.get("clean"):
        for f in findings:
            if f["severity"] != "note" and f["rule"] not in explained:
                problems.append(f"not clean: {f['severity']} {f['rule']} {f.get('object', '')}: "
                                f"{f['message']} frames {f['frames'][:6]}")
    return problems


def main(arguments: list[str]) -> int:
    program = arguments[0]
    cases = [case for path in arguments[1:] if Path(path).exists()
             for case in expectations(Path(path))]
    if not cases:
        print("no expectations found: skipped")
        return SKIPPED

    def check(case: tuple[Path, Expectation]) -> list[str]:
        findings, problems = analyse(program, case[0])
        return problems or problems_of(findings, case[1])

    failed = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for (capture, _), problems in zip(cases, pool.map(check, cases)):
            failed += bool(problems)
            for problem in problems:
                print(f"{capture.parent.name}/{capture.name}: {problem}")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
