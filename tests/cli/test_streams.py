#!/usr/bin/env python3
"""What TCP, firewalls and mirror ports do to a conversation, and what must become of its messages.

A recorded dialogue is told again, segment by segment, with one mishap at a time.
"""

from __future__ import annotations

import gzip
import os
import struct
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, Callable, Iterator, Optional

import pcap
from support import CAPTURES, PROGRAM, FolderCase, Record, main, messages, report, run, without

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
MS = 1_000_000
SECOND = 1000 * MS
CLIENT, SERVER = 0, 1
OF_THE_FRAMES = ("frame", "frames", "time", "ts", "request_frame", "response_ms", "stream", "src", "dst",
                 "client", "server")
Said = tuple[int, bytes]  # by whom, octets of one segment


def dialogue(name: str = "read_write_ok") -> list[Said]:
    """The payloads of a recording of one connection without a mishap of its own."""
    said: list[Said] = []
    opener = b""
    for frame in pcap.read(CAPTURES / f"{name}.pcapng"):
        segment = pcap.tcp_segment(frame)
        opener = opener or segment.direction
        if segment.payload:
            said.append((CLIENT if segment.direction == opener else SERVER, segment.payload))
    return said


class Wire:
    """Both ends of one connection at a time, and what a mirror port sees of them."""

    def __init__(self) -> None:
        self.packets: list[tuple[int, bytes]] = []
        self.time = 1_795_337_000 * SECOND
        self.next = [0, 0]
        self.port = 50_000
        self.client = 0x0A000001
        self.window = [8192, 8192]
        self.acks = True  # data segments acknowledge everything before them

    def wait(self, time: int) -> None:
        self.time += time

    def send(self, side: int, payload: bytes = b"", flags: int = ACK, seq: Optional[int] = None,
             ack: Optional[int] = None) -> None:
        """A segment at any sequence number; moves nothing."""
        self.time += 100_000
        seq = self.next[side] if seq is None else seq
        ack = self.next[1 - side] if ack is None else ack
        ends = [(self.client, self.port), (0x0A000002, 102)]
        (src, src_port), (dst, dst_port) = ends[side], ends[1 - side]
        tcp = struct.pack(">HHIIBBHHH", src_port, dst_port, seq & 0xFFFF_FFFF,
                          ack & 0xFFFF_FFFF if flags & ACK else 0, 0x50, flags, self.window[side],
                          0, 0) + payload
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, src, dst)
        self.packets.append((self.time, bytes(12) + b"\x08\x00" + ip + tcp))

    def say(self, side: int, payload: bytes, flags: int = ACK | PSH) -> None:
        self.send(side, payload, flags)
        self.next[side] += len(payload)

    def open(self, client: int = 1000, server: int = 9000, data: bytes = b"") -> None:
        self.send(CLIENT, data, SYN, client, 0)
        self.next = [client + 1 + len(data), server + 1]
        self.send(SERVER, b"", SYN | ACK, server)
        self.send(CLIENT)

    def close(self) -> None:
        for side in (CLIENT, SERVER):
            self.send(side, b"", FIN | ACK)
            self.next[side] += 1
        self.send(CLIENT)

    def talk(self, said: list[Said]) -> None:
        for side, payload in said:
            self.say(side, payload)


class StreamCase(FolderCase):
    def setUp(self) -> None:
        super().setUp()
        self.said = dialogue()
        self.wire = Wire()
        plain = Wire()
        plain.open()
        plain.talk(self.said)
        plain.close()
        path = self.folder / "plain.pcap"
        pcap.write(path, plain.packets)
        self.plain = self.contents(path)
        self.assertGreater(len(self.plain), 40)
        self.plain_rules = self.rules(report(path))

    @staticmethod
    def contents(path: Path) -> list[Record]:
        return [without(record, OF_THE_FRAMES) for record in messages(path)]

    @staticmethod
    def rules(analysed: Record) -> list[str]:
        return sorted(f["rule"] for f in analysed["findings"])

    def written(self, wire: Optional[Wire] = None) -> Path:
        path = self.folder / "wire.pcap"
        pcap.write(path, (wire or self.wire).packets)
        return path

    def assert_same(self, *, times: int = 1, rules: Optional[list[str]] = None,
                    **undecoded: int) -> Record:
        path = self.written()
        self.assertEqual(self.contents(path), self.plain * times)
        analysed = report(path)
        self.assertEqual(self.rules(analysed), self.plain_rules if rules is None else rules)
        self.assertEqual({k: v for k, v in analysed["undecoded"].items() if v}, undecoded)
        self.assertEqual(len(analysed["associations"]), times)
        return analysed


class Harmless(StreamCase):
    def each(self, mishap: Callable[[Wire, int, bytes], None]) -> None:
        """The mishap stands before every segment with payload."""
        self.wire.open()
        for side, payload in self.said:
            mishap(self.wire, side, payload)
            self.wire.say(side, payload)
        self.wire.close()

    def test_keep_alives(self) -> None:
        for octets in (b"", b"\x00", b"\xff"):
            with self.subTest(octets):
                self.wire = Wire()

                def keep_alive(wire: Wire, side: int, _: bytes) -> None:
                    for end in (side, 1 - side):
                        wire.send(end, octets, ACK, wire.next[end] - 1)
                        wire.send(1 - end)
                self.each(keep_alive)
                self.assert_same()

    def test_zero_window_probes(self) -> None:
        """Of one new octet, of one old octet, and of none."""
        for new, back in ((True, 0), (False, 1), (None, 1)):
            with self.subTest(new=new):
                self.wire = Wire()

                def probes(wire: Wire, side: int, payload: bytes) -> None:
                    wire.window[1 - side] = 0
                    wire.send(1 - side)
                    for _ in range(3):
                        octets = payload[:1] if new else b"" if new is None else b"\x00"
                        wire.send(side, octets, ACK, wire.next[side] - back)
                        wire.send(1 - side)
                    wire.window[1 - side] = 8192
                    wire.send(1 - side)
                self.each(probes)
                self.assert_same()

    def test_zero_window_probe_whose_octet_is_taken(self) -> None:
        self.wire.open()
        for side, payload in self.said:
            self.wire.window[1 - side] = 0
            self.wire.send(1 - side)
            self.wire.say(side, payload[:1])
            self.wire.window[1 - side] = 8192
            self.wire.send(1 - side)
            self.wire.say(side, payload[1:])
        self.wire.close()
        self.assert_same()

    def test_retransmissions_after_a_while(self) -> None:
        self.wire.open()
        for side, payload in self.said:
            self.wire.say(side, payload)
            self.wire.wait(300 * MS)
            self.wire.send(side, payload, ACK, self.wire.next[side] - len(payload))
        self.wire.close()
        self.assert_same()

    def test_sequence_numbers_wrap_anywhere(self) -> None:
        for back in (1, 2, 5, 22, 23, 100, 187, 300, 1000, 2500):
            with self.subTest(back):
                self.wire = Wire()
                self.wire.open(2**32 - back, 2**32 - 2 * back)
                self.wire.talk(self.said)
                self.wire.close()
                self.assert_same()

    def test_syn_with_data(self) -> None:
        """TCP Fast Open: the first request rides on the SYN; the server may not have taken it."""
        first = self.said[0][1]
        for taken in (True, False):
            with self.subTest(taken=taken):
                self.wire = wire = Wire()
                wire.send(CLIENT, first, SYN, 1000, 0)
                wire.next = [1001 + len(first), 9001]
                wire.send(SERVER, b"", SYN | ACK, 9000, wire.next[CLIENT] if taken else 1001)
                if not taken:
                    wire.send(CLIENT, first, ACK, 1001)
                wire.talk(self.said[1:])
                wire.close()
                self.assert_same()

    def test_window_scaled_burst(self) -> None:
        """A server that sends 40 reports at once, acknowledged by one segment."""
        said = dialogue("reports_urcb")
        wire, plain = Wire(), Wire()
        for each in (wire, plain):
            each.open()
        plain.talk(said)
        last = max(i for i, (side, _) in enumerate(said) if side == CLIENT)
        begin = next(i for i in range(last, 0, -1) if said[i][0] == SERVER and i > 10)
        wire.talk(said[:begin])
        burst = b"".join(payload for side, payload in said[begin:] if side == SERVER) * 30
        for at in range(0, len(burst), 1448):
            wire.say(SERVER, burst[at:at + 1448])
        once = sum(m["sender"] == "server" for m in self.contents(self.written(plain))) - sum(
            m["sender"] == "server" for m in self.contents(self.written(self.shortened(said, begin))))
        self.assertEqual(
            sum(m["sender"] == "server" for m in self.contents(self.written(wire))),
            sum(m["sender"] == "server"
                for m in self.contents(self.written(self.shortened(said, begin)))) + 30 * once)
        self.assertGreater(once, 0)

    @staticmethod
    def shortened(said: list[Said], end: int) -> Wire:
        wire = Wire()
        wire.open()
        wire.talk(said[:end])
        return wire


class Endings(StreamCase):
    """What ends a connection, and the next one between the same ports."""

    def test_rst_with_data(self) -> None:
        """RFC 9293 3.5.3: the text says why, and is no part of the stream."""
        self.wire.open()
        self.wire.talk(self.said)
        self.wire.send(SERVER, b"\x03\x00\x00\x07\x02\xf0\x80 go away", RST | ACK)
        path = self.written()
        self.assertEqual(self.contents(path), self.plain)
        self.assertEqual(report(path)["undecoded"]["resync_octets"], 0)

    ENDS: dict[str, Callable[[Wire], Any]] = {
        "fin_of_both": lambda wire: wire.close(),
        "fin_of_the_client": lambda wire: wire.send(CLIENT, b"", FIN | ACK),
        "fin_of_the_server": lambda wire: wire.send(SERVER, b"", FIN | ACK),
        "rst_of_the_client": lambda wire: wire.send(CLIENT, b"", RST | ACK),
        "rst_of_the_server": lambda wire: wire.send(SERVER, b"", RST),
        "rst_of_both": lambda wire: (wire.send(CLIENT, b"", RST), wire.send(SERVER, b"", RST)),
        "nothing": lambda wire: None,
        "in_the_middle_of_a_segment": lambda wire: wire.say(SERVER, b"\x03\x00\x00\x99\x02\xf0\x80"),
        "behind_a_hole": lambda wire: wire.send(CLIENT, b"lost", ACK, wire.next[CLIENT] + 700),
    }

    def test_ports_are_reused_in_every_state(self) -> None:
        offsets = {"far ahead": 1 << 30, "inside the window": 400, "the next octet": 0,
                   "behind": -5000, "half round": 1 << 31}
        for state, end in self.ENDS.items():
            for where, offset in offsets.items():
                for late in (MS, 200 * SECOND):
                    with self.subTest(state=state, isn=where, late=late):
                        self.wire = wire = Wire()
                        wire.open()
                        wire.talk(self.said)
                        end(wire)
                        wire.wait(late)
                        wire.open(wire.next[CLIENT] + offset, wire.next[SERVER] + offset)
                        wire.talk(self.said)
                        path = self.written()
                        self.assertEqual(self.contents(path), self.plain * 2)
                        self.assertEqual([m["stream"] for m in messages(path)],
                                         [0] * len(self.plain) + [1] * len(self.plain))

    def test_half_open(self) -> None:
        """The client restarted and knows nothing of its connection (RFC 9293 figure 9)."""
        wire = self.wire
        wire.open()
        wire.talk(self.said)
        wire.wait(30 * SECOND)
        old = list(wire.next)
        wire.send(CLIENT, b"", SYN, old[CLIENT] + 77, 0)
        wire.send(SERVER, b"", ACK, old[SERVER], old[CLIENT])  # "I am still at ..."
        wire.send(CLIENT, b"", RST, old[CLIENT], 0)
        wire.wait(SECOND)
        wire.open(old[CLIENT] + 77, 700_000)
        wire.talk(self.said)
        wire.close()
        self.assertEqual(self.contents(self.written()), self.plain * 2)

    def test_half_open_server(self) -> None:
        """The server restarted: it answers the next request with a RST, and the client comes again."""
        wire = self.wire
        wire.open()
        wire.talk(self.said[:30])
        before = self.contents(self.written())
        self.assertGreater(len(before), 10)
        wire.wait(5 * SECOND)
        wire.say(*self.said[30])
        wire.send(1 - self.said[30][0], b"", RST, None, 0)
        wire.wait(SECOND)
        wire.open(5, 6)
        wire.talk(self.said)
        wire.close()
        path = self.written()
        self.assertEqual(self.contents(path), self.plain[:len(before) + 1] + self.plain)
        self.assertIn("connection-reset", self.rules(report(path)))

    def test_refused_and_tried_again_with_the_same_number(self) -> None:
        """As Windows does half a second after a RST."""
        wire = self.wire
        for _ in range(2):
            wire.send(CLIENT, b"", SYN, 1000, 0)
            wire.next[CLIENT] = 1001
            wire.send(SERVER, b"", RST | ACK, 0)
            wire.wait(500 * MS)
        wire.open()
        wire.talk(self.said)
        wire.close()
        self.assertEqual(self.contents(self.written()), self.plain)


class Holes(StreamCase):
    def test_of_any_size(self) -> None:
        """The messages on either side are there, and nobody is blamed."""
        middle = next(i for i, (side, _) in enumerate(self.said) if side == SERVER and i > 20)
        for size in (1, 2, 100, 65_536, 1 << 20, 1 << 29, (1 << 30) - 1, 1 << 30):
            # No receiver has a megabyte under way: a number that lies further ahead, and that the
            # other side does not confirm, is damaged.
            for acked in (True, False) if size <= 1 << 20 else (True,):
                with self.subTest(size=size, acked=acked):
                    self.wire = wire = Wire()
                    wire.open()
                    wire.talk(self.said[:middle])
                    wire.wait(MS)
                    wire.next[SERVER] += size
                    for side, payload in self.said[middle:]:
                        wire.send(side, payload, ACK | PSH, None,
                                  None if acked else wire.next[1 - side] - (size if side == CLIENT else 0))
                        wire.next[side] += len(payload)
                    path = self.written()
                    found, expected = self.contents(path), self.plain
                    if not acked:  # the answers wait for a retransmission, the requests do not
                        found, expected = sorted(found, key=repr), sorted(expected, key=repr)
                    self.assertEqual(found, expected)
                    analysed = report(path)
                    self.assertIn("capture-loss", self.rules(analysed))
                    self.assertEqual([f["rule"] for f in analysed["findings"]
                                      if f["severity"] == "error"], [])

    def test_of_each_octet_of_an_answer(self) -> None:
        """One octet of one answer is missing: that answer is lost, and no other."""
        middle = next(i for i, (side, _) in enumerate(self.said) if side == SERVER and i > 20)
        payload = self.said[middle][1]
        lost = [m for m in self.plain if m["sender"] == "server"]
        for at in range(len(payload)):
            with self.subTest(at=at):
                self.wire = wire = Wire()
                wire.open()
                wire.talk(self.said[:middle])
                wire.say(SERVER, payload[:at])
                wire.next[SERVER] += 1
                wire.say(SERVER, payload[at + 1:])
                wire.talk(self.said[middle + 1:])
                wire.wait(2 * SECOND)
                wire.close()
                path = self.written()
                found = [m for m in self.contents(path) if m["sender"] == "server"]
                self.assertGreaterEqual(len(found), len(lost) - 1)
                analysed = report(path)
                self.assertIn("capture-loss", self.rules(analysed))
                self.assertEqual([f["rule"] for f in analysed["findings"]
                                  if f["severity"] == "error"], [])

    def test_a_megabyte_behind_a_hole_is_said(self) -> None:
        wire = self.wire
        wire.open()
        wire.talk(self.said)
        wire.next[SERVER] += 10
        for _ in range(40):
            wire.say(SERVER, b"\x00" * 32_000)
        analysed = report(self.written())
        self.assertIn("limit-reached", self.rules(analysed))


class Overlaps(StreamCase):
    """Octets that come twice and differ: the first ones count, and it is said."""

    def spoilt(self, payload: bytes) -> bytes:
        return bytes(octet ^ 0x55 for octet in payload)

    def check(self, conflicts: int) -> None:
        path = self.written()
        self.assertEqual(self.contents(path), self.plain)
        undecoded = report(path)["undecoded"]
        self.assertEqual(undecoded["overlap_conflicts"], conflicts)
        self.assertRegex(run(path).text, rf"(?m)^ *{conflicts} +retransmitted octets that differ")

    def test_of_half_a_message(self) -> None:
        self.wire.open()
        conflicts = 0
        for side, payload in self.said:
            half = len(payload) // 2
            self.wire.say(side, payload[:half])
            self.wire.send(side, self.spoilt(payload[:half]), ACK, self.wire.next[side] - half)
            self.wire.say(side, payload[half:])
            conflicts += half
        self.wire.close()
        self.check(conflicts)

    def test_of_what_waits_behind_a_hole(self) -> None:
        self.wire.open()
        conflicts = 0
        for side, payload in self.said:
            half = len(payload) // 2
            behind = self.wire.next[side] + half
            self.wire.send(side, payload[half:], ACK, behind)
            self.wire.send(side, self.spoilt(payload[half:]), ACK, behind)
            self.wire.say(side, payload[:half])
            self.wire.next[side] += len(payload) - half
            conflicts += len(payload) - half
        self.wire.close()
        self.check(conflicts)

    def test_of_whole_messages(self) -> None:
        """Where the message was complete and is gone there is nothing to compare with."""
        self.wire.open()
        for side, payload in self.said:
            self.wire.say(side, payload)
            self.wire.wait(2 * MS)
            self.wire.send(side, self.spoilt(payload), ACK, self.wire.next[side] - len(payload))
        self.wire.close()
        self.assertEqual(self.contents(self.written()), self.plain)


class Many(StreamCase):
    def test_thousands_of_connections_at_once(self) -> None:
        """Interleaved, all open at a time: each has its association and its messages."""
        count = 3000
        start = self.said[:8]
        wires = []
        for number in range(count):
            wire = Wire()
            wire.port = 2000 + number
            wire.time += number
            wire.open(number, 7 * number)
            wire.talk(start)
            wires.append(wire)
        alone = len(self.contents(self.written(wires[0])))
        self.assertGreater(alone, 3)
        self.wire.packets = sorted(
            (packet for wire in wires for packet in wire.packets), key=lambda packet: packet[0])
        path = self.written()
        self.assertEqual(len(messages(path)), alone * count)
        self.assertEqual(len(report(path)["associations"]), count)

    def test_idle_connections_are_evicted_and_it_is_said(self) -> None:
        wire = self.wire
        wire.open()
        wire.talk(self.said[:8])
        for number in range(100_005):
            wire.port = 1024 + number % 60_000
            wire.client = 0x0B000000 + number // 60_000
            wire.send(CLIENT, b"", SYN, number, 0)
        analysed = report(self.written())
        said = [f for f in analysed["findings"] if f["rule"] == "limit-reached"]
        self.assertEqual(len(said), 1)
        self.assertIn("connections were dropped", said[0]["message"])
        self.assertEqual(said[0]["evidence"]["count"], 6)
        self.assertEqual(analysed["associations"][0]["closed"]["how"], "evicted")

    def test_more_names_than_are_remembered_of_a_server_and_it_is_said(self) -> None:
        """A bug was: beyond the limit names were forgotten in silence."""
        def tlv(tag: int, content: bytes) -> bytes:
            return struct.pack(">BBI", tag, 0x84, len(content)) + content

        def say(side: int, pdu: bytes) -> None:
            ppdu = tlv(0x61, tlv(0x30, b"\x02\x01\x03" + tlv(0xA0, pdu)))
            tsdu = b"\x01\x00\x01\x00" + ppdu
            wire.say(side, struct.pack(">BBHBBB", 3, 0, 7 + len(tsdu), 2, 0xF0, 0x80) + tsdu)

        wire = self.wire
        wire.open()
        wire.talk(self.said[:6])
        # Twice the same: what is told again is not more.
        for count, limited in ((65_000, False), (66_000, True)):
            for first in range(0, count, 1000):
                invoke = struct.pack(">BBI", 2, 4, 1000 + first)
                names = b"".join(b"\x1a\x0aN%09d" % number for number in range(first, first + 1000))
                say(CLIENT, tlv(0xA0, invoke + tlv(0xA1, b"\xa0\x03\x80\x01\x00\xa1\x04\x81\x02LD")))
                say(SERVER, tlv(0xA1, invoke + tlv(0xA1, tlv(0xA0, names) + b"\x81\x01\xff")))
            said = [f["message"] for f in report(self.written())["findings"] if f["rule"] == "limit-reached"]
            self.assertEqual(any("told more names" in message for message in said), limited, said)


@unittest.skipIf(os.environ.get("MMSA_SANITIZE") == "1", "the sanitizer's own memory would be measured")
class Memory(StreamCase):
    """A small compressed file may hold a large trace: memory must not grow with it."""

    MOST_MB = 150

    def peak(self, wire: Wire, *options: str) -> int:
        """Megabytes."""
        path = self.folder / "wire.pcap.gz"
        with gzip.open(path, "wb", 1) as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1))
            for time, data in wire.packets:
                file.write(struct.pack("<4I", time // SECOND, time % SECOND, len(data), len(data)))
                file.write(data)
        self.assertLess(path.stat().st_size, 4 << 20)
        # By a small process: what its parent had in memory counts for a program, too.
        done = subprocess.run([sys.executable, "-c", self.MEASURE, PROGRAM, *options, str(path)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True,
                              timeout=120)
        status, kilobytes = map(int, done.stderr.split()[-2:])
        self.assertIn(status, (0, 1))
        return kilobytes // 1024

    MEASURE = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=sys.stderr)
"""

    @staticmethod
    def tpkts(ppdu: bytes, ends: bool) -> Iterator[bytes]:
        for at in range(0, len(ppdu), 8000):
            part = ppdu[at:at + 8000]
            last = ends and at + 8000 >= len(ppdu)
            yield struct.pack(">BBHBBB", 3, 0, 7 + len(part), 2, 0xF0, 0x80 if last else 0) + part

    def test_tsdus_that_do_not_end(self) -> None:
        """Of many connections, 240 MB of octets: the cap in total is reached, and it is said."""
        wire = self.wire
        begun = list(self.tpkts(b"\x01\x00\x01\x00\x61" + bytes(4_000_000), False))
        for number in range(60):
            wire.port = 2000 + number
            wire.open()
            wire.talk(self.said[:6])
            for tpkt in begun:
                wire.say(CLIENT, tpkt)
        for options in (("--format", "json"), ("messages",)):
            self.assertLess(self.peak(wire, *options), self.MOST_MB)
        said = {f["rule"] for f in report(self.folder / "wire.pcap.gz")["findings"]}
        self.assertIn("limit-reached", said)

    def test_long_tsdus_one_after_the_other(self) -> None:
        """A bug was: the buffer of a long TSDU was cleared and never given back."""
        wire = self.wire
        whole = list(self.tpkts(b"\x01\x00\x01\x00\x61" + bytes(4_000_000), True))
        for number in range(60):
            wire.port = 2000 + number
            wire.open()
            wire.talk(self.said[:6])
            for tpkt in whole:
                wire.say(CLIENT, tpkt)
        for options in (("--format", "json"), ("messages",)):
            self.assertLess(self.peak(wire, *options), self.MOST_MB)

    def test_long_requests_that_nobody_answers(self) -> None:
        """Of some connections, 240 MB of octets: the cap in total is reached, and it is said."""
        def tlv(tag: int, content: bytes) -> bytes:
            return struct.pack(">BBI", tag, 0x84, len(content)) + content

        wire = self.wire
        name = bytes.fromhex("a00e300ca00aa1081a024c441a024c4e")
        data = tlv(0xA0, tlv(0x89, bytes(1_000_000)))
        for number in range(240):
            if number % 60 == 0:
                wire.port = 2000 + number
                wire.open()
                wire.talk(self.said[:6])
            pdu = tlv(0xA0, struct.pack(">BBI", 2, 4, 1000 + number) + tlv(0xA5, name + data))
            pdv = tlv(0x61, tlv(0x30, b"\x02\x01\x03" + tlv(0xA0, pdu)))
            for tpkt in self.tpkts(b"\x01\x00\x01\x00" + pdv, True):
                wire.say(CLIENT, tpkt)
        for options in (("--format", "json"), ("messages",)):
            self.assertLess(self.peak(wire, *options), self.MOST_MB)
        said = [f for f in report(self.folder / "wire.pcap.gz")["findings"]
                if f["rule"] == "limit-reached"]
        self.assertTrue(said)
        self.assertIn("could not be kept", said[0]["message"])


if __name__ == "__main__":
    main()
