#!/usr/bin/env python3
"""Writes the seeds of every fuzz target: seeds.py OUT [CAPTURE-FOLDER...]

OUT/TARGET/ gets one file for each seed. They are made of the annotated PDUs of the unit tests and of
captures: testdata/ and the folders given. The formats of the inputs are those of tests/fuzz/targets.
"""

from __future__ import annotations

import hashlib
import random
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
LARGEST = 64 * 1024  # a larger seed makes every run slow and finds nothing more
CLIENT, SERVER = 0, 1


def vectors() -> Iterator[tuple[str, bytes]]:
    """Name and octets of each vector of tests/unit/mms/vectors."""
    for file in sorted((ROOT / "tests/unit/mms/vectors").glob("*.txt")):
        name, octets, reading = "", bytearray(), False
        for line in file.read_text().splitlines():
            if line.startswith("== "):
                name, octets, reading = line[3:], bytearray(), True
            elif line == "--" and reading:
                reading = False
                yield name, bytes(octets)
            elif reading:
                octets += octets_of(line)


def octets_of(line: str) -> bytes:
    """One line of hex, "text" and a # comment."""
    octets, rest = bytearray(), line.strip()
    while rest and not rest.startswith("#"):
        if rest.startswith('"'):
            text, _, rest = rest[1:].partition('"')
            octets += text.encode("latin-1")
        else:
            octets += bytes.fromhex(rest[:2])
            rest = rest[2:]
        rest = rest.strip()
    return bytes(octets)


def packets(file: bytes) -> Iterator[tuple[int, bytes]]:
    """Link type and octets of each packet of a pcap or pcapng file in this machine's order."""
    if file[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        link = struct.unpack_from("<I", file, 20)[0]
        at = 24
        while at + 16 <= len(file):
            kept = struct.unpack_from("<I", file, at + 8)[0]
            yield link, file[at + 16 : at + 16 + kept]
            at += 16 + kept
    elif file[:4] == b"\x0a\x0d\x0d\x0a":
        at, links = 0, []
        while at + 12 <= len(file):
            kind, length = struct.unpack_from("<II", file, at)
            if length < 12:
                return
            if kind == 1:
                links.append(struct.unpack_from("<H", file, at + 8)[0])
            elif kind == 6:
                interface, _, _, kept = struct.unpack_from("<IIII", file, at + 8)
                yield links[interface], file[at + 28 : at + 28 + kept]
            at += length


def segments(file: bytes) -> Iterator[tuple[tuple, int, int, int, int, bytes]]:
    """Connection, side, flags, sequence and acknowledgment number, payload: plain Ethernet only."""
    first: dict[tuple, tuple] = {}
    for link, octets in packets(file):
        if link != 1 or octets[12:14] != b"\x08\x00" or octets[23] != 6:
            continue
        ip = octets[14 : 14 + struct.unpack_from(">H", octets, 16)[0]]
        tcp = ip[(ip[0] & 15) * 4 :]
        if len(tcp) < 20:
            continue
        source = (ip[12:16], tcp[0:2])
        target = (ip[16:20], tcp[2:4])
        key = tuple(sorted((source, target)))
        opener = first.setdefault(key, source)
        seq, ack, head, flags = struct.unpack_from(">IIBB", tcp, 4)
        yield key, int(source != opener), flags, seq, ack, tcp[(head >> 4) * 4 :]


def streams(file: bytes) -> dict[tuple, list[tuple[int, bytes]]]:
    """For each connection the new octets in order: side and octets."""
    result: dict[tuple, list[tuple[int, bytes]]] = {}
    following: dict[tuple, int] = {}
    for key, side, flags, seq, _, payload in segments(file):
        pieces = result.setdefault(key, [])
        if flags & 2:
            following[key, side] = (seq + 1) & 0xFFFFFFFF
        expected = following.setdefault((key, side), seq)
        if payload and seq == expected:
            pieces.append((side, payload))
            following[key, side] = (seq + len(payload)) & 0xFFFFFFFF
    return result


def pdus(pieces: list[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Side and octets of the MMS PDUs that a TPKT holds alone, in data of the usual prefix."""
    pending = {CLIENT: b"", SERVER: b""}
    for side, octets in pieces:
        data = pending[side] + octets
        while len(data) >= 4 and data[0] == 3:
            length = max(struct.unpack_from(">H", data, 2)[0], 4)
            if len(data) < length:
                break
            tpkt, data = data[:length], data[length:]
            start = tpkt.find(b"\x02\x01\x03\xa0", 7)
            if tpkt[5:11] == b"\xf0\x80\x01\x00\x01\x00" and 0 < start < 24:
                octet = tpkt[start + 4]
                header = start + 5 + (octet & 0x7F if octet & 0x80 else 0)
                yield side, tpkt[header:]
        pending[side] = data


class Seeds:
    def __init__(self, out: Path) -> None:
        self.out = out

    def add(self, target: str, octets: bytes) -> None:
        if not 0 < len(octets) <= LARGEST:
            return
        folder = self.out / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(octets).hexdigest()[:16]).write_bytes(octets)


def unit(flags: int, octets: bytes) -> bytes:
    return struct.pack("<BH", flags, len(octets)) + octets


def add_vectors(seeds: Seeds) -> None:
    previous = b""
    for name, octets in vectors():
        side = SERVER if "response" in name or "error" in name else CLIENT
        for table in range(16):
            if table in (7, 8) or len(octets) < 40:
                seeds.add("ber", bytes([table]) + octets)
        seeds.add("mms_pdu", unit(side, octets))
        if side == SERVER and previous:
            seeds.add("mms_pdu", unit(CLIENT, previous) + unit(SERVER, octets))
        previous = octets
        body = b"\x61" + ber_length(b"\x30" + ber_length(b"\x02\x01\x03\xa0" + ber_length(octets)))
        tsdu = b"\x02\xf0\x80\x01\x00\x01\x00" + body
        tpkt = struct.pack(">BBH", 3, 0, len(tsdu) + 4) + tsdu
        seeds.add("osi", b"\x02" + unit(side << 7, tpkt) + unit(side << 7, tpkt))


def ber_length(content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([size]) + content
    return b"\x82" + struct.pack(">H", size) + content


def add_capture(seeds: Seeds, file: bytes) -> None:
    seeds.add("capture", file)
    seeds.add("pipeline", file)
    for pieces in streams(file).values():
        stream = b"".join(unit(side << 7, octets) for side, octets in pieces)
        for known in (0, 0x38, 0x03):
            seeds.add("osi", bytes([known]) + stream[: LARGEST // 4])
        messages = b"".join(unit(side, octets) for side, octets in pdus(pieces))
        seeds.add("mms_pdu", messages[: LARGEST // 4])
        for side, octets in pieces[:4]:
            at = octets.find(b"\x31")  # the CP or CPA of presentation, if it is one
            if octets[4:7] == b"\x02\xf0\x80" and octets[7:8] in (b"\x0d", b"\x0e") and at > 0:
                for table in range(9, 15):
                    seeds.add("ber", bytes([table]) + octets[at:])
            at = max(octets.find(b"\x60", 30), octets.find(b"\x61", 30))
            if octets[7:8] in (b"\x0d", b"\x0e") and at > 0:
                seeds.add("ber", b"\x0f" + octets[at:])


def add_filters(seeds: Seeds) -> None:
    """The filters of the differential test, each with some PDUs, as targets/filter.cc reads them."""
    messages = [unit(SERVER if "response" in name else CLIENT, octets) for name, octets in vectors()]
    lines = (ROOT / "tests/differential/filters.txt").read_text().splitlines()
    filters = [line.partition(" => ")[0].encode() for line in lines if line and line[0] != "#"]
    for at, text in enumerate(filters):
        some = b"".join(messages[(at * 7 + i) % len(messages)] for i in range(4))
        seeds.add("filter", bytes([len(text)]) + text + some)


def add_talks(seeds: Seeds, how_many: int) -> None:
    """Segments as tests/fuzz/targets/tcp.cc reads them: talks that open, speak, repeat and close."""
    dice = random.Random(61850)
    for _ in range(how_many):
        octets = bytearray([int(dice.random() < 0.2)])

        def segment(head: int, flags: int, length: int = 0, step: int = 0, back: int = 0) -> None:
            octets.extend((head, flags, back & 0xFF, 0, step, length))

        for connection in range(dice.randint(1, 4)):
            if dice.random() < 0.7:
                segment(connection, 0x02)
                segment(connection | 4, 0x12)
            for _ in range(dice.randint(1, 20)):
                head = connection | 4 * dice.randint(0, 1) | 0x40 * int(dice.random() < 0.1)
                back = -dice.randint(0, 40) if dice.random() < 0.2 else 0
                segment(head, 0x10, dice.randint(0, 60), dice.randint(0, 36), back)
            if dice.random() < 0.7:
                segment(connection, 0x11)
                segment(connection | 4, 0x11)
            elif dice.random() < 0.5:
                segment(connection | 4, 0x14)
        seeds.add("tcp", bytes(octets))


def add_extractor(seeds: Seeds) -> None:
    """Names that lead elsewhere, as targets/extractor.cc reads them: flags, name, content."""
    names = [b"COMTRADE/A.cfg", b"../../x", b"..", b".", b"", b"/etc/passwd", b"a\0b", b"-rf", b"x.partial", b"x",
             b"n" * 255]
    content = b"S,D,1999\r\n2,1A,1D\r\n1\r\n1\r\n50\r\n1\r\n1,2\r\n1/1/2026,0:0:0\r\n1/1/2026,0:0:1\r\n"
    for flags in (0, 1):
        entries = [bytes([flags, len(name)]) + name + bytes([len(content)]) + content for name in names]
        for entry in entries:
            seeds.add("extractor", entry * 3)
        seeds.add("extractor", b"".join(entries))


def add_scl(seeds: Seeds) -> None:
    """The files of testdata/scl, whole and cut."""
    for path in sorted((ROOT / "testdata/scl").iterdir()):
        if path.suffix in (".scd", ".icd"):
            octets = path.read_bytes()
            for end in range(len(octets), 0, -len(octets) // 8):
                seeds.add("scl", octets[:end])


def main() -> int:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    seeds = Seeds(Path(sys.argv[1]))
    add_vectors(seeds)
    add_talks(seeds, 200)
    add_scl(seeds)
    add_filters(seeds)
    add_extractor(seeds)
    folders = [ROOT / "testdata", *map(Path, sys.argv[2:])]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".pcap", ".pcapng", ".gz", ".zst") and path.is_file():
                add_capture(seeds, path.read_bytes())
    for target in sorted(seeds.out.iterdir()):
        print(f"{target.name}: {len(list(target.iterdir()))} seeds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
