#!/usr/bin/env python3
"""`messages -Y` and `fields`, as their users meet them. Which frames filters select is compared with
tshark in tests/differential/test_filters.py."""

from __future__ import annotations

import unittest

from support import FAULTY, HEALTHY, ROOT, Record, main, messages, run

FILTERS = ROOT / "tests/differential/filters.txt"


def guide_filters() -> list[str]:
    """Those that the guide prints: the first part of filters.txt."""
    part = FILTERS.read_text("utf-8").split("# ---")[1]
    return [line.partition(" => ")[0] for line in part.splitlines()[1:] if line]


class Filter(unittest.TestCase):
    def frames(self, text: str) -> list[int]:
        return [record["frame"] for record in messages(FAULTY, "-Y", text)]

    def those(self, wanted: object) -> list[int]:
        assert callable(wanted)
        return [record["frame"] for record in messages(FAULTY) if wanted(record)]

    def test_every_filter_that_the_guide_prints_works(self) -> None:
        filters = guide_filters()
        self.assertGreater(len(filters), 20)
        for text in filters:
            with self.subTest(text):
                self.assertEqual(run("messages", "-Y", text, FAULTY).status, 0)

    def test_the_records_are_those_that_are_printed_without_a_filter(self) -> None:
        def is_write(record: Record) -> bool:
            return record.get("service") == "write" and record["pdu"] == "confirmed-RequestPDU"
        selected = messages(FAULTY, "-Y", "mms.write_Request")
        self.assertEqual(selected, [record for record in messages(FAULTY) if is_write(record)])
        self.assertTrue(selected)

    def test_formats_without_a_record_are_whole(self) -> None:
        self.assertEqual(run("messages", "-Y", "ipv6", "--format", "json", FAULTY).json(), [])
        result = run("messages", "-Y", "ipv6", FAULTY)
        self.assertEqual((result.status, result.out, result.err), (0, b"", ""))

    def test_response_times_and_acsi_are_those_of_the_records(self) -> None:
        slow = self.those(lambda record: record.get("response_ms", 0) > 1)
        self.assertEqual(self.frames("mms.response_time > 0.001"), slow)
        operates = self.those(lambda record: record.get("acsi") == "Operate")
        self.assertEqual(self.frames('iec61850.acsi == "Operate"'), operates)
        self.assertTrue(operates)
        refused = self.frames("control && ok == false")
        self.assertEqual(refused, self.frames("control.ok == false && ok == false"))
        self.assertTrue(refused)

    def test_reports_by_their_header(self) -> None:
        reports = [record for record in messages(HEALTHY) if "report" in record]
        wanted = reports[0]["report"]["rpt_id"]
        found = messages(HEALTHY, "-Y", f'report.rpt_id == "{wanted}"')
        self.assertEqual(
            found, [record for record in reports if record["report"]["rpt_id"] == wanted])

    def test_a_fault_is_marked(self) -> None:
        result = run("messages", "-Y", "mms && tcp.prot == 102", FAULTY)
        self.assertEqual((result.status, result.out), (2, b""))
        self.assertEqual(result.err.splitlines(), [
            "mmsanalyze: --filter, column 8: no field 'tcp.prot'; near it: tcp.port",
            "mms && tcp.prot == 102",
            "       ^~~~~~~~"])

    def test_an_empty_filter_is_a_fault(self) -> None:
        self.assertEqual(run("messages", "-Y", "", FAULTY).status, 2)

    def test_what_steers_a_terminal_is_not_repeated(self) -> None:
        self.assertNotIn("\x1b", run("messages", "-Y", "\x1b[31m", FAULTY).err)

    def test_a_regular_expression_that_is_too_much_work_is_told(self) -> None:
        result = run("messages", "-Y", r'mms matches "(.*.*.*.*.*)*\\d{9}x"', FAULTY)
        self.assertEqual(result.status, 0)
        self.assertIn("given up", result.err)


class Fields(unittest.TestCase):
    def test_listed_by_a_part_of_the_name(self) -> None:
        lines = run("fields", "RPT").text.splitlines()
        self.assertIn("report.rpt_id", [line.split()[0] for line in lines])
        self.assertGreater(len(run("fields").text.splitlines()), 700)

    def test_nothing_found_is_told(self) -> None:
        result = run("fields", "xyzzy")
        self.assertEqual((result.status, result.out), (2, b""))
        self.assertIn("xyzzy", result.err)


if __name__ == "__main__":
    main()
