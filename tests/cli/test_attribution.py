#!/usr/bin/env python3
"""Who failed says so itself: each error that the client of read_write_errors met stands in `messages`
beside the name of the object that it is about, and the members that succeeded have none."""

from __future__ import annotations

import json
import re
import unittest
from typing import Any

from support import LAB, Record, main, messages, needs_lab

SERVICES = {"vars": "getNameList", "nvls": "getNameList", "vaa": "getVariableAccessAttributes",
            "nvla": "getNamedVariableListAttributes", "readnvl": "read", "defnvl": "defineNamedVariableList",
            "fopen": "fileOpen", "fread": "fileRead", "fdel": "fileDelete"}

# `req` of the truth: verb, client, and what it is about.
WITH_ALTERNATE_ACCESS = re.compile(r"readac \w+ (\S+) (\S+) (\d+) (\S+)")


def refs_of(request: str) -> list[str]:
    """The objects that a request of the truth names, as `ref`; of a list its name is `data_set`."""
    alternate = WITH_ALTERNATE_ACCESS.fullmatch(request)
    if alternate:
        domain, array, index, component = alternate.groups()
        return [f"{domain}/{array}({index})${component}"]
    verb, _, domain, *words = request.split()
    if verb == "readm":
        return [f"{domain}/{item}" for item in words]
    if verb == "writem":  # item and value, by turns
        return [f"{domain}/{item}" for item in words[::2]]
    return [f"{domain}/{words[0]}"] if words else [domain]


def errors_of(entry: dict[str, Any]) -> list[str | None]:
    """Of the items in order; None for one that succeeded."""
    value = entry["value"] or {}
    if "array" in value:
        return [item.get("name") for item in value["array"]]
    if "name" in value:
        return [value["name"]]
    results = entry["accessResult"]
    results = results if isinstance(results, list) else [results]
    return [None if result == "success" else result for result in results]


def says(record: Record, refs: list[str], errors: list[str | None]) -> bool:
    items = record["items"]
    return ([item.get("ref") for item in items] == refs
            and [item.get("error") for item in items] == errors and record.get("ok") is False)


@needs_lab
class Attribution(unittest.TestCase):
    records: list[Record]
    errors: list[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.records = messages(LAB / "read_write_errors.pcapng")
        cls.errors = json.loads((LAB / "read_write_errors.truth.json").read_text())["errors"]

    def entries(self, *verbs: str) -> list[dict[str, Any]]:
        return [entry for entry in self.errors if entry["req"].split()[0] in verbs]

    def test_members_of_reads_and_writes(self) -> None:
        entries = self.entries("read", "readm", "readac", "write", "writem")
        self.assertEqual(len(entries), 21)
        for entry in entries:
            with self.subTest(entry["req"]):
                refs, errors = refs_of(entry["req"]), errors_of(entry)
                self.assertTrue(any(says(record, refs, errors) for record in self.records))

    def test_no_other_member_failed(self) -> None:
        expected = sum(error is not None for entry in self.entries("read", "readm", "readac", "write", "writem")
                       for error in errors_of(entry))
        failed = [item for record in self.records for item in record["items"] if "error" in item]
        others = [item for item in failed if item["ref"] == "AA1E1Q01CTRL/LLN0$RP$noRcb"]  # rcbget
        self.assertEqual((len(failed) - len(others), len(others)), (expected, 1))

    def test_requests_that_were_refused_as_a_whole(self) -> None:
        """Definitions, name lists, types, data sets, files: by the names of their requests."""
        for entry in self.entries(*SERVICES):
            with self.subTest(entry["req"]):
                verb, _, *words = entry["req"].split()
                name = "/".join(words[:2])
                expected = entry["mmsError"]

                def is_it(record: Record) -> bool:
                    if record.get("service") != SERVICES[verb]:
                        return False
                    if expected not in (record.get("error"), f"{record.get('error_class')}-{record.get('error')}"):
                        return False
                    if verb.startswith("f"):
                        file = record.get("file", {})
                        return words[0] in (file.get("name"), str(file.get("frsm_id")))
                    return name in [record.get("data_set"), *(item.get("ref") for item in record["items"])]
                found = [record for record in self.records if is_it(record)]
                self.assertEqual(len(found), 1, found)
                self.assertIs(found[0]["ok"], False)
                if verb == "defnvl":
                    self.assertEqual([item["ref"] for item in found[0]["items"]], words[2:])

    def test_a_deletion_without_effect(self) -> None:
        answers = [r for r in self.records if r.get("service") == "deleteNamedVariableList" and "ok" in r]
        self.assertEqual([(r["data_set"], r["ok"]) for r in answers], [("AA1E1Q01CTRL/LLN0$dsStat", False)])

    def test_members_of_reports(self) -> None:
        """What a report told under a name is what the server reported under it."""
        told = [item["ref"] for record in messages(LAB / "reports_urcb.pcapng") if "report" in record
                for item in record["items"]]
        self.assertGreater(len(told), 30)
        self.assertTrue(all(re.fullmatch(r"AA1E1Q01CTRL/\w+\$(ST|MX)\$\w+", ref) for ref in told))


if __name__ == "__main__":
    main()
