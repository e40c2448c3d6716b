#!/usr/bin/env python3
"""One trace in every container, behind every link layer and through every harmless mishap of the
network or the capture has one set of messages and findings.

Crafted* wraps a shipped capture by the tables of wrap.py: frame by frame, so that not even the
numbers of frames may differ. Containers takes captures of the lab.
"""

from __future__ import annotations

import gzip
import itertools
import random
import unittest
from collections import Counter
from pathlib import Path
from typing import Callable, Optional

import pcap
import wrap
from support import (FAULTY, LAB, FolderCase, Record, finding_keys, in_parallel, main, messages,
                     needs_lab, report, run)

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

SAID = ("sender", "pdu", "invoke_id", "service", "acsi", "data_set", "items", "report", "control",
        "detail")


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
                twice = ("frames-recorded-twice", "", 1)
                jumped = ("capture-clock-jumped", "", 1)
                self.assertEqual(jumped in finding_keys(analysed), name.startswith("tm_timeback"))
                self.assertEqual(twice in finding_keys(analysed), "span_dup" in name)
                self.assertEqual([key for key in finding_keys(analysed) if key not in (twice, jumped)], expected)

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


class CraftedCase(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.frames = pcap.read(FAULTY)
        self.messages = run("messages", "--format", "ndjson", FAULTY).out
        self.findings = report(FAULTY)["findings"]
        self.assertGreater(len(self.findings), 10)

    def check(self, name: str, *, path: Optional[Path] = None, octets: bytes = b"") -> None:
        """Messages octet by octet, and findings with all their figures."""
        with self.subTest(name):
            path = path or self.write(name, octets)
            result = run("messages", "--format", "ndjson", path)
            self.assertEqual((result.status, result.err), (0, ""))
            self.assertEqual(result.out.splitlines()[:3], self.messages.splitlines()[:3])
            self.assertEqual(result.out, self.messages)
            analysed = report(path)
            self.assertEqual(analysed["findings"], self.findings)
            self.assertEqual({k: v for k, v in analysed["undecoded"].items() if v}, {})


class CraftedLinks(CraftedCase):
    def test_every_link_and_tunnel(self) -> None:
        for name in wrap.LINKS:
            self.check(name, octets=wrap.pcap(wrap.linked(self.frames, name)))

    def assert_copies_are_dropped(self, frames: list[pcap.Frame], copies: int) -> None:
        path = self.write("both.pcap", wrap.pcap(frames))
        keys = ("frame", "frames", "time", "request_frame", "response_ms")
        expected = [{k: v for k, v in m.items() if k not in keys} for m in messages(FAULTY)]
        self.assertEqual([{k: v for k, v in m.items() if k not in keys} for m in messages(path)],
                         expected)
        analysed = report(path)
        self.assertEqual(finding_keys(analysed), finding_keys(report(FAULTY)))
        self.assertEqual({k: v for k, v in analysed["undecoded"].items() if v},
                         {"prp_hsr_duplicates": copies})

    def test_both_lans_and_both_directions_of_a_ring(self) -> None:
        for copy, first, second in ((wrap.prp, 0xA, 0xB), (wrap.hsr, 0, 1)):
            with self.subTest(copy.__name__):
                both = [pcap.Frame(f.number, f.time_ns + delay, 1, copy(f, lan))
                        for f in self.frames for lan, delay in ((first, 0), (second, 3000))]
                self.assert_copies_are_dropped(both, len(self.frames))

    def test_the_lans_take_turns_in_being_first_and_lose_frames(self) -> None:
        dice = random.Random(7)
        both = []
        copies = 0
        for f in self.frames:
            lans = dice.choice(((0xA, 0xB), (0xB, 0xA), (0xA,), (0xB,)))
            copies += len(lans) - 1
            both += [pcap.Frame(f.number, f.time_ns + i, 1, wrap.prp(f, lan))
                     for i, lan in enumerate(lans)]
        self.assertGreater(copies, 10)
        self.assert_copies_are_dropped(both, copies)

    def test_one_capture_of_each_lan(self) -> None:
        paths = [self.write(f"{lan:x}.pcap", wrap.pcap(
            [pcap.Frame(f.number, f.time_ns + lan, 1, wrap.prp(f, lan)) for f in self.frames]))
            for lan in (0xA, 0xB)]
        for order in itertools.permutations(paths):
            result = run("--format", "json", "--fail-on", "never", *order)
            self.assertEqual(finding_keys(result.json()), finding_keys(report(FAULTY)))
            self.assertEqual(result.json()["undecoded"]["prp_hsr_duplicates"], len(self.frames))


class CraftedFiles(CraftedCase):
    def test_every_container(self) -> None:
        for name, make in wrap.CONTAINERS.items():
            octets = make(self.frames)
            if octets is not None:
                self.check(name, octets=octets)

    def test_microseconds(self) -> None:
        frames = [pcap.Frame(f.number, f.time_ns // 1000 * 1000, f.link_type, f.data)
                  for f in self.frames]
        exact = self.write("nanoseconds", wrap.pcap(frames))
        self.messages = run("messages", "--format", "ndjson", exact).out
        self.findings = report(exact)["findings"]
        for name, make in wrap.MICROSECONDS.items():
            self.check(name, octets=make(frames))

    def test_every_container_from_standard_input(self) -> None:
        for name, make in wrap.CONTAINERS.items():
            with self.subTest(name):
                octets = make(self.frames)
                if octets is not None:
                    self.assertEqual(run("messages", "--format", "ndjson", "-", stdin=octets).out,
                                     self.messages)

    def test_simple_packet_blocks(self) -> None:
        """They have no time: it is that of the packet before."""
        file = wrap.Pcapng().interface()
        timed = []
        time = 0
        for number, frame in enumerate(self.frames):
            if number % 10 == 3:
                file.simple(frame)
            else:
                file.packet(frame)
                time = frame.time_ns
            timed.append(pcap.Frame(frame.number, time, frame.link_type, frame.data))
        exact = self.write("exact", wrap.pcap(timed))
        self.messages = run("messages", "--format", "ndjson", exact).out
        self.findings = report(exact)["findings"]
        self.check("simple", octets=file.out)

    def test_nothing_but_simple_packet_blocks(self) -> None:
        file = wrap.Pcapng(">").interface()
        for frame in self.frames:
            file.simple(frame)
        path = self.write("simple.pcapng", file.out)
        self.assertEqual([(m["frame"], said(m)) for m in messages(path)],
                         [(m["frame"], said(m)) for m in messages(FAULTY)])

    def test_drop_counters_are_reported(self) -> None:
        """The last count of each interface, over all sections."""
        half = len(self.frames) // 2
        one, two = wrap.Pcapng("<").interface().interface(), wrap.Pcapng(">").interface()
        for frame in self.frames[:half]:
            one.packet(frame, 1)
        one.statistics(1, 7).statistics(0, 30, 2).statistics(1, 11)
        for frame in self.frames[half:]:
            two.packet(frame)
        two.statistics(0, 1_000)
        path = self.write("dropped.pcapng", one.out + two.out)
        self.check("dropped", path=path)
        self.assertEqual(report(path)["capture"]["files"][0]["dropped"], 1_043)
        self.assertIn("1043 dropped while capturing", run(path).text)

    def test_a_ring_of_different_files(self) -> None:
        """Streams continue from file to file, whatever each is and however they are named."""
        ways: tuple[Callable[[list[pcap.Frame]], Optional[bytes]], ...] = (
            wrap.of_sections,
            lambda part: gzip.compress(wrap.pcap(wrap.linked(part, "sll2"), ">")),
            lambda part: wrap.pcapng(wrap.linked(part, "vxlan"), ">", 0x80 | 32, 5),
            lambda part: wrap.zstd(wrap.pcap(part)) or wrap.pcap(part),
            lambda part: wrap.pcap(wrap.linked(part, "null_big_endian")))
        size = len(self.frames) // len(ways) + 1
        paths = [self.write(f"part_{(number * 3) % 5}", way(self.frames[number * size:][:size]) or b"")
                 for number, way in enumerate(ways)]
        reports = set()
        for order in itertools.permutations(paths):
            result = run("messages", "--format", "ndjson", *order)
            self.assertEqual((result.status, result.err, result.out), (0, "", self.messages))
            if len(reports) < 20:
                reports.add(run("--format", "json", *order).out)
        self.assertEqual(len(reports), 1)

    def test_frames_that_two_files_took_in_turns(self) -> None:
        """Two ports of a mirror, or two dumpcap processes: merged by time, packet by packet."""
        paths = [self.write(f"port_{i}", wrap.pcap(self.frames[i::3])) for i in range(3)]
        for order in itertools.permutations(paths):
            self.assertEqual(run("messages", "--format", "ndjson", *order).out, self.messages)
        with_input = run("messages", "--format", "ndjson", paths[1], "-", paths[0],
                         stdin=paths[2].read_bytes())
        self.assertEqual(with_input.out, self.messages)

    def test_what_is_not_understood_is_counted(self) -> None:
        strange = {
            "unknown_link_type": (147, b"\0" * 60),
            "not_ip": (1, wrap.ethernet(0x88B8, b"\0" * 60)),
            "not_tcp": (1, wrap.ethernet(0x0800, wrap.in_ip(50, b"\0" * 60))),
            "damaged_link": (1, b"\0" * 9),
            "damaged_ip": (1, wrap.ethernet(0x0800, b"\x45\0\xff")),
            "damaged_tcp": (1, wrap.ethernet(0x0800, wrap.in_ip(6, b"\0" * 9))),
            "fragments_incomplete": (1, wrap.ethernet(0x0800, bytes.fromhex(
                "45000024000120004006000001010101020202020000000000000000") + b"\0" * 8)),
        }
        file = wrap.Pcapng()
        for link_type in (1, 147):
            file.interface(link_type)
        for frame in self.frames:
            file.packet(frame)
        last = self.frames[-1]
        for count, (link_type, data) in enumerate(strange.values(), 1):
            for _ in range(count):
                file.packet(pcap.Frame(0, last.time_ns, link_type, data), int(link_type != 1))
        path = self.write("strange.pcapng", file.out)
        self.assertEqual(run("messages", "--format", "ndjson", path).out, self.messages)
        undecoded = report(path)["undecoded"]
        self.assertEqual({k: v for k, v in undecoded.items() if v},
                         {name: count for count, name in enumerate(strange, 1)})
        text = run(path).text
        for count in range(1, len(strange) + 1):
            self.assertRegex(text, rf"(?m)^ *{count} +\S")


if __name__ == "__main__":
    main()
