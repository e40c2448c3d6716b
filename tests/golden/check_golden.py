#!/usr/bin/env python3
"""The program's outputs against the files beside MANIFEST, byte for byte.

    check_golden.py                 checks all of them
    check_golden.py --update NAME   writes the named one anew, after a change that is wanted

MMSANALYZE is the program. Exit status: 0 all equal, 1 some differ, 2 wrong arguments.
"""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))

from craft.station import station  # noqa: E402
from craft.tcp import Trace  # noqa: E402

STATION = "station of "
CAPTURES = "testdata/captures"
PROGRAM = os.environ.get("MMSANALYZE", str(ROOT / "build/release/src/mmsanalyze"))
MOST_LINES = 30
LONGEST = 200


@dataclass(frozen=True)
class Golden:
    name: str
    arguments: list[str]
    servers: int = 0  # of a station that is made for it and read from standard input

    @property
    def path(self) -> Path:
        return HERE / self.name


def manifest() -> list[Golden]:
    found = []
    for line in (HERE / "MANIFEST").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, capture, arguments = (cell.strip() for cell in line.split("|"))
            words = shlex.split(arguments)
            if capture.startswith(STATION):
                found.append(Golden(name, [*words, "-"], int(capture.removeprefix(STATION))))
                continue
            found.append(Golden(name, words + ([f"{CAPTURES}/{capture}"] if capture else [])))
    return found


def output_of(golden: Golden) -> bytes:
    """From the root of the repository, so that paths in the output are the same everywhere."""
    capture = Trace(frames=list(station(golden.servers))).pcap() if golden.servers else b""
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run([PROGRAM, *golden.arguments], cwd=ROOT, capture_output=True, timeout=60, input=capture,
                          check=False, env={**environment, "TZ": "UTC"})
    if done.returncode not in (0, 1) or done.stderr:
        raise SystemExit(f"{golden.name}: exit status {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def difference(golden: Golden, expected: bytes, found: bytes) -> list[str]:
    lines = difflib.unified_diff(expected.decode().splitlines(), found.decode().splitlines(),
                                 f"{golden.name} (golden)", f"{golden.name} (now)", lineterm="", n=0)
    return [line[:LONGEST] for _, line in zip(range(MOST_LINES), lines)]


def check() -> int:
    goldens = manifest()
    failed = 0
    for golden in goldens:
        expected = golden.path.read_bytes() if golden.path.is_file() else b""
        found = output_of(golden)
        if found == expected and found:
            continue
        failed += 1
        print("\n".join(difference(golden, expected, found)) or f"{golden.name}: empty")
        print(f"If that is wanted: tools/update_golden {golden.name}\n")
    strays = {p.name for p in HERE.iterdir() if p.suffix in (".txt", ".json", ".ndjson")}
    strays -= {golden.name for golden in goldens} | {"CMakeLists.txt"}
    for name in sorted(strays):
        print(f"{name}: not in MANIFEST")
    print(f"{len(goldens) - failed} equal, {failed} differ")
    return 1 if failed or strays else 0


def update(name: str) -> int:
    for golden in manifest():
        if golden.name == name:
            golden.path.write_bytes(output_of(golden))
            return 0
    print(f"update_golden: not in {HERE / 'MANIFEST'}: {name}", file=sys.stderr)
    return 2


def main(arguments: list[str]) -> int:
    if not arguments:
        return check()
    if len(arguments) == 2 and arguments[0] == "--update":
        return update(arguments[1])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
