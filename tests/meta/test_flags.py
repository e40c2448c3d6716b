#!/usr/bin/env python3
"""test_flags.py COMPILE_COMMANDS: every source of the program is compiled with the flags that harden
it. What is left of them in the program itself, hardening.py reads; not the level of fortification."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("-D_FORTIFY_SOURCE=3", "-D_GLIBCXX_ASSERTIONS", "-fstack-protector-strong", "-fPIE",
          "-Werror", "-Wall", "-Wextra")  # fmt: skip
# -fPIC, of what may become a shared library, does for a position-independent executable as well.
INSTEAD = {"-fPIE": "-fPIC"}
FORBIDDEN = ("-fno-stack-protector", "-D_FORTIFY_SOURCE=0", "-fpermissive", "-w",
             "-ffast-math", "-Ofast", "-march=native")  # fmt: skip


def problems(commands: list[dict[str, str]]) -> list[str]:
    found = []
    sources = 0
    for entry in commands:
        file = (Path(entry["directory"]) / entry["file"]).resolve()
        if not file.is_relative_to(ROOT / "src"):
            continue
        sources += 1
        flags = shlex.split(entry["command"])
        name = file.relative_to(ROOT)
        found += [f"{name}: without {flag}" for flag in NEEDED
                  if flag not in flags and INSTEAD.get(flag) not in flags]
        found += [f"{name}: with {flag}" for flag in FORBIDDEN if flag in flags]
        fortified = [flag for flag in flags if flag.startswith(("-D_FORTIFY", "-U_FORTIFY"))]
        if fortified[-1:] != ["-D_FORTIFY_SOURCE=3"]:
            found.append(f"{name}: its last word on fortification is {fortified[-1:]}")
    expected = len(list((ROOT / "src").rglob("*.cc")))
    if sources < expected:
        found.append(f"{sources} of {expected} sources are compiled")
    return found


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = problems(json.loads(Path(sys.argv[1]).read_text()))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
