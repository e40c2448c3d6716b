#!/usr/bin/env python3
"""What the program can not do: exit status 2, one line that says why, nothing on standard output."""

from __future__ import annotations

import os
import unittest

from support import FAULTY, HEALTHY, FolderCase, assert_usage_error, main, run


class Captures(FolderCase):
    def assert_refused(self, *arguments: object, says: tuple[str, ...]) -> None:
        for command in ((), ("messages",)):
            with self.subTest(command=command):
                assert_usage_error(self, run(*command, *map(str, arguments)), *says)

    def test_none_given(self) -> None:
        assert_usage_error(self, run(), "no capture", "--help")
        assert_usage_error(self, run("messages"), "no capture")

    def test_does_not_exist(self) -> None:
        missing = self.folder / "missing.pcap"
        self.assert_refused(missing, says=("missing.pcap", "No such file"))

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_may_not_be_read(self) -> None:
        locked = self.write("locked.pcap", HEALTHY.read_bytes())
        locked.chmod(0)
        self.assert_refused(locked, says=("locked.pcap", "ermission"))

    def test_empty(self) -> None:
        self.assert_refused(self.write("empty.pcap", b""), says=("empty.pcap",))

    def test_folder(self) -> None:
        self.assert_refused(self.folder, says=(str(self.folder), "directory"))

    def test_not_a_capture(self) -> None:
        self.assert_refused(self.write("letter.pcap", b"Dear Sir or Madam,\n" * 10),
                            says=("letter.pcap",))

    def test_ends_inside_its_header(self) -> None:
        self.assert_refused(self.write("short.pcap", b"\xd4\xc3\xb2\xa1\x02\x00"),
                            says=("short.pcap",))

    def test_compressed_but_not_a_capture(self) -> None:
        self.assert_refused(self.write("letter.gz", b"\x1f\x8b\x08\x00garbage"), says=("letter.gz",))

    def test_one_of_several(self) -> None:
        """Nothing is analysed: half an answer would look like a whole one."""
        self.assert_refused(HEALTHY, self.write("empty.pcap", b""), says=("empty.pcap",))

    def test_empty_standard_input(self) -> None:
        for command in ((), ("messages",)):
            assert_usage_error(self, run(*command, "-", stdin=b""))

    def test_terminal_controls_in_a_name_stay_there(self) -> None:
        result = run(self.folder / "\x1b[31mred")
        self.assertEqual(result.status, 2)
        self.assertNotIn("\x1b", result.err)


class Options(unittest.TestCase):
    def assert_refused(self, *arguments: str, says: tuple[str, ...] = ()) -> None:
        with self.subTest(arguments):
            assert_usage_error(self, run(*arguments), *says)

    def test_unknown_option(self) -> None:
        self.assert_refused("--no-such-option", str(FAULTY), says=("--no-such-option",))
        self.assert_refused("messages", "--no-such-option", str(FAULTY), says=("--no-such-option",))

    def test_unknown_format(self) -> None:
        self.assert_refused("--format", "xml", str(FAULTY), says=("xml", "text", "json"))
        self.assert_refused("messages", "--format", "xml", str(FAULTY), says=("xml", "ndjson"))
        self.assert_refused("--format", "ndjson", str(FAULTY), says=("ndjson",))
        self.assert_refused("--format", "", str(FAULTY))

    def test_fields(self) -> None:
        for bad, near in (("frame,itmes", "items"), ("Frame", "frame"), ("reqest_frame", "request_frame"),
                          ("frame,,ok", ""), ("xyzzyplugh", "messages.schema.json")):
            self.assert_refused("messages", "--format", "ndjson", "--fields", bad, str(FAULTY),
                                says=("--fields", near))
        self.assert_refused("messages", "--fields", "frame", str(FAULTY), says=("--fields", "ndjson"))
        self.assert_refused("--fields", "frame", str(FAULTY), says=("--fields",))

    def test_presentation_context(self) -> None:
        for bad in ("", "x", "-1", "3x", "3=", "3=1", "3=1.x", "=1.0.9506.2.1", "3=1..2", "3=.1"):
            self.assert_refused("--pres-context", bad, str(FAULTY), says=("--pres-context",))

    def test_unknown_rule(self) -> None:
        self.assert_refused("--disable", "no-such-rule", str(FAULTY), says=("no-such-rule",))
        self.assert_refused("--severity", "no-such-rule=note", str(FAULTY), says=("no-such-rule",))
        self.assert_refused("explain", "no-such-rule", says=("no-such-rule",))
        self.assert_refused("explain")

    def test_severity(self) -> None:
        self.assert_refused("--severity", "no-response", str(FAULTY), says=("RULE=LEVEL",))
        self.assert_refused("--severity", "no-response=fatal", str(FAULTY), says=("fatal",))
        self.assert_refused("--severity", "no-response=", str(FAULTY))

    def test_fail_on(self) -> None:
        self.assert_refused("--fail-on", "sometimes", str(FAULTY), says=("--fail-on", "sometimes"))

    def test_thresholds(self) -> None:
        for bad in ("-1", "soon", "nan", "1e99", ""):
            self.assert_refused("--slow", bad, str(FAULTY), says=("--slow",))

    def test_port(self) -> None:
        for bad in ("-1", "65536", "http"):
            self.assert_refused("--port", bad, str(FAULTY), says=("--port",))

    def test_time_and_color(self) -> None:
        self.assert_refused("--time", "swatch", str(FAULTY), says=("--time",))
        self.assert_refused("--color", "pink", str(FAULTY), says=("--color",))

    def test_capture_filter(self) -> None:
        self.assert_refused("-f", "tcp prot 102", str(FAULTY), says=("tcp prot 102",))

    def test_config_file(self) -> None:
        self.assert_refused("--config", "/no/such/file.toml", str(FAULTY),
                            says=("/no/such/file.toml",))


if __name__ == "__main__":
    main()
