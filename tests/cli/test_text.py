#!/usr/bin/env python3
"""Text for terminals and printouts: at most 100 columns, and nothing that steers a terminal."""

from __future__ import annotations

import unicodedata
import unittest
from pathlib import Path
from typing import Iterator

from support import CAPTURES, RULES, in_parallel, lab_captures, main, needs_lab, report, rule_ids, run

COLUMNS = 100
VARIANTS: tuple[tuple[str, ...], ...] = ((), ("-v",), ("-q",), ("--time", "relative"))


def width(line: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def unsafe(line: str) -> bool:
    """Control, format (bidirectional marks, zero width) and unassigned characters."""
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in line)


def problems(text: bytes, most: int) -> Iterator[str]:
    for number, line in enumerate(text.decode("utf-8").split("\n"), 1):
        if unsafe(line):
            yield f"line {number}: a control character: {line!r}"
        if most and width(line) > most:
            yield f"line {number}: {width(line)} columns: {line}"
        if line.endswith(" "):
            yield f"line {number}: ends with a space: {line!r}"


def check(case: unittest.TestCase, captures: list[Path]) -> None:
    def of_capture(capture: Path) -> list[str]:
        found = []
        for options in VARIANTS:
            result = run(*options, "--fail-on", "never", capture)
            found += [f"{capture.name} {options}: {p}" for p in problems(result.out, COLUMNS)]
            if result.status != 0 or result.err:
                found.append(f"{capture.name} {options}: status {result.status}: {result.err}")
        # A line for each message is as long as it needs to be where it goes to no terminal.
        found += [f"{capture.name} messages: {p}" for p in problems(run("messages", capture).out, 0)]
        return found

    case.assertGreater(len(captures), 0)
    case.assertEqual([p for found in in_parallel(of_capture, captures) for p in found], [])


class Text(unittest.TestCase):
    def test_shipped_captures(self) -> None:
        check(self, sorted(p for p in CAPTURES.iterdir() if ".pcap" in p.name))

    def test_captures_of_rules(self) -> None:
        check(self, sorted(RULES.glob("*/hit*.pcap*")))

    @needs_lab
    def test_lab_captures(self) -> None:
        check(self, lab_captures())

    def test_a_story_that_is_shown_whole_is_not_called_cut(self) -> None:
        """A bug was: what was configured in a row, one step of the story, was counted apart."""
        for capture in CAPTURES.glob("*.pcapng"):
            for block in (b for a in report(capture)["associations"] for b in a["report_control_blocks"]):
                with self.subTest(capture.name, block=block["reference"]):
                    self.assertLess(len(block["story"]), 64)
                    self.assertEqual(block["steps"], len(block["story"]))

    def test_rules(self) -> None:
        self.assertEqual(list(problems(run("rules").out, COLUMNS)), [])
        for rule in rule_ids():
            self.assertEqual(list(problems(run("explain", rule).out, COLUMNS)), [], rule)


if __name__ == "__main__":
    main()
