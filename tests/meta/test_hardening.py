#!/usr/bin/env python3
"""hardening.py sees each thing that a program lacks: on one that is compiled to lack all of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

import hardening  # noqa: E402

SOURCE = """
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
int main(int argc, char **argv) {
  char buffer[64];
  strcpy(buffer, argv[argc - 1]);
  setlocale(LC_ALL, "");
  return system(buffer) + socket(AF_INET, SOCK_STREAM, 0);
}
"""
FLAGS = (
    "-O0 -w -no-pie -fno-pie -fno-stack-protector -U_FORTIFY_SOURCE "
    "-Wl,-z,norelro -Wl,-z,lazy -Wl,-z,execstack -Wl,-rpath,/nowhere"
).split()
EXPECTED = (
    "position-independent", "RELRO", "BIND_NOW", "RPATH", "stack is executable", "stack protector",
    "_GLIBCXX_ASSERTIONS", "_FORTIFY_SOURCE", "socket()", "system()", "setlocale()",
)  # fmt: skip


def main() -> int:
    compiler = shutil.which("gcc")
    if compiler is None or shutil.which("readelf") is None:
        print("skipped: gcc or readelf is missing")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        program = str(Path(folder) / "soft")
        subprocess.run(
            [compiler, "-x", "c", "-", "-o", program, *FLAGS], input=SOURCE, text=True, check=True
        )
        told = "\n".join(hardening.missing_of(program))
    unseen = [what for what in EXPECTED if what not in told]
    for what in unseen:
        print(f"not seen: {what}")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
