#!/usr/bin/env python3
"""What the options do."""

from __future__ import annotations

import re
import unittest

import pcap
import wrap
from support import (CLEAN, FAULTY, HEALTHY, ROOT, RULES, FolderCase, assert_usage_error, main,
                     messages, report, rule_ids, run)

# Its only findings are of one severity.
WARNING = RULES / "slow-response/hit.pcap"
NOTE = RULES / "initiate-missing/hit.pcap"


def severities(capture: object) -> set[str]:
    return {f["severity"] for f in report(str(capture))["findings"]}


class ExitStatus(unittest.TestCase):
    def test_captures_are_what_the_table_below_needs(self) -> None:
        self.assertIn("error", severities(FAULTY))
        self.assertEqual(severities(WARNING) - {"note"}, {"warning"})
        self.assertEqual(severities(NOTE), {"note"})
        self.assertEqual(severities(CLEAN), set())

    def test_fail_on(self) -> None:
        table = [
            # level, error, warning, note, none
            ("error", 1, 0, 0, 0),
            ("warning", 1, 1, 0, 0),
            ("note", 1, 1, 1, 0),
            ("never", 0, 0, 0, 0),
        ]
        for level, *statuses in table:
            for capture, status in zip((FAULTY, WARNING, NOTE, CLEAN), statuses):
                with self.subTest(level=level, capture=capture.parent.name):
                    result = run("--fail-on", level, capture)
                    self.assertEqual(result.status, status)
                    self.assertEqual(result.err, "")

    def test_error_by_default(self) -> None:
        for capture, status in ((FAULTY, 1), (WARNING, 0), (NOTE, 0), (CLEAN, 0)):
            self.assertEqual(run(capture).status, status)

    def test_messages_do_not_judge(self) -> None:
        self.assertEqual(run("messages", FAULTY).status, 0)


class Rules(FolderCase):
    def test_disable(self) -> None:
        rules = sorted({f["rule"] for f in report(FAULTY)["findings"]})
        options: list[str] = []
        for rule in rules:
            options += ["--disable", rule]
            with self.subTest(rule):
                left = {f["rule"] for f in report(FAULTY, "--disable", rule)["findings"]}
                self.assertEqual(left, set(rules) - {rule})
        self.assertEqual(report(FAULTY, *options)["findings"], [])
        self.assertEqual(run(*options, FAULTY).status, 0)

    def test_severity(self) -> None:
        for level in ("error", "warning", "note"):
            findings = report(WARNING, "--severity", f"slow-response={level}")["findings"]
            self.assertEqual({f["severity"] for f in findings if f["rule"] == "slow-response"},
                             {level})
        self.assertEqual(run("--severity", "slow-response=error", WARNING).status, 1)

    def test_severity_by_evidence(self) -> None:
        capture = ROOT / "testdata/captures/control_failures.pcapng"
        blocked = "blocked-by-interlocking"
        before = report(capture)["findings"]
        after = report(capture, "--severity", f"control-rejected[add_cause={blocked}]=note")["findings"]

        def levels(findings: list, is_it: bool) -> list[tuple[str, str]]:
            return sorted((f["fingerprint"], f["severity"]) for f in findings
                          if (f["rule"] == "control-rejected" and blocked in str(f["evidence"])) == is_it)

        self.assertEqual({level for _, level in levels(before, True)}, {"error"})
        self.assertEqual({level for _, level in levels(after, True)}, {"note"})
        self.assertEqual(levels(before, False), levels(after, False))

    def test_severity_by_evidence_in_a_config_file(self) -> None:
        config = self.write("rules.toml", b'severity=["slow-response[service=Read]=error"]\n')
        self.assertEqual(report(WARNING, "--config", config)["findings"],
                         report(WARNING, "--severity", "slow-response[service=Read]=error")["findings"])

    def test_severity_of_evidence_that_there_is_not(self) -> None:
        for text, says in (("control-rejected[cause=10]=note", "cause is no evidence of control-rejected"),
                           ("control-rejectd=note", "did you mean control-rejected?")):
            assert_usage_error(self, run("--severity", text, WARNING), says)

    def test_config_file(self) -> None:
        config = self.write("rules.toml", b'disable=["slow-response"]\nfail-on="warning"\n')
        self.assertEqual(report(WARNING, "--config", config)["findings"],
                         report(WARNING, "--disable", "slow-response")["findings"])
        self.assertEqual(run("--config", config, FAULTY).status, 1)
        self.assertEqual(run("--config", config, "--fail-on", "never", FAULTY).status, 0)

    def test_config_file_with_an_unknown_rule(self) -> None:
        config = self.write("rules.toml", b'disable=["no-such-rule"]\n')
        result = run("--config", config, WARNING)
        self.assertEqual(result.status, 2)
        self.assertIn("no-such-rule", result.err)

    def test_config_file_with_an_unknown_option(self) -> None:
        """A misspelt line must not be passed over: its writer relies on it."""
        config = self.write("rules.toml", b'fail-onn="never"\n')
        result = run("--config", config, WARNING)
        self.assertEqual(result.status, 2)
        self.assertIn("fail-onn", result.err)

    def test_thresholds(self) -> None:
        strict = report(HEALTHY, "--slow", "0.000001")["findings"]
        self.assertIn("slow-response", {f["rule"] for f in strict})
        lax = report(WARNING, "--slow", "1000")["findings"]
        self.assertNotIn("slow-response", {f["rule"] for f in lax})

    def test_explain_knows_every_rule(self) -> None:
        self.assertGreater(len(rule_ids()), 40)
        for rule in rule_ids():
            result = run("explain", rule)
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertTrue(result.text.startswith(rule))


class Reading(FolderCase):
    def test_capture_filter(self) -> None:
        streams = {m["stream"] for m in messages(FAULTY)}
        self.assertEqual(len(streams), 2)
        port = messages(FAULTY)[0]["src"].split(":")[1]
        self.assertEqual({m["src"].split(":")[1] for m in messages(FAULTY, "-f", f"tcp port {port}")
                          if m["sender"] == "client"}, {port})

    def test_frames_that_a_capture_filter_can_not_judge_are_told(self) -> None:
        """A bug was: frames of a link type without the filter's fields were left out in silence."""
        file = wrap.Pcapng().interface(1).interface(147)
        for frame in pcap.read(FAULTY):
            file.packet(frame)
        file.packet(pcap.Frame(0, frame.time_ns, 147, bytes(60)), 1)
        path = self.write("filtered.pcapng", file.out)
        self.assertNotIn("filter_error", report(path)["capture"]["files"][0])
        analysed = report(path, "-f", "tcp port 102")["capture"]["files"][0]
        self.assertRegex(analysed["filter_error"], r"^link type 147: .")
        self.assertIn("the filter can not judge: link type 147: ",
                      " ".join(run("-f", "tcp port 102", path).text.split()))
        result = run("messages", "-f", "tcp port 102", path)
        self.assertEqual(result.status, 0)
        self.assertRegex(result.err, r"\Ammsanalyze: [^\n]+filtered.pcapng: [^\n]+link type 147: .+\n\Z")

    def test_capture_filter_that_leaves_nothing(self) -> None:
        self.assertEqual(messages(FAULTY, "-f", "udp"), [])
        self.assertEqual(report(FAULTY, "-f", "udp")["associations"], [])


class Text(unittest.TestCase):
    def test_time(self) -> None:
        patterns = {"utc": r"\d\d:\d\d:\d\d\.\d{6}", "relative": r"\d+\.\d{6}",
                    "delta": r"\d+\.\d{6}", "local": r"\d\d:\d\d:\d\d\.\d{6}"}
        outputs = {}
        for mode, pattern in patterns.items():
            result = run("messages", "--time", mode, FAULTY, env={"TZ": "XYZ-5:30"})
            outputs[mode] = result.text
            for line in result.text.splitlines():
                self.assertRegex(line, pattern)
        self.assertEqual(len(set(outputs.values())), len(patterns))

    def test_machine_formats_are_always_utc(self) -> None:
        for arguments in (("--format", "json"), ("messages", "--format", "ndjson")):
            self.assertEqual(run(*arguments, "--time", "local", FAULTY, env={"TZ": "XYZ-5:30"}).out,
                             run(*arguments, FAULTY).out)

    def test_color(self) -> None:
        self.assertNotIn(b"\x1b", run(FAULTY).out)
        self.assertNotIn(b"\x1b", run("--color", "never", FAULTY).out)
        colored = run("--color", "always", FAULTY).text
        self.assertIn("\x1b[", colored)
        self.assertEqual(re.sub(r"\x1b\[[0-9;]*m", "", colored), run(FAULTY).text)
        self.assertNotIn(b"\x1b", run("--color", "always", "--format", "json", FAULTY).out)

    def test_quiet_is_a_part_and_verbose_is_more(self) -> None:
        sizes = [len(run(*option, FAULTY).out) for option in (("-q",), (), ("-v",))]
        self.assertLess(sizes[0], sizes[1])
        self.assertLess(sizes[1], sizes[2])

    def test_the_same_options_stand_behind_the_subcommand(self) -> None:
        self.assertEqual(run("messages", FAULTY, "--format", "json").json(), messages(FAULTY))


class Help(unittest.TestCase):
    def test_version(self) -> None:
        version = re.search(r"project\(mmsanalyze VERSION ([0-9.]+)",
                            (ROOT / "CMakeLists.txt").read_text())
        assert version is not None
        result = run("--version")
        self.assertEqual((result.status, result.text, result.err),
                         (0, f"mmsanalyze {version[1]}\n", ""))

    def test_lists_everything(self) -> None:
        result = run("--help")
        self.assertEqual((result.status, result.err), (0, ""))
        for word in ("CAPTURE", "messages", "rules", "explain", "--capture-filter", "--port",
                     "--pres-context", "--format", "--output", "--time", "--color", "--quiet",
                     "--verbose", "--slow", "--stale", "--idle", "--no-response",
                     "--command-timeout", "--disable", "--severity", "--fail-on", "--config",
                     "--version", "--help", "text, json", "Exit status"):
            self.assertIn(word, result.text)

    def test_of_subcommands(self) -> None:
        for command, words in (("messages", ("--format", "ndjson", "CAPTURE", "--port")),
                               ("rules", ()), ("explain", ("RULE",))):
            result = run(command, "--help")
            self.assertEqual((result.status, result.err), (0, ""), command)
            for word in words:
                self.assertIn(word, result.text)



if __name__ == "__main__":
    main()
