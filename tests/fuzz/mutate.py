#!/usr/bin/env python3
"""Runs mutated captures through fuzz_replay: mutate.py FUZZ_REPLAY [--count N] [--seed S] [FOLDER...]

Each mutant is a capture of testdata/ (or of the folders given) with flipped bits, changed lengths,
cut, spliced with another one, or with blocks of it overwritten, repeated, moved or dropped; in its
packets, or in the file around them. fuzz_replay runs the whole program on it, into every output, and
requires the properties of docs/security.md. It fails on a crash, a sanitizer's report (leaks
included), a run of more than 20 s, invalid JSON, control characters, and memory beyond --rss-mb.
The same seed gives the same mutants. A mutant that fails is kept, and its path is told.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCH = 250
LARGEST = 64 * 1024
Range = tuple[int, int]  # of a file


def packet_ranges(file: bytes) -> list[Range]:
    """Where the packets of a little-endian pcap or pcapng file are."""
    ranges, at = [], 0
    if file[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        at = 24
        while at + 16 <= len(file):
            kept = struct.unpack_from("<I", file, at + 8)[0]
            ranges.append((at + 16, min(at + 16 + kept, len(file))))
            at += 16 + kept
    elif file[:4] == b"\x0a\x0d\x0d\x0a":
        while at + 28 <= len(file):
            kind, length = struct.unpack_from("<II", file, at)
            if length < 12:
                break
            if kind == 6:
                kept = struct.unpack_from("<I", file, at + 20)[0]
                ranges.append((at + 28, min(at + 28 + kept, len(file))))
            at += length
    return [(begin, end) for begin, end in ranges if end > begin]


class Mutator:
    """Mutations with one dice, so that a seed gives the same mutants everywhere."""

    def __init__(self, seed: int, captures: list[bytes]) -> None:
        self.dice = random.Random(seed)
        self.captures = captures
        self.ranges = [packet_ranges(capture) for capture in captures]

    def mutant(self) -> bytes:
        which = self.dice.randrange(len(self.captures))
        octets = bytearray(self.captures[which])
        ranges = self.ranges[which]
        ways: list[Callable[[bytearray, Range], None]] = [
            self.flip_bits, self.flip_bits, self.change_length, self.change_length,
            self.overwrite, self.repeat_block, self.swap_blocks,
        ]  # fmt: skip
        for _ in range(self.dice.choice((1, 1, 2, 4, 8, 16))):
            # Three of four in a packet: behind broken containers nothing is reached.
            if ranges and self.dice.random() < 0.75:
                place = self.dice.choice(ranges)
            else:
                place = (0, len(octets))
            self.dice.choice(ways)(octets, place)
        last = self.dice.random()
        if last < 0.10:
            del octets[self.dice.randrange(len(octets)) :]
        elif last < 0.25:
            octets = self.splice(octets, which)
        elif last < 0.30:
            self.drop_block(octets)
        return bytes(octets)

    def position(self, place: Range) -> int:
        return self.dice.randrange(place[0], place[1])

    def flip_bits(self, octets: bytearray, place: Range) -> None:
        for _ in range(self.dice.randint(1, 8)):
            octets[self.position(place)] ^= 1 << self.dice.randrange(8)

    def change_length(self, octets: bytearray, place: Range) -> None:
        """One, two or four octets become what breaks lengths; most often an octet that is one."""
        at = self.position(place)
        for _ in range(8):  # an octet that tells how much follows, as lengths of BER and TLVs do
            if octets[at] and at + octets[at] < place[1] and octets[at] < 0x80:
                break
            at = self.position(place)
        size = self.dice.choice((1, 1, 1, 2, 4))
        if at + size > place[1]:
            return
        order = self.dice.choice(("little", "big"))
        most = (1 << 8 * size) - 1
        old = int.from_bytes(octets[at : at + size], order)
        new = self.dice.choice((0, 1, 0x7F, 0x80, 0x84, most, most >> 1, old + 1, old - 1, old * 2))
        octets[at : at + size] = (new & most).to_bytes(size, order)

    def overwrite(self, octets: bytearray, place: Range) -> None:
        at = self.position(place)
        end = min(at + self.dice.randint(1, 64), place[1])
        if self.dice.random() < 0.3:
            octets[at:end] = bytes([self.dice.choice((0, 0x30, 0xA0, 0xFF))]) * (end - at)
        else:
            octets[at:end] = self.dice.randbytes(end - at)

    def repeat_block(self, octets: bytearray, place: Range) -> None:
        source, target = self.position(place), self.position(place)
        size = min(self.dice.randint(1, 256), place[1] - max(source, target))
        octets[target : target + size] = octets[source : source + size]

    def swap_blocks(self, octets: bytearray, place: Range) -> None:
        first, second = self.position(place), self.position(place)
        size = min(self.dice.randint(1, 32), place[1] - max(first, second), abs(first - second))
        a, b = bytes(octets[first : first + size]), bytes(octets[second : second + size])
        octets[first : first + size], octets[second : second + size] = b, a

    def drop_block(self, octets: bytearray) -> None:
        at = self.dice.randrange(len(octets))
        del octets[at : at + self.dice.randint(1, 2000)]

    def splice(self, octets: bytearray, which: int) -> bytearray:
        """The first packets of one capture, then the last of another; or cut anywhere."""
        other = self.dice.randrange(len(self.captures))
        tail = self.captures[other]
        mine, theirs = self.ranges[which], self.ranges[other]
        if mine and theirs and octets[:4] == tail[:4] and self.dice.random() < 0.8:
            header = 16 if octets[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else 28
            begin = self.dice.choice(mine)[0] - header
            return octets[:begin] + tail[self.dice.choice(theirs)[0] - header :]
        return octets[: self.dice.randrange(len(octets))] + tail[self.dice.randrange(len(tail)) :]


def read_captures(folders: list[Path]) -> list[bytes]:
    captures = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".pcap", ".pcapng", ".gz", ".zst"):
                octets = path.read_bytes()
                if 0 < len(octets) <= LARGEST:
                    captures.append(octets)
    if not captures:
        sys.exit("no captures to mutate")
    return captures


def run_batch(replay: str, folder: Path, rss_mb: int) -> tuple[str, int]:
    """What went wrong, or nothing; and the peak of memory in MB."""
    environment = dict(os.environ)
    # Freed memory is kept back for a while, which must not count as the program's.
    environment["ASAN_OPTIONS"] = "quarantine_size_mb=16:detect_leaks=1:" + environment.get(
        "ASAN_OPTIONS", ""
    )
    command = [replay, f"--rss-mb={rss_mb}", "--seconds=20", "pipeline", str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", env=environment, check=False
    )
    lines = done.stdout.splitlines()
    if done.returncode == 0:
        return "", int(lines[-1].split()[2])
    last = lines[-1] if lines else "nothing was run"
    return f"{last}: exit status {done.returncode}\n{done.stderr[-6000:]}", 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("replay")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=61850)
    parser.add_argument("--rss-mb", type=int, default=256)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "testdata"])
    options = parser.parse_intermixed_args()

    mutator = Mutator(options.seed, read_captures(options.folders))
    started, done, peak, failures = time.monotonic(), 0, 0, 0
    while done < options.count:
        count = min(BATCH, options.count - done)
        folder = Path(tempfile.mkdtemp(prefix="mmsa-mutants-"))
        for i in range(count):
            (folder / f"{done + i:06}").write_bytes(mutator.mutant())
        trouble, most = run_batch(options.replay, folder, options.rss_mb)
        done += count
        peak = max(peak, most)
        if trouble:
            failures += 1
            print(trouble, f"its batch is kept in {folder}", sep="\n", flush=True)
        else:
            shutil.rmtree(folder)
    seconds = time.monotonic() - started
    print(
        f"{done} mutants of {len(mutator.captures)} captures, seed {options.seed}: "
        f"{failures} batches failed, {seconds:.0f} s, at most {peak} MB"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
