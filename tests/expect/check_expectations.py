#!/usr/bin/env python3
"""Analyses captures and holds the findings against what is expected of each.

    check_expectations.py [--pending FILE] [--captures FOLDER] MMSANALYZE EXPECT...

EXPECT is NAME.expect.json beside a capture NAME.*, or a file (EXPECT.json, NAME.EXPECT.json) that lists
several captures by paths relative to itself (to FOLDER with --captures), or a folder with such files.
Keys of an expectation:
  must        {rules: count}: rule ids joined by | are added up; null means at least one
  may         rules that are acceptable besides
  must_not    rules that must not be raised at all
  clean       true: no other finding of severity warning or error
  say         [[rules, regex...]]: one finding of these rules (* any) matches all of it anywhere: in its
              texts, evidence, frames or object, as they stand in JSON
  never       [regex or "rule: regex"]: no finding (of the rule) matches it
  findings    [{rule, ...}]: one finding of the rule has all of
                severity, party, object  exactly
                frames                   at least these
                evidence                 {key: value, or a regex for what the key holds}
                words                    [regex]: in message, cause or next_step
                count                    so many occurrences
  loudest     the worst severity that is acceptable, or "none"
  exit        the exit status without options
  min_messages       `messages` has at least so many records
  never_in_messages  [regex]: no record of `messages` matches it
  report      [regex]: the report besides its findings matches each (summary, associations, ...)
PENDING lists what does not hold yet, one line each: `CAPTURE: why`, or `CAPTURE#KEY: why` where only the
demands of one key are meant. CAPTURE is folder/name. A pending case that holds is a failure too: its line
has to go.
Exit status 0 all hold, 1 some do not, 77 nothing to check.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator

SKIPPED = 77
TIMEOUT_S = 60
SEVERITIES = ("none", "note", "warning", "error")
FINDING_KEYS = {"rule", "severity", "party", "object", "frames", "evidence", "words", "count"}
KEYS = {
    "capture", "note", "must", "may", "must_not", "clean", "say", "never", "findings", "loudest",
    "exit", "min_messages", "never_in_messages", "report",
}  # fmt: skip
# Reports of this version have no party.
WITHOUT_PARTY = "mmsanalyze-report/1"

# What expectations that are older than a rule call clean, though the rule has to be raised: the rule, and
# why. It is demanded instead of allowed, so that a line here can not outlive its reason.
EXCEPTIONS = {
    "lab/port102_not_mms.pcapng": ("no-mms", "three connections without any MMS: issue 12 and DESIGN.md, section "
                                             "2, call a capture without a message an error, never a green run"),
    "lab/tls_3782.pcapng": ("no-mms", "all of it is TLS, so nothing was decoded: likewise"),
}

Expectation = dict[str, Any]
Finding = dict[str, Any]
Problem = tuple[str, str]  # the key of the demand, and what is wrong


class Analysis:
    """What the program says of one capture; each output is made when it is asked for."""

    def __init__(self, program: str, capture: Path) -> None:
        self.program = program
        self.capture = capture
        run = self._run("--format", "json")
        self.status = run.returncode
        if self.status not in (0, 1):
            raise RuntimeError(
                f"exit status {self.status}: {run.stderr.decode(errors='replace').strip()}")
        self.report = json.loads(run.stdout)
        self.findings: list[Finding] = self.report["findings"]
        self.has_party = self.report.get("schema") != WITHOUT_PARTY

    def _run(self, *options: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([self.program, *options, str(self.capture)], capture_output=True,
                              timeout=TIMEOUT_S, check=False)

    def messages(self) -> list[str]:
        return self._run("messages", "--format", "ndjson").stdout.decode().splitlines()


def expectations(path: Path, captures: Path | None = None) -> list[tuple[Path, Expectation]]:
    if path.is_dir():
        found = []
        for entry in sorted(path.iterdir()):
            if entry.name.endswith((".expect.json", "EXPECT.json")):
                found += expectations(entry)
        return found
    data = json.loads(path.read_text())
    if isinstance(data, list):
        return [((captures or path.parent) / item["capture"], item) for item in data]
    stem = path.name.removesuffix(".expect.json")
    beside = [c for c in sorted(path.parent.glob(stem + ".pcap*")) if not c.name.endswith(".json")]
    return [(beside[0], data)] if beside else []


def with_exceptions(name: str, expected: Expectation) -> Expectation:
    if name not in EXCEPTIONS:
        return expected
    rule, _ = EXCEPTIONS[name]
    return {**expected, "must": {**expected.get("must", {}), rule: 1}}


def name_of(capture: Path) -> str:
    return f"{capture.parent.name}/{capture.name}"


def frames_of(finding: Finding) -> set[int]:
    frames = set(finding.get("frames", []))
    for occurrence in finding.get("occurrences", []):
        frames.update(occurrence.get("frames", []))
        frames.update([occurrence["frame"]] if "frame" in occurrence else [])
    return frames


def count_of(finding: Finding) -> int:
    return finding.get("count", 1)


def texts_of(finding: Finding) -> str:
    return "\n".join(str(finding.get(key, "")) for key in ("message", "cause", "next_step"))


def brief(finding: Finding) -> str:
    return (f"{finding['severity']} {finding['rule']} {finding.get('object', '')}: "
            f"{finding['message']} frames {sorted(frames_of(finding))[:6]}")


def holds(expected: Any, actual: Any) -> bool:
    if expected == actual:
        return True
    if isinstance(actual, dict) and expected in (actual.get("code"), actual.get("name")):
        return True
    if not isinstance(expected, str) or actual is None:
        return False
    return re.search(expected, actual if isinstance(actual, str) else json.dumps(actual)) is not None


def check_must(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    for rules, count in expected["must"].items():
        names = rules.split("|")
        # A finding may stand for several occurrences of one cause.
        seen = sum(count_of(f) for f in analysis.findings if f["rule"] in names)
        distinct = sum(1 for f in analysis.findings if f["rule"] in names)
        if count is None and seen == 0:
            yield f"missing: {rules}"
        elif count is not None and count not in (seen, distinct):
            yield f"{rules}: {count} expected, {distinct} findings ({seen} occurrences)"


def check_must_not(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    for f in analysis.findings:
        if f["rule"] in expected["must_not"]:
            yield f"must not be raised: {brief(f)}"


def explained_by(expected: Expectation) -> set[str]:
    rules = set(expected.get("may", []))
    rules.update(f["rule"] for f in expected.get("findings", []))
    for names in [*expected.get("must", {}), *(demand[0] for demand in expected.get("say", []))]:
        rules.update(names.split("|"))
    return rules


def check_clean(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    explained = explained_by(expected)
    for f in analysis.findings:
        if expected["clean"] and f["severity"] != "note" and f["rule"] not in explained:
            yield f"not clean: {brief(f)}"


def check_say(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    for rules, *patterns in expected["say"]:
        asked = [f for f in analysis.findings if rules == "*" or f["rule"] in rules.split("|")]
        texts = [json.dumps(f) for f in asked]
        if not any(all(re.search(p, text) for p in patterns) for text in texts):
            yield f"no finding of {rules} says all of {patterns}; " + (
                "there are: " + " / ".join(brief(f) for f in asked[:4]) if asked else "there is none")


def check_never(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    for demand in expected["never"]:
        scoped = re.fullmatch(r"([a-z0-9]+(?:-[a-z0-9]+)*): (.*)", demand, re.DOTALL)
        rule, pattern = scoped.groups() if scoped else (None, demand)
        for f in analysis.findings:
            if rule in (None, f["rule"]) and re.search(pattern, json.dumps(f)):
                yield f"never '{demand}': {brief(f)}"


def misses(analysis: Analysis, f: Finding, demand: dict[str, Any]) -> list[str]:
    found = []
    for key in ("severity", "object", *(["party"] if analysis.has_party else [])):
        if key in demand and demand[key] != f.get(key):
            found.append(f"{key} is {f.get(key)!r}, not {demand[key]!r}")
    missing = set(demand.get("frames", [])) - frames_of(f)
    if missing:
        found.append(f"frames {sorted(missing)} are not among {sorted(frames_of(f))[:12]}")
    for key, value in demand.get("evidence", {}).items():
        actual = f.get("evidence", {}).get(key)
        if not holds(value, actual):
            found.append(f"evidence {key} is {actual!r}, not {value!r}")
    for pattern in demand.get("words", []):
        if not re.search(pattern, texts_of(f)):
            found.append(f"no text says '{pattern}'")
    if "count" in demand and demand["count"] != count_of(f):
        found.append(f"count is {count_of(f)}, not {demand['count']}")
    return found


def check_findings(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    for demand in expected["findings"]:
        unknown = set(demand) - FINDING_KEYS
        if unknown:
            yield f"unknown keys {sorted(unknown)}"
        tried = [(misses(analysis, f, demand), f) for f in analysis.findings
                 if f["rule"] == demand["rule"]]
        if not tried:
            yield f"no finding of {demand['rule']}"
            continue
        missed, nearest = min(tried, key=lambda pair: len(pair[0]))
        if missed:
            yield f"{brief(nearest)}: {'; '.join(missed)}"


def check_loudest(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    for f in analysis.findings:
        if SEVERITIES.index(f["severity"]) > SEVERITIES.index(expected["loudest"]):
            yield f"louder than {expected['loudest']}: {brief(f)}"


def check_exit(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    if analysis.status != expected["exit"]:
        yield f"exit status {analysis.status}, not {expected['exit']}"


def check_min_messages(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    records = len(analysis.messages())
    if records < expected["min_messages"]:
        yield f"{records} messages, not {expected['min_messages']}"


def check_never_in_messages(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    records = analysis.messages()
    for pattern in expected["never_in_messages"]:
        yield from (f"never in messages '{pattern}': {r[:300]}" for r in records
                    if re.search(pattern, r))


def check_report(analysis: Analysis, expected: Expectation) -> Iterator[str]:
    text = json.dumps({key: value for key, value in analysis.report.items() if key != "findings"})
    yield from (f"the report does not say '{p}'" for p in expected["report"]
                if not re.search(p, text))


CHECKS = {
    "must": check_must,
    "must_not": check_must_not,
    "clean": check_clean,
    "say": check_say,
    "never": check_never,
    "findings": check_findings,
    "loudest": check_loudest,
    "exit": check_exit,
    "min_messages": check_min_messages,
    "never_in_messages": check_never_in_messages,
    "report": check_report,
}


def problems_of(analysis: Analysis, expected: Expectation) -> list[Problem]:
    problems = [("keys", f"unknown key {key}") for key in sorted(set(expected) - KEYS)]
    for key, check in CHECKS.items():
        if key in expected:
            problems += [(key, text) for text in check(analysis, expected)]
    return problems


def read_pending(path: Path | None) -> dict[str, str]:
    """{CAPTURE or CAPTURE#KEY: why}"""
    pending: dict[str, str] = {}
    if path is None or not path.exists():
        return pending
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("# "):
            case, colon, why = line.partition(": ")
            if not colon or not why.strip() or case in pending:
                raise ValueError(f"{path.name}: not 'CAPTURE: why', or a second line: {line}")
            pending[case] = why
    return pending


def judge(name: str, problems: list[Problem], pending: dict[str, str]) -> list[str]:
    """What makes the test fail: problems that are not pending, pending cases without a problem."""
    failures = [f"{key}: {text}" for key, text in problems
                if name not in pending and f"{name}#{key}" not in pending]
    keys = {key for key, _ in problems}
    for case in pending:
        capture, _, key = case.partition("#")
        if capture == name and (key not in keys if key else not problems):
            failures.append(f"'{case}' holds: remove it from PENDING")
    return failures


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pending", type=Path)
    parser.add_argument("--captures", type=Path)
    parser.add_argument("program")
    parser.add_argument("expect", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    # Several files may expect something of one capture.
    cases: dict[Path, list[Expectation]] = {}
    for path in given.expect if not given.captures or given.captures.exists() else []:
        for capture, expected in expectations(path, given.captures) if path.exists() else []:
            cases.setdefault(capture, []).append(expected)
    if not cases:
        print("no expectations found: skipped")
        return SKIPPED
    pending = read_pending(given.pending)

    def check(capture: Path) -> list[Problem]:
        try:
            analysis = Analysis(given.program, capture)
            return [p for expected in cases[capture]
                    for p in problems_of(analysis, with_exceptions(name_of(capture), expected))]
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            return [("run", str(error))]

    failed = 0
    waiting = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for capture, problems in zip(cases, pool.map(check, cases)):
            failures = judge(name_of(capture), problems, pending)
            failed += bool(failures)
            waiting += bool(problems) and not failures
            for failure in failures:
                print(f"{name_of(capture)}: {failure}")
    print(f"{len(cases) - failed - waiting} passed, {failed} failed, {waiting} pending")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
