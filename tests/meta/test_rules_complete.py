#!/usr/bin/env python3
"""rules_complete.py finds each thing that a rule may lack. The program is played by a script."""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rules_complete  # noqa: E402

LISTING = "late-answer  warning  The answer came\n                      late\n"
EXPLANATION = """late-answer (warning): The answer came late

Raised when
  It takes long.

Likely cause
  The server is busy.

Next step
  Poll less.

Reference
  ISO 9506-2
"""
PAGE = """# late-answer

**warning**: The answer came late

## Raised when
It takes long.

## Not raised when
It is quick.

## In Wireshark
```
mms
```

## Likely causes
- A busy server.

## What to do
1. Poll less.
"""
INDEX = "| rule | severity | title |\n|---|---|---|\n| [late-answer](late-answer.md) | warning | The answer came late |\n"


class RulesComplete(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.pages = self.root / "docs" / "rules"
        self.captures = self.root / "testdata" / "rules" / "late-answer"
        self.pages.mkdir(parents=True)
        self.captures.mkdir(parents=True)
        (self.pages / "README.md").write_text(INDEX)
        (self.pages / "late-answer.md").write_text(PAGE)
        for name in ("hit.pcap", "miss-retransmission.pcap"):
            (self.captures / name).touch()
        self.expect = self.captures.parent / "EXPECT.json"
        self.expect.write_text(json.dumps(
            [{"capture": "late-answer/hit.pcap", "findings": [{"rule": "late-answer"}]}]))
        self.program = self.root / "program"
        self.play(LISTING, EXPLANATION)

    def play(self, listing: str, explanation: str, status: int = 0) -> None:
        self.program.write_text(
            f"#!{sys.executable}\nimport sys\n"
            f"print({listing!r} if sys.argv[1] == 'rules' else {explanation!r}, end='')\n"
            f"sys.exit({status})\n")
        self.program.chmod(0o755)

    def problems(self) -> list[str]:
        return rules_complete.check(str(self.program), self.root)

    def assert_problem(self, *parts: str) -> None:
        problems = self.problems()
        self.assertEqual(len(problems), 1, problems)
        for part in parts:
            self.assertIn(part, problems[0])

    def test_complete(self) -> None:
        self.assertEqual(self.problems(), [])

    def test_not_raised_for_may_be_absent_from_the_row(self) -> None:
        self.assertNotIn("Not raised for", EXPLANATION)
        self.assertEqual(self.problems(), [])

    def test_no_page(self) -> None:
        (self.pages / "late-answer.md").unlink()
        self.assert_problem("no page")

    def test_page_without_row(self) -> None:
        (self.pages / "other.md").write_text(PAGE)
        self.assert_problem("docs/rules/other.md", "no such rule")

    def test_page_of_another_rule(self) -> None:
        (self.pages / "late-answer.md").write_text(PAGE.replace("# late-answer", "# slow-answer"))
        self.assert_problem("does not begin with")

    def test_page_with_another_severity(self) -> None:
        (self.pages / "late-answer.md").write_text(PAGE.replace("**warning**", "**error**"))
        self.assert_problem("lacks the line")

    def test_page_without_a_section(self) -> None:
        for heading in rules_complete.HEADINGS:
            with self.subTest(heading):
                (self.pages / "late-answer.md").write_text(PAGE.replace(f"## {heading}\n", "## Else\n"))
                self.assert_problem("no section", heading)

    def test_page_with_an_empty_section(self) -> None:
        (self.pages / "late-answer.md").write_text(PAGE.replace("It is quick.\n", ""))
        self.assert_problem("is empty", "Not raised when")

    def test_page_with_an_empty_last_section(self) -> None:
        (self.pages / "late-answer.md").write_text(PAGE.replace("1. Poll less.\n", ""))
        self.assert_problem("is empty", "What to do")

    def test_no_hit(self) -> None:
        (self.captures / "hit.pcap").rename(self.captures / "hit.txt")
        self.assert_problem("hit*.pcap")

    def test_no_miss(self) -> None:
        (self.captures / "miss-retransmission.pcap").unlink()
        self.assert_problem("miss*.pcap")

    def test_hit_without_a_demand(self) -> None:
        self.expect.write_text(json.dumps([{"capture": "late-answer/hit.pcap", "must": {"late-answer": 1}}]))
        self.assert_problem("hit.pcap", "EXPECT.json")

    def test_hit_with_a_demand_for_another_rule(self) -> None:
        self.expect.write_text(json.dumps(
            [{"capture": "late-answer/hit.pcap", "findings": [{"rule": "early-answer"}]}]))
        self.assert_problem("hit.pcap", "EXPECT.json")

    def test_captures_without_row(self) -> None:
        (self.captures.parent / "other").mkdir()
        self.assert_problem("testdata/rules/other", "no such rule")

    def test_row_without_a_text(self) -> None:
        for title in rules_complete.TEXTS:
            with self.subTest(title):
                begin = EXPLANATION.index(f"{title}\n  ") + len(title) + 1
                end = EXPLANATION.index("\n", begin)
                self.play(LISTING, EXPLANATION[:begin] + EXPLANATION[end:])
                self.assert_problem("no text", title)

    def test_row_without_a_title(self) -> None:
        self.play("late-answer  warning\n", EXPLANATION)
        self.assertIn("late-answer: the row has no title", self.problems())

    def test_row_without_a_severity(self) -> None:
        self.play("late-answer  grave  The answer came late\n", EXPLANATION)
        self.assertIn("late-answer: 'grave' is not a severity", self.problems())

    def test_row_that_stands_twice(self) -> None:
        self.play(LISTING + LISTING, EXPLANATION)
        self.assertIn("late-answer: the table has this id twice", self.problems())

    def test_no_rows(self) -> None:
        self.play("", EXPLANATION)
        self.assertIn("the table has no rows", self.problems())

    def test_not_in_the_index(self) -> None:
        (self.pages / "README.md").write_text("")
        self.assert_problem("not in docs/rules/README.md")

    def test_index_names_no_rule(self) -> None:
        (self.pages / "README.md").write_text(INDEX + "| [gone](gone.md) | note | Gone |\n")
        self.assert_problem("docs/rules/README.md: no such rule: gone")

    def test_program_fails(self) -> None:
        self.play(LISTING, EXPLANATION, status=2)
        self.assertEqual(rules_complete.main([str(self.program), str(self.root)]), 2)

    def test_no_program(self) -> None:
        self.assertEqual(rules_complete.main([str(self.root / "none"), str(self.root)]), 2)


if __name__ == "__main__":
    unittest.main()
