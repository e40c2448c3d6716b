#!/usr/bin/env python3
"""Captures as regression tests: baselines, formats for CI servers, evidence, annotated captures."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pcap
from support import (CAPTURES, FAULTY, HEALTHY, LAB, PROGRAM, ROOT, RULES, FolderCase, assert_usage_error, lab_captures,
                     in_parallel, main, needs_lab, report, rule_ids, run)

MAKE_CAPTURE = ROOT / "tools/make_capture"
GUIDE = ROOT / "docs/ci.md"
needs_tshark = unittest.skipUnless(shutil.which("tshark"), "no tshark")
# Operate on an object that was not selected: the finding that tests take out and put in.
PLANTED = "operate-without-select"


def tshark(capture: Path, *arguments: str) -> list[str]:
    done = subprocess.run(["tshark", "-r", str(capture), *arguments], capture_output=True, check=True)
    return done.stdout.decode("utf-8").splitlines()


def readdressed(capture: Path, to: Path) -> Path:
    """The same traffic between other hosts."""
    subprocess.run([str(MAKE_CAPTURE), str(to), "--copies", "1", str(capture)], check=True,
                   capture_output=True)
    return to


class Baseline(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.accepted = self.folder / "accepted.json"
        self.assertEqual(run("--write-baseline", self.accepted, FAULTY).status, 1)
        self.known = sum(entry["count"] for entry in self.entries())

    def entries(self) -> list[dict[str, Any]]:
        return json.loads(self.accepted.read_text())["accepted"]

    def rewrite(self, entries: list[dict[str, Any]]) -> None:
        self.accepted.write_text(json.dumps(
            {"schema": "mmsanalyze-baseline/1", "accepted": entries}))

    def without_planted(self) -> dict[str, Any]:
        """Takes one finding out of the baseline, and gives it."""
        entries = self.entries()
        gone = next(e for e in entries if e["rule"] == PLANTED)
        self.rewrite([e for e in entries if e is not gone])
        return gone

    def test_same_capture_is_green(self) -> None:
        done = run("--baseline", self.accepted, FAULTY)
        self.assertEqual(done.status, 0)
        self.assertIn(f"0 new, 0 fixed, {self.known} known", done.text)

    def test_a_report_is_a_baseline(self) -> None:
        whole = self.folder / "report.json"
        run("--format", "json", "-o", whole, FAULTY)
        self.assertEqual(run("--baseline", whole, FAULTY).status, 0)

    def test_recorded_again_is_green(self) -> None:
        again = readdressed(FAULTY, self.folder / "again.pcapng")
        done = run("--baseline", self.accepted, again)
        self.assertEqual(done.status, 0, done.text)
        self.assertIn(f"0 new, 0 fixed, {self.known} known", done.text)

    def test_one_more_fault_is_red_in_every_format(self) -> None:
        planted = self.without_planted()
        options = ("--baseline", self.accepted)
        done = run(*options, FAULTY)
        self.assertEqual(done.status, 1)
        self.assertIn(f"1 new, 0 fixed, {self.known - 1} known", done.text)
        self.assertRegex(done.text, rf"NEW +{PLANTED}  {re.escape(planted['object'])}")
        whole = run(*options, "--format", "json", FAULTY).json()
        new = [f for f in whole["findings"] if f["baseline"] == "new"]
        self.assertEqual([f["fingerprint"] for f in new], [planted["fingerprint"]])
        self.assertEqual((whole["baseline"]["new"], whole["baseline"]["known"]), (1, self.known - 1))
        suites = ElementTree.fromstring(run(*options, "--format", "junit", FAULTY).text)
        failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
        self.assertEqual(failed, [PLANTED])
        results = run(*options, "--format", "sarif", FAULTY).json()["runs"][0]["results"]
        self.assertEqual([r["partialFingerprints"]["mmsanalyze/v1"] for r in results
                          if r["baselineState"] == "new"], [planted["fingerprint"]])
        lines = run(*options, "--format", "github", FAULTY).text.splitlines()
        annotations = [line for line in lines if line.startswith("::")]
        self.assertEqual(len(annotations), 1)
        self.assertIn(f"title={PLANTED}::", annotations[0])
        quality = run(*options, "--format", "gitlab", FAULTY).json()
        self.assertIn(planted["fingerprint"], [entry["fingerprint"] for entry in quality])

    def test_one_fault_less_is_fixed(self) -> None:
        entries = self.entries()
        extra = {"fingerprint": "1:0123456789abcdef", "rule": "rcb-enable-failed", "object": "LD/LLN0$BR$b01",
                 "reason": "was promised for October"}
        self.rewrite(entries + [extra])
        done = run("--baseline", self.accepted, FAULTY)
        self.assertEqual(done.status, 0)
        self.assertIn(f"0 new, 1 fixed, {self.known} known", done.text)
        self.assertRegex(done.text, r"FIXED +rcb-enable-failed  LD/LLN0\$BR\$b01: was promised for October")
        self.assertEqual(run("--baseline", self.accepted, "--strict-baseline", FAULTY).status, 1)
        absent = [r for r in run("--baseline", self.accepted, "--format", "sarif", FAULTY).json()["runs"][0]["results"]
                  if r["baselineState"] == "absent"]
        self.assertEqual([r["partialFingerprints"]["mmsanalyze/v1"] for r in absent], [extra["fingerprint"]])

    def test_count_is_a_multiset(self) -> None:
        entries = self.entries()
        for entry in entries:
            entry["count"] += 1
        self.rewrite(entries)
        whole = run("--baseline", self.accepted, "--format", "json", FAULTY).json()
        self.assertEqual((whole["baseline"]["new"], whole["baseline"]["gone_total"]), (0, len(entries)))

    def test_incomplete_capture_fixes_nothing(self) -> None:
        cut = self.folder / "cut.pcapng"
        octets = FAULTY.read_bytes()
        cut.write_bytes(octets[:len(octets) // 2])
        done = run("--baseline", self.accepted, cut)
        self.assertIn("not seen", done.text)
        self.assertNotIn("FIXED", done.text)
        before = self.entries()
        done = run("--write-baseline", self.accepted, cut)
        self.assertIn("nothing was taken out", done.err)
        self.assertEqual(self.entries(), before)

    def test_incomplete_capture_is_not_green_where_asked(self) -> None:
        cut = self.folder / "cut.pcapng"
        octets = HEALTHY.read_bytes()
        cut.write_bytes(octets[:len(octets) // 2])
        run("--write-baseline", self.accepted, "--accept-new", "--fail-on", "never", cut)
        options = ("--baseline", self.accepted, "--fail-on", "warning")
        self.assertEqual(run(*options, cut).status, 0)
        done = run(*options, "--fail-on-incomplete", cut)
        self.assertEqual(done.status, 1)
        self.assertIn("capture-cut-short", done.err)

    @needs_lab
    def test_names_of_the_operator(self) -> None:
        """No logical device is named in refused associations: the address is, or its name."""
        refused = LAB / "assoc_refused_tcp_rst.pcapng"
        again = readdressed(refused, self.folder / "again.pcapng")
        accepted = self.folder / "refused.json"
        servers = [report(c)["findings"][0]["subject"]["server"] for c in (refused, again)]
        self.assertNotEqual(*servers)
        run("--write-baseline", accepted, "--name", servers[0] + "=Q01", refused)
        self.assertEqual(run("--baseline", accepted, again).status, 1)
        self.assertEqual(run("--baseline", accepted, "--name", servers[1] + "=Q01", again).status, 0)

    def test_written_again_only_takes_out(self) -> None:
        planted = self.without_planted()
        entries = self.entries()
        entries[0]["reason"] = "agreed with the customer"
        gone = {"fingerprint": "1:0123456789abcdef", "rule": "slow-response", "count": 2}
        self.rewrite(entries + [gone])
        done = run("--write-baseline", self.accepted, FAULTY)
        self.assertIn("1 new findings are not accepted", done.err)
        after = self.entries()
        self.assertEqual({e["fingerprint"] for e in after}, {e["fingerprint"] for e in entries})
        self.assertEqual([e["reason"] for e in after if "reason" in e], ["agreed with the customer"])
        run("--write-baseline", self.accepted, "--accept-new", FAULTY)
        self.assertIn(planted["fingerprint"], [e["fingerprint"] for e in self.entries()])

    def test_expired(self) -> None:
        entries = self.entries()
        entries[0]["expires"] = "2026-06-30"
        self.rewrite(entries)
        day = 24 * 3600
        june_30 = 20634 * day
        for moment, status in ((june_30, 0), (june_30 + day, 1)):
            done = run("--baseline", self.accepted, "--fail-on", "warning", FAULTY, env={"SOURCE_DATE_EPOCH": str(moment)})
            self.assertEqual(done.status, status, done.text)

    def test_bad_files(self) -> None:
        cases = {b"": "line 1", b"{\n \"a\": 1,\n}": "line 3", b"[]": "no schema",
                 b'{"schema": "mmsanalyze-report/0"}': "mmsanalyze-report/0",
                 b'{"schema": "mmsanalyze-baseline/2", "accepted": []}': "mmsanalyze-baseline/2",
                 b'{"schema": "mmsanalyze-baseline/1"}': "accepted[]",
                 b'{"schema": "mmsanalyze-baseline/1", "accepted": [{"rule": "x"}]}': "accepted[0]"}
        for key, value in (("expire", '"2026-01-01"'), ("expires", '"soon"'), ("count", "0"), ("reason", "1")):
            cases[b'{"schema": "mmsanalyze-baseline/1", "accepted": [{"fingerprint": "1:0123456789abcdef", "%s": %s}]}'
                  % (key.encode(), value.encode())] = "accepted[0]"
        for content, part in cases.items():
            with self.subTest(content):
                bad = self.write("bad.json", content)
                assert_usage_error(self, run("--baseline", bad, FAULTY), "bad.json", part)
        assert_usage_error(self, run("--baseline", self.folder / "none.json", FAULTY), "none.json")
        assert_usage_error(self, run("--accept-new", FAULTY), "--write-baseline")
        assert_usage_error(self, run("--strict-baseline", FAULTY), "--baseline")


class Twins(FolderCase):
    """What names a fault is the same in another recording."""

    @needs_lab
    def test_other_addresses(self) -> None:
        captures = [c for c in lab_captures() if c.stem.startswith(("control", "read_write", "rcb_", "setting"))]
        self.assertGreater(len(captures), 4)

        def differ(capture: Path) -> list[str]:
            again = readdressed(capture, self.folder / capture.name)
            prints = [sorted(f["fingerprint"] for f in report(c)["findings"]) for c in (capture, again)]
            return [] if prints[0] == prints[1] else [capture.name]

        self.assertEqual(sum(in_parallel(differ, captures), []), [])


    @needs_lab
    def test_files_and_other_traffic(self) -> None:
        """Split into two files, and merged with another plant's traffic."""
        for capture in (FAULTY, LAB / "read_write_errors.pcapng", LAB / "reports_brcb.pcapng"):
            with self.subTest(capture.name):
                prints = self.prints(capture)
                frames = pcap.read(capture)
                middle = len(frames) // 2
                halves = []
                for name, part in (("a.pcap", frames[:middle]), ("b.pcap", frames[middle:])):
                    halves.append(self.folder / name)
                    pcap.write(halves[-1], [(f.time_ns, f.data) for f in part])
                self.assertEqual(self.prints(*halves), prints)
                other = readdressed(CAPTURES / "read_write_ok.pcapng", self.folder / "other.pcapng")
                merged = self.prints(capture, other)
                self.assertEqual(merged, sorted(prints + self.prints(other)))

    @needs_lab
    def test_began_after_the_association(self) -> None:
        """What both captures show has the same fingerprint."""
        for capture in (FAULTY, LAB / "read_write_errors.pcapng"):
            with self.subTest(capture.name):
                frames = pcap.read(capture)
                late = self.folder / "late.pcap"
                pcap.write(late, [(f.time_ns, f.data) for f in frames[12:]])
                whole = {self.place(f, 0): f["fingerprint"] for f in report(capture)["findings"]}
                found = {self.place(f, 12): f["fingerprint"] for f in report(late)["findings"]}
                both = set(whole) & set(found)
                self.assertGreater(len(both), 10)
                self.assertEqual({p: found[p] for p in both}, {p: whole[p] for p in both})

    @staticmethod
    def prints(*captures: Path) -> list[str]:
        found = run("--format", "json", "--fail-on", "never", *captures).json()["findings"]
        return sorted(f["fingerprint"] for f in found)

    @staticmethod
    def place(finding: dict[str, Any], shift: int) -> tuple[Any, ...]:
        evidence = tuple(sorted((k, str(v)) for k, v in finding["evidence"].items()
                                if k in ("error", "add_cause", "service", "error_code")))
        return (finding["rule"], finding.get("object"), finding["frames"][0] + shift, evidence)


class Formats(FolderCase):
    def test_junit(self) -> None:
        suites = ElementTree.fromstring(run("--format", "junit", FAULTY).text)
        self.assertEqual(suites.tag, "testsuites")
        names = [(case.get("classname"), case.get("name")) for case in suites.iter("testcase")]
        self.assertEqual(len(names), len(set(names)))
        self.assertTrue({name for _, name in names} <= set(rule_ids()))
        for suite in suites:
            cases = suite.findall("testcase")
            for kind, tag in (("tests", None), ("failures", "failure"), ("skipped", "skipped")):
                count = len(cases) if tag is None else len(suite.findall(f"testcase/{tag}"))
                self.assertEqual(int(suite.get(kind, "")), count, kind)
            # Jenkins' schema: skipped or failure first, then system-out.
            for case in cases:
                self.assertIn([child.tag for child in case],
                              ([], ["failure"], ["failure", "system-out"], ["system-out"], ["skipped"]))
        failure = suites.find(f".//testcase[@name='{PLANTED}']/failure")
        assert failure is not None and failure.text is not None
        self.assertEqual(failure.get("type"), "error")
        for part in ("object: AA1E1Q01CTRL/GGIO1$CO$SPCSO2", "frames 30, 31, 32", "next: "):
            self.assertIn(part, failure.text)
        # There is no file transfer in it: nothing to be judged.
        files = suites.find(".//testcase[@name='file-failed']/skipped")
        assert files is not None
        self.assertIn("not observable", files.get("message", ""))

    def test_junit_follows_fail_on(self) -> None:
        suites = ElementTree.fromstring(run("--format", "junit", "--fail-on", "never", FAULTY).text)
        self.assertEqual(suites.findall(".//failure"), [])

    def test_sarif(self) -> None:
        log = run("--format", "sarif", FAULTY).json()
        self.assertEqual(log["version"], "2.1.0")
        (one,) = log["runs"]
        rules = one["tool"]["driver"]["rules"]
        self.assertEqual([r["id"] for r in rules], list(rule_ids()))
        for rule in rules:
            self.assertTrue(rule["help"]["text"] and rule["shortDescription"]["text"])
        (artifact,) = one["artifacts"]
        octets = FAULTY.read_bytes()
        self.assertEqual(artifact["hashes"]["sha-256"], hashlib.sha256(octets).hexdigest())
        self.assertEqual(artifact["length"], len(octets))
        findings = report(FAULTY)["findings"]
        self.assertEqual(len(one["results"]), len(findings))
        for result, finding in zip(one["results"], findings):
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertEqual(result["ruleId"], finding["rule"])
            self.assertEqual(result["level"], finding["severity"])
            self.assertTrue(result["message"]["text"].startswith(finding["message"]))
            steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
            self.assertEqual([s["location"]["message"]["text"] for s in steps],
                             [f"frame {n}" for n in finding["frames"]])
            self.assertEqual(result["locations"][0]["physicalLocation"]["artifactLocation"]["index"], 0)

    def test_sarif_path_is_relative_to_the_working_folder(self) -> None:
        log = run("--format", "sarif", FAULTY, cwd=ROOT).json()
        self.assertEqual(log["runs"][0]["artifacts"][0]["location"]["uri"],
                         "testdata/captures/control_failures.pcapng")
        odd = self.write("a b#%.pcapng", FAULTY.read_bytes())
        log = run("--format", "sarif", odd, cwd=self.folder).json()
        self.assertEqual(log["runs"][0]["artifacts"][0]["location"]["uri"], "a%20b%23%25.pcapng")

    def test_github(self) -> None:
        lines = run("--format", "github", FAULTY).text.splitlines()
        annotations = [line for line in lines if line.startswith("::")]
        self.assertEqual(len(annotations), 10)
        for line in annotations:
            self.assertRegex(line, r"\A::(error|warning) file=[^,:]+,title=[a-z-]+::.+\Z")
        more = sum(f["severity"] != "note" for f in report(FAULTY)["findings"]) - 10
        self.assertIn(f"{more} more findings stand in the summary.", lines)
        self.assertIn("| | rule | findings | servers | example |", lines)

    def test_github_summary_file(self) -> None:
        summary = self.write("summary.md", b"before\n")
        done = run("--format", "github", FAULTY, env={"GITHUB_STEP_SUMMARY": str(summary)})
        self.assertNotIn("| | rule", done.text)
        text = summary.read_text()
        self.assertTrue(text.startswith("before\n"))
        self.assertIn(f"| error | {PLANTED} | 2 | 1 |", text)

    def test_gitlab(self) -> None:
        quality = run("--format", "gitlab", FAULTY).json()
        prints = [entry["fingerprint"] for entry in quality]
        self.assertEqual(len(prints), len(set(prints)))
        for entry in quality:
            self.assertEqual(set(entry), {"description", "check_name", "fingerprint", "severity", "location"})
            self.assertIn(entry["severity"], ("info", "minor", "major", "critical", "blocker"))
            self.assertGreater(entry["location"]["lines"]["begin"], 0)

    def test_same_octets_everywhere(self) -> None:
        for name in ("junit", "sarif", "github", "gitlab"):
            outputs = {run("--format", name, FAULTY, env=env).out
                       for env in ({"TZ": "UTC", "LC_ALL": "C"}, {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"})}
            self.assertEqual(len(outputs), 1, name)

    def test_nothing_found(self) -> None:
        for name in ("junit", "sarif", "github", "gitlab"):
            self.assertEqual(run("--format", name, "--fail-on", "warning", HEALTHY).status, 0, name)


class Evidence(FolderCase):
    def test_each_finding_has_its_frames(self) -> None:
        folder = self.folder / "a" / "evidence"
        run("--evidence", folder, FAULTY)
        manifest = json.loads((folder / "manifest.json").read_text())
        findings = report(FAULTY)["findings"]
        self.assertEqual(len(manifest["findings"]), len(findings))
        self.assertEqual(manifest["captures"][0]["sha256"], hashlib.sha256(FAULTY.read_bytes()).hexdigest())
        for entry, finding in zip(manifest["findings"], findings):
            self.assertEqual(entry["fingerprint"], finding["fingerprint"])
            self.assertTrue(set(finding["frames"]) <= set(entry["original_frames"]))
            octets = (folder / entry["file"]).read_bytes()
            self.assertEqual(entry["sha256"], hashlib.sha256(octets).hexdigest())
            self.assertLess(len(octets), 50_000)
        listed = {entry["file"] for entry in manifest["findings"]} | {"manifest.json"}
        self.assertEqual({path.name for path in folder.iterdir()}, listed)

    @needs_tshark
    def test_other_decoders_understand_it(self) -> None:
        run("--evidence", self.folder, FAULTY)
        for entry in json.loads((self.folder / "manifest.json").read_text())["findings"]:
            comments = tshark(self.folder / entry["file"], "-Y", "frame.comment contains \"mmsanalyze\"",
                              "-T", "fields", "-e", "frame.comment")
            self.assertEqual(len(comments), len(entry["proof"]), entry["file"])
            self.assertTrue(all(entry["rule"] in comment for comment in comments))
            self.assertGreaterEqual(len(tshark(self.folder / entry["file"], "-Y", "mms.initiate_RequestPDU_element "
                                               "|| mms.initiate_ResponsePDU_element")), 2, entry["file"])

    @needs_tshark
    def test_annotated_capture(self) -> None:
        for capture in (FAULTY, CAPTURES / "read_write_ok.pcapng"):
            annotated = self.folder / "annotated.pcapng"
            run("--annotate", annotated, capture)
            findings = report(capture)["findings"]
            proofs = {frame for f in findings for frame in f["frames"]}
            marked = tshark(annotated, "-Y", "frame.comment contains \"mmsanalyze\"", "-T", "fields",
                            "-e", "frame.number")
            self.assertEqual({int(number) for number in marked}, proofs)
            fields = ("-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.protocols")
            self.assertEqual(tshark(annotated, *fields), tshark(capture, *fields))
            self.assertEqual(report(annotated)["findings"], findings)

    def test_standard_input_is_refused(self) -> None:
        assert_usage_error(self, run("--annotate", self.folder / "x.pcapng", "-", stdin=FAULTY.read_bytes()),
                           "standard input")

    def test_capture_is_not_overwritten(self) -> None:
        copy = self.write("copy.pcapng", FAULTY.read_bytes())
        for option in ("--annotate", "--write-baseline"):
            assert_usage_error(self, run(option, copy, copy), option, "overwritten")
        self.assertEqual(copy.read_bytes(), FAULTY.read_bytes())

    def test_folder_that_can_not_be_made(self) -> None:
        self.write("file", b"")
        assert_usage_error_after_work = run("--evidence", self.folder / "file" / "x", FAULTY)
        self.assertEqual(assert_usage_error_after_work.status, 2)
        self.assertIn("file", assert_usage_error_after_work.err)


class Guide(FolderCase):
    """Each command of docs/ci.md runs as it stands there."""

    def setUp(self) -> None:
        super().setUp()
        (self.folder / "captures").mkdir()
        shutil.copy(FAULTY, self.folder / "captures/bay1.pcapng")
        text = GUIDE.read_text()
        (toml,) = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
        (self.folder / "mmsanalyze.toml").write_text(toml)
        self.text = text

    def bash(self, command: str) -> subprocess.CompletedProcess[bytes]:
        command = re.sub(r"(?<![\w/.-])mmsanalyze(?=\s)", shlex.quote(PROGRAM), command)
        return subprocess.run(["bash", "-c", "set -o pipefail; " + command], cwd=self.folder,
                              capture_output=True, timeout=120, check=False)

    def commands(self) -> list[str]:
        shell = [line for block in re.findall(r"^```sh\n(.*?)^```", self.text, re.M | re.S)
                 for line in block.splitlines()]
        other = re.findall(r"(?:run: |    - |sh ')(mmsanalyze [^'\n]+)", self.text)
        return shell + other

    def test_commands(self) -> None:
        commands = self.commands()
        self.assertGreater(len(commands), 12)
        for command in commands:
            with self.subTest(command):
                if "parallel" in command and not shutil.which("parallel"):
                    continue
                if "reports/*.json" in command and not list(self.folder.glob("reports/*.json")):
                    continue
                done = self.bash(command)
                # Findings that no baseline accepts make it 1; anything else is broken.
                unaccepted = "--baseline" not in command and "--fail-on never" not in command
                self.assertIn(done.returncode, (0, 1) if unaccepted else (0,), done.stderr.decode())


if __name__ == "__main__":
    main()
