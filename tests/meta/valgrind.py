#!/usr/bin/env python3
"""valgrind.py PROGRAM CAPTURE...: the whole program under valgrind, once for each output: no invalid
access, no use of what was not set, no leak. Exit status: 0, 1 with what was found, 77 no valgrind."""

from __future__ import annotations

import shutil
import subprocess
import sys

KINDS = "definite,indirect,possible"
VALGRIND = (
    "valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
    f"--errors-for-leak-kinds={KINDS}", f"--show-leak-kinds={KINDS}",
)  # fmt: skip
OUTPUTS = (
    ("--format", "json"),
    ("--format", "text", "-v"),
    ("messages", "--format", "ndjson"),
    ("messages", "--format", "text"),
)


def main() -> int:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is missing")
        return 77
    failed = 0
    for capture in sys.argv[2:]:
        for options in OUTPUTS:
            done = subprocess.run(
                [*VALGRIND, sys.argv[1], *options, capture], capture_output=True, check=False
            )
            if done.returncode not in (0, 1):
                failed += 1
                print(f"{capture} {' '.join(options)}: exit status {done.returncode}")
                print(done.stderr.decode("utf-8", "replace")[-4000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
