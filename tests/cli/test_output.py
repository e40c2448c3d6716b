#!/usr/bin/env python3
"""Where results go: a pipe that closes early, whole files or none, full disks."""

from __future__ import annotations

import os
import stat
import subprocess
import unittest
from pathlib import Path

from support import FAULTY, HEALTHY, PROGRAM, FolderCase, assert_usage_error, main, run

COMMANDS: tuple[tuple[str, ...], ...] = (
    (), ("--format", "json"), ("messages",), ("messages", "--format", "ndjson"),
    ("messages", "--format", "json"))


class Pipe(unittest.TestCase):
    def test_a_reader_that_has_seen_enough_is_no_error(self) -> None:
        """`mmsanalyze ... | head` ends quietly."""
        captures = [str(FAULTY)] * 20
        for command in COMMANDS:
            with self.subTest(command):
                process = subprocess.Popen([PROGRAM, *command, *captures], stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE)
                assert process.stdout is not None and process.stderr is not None
                process.stdout.read(10)
                process.stdout.close()
                error = process.stderr.read()
                process.stderr.close()
                self.assertEqual(error, b"")
                self.assertIn(process.wait(timeout=60), (0,) if "messages" in command else (0, 1))

    def test_closed_before_the_first_octet(self) -> None:
        for command in COMMANDS:
            with self.subTest(command):
                read_end, write_end = os.pipe()
                os.close(read_end)
                done = subprocess.run([PROGRAM, *command, str(FAULTY)], stdout=write_end,
                                      stderr=subprocess.PIPE, timeout=60, check=False)
                os.close(write_end)
                self.assertEqual((done.returncode, done.stderr), (0, b""))

    TEXTS = (("--help",), ("--version",), ("messages", "--help"), ("rules",),
             ("explain", "no-response"))

    def test_help_on_a_full_disk_is_no_success(self) -> None:
        for command in self.TEXTS:
            with self.subTest(command), open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *command], stdout=full, stderr=subprocess.PIPE,
                                      timeout=60, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr, rb"\Ammsanalyze: [^\n]*No space left[^\n]*\n\Z")

    def test_a_reader_of_texts_that_has_seen_enough(self) -> None:
        for command in self.TEXTS:
            with self.subTest(command):
                read_end, write_end = os.pipe()
                os.close(read_end)
                done = subprocess.run([PROGRAM, *command], stdout=write_end,
                                      stderr=subprocess.PIPE, timeout=60, check=False)
                os.close(write_end)
                self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_no_standard_output_at_all(self) -> None:
        for command in (*COMMANDS, *self.TEXTS):
            with self.subTest(command):
                capture = () if command in self.TEXTS else (str(FAULTY),)
                done = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', PROGRAM, *command, *capture],
                                      stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr, rb"\Ammsanalyze: standard output: [^\n]+\n\Z")

    def test_a_full_disk_behind_standard_output(self) -> None:
        for command in COMMANDS:
            with self.subTest(command), open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *command, str(FAULTY)], stdout=full,
                                      stderr=subprocess.PIPE, timeout=60, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stderr, rb"\Ammsanalyze: [^\n]*No space left[^\n]*\n\Z")


class File(FolderCase):
    def test_holds_what_standard_output_would(self) -> None:
        for number, command in enumerate(COMMANDS):
            with self.subTest(command):
                path = self.folder / str(number)
                result = run(*command, "-o", path, FAULTY)
                direct = run(*command, FAULTY)
                self.assertEqual((result.status, result.out, result.err), (direct.status, b"", ""))
                self.assertEqual(path.read_bytes(), direct.out)
        self.assertEqual(len(list(self.folder.iterdir())), len(COMMANDS), "nothing else is left")

    def test_rules_and_explanations_go_to_standard_output(self) -> None:
        self.assertGreater(len(run("rules").out), 1000)
        self.assertGreater(len(run("explain", "no-response").out), 300)

    def test_replaces_an_older_file_as_a_whole(self) -> None:
        path = self.write("report.txt", b"x" * 1_000_000)
        hard_link = self.folder / "older.txt"
        os.link(path, hard_link)
        run("-o", path, HEALTHY)
        self.assertEqual(path.read_bytes(), run(HEALTHY).out)
        self.assertEqual(hard_link.stat().st_size, 1_000_000, "the old file was written into")

    def test_keeps_who_may_read_the_older_file(self) -> None:
        path = self.write("report.txt", b"private")
        path.chmod(0o600)
        run("-o", path, HEALTHY)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_a_link_stays_a_link(self) -> None:
        """What it leads to is replaced; beside a link into /dev or /proc no file has its place."""
        path = self.write("report.txt", b"older")
        link = self.folder / "latest"
        link.symlink_to("report.txt")
        self.assertEqual(run("-o", link, HEALTHY).status, 0)
        self.assertTrue(link.is_symlink())
        self.assertEqual(path.read_bytes(), run(HEALTHY).out)
        self.assertEqual(len(list(self.folder.iterdir())), 2)

    def test_standard_output_by_its_device_name(self) -> None:
        for name in ("/proc/self/fd/1", "/dev/fd/1"):
            link = self.folder / "stdout"
            link.symlink_to(name)
            self.assertEqual(run("-o", link, HEALTHY).out, run(HEALTHY).out)
            path = self.folder / "report.txt"
            with open(path, "wb") as file:
                subprocess.run([PROGRAM, "-o", link, HEALTHY], stdout=file, check=True, timeout=60)
            self.assertEqual(path.read_bytes(), run(HEALTHY).out)
            self.assertTrue(link.is_symlink())
            self.assertEqual({p.name for p in self.folder.iterdir()}, {"stdout", "report.txt"})
            link.unlink()

    def test_a_limit_to_the_size_of_files(self) -> None:
        """As a full disk in the middle of the file: told, and nothing is left."""
        path = self.write("report.json", b"older")
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 16; exec "$0" messages --format json -o "$1" "$2"', PROGRAM,
             path, FAULTY], stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, rb"\Ammsanalyze: [^\n]*report.json: File too large\n\Z")
        self.assertEqual(path.read_bytes(), b"older")
        self.assertEqual(len(list(self.folder.iterdir())), 1)

    def test_may_be_read_by_whom_the_umask_says(self) -> None:
        path = self.folder / "report.txt"
        subprocess.run(["sh", "-c", 'umask 027; exec "$0" -o "$1" "$2"', PROGRAM, path, HEALTHY],
                       check=True, timeout=60)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)

    def test_an_error_leaves_the_older_file_and_nothing_else(self) -> None:
        path = self.write("report.txt", b"older")
        bad = self.write("bad.pcap", b"not a capture at all, really")
        for command in COMMANDS:
            self.assertEqual(run(*command, "-o", path, bad).status, 2)
        self.assertEqual(path.read_bytes(), b"older")
        self.assertEqual({p.name for p in self.folder.iterdir()}, {"report.txt", "bad.pcap"})

    def test_a_capture_is_not_overwritten(self) -> None:
        """Under its own name or that of a link, as the first or a later capture."""
        octets = HEALTHY.read_bytes()
        capture = self.write("in.pcap", octets)
        hard_link = self.folder / "hard.pcap"
        os.link(capture, hard_link)
        link = self.folder / "link.pcap"
        link.symlink_to("in.pcap")
        relative = self.folder / "." / ".." / self.folder.name / "in.pcap"
        for command in COMMANDS:
            for output in (capture, hard_link, link, relative):
                for captures in ((capture,), (link,), (FAULTY, hard_link)):
                    with self.subTest(command=command, output=output, captures=captures):
                        result = run(*command, "-o", output, *captures)
                        assert_usage_error(self, result, "--output", output.name, "overwritten")
        self.assertEqual(capture.read_bytes(), octets)
        self.assertEqual(os.stat(capture).st_ino, os.stat(hard_link).st_ino)
        self.assertEqual(len(list(self.folder.iterdir())), 3)

    def test_the_capture_behind_standard_input_is_not_overwritten(self) -> None:
        octets = HEALTHY.read_bytes()
        capture = self.write("in.pcap", octets)
        with capture.open("rb") as stdin:
            done = subprocess.run([PROGRAM, "-o", str(capture), "-"], stdin=stdin,
                                  capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"overwritten", done.stderr)
        self.assertEqual(capture.read_bytes(), octets)

    def test_a_copy_of_the_capture_may_be_overwritten(self) -> None:
        copy = self.write("copy.pcap", HEALTHY.read_bytes())
        self.assertEqual(run("-o", copy, HEALTHY).status, 0)
        self.assertEqual(copy.read_bytes(), run(HEALTHY).out)

    def test_folder_that_does_not_exist(self) -> None:
        for command in COMMANDS:
            result = run(*command, "-o", self.folder / "none" / "report.txt", FAULTY)
            assert_usage_error(self, result, "report.txt", "No such file")

    def test_path_is_a_folder(self) -> None:
        assert_usage_error(self, run("-o", self.folder, FAULTY), str(self.folder))
        self.assertEqual(list(self.folder.iterdir()), [])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_folder_that_may_not_be_written(self) -> None:
        self.folder.chmod(0o500)
        assert_usage_error(self, run("-o", self.folder / "report.txt", FAULTY), "report.txt")

    def test_folder_that_takes_no_files(self) -> None:
        assert_usage_error(self, run("-o", "/proc/report.txt", FAULTY), "/proc/report.txt")

    def test_full_disk(self) -> None:
        for command in COMMANDS:
            with self.subTest(command):
                assert_usage_error(self, run(*command, "-o", "/dev/full", FAULTY), "/dev/full",
                                   "No space left")

    def test_the_null_device_stays_one(self) -> None:
        self.assertEqual(run("-o", "/dev/null", HEALTHY).status, 0)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_dash_is_standard_output(self) -> None:
        self.assertEqual(run("-o", "-", HEALTHY).out, run(HEALTHY).out)
        self.assertFalse(Path("-").exists())

    def test_has_no_colours_and_a_fixed_width(self) -> None:
        path = self.folder / "report.txt"
        run("-o", path, FAULTY, env={"COLUMNS": "40", "TERM": "xterm-256color"})
        self.assertEqual(path.read_bytes(), run(FAULTY).out)


if __name__ == "__main__":
    main()
