#!/usr/bin/env python3
"""`mmsanalyze scl`: what SCL files say about MMS, and what contradicts itself."""

from __future__ import annotations

import subprocess
import sys
import time
import unittest

from support import PROGRAM, ROOT, FolderCase, assert_usage_error, main, run

sys.path.insert(0, str(ROOT / "tests/meta"))
import validate_schema  # noqa: E402

SCL = ROOT / "testdata/scl"
RIGHT = SCL / "substation.scd"
SCHEMA = validate_schema.load_validator(str(ROOT / "docs/scl.schema.json"))


class Scl(FolderCase):
    def wrong(self, find: str, replace: str) -> object:
        text = RIGHT.read_text()
        self.assertIn(find, text)
        return self.write("wrong.scd", text.replace(find, replace, 1).encode())

    def json(self, *arguments: object, status: int = 0) -> dict:
        result = run("scl", "--format", "json", *map(str, arguments))
        self.assertEqual(result.status, status, result.err)
        document = validate_schema.parse(result.text)
        self.assertEqual(list(validate_schema.problems(SCHEMA, document)), [])
        return document

    def test_says_what_the_file_says(self) -> None:
        result = run("scl", RIGHT)
        self.assertEqual((result.status, result.err), (0, ""))
        for text in ("4 IEDs, 2 with a server", "None.", "IED1LD0/LLN0$BR$brcbStatus01..03",
                     "01 for HMI1, 02 for GW1, 1 free", "10.0.0.1", "AP-title 1,3,9999,23",
                     "IED1LD0/MHAI1$MX$HA$phsAHar(3)$cVal", "sbo-with-enhanced-security"):
            self.assertIn(text, " ".join(result.text.split()))

    def test_json_is_what_the_schema_promises(self) -> None:
        document = self.json(RIGHT, SCL / "edition1.icd")
        self.assertEqual([file["edition"] for file in document["files"]], ["2.1", "1"])
        server = document["files"][0]["servers"][0]
        self.assertEqual(server["addresses"][0]["ip"], "10.0.0.1")
        self.assertEqual(len(server["data_sets"][0]["members"]), 3)
        block = server["report_blocks"][0]
        self.assertEqual(block["instances"], ["brcbStatus01", "brcbStatus02", "brcbStatus03"])
        self.assertEqual([(c["ied"], c["instance"]) for c in block["clients"]],
                         [("HMI1", "brcbStatus01"), ("GW1", "brcbStatus02")])

    def test_contradictions_fail(self) -> None:
        wrong = self.wrong('datSet="dsStatus" confRev', 'datSet="dsState" confRev')
        result = run("scl", str(wrong))
        self.assertEqual(result.status, 1)
        self.assertIn("ERROR data-set-missing", result.text)
        self.assertEqual(run("scl", "--fail-on", "never", str(wrong)).status, 0)
        problem = self.json(wrong, status=1)["files"][0]["problems"][0]
        self.assertEqual((problem["rule"], problem["where"]),
                         ("data-set-missing", "IED1LD0/LLN0$BR$brcbStatus"))

    def test_cut_file_is_used(self) -> None:
        octets = RIGHT.read_bytes()
        document = self.json(self.write("cut.scd", octets[:len(octets) // 2]), status=1)
        file = document["files"][0]
        self.assertEqual([p["rule"] for p in file["problems"]], ["not-well-formed"])
        self.assertEqual(file["cut_at"], file["problems"][0]["line"])
        self.assertEqual(file["servers"][0]["ied"], "IED1")

    def test_unusable_files_are_refused(self) -> None:
        table = [(b"", "not XML"), (b"\x00\x01", "not XML"), (b"<a/>", "not SCL"),
                 (b"PK\x03\x04", "unpack it"), ("<SCL/>".encode("utf-16"), "UTF-16")]
        for octets, reason in table:
            with self.subTest(reason):
                assert_usage_error(self, run("scl", self.write("bad.scd", octets)), reason)
        assert_usage_error(self, run("scl", self.folder / "none.scd"), "No such file")
        assert_usage_error(self, run("scl", self.folder), "Is a directory")
        assert_usage_error(self, run("scl"), "no SCL file")
        assert_usage_error(self, run("scl", "--format", "csv", RIGHT), "no such format")

    def test_output_is_not_the_input(self) -> None:
        path = self.write("a.scd", RIGHT.read_bytes())
        assert_usage_error(self, run("scl", "-o", path, path), "overwritten")
        self.assertEqual(path.read_bytes(), RIGHT.read_bytes())

    def test_standard_input(self) -> None:
        self.assertEqual(run("scl", "-", stdin=RIGHT.read_bytes()).status, 0)

    def test_ten_megabytes_are_quick_and_right(self) -> None:
        path = self.folder / "large.scd"
        subprocess.run([sys.executable, str(ROOT / "tools/make_scd"), "10", str(path)], check=True)
        begin = time.monotonic()
        done = subprocess.run([PROGRAM, "scl", "-q", str(path)], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"None.", done.stdout)
        self.assertLess(time.monotonic() - begin, 30)  # it takes 0.2 s of a processor that is idle


if __name__ == "__main__":
    main()
