#!/usr/bin/env python3
"""`mmsanalyze files`: transfers, directories, and writing files out whatever they are called."""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from support import CAPTURES, LAB, ROOT, Record, main, run  # noqa: E402

sys.path.insert(0, str(ROOT / "tests/meta"))
import validate_schema  # noqa: E402

sys.path.insert(0, str(ROOT / "tools"))
from craft import mms  # noqa: E402
from craft.association import associate  # noqa: E402
from craft.tcp import Trace  # noqa: E402


def transfers(capture: Path, *options: str) -> list[Record]:
    return [r for r in run("files", "--format", "ndjson", *options, capture).records()
            if r["kind"] == "transfer"]


def tshark_data(capture: Path) -> bytes:
    """All octets of FileRead answers, as tshark decodes them, in order."""
    out = subprocess.run(
        ["tshark", "-r", str(capture), "-o", "tcp.desegment_tcp_streams:TRUE", "-Y",
         "mms.fileData", "-T", "fields", "-e", "mms.fileData"],
        capture_output=True, text=True, timeout=60, check=False).stdout
    return bytes.fromhex("".join(c for c in out if c in "0123456789abcdef"))


class Lab(unittest.TestCase):
    def setUp(self) -> None:
        if not LAB.is_dir():
            self.skipTest("no lab captures")
        self.directory = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)

    def extract(self, capture: Path) -> list[Record]:
        return transfers(capture, "--extract", str(self.directory))

    def test_sizes_are_those_of_the_truth(self) -> None:
        truth = json.loads((LAB / "files.truth.json").read_text(encoding="utf-8"))
        told = {t["name"]: t for t in self.extract(LAB / "files.pcapng") if t["complete"]}
        for name, size in truth["file_sizes"].items():
            self.assertEqual(told[name]["octets"], size, name)
            self.assertEqual(told[name]["size"], size, name)
            self.assertEqual(told[name]["missing"], [])
            self.assertEqual((self.directory / told[name]["saved_as"]).stat().st_size, size)
        self.assertEqual(told["upload.cfg"]["direction"], "client-to-server")
        self.assertEqual(told["COMTRADE/FRA00042.dat"]["direction"], "server-to-client")

    def test_octets_are_those_of_tshark(self) -> None:
        if shutil.which("tshark") is None:
            self.skipTest("no tshark")
        capture = LAB / "files.pcapng"
        joined = b"".join((self.directory / t["saved_as"]).read_bytes()
                          for t in self.extract(capture) if t["octets"] > 0)
        self.assertEqual(joined, tshark_data(capture))

    def test_a_comtrade_pair_is_recognised(self) -> None:
        told = {t.get("name"): t for t in transfers(LAB / "files.pcapng")}
        data, configuration = (told["COMTRADE/FRA00042" + part] for part in (".dat", ".cfg"))
        self.assertEqual(data["comtrade"], configuration["comtrade"])
        self.assertEqual(data["comtrade"], {"station": "STATION", "device": "DEV",
                                            "revision": "1999"})
        self.assertIn(data["comtrade"]["station"], run("files", LAB / "files.pcapng").text)

    def test_failed_transfers_are_told_with_their_error(self) -> None:
        told = {t.get("name"): t for t in transfers(LAB / "files.pcapng")}
        self.assertEqual(told["protected.bin"]["error"], "file-access-denied")
        self.assertEqual(told["COMTRADE/missing.dat"]["octets"], 0)
        self.assertFalse(told["protected.bin"]["complete"])

    def test_directories_are_listed(self) -> None:
        listed = [r for r in run("files", "--format", "ndjson", LAB / "files.pcapng").records()
                  if r["kind"] == "listed"]
        record = next(r for r in listed if r["name"] == "COMTRADE/FRA00042.dat" and r["directory"])
        self.assertEqual((record["directory"], record["size"]), ("COMTRADE", 45000))
        self.assertRegex(record["last_modified"], r"^2026-11-22T\d\d:\d\d:\d\d(\.\d+)?Z$")

    def test_a_capture_that_begins_in_the_middle_has_a_partial_file(self) -> None:
        told = self.extract(LAB / "midstream_midpdu.pcapng")
        first = told[0]
        self.assertFalse(first["complete"])
        self.assertEqual(first["opened"], {"kind": "not-captured"})
        self.assertEqual(first["saved_as"], "unnamed.partial")
        self.assertEqual((self.directory / "unnamed.partial").stat().st_size, first["octets"])
        self.assertTrue(any(t["complete"] for t in told))

    def test_nothing_is_overwritten(self) -> None:
        saved = [{t["saved_as"] for t in self.extract(LAB / "files.pcapng") if "saved_as" in t}
                 for _ in range(2)]
        self.assertFalse(saved[0] & saved[1])
        self.assertEqual({p.name for p in self.directory.iterdir()}, saved[0] | saved[1])

    def test_no_link_is_followed(self) -> None:
        victim = self.directory / "victim"
        victim.write_bytes(b"kept")
        target = self.directory / "out"
        target.mkdir()
        for name in ("COMTRADE_FRA00042.cfg", "COMTRADE_FRA00042.cfg.partial"):
            (target / name).symlink_to(victim)
        told = transfers(LAB / "files.pcapng", "--extract", str(target))
        self.assertEqual(victim.read_bytes(), b"kept")
        saved = {t.get("name"): t.get("saved_as") for t in told}
        self.assertEqual(saved["COMTRADE/FRA00042.cfg"], "COMTRADE_FRA00042-2.cfg")

    def test_rows_are_as_the_schema_says_and_the_same_in_all_formats(self) -> None:
        schema = validate_schema.load_validator(str(ROOT / "docs/files.schema.json"))
        capture = LAB / "files.pcapng"
        document = validate_schema.parse(run("files", "--format", "json", capture).text)
        rows = run("files", "--format", "ndjson", capture).records()
        self.assertEqual(list(validate_schema.problems(schema, document)), [])
        for row in rows:
            self.assertEqual(list(validate_schema.problems(schema, row)), [])
        self.assertEqual(document["transfers"] + document["listed"], rows)
        table = list(csv.DictReader(io.StringIO(run("files", "--format", "csv", capture).text)))
        self.assertEqual([line["name"] for line in table], [row.get("name", "") for row in rows])


HOSTILE = ["../../etc/passwd", "/etc/passwd", "..", ".", "", "C:\\\\windows\\\\x.dll", "a/../../b",
           "x\x00y", "\x1b[31mred\n", "-rf", ".bashrc", "n" * 400 + ".cfg", "con:aux|*?<>\"", "..partial",
           "\xaegpj.exe", "COMTRADE/A.dat", "COMTRADE_A.dat"]


class Crafted(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory)
        self.capture = self.directory / "capture.pcap"
        self.out = self.directory / "deep" / "out"
        self.out.parent.mkdir()

    def write(self, trace: Trace) -> None:
        self.capture.write_bytes(trace.pcap())

    def test_names_from_the_wire_stay_in_the_directory(self) -> None:
        t = Trace()
        a = associate(t)
        for number, name in enumerate(HOSTILE, 1):
            a.ask(mms.file_open_request(name), mms.file_open_response(number, 3))
            a.ask(mms.file_read_request(number), mms.file_read_response(b"abc", more=False))
            a.ask(mms.file_close_request(number), mms.file_close_response())
        a.release()
        self.write(t)
        told = transfers(self.capture, "--extract", str(self.out))
        self.assertEqual(len(told), len(HOSTILE))
        saved = sorted(t["saved_as"] for t in told)
        self.assertEqual(len(set(saved)), len(HOSTILE))
        self.assertEqual(sorted(p.name for p in self.out.iterdir()), saved)
        self.assertEqual(sorted(p.name for p in self.directory.rglob("*") if p.parent != self.out),
                         ["capture.pcap", "deep", "out"])
        for path in self.out.iterdir():
            self.assertTrue(stat.S_ISREG(path.lstat().st_mode))
            self.assertEqual(path.read_bytes(), b"abc")
            self.assertRegex(path.name, r"^[A-Za-z0-9_+@~#,=][A-Za-z0-9._+@~#,=-]{0,209}$")
        text = run("files", self.capture).out
        self.assertFalse([c for c in text.replace(b"\n", b"") if c < 0x20 or c == 0x7F])

    def test_a_block_that_the_capture_lost_is_told_and_the_file_partial(self) -> None:
        content = bytes(range(250)) * 4
        t = Trace()
        a = associate(t)
        a.ask(mms.file_open_request("A.dat"), mms.file_open_response(1, len(content)))
        a.ask(mms.file_read_request(1), mms.file_read_response(content[:400], more=True))
        a.request(mms.file_read_request(1))
        with t.lost():
            a.respond(mms.file_read_response(content[400:700], more=True))
        a.ask(mms.file_read_request(1), mms.file_read_response(content[700:], more=False))
        a.ask(mms.file_close_request(1), mms.file_close_response())
        a.release()
        self.write(t)
        (told,) = transfers(self.capture, "--extract", str(self.out))
        self.assertEqual(told["missing"], [{"at": 400, "octets": 300}])
        self.assertEqual((told["complete"], told["octets"]), (False, 700))
        self.assertEqual(told["saved_as"], "A.dat.partial")
        self.assertEqual((self.out / "A.dat.partial").read_bytes(), content[:400] + content[700:])
        self.assertIn("300 octets at 400 not captured", run("files", self.capture).text)

    def test_what_a_comtrade_configuration_says(self) -> None:
        configuration = (b"Substation 1,F1,2013\r\n3,2A,1D\r\n1,IA,,,A,1,0,0,-1,1,1,1,P\r\n"
                         b"2,IB,,,A,1,0,0,-1,1,1,1,P\r\n1,Trip,,,0\r\n50\r\n1\r\n1000,200\r\n"
                         b"22/11/2026,08:47:16.500000\r\n22/11/2026,08:47:16.600000\r\nBINARY\r\n1\r\n")
        t = Trace()
        a = associate(t)
        for number, (name, content) in enumerate((("R/1.CFG", configuration), ("R/1.DAT", b"x"),
                                                  ("2.cff", b"--- file type: CFG ---\r\n" + configuration),
                                                  ("3.cfg", b"nothing of that kind")), 1):
            a.ask(mms.file_open_request(name), mms.file_open_response(number, len(content)))
            a.ask(mms.file_read_request(number), mms.file_read_response(content[:30], more=True))
            a.ask(mms.file_read_request(number), mms.file_read_response(content[30:], more=False))
            a.ask(mms.file_close_request(number), mms.file_close_response())
        a.release()
        self.write(t)
        told = [t.get("comtrade") for t in transfers(self.capture)]
        expected = {"station": "Substation 1", "device": "F1", "revision": "2013", "channels": 3,
                    "analogue": 2, "digital": 1, "start": "22/11/2026,08:47:16.500000",
                    "trigger": "22/11/2026,08:47:16.600000"}
        self.assertEqual(told, [expected, expected, expected, None])
        self.assertRegex(run("files", self.capture).text,
                         r"R/1 +Substation 1 +F1 +2 \+ 1 +22/11/2026,08:47:16.500000")

    def test_two_files_that_are_read_at_a_time(self) -> None:
        t = Trace()
        a = associate(t)
        a.ask(mms.file_open_request("A.cfg"), mms.file_open_response(1, 4))
        a.ask(mms.file_open_request("B.cfg"), mms.file_open_response(2, 4))
        a.ask(mms.file_read_request(1), mms.file_read_response(b"a1", more=True))
        a.ask(mms.file_read_request(2), mms.file_read_response(b"b1", more=True))
        a.ask(mms.file_read_request(1), mms.file_read_response(b"a2", more=False))
        a.ask(mms.file_close_request(1), mms.file_close_response())
        a.ask(mms.file_read_request(2), mms.file_read_response(b"b2", more=False))
        a.release()
        self.write(t)
        told = transfers(self.capture, "--extract", str(self.out))
        self.assertEqual([(t["name"], t["complete"]) for t in told],
                         [("A.cfg", True), ("B.cfg", True)])
        self.assertEqual(told[1]["closed"], {"kind": "not-closed"})
        self.assertEqual((self.out / "A.cfg").read_bytes(), b"a1a2")
        self.assertEqual((self.out / "B.cfg").read_bytes(), b"b1b2")


class Errors(unittest.TestCase):
    def test_a_directory_that_can_not_be_made_is_an_error(self) -> None:
        result = run("files", "--extract", "/dev/null/x", CAPTURES / "control_failures.pcapng")
        self.assertEqual(result.status, 2)
        self.assertIn("--extract: /dev/null/x", result.err)

    def test_captures_without_files(self) -> None:
        result = run("files", CAPTURES / "control_failures.pcapng")
        self.assertEqual((result.status, result.text),
                         (0, "No file transfer and no listing of a directory.\n"))


if __name__ == "__main__":
    main()
