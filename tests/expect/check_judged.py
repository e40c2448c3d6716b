#!/usr/bin/env python3
"""Holds every warning and error over the captures whose truth is known against the list of those that were judged.

    check_judged.py [--write] MMSANALYZE JUDGED.json CAPTURES

JUDGED.json is a list of {"captures": [FOLDER/NAME, ...], "causes": [...]}: captures with the same causes stand together.
A cause has rule, severity, evidence (what tells it from others of its rule), findings (their number) and `why`: what in
the truth of the captures says that it is right. A cause that is not listed, one that is listed and not raised, and one
without a reason are failures.
--write brings the list up to date: reasons stay with what is raised still, new causes get an empty one.
Exit status 0 all judged, 1 not, 77 no captures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

SKIPPED = 77
FOLDERS = ("lab", "stacks", "reported")

Cause = dict[str, Any]


def captures_of(folder: Path) -> list[Path]:
    found = []
    for name in FOLDERS:
        found += [p for p in sorted((folder / name).glob("*.pcap*")) if not p.name.endswith(".json")]
    return found


def causes_of(program: str, capture: Path) -> list[Cause]:
    run = subprocess.run([program, "--format", "json", "--fail-on", "never", str(capture)], capture_output=True,
                         timeout=60, check=True)
    causes = [{key: cause[key] for key in ("rule", "severity", "evidence", "findings")}
              for cause in json.loads(run.stdout)["causes"] if cause["severity"] != "note"]
    return sorted(causes, key=identity)


def identity(cause: Cause) -> str:
    return json.dumps([cause[key] for key in ("severity", "rule", "evidence")], sort_keys=True)


def numbered(cause: Cause) -> str:
    return f"{identity(cause)} x{cause['findings']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("program")
    parser.add_argument("judged", type=Path)
    parser.add_argument("captures", type=Path)
    arguments = parser.parse_args()
    captures = captures_of(arguments.captures)
    if not captures:
        print(f"no captures in {arguments.captures}")
        return SKIPPED

    listed: dict[str, list[Cause]] = {}
    for group in json.loads(arguments.judged.read_text()) if arguments.judged.exists() else []:
        for name in group["captures"]:
            listed[name] = group["causes"]
    with ThreadPoolExecutor() as pool:
        raised = dict(zip([f"{c.parent.name}/{c.name}" for c in captures],
                          pool.map(lambda c: causes_of(arguments.program, c), captures)))
    if arguments.write:
        write(arguments.judged, raised, listed)
        return 0

    problems = []
    for name, causes in raised.items():
        known = {numbered(c) for c in listed.get(name, [])}
        seen = {numbered(c) for c in causes}
        problems += [f"{name}: not judged: {text}" for text in sorted(seen - known)]
        problems += [f"{name}: judged, but not raised: {text}" for text in sorted(known - seen)]
        problems += [f"{name}: without a reason: {identity(c)}" for c in listed.get(name, []) if not c["why"]]
    problems += [f"{name}: no such capture" for name in listed if name not in raised]
    for problem in problems:
        print(problem)
    print(f"{sum(map(len, raised.values()))} causes in {len(raised)} captures, {len(problems)} problems")
    return 1 if problems else 0


def write(path: Path, raised: dict[str, list[Cause]], listed: dict[str, list[Cause]]) -> None:
    groups: dict[str, dict[str, Any]] = {}
    for name, causes in raised.items():
        if not causes:
            continue
        why = {identity(c): c["why"] for c in listed.get(name, [])}
        key = json.dumps([[numbered(c), why.get(identity(c), "")] for c in causes])
        group = groups.setdefault(key, {"captures": [], "causes": [
            {**c, "why": why.get(identity(c), "")} for c in causes]})
        group["captures"].append(name)
    lines = []
    for group in groups.values():
        names = json.dumps(group["captures"])
        causes = ",\n".join("  " + json.dumps(c) for c in group["causes"])
        lines.append(f' {{"captures": {names},\n  "causes": [\n{causes}]}}')
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    sys.exit(main())
