#!/usr/bin/env python3
"""`messages` for people: each line says what it is about, answers too, in words and by name."""

from __future__ import annotations

import re
import unittest
from pathlib import Path

from support import CAPTURES, LAB, main, needs_lab, run


def lines(capture: Path) -> dict[int, str]:
    """Text behind the addresses, by frame."""
    found = (re.match(r" *(\d+) .* > \S+  (.*)", line)
             for line in run("messages", capture).text.splitlines())
    return {int(line[1]): line[2] for line in found if line}


class Commands(unittest.TestCase):
    def setUp(self) -> None:
        self.lines = lines(CAPTURES / "control_failures.pcapng")

    def test_a_refused_command_says_object_value_and_error(self) -> None:
        self.assertRegex(self.lines[36], r"^Operate FAILED #12 [\d.]+ ms  AA1E1Q01CTRL/CSWI1\$CO\$Pos\$Oper "
                                         r"ctlVal true ctlNum 0: object-access-denied$")

    def test_last_appl_error_is_told_in_words(self) -> None:
        self.assertEqual(self.lines[40], "LastApplError  AA1E1Q01CTRL/CSWI1$CO$Pos$SBOw ctlNum 1: "
                                         "blocked-by-interlocking (AddCause 10)")

    def test_terminations_have_their_sign(self) -> None:
        self.assertEqual(self.lines[137], "CommandTermination +  AA1E1Q01CTRL/GGIO1$CO$SPCSO3$Oper ctlNum 3")
        self.assertEqual(self.lines[76], "CommandTermination -  AA1E1Q01CTRL/CSWI1$CO$Pos$Oper ctlNum 4: "
                                         "invalid-position (AddCause 4)")


class Reports(unittest.TestCase):
    def test_an_answer_to_a_write_says_what_was_written(self) -> None:
        of = lines(CAPTURES / "reports_urcb.pcapng")
        self.assertRegex(of[25], r"^SetURCBValues ok #8 [\d.]+ ms  \S+urcbStat01\$RptEna=true$")

    def test_a_report_says_why_and_names_its_members(self) -> None:
        of = lines(CAPTURES / "reports_urcb.pcapng")
        self.assertRegex(of[30], r"SqNum=1 data-change 1/9 members  AA1E1Q01CTRL/GGIO1\$ST\$Ind1=\{true, good")

    @needs_lab
    def test_members_are_named_by_the_data_set_where_the_report_does_not(self) -> None:
        found = [line for line in lines(LAB / "reports_segmented.pcapng").values() if "Report" in line]
        self.assertTrue(found)
        self.assertFalse([line for line in found if "[0]=" in line])


class Files(unittest.TestCase):
    @needs_lab
    def test_one_acsi_service_says_which_step_it_is(self) -> None:
        of = lines(LAB / "files.pcapng")
        self.assertRegex(of[15], r'^GetFile request #3 open  "COMTRADE/FRA00042.cfg"$')
        self.assertRegex(of[18], r"^GetFile ok #4 [\d.]+ ms read frsmID=0 486 octets$")
        self.assertRegex(of[20], r"^GetFile ok #5 [\d.]+ ms close frsmID=0$")


class Directories(unittest.TestCase):
    @needs_lab
    def test_a_directory_says_whose_it_is_and_how_long(self) -> None:
        of = lines(LAB / "assoc_ok_browse.pcapng")
        self.assertRegex(of[17], r"GetLogicalDeviceDirectory ok #4 [\d.]+ ms  AA1E1Q01CTRL  118 names, more follow$")


class Selects(unittest.TestCase):
    @needs_lab
    def test_an_empty_answer_refuses_a_select(self) -> None:
        of = lines(LAB / "control_select_failed.pcapng")
        self.assertRegex(of[40], r"^Select FAILED .*GGIO7\$CO\$Sbo\$SBO: not selected \(empty answer\)$")


if __name__ == "__main__":
    main()
