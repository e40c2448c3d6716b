#!/usr/bin/env python3
"""The same input gives the same output, byte for byte, wherever and whenever it is run."""

from __future__ import annotations

import unittest

from support import CAPTURES, FAULTY, HEALTHY, RULES, FolderCase, main, report, run

COMMANDS: tuple[tuple[str, ...], ...] = (
    (), ("-v",), ("--format", "json"), ("messages",), ("messages", "--format", "ndjson"))
ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {},
    {"TZ": "Asia/Kolkata"},
    {"TZ": "America/St_Johns"},
    {"LC_ALL": "C"},
    {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    {"LC_ALL": "tr_TR.UTF-8"},
    {"COLUMNS": "40", "LINES": "10"},
    {"TERM": "dumb", "NO_COLOR": "1"},
    {"HOME": "/nonexistent"},
)


class Determinism(FolderCase):
    def test_environment_has_no_influence(self) -> None:
        for capture in (FAULTY, HEALTHY):
            for command in COMMANDS:
                expected = run(*command, capture)
                for environment in ENVIRONMENTS:
                    with self.subTest(capture=capture.name, command=command, env=environment):
                        result = run(*command, capture, env=environment)
                        self.assertEqual(result.status, expected.status)
                        self.assertEqual(result.out, expected.out)

    def test_texts_of_the_rules(self) -> None:
        for command in (("rules",), ("explain", "no-response"), ("--help",)):
            for environment in ENVIRONMENTS:
                self.assertEqual(run(*command, env=environment).out, run(*command).out)

    def test_where_the_file_lies_shows_only_in_its_path(self) -> None:
        copy = self.write("elsewhere.pcapng", FAULTY.read_bytes())
        here, there = report(FAULTY), report(copy)
        for analysed in (here, there):
            for file in analysed["capture"]["files"]:
                file.pop("path")
        self.assertEqual(here, there)

    def test_captures_of_rules_twice(self) -> None:
        for capture in sorted(RULES.glob("*/hit.pcap"))[::4]:
            with self.subTest(capture.parent.name):
                self.assertEqual(run("--format", "json", capture).out,
                                 run("--format", "json", capture).out)

    def test_output_says_nothing_of_now(self) -> None:
        """No time of the analysis, no host, no version of a library."""
        for capture in sorted(CAPTURES.iterdir()):
            if ".pcap" in capture.name:
                tool = report(capture)["tool"]
                self.assertEqual(set(tool), {"name", "version"})


if __name__ == "__main__":
    main()
