#!/usr/bin/env python3
"""Filters select the frames that tshark selects: every second filter of filters.txt over a handful
of captures that are shipped, as one file. All filters over other captures: tools/compare_filters."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = [ROOT / "testdata" / name for name in (
    "captures/control_failures.pcapng",
    "captures/read_write_ok.pcapng",
    "captures/reports_urcb.pcapng",
    "scenarios/gi-and-integrity.pcap",
    "scenarios/refused-initiate-error.pcap",
)]


def main() -> int:
    program = os.environ.get("MMSANALYZE", str(ROOT / "build/release/src/mmsanalyze"))
    command = [sys.executable, "-B", str(ROOT / "tools/compare_filters"), "--merge", "--every", "2",
               "--mmsanalyze", program, "--skip-code", "77"]
    return subprocess.run(command + [str(path) for path in CAPTURES], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
