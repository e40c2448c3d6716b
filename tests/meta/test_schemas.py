#!/usr/bin/env python3
"""The schemas in docs/ accept what they should and refuse what they should."""

from __future__ import annotations

import copy
import sys
import unittest
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True
import validate_schema  # noqa: E402

DOCS = Path(__file__).resolve().parents[2] / "docs"

TIME: dict[str, Any] = {
    "type": "utc-time", "value": "1970-01-01T00:00:00.000000000Z",
    "quality": {"leap_seconds_known": True, "accuracy": 10}}
MEASURED: dict[str, Any] = {
    "ref": "IED1LD0/MMXU1$MX$TotW", "type": "structure", "value": [
        {"type": "structure", "value": [{"type": "floating-point", "value": 1.5}]},
        {"type": "bit-string", "value": "0000000000000"}, TIME],
    "iec": {"mag": {"f": 1.5}, "q": {"validity": "questionable", "detail": ["oldData"], "test": False},
            "t": "2024-02-21T20:46:31.867763Z"}}
READ: dict[str, Any] = {
    "frame": 25, "frames": [24, 25], "time": "2024-02-21T20:46:31.867763356Z",
    "ts": 1708548391.867763356, "stream": 0, "src": "10.0.0.1:102", "dst": "[fe80::1]:50000",
    "sender": "server", "client": "[fe80::1]:50000", "server": "10.0.0.1:102",
    "pdu": "confirmed-ResponsePDU", "invoke_id": 8, "service": "read", "acsi": "GetDataValues",
    "items": [
        MEASURED,
        {"type": "array", "value": []},
        {"ref": "vmd", "type": "boolean", "value": True},
        {"ref": "@aa", "type": "integer", "value": -9223372036854775808},
        {"type": "unsigned", "value": 18446744073709551615},
        {"type": "floating-point", "value": "NaN"},
        {"type": "octet-string", "value": "00ff"},
        {"type": "visible-string", "value": "\u202e"},
        {"type": "binary-time", "value": "12:34:56.789"},
        {"type": "binary-time", "value": "1984-01-01T00:00:00.000Z"},
        {"type": "object-id", "value": "1.0.9506.2.1"},
        {"type": "utc-time", "value": None},
        TIME,
        {},
        {"ref": "IED1LD0/MMXU1$MX$TotVAr", "error": "object-non-existent", "code": 10}],
    "detail": {"anything": {"nested": [1, None]}}, "request_frame": 23, "response_ms": 1.25, "ok": False}
REPORT: dict[str, Any] = {
    **{key: READ[key] for key in ("frame", "frames", "time", "ts", "stream", "src", "dst", "sender",
                                  "client", "server")},
    "pdu": "unconfirmed-PDU", "service": "informationReport", "acsi": "Report",
    "items": [{**MEASURED, "reason": ["data-change"]},
              {"member": 3, "type": "boolean", "value": True, "reason": []}],
    "report": {"rpt_id": "r", "opt_flds": ["sequence-number"], "sq_num": 1, "members": 9,
               "time_of_entry": "12:34:56.789"}}
CONTROL: dict[str, Any] = {
    "service": "CommandTermination", "object": "LD/CSWI1$CO$Pos",
    "origin": {"or_cat": {"code": 2, "name": "station-control"}, "or_ident": "x"},
    "appl_error": {"code": 0, "name": "no-error"}, "add_cause": {"code": -3}}


class MessagesSchema(unittest.TestCase):
    validator = validate_schema.load_validator(str(DOCS / "messages.schema.json"))

    def problems(self, record: Any) -> list[str]:
        return list(validate_schema.problems(self.validator, record))

    def test_accepts_records(self) -> None:
        for record in (READ, REPORT, {**READ, "cut": True}, {**REPORT, "control": CONTROL},
                       {**READ, "rcb": {"ref": "LD/LLN0$BR$b", "buffered": True, "rpt_ena": False}},
                       {**READ, "error": "unknown", "error_class": "access"},
                       {**READ, "malformed": {"layer": "mms", "field": "x", "offset": 4,
                                              "problem": "y", "hex": "ff"}}):
            self.assertEqual(self.problems(record), [])

    def test_refuses_records(self) -> None:
        def items(*changed: Any) -> dict[str, Any]:
            return {"items": list(changed)}
        malformed = {"layer": "mms", "field": "x", "offset": 4, "problem": "y", "hex": "ff"}
        changes: dict[str, dict[str, Any]] = {
            "unknown key": {"extra": 1},
            "key of version 1": {"objects": []},
            "frame zero": {"frame": 0},
            "no frames": {"frames": []},
            "time without nanoseconds": {"time": "2024-02-21T20:46:31Z"},
            "local time": {"time": "2024-02-21T20:46:31.867763356+01:00"},
            "time as text": {"ts": "1708548391"},
            "address without port": {"src": "10.0.0.1"},
            "sender": {"sender": "a"},
            "pdu": {"pdu": "confirmed-Request"},
            "invoke id": {"invoke_id": -1},
            "object": items({"ref": {"domain": "x"}}),
            "type and value": items({"type": "boolean", "value": 1}),
            "type unknown": items({"type": "int", "value": 1}),
            "value missing": items({"type": "integer"}),
            "type missing": items({"value": 1}),
            "value superfluous": items({"type": "integer", "value": 1, "x": 1}),
            "value and error": items({"type": "integer", "value": 1, "error": "x", "code": 1}),
            "wrong inside a structure":
                items({"type": "structure", "value": [{"type": "integer", "value": "1"}]}),
            "hex": items({"type": "octet-string", "value": "0"}),
            "time quality": items({**TIME, "quality": {"clock_failure": True}}),
            "flag that is not set": items({**TIME, "quality": {"clock_failure": False, "accuracy": 1}}),
            "failure without code": items({"error": "object-non-existent"}),
            "iec without a name": items({"type": "integer", "value": 1, "iec": {"ctlModel": "x"}}),
            "iec of nothing": items({**MEASURED, "iec": {}}),
            "validity": items({**MEASURED, "iec": {"q": {"validity": "bad", "test": False}}}),
            "add_cause": {"control": {**CONTROL, "add_cause": "none"}},
            "or_cat": {"control": {**CONTROL, "origin": {"or_cat": "process"}}},
            "cut false": {"cut": False},
            "negative response time": {"response_ms": -1},
            "error without class": {"error": "x"},
            "malformed layer": {"malformed": {**malformed, "layer": "tcp"}},
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertNotEqual(self.problems({**READ, **change}), [])

    def test_refuses_missing_keys(self) -> None:
        for key in ("frame", "frames", "time", "ts", "stream", "src", "dst", "sender", "client",
                    "server", "pdu", "items", "request_frame", "response_ms"):
            with self.subTest(key):
                record = copy.deepcopy(READ)
                del record[key]
                self.assertNotEqual(self.problems(record), [])


class ReportSchema(unittest.TestCase):
    """What the writer writes is checked by the test report_schema; here, what must be refused."""

    validator = validate_schema.load_validator(str(DOCS / "report.schema.json"))
    undecoded = list(validator.schema["$defs"]["undecoded"]["properties"])
    report: dict[str, Any] = {
        "schema": "mmsanalyze-report/2", "tool": {"name": "mmsanalyze", "version": "1.0.0"},
        "capture": {"files": [], "packets": 0, "bytes": 0},
        "summary": {"associations": 0, "connections": 0, "messages": 0, "errors": 1, "warnings": 0,
                    "notes": 0},
        "verdict": {"kind": "errors", "sentence": "1 cause of errors; first: No answer.", "unproven_by": []},
        "causes": [{"rule": "no-response", "title": "No answer", "severity": "error", "party": "server",
                    "evidence": {"service": "read"}, "findings": 1, "occurrences": 1, "example": 0,
                    "servers": [{"name": "10.0.0.2:102", "findings": 1}], "servers_total": 1,
                    "clients": [], "clients_total": 0, "objects": [], "objects_total": 0}],
        "servers": [{"server": "10.0.0.2:102", "associations": 1, "messages": 1, "errors": 1, "warnings": 0,
                     "notes": 0, "logical_devices": ["IED1LD0"], "main_cause": 0}],
        "associations": [], "incidents": [], "incidents_total": 0, "names": {},
        "findings": [{"rule": "no-response", "severity": "error", "party": "server",
                      "subject": {"kind": "association", "stream": 0},
                      "fingerprint": "1:0123456789abcdef", "frames": [1], "count": 1,
                      "occurrences": [{"frame": 1, "frames": [1],
                                       "time": "2026-01-02T03:04:05.000000000Z"}],
                      "message": "No answer.", "evidence": {"service": "read"}, "cause_index": 0}],
        "undecoded": {key: 0 for key in undecoded}}

    def problems(self, report: Any) -> list[str]:
        return list(validate_schema.problems(self.validator, report))

    def test_accepts_the_smallest(self) -> None:
        self.assertEqual(self.problems(self.report), [])

    def test_refuses(self) -> None:
        finding = self.report["findings"][0]
        changes: dict[str, dict[str, Any]] = {
            "another version": {"schema": "mmsanalyze-report/1"},
            "unknown key": {"extra": 1},
            "unknown counter": {"undecoded": {**self.report["undecoded"], "extra": 1}},
            "missing counter": {"undecoded": {}},
            "null": {"capture": {**self.report["capture"], "first": None}},
            "rule id": {"findings": [{**finding, "rule": "No response"}]},
            "severity": {"findings": [{**finding, "severity": "fatal"}]},
            "frame zero": {"findings": [{**finding, "frames": [0]}]},
            "count zero": {"findings": [{**finding, "count": 0}]},
            "evidence of evidence": {"findings": [{**finding, "evidence": {"a": {}}}]},
            "evidence key": {"findings": [{**finding, "evidence": {"Waited S": 1}}]},
            "evidence of another rule": {"findings": [{**finding, "evidence": {"octets": 1}}]},
            "evidence of another type": {"findings": [{**finding, "evidence": {"service": 1}}]},
            "key of version 1": {"findings": [{**finding, "client": "10.0.0.1:50000"}]},
            "AddCause by name only":
                {"findings": [{**finding, "rule": "control-rejected", "evidence": {"add_cause": "none"}}]},
            "party": {"findings": [{**finding, "party": "vendor"}]},
            "subject": {"findings": [{**finding, "subject": {"kind": "bay"}}]},
            "fingerprint": {"findings": [{**finding, "fingerprint": "0123456789abcdef"}]},
            "association": {"associations": [{"stream": 0}]},
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertNotEqual(self.problems({**self.report, **change}), [])

    def test_every_object_is_closed(self) -> None:
        """Keys are a contract: none may appear that the schema does not name."""
        for name, schema in self.validator.schema["$defs"].items():
            if schema.get("type") == "object":
                with self.subTest(name):
                    self.assertIs(schema.get("additionalProperties"), False)


class Parsing(unittest.TestCase):
    def test_refuses_what_is_not_json(self) -> None:
        for text in ('{"a": 1, "a": 2}', '[NaN]', '[Infinity]', '{', ''):
            with self.subTest(text), self.assertRaises(ValueError):
                validate_schema.parse(text)


if __name__ == "__main__":
    unittest.main()
