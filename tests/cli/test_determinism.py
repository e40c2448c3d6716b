#!/usr/bin/env python3
"""The same input gives the same output, byte for byte, wherever and whenever it is run."""

from __future__ import annotations

import os
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Iterator

import pcap
from support import CAPTURES, FAULTY, HEALTHY, PROGRAM, RULES, FolderCase, main, report, run

COMMANDS: tuple[tuple[str, ...], ...] = (
    (), ("-v",), ("--format", "json"), ("messages",), ("messages", "--format", "ndjson"))
ENVIRONMENTS: tuple[dict[str, str], ...] = (
    {},
    {"TZ": "Asia/Kolkata"},
    {"TZ": "America/St_Johns"},
    {"LC_ALL": "C"},
    {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    {"LC_ALL": "tr_TR.UTF-8"},
    {"LINES": "10"},
    {"TERM": "dumb", "NO_COLOR": "1"},
    {"HOME": "/nonexistent"},
    {"TMPDIR": "/nonexistent"},
    {"MALLOC_PERTURB_": "85"},
)
# A decimal comma and points between thousands; another lower case of I; text from right to left; a
# character set of one octet.
LOCALES = (("de_DE", "UTF-8"), ("tr_TR", "UTF-8"), ("ar_EG", "UTF-8"), ("de_DE", "ISO-8859-1"))


def made_locales(folder: Path) -> Iterator[dict[str, str]]:
    """Locales need not be installed: they are made from their sources, where these are there."""
    for name, charset in LOCALES:
        path = folder / f"{name}.{charset}"
        subprocess.run(["localedef", "-i", name, "-f", charset, str(path)], capture_output=True,
                       timeout=60, check=False)
        environment = {"LOCPATH": str(folder), "LC_ALL": path.name, "LANG": path.name}
        if path.is_dir():
            yield environment


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

    @unittest.skipUnless(shutil.which("localedef") and Path("/usr/share/i18n/locales/de_DE").exists(),
                         "no sources of locales")
    def test_locales_that_exist(self) -> None:
        locales = list(made_locales(self.folder))
        self.assertGreater(len(locales), 0)
        number = subprocess.run(["printf", "%.1f", "0,5"], env={**os.environ, **locales[0]},
                                capture_output=True, timeout=60, check=False)
        self.assertEqual(number.stdout, b"0,5", "the locale is in force")
        for command in (*COMMANDS, ("messages", "--format", "json"), ("--slow", "0.5"), ("rules",)):
            captures = () if command == ("rules",) else (FAULTY,)
            expected = run(*command, *captures)
            for environment in locales:
                with self.subTest(command=command, env=environment):
                    result = run(*command, *captures, env=environment)
                    self.assertEqual((result.status, result.out), (expected.status, expected.out))

    def test_number_of_processors(self) -> None:
        """Of a capture that is long enough to be given to several threads."""
        packets = []
        for capture in (FAULTY, HEALTHY):
            frames = pcap.read(capture)
            for copy in range(60):
                for frame in frames:
                    data = bytearray(frame.data)
                    for address in (26, 30):  # of IPv4 behind Ethernet
                        data[address], data[address + 1] = 10, copy
                    packets.append((frame.time_ns - frames[0].time_ns + copy * 997, bytes(data)))
        packets.sort()
        path = self.folder / "many.pcap"
        pcap.write(path, packets)
        one = {min(os.sched_getaffinity(0))}
        for command in (*COMMANDS, ("messages", "--format", "json")):
            with self.subTest(command):
                alone = subprocess.run([PROGRAM, *command, str(path)], capture_output=True, timeout=60,
                                       check=False, preexec_fn=lambda: os.sched_setaffinity(0, one))
                self.assertGreater(len(alone.stdout), 10_000)
                for _ in range(5):
                    self.assertEqual(run(*command, path).out, alone.stdout)

    def test_addresses_in_memory(self) -> None:
        """Every run has others."""
        for command in COMMANDS:
            self.assertEqual(len({run(*command, FAULTY).out for _ in range(5)}), 1)

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
