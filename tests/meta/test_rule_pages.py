#!/usr/bin/env python3
"""rule_pages.py finds each promise that is not kept. The program is played by a script."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rule_pages  # noqa: E402

FIELDS = "field\ttype\t4.0\t4.6\nmms.old\tx\ty\t-\nmms.new\tx\t-\ty\nmms.invokeID\tx\ty\ty\n"
PAGE = """# late-answer

Use `--slow`.

## In Wireshark
```
mms.invokeID == 5
```
Newer versions: `mms.new`.

## Evidence
* `delay_ms`
"""


class RulePages(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path in ("docs/rules", "testdata", "tests/meta"):
            (self.root / path).mkdir(parents=True)
        (self.root / "tests" / "meta" / "wireshark_fields.tsv").write_text(FIELDS)
        (self.root / "testdata" / "a.pcap").touch()
        # An empty file is nothing that tshark reads; what it accepts is not tested here.
        which = shutil.which
        self.addCleanup(setattr, shutil, "which", which)
        shutil.which = lambda name: None
        self.program = self.root / "program"
        self.play("Ask less, or set --slow.")
        self.write(PAGE)

    def play(self, explanation: str) -> None:
        report = json.dumps({"findings": [{"rule": "late-answer", "evidence": {"delay_ms": 5}}]})
        self.program.write_text(
            f"#!{sys.executable}\nimport sys\n"
            f"if '--help' in sys.argv: print('  --slow S')\n"
            f"elif sys.argv[1] == 'explain': print({explanation!r})\n"
            f"else: print({report!r})\n")
        self.program.chmod(0o755)

    def write(self, page: str) -> None:
        (self.root / "docs" / "rules" / "late-answer.md").write_text(page)

    def problems(self) -> list[str]:
        return rule_pages.check(str(self.program), self.root)

    def assert_problem(self, page: str, *parts: str) -> None:
        self.write(page)
        problems = self.problems()
        self.assertEqual(len(problems), 1, problems)
        for part in ("late-answer.md", *parts):
            self.assertIn(part, problems[0])

    def test_promises_that_are_kept(self) -> None:
        self.assertEqual(self.problems(), [])

    def test_evidence_that_no_finding_has(self) -> None:
        self.assert_problem(PAGE + "* `holder`\n", "holder")

    def test_option_of_a_page(self) -> None:
        self.assert_problem(PAGE.replace("--slow", "--fast"), "--fast")

    def test_option_of_explain(self) -> None:
        self.play("Use --evidence.")
        self.assert_problem(PAGE, "--evidence")

    def test_filter_that_the_newer_wireshark_does_not_know(self) -> None:
        self.assert_problem(PAGE.replace("mms.invokeID", "mms.old"), "mms.old", "both")

    def test_filter_that_the_older_wireshark_does_not_know(self) -> None:
        self.assert_problem(PAGE.replace("mms.invokeID", "mms.new"), "mms.new", "both")

    def test_filter_with_a_field_that_is_none(self) -> None:
        self.assert_problem(PAGE.replace("mms.invokeID", "mms.nothing"), "mms.nothing")

    def test_new_field_of_the_text_without_saying_so(self) -> None:
        self.assert_problem(PAGE.replace("Newer versions", "Also"), "mms.new")

    def test_which_filters_tshark_refuses(self) -> None:
        tshark = self.root / "tshark"
        tshark.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('bad' in sys.argv[-1])\n")
        tshark.chmod(0o755)
        lines = ["good1", "bad1", "good2", "good3", "bad2"]
        self.assertEqual(rule_pages.refused_by_tshark(str(tshark), self.root, lines), ["bad1", "bad2"])


if __name__ == "__main__":
    unittest.main()
