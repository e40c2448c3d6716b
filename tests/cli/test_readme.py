#!/usr/bin/env python3
"""The jq recipes of README.md work as they stand there, and its examples are what the program prints."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import unittest

from support import PROGRAM, ROOT, TIMEOUT_S, main

README = ROOT / "README.md"
# Words that are not commands: what a reader puts his own capture for.
PLACEHOLDERS = {"CAPTURE": "testdata/captures/control_failures.pcapng",
                "capture.pcapng": "testdata/captures/control_failures.pcapng",
                "capture.pcap": "testdata/captures/control_failures.pcapng"}


def recipes() -> list[str]:
    """Commands of ```sh blocks that contain `| jq`; lines that end in \\ or an open quote go on."""
    if not README.is_file():
        return []
    found = []
    for block in re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.M | re.S):
        command = ""
        for line in block.splitlines():
            command += line + "\n"
            if line.endswith("\\"):
                continue
            try:
                shlex.split(command)
            except ValueError:
                continue  # inside quotes
            if "| jq" in command:
                found.append(re.sub(r"^\$ ", "", command.strip()))
            command = ""
    return found


@unittest.skipUnless(README.is_file(), "no README.md yet")
@unittest.skipUnless(shutil.which("jq"), "no jq")
class Recipes(unittest.TestCase):
    def test_there_are_some(self) -> None:
        self.assertGreater(len(recipes()), 0)

    def test_they_work(self) -> None:
        for recipe in recipes():
            with self.subTest(recipe):
                command = re.sub(r"(?<![\w/.-])(tools/analyze|(?:\S*/)?mmsanalyze)(?=\s)",
                                 shlex.quote(PROGRAM), recipe)
                self.assertNotEqual(command, recipe, "does not run mmsanalyze")
                for word, path in PLACEHOLDERS.items():
                    command = re.sub(rf"(?<![\w/.-]){re.escape(word)}(?![\w/.-])", path, command)
                done = subprocess.run(
                    ["bash", "-c", "set -o pipefail; " + command], cwd=ROOT, capture_output=True,
                    timeout=TIMEOUT_S, check=False, env={**os.environ, "NO_COLOR": "1"})
                error = done.stderr.decode()
                self.assertNotIn("jq: error", error)
                # With findings the program's own status is 1; jq's errors are 2 and above.
                self.assertIn(done.returncode, (0, 1), error)
                self.assertNotEqual(done.stdout.strip(), b"", "prints nothing: " + error)


def examples() -> list[tuple[str, list[str]]]:
    """Commands of plain blocks that begin with `$ mmsanalyze`, with the output shown; `...` ends it early."""
    found = []
    for block in re.findall(r"^```\n(\$ .*?)\n```", README.read_text(), re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            if command.startswith("mmsanalyze"):
                found.append((command, shown))
    return found


@unittest.skipUnless(README.is_file(), "no README.md yet")
class Examples(unittest.TestCase):
    def test_are_real_output(self) -> None:
        self.assertGreater(len(examples()), 3)
        for command, shown in examples():
            with self.subTest(command):
                program = re.sub(r"^mmsanalyze(?=\s)", shlex.quote(PROGRAM), command)
                printed = subprocess.run(["bash", "-c", program], cwd=ROOT, capture_output=True, text=True,
                                         timeout=TIMEOUT_S, check=False,
                                         env={**os.environ, "NO_COLOR": "1"}).stdout.rstrip("\n").split("\n")
                if shown[-1] == "...":
                    shown, printed = shown[:-1], printed[:len(shown) - 1]
                self.assertEqual(shown, printed)


if __name__ == "__main__":
    main()
