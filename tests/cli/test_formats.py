#!/usr/bin/env python3
"""The machine formats are what their JSON Schemas in docs/ promise, for every capture there is."""

from __future__ import annotations

import json
import sys
import unittest
from pathlib import Path
from typing import Any

from support import (CAPTURES, FAULTY, ROOT, RULES, in_parallel, lab_captures, main, messages,
                     needs_lab, run)

sys.path.insert(0, str(ROOT / "tests/meta"))
import validate_schema  # noqa: E402

# Records checked of one capture. jsonschema takes about a millisecond for each.
MOST_RECORDS = 10

MESSAGES = validate_schema.load_validator(str(ROOT / "docs/messages.schema.json"))
REPORT = validate_schema.load_validator(str(ROOT / "docs/report.schema.json"))


def sample(lines: list[bytes]) -> list[bytes]:
    """The first of each shape (PDU, service and keys), then evenly spread ones."""
    shapes: dict[Any, bytes] = {}
    for line in lines:
        record = json.loads(line)
        shapes.setdefault((record.get("pdu"), record.get("service"), record.get("acsi"),
                           tuple(record)), line)
    step = max(1, len(lines) // MOST_RECORDS)
    return list(dict.fromkeys([*shapes.values(), *lines[::step]]))


def problems_of(capture: Path) -> list[str]:
    found = []
    result = run("messages", "--format", "ndjson", capture)
    lines = result.out.splitlines()
    if result.status != 0:
        found.append(f"exit status {result.status}: {result.err}")
    for line in sample(lines):
        try:
            record = validate_schema.parse(line.decode("utf-8"))
        except ValueError as error:
            found.append(f"messages: {error}: {line[:200]!r}")
            continue
        found += [f"messages: frame {record.get('frame')}: {problem}"
                  for problem in validate_schema.problems(MESSAGES, record)]
    analysed = run("--format", "json", "--fail-on", "never", capture)
    try:
        document = validate_schema.parse(analysed.out.decode("utf-8"))
    except ValueError as error:
        return [*found, f"report: {error}"]
    found += [f"report: {problem}" for problem in validate_schema.problems(REPORT, document)]
    if document["summary"]["messages"] != len(lines):
        found.append(f"report: {document['summary']['messages']} messages, {len(lines)} records")
    return [f"{capture.parent.name}/{capture.name}: {problem}" for problem in found[:5]]


class Schemas(unittest.TestCase):
    def check(self, captures: list[Path]) -> None:
        self.assertGreater(len(captures), 0)
        problems = [p for found in in_parallel(problems_of, captures) for p in found]
        self.assertEqual(problems, [])

    def test_shipped_captures(self) -> None:
        self.check(sorted(p for p in CAPTURES.iterdir() if ".pcap" in p.name))

    def test_captures_of_rules(self) -> None:
        self.check(sorted(RULES.glob("*/hit*.pcap*")))

    @needs_lab
    def test_lab_captures(self) -> None:
        self.check(lab_captures())


    def test_rules(self) -> None:
        table = validate_schema.parse(run("rules", "--format", "json").out.decode("utf-8"))
        validator = validate_schema.load_validator(str(ROOT / "docs/rules.schema.json"))
        self.assertEqual(list(validate_schema.problems(validator, table)), [])
        ids = [line.split()[0] for line in run("rules").text.splitlines() if not line.startswith(" ")]
        self.assertEqual([rule["id"] for rule in table["rules"]], ids)
        self.assertTrue(all((ROOT / rule["page"]).is_file() for rule in table["rules"]))


class Fields(unittest.TestCase):
    def test_only_these_keys_with_the_same_values(self) -> None:
        wanted = ("frame", "server", "items", "ok")
        for whole, part in zip(messages(FAULTY), messages(FAULTY, "--fields", "ok,frame,items,server")):
            self.assertEqual(part, {key: whole[key] for key in wanted if key in whole})
            self.assertEqual(list(part), [key for key in wanted if key in whole])

    def test_every_key(self) -> None:
        keys = json.loads((ROOT / "docs/messages.schema.json").read_text())["properties"]
        self.assertEqual(messages(FAULTY, "--fields", ",".join(keys)), messages(FAULTY))


class Size(unittest.TestCase):
    """Records are a few times the capture, those of reports with long lists too."""

    @needs_lab
    def test_long_lists(self) -> None:
        for name in ("client_stalled_zero_window", "reports_segmented", "cotp_fragments"):
            capture = next(p for p in lab_captures() if p.name.startswith(name + "."))
            octets = len(run("messages", "--format", "ndjson", capture).out)
            self.assertLess(octets, 5 * capture.stat().st_size, name)


class Json(unittest.TestCase):
    def test_json_holds_the_records_of_ndjson(self) -> None:
        self.assertEqual(run("messages", "--format", "json", FAULTY).json(), messages(FAULTY))

    def test_messages_come_in_the_order_of_completion(self) -> None:
        for capture in sorted(p for p in CAPTURES.iterdir() if ".pcap" in p.name):
            frames = [record["frame"] for record in messages(capture)]
            self.assertEqual(frames, sorted(frames))

    def test_answers_name_their_requests(self) -> None:
        records = {r["frame"]: r for r in messages(FAULTY)}
        answered = 0
        for record in records.values():
            if "request_frame" in record:
                request = records[record["request_frame"]]
                self.assertEqual(request["invoke_id"], record["invoke_id"])
                self.assertNotEqual(request["sender"], record["sender"])
                self.assertGreaterEqual(record["response_ms"], 0)
                answered += 1
        self.assertGreater(answered, 30)


if __name__ == "__main__":
    main()
