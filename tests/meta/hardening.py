#!/usr/bin/env python3
"""hardening.py PROGRAM: what the compiler and the linker can do against a bug that is left is on, and
the program can not reach a network or start another program.

Read with readelf. Prints what is missing. Exit status: 0 nothing, 1 something, 77 readelf is missing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable

SKIPPED = 77
# Functions that a program uses only to do what this one must not. libpcap's live half is of them.
NETWORK = {
    "socket", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "recvfrom",
    "recvmsg", "getaddrinfo", "gethostbyname", "gethostbyname_r", "gethostbyaddr", "getnameinfo",
    "pcap_open_live", "pcap_open", "pcap_create", "pcap_activate", "pcap_findalldevs",
    "pcap_lookupdev", "pcap_inject", "pcap_sendpacket",
}  # fmt: skip
PROGRAMS = {
    "system", "popen", "fork", "vfork", "posix_spawn", "posix_spawnp", "execl", "execle", "execlp",
    "execv", "execve", "execvp", "execvpe", "fexecve", "dlopen",
}  # fmt: skip
# Output must not depend on the locale: as long as nobody sets one, it is "C".
LOCALE = {
    "setlocale", "newlocale", "uselocale", "_ZNSt6localeC1EPKc", "_ZNSt6localeC2EPKc",
    "_ZNSt6locale6globalERKS_",
}  # fmt: skip
SHARED_PLACES = {"tmpnam", "tmpnam_r", "tempnam", "mktemp", "tmpfile"}


def readelf(option: str, program: str) -> str:
    return subprocess.run(
        ["readelf", option, "-W", program], capture_output=True, text=True, check=True
    ).stdout


def imported_functions(symbols: str) -> set[str]:
    return set(re.findall(r"\bUND\s+([^\s@]+)", symbols))


def missing(header: str, segments: str, dynamic: str, imports: set[str]) -> Iterable[str]:
    if not re.search(r"Type:\s+DYN", header) or "PIE" not in dynamic:
        yield "it is not a position-independent executable"
    if "GNU_RELRO" not in segments:
        yield "its relocations stay writable (RELRO)"
    if "BIND_NOW" not in dynamic and not re.search(r"Flags:.*\bNOW\b", dynamic):
        yield "its functions are bound late (BIND_NOW)"
    if "TEXTREL" in dynamic:
        yield "its code is written to when it is loaded (TEXTREL)"
    if re.search(r"\((RPATH|RUNPATH)\)", dynamic):
        yield "it looks for libraries in a path of its own (RPATH)"
    stack = re.search(r"GNU_STACK.*?\s(R[W ][E ])\s+0x", segments)
    if stack is None or "E" in stack.group(1):
        yield "its stack is executable"
    if re.search(r"LOAD.*\sRWE\s", segments):
        yield "it has memory that is writable and executable"
    if "__stack_chk_fail" not in imports:
        yield "the stack protector is off"
    if not any("__glibcxx_assert_fail" in name for name in imports):
        yield "the checks of the standard library are off (_GLIBCXX_ASSERTIONS)"
    if not any(re.fullmatch(r"__(mem|str|v?snprintf|v?f?printf)\w*_chk", name) for name in imports):
        yield "glibc's checks are off (_FORTIFY_SOURCE)"
    for names, what in (
        (NETWORK, "could reach a network"),
        (PROGRAMS, "could start a program"),
        (SHARED_PLACES, "could write to a shared place"),
        (LOCALE, "could write by the locale"),
    ):
        for name in sorted(imports & names):
            yield f"it {what} by {name}()"


def missing_of(program: str) -> list[str]:
    imports = imported_functions(readelf("--dyn-syms", program))
    parts = (readelf(option, program) for option in ("-h", "-l", "-d"))
    return list(missing(*parts, imports))


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if shutil.which("readelf") is None:
        print("skipped: readelf is missing")
        return SKIPPED
    lacks = missing_of(sys.argv[1])
    for line in lacks:
        print(f"{sys.argv[1]}: {line}")
    return 1 if lacks else 0


if __name__ == "__main__":
    sys.exit(main())
