#!/usr/bin/env python3
"""check_expectations.py: each key of an expectation holds where it should and can fail. The program is
played by a script."""

from __future__ import annotations

import contextlib
import copy
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check_expectations  # noqa: E402

FINDING = {
    "rule": "late-answer",
    "severity": "warning",
    "party": "server",
    "object": "LD/LN$ST$Pos",
    "frames": [8, 13],
    "count": 2,
    "message": "The answer to frame 8 came late.",
    "evidence": {"delay_ms": 2500, "error": "too-late", "add_cause": {"code": 10}},
    "cause": "The server is busy.",
    "next_step": "Ask less often.",
}
REPORT = {"schema": "mmsanalyze-report/2", "summary": {"messages": 2}, "findings": [FINDING]}
MESSAGES = ['{"pdu": "confirmed-RequestPDU"}', '{"pdu": "confirmed-ResponsePDU"}']
# Of each key: what holds, and what does not.
DEMANDS: list[tuple[str, Any, Any]] = [
    ("must", {"late-answer": 1}, {"late-answer": 3}),
    ("must", {"late-answer|other": 2}, {"other": None}),
    ("must_not", ["other"], ["late-answer"]),
    ("clean", False, True),
    ("say", [["late-answer", "frame 8", "2500"]], [["late-answer", "frame 8", "2501"]]),
    ("say", [["*", "\"code\": 10"]], [["other", "frame 8"]]),
    ("never", ["the client"], ["The server"]),
    ("never", ["other: The server"], ["late-answer: The server"]),
    ("loudest", "warning", "note"),
    ("loudest", "error", "none"),
    ("exit", 1, 0),
    ("min_messages", 2, 3),
    ("never_in_messages", ["initiate"], ["ResponsePDU"]),
    ("report", ["\"messages\": 2\\b"], ["late-answer"]),
]
# Of each key of a structured demand.
FINDING_DEMANDS: list[tuple[str, Any, Any]] = [
    ("rule", "late-answer", "other"),
    ("severity", "warning", "error"),
    ("party", "server", "client"),
    ("object", "LD/LN$ST$Pos", "LD/LN$ST"),
    ("frames", [13], [13, 14]),
    ("evidence", {"delay_ms": 2500}, {"delay_ms": 2}),
    ("evidence", {"error": "late$"}, {"error": "^late"}),
    ("evidence", {"add_cause": {"code": 10}}, {"add_cause": {"code": 11}}),
    ("evidence", {"add_cause": "\"code\": 10"}, {"nothing": ".*"}),
    ("words", ["frame 8", "busy", "less"], ["frame 8", "2500"]),
    ("count", 2, 1),
]


class CheckExpectations(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "plant"
        self.root.mkdir()
        self.capture = self.root / "a.pcap"
        self.capture.touch()
        self.program = self.root / "program"
        self.pending = self.root / "PENDING.txt"
        self.play(REPORT)

    def play(self, report: dict[str, Any], status: int = 1) -> None:
        text, records = json.dumps(report), "\n".join(MESSAGES)
        self.program.write_text(
            f"#!{sys.executable}\nimport sys\n"
            f"messages = sys.argv[1] == 'messages'\n"
            f"print({records!r} if messages else {text!r})\n"
            f"sys.exit(0 if messages else {status})\n")
        self.program.chmod(0o755)

    def keys_of_problems(self, expected: dict[str, Any]) -> list[str]:
        analysis = check_expectations.Analysis(str(self.program), self.capture)
        return [key for key, _ in check_expectations.problems_of(analysis, expected)]

    def run_main(self, expected: dict[str, Any], pending: str = "") -> tuple[int, str]:
        self.pending.write_text(pending)
        expect = self.root / "a.expect.json"
        expect.write_text(json.dumps(expected))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            status = check_expectations.main(
                ["--pending", str(self.pending), str(self.program), str(expect)])
        return status, printed.getvalue()

    def test_every_key_holds_and_can_fail(self) -> None:
        for key, good, bad in DEMANDS:
            with self.subTest(key=key, bad=bad):
                self.assertEqual(self.keys_of_problems({key: good}), [])
                self.assertEqual(set(self.keys_of_problems({key: bad})), {key})
        self.assertEqual({key for key, _, _ in DEMANDS} | {"findings"}, set(check_expectations.CHECKS))

    def test_every_key_of_a_finding_holds_and_can_fail(self) -> None:
        for key, good, bad in FINDING_DEMANDS:
            with self.subTest(key=key, bad=bad):
                demand = {"rule": "late-answer"}
                self.assertEqual(self.keys_of_problems({"findings": [{**demand, key: good}]}), [])
                self.assertEqual(self.keys_of_problems({"findings": [{**demand, key: bad}]}), ["findings"])
        self.assertEqual({key for key, _, _ in FINDING_DEMANDS}, check_expectations.FINDING_KEYS)

    def test_one_finding_satisfies_all_of_a_demand(self) -> None:
        report = copy.deepcopy(REPORT)
        report["findings"].append({**FINDING, "object": "LD/LN$ST$Beh", "severity": "note"})
        self.play(report)
        mixed = {"rule": "late-answer", "object": "LD/LN$ST$Beh", "severity": "warning"}
        self.assertEqual(self.keys_of_problems({"findings": [mixed]}), ["findings"])

    def test_frames_and_count_of_occurrences(self) -> None:
        finding = {**FINDING, "occurrences": [{"frame": 21, "frames": [20, 21]}]}
        del finding["frames"]
        self.play({**REPORT, "findings": [finding]})
        self.assertEqual(self.keys_of_problems({"findings": [{"rule": "late-answer", "frames": [20, 21]}]}), [])

    def test_reports_of_version_1_have_no_party(self) -> None:
        self.play({**REPORT, "schema": check_expectations.WITHOUT_PARTY})
        self.assertEqual(self.keys_of_problems({"findings": [{"rule": "late-answer", "party": "client"}]}), [])

    def test_what_is_demanded_is_clean(self) -> None:
        for explains in ({"may": ["late-answer"]}, {"must": {"late-answer": None}},
                         {"findings": [{"rule": "late-answer"}]}, {"say": [["late-answer"]]}):
            with self.subTest(explains):
                self.assertEqual(self.keys_of_problems({"clean": True, **explains}), [])

    def test_say_of_any_rule_does_not_make_it_clean(self) -> None:
        self.assertEqual(self.keys_of_problems({"clean": True, "say": [["*", "late"]]}), ["clean"])

    def test_misspelt_keys(self) -> None:
        self.assertEqual(self.keys_of_problems({"mustnot": []}), ["keys"])
        self.assertEqual(self.keys_of_problems({"findings": [{"rule": "late-answer", "frame": 8}]}), ["findings"])

    def test_failing_case(self) -> None:
        status, text = self.run_main({"exit": 0})
        self.assertEqual(status, 1)
        self.assertIn("plant/a.pcap: exit: exit status 1, not 0", text)

    def test_program_that_fails(self) -> None:
        self.play(REPORT, status=2)
        self.assertEqual(self.run_main({"exit": 2})[0], 1)

    def test_pending_case_that_fails_passes(self) -> None:
        status, text = self.run_main({"exit": 0}, "# why\nplant/a.pcap: not yet\n")
        self.assertEqual(status, 0, text)
        self.assertIn("1 pending", text)

    def test_pending_case_that_holds_fails(self) -> None:
        status, text = self.run_main({"exit": 1}, "plant/a.pcap: not yet\n")
        self.assertEqual(status, 1)
        self.assertIn("remove it from PENDING", text)

    def test_pending_key_excuses_only_itself(self) -> None:
        pending = "plant/a.pcap#exit: not yet\n"
        self.assertEqual(self.run_main({"exit": 0}, pending)[0], 0)
        self.assertEqual(self.run_main({"exit": 0, "loudest": "none"}, pending)[0], 1)
        self.assertEqual(self.run_main({"exit": 1, "loudest": "none"}, pending)[0], 1)

    def test_pending_case_of_another_capture(self) -> None:
        self.assertEqual(self.run_main({"exit": 0}, "plant/b.pcap: not yet\n")[0], 1)

    def test_pending_line_without_a_reason(self) -> None:
        for text in ("plant/a.pcap\n", "plant/a.pcap: \n", "plant/a.pcap: x\nplant/a.pcap: y\n"):
            with self.subTest(text), self.assertRaises(ValueError):
                self.run_main({"exit": 0}, text)

    def test_several_files_about_one_capture(self) -> None:
        listed = self.root / "more.EXPECT.json"
        listed.write_text(json.dumps([{"capture": "a.pcap", "exit": 0}]))
        (self.root / "a.expect.json").write_text(json.dumps({"loudest": "none"}))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            check_expectations.main([str(self.program), str(self.root)])
        self.assertIn("exit:", printed.getvalue())
        self.assertIn("loudest:", printed.getvalue())
        self.assertIn("0 passed, 1 failed", printed.getvalue())

    def test_captures_that_are_absent_are_skipped(self) -> None:
        listed = self.root / "more.EXPECT.json"
        listed.write_text(json.dumps([{"capture": "a.pcap", "exit": 0}]))
        with contextlib.redirect_stdout(io.StringIO()):
            status = check_expectations.main(
                ["--captures", str(self.root / "none"), str(self.program), str(listed)])
        self.assertEqual(status, check_expectations.SKIPPED)


if __name__ == "__main__":
    unittest.main()
