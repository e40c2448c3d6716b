#!/usr/bin/env python3
"""Names that steer terminals: of devices on the wire, and of the files that are analysed. They reach
every output escaped, they change nothing in what is found, and they never become names of files."""

from __future__ import annotations

import os
import re
import subprocess
import unicodedata
import unittest
from pathlib import Path
from typing import Any, Iterator, Optional

from support import (FAULTY, HEALTHY, PROGRAM, RULES, FolderCase, Record, in_parallel, main,
                     messages, report, run)

# Terminal controls, bidirectional overrides and isolates, zero width, C1 in UTF-8 and alone, octets
# that are no UTF-8, line ends, quotes, backslashes, markup, NUL.
EVIL = (b"\x1b[31m\xe2\x80\xae\xff\x9b2J\r\n\"\\<b>\x00\xc2\x9b\xe2\x80\x8b\xe2\x81\xa6\xc0\xaf"
        b"\xed\xa0\x80\x07\x7f\xe2\x80\xa8\xf4\x90\x80\x80'`$(id)\x08%s%n{}")
PAIRS = (
    ("--format", "json"), ("--format", "text"), ("--format", "text", "-v"),
    ("--format", "text", "--color", "always", "-v"),
    ("messages", "--format", "ndjson"), ("messages", "--format", "json"),
    ("messages", "--format", "text"))
COLOR = re.compile(r"\x1b\[[0-9;]*m")


def unsafe(text: str) -> list[str]:
    return [repr(c) for c in text if c != "\n" and
            unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]


def names_in(message: Record) -> list[str]:
    """Of objects and of the data set."""
    return [item["ref"] for item in message["items"] if "ref" in item] + [message.get("data_set", "")]


def domains(capture: Path) -> set[bytes]:
    """Names of logical devices."""
    found = {name.split("/")[0] for message in messages(capture) for name in names_in(message)
             if "/" in name}
    return {name.encode() for name in found if len(name) > 3}


def hostile(capture: Path) -> Optional[bytes]:
    """The capture with every logical device renamed. Lengths stay; checksums are not looked at."""
    octets = capture.read_bytes()
    names = domains(capture)
    for number, name in enumerate(sorted(names, key=len, reverse=True)):
        start = number * 3 % len(EVIL)
        evil = (EVIL[start:] + EVIL * 4)[:len(name)]
        octets = octets.replace(name, evil)
    return octets if names else None


class Wire(FolderCase):
    def captures(self) -> list[Path]:
        return [FAULTY, HEALTHY, *sorted(RULES.glob("*/hit*.pcap*"))]

    def test_names_of_devices(self) -> None:
        def problems(capture: Path) -> Optional[list[str]]:
            octets = hostile(capture)
            if octets is None:
                return None
            path = self.write(f"{capture.parent.name}_{capture.name}", octets)
            found = []
            for options in PAIRS:
                result, plain = run(*options, path), run(*options, capture)
                text = result.out.decode("utf-8")  # strict
                bad = unsafe(COLOR.sub("", text) if "always" in options else text)
                error = result.err.replace(str(path), str(capture))
                if bad or (result.status, error) != (plain.status, plain.err):
                    found.append(f"{path} {options}: {bad} {result.status} {result.err}")
            return found

        results = [r for r in in_parallel(problems, self.captures()) if r is not None]
        self.assertGreater(len(results), 30)
        self.assertEqual([line for result in results for line in result], [])

    def test_they_change_nothing_in_what_is_found(self) -> None:
        def keys(capture: Path) -> list[tuple[str, int, list[int]]]:
            return sorted((f["rule"], f["count"], f["frames"]) for f in report(capture)["findings"])

        def both(capture: Path) -> Any:
            octets = hostile(capture)
            if octets is None:
                return None
            path = self.write(f"{capture.parent.name}_{capture.name}", octets)
            return str(capture), keys(path), keys(capture)

        for result in in_parallel(both, self.captures()):
            if result is not None:
                self.assertEqual(result[1], result[2], result[0])

    def test_json_gives_them_back(self) -> None:
        """Nothing is lost: the escapes of JSON name the characters, octets that are no UTF-8 are read
        as ISO 8859-1."""
        name = b"AA1E1Q01CTRL"
        self.assertIn(name, FAULTY.read_bytes())
        for evil, read in ((b"\x1b[31m\xe2\x80\xae\r\n\"\\", "\x1b[31m\u202e\r\n\"\\"),
                           (b"caf\xe9 \xff\x9b2J\x07\x00!", "caf\xe9 \xff\x9b2J\x07\x00!")):
            self.assertEqual(len(evil), len(name))
            path = self.write("evil.pcapng", FAULTY.read_bytes().replace(name, evil))
            found = {o.split("/")[0] for m in messages(path) for o in names_in(m) if "/" in o}
            self.assertIn(read, found)
            self.assertTrue(any(read in text for text in strings(report(path))))

    def test_names_of_files_become_no_files(self) -> None:
        """Whatever a device calls its files, analysing writes none."""
        renamed = 0
        for capture in sorted(RULES.glob("file-*/*.pcap")):
            octets = capture.read_bytes()
            names = set(re.findall(rb"[A-Za-z0-9_/\\]{3,}\.[a-z]{3}", octets))
            renamed += len(names)
            for name in names:
                evil = (b"../../../../../../../tmp/mmsa_evil_file_of_the_wire")[:len(name)]
                octets = octets.replace(name, evil)
            path = self.write("files.pcap", octets)
            for options in PAIRS:
                inner = self.folder / "a" / "b"
                inner.mkdir(parents=True, exist_ok=True)
                self.assertIn(run(*options, path, cwd=inner).status, (0, 1))
                self.assertEqual(sorted(p.name for p in self.folder.rglob("*")),
                                 ["a", "b", "files.pcap"])
        self.assertGreater(renamed, 0)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


class Files(FolderCase):
    """A file's name may hold anything but '/' and NUL."""

    NAME = b"\x1b]0;evil\x07\xe2\x80\xae\xff\r\n\"\\<b>\xc2\x9b.pcap"

    def named(self, octets: bytes) -> bytes:
        path = os.path.join(os.fsencode(self.folder), self.NAME)
        with open(path, "wb") as file:
            file.write(octets)
        return path

    def output(self, *arguments: Any) -> tuple[int, str, str]:
        done = subprocess.run([os.fsencode(PROGRAM), *arguments], capture_output=True, timeout=60,
                              check=False)
        return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")

    def check(self, octets: bytes, *, statuses: tuple[int, ...]) -> None:
        path = self.named(octets)
        for options in PAIRS:
            with self.subTest(options):
                status, out, error = self.output(*options, path)
                self.assertIn(status, statuses)
                self.assertEqual(unsafe(COLOR.sub("", out) if "always" in options else out), [])
                self.assertEqual(unsafe(error), [])

    def test_of_a_capture(self) -> None:
        self.check(FAULTY.read_bytes(), statuses=(0, 1))

    def test_of_a_capture_that_is_cut(self) -> None:
        self.check(HEALTHY.read_bytes()[:-10], statuses=(0,))

    def test_of_a_capture_that_is_damaged(self) -> None:
        octets = bytearray(HEALTHY.read_bytes())
        octets[len(octets) // 2:] = b"\xff" * (len(octets) - len(octets) // 2)
        self.check(bytes(octets), statuses=(0,))

    def test_of_what_is_no_capture(self) -> None:
        self.check(b"Dear Sir or Madam", statuses=(2,))

    def test_of_what_is_not_there(self) -> None:
        for arguments in ((b"/none/" + self.NAME,), (b"-o", b"/none/" + self.NAME, str(HEALTHY)),
                          (b"--config", b"/none/" + self.NAME, str(HEALTHY)),
                          (b"-f", self.NAME, str(HEALTHY)),
                          (b"--disable", self.NAME, str(HEALTHY)),
                          (b"--severity", self.NAME + b"=note", str(HEALTHY)),
                          (b"--format", self.NAME, str(HEALTHY)),
                          (b"--pres-context", self.NAME, str(HEALTHY)),
                          (b"--fail-on", self.NAME, str(HEALTHY)), (b"--" + self.NAME, str(HEALTHY)),
                          (b"explain", self.NAME)):
            with self.subTest(arguments):
                status, out, error = self.output(*arguments)
                self.assertEqual((status, out), (2, ""))
                self.assertEqual(unsafe(error), [])
                self.assertEqual(error.count("\n"), 1)

    def test_of_the_output(self) -> None:
        path = os.path.join(os.fsencode(self.folder), self.NAME)
        status, out, error = self.output("-o", path, str(HEALTHY))
        self.assertEqual((status, out, error), (0, "", ""))
        with open(path, "rb") as file:
            self.assertEqual(file.read(), run(HEALTHY).out)

    def test_that_look_like_options(self) -> None:
        """`--` ends the options."""
        (self.folder / "--format").write_bytes(HEALTHY.read_bytes())
        result = run("messages", "--", "--format", cwd=self.folder)
        self.assertEqual(result.out, run("messages", HEALTHY).out)


if __name__ == "__main__":
    main()
