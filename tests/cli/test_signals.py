#!/usr/bin/env python3
"""`mmsanalyze signals`: what the clients of lab/ logged is what the capture shows, and the formats."""

from __future__ import annotations

import csv
import datetime
import io
import json
import math
import sys
import unittest
from pathlib import Path
from typing import Any, Iterator

sys.dont_write_bytecode = True
from support import CAPTURES, HEALTHY, LAB, ROOT, RULES, Record, main, run  # noqa: E402

sys.path.insert(0, str(ROOT / "tests/meta"))
import validate_schema  # noqa: E402

# As libiec61850 counts the reasons for inclusion; 32 is a report that does not tell.
REASONS = {1: "data-change", 2: "quality-change", 4: "data-update", 8: "integrity",
           16: "general-interrogation"}
QUALITY_BITS = 13


def is_quality(value: Record) -> bool:
    return len(value.get("bits", "")) == QUALITY_BITS


def leaves(value: Record, quality: str = "", stamp: int = 0) -> Iterator[tuple[Any, str, int]]:
    """The values in one member of a data set, with their quality and their time in ms (0: none)."""
    if "struct" not in value:
        yield next(iter(value.values())), quality, stamp
        return
    members = value["struct"]
    columns = [next((m for m in members if is_quality(m)), None),
               next((m for m in members if "utc_ms" in m), None)]
    if len(members) > sum(c is not None for c in columns):
        quality = columns[0]["bits"] if columns[0] else quality
        stamp = columns[1]["utc_ms"] if columns[1] else stamp
        members = [m for m in members if not any(m is c for c in columns)]
    for member in members:
        yield from leaves(member, quality, stamp)


def quality_words(bits: str) -> str:
    validity = {"00": "good", "01": "invalid", "10": "reserved", "11": "questionable"}[bits[:2]]
    names = ["overflow", "outOfRange", "badReference", "oscillatory", "failure", "oldData",
             "inconsistent", "inaccurate", "substituted", "test", "operatorBlocked"]
    return " ".join([validity, *(n for n, bit in zip(names, bits[2:]) if bit == "1")])


def milliseconds(time: str) -> int:
    """Of an RFC 3339 time in UTC, rounded down as libiec61850 does."""
    whole, fraction = time.rstrip("Z").split(".")
    seconds = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
    return int(seconds) * 1000 + int(fraction[:3].ljust(3, "0"))


class AgainstTheClientsLog(unittest.TestCase):
    """The client's own log of the reports it received, in the truth of each lab capture."""

    def same_value(self, logged: Any, row: Record) -> bool:
        value = row["value"]
        if isinstance(logged, float) or isinstance(value, float):
            return math.isclose(float(logged), float(value), rel_tol=1e-5, abs_tol=1e-6)
        if row["type"] in ("utc-time", "binary-time"):
            return abs(milliseconds(value) - logged) <= 1
        if isinstance(logged, str):
            return str(value).lower() == logged.lower()
        return bool(value == logged)

    def check_row(self, where: str, entry: Record, leaf: tuple[Any, str, int], row: Record) -> None:
        logged, quality, stamp = leaf
        self.assertTrue(self.same_value(logged, row), f"{where}: {entry} is {row}")
        if "ref" in entry:
            self.assertTrue(row["ref"].startswith(entry["ref"]), f"{where}: {entry} is {row}")
        if quality:
            self.assertEqual(row["quality"], quality_words(quality), f"{where}: {row}")
        if stamp:
            self.assertLessEqual(abs(milliseconds(row["t"]) - stamp), 1, f"{where}: {row}")
        else:
            self.assertNotIn("t", row, where)
        if entry["reason"] in REASONS:
            self.assertEqual(row["reason"], [REASONS[entry["reason"]]], where)

    def check_capture(self, capture: Path, reports: list[Record], whole: bool) -> None:
        rows: dict[str, list[Record]] = {}
        for row in run("signals", "--format", "ndjson", capture).records():
            if row["source"] == "report" and "rpt_id" in row:
                rows.setdefault(row["rpt_id"], []).append(row)
        logged: dict[str, list[tuple[Record, tuple[Any, str, int]]]] = {}
        for report in reports:
            for entry in report["entries"]:
                for leaf in leaves(entry["value"]):
                    logged.setdefault(report["rptId"], []).append((entry, leaf))
        for rpt_id, told in rows.items():
            # Of a client that logged the first of its reports only.
            if whole:
                self.assertEqual(len(told), len(logged[rpt_id]), capture.name)
            self.assertGreaterEqual(len(told), len(logged[rpt_id]), capture.name)
        for rpt_id, expected in logged.items():
            for i, (entry, leaf) in enumerate(expected):
                self.check_row(f"{capture.name} {rpt_id} {i}", entry, leaf, rows[rpt_id][i])

    def test_values_order_quality_and_time(self) -> None:
        if not LAB.is_dir():
            self.skipTest("no lab captures")
        checked = 0
        for truth in sorted(LAB.glob("*.truth.json")):
            told = json.loads(truth.read_text(encoding="utf-8"))
            reports = [e for e in told.get("client_events", []) if e.get("ev") == "report"]
            if not reports:
                continue
            with self.subTest(truth.name):
                received = sum(s["n"] for s in told["reports_received_summary"])
                self.check_capture(LAB / told["capture"], reports, received == len(reports))
                checked += 1
        self.assertGreater(checked, 15)


class Formats(unittest.TestCase):
    def test_csv_and_json_have_the_rows_of_ndjson(self) -> None:
        rows = run("signals", "--format", "ndjson", HEALTHY).records()
        table = list(csv.DictReader(io.StringIO(run("signals", "--format", "csv", HEALTHY).text)))
        document = run("signals", "--format", "json", HEALTHY).json()
        self.assertEqual(document["values"], rows)
        self.assertEqual(len(table), len(rows))
        for row, line in zip(rows, table):
            self.assertEqual(line["ref"], row["ref"])
            self.assertEqual(line["frame"], str(row["frame"]))
            self.assertEqual(line["quality"], row.get("quality", ""))
            self.assertEqual(line["t"], row.get("t", ""))
            self.assertEqual(line["reason"], " ".join(row.get("reason", [])))
            if "delay_ms" in row:
                self.assertEqual(float(line["delay_ms"]), row["delay_ms"])
        self.assertEqual([d["rpt_id"] for d in document["delays"]],
                         ["AA1E1Q01CTRL/LLN0$RP$urcbStat01"])
        self.assertEqual(document["delays"][0]["events"], sum("delay_ms" in r for r in rows))

    def test_rows_and_document_are_as_the_schema_says(self) -> None:
        schema = validate_schema.load_validator(str(ROOT / "docs/signals.schema.json"))
        captures = [*sorted(CAPTURES.glob("*.pcap*")), *sorted(RULES.glob("*/*.pcap*"))[::10]]
        for capture in captures:
            text = run("signals", "--format", "json", capture).text
            self.assertEqual(list(validate_schema.problems(schema, validate_schema.parse(text)))[:3],
                             [], capture.name)
            for line in run("signals", "--format", "ndjson", capture).text.splitlines()[:20]:
                self.assertEqual(list(validate_schema.problems(schema, validate_schema.parse(line))),
                                 [], capture.name)

    def test_text_has_a_line_for_each_signal_whole(self) -> None:
        rows = run("signals", "--format", "ndjson", HEALTHY).records()
        text = run("signals", HEALTHY).text
        for ref in {row["ref"] for row in rows}:
            lines = [line for line in text.splitlines() if f"  {ref} " in line]
            self.assertEqual(len(lines), 1, ref)
            self.assertIn(f" {sum(r['ref'] == ref for r in rows)} ", lines[0])
        self.assertIn("From event to client", text)
        self.assertTrue(text.isascii())  # curves are for terminals

    def test_positions_are_named(self) -> None:
        rows = run("signals", "--format", "ndjson", "--object", "*$Pos$stVal", HEALTHY).records()
        self.assertEqual([r["iec"] for r in rows][0], "intermediate-state")
        self.assertEqual(rows[0]["value"], "00")
        self.assertTrue(all(r["guessed"] for r in rows))


class Selection(unittest.TestCase):
    def test_object_takes_both_spellings(self) -> None:
        mms = run("signals", "--format", "csv", "--object", "*GGIO1$ST$Ind2*", HEALTHY).text
        acsi = run("signals", "--format", "csv", "--object", "*/GGIO1.Ind2.*", HEALTHY).text
        self.assertEqual(mms, acsi)
        self.assertGreater(mms.count("GGIO1$ST$Ind2$stVal"), 3)
        self.assertNotIn("Ind1", mms)

    def test_changes_only(self) -> None:
        every = run("signals", "--format", "ndjson", HEALTHY).records()
        changes = run("signals", "--format", "ndjson", "--changes-only", HEALTHY).records()
        last: dict[str, tuple[Any, Any]] = {}
        expected = []
        for row in every:
            now = (row["value"], row.get("quality", last.get(row["ref"], (0, None))[1]))
            if last.get(row["ref"]) != now:
                expected.append(row)
            last[row["ref"]] = now
        self.assertEqual(changes, expected)
        self.assertLess(len(changes), len(every))

    def test_filter_selects_messages(self) -> None:
        rows = run("signals", "--format", "ndjson", "-Y", "iec61850.acsi == \"Report\"",
                   HEALTHY).records()
        self.assertEqual({row["source"] for row in rows}, {"report"})

    def test_reads_of_unknown_names_are_counted(self) -> None:
        if not LAB.is_dir():
            self.skipTest("no lab captures")
        capture = LAB / "tm_oneway_server.pcapng"
        self.assertIn("left out: the request", run("signals", capture).text)
        self.assertGreater(run("signals", "--format", "json", capture).json()["unnamed"], 0)


class Clocks(unittest.TestCase):
    def test_delays_are_corrected_by_the_offset_of_the_servers_clock(self) -> None:
        for name in ("hit.pcap", "hit-ahead.pcap"):
            rows = run("signals", "--format", "ndjson", RULES / "clock-offset" / name).records()
            delays = [row["delay_ms"] for row in rows if "delay_ms" in row]
            self.assertTrue(delays, name)
            for delay in delays:
                self.assertTrue(0 <= delay < 1000, f"{name}: {delay}")

    def test_logged_values(self) -> None:
        if not LAB.is_dir():
            self.skipTest("no lab captures")
        rows = [r for r in run("signals", "--format", "ndjson", LAB / "logs.pcapng").records()
                if r["source"] == "log"]
        self.assertEqual(rows[0]["ref"], "AA1E1Q01CTRL/GGIO1$ST$Ind1$stVal")
        self.assertEqual(rows[0]["t"][:23], "2026-11-22T08:47:19.036")
        self.assertEqual(rows[0]["entry_time"], "2026-11-22T08:47:19.032Z")
        self.assertNotIn("delay_ms", rows[0])  # a log is old


if __name__ == "__main__":
    main()
