#!/usr/bin/env python3
"""No octet of an ACSE password reaches any output, neither as text nor as hex, however the
association request that carries it is damaged: test_secrets.py [EVERY]

Changes each octet of the request that is not the password's, several ways, and looks for four
octets of the password in a row. EVERY: only each so manyth mutant, for a short run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MMSANALYZE", str(ROOT / "build/release/src/mmsanalyze"))
SHARED = Path(os.environ.get("MMSA_SHARED", ROOT.parent / "shared"))
CAPTURE = SHARED / "captures/lab/auth_password_ok.pcapng"
TAG = b"\x80"  # charstring of Authentication-value, in calling-authentication-value [12]
SKIPPED = 77
OUTPUTS = (
    ("--format", "json"),
    ("--format", "text", "-v"),
    ("messages", "--format", "ndjson"),
    ("messages", "--format", "text"),
)


def find_password(file: bytes) -> tuple[int, int]:
    """Where it is: in [12] EXPLICIT of the AARQ, which the mechanism 2.2.3.1 stands before."""
    mechanism = file.find(b"\x8b\x03\x52\x03\x01")
    if mechanism < 0 or file[mechanism + 5] != 0xAC or file[mechanism + 7 : mechanism + 8] != TAG:
        sys.exit(f"{CAPTURE} has no password where it is expected")
    begin = mechanism + 9
    return begin, begin + file[mechanism + 8]


def mutants(file: bytes, password: tuple[int, int]) -> Iterator[bytes]:
    yield file
    begin = file.rfind(b"\x03\x00", 0, password[0])  # the TPKT
    end = begin + int.from_bytes(file[begin + 2 : begin + 4], "big")
    for at in range(begin, end):
        if password[0] <= at < password[1]:
            continue
        for value in {0, 0x7F, 0x80, 0xFF, file[at] ^ 1, file[at] ^ 0x20, (file[at] + 9) & 0xFF}:
            if value != file[at]:
                yield file[:at] + bytes([value]) + file[at + 1 :]


def traces(secret: bytes) -> list[bytes]:
    """What may not stand in an output: four octets of the secret as text or as hex."""
    parts = [secret[i : i + 4] for i in range(len(secret) - 3)]
    return parts + [part.hex().encode() for part in parts]


def main() -> int:
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    if not CAPTURE.exists():
        print(f"skipped: {CAPTURE} is not there")
        return SKIPPED
    file = CAPTURE.read_bytes()
    password = find_password(file)
    forbidden = traces(file[password[0] : password[1]])
    told = tested = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.pcapng"
        for mutant in list(mutants(file, password))[::every]:
            path.write_bytes(mutant)
            tested += 1
            for options in OUTPUTS:
                done = subprocess.run(
                    [PROGRAM, *options, str(path)], capture_output=True, timeout=60, check=False
                )
                if done.returncode not in (0, 1):
                    print(f"exit status {done.returncode}: {done.stderr[:500]!r}")
                    return 1
                found = [part for part in forbidden if part in done.stdout + done.stderr]
                if found:
                    told += 1
                    at = next(i for i in range(len(file)) if file[i] != mutant[i])
                    print(f"octet {at}, {file[at]:#04x} -> {mutant[at]:#04x}: {options}: {found[0]!r}")
    print(f"{tested} mutants, {told} outputs tell octets of the password")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
