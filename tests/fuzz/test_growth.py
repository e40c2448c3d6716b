#!/usr/bin/env python3
"""Work, memory and output grow with the capture and not faster, whatever it is made of.

Each capture is hostile in its own way: many elements, fragments, PDUs or failures in one TSDU,
streams full of holes, requests that nobody answers. It is analysed in two sizes; twice the octets
may take about twice the processor time, and the output may not be longer than so many times them.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MMSANALYZE", str(ROOT / "build/release/src/mmsanalyze"))
SIZES = (2 << 20, 4 << 20)
OUTPUT_PER_OCTET = 64
MEMORY_MB = 400
COMMANDS = (("--format", "json"), ("messages", "--format", "ndjson"), ("messages", "--format", "text"))
CLIENT, SERVER = 0, 1
INVOKE_ID = b"\x02\x01\x01"
FAILURE = b"\x80\x01\x0a"


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    return bytes((tag, 0x84)) + struct.pack(">I", size) + content


def variable(name: bytes) -> bytes:
    return tlv(0x30, tlv(0xA0, tlv(0xA1, tlv(0x1A, b"LD") + tlv(0x1A, name))))


VARIABLE = variable(b"LN$ST$x")


def read_request(variables: bytes, invoke_id: bytes = INVOKE_ID) -> bytes:
    return tlv(0xA0, invoke_id + tlv(0xA4, tlv(0xA1, tlv(0xA0, variables))))


def read_response(results: bytes, invoke_id: bytes = INVOKE_ID) -> bytes:
    return tlv(0xA1, invoke_id + tlv(0xA4, tlv(0xA1, results)))


class Capture:
    """One connection to port 102, as a pcap file."""

    ENDS = ((b"\x0a\0\0\x01", 50_000), (b"\x0a\0\0\x02", 102))

    def __init__(self) -> None:
        self.octets = bytearray(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        self.time = 1_700_000_000_000_000
        self.next = [1000, 5000]
        self.segment(CLIENT, 0x02)
        self.segment(SERVER, 0x12)
        self.segment(CLIENT, 0x10)
        other = b"\x02\x01\x09"  # the streams are known to be MMS from here on
        self.pdu(CLIENT, read_request(VARIABLE, other))
        self.pdu(SERVER, read_response(b"\x83\x01\x01", other))

    def segment(self, side: int, flags: int, payload: bytes = b"") -> None:
        (source, source_port), (target, target_port) = self.ENDS[side], self.ENDS[1 - side]
        numbers = (self.next[side] & 0xFFFFFFFF, self.next[1 - side] & 0xFFFFFFFF)
        tcp = struct.pack(">HHIIBBHHH", source_port, target_port, *numbers, 0x50, flags, 60_000, 0, 0)
        size = 20 + len(tcp) + len(payload)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, 6, 0, source, target)
        frame = b"\2" * 6 + b"\4" * 6 + b"\x08\0" + ip + tcp + payload
        self.time += 100
        seconds, rest = divmod(self.time, 1_000_000)
        self.octets += struct.pack("<IIII", seconds, rest, len(frame), len(frame)) + frame
        self.next[side] += len(payload) + (1 if flags & 3 else 0)

    def stream(self, side: int, octets: bytes) -> None:
        for at in range(0, len(octets), 1400):
            self.segment(side, 0x18, octets[at : at + 1400])

    def tsdu(self, side: int, tsdu: bytes, fragment: int = 60_000) -> None:
        octets = bytearray()
        for at in range(0, len(tsdu), fragment):
            part = tsdu[at : at + fragment]
            end = 0x80 if at + fragment >= len(tsdu) else 0
            octets += struct.pack(">BBHBBB", 3, 0, len(part) + 7, 2, 0xF0, end) + part
        self.stream(side, bytes(octets))

    def pdu(self, side: int, pdu: bytes, fragment: int = 60_000) -> None:
        value = tlv(0x30, b"\x02\x01\x03" + tlv(0xA0, pdu))
        self.tsdu(side, b"\x01\0\x01\0" + tlv(0x61, value), fragment)


def failures(capture: Capture, size: int) -> None:
    count = size // len(VARIABLE)
    capture.pdu(CLIENT, read_request(VARIABLE * count))
    capture.pdu(SERVER, read_response(FAILURE * count))


def failures_of_nothing(capture: Capture, size: int) -> None:
    capture.pdu(CLIENT, read_request(VARIABLE))
    capture.pdu(SERVER, read_response(FAILURE * (size // len(FAILURE))))


def empty_structures(capture: Capture, size: int) -> None:
    capture.pdu(SERVER, read_response(b"\xa2\x00" * (size // 2)))


def open_structures(capture: Capture, size: int) -> None:
    capture.pdu(SERVER, read_response(b"\xa2\x80" * (size // 2)))


def report(capture: Capture, size: int) -> None:
    members = size // 25
    values = tlv(0x8A, b"id") + tlv(0x84, b"\x06\0\0") + tlv(0x84, b"\0" + b"\xff" * members)
    results = tlv(0xA0, values + b"\x83\x01\x01" * (8 * members))
    capture.pdu(SERVER, tlv(0xA3, tlv(0xA0, tlv(0xA1, tlv(0x80, b"RPT")) + results)))


def names(capture: Capture, size: int) -> None:
    asked = tlv(0xA0, b"\x80\x01\0") + tlv(0xA1, tlv(0x81, b"LD"))
    capture.pdu(CLIENT, tlv(0xA0, INVOKE_ID + tlv(0xA1, asked)))
    listed = b"".join(tlv(0x1A, b"LN%d$ST$v" % i) for i in range(size // 16))
    capture.pdu(SERVER, tlv(0xA1, INVOKE_ID + tlv(0xA1, tlv(0xA0, listed) + b"\x81\x01\0")))
    count = size // len(VARIABLE) // 10
    capture.pdu(CLIENT, read_request(b"".join(variable(b"LM%d$ST$v" % i) for i in range(count))))
    capture.pdu(SERVER, read_response(FAILURE * count))


def what_may_be_tpkts(capture: Capture, size: int) -> None:
    capture.stream(SERVER, b"\xff" + (b"\x03\0\xff\xff\x02\xf0\x80" + b"\x03\0" * 5) * (size // 17))


def tiny_fragments(capture: Capture, size: int) -> None:
    capture.pdu(SERVER, read_response(tlv(0x89, b"x" * (size // 8))), fragment=1)


def pdus_of_one_value(capture: Capture, size: int) -> None:
    capture.pdu(SERVER, b"\x8b\0" * (size // 2))


def values_of_one_tsdu(capture: Capture, size: int) -> None:
    value = tlv(0x30, b"\x02\x01\x03" + tlv(0xA0, b"\x8b\0"))
    capture.tsdu(SERVER, b"\x01\0\x01\0" + tlv(0x61, value * (size // len(value))))


def holes(capture: Capture, size: int) -> None:
    for _ in range(size // 100):
        capture.next[SERVER] += 1
        capture.segment(SERVER, 0x18, b"\x03")


def holes_behind_requests(capture: Capture, size: int) -> None:
    for i in range(4000):
        capture.pdu(CLIENT, read_request(VARIABLE, b"\x02\x02" + struct.pack(">H", i)))
    for _ in range(size // 200):
        capture.next[SERVER] += 1
        capture.segment(SERVER, 0x18, b"\x03")
        capture.segment(CLIENT, 0x10)


def unanswered(capture: Capture, size: int) -> None:
    for i in range(size // 140):
        capture.pdu(CLIENT, read_request(VARIABLE, b"\x02\x03" + struct.pack(">I", i)[1:]))


def write_block(capture: Capture, name: bytes, value: bytes) -> None:
    asked = tlv(0xA0, variable(name)) + tlv(0xA0, value)
    capture.pdu(CLIENT, tlv(0xA0, INVOKE_ID + tlv(0xA5, asked)))
    capture.pdu(SERVER, tlv(0xA1, INVOKE_ID + tlv(0xA5, b"\x81\0")))


def read_block(capture: Capture, name: bytes, value: bytes) -> None:
    capture.pdu(CLIENT, read_request(variable(name)))
    capture.pdu(SERVER, read_response(value))


def two_reports(capture: Capture, rpt_id: bytes) -> None:
    for sq_num in (b"\0", b"\x01"):
        values = tlv(0x8A, rpt_id) + tlv(0x84, b"\x06\x40\0")
        values += tlv(0x86, sq_num) + tlv(0x84, b"\x07\x80") + b"\x83\x01\x01"
        listed = tlv(0xA1, tlv(0x80, b"RPT"))
        capture.pdu(SERVER, tlv(0xA3, tlv(0xA0, listed + tlv(0xA0, values))))


def blocks(capture: Capture, size: int) -> None:
    """Each block is enabled and reports twice, under an RptID of its own."""
    for i in range(size // 500):
        write_block(capture, b"LLN0$RP$urcb%05d$RptEna" % i, b"\x83\x01\x01")
        two_reports(capture, b"LD/LLN0$RP$urcb%05d" % i)


def blocks_read(capture: Capture, size: int) -> None:
    """The same, and RptID and DatSet of each are read between the reports: what is known of RptIDs changes."""
    for i in range(size // 1000):
        read_block(capture, b"LLN0$RP$urcb%05d$RptID" % i, tlv(0x8A, b"events%05d" % i))
        read_block(capture, b"LLN0$RP$urcb%05d$DatSet" % i, tlv(0x8A, b"LD/LLN0$ds%d" % (i % 7)))
        write_block(capture, b"LLN0$RP$urcb%05d$RptEna" % i, b"\x83\x01\x01")
        two_reports(capture, b"events%05d" % i)


def blocks_of_one_rpt_id(capture: Capture, size: int) -> None:
    """The same, but all blocks share one RptID."""
    for i in range(size // 1000):
        read_block(capture, b"LLN0$RP$urcb%05d$RptID" % i, tlv(0x8A, b"events"))
        read_block(capture, b"LLN0$RP$urcb%05d$DatSet" % i, tlv(0x8A, b"LD/LLN0$ds%d" % i))
        write_block(capture, b"LLN0$RP$urcb%05d$RptEna" % i, b"\x83\x01\x01")
        two_reports(capture, b"events")


def run(capture: Path, *options: str) -> tuple[float, int, int]:
    """Processor seconds, megabytes, and octets of output, of which no more than needed are read."""
    reader, writer = os.pipe()
    pid = os.posix_spawn(
        PROGRAM, [PROGRAM, *options, str(capture)], dict(os.environ),
        file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_CLOSE, reader)],
    )  # fmt: skip
    os.close(writer)
    octets = 0
    while chunk := os.read(reader, 1 << 20):
        octets += len(chunk)
        if octets > OUTPUT_PER_OCTET * SIZES[-1] * 4:
            break
    os.close(reader)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise AssertionError(f"exit status {os.waitstatus_to_exitcode(status)}: {options}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, octets


class Growth(unittest.TestCase):
    def check(self, make: Callable[[Capture, int], None]) -> None:
        seconds: dict[tuple[str, ...], list[float]] = {}
        for size in SIZES:
            capture = Capture()
            make(capture, size - 1000)
            with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
                file.write(capture.octets)
                file.flush()
                for options in COMMANDS:
                    with self.subTest(size=size, options=options):
                        took, megabytes, octets = run(Path(file.name), *options)
                        seconds.setdefault(options, []).append(took)
                        self.assertLess(octets, OUTPUT_PER_OCTET * len(capture.octets))
                        self.assertLess(megabytes, MEMORY_MB)
        for options, (half, whole) in seconds.items():
            with self.subTest(options=options):
                self.assertLess(whole, 3 * half + 0.5)


class Limits(unittest.TestCase):
    def test_more_rpt_ids_than_are_followed(self) -> None:
        """1040 blocks report without a fault: the limit is told, and nobody is blamed."""
        capture = Capture()
        blocks(capture, 1040 * 500)
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(capture.octets)
            file.flush()
            done = subprocess.run([PROGRAM, "--format", "json", file.name], capture_output=True, check=True)
        said = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
        self.assertIn("limit-reached", said)
        self.assertLessEqual(said, {"limit-reached", "initiate-missing", "no-close"})


for made in (
    failures, failures_of_nothing, empty_structures, open_structures, report, names,
    what_may_be_tpkts, tiny_fragments, pdus_of_one_value, values_of_one_tsdu, holes,
    holes_behind_requests, unanswered, blocks, blocks_read, blocks_of_one_rpt_id,
):  # fmt: skip
    setattr(Growth, f"test_{made.__name__}", lambda self, make=made: self.check(make))

if __name__ == "__main__":
    unittest.main()
