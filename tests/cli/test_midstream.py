#!/usr/bin/env python3
"""A capture that began too late (no handshake, no Initiate) is decoded as completely as the whole."""

from __future__ import annotations

import unittest
from collections import Counter
from pathlib import Path

import pcap
from support import LAB, Record, main, messages, needs_lab, run

# What a message says, whatever the frame numbers and whether its request is in the capture.
SAID = ("time", "src", "dst", "sender", "pdu", "invoke_id", "service", "report", "detail")
SAID_OF_ITEMS = ("type", "value", "error")

PAIRS = {
    "midstream_control_sbo_enhanced": "control_sbo_enhanced",
    "midstream_files": "files",
    "midstream_read_write_errors": "read_write_errors",
    "midstream_reports_urcb": "reports_urcb",
    "midstream_pres_ctx_control_sbo_enhanced": "pres_ctx_control_sbo_enhanced",
    "midstream_pres_ctx_read_write_errors": "pres_ctx_read_write_errors",
    "midstream_pres_ctx_reports_urcb": "pres_ctx_reports_urcb",
    # Starts inside a PDU, which is lost.
    "midstream_midpdu": "files",
}


def said(record: Record) -> str:
    """Names are left out: those of an answer are its request's."""
    items = [[item.get(key) for key in SAID_OF_ITEMS] for item in record["items"]
             if "type" in item or "error" in item]
    return repr([*((key, record.get(key)) for key in SAID), items])


@needs_lab
class Midstream(unittest.TestCase):
    def compare(self, cut: Path, whole: Path) -> None:
        frames = pcap.read(whole)
        start = pcap.read(cut)[0].time_ns
        kept = {frame.number for frame in frames if frame.time_ns >= start}
        # Frames of both captures: those of messages of which no part was cut off.
        expected = [r for r in messages(whole) if set(r["frames"]) <= kept]
        self.assertGreater(len(expected), 10)
        found = messages(cut)
        missing = Counter(map(said, expected)) - Counter(map(said, found))
        added = Counter(map(said, found)) - Counter(map(said, expected))
        self.assertEqual(list(missing), [], "missing or different")
        self.assertEqual(list(added), [], "added or different")

    def test_each(self) -> None:
        for cut, whole in PAIRS.items():
            with self.subTest(cut):
                self.compare(LAB / f"{cut}.pcapng", LAB / f"{whole}.pcapng")

    def test_context_that_is_told(self) -> None:
        """--pres-context with the context that is found by itself changes nothing."""
        for name, context in (("midstream_control_sbo_enhanced", "3"),
                              ("midstream_pres_ctx_control_sbo_enhanced", "5"),
                              ("midstream_pres_ctx_control_sbo_enhanced", "5=1.0.9506.2.1")):
            with self.subTest(name):
                capture = LAB / f"{name}.pcapng"
                self.assertEqual(messages(capture, "--pres-context", context), messages(capture))

    def test_the_report_names_the_context_and_why(self) -> None:
        for name, context, source in (("midstream_files", 3, "assumed"),
                                      ("midstream_pres_ctx_reports_urcb", 5, "inferred")):
            with self.subTest(name):
                analysed = run("--format", "json", LAB / f"{name}.pcapng").json()
                self.assertEqual(analysed["associations"][0]["context"],
                                 {"id": context, "source": source})
                self.assertIn("initiate-missing", {f["rule"] for f in analysed["findings"]})


if __name__ == "__main__":
    main()
