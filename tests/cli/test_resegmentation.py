#!/usr/bin/env python3
"""How TCP cuts the octets of a stream means nothing: segments are split, merged, reordered,
repeated and overlapped at random (with fixed seeds), and the messages stay the same."""

from __future__ import annotations

import random
import unittest
from pathlib import Path

import pcap
from support import CAPTURES, FolderCase, Record, main, messages, without

SEEDS = range(6)
# Of where and when, which is what changes.
OF_THE_FRAMES = ("frame", "frames", "time", "ts", "request_frame", "response_ms")

FIN_SYN_RST = 0x07
ACK = 0x10
Piece = tuple[int, bytes, pcap.TcpSegment]  # seq, payload, a segment like it


class Resegmenter:
    """Rewrites runs: consecutive data segments of one direction of one connection. All octets of a
    run are there before the next run begins, so that messages are complete in the same order."""

    def __init__(self, seed: int, *, order: bool) -> None:
        self.random = random.Random(seed)
        self.reorders = order
        self.keeps_acks = seed % 2 == 0
        self.smallest, self.largest = self.random.choice(((1, 3), (1, 200), (100, 1460), (1, 60_000)))
        self.out: list[tuple[int, bytes]] = []
        self.time = 0

    def rewrite(self, frames: list[pcap.Frame]) -> list[tuple[int, bytes]]:
        run: list[pcap.TcpSegment] = []
        for frame in frames:
            segment = pcap.tcp_segment(frame)
            plain = segment.payload and not segment.flags & FIN_SYN_RST
            if run and (not plain or segment.direction != run[-1].direction):
                self.flush(run)
                run = []
            if plain:
                run.append(segment)
            elif segment.flags & FIN_SYN_RST or segment.payload or self.keeps_acks:
                self.emit(frame.time_ns, frame.data)
        if run:
            self.flush(run)
        return self.out

    def emit(self, time_ns: int, data: bytes) -> None:
        self.time = max(self.time + 1000, time_ns)
        self.out.append((self.time, data))

    def flush(self, run: list[pcap.TcpSegment]) -> None:
        octets = b""
        for segment in run:  # the recording may hold retransmissions itself
            known = run[0].seq + len(octets) - segment.seq
            octets += segment.payload[known:]
        pieces = self.cut(run[0].seq, octets, run)
        if self.reorders:
            pieces = self.disturb(pieces)
        for seq, payload, like in pieces:
            self.emit(run[0].frame.time_ns, like.rebuilt(seq, ACK, payload))

    def cut(self, seq: int, octets: bytes, run: list[pcap.TcpSegment]) -> list[Piece]:
        pieces = []
        at = 0
        while at < len(octets):
            size = self.random.randint(self.smallest, self.largest)
            pieces.append((seq + at, octets[at:at + size], run[0]))
            at += size
        return pieces

    def disturb(self, pieces: list[Piece]) -> list[Piece]:
        """Shuffles a window, repeats some, and lets some begin in the one before."""
        out: list[Piece] = []
        for i, (seq, payload, like) in enumerate(pieces):
            if i and self.random.random() < 0.2:
                before = pieces[i - 1][1][-self.random.randint(1, 20):]
                seq, payload = seq - len(before), before + payload
            out.append((seq, payload, like))
            if self.random.random() < 0.1:
                out.append(self.random.choice(out))
        window = 4
        for begin in range(0, len(out), window):
            part = out[begin:begin + window]
            self.random.shuffle(part)
            out[begin:begin + window] = part
        return out


def contents(capture: Path) -> list[Record]:
    return [without(record, OF_THE_FRAMES) for record in messages(capture)]


class Resegmentation(FolderCase):
    def check(self, *, order: bool) -> None:
        for capture in sorted(p for p in CAPTURES.iterdir() if ".pcap" in p.name):
            expected = contents(capture)
            self.assertGreater(len(expected), 40)
            for seed in SEEDS:
                with self.subTest(capture=capture.name, seed=seed):
                    packets = Resegmenter(seed, order=order).rewrite(pcap.read(capture))
                    path = self.folder / "resegmented.pcap"
                    pcap.write(path, packets)
                    self.assertEqual(contents(path), expected)

    def test_split_and_merged(self) -> None:
        self.check(order=False)

    def test_reordered_repeated_and_overlapping(self) -> None:
        self.check(order=True)

    def test_the_rewriting_changes_something(self) -> None:
        frames = pcap.read(CAPTURES / "reports_urcb.pcapng")
        sizes = {len(Resegmenter(seed, order=True).rewrite(frames)) for seed in SEEDS}
        self.assertGreater(len(sizes), 3)
        self.assertGreater(max(sizes), 2 * len(frames))


if __name__ == "__main__":
    main()
