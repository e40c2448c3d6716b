"""What the tests of the command line share: where things are, and running the program.

MMSANALYZE is the program; MMSA_SHARED moves the captures that are shared between checkouts.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence, TypeVar, Union

sys.dont_write_bytecode = True

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("MMSANALYZE", str(ROOT / "build/release/src/mmsanalyze"))
SHARED = Path(os.environ.get("MMSA_SHARED", ROOT.parent / "shared"))
LAB = SHARED / "captures/lab"
CAPTURES = ROOT / "testdata/captures"
RULES = ROOT / "testdata/rules"

# One capture with errors, one with nothing above a note, one with nothing at all.
FAULTY = CAPTURES / "control_failures.pcapng"
HEALTHY = CAPTURES / "reports_urcb.pcapng"
CLEAN = RULES / "no-response/miss.pcap"

SKIPPED = 77
TIMEOUT_S = 120

Record = dict[str, Any]
Argument = Union[str, Path]
T = TypeVar("T")
R = TypeVar("R")


class Result:
    """How a run of the program ended."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.status = done.returncode
        self.out = done.stdout or b""
        self.err = (done.stderr or b"").decode("utf-8", "replace")

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.out)

    def records(self) -> list[Record]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: Argument, stdin: Optional[bytes] = None,
        env: Optional[Mapping[str, str]] = None, cwd: Optional[Path] = None) -> Result:
    # Of the terminal that the tests are started from, which is not that of the program.
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment.update(env or {})
    return Result(subprocess.run(
        [PROGRAM, *map(str, arguments)], input=stdin if stdin is not None else b"",
        capture_output=True, timeout=TIMEOUT_S, check=False, env=environment, cwd=cwd))


def report(capture: Argument, *options: Argument) -> Record:
    result = run("--format", "json", "--fail-on", "never", *options, capture)
    if result.status != 0:
        raise AssertionError(f"{capture}: exit status {result.status}: {result.err}")
    return result.json()


def messages(capture: Argument, *options: Argument) -> list[Record]:
    result = run("messages", "--format", "ndjson", *options, capture)
    if result.status != 0:
        raise AssertionError(f"{capture}: exit status {result.status}: {result.err}")
    return result.records()


def lab_captures() -> list[Path]:
    return sorted(path for path in LAB.glob("*.pcap*") if not path.name.endswith(".json"))


def in_parallel(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))


needs_lab = unittest.skipUnless(LAB.is_dir(), f"no captures in {LAB}")


class FolderCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


def assert_usage_error(case: unittest.TestCase, result: Result, *parts: str) -> None:
    """Exit status 2, one line on standard error that names the problem, nothing else."""
    case.assertEqual(result.status, 2, result.err)
    case.assertEqual(result.out, b"")
    case.assertRegex(result.err, r"\Ammsanalyze: [^\n]+\n\Z")
    for part in parts:
        case.assertIn(part, result.err)


def finding_keys(analysed: Record) -> list[tuple[str, str, int]]:
    """What findings are, whatever the numbers of frames, streams and ports."""
    return sorted((f["rule"], f.get("object", ""), f["count"]) for f in analysed["findings"])


def without(record: Record, keys: Sequence[str]) -> Record:
    return {key: value for key, value in record.items() if key not in keys}


@functools.lru_cache(maxsize=None)
def rule_ids() -> tuple[str, ...]:
    lines = run("rules").text.splitlines()
    return tuple(line.split()[0] for line in lines if line and not line.startswith(" "))


def main() -> None:
    """Like unittest.main(), with CTest's status where every test was skipped."""
    program = unittest.main(module="__main__", exit=False)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.testsRun and len(result.skipped) == result.testsRun else 0)
