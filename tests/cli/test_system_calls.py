#!/usr/bin/env python3
"""What the program asks of the system, as strace sees it: it reads its captures and writes its result.
No network, no other program, no file anywhere else."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Optional

from support import FAULTY, PROGRAM, FolderCase, main

STRACE = shutil.which("strace")
NETWORK = {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto",
           "sendmsg", "recvfrom", "recvmsg"}
PROGRAMS = {"fork", "vfork", "execve", "execveat"}
CHANGES = {"unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "symlink",
           "symlinkat", "link", "linkat", "chmod", "fchmodat", "truncate", "mknod", "mknodat"}
Call = tuple[str, str]  # name, arguments and result


def works() -> bool:
    """Not where ptrace is forbidden."""
    return STRACE is not None and subprocess.run(
        [STRACE, "-o", "/dev/null", "true"], capture_output=True, timeout=60,
        check=False).returncode == 0


@unittest.skipUnless(works(), "no strace")
class SystemCalls(FolderCase):
    def calls(self, *arguments: str, stdin: Optional[bytes] = None) -> list[Call]:
        log = self.folder / "strace.log"
        subprocess.run([STRACE or "", "-f", "-s", "4096", "-o", str(log), PROGRAM, *arguments],
                       input=stdin or b"", capture_output=True, timeout=120, check=False,
                       cwd=self.folder)
        found = re.findall(r"^\d+ +(\w+)\((.*)$", log.read_text("utf-8", "replace"), re.MULTILINE)
        self.assertGreater(len(found), 20)
        # The loader and the start of the libraries come first.
        return [call for call in found if call != found[0]]

    def check(self, calls: list[Call], *, writes: tuple[str, ...] = ()) -> None:
        names = {name for name, _ in calls}
        self.assertEqual(names & (NETWORK | PROGRAMS), set())
        for name, rest in calls:
            if name.startswith("clone"):
                self.assertIn("CLONE_THREAD", rest)
            opens_to_write = name in ("open", "openat", "creat") and re.search(
                r"O_WRONLY|O_RDWR|O_CREAT", rest)
            if opens_to_write or name in CHANGES:
                self.assertTrue(any(path in rest for path in writes), f"{name}({rest}")

    def test_report_and_messages(self) -> None:
        capture = str(FAULTY)
        for arguments in ((capture,), ("--format", "json", capture), ("messages", capture),
                          ("-f", "tcp port 102", capture), ("rules",), ("--help",)):
            with self.subTest(arguments):
                self.check(self.calls(*arguments))

    def test_compressed_captures_need_no_temporary_file(self) -> None:
        packed = gzip.compress(FAULTY.read_bytes())
        path = self.write("a.gz", packed)
        self.check(self.calls("messages", str(path)))
        self.check(self.calls("messages", "-", stdin=packed))

    def test_a_result_is_written_beside_its_place_and_renamed(self) -> None:
        path = self.folder / "report.json"
        calls = self.calls("--format", "json", "-o", str(path), str(FAULTY))
        self.check(calls, writes=(str(path),))
        self.assertEqual([rest for name, rest in calls if name.startswith("open") and
                          f'"{path}"' in rest], [], "the name itself is never opened")
        renamed = [rest for name, rest in calls if name.startswith("rename")]
        self.assertEqual(len(renamed), 1)
        self.assertRegex(renamed[0], rf'"{re.escape(str(path))}\.\w{{6}}", .*"{re.escape(str(path))}"')
        made = next(rest for name, rest in calls if name == "openat" and "O_CREAT" in rest)
        self.assertIn("O_EXCL", made)
        self.assertIn("0600", made)

    def test_of_an_error(self) -> None:
        path = self.folder / "report.json"
        bad = self.write("bad.pcap", b"Dear Sir or Madam")
        self.check(self.calls("-o", str(path), str(bad)), writes=(str(path),))
        self.assertEqual({p.name for p in self.folder.iterdir()}, {"bad.pcap", "strace.log"})


if __name__ == "__main__":
    main()
