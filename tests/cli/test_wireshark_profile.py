#!/usr/bin/env python3
"""The Wireshark profile in share/wireshark: tshark loads it, and it does what it is for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from support import HEALTHY, LAB, ROOT, main, run  # noqa: E402

NAME = "IEC61850-MMS"
PROFILE = ROOT / "share/wireshark" / NAME
# Filters of TCP, which mmsanalyze does not have.
NOT_OURS = ("tcp.analysis", "tcp.flags")


@unittest.skipIf(shutil.which("tshark") is None, "no tshark")
class Profile(unittest.TestCase):
    def setUp(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home)
        shutil.copytree(PROFILE, self.home / "profiles" / NAME)

    def tshark(self, *arguments: object) -> str:
        done = subprocess.run(
            ["tshark", "-C", NAME, *map(str, arguments)], capture_output=True, text=True,
            timeout=60, check=False,
            env={**os.environ, "WIRESHARK_CONFIG_DIR": str(self.home), "HOME": str(self.home)})
        complaints = [line for line in done.stderr.splitlines() if not line.startswith("Running as")]
        self.assertEqual((done.returncode, complaints), (0, []))
        return done.stdout

    def test_columns(self) -> None:
        lines = self.tshark("-r", HEALTHY).splitlines()
        read = next(line for line in lines if "LLN0$RP$urcbStat01" in line)
        self.assertRegex(read, r" read +AA1E1Q01CTRL LLN0\$RP\$urcbStat01 +MMS")

    def test_colours_name_filters_that_tshark_compiles(self) -> None:
        self.tshark("-r", HEALTHY, "--color")

    def test_a_capture_without_its_beginning_is_decoded(self) -> None:
        if not LAB.is_dir():
            self.skipTest("no lab captures")
        capture = LAB / "midstream_reports_urcb.pcapng"
        self.assertGreater(self.tshark("-r", capture, "-Y", "mms").count("\n"), 30)

    def filters(self) -> list[str]:
        buttons = re.findall(r'^"TRUE","[^"]*","([^"]*)","[^"]*"$',
                             (PROFILE / "dfilter_buttons").read_text(), re.MULTILINE)
        kept = re.findall(r'^"[^"]*" (.+)$', (PROFILE / "dfilters").read_text(), re.MULTILINE)
        self.assertTrue(buttons and kept)
        return [b.replace("\\x22", '"') for b in buttons] + kept

    def test_filters_compile_here_and_there(self) -> None:
        for text in self.filters():
            with self.subTest(text):
                self.tshark("-r", HEALTHY, "-Y", text)
                if not any(field in text for field in NOT_OURS):
                    self.assertEqual(run("messages", "-Y", text, HEALTHY).status, 0)


if __name__ == "__main__":
    main()
