#!/usr/bin/env python3
"""The report of many devices is one that a person reads: the first screen names every cause, the whole has
an end, and nothing is cut."""

from __future__ import annotations

import subprocess
import sys
import unittest
from pathlib import Path

from support import LAB, ROOT, RULES, CAPTURES, FolderCase, in_parallel, lab_captures, main, needs_lab, report, run

MAKE_CAPTURE = ROOT / "tools/make_capture"
SCREEN = 60
MOST_LINES = 300
WIDTHS = (60, 80, 100, 140)
# Rules whose captures stand for twenty different faults, each with one finding above note at least.
FAULTS = ("capture-loss", "clock-not-synchronized", "clock-offset", "control-mismatch", "control-rejected",
          "control-terminated", "control-unterminated", "file-failed", "invoke-id-reused", "malformed-message",
          "no-response", "orphan-response", "outstanding-exceeded", "rcb-enable-failed", "read-failed",
          "report-buffer-overflow", "report-gap", "report-inconsistent", "service-error", "slow-response",
          "write-failed", "connection-reset", "association-aborted")
COPIES = 250


def make(out: Path, *arguments: str | Path) -> Path:
    subprocess.run([sys.executable, "-B", MAKE_CAPTURE, out, *arguments], check=True, capture_output=True, timeout=300)
    return out


def lines_of(capture: Path, *options: str) -> list[str]:
    return run("--fail-on", "never", *options, capture).text.splitlines()


def check_limits(case: unittest.TestCase, capture: Path) -> None:
    lines = lines_of(capture)
    causes = report(capture)["causes"]
    serious = {c["rule"] for c in causes if c["severity"] != "note"}
    screen = "\n".join(lines[:SCREEN])
    case.assertEqual([rule for rule in serious if rule not in screen], [])
    case.assertLessEqual(len(lines), MOST_LINES)
    whole = "\n".join(lines)
    case.assertEqual([c["rule"] for c in causes if c["rule"] not in whole], [])


class Station(FolderCase):
    def test_the_first_screen_names_every_cause_of_150_servers(self) -> None:
        capture = make(self.folder / "station.pcap", "--station", "150")
        check_limits(self, capture)
        servers = report(capture)["servers"]
        self.assertEqual(len(servers), 150)
        text = "\n".join(lines_of(capture))
        # Its only fault of this kind is on one server, and that is named.
        self.assertRegex(text, r"connection-reset")
        self.assertIn("BAY077", text)
        # Each server is listed or counted.
        listed = {s["server"] for s in servers if s["server"] in text}
        self.assertGreater(len(listed), 10)
        self.assertRegex(text, r"more with problems: .*read-failed")

    def test_a_healthy_station_fits_one_screen(self) -> None:
        lines = lines_of(make(self.folder / "healthy.pcap", "--station", "150", "--healthy"))
        self.assertEqual(lines[0], "No problems found.")
        self.assertLessEqual(len(lines), SCREEN)

    def test_five_thousand_findings_of_twenty_rules(self) -> None:
        captures = [RULES / rule / "hit.pcap" for rule in FAULTS]
        capture = make(self.folder / "many.pcap", "--copies", str(COPIES), *(c for c in captures if c.is_file()))
        analysed = report(capture)
        self.assertGreaterEqual(len(analysed["findings"]), 5000)
        self.assertGreaterEqual(len({f["rule"] for f in analysed["findings"] if f["severity"] != "note"}), 20)
        check_limits(self, capture)

    @needs_lab
    def test_mixed_station(self) -> None:
        check_limits(self, LAB / "mixed_station.pcapng")


def names_of(analysed: dict[str, object]) -> set[str]:
    """What must stand whole in the text of everything: addresses, and objects of findings."""
    names = {a[end] for a in analysed["associations"] for end in ("client", "server")}
    names |= {s["server"] for s in analysed["servers"]}
    names |= {f["object"] for f in analysed["findings"] if f.get("object") and f["object"].isascii()}
    return {name for name in names if "\\" not in name and len(name) < 280}


class Widths(unittest.TestCase):
    def check(self, captures: list[Path]) -> None:
        def of_capture(capture: Path) -> list[str]:
            names = names_of(report(capture))
            found = []
            for width in WIDTHS:
                text = run("-v", "--fail-on", "never", "--width", str(width), capture).text
                whole = " ".join(text.split())
                found += [f"{capture.name}: {name} is cut at {width} columns" for name in names
                          if name not in (whole if " " in name else text)]
                found += [f"{capture.name}: {line!r} is longer than {width}" for line in text.splitlines()
                          if line.isascii() and len(line) > width and " " in line.strip()]
            return found

        self.assertEqual([f for found in in_parallel(of_capture, captures) for f in found], [])

    def test_no_name_is_cut_and_no_line_too_long(self) -> None:
        self.check(sorted(p for p in CAPTURES.iterdir() if ".pcap" in p.name) + sorted(RULES.glob("*/hit.pcap")))

    @needs_lab
    def test_nor_in_lab_captures(self) -> None:
        self.check([c for c in lab_captures() if c.name.startswith(("control_", "ied_", "mixed_", "reports_", "files"))])

    def test_columns_are_those_asked_for(self) -> None:
        capture = CAPTURES / "control_failures.pcapng"
        narrow = run("--fail-on", "never", "--width", "60", capture).text
        self.assertEqual(run("--fail-on", "never", capture, env={"COLUMNS": "60"}).text, narrow)
        self.assertEqual(run("--fail-on", "never", "--width", "60", capture, env={"COLUMNS": "90"}).text, narrow)
        self.assertNotEqual(run("--fail-on", "never", capture).text, narrow)
        self.assertEqual(run("--width", "12", capture).status, 2)
        self.assertEqual(run("--fail-on", "never", capture, env={"COLUMNS": "wide"}).text,
                         run("--fail-on", "never", capture).text)

    def test_messages_are_wrapped_and_whole(self) -> None:
        capture = CAPTURES / "reports_urcb.pcapng"
        plain = run("messages", capture).text
        wrapped = run("messages", "--width", "60", capture).text
        self.assertEqual(" ".join(wrapped.split()), " ".join(plain.split()))
        self.assertEqual([line for line in wrapped.splitlines() if len(line) > 60 and " " in line.strip()], [])


if __name__ == "__main__":
    main()
