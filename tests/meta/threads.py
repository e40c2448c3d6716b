#!/usr/bin/env python3
"""threads.py ROOT: the two threads of the pipeline under clang's thread sanitizer. Builds tests/threads in
build/tsan (preset tsan) and runs it over captures of many associations, enough for the second thread to
start. Exit status: 0, 1 with what was found, 77 where there is no clang++-14."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

COMPILER = "clang++-14"
COPIES = 120
CAPTURES = (
    "testdata/rules/receiver-stalled/hit.pcap",
    "testdata/reported/segment_first_missing.pcap",
    "testdata/reported/port_reused_syn_not_captured.pcap",
    "testdata/rules/malformed-message/hit.pcap",
    "testdata/rules/capture-loss/hit.pcap",
)
FIRST_PORT = 20000
PORTS_AT = 14 + 20  # in an Ethernet frame with an IPv4 header without options
RACE = 66


def packets(octets: bytes) -> list[tuple[bytes, bytes]]:
    """Header and octets of the packets of a pcap file."""
    found, at = [], 24
    while at + 16 <= len(octets):
        (length,) = struct.unpack_from("<I", octets, at + 8)
        found.append((octets[at : at + 16], octets[at + 16 : at + 16 + length]))
        at += 16 + length
    return found


def with_port(packet: bytes, port: int) -> bytes:
    """The client's port, which is not 102, replaced."""
    source, target = struct.unpack_from(">2H", packet, PORTS_AT)
    ports = struct.pack(">2H", source if source == 102 else port, target if target == 102 else port)
    return packet[:PORTS_AT] + ports + packet[PORTS_AT + 4 :]


def many(capture: Path, copies: int) -> bytes:
    """The capture with each packet `copies` times, from as many clients."""
    octets = capture.read_bytes()
    return octets[:24] + b"".join(
        header + with_port(packet, FIRST_PORT + copy)
        for header, packet in packets(octets) for copy in range(copies))


def build(root: Path) -> Path:
    for command in (["cmake", "--preset", "tsan"], ["cmake", "--build", "--preset", "tsan", "-j", str(os.cpu_count())]):
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}:\n{(done.stdout + done.stderr)[-6000:]}")
    return root / "build" / "tsan" / "tests" / "threads" / "pipeline_threads"


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if shutil.which(COMPILER) is None:
        print(f"skipped: {COMPILER} is missing")
        return 77
    root = Path(sys.argv[1])
    program = build(root)
    failed = 0
    for capture in CAPTURES:
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(many(root / capture, COPIES))
            file.flush()
            done = subprocess.run([str(program), file.name], capture_output=True, text=True, check=False,
                                  env={**os.environ, "TSAN_OPTIONS": f"exitcode={RACE}"})
        print(f"{capture} x{COPIES}: {done.stdout.strip()}")
        counted = re.match(r"messages (\d+) .* second-thread 1$", done.stdout)
        if done.returncode != 0 or counted is None or int(counted[1]) < COPIES:
            failed += 1
            print(f"exit status {done.returncode}\n{done.stderr[-6000:]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
