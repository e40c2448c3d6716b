#!/usr/bin/env python3
"""The recipes of docs/recipes.md answer what they say, with jq and with DuckDB."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from support import PROGRAM, ROOT, RULES, TIMEOUT_S, main, run

PAGE = ROOT / "docs" / "recipes.md"
CAPTURES = ROOT / "testdata" / "captures"
INSTALL_TIMEOUT_S = 120
HERE = Path(__file__).resolve().parent


@dataclass
class Recipe:
    """One section of the page: a question, its answer with jq, its answer with SQL."""

    title: str
    jq: str
    sql: str


# What a row of the answer holds, on a capture that has it. By the number of the recipe.
EXPECTED: dict[int, tuple[Path, tuple[str, ...]]] = {
    1: (CAPTURES / "control_failures.pcapng", ("$CO$", "object-access-denied")),
    2: (CAPTURES / "reports_urcb.pcapng", ("2026-11-22T08:44:12.903000Z", "GGIO1$ST$Ind1", "data-change")),
    3: (CAPTURES / "control_failures.pcapng", ("$CO$", "false")),
    4: (RULES / "quality-bad" / "hit-questionable.pcap", ("questionable",)),
    5: (CAPTURES / "reports_urcb.pcapng", ("AA1E1Q01CTRL/LLN0$RP$urcbStat01", "general-interrogation")),
    6: (CAPTURES / "read_write_ok.pcapng", ("127.0.1.10:102", "read")),
    7: (RULES / "file-unclosed" / "miss.pcap", ("COMTRADE", "900")),
    8: (RULES / "report-gap" / "hit.pcap", ("IED1",)),
    9: (CAPTURES / "read_write_ok.pcapng", ("AA1E1Q01MEAS/",)),
    10: (CAPTURES / "control_failures.pcapng", ("10", "blocked-by-interlocking")),
}


def block(text: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", text, re.M | re.S)
    return found[1] if found else ""


def page() -> tuple[str, list[Recipe]]:
    """The statement that makes the table, and the recipes."""
    head, *sections = re.split(r"^## \d+\. ", PAGE.read_text(encoding="utf-8"), flags=re.M)
    return block(head, "sql setup"), [
        Recipe(section.splitlines()[0], block(section, "sh"), block(section, "sql"))
        for section in sections]


class Recipes(unittest.TestCase):
    setup: str
    recipes: list[Recipe]

    @classmethod
    def setUpClass(cls) -> None:
        cls.setup, cls.recipes = page()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write_messages(self, capture: Path) -> None:
        (self.folder / "messages.ndjson").write_bytes(
            run("messages", "--format", "ndjson", capture).out)

    def check(self, number: int, rows: list[str]) -> None:
        words = EXPECTED[number][1]
        self.assertTrue(any(all(word in row for word in words) for row in rows),
                        f"no row has {words}: {rows[:12]}")

    def by_jq(self, recipe: Recipe) -> list[str]:
        done = subprocess.run(["bash", "-c", "set -o pipefail; " + recipe.jq], cwd=self.folder,
                              capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.splitlines()

    def test_the_page_has_ten(self) -> None:
        self.assertEqual(len(self.recipes), len(EXPECTED))
        self.assertTrue(all(recipe.jq and recipe.sql for recipe in self.recipes))

    @unittest.skipUnless(shutil.which("jq"), "no jq")
    def test_jq(self) -> None:
        for number, recipe in enumerate(self.recipes, 1):
            with self.subTest(recipe.title):
                self.write_messages(EXPECTED[number][0])
                self.check(number, self.by_jq(recipe))


@functools.cache  # an installation that fails is not tried again
def duckdb() -> tuple[Optional[Path], str]:
    """The folder with DuckDB's npm package, installed when it is not there; or why there is none."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None, "no node or no npm"
    folder = Path(PROGRAM).resolve().parent / "duckdb"
    if not (folder / "node_modules" / "@duckdb" / "node-api").is_dir():
        try:
            folder.mkdir(exist_ok=True)
            done = subprocess.run(
                ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "@duckdb/node-api"],
                capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return None, f"npm could not install @duckdb/node-api: {error}"
        if done.returncode != 0:
            return None, f"npm could not install @duckdb/node-api: {done.stderr.strip()[-200:]}"
    return folder, ""


class DuckDb(Recipes):
    test_jq = None  # type: ignore[assignment]
    test_the_page_has_ten = None  # type: ignore[assignment]

    def by_sql(self, statement: str) -> list[list[object]]:
        where, why = duckdb()
        if where is None:
            self.skipTest(why)
        done = subprocess.run(
            ["node", str(HERE / "duckdb.mjs"), str(where)], capture_output=True, text=True,
            input=json.dumps({"sql": [self.setup, statement], "folder": str(self.folder)}),
            timeout=TIMEOUT_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[-1500:])
        answer: list[list[object]] = json.loads(done.stdout)[1]
        return answer

    def test_sql(self) -> None:
        for number, recipe in enumerate(self.recipes, 1):
            with self.subTest(recipe.title):
                self.write_messages(EXPECTED[number][0])
                rows = ["\t".join(map(str, row)).replace("False", "false")
                        for row in self.by_sql(recipe.sql)]
                self.check(number, rows)

    @unittest.skipUnless(shutil.which("jq"), "no jq")
    def test_both_find_the_same(self) -> None:
        """As many rows: of failures, events, bad qualities, latencies, transfers, holes, polls, causes."""
        for number in (1, 2, 4, 6, 7, 8, 9, 10):
            recipe = self.recipes[number - 1]
            with self.subTest(recipe.title):
                self.write_messages(EXPECTED[number][0])
                self.assertEqual(len(self.by_jq(recipe)), len(self.by_sql(recipe.sql)))


if __name__ == "__main__":
    main()
