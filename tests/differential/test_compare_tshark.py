#!/usr/bin/env python3
"""The comparison itself, without tshark: fixture.pdml is tshark's view of seven PDUs of the lab
captures (read_write_errors, reports_urcb), fixture.ndjson what mmsanalyze should print for them."""

import copy
import importlib.machinery
import importlib.util
import json
import struct
import sys
import unittest
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent.parent / "tools"
sys.path.insert(0, str(TOOLS))
sys.dont_write_bytecode = True
import tshark_view  # noqa: E402


def load_tool() -> Any:
    loader = importlib.machinery.SourceFileLoader("compare_tshark", str(TOOLS / "compare_tshark"))
    spec = importlib.util.spec_from_loader("compare_tshark", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["compare_tshark"] = module
    loader.exec_module(module)
    return module


tool = load_tool()


def tshark_side() -> list[dict[str, Any]]:
    records = []
    for packet in ElementTree.parse(HERE / "fixture.pdml").getroot():
        frame = int(packet[0][0].get("show", "0"))
        records += [{"frame": frame, **record} for record in tshark_view.records_of(packet)]
    return records


def our_side() -> dict[int, dict[str, Any]]:
    lines = (HERE / "fixture.ndjson").read_text("utf-8").splitlines()
    return {record["frame"]: record for record in map(json.loads, lines)}


def fields(ours: list[dict[str, Any]], rules: list[Any] = []) -> list[str]:
    outcome = tool.Outcome("x.pcapng")
    ours = [tool.with_names(record) for record in ours]
    tool.judge(outcome, tool.pair_records(tshark_side(), ours), {}, rules)
    return [found.field for found in outcome.found]


class Compare(unittest.TestCase):
    def changed(self, frame: int, change: Any) -> list[str]:
        ours = our_side()
        change(ours[frame])
        return fields(list(ours.values()))

    def test_equal(self) -> None:
        self.assertEqual(fields(list(our_side().values())), [])

    def test_missing_and_extra_pdu(self) -> None:
        ours = our_side()
        del ours[53]
        self.assertEqual(fields(list(ours.values())), ["missing"])
        ours = our_side()
        ours[99] = {"frame": 99, "pdu": "conclude-RequestPDU"}
        self.assertEqual(fields(list(ours.values())), ["extra"])

    def test_pdu_in_another_frame(self) -> None:
        self.assertEqual(self.changed(53, lambda r: r.update(frame=54)), ["frame"])

    def test_header_fields(self) -> None:
        self.assertEqual(self.changed(50, lambda r: r.update(invoke_id=22)), ["invoke_id"])
        self.assertEqual(self.changed(50, lambda r: r.pop("service")), ["service"])

    def test_objects(self) -> None:
        def name(new: str) -> Any:
            return lambda record: record["items"][0].update(ref=new)
        real = "AA1E1Q01MEAS/GGIO9$SP$SetP$sf"
        self.assertEqual(self.changed(50, lambda r: r["items"][2].pop("ref")), ["objects.count"])
        self.assertEqual(self.changed(50, name("AA1E1Q01MEAS/GGIO9$SP$SetP")), ["objects.0"])
        self.assertEqual(self.changed(50, name(real + "x")), ["objects.0"])
        self.assertEqual(self.changed(50, name(real + "(3)$mag")), [])

    def test_values(self) -> None:
        def value(position: int, new: Any) -> Any:
            return lambda record: record["items"][position].update(value=new)
        self.assertEqual(self.changed(50, value(0, 1.25)), ["data.0.value"])
        self.assertEqual(self.changed(50, value(1, True)), ["data.1.value"])
        self.assertEqual(self.changed(50, value(2, 1)), ["data.2.value"])
        self.assertEqual(self.changed(50, lambda r: r["items"][1].update(type="unsigned")),
                         ["data.1.type"])

    def test_reports(self) -> None:
        def head(**new: Any) -> Any:
            return lambda record: record["report"].update(new)

        def item(**new: Any) -> Any:
            return lambda record: record["items"][0].update(new)
        self.assertEqual(self.changed(30, head(opt_flds=[])), ["report.opt_flds"])
        self.assertEqual(self.changed(30, head(time_of_entry="2026-11-22T08:44:12.905Z")),
                         ["report.time_of_entry"])
        self.assertEqual(self.changed(30, head(members=8)), ["report.members"])
        self.assertEqual(self.changed(30, lambda r: r["report"].pop("sq_num")), ["report.sq_num"])
        self.assertEqual(self.changed(30, item(reason=[])), ["items.0.reason"])
        self.assertEqual(self.changed(30, item(ref="x")), ["items.0.ref"])
        self.assertEqual(self.changed(30, lambda r: r["items"].pop()), ["data.count"])

    def test_a_report_of_another_layout(self) -> None:
        odd = {"objects": ["RPT"], "data": [{"type": "boolean", "value": True}], "detail": {}}
        ours = {"objects": ["RPT"], "items": [], "report": {}}
        self.assertEqual([name for name, _, _ in tool.compare_body(odd, ours, "")], ["report"])
        ours["report"] = {"problem": "too-few-values"}
        self.assertEqual(list(tool.compare_body(odd, ours, "")), [])

    def test_nested_values(self) -> None:
        def inner(record: Any) -> Any:
            return record["items"][0]["value"]
        self.assertEqual(self.changed(30, lambda r: inner(r).pop()), ["data.0.count"])
        whole_second = {"value": "2026-11-22T08:44:12Z"}
        self.assertEqual(self.changed(30, lambda r: inner(r)[2].update(whole_second)),
                         ["data.0.2.value"])
        self.assertEqual(self.changed(30, lambda r: inner(r)[2].pop("quality")),
                         ["data.0.2.quality.accuracy"])

    def test_errors(self) -> None:
        self.assertEqual(self.changed(25, lambda r: r["items"][1].update(code=3)), ["data.1.code"])
        self.assertEqual(self.changed(51, lambda r: r["items"].reverse()),
                         ["data.0.error", "data.0.code", "data.1.error", "data.1.code"])
        other = {"detail": {"errorClass": {"definition": "object-non-existent"}}}
        self.assertEqual(self.changed(53, lambda r: r.update(other)), ["detail.errorClass.0"])
        self.assertEqual(self.changed(81, lambda r: r.pop("detail")), ["detail.rejectReason.count"])

    def test_initiate(self) -> None:
        self.assertEqual(self.changed(9, lambda r: r["detail"].update(localDetailCalled=65001)),
                         ["detail.localDetailCalled.0"])
        self.assertEqual(
            self.changed(9, lambda r: r["detail"]["initResponseDetail"].update(
                negotiatedParameterCBB=["str1"])), ["detail.negotiatedParameterCBB.0"])

    def test_rules_explain_only_what_they_name(self) -> None:
        ours = our_side()
        ours[50]["invoke_id"] = 22
        ours[53]["invoke_id"] = 23
        rules = [tool.Rule("x*", "50", "invoke_*", "a reason")]
        outcome = tool.Outcome("x.pcapng")
        records = [tool.with_names(record) for record in ours.values()]
        tool.judge(outcome, tool.pair_records(tshark_side(), records), {}, rules)
        self.assertEqual((outcome.accepted, outcome.different), (1, 1))
        self.assertEqual([found.frame for found in outcome.found], [53])

    def test_rules_name_a_capture_with_or_without_its_folder(self) -> None:
        found = tool.Difference("a-rule/hit.pcap", 1, "data.0", "x", "y")
        for glob, expected in (("hit.pcap", True), ("a-rule/hit.pcap", True), ("a-*", True),
                               ("b-rule/hit.pcap", False), ("miss.pcap", False)):
            with self.subTest(glob):
                self.assertIs(tool.Rule(glob, "*", "*", "a reason").accepts(found), expected)

    def test_a_damaged_pdu_is_named_so(self) -> None:
        theirs = copy.deepcopy(tshark_side()[1])
        theirs["_damaged"] = True
        found = list(tool.compare_records(theirs, {**our_side()[25], "items": []}))
        self.assertEqual([name for name, _, _ in found], ["damaged.data.count"])


    def test_a_pdu_that_tshark_does_not_know(self) -> None:
        packet = ElementTree.fromstring(
            '<packet><proto name="mms"><field name="" show="Internal error, zero-byte MMS PDU">'
            '<field name="_ws.expert"><field name="mms.zero_pdu"/></field></field></proto>'
            '</packet>')
        records = list(tshark_view.records_of(packet))
        self.assertEqual([(item["pdu"], item["_damaged"]) for item in records],
                         [("unknown", True)])

    def test_of_two_runs_the_fuller_direction_counts(self) -> None:
        def run(*pdus: tuple[int, str]) -> list[dict[str, Any]]:
            return [{"frame": frame, "stream": 0, "src": source} for frame, source in pdus]
        merged = tshark_view.better_of(run((1, "a"), (2, "b"), (4, "b")),
                                       run((1, "a"), (2, "b"), (3, "a")))
        self.assertEqual([item["frame"] for item in merged], [1, 2, 3, 4])


class Octets(unittest.TestCase):
    def test_numbers(self) -> None:
        self.assertEqual(tshark_view.signed(b"\xff\x7f"), -129)
        self.assertEqual(tshark_view.unsigned(b"\x00\xff" * 4), 0x00FF00FF00FF00FF)
        self.assertEqual(tshark_view.floating_point(b"\x08" + struct.pack(">f", 0.1)),
                         struct.unpack(">f", struct.pack(">f", 0.1))[0])
        self.assertEqual(tshark_view.floating_point(b"\x08\x7f\xc0\x00\x00"), "NaN")
        self.assertTrue(tool.same_number(struct.unpack(">f", b"\x3d\xcc\xcc\xcd")[0], 0.1))
        self.assertFalse(tool.same_number(struct.unpack(">f", b"\x3d\xcc\xcc\xce")[0], 0.1))

    def test_bits_and_object_id(self) -> None:
        self.assertEqual(tshark_view.bits(b"\xa8", 3), "10101")
        self.assertEqual(tshark_view.bits(b"", 0), "")
        self.assertEqual(tshark_view.object_id(bytes.fromhex("28ca220201")), "1.0.9506.2.1")

    def test_times(self) -> None:
        utc = tshark_view.utc_time(bytes.fromhex("65d661335374bc60"))
        self.assertEqual(utc["value"], "2024-02-21T20:46:43.325999975Z")
        self.assertTrue(utc["quality"]["clock_failure"])
        self.assertTrue(utc["quality"]["clock_not_synchronized"])
        self.assertEqual(tshark_view.binary_time(bytes.fromhex("0474aed73945")),
                         "2024-02-21T20:45:55.799Z")
        self.assertEqual(tshark_view.binary_time(bytes.fromhex("0474aed7")), "20:45:55.799")
        self.assertTrue(tool.same_time(utc["value"], "2024-02-21T20:46:43.326Z"))
        self.assertFalse(tool.same_time(utc["value"], "2024-02-21T20:46:43.328Z"))
        self.assertFalse(tool.same_time(utc["value"], "2024-02-21T20:46:43Z"))


if __name__ == "__main__":
    unittest.main()
