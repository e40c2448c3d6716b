#!/usr/bin/env python3
"""mmsanalyze diff: each planted difference is found, and found first; twins are alike."""

from __future__ import annotations

import re
import sys
import unittest
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pcap
from support import CAPTURES, RULES, ROOT, FolderCase, Record, assert_usage_error, in_parallel, main, run
from diff_story import LONG_NAMES, NAMES, Story
from test_resegmentation import Resegmenter

from craft import control, data, mms, reporting, stack  # found by diff_story

sys.path.insert(0, str(ROOT / "tests/meta"))


@dataclass
class Planted:
    """A change of the story, and what the first difference must say."""

    name: str
    kind: str
    change: dict[str, Any]
    subject: str
    a: str = ""
    b: str = ""
    base: dict[str, Any] = field(default_factory=dict)


MEMBERS = reporting.MEMBERS
PLANTED = [
    Planted("the connection is refused", "connection", {"refused": "rst"}, "TCP connection: handshake",
            "accepted", r"refused \(RST\)"),
    Planted("another TPDU size", "transport", {"tpdu_size": 0x0A}, "COTP connection: TPDU size", "8192", "1024"),
    Planted("another presentation context", "presentation",
            {"contexts": ((1, stack.ACSE_SYNTAX), (5, stack.MMS_SYNTAX), (3, stack.MMS_SYNTAX))},
            "presentation connection: proposed contexts", "3 1.0.9506.2.1", "5 1.0.9506.2.1"),
    Planted("ACSE refuses", "acse", {"refused": "acse"}, "ACSE associate: answer", "accepted", "rejected"),
    Planted("Initiate refused", "initiate", {"refused": "initiate"}, "MMS Initiate: answer", "accepted", "error"),
    Planted("the client proposes another PDU size", "initiate", {"proposed": mms.initiate_request(8192)},
            "MMS Initiate: PDU size", "65000", "8192"),
    Planted("fewer outstanding requests", "initiate", {"negotiated": mms.initiate_response(calling=1)},
            "MMS Initiate: outstanding requests", "5", "1"),
    Planted("another service is not supported", "initiate",
            {"negotiated": mms.initiate_response(services={0, 1, 2, 4, 5, 6, 12})},
            "MMS Initiate: services supported"),
    Planted("other firmware", "names", {"revision": "2.0"}, "identify, revision: identity", "1.0", "2.0"),
    Planted("a service is not used", "service", {"identify": False, "second": False}, "identify", "asked",
            "never used", {"second": False}),
    Planted("a name is missing", "names", {"names": NAMES[:-1]}, "getNameList namedVariable of IED1CTRL: names"),
    Planted("a type is described otherwise", "names",
            {"type": {"stVal": mms.TYPE_BOOLEAN, "t": mms.TYPE_UTC_TIME}},
            "GetDataDefinition IED1CTRL/XCBR1.ST.Pos: type", "bit-string", "boolean"),
    Planted("another control model", "value", {"ctl_model": control.DIRECT}, "CSWI1.CF.Pos.ctlModel: value",
            "sbo-with-enhanced-security", "direct-with-normal-security"),
    Planted("the device is in test mode", "value", {"beh": 3}, "LLN0.ST.Beh: value", "on", "test"),
    Planted("another object is read", "objects", {"position": "XCBR2$ST$Pos"}, "GetDataValues",
            "XCBR1.ST.Pos", "XCBR2.ST.Pos"),
    Planted("another type is answered", "type", {"position_type": data.boolean(True)}, "XCBR1.ST.Pos: type answered",
            "bit-string", "boolean"),
    Planted("a read of two fails in one", "answer", {"measured_error": data.OBJECT_NON_EXISTENT},
            "MMXU1.MX.TotW: answer", "ok", "object-non-existent"),
    Planted("the order of reads", "order", {"read_first": False}, "GetDataValues", "asked (first|after)",
            "asked (first|after)"),
    Planted("another member of the data set", "data-set",
            {"members": (*MEMBERS[:2], "IED1CTRL/GGIO1$ST$Ind9")}, "dsStat: members", "Ind3", "Ind9"),
    Planted("members in another order", "data-set", {"members": MEMBERS[::-1]}, "dsStat: members"),
    Planted("other triggers", "control-block", {"triggers": frozenset({reporting.DATA_CHANGE})},
            "urcb01, TrgOps: attribute", "integrity", "data-change"),
    Planted("other fields of reports", "control-block", {"fields": reporting.URCB_FIELDS - {reporting.REASON}},
            "urcb01, OptFlds: attribute", "reason"),
    Planted("another ConfRev", "control-block", {"conf_rev": 7}, "urcb01, ConfRev: attribute", "1", "7"),
    Planted("an integrity period", "control-block", {"integrity_ms": 1000}, "urcb01, IntgPd: attribute", "0", "1000"),
    Planted("the block is not enabled", "answer", {"enabled": data.TEMPORARILY_UNAVAILABLE},
            "SetURCBValues .*RptEna: answer", "ok", "temporarily-unavailable"),
    Planted("no general interrogation", "step", {"interrogates": False}, r"SetURCBValues .*GI", "asked",
            "not asked"),
    Planted("another type is reported", "type", {"reported": data.dbpos("on")}, "Report .*member 1.*: type reported",
            "boolean", "bit-string"),
    Planted("another setting is written", "value", {"setting": data.integer(500)}, "OpDlTmms.setVal: value", "400",
            "500"),
    Planted("another type is written", "type", {"setting": data.float32(400)}, "OpDlTmms.setVal: type sent",
            "integer", "floating-point"),
    Planted("a write is refused", "answer", {"setting_result": data.OBJECT_ACCESS_DENIED},
            "OpDlTmms.setVal: answer", "ok", "object-access-denied"),
    Planted("another originator category", "control", {"category": 3}, "SelectWithValue .*Pos: origin",
            "station-control", "remote-control"),
    Planted("another originator", "control", {"originator": b"GW"}, "SelectWithValue .*Pos: origin", "SCADA", "GW"),
    Planted("another value", "control", {"value": data.boolean(False)}, "SelectWithValue .*: ctlVal", "true",
            "false"),
    Planted("the test flag", "control", {"test": True}, "SelectWithValue .*: Test", "false", "true"),
    Planted("a parameter is left out", "type", {"check": False}, "Operate .*: type sent"),
    Planted("Operate does not fit its Select", "control", {"same_number": False}, "Operate .*: ctlNum",
            "as in the Select", "not that of the Select"),
    Planted("a command is refused", "answer", {"add_cause": 10}, "Operate .*: answer", "ok", "object-access-denied"),
    Planted("another AddCause", "add-cause", {"add_cause": 10}, "Operate .*: LastApplError",
            r"AddCause 8 \(blocked-by-mode\)", r"AddCause 10 \(blocked-by-interlocking\)", {"add_cause": 8}),
    Planted("a negative termination", "add-cause", {"terminated": 16}, "Operate .*: (CommandTermination|LastAppl)",
            "positive|none", "negative|AddCause 16"),
    Planted("no termination", "add-cause", {"terminated": None}, "Operate .*: CommandTermination", "positive", "none"),
    Planted("cancelled", "service", {"cancels": True}, "Operate .*Pos|Cancel .*Pos"),
    Planted("another file", "objects", {"file": "COMTRADE/OTHER.dat"}, "fileOpen", "FRA00042", "OTHER"),
    Planted("the file is not there", "answer", {"file_error": True}, "fileOpen .*: answer", "ok",
            "file-non-existent"),
    Planted("no answer", "answer", {"silent": True}, "GGIO1.ST.Ind9: answer", "ok", "none"),
    Planted("aborted by the server", "close", {"end": "abort"}, "end of the association: ended",
            "Conclude by the client", "ABRT by the server"),
    Planted("reset by the server", "close", {"end": "rst"}, "end of the association: ended",
            "Conclude by the client", "TCP RST by the server"),
    Planted("closed by the server", "close", {"end": "fin"}, "end of the association: ended",
            "Conclude by the client", "TCP FIN by the server"),
    Planted("disconnected", "close", {"end": "dr"}, "end of the association: ended", "Conclude by the client",
            "COTP disconnect by the server"),
    Planted("a malformed message", "malformed", {"malformed": True}, "malformed message of the server", "none came",
            "mms: "),
    Planted("one association less", "association", {"second": False}, "association of", "1 steps|steps",
            "no such association"),
    Planted("slow reads", "response-time", {"after": 0.5}, "GetDataValues of 10.0.0.2:102", "below 10 ms",
            "below 1 s"),
]

# The same story elsewhere, at another time, in other pieces.
TWINS: dict[str, dict[str, Any]] = {
    "re-addressed": {"client": "192.168.7.3", "server": "192.168.7.20", "port": 33000},
    "another port of the server": {"server_port": 10102},
    "another time": {"start_s": 86400 * 3.5},
    "other invoke ids": {"first_invoke": 5000},
    "other measurements": {"measured": -17.25},
    "polled for longer": {"polls": 9},
    "names in several answers": {"page": 2},
    "answered a little later": {"after": 0.008},
}


def diff(a: Path, b: Path, *options: str) -> Record:
    result = run("diff", a, b, "--format", "json", *options)
    if result.status not in (0, 1) or result.err:
        raise AssertionError(f"{a} {b}: exit status {result.status}: {result.err}")
    told = result.json()
    assert told["alike"] == (result.status == 0) == (told["differences_total"] == 0), told
    return told


class DiffCase(FolderCase):
    def story(self, name: str, **changes: Any) -> Path:
        return self.write(f"{name}.pcap", replace(Story(), **changes).capture())

    def assert_alike(self, a: Path, b: Path, *options: str) -> Record:
        told = diff(a, b, *options)
        self.assertEqual(told["differences"], [], f"{a.name} {b.name}")
        return told


class PlantedDifferences(DiffCase):
    def test_there_are_enough_of_all_kinds(self) -> None:
        self.assertGreaterEqual(len(PLANTED), 30)
        self.assertEqual(len({p.name for p in PLANTED}), len(PLANTED))

    def check(self, number: int, planted: Planted, swapped: bool) -> str:
        folder = self.folder
        a, b = (folder / f"{number}{side}{swapped}.pcap" for side in "ab")
        a.write_bytes(replace(Story(), **planted.base).capture())
        b.write_bytes(replace(Story(), **{**planted.base, **planted.change}).capture())
        first = diff(b, a)["first"] if swapped else diff(a, b)["first"]
        problems = []
        if first["kind"] != planted.kind and not (swapped and {first["kind"], planted.kind} == {"step", "service"}):
            problems.append(f"kind {first['kind']}, not {planted.kind}")
        if not re.search(planted.subject, first["subject"]):
            problems.append(f"subject {first['subject']!r}")
        says = (first["b"], first["a"]) if swapped else (first["a"], first["b"])
        for side, wanted, text in zip("ab", (planted.a, planted.b), says):
            if not re.search(wanted, text):
                problems.append(f"{side}: {text!r} is not {wanted!r}")
        if not first["a_frames"] + first["b_frames"] and planted.kind != "response-time":
            problems.append("no frames")
        return f"{planted.name}{' (swapped)' if swapped else ''}: {'; '.join(problems)}: {first}" if problems else ""

    def test_each_is_found_first(self) -> None:
        cases = [(n, planted, swapped) for n, planted in enumerate(PLANTED) for swapped in (False, True)]
        problems = [problem for problem in in_parallel(lambda case: self.check(*case), cases) if problem]
        self.assertEqual(problems, [], "\n".join(problems))

    def test_frames_of_both_are_those_of_the_step(self) -> None:
        first = diff(self.story("a"), self.story("b", originator=b"GW"))["first"]
        for name, frames in (("a", first["a_frames"]), ("b", first["b_frames"])):
            shown = run("messages", "--format", "ndjson", self.folder / f"{name}.pcap").records()
            record = next(r for r in shown if r["frame"] == frames[0])
            self.assertEqual(record["acsi"], "SelectWithValue")


class Twins(DiffCase):
    def test_the_same_capture(self) -> None:
        for capture in sorted(CAPTURES.glob("*.pcapng")):
            told = self.assert_alike(capture, capture)
            self.assertGreater(told["steps_alike"], 20)
            self.assertEqual(told["not_seen_total"], 0)

    def test_told_again(self) -> None:
        base = self.story("base")
        for name, change in TWINS.items():
            with self.subTest(name):
                told = self.assert_alike(base, self.story("twin", **change))
                self.assertEqual(told["not_seen_total"], 0)
                told = self.assert_alike(self.folder / "twin.pcap", base)

    def test_many_names(self) -> None:
        a = self.story("a", names=LONG_NAMES)
        self.assert_alike(a, self.story("b", names=LONG_NAMES, page=7))
        first = diff(a, self.story("c", names=LONG_NAMES[:-1]))["first"]
        self.assertEqual(first["b"], "39 elements")
        self.assertEqual(first["a"], f"40 elements; only here: {LONG_NAMES[-1]}")

    def test_resegmented(self) -> None:
        for capture in sorted(CAPTURES.glob("*.pcapng")):
            for seed in range(4):
                with self.subTest(capture=capture.name, seed=seed):
                    path = self.folder / "resegmented.pcap"
                    pcap.write(path, Resegmenter(seed, order=seed % 2 == 1).rewrite(pcap.read(capture)))
                    self.assert_alike(capture, path)

    def test_split_and_merged(self) -> None:
        whole = self.story("whole")
        frames = [(frame.time_ns, frame.data) for frame in pcap.read(whole)]
        parts = self.folder / "parts"
        parts.mkdir()
        half = len(frames) // 2
        pcap.write(parts / "ring_00002.pcap", frames[half:])
        pcap.write(parts / "ring_00001.pcap", frames[:half])
        told = self.assert_alike(whole, parts)
        self.assertEqual(told["not_seen_total"], 0)
        self.assertEqual(len(told["b"]["files"]), 2)
        self.assert_alike(parts, whole)

    def test_two_plants_in_one_capture(self) -> None:
        def both(name: str, **changes: Any) -> Path:
            frames = []
            for number, server in enumerate(("10.0.0.2", "10.0.0.9")):
                path = self.story(f"{name}{number}", server=server, start_s=number * 0.005, **changes)
                frames += [(frame.time_ns, frame.data) for frame in pcap.read(path)]
            path = self.folder / f"{name}.pcap"
            pcap.write(path, sorted(frames))
            return path

        self.assert_alike(both("a"), both("b", port=41000))
        first = diff(both("a"), both("c", originator=b"GW"))["first"]
        self.assertEqual((first["kind"], first["count"]), ("control", 2))

    def test_every_crafted_capture_is_its_own_twin(self) -> None:
        captures = sorted(RULES.glob("*/*.pcap"))

        def alike(capture: Path) -> str:
            result = run("diff", capture, capture)
            return "" if result.status == 0 or "nothing to compare" in result.err else f"{capture}: {result.text}"

        problems = [problem for problem in in_parallel(alike, captures) if problem]
        self.assertEqual(problems, [], "\n".join(problems))


class IncompleteCaptures(DiffCase):
    """What one capture could not show is not seen, not different; and said."""

    def frames(self) -> list[pcap.Frame]:
        return pcap.read(self.story("whole"))

    def part(self, name: str, frames: list[pcap.Frame]) -> Path:
        path = self.folder / name
        pcap.write(path, [(frame.time_ns, frame.data) for frame in frames])
        return path

    def test_begins_late(self) -> None:
        frames = self.frames()
        for first in (5, 9, 20, 50, 70):
            with self.subTest(first=first):
                late = self.part("late.pcap", frames[first:])
                told = self.assert_alike(self.folder / "whole.pcap", late)
                self.assertGreater(told["not_seen_total"], 0)
                self.assertIn("begins in the middle", str(told["not_seen"]))
                self.assert_alike(late, self.folder / "whole.pcap")

    def test_ends_early(self) -> None:
        frames = self.frames()
        for last in (12, 25, 40, 60):
            with self.subTest(last=last):
                early = self.part("early.pcap", frames[:last])
                told = self.assert_alike(self.folder / "whole.pcap", early)
                self.assertGreater(told["not_seen_total"], 0)
                self.assertIn("ends before", str(told["not_seen"]))
                self.assert_alike(early, self.folder / "whole.pcap")

    def test_lost_frames(self) -> None:
        frames = self.frames()
        for lost in range(len(frames)):
            with self.subTest(lost=lost + 1):
                holed = self.part("holed.pcap", frames[:lost] + frames[lost + 1:])
                told = self.assert_alike(self.folder / "whole.pcap", holed)
                self.assertGreater(told["not_seen_total"] + told["steps_alike"], 0)
                self.assert_alike(holed, self.folder / "whole.pcap")

    def test_a_hole_hides_no_difference_elsewhere(self) -> None:
        changed = pcap.read(self.story("changed", originator=b"GW"))
        n = next(n for n, f in enumerate(changed) if b"MMXU1" in f.data)
        holed = self.part("holed.pcap", changed[:n] + changed[n + 1:])
        self.assertEqual(diff(self.story("a"), holed)["first"]["kind"], "control")

    def test_the_text_says_so(self) -> None:
        whole = self.story("whole")
        early = self.part("early.pcap", pcap.read(whole)[:40])
        text = run("diff", whole, early).text
        self.assertRegex(text, r"\AAlike: [^.]*as far as both\s+captures\s+show\s+it\.")
        self.assertIn("NOT SEEN", text)


class Pairing(DiffCase):
    def test_by_logical_devices(self) -> None:
        told = self.assert_alike(self.story("a"), self.story("b", server="10.9.9.9"))
        self.assertEqual([s["paired_by"] for s in told["servers"]], ["logical-devices"])

    def test_two_servers_without_names_by_map(self) -> None:
        def refused(name: str, servers: tuple[str, str], how: tuple[str, str]) -> Path:
            frames = []
            for number, (server, refusal) in enumerate(zip(servers, how)):
                path = self.story(f"{name}{number}", server=server, refused=refusal, second=False,
                                  start_s=number)
                frames += [(frame.time_ns, frame.data) for frame in pcap.read(path)]
            path = self.folder / f"{name}.pcap"
            pcap.write(path, sorted(frames))
            return path

        a = refused("a", ("10.0.0.2", "10.0.0.3"), ("rst", "acse"))
        b = refused("b", ("10.0.1.3", "10.0.1.2"), ("acse", "rst"))
        self.assertFalse(diff(a, b)["alike"])
        told = self.assert_alike(a, b, "--map", "10.0.0.2=10.0.1.2", "--map", "10.0.0.3:102=10.0.1.3")
        self.assertEqual({s["paired_by"] for s in told["servers"]}, {"map"})

    def test_not_an_address(self) -> None:
        a = self.story("a")
        for wrong in ("10.0.0.2", "10.0.0.2=", "x=y", "10.0.0.2:x=10.0.0.3"):
            assert_usage_error(self, run("diff", a, a, "--map", wrong), "--map", wrong)


class Reports(DiffCase):
    """A report in JSON in place of a capture: compared by what reports say."""

    def report(self, name: str, **changes: Any) -> Path:
        capture = self.story(name, **changes)
        out = self.folder / f"{name}.json"
        run("--format", "json", "--fail-on", "never", "-o", out, capture)
        return out

    def test_twins(self) -> None:
        report = self.report("a")
        told = self.assert_alike(report, report)
        self.assertEqual((told["a"]["kind"], told["b"]["kind"]), ("report", "report"))
        self.assert_alike(report, self.folder / "a.pcap")
        self.assert_alike(self.folder / "a.pcap", report)
        self.assert_alike(report, self.report("twin", client="192.168.7.3", server="192.168.7.20", start_s=5000,
                                              first_invoke=900, measured=1.5, polls=9))
        for capture in sorted(CAPTURES.glob("*.pcapng")):
            out = self.folder / "other.json"
            run("--format", "json", "--fail-on", "never", "-o", out, capture)
            self.assert_alike(out, capture)

    def test_differences(self) -> None:
        changes: dict[str, tuple[str, dict[str, Any]]] = {
            "PDU size": ("initiate", {"negotiated": mms.initiate_response(8192)}),
            "originator": ("control", {"originator": b"GW"}),
            "outcome": ("answer", {"add_cause": 10}),
            "triggers": ("control-block", {"triggers": frozenset({reporting.DATA_CHANGE})}),
            "members": ("data-set", {"members": MEMBERS[::-1]}),
            "end": ("close", {"end": "abort"}),
            # The sentence about the opening says which layer it was.
            "refused": ("initiate", {"refused": "acse"}),
        }
        report = self.report("a")
        for name, (kind, change) in changes.items():
            with self.subTest(name):
                self.assertEqual(diff(report, self.report("b", **change))["first"]["kind"], kind)
                self.assertEqual(diff(report, self.folder / "b.pcap")["first"]["kind"], kind)

    def test_not_a_report(self) -> None:
        a = self.story("a")
        for content in (b"{", b"{}", b'{"schema": "other/1"}', b'{"schema": 1}'):
            other = self.write("other.json", content)
            assert_usage_error(self, run("diff", a, other), "other.json", "no report")


class CommandLine(DiffCase):
    def test_exit_status(self) -> None:
        a = self.story("a")
        self.assertEqual(run("diff", a, a).status, 0)
        self.assertEqual(run("diff", a, self.story("b", beh=3)).status, 1)

    def test_errors(self) -> None:
        a = self.story("a")
        assert_usage_error(self, run("diff", a, self.folder / "none.pcap"), "none.pcap")
        assert_usage_error(self, run("diff", a), "B")
        assert_usage_error(self, run("diff", a, a, "--format", "html"), "html", "text, json")
        assert_usage_error(self, run("diff", a, a, "-o", a), "overwritten")
        empty = self.folder / "empty"
        empty.mkdir()
        assert_usage_error(self, run("diff", a, empty), "no files")
        nothing = self.write("nothing.pcap", self.story("b").read_bytes()[:24])
        assert_usage_error(self, run("diff", nothing, nothing), "nothing to compare")
        self.assertEqual(run("diff", a, nothing).status, 1)

    def test_the_text_has_the_first_difference_on_top(self) -> None:
        text = run("diff", self.story("a"), self.story("b", add_cause=10, revision="2.0")).text
        self.assertRegex(text.splitlines()[0], r"\ADifferent: \d+ differences; the first: identify")
        self.assertRegex(text, r"(?s)FIRST DIFFERENCE\n  identify, revision: identity \[names\]\n"
                               r"    A  1.0 \(frames \d+, \d+\)\n    B  2.0 \(frames \d+, \d+\)\n")
        self.assertIn("AND THEN", text)
        self.assertNotIn("AND THEN", run("diff", "-q", self.folder / "a.pcap", self.folder / "b.pcap").text)

    def test_the_schema(self) -> None:
        try:
            import validate_schema
        except SystemExit:
            self.skipTest("python3-jsonschema is not installed")
        validator = validate_schema.load_validator(str(ROOT / "docs/diff.schema.json"))
        a = self.story("a")
        early = self.folder / "early.pcap"
        pcap.write(early, [(f.time_ns, f.data) for f in pcap.read(a)[:40]])
        others = [a, early, *(self.write(f"p{n}.pcap", replace(Story(), **p.change).capture())
                              for n, p in enumerate(PLANTED))]
        for other in others:
            for pair in ((a, other), (other, a)):
                with self.subTest(pair=pair):
                    self.assertEqual(list(validate_schema.problems(validator, diff(*pair))), [])

    def test_many_differences_are_capped_and_counted(self) -> None:
        a = self.story("a", names=tuple(f"A{n}" for n in range(3)))
        told = diff(a, self.story("b", position="XCBR7$ST$Pos", add_cause=8, category=3))
        self.assertEqual(told["first"], told["differences"][0])
        self.assertEqual(told["differences_total"], len(told["differences"]))


if __name__ == "__main__":
    main()
