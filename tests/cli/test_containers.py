#!/usr/bin/env python3
"""One trace in every container, behind every link layer and through every harmless mishap of the
network or the capture has one set of messages and findings."""

from __future__ import annotations

import unittest
from collections import Counter
from pathlib import Path

from support import (LAB, Record, finding_keys, in_parallel, main, messages, needs_lab, report)

BASE = "control_failures.pcapng"
SAME = """
tm_gz.pcap.gz tm_pcap_be.pcap tm_pcap_be_ns.pcap tm_pcap_ns.pcap tm_pcap_us.pcap tm_pcapng_be.pcapng
tm_pcapng_oddblocks.pcapng
tm_ipfrag.pcapng tm_ipv6.pcapng tm_null.pcapng tm_qinq.pcapng tm_rawip.pcapng tm_sll.pcapng
tm_sll2.pcapng tm_vlan.pcapng
tm_mixed_goose.pcapng tm_noack.pcapng tm_outoforder.pcapng tm_overlap.pcapng tm_retrans.pcapng
tm_seqwrap.pcapng tm_span_dup.pcapng tm_span_dup_routed.pcapng tm_split_tiny.pcapng
tm_swap_adjacent.pcapng tm_timeback.pcapng
""".split()

SAID = ("sender", "pdu", "invoke_id", "service", "acsi", "objects", "data", "detail")


def said(record: Record) -> str:
    return repr([(key, record.get(key)) for key in SAID])


def contents(capture: Path) -> Counter[str]:
    return Counter(map(said, messages(capture)))


@needs_lab
class Containers(unittest.TestCase):
    def test_findings(self) -> None:
        expected = finding_keys(report(LAB / BASE))
        self.assertGreater(len(expected), 10)
        reports = in_parallel(lambda name: report(LAB / name), SAME)
        for name, analysed in zip(SAME, reports):
            with self.subTest(name):
                self.assertEqual(finding_keys(analysed), expected)

    def test_messages(self) -> None:
        expected = contents(LAB / BASE)
        self.assertEqual(sum(expected.values()), 103)
        for name, found in zip(SAME, in_parallel(lambda name: contents(LAB / name), SAME)):
            with self.subTest(name):
                self.assertEqual((list(expected - found), list(found - expected)), ([], []))

    def test_two_traces_on_two_interfaces(self) -> None:
        both = LAB / "tm_multi_if.pcapng"
        parts = [LAB / BASE, LAB / "read_write_errors.pcapng"]
        self.assertEqual(finding_keys(report(both)),
                         sorted(key for part in parts for key in finding_keys(report(part))))
        self.assertEqual(contents(both), contents(parts[0]) + contents(parts[1]))

    def test_two_connections_with_one_pair_of_ports(self) -> None:
        reused = LAB / "tm_portreuse.pcapng"
        parts = [LAB / "read_write_ok.pcapng", LAB / "read_write_errors.pcapng"]
        self.assertEqual(contents(reused), contents(parts[0]) + contents(parts[1]))
        self.assertEqual(len(report(reused)["associations"]), 2)


if __name__ == "__main__":
    main()
