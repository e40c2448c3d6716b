#!/usr/bin/env python3
"""The everyday filters and names: --server, --client, --stream, --object, --from, --to, --name; and
--fail-on-incomplete."""

from __future__ import annotations

import unittest
from pathlib import Path

from support import (CAPTURES, FAULTY, LAB, RULES, FolderCase, assert_usage_error, main, messages, needs_lab, report,
                     run, without)

NO_MMS = RULES / "no-mms"


class Messages(unittest.TestCase):
    def setUp(self) -> None:
        self.all = messages(FAULTY)

    def test_a_server_or_client_that_is_not_there_selects_nothing(self) -> None:
        server = self.all[0]["dst"]
        host = server.rsplit(":", 1)[0]
        self.assertEqual(messages(FAULTY, "--server", host), self.all)
        self.assertEqual(messages(FAULTY, "--server", server), self.all)
        self.assertEqual(messages(FAULTY, "--server", "10.99.0.1"), [])
        self.assertEqual(messages(FAULTY, "--client", host + ":102"), [])
        self.assertEqual(messages(FAULTY, "--server", "10.99.0.1", "--server", host), self.all)

    def test_a_stream(self) -> None:
        streams = {m["stream"] for m in self.all}
        for stream in streams:
            self.assertEqual(messages(FAULTY, "--stream", str(stream)), [m for m in self.all if m["stream"] == stream])
        self.assertEqual(messages(FAULTY, "--stream", "999"), [])

    def test_an_object_is_followed_through_requests_answers_and_terminations(self) -> None:
        found = messages(FAULTY, "--object", "*CSWI1$CO$Pos")
        self.assertTrue(found)
        self.assertLess(len(found), len(self.all))
        kinds = {m["pdu"] for m in found}
        self.assertLessEqual({"confirmed-RequestPDU", "confirmed-ResponsePDU"}, kinds)
        requests = {m["frame"] for m in found if m["pdu"] == "confirmed-RequestPDU"}
        for message in found:
            self.assertTrue(message.get("request_frame") in requests or "CSWI1" in str(message), message)

    def test_a_block_is_followed_with_its_reports(self) -> None:
        capture = CAPTURES / "reports_urcb.pcapng"
        block = report(capture)["associations"][0]["report_control_blocks"][0]["reference"]
        found = messages(capture, "--object", block)
        self.assertTrue(any(m["pdu"] == "unconfirmed-PDU" for m in found))
        self.assertTrue(any(m["pdu"] == "confirmed-RequestPDU" for m in found))

    def test_times_are_of_day_absolute_or_relative(self) -> None:
        middle = self.all[len(self.all) // 2]["time"]
        later = [m for m in self.all if m["time"] >= middle]
        self.assertEqual(messages(FAULTY, "--from", middle), later)
        self.assertEqual(messages(FAULTY, "--from", middle.split("T")[1].rstrip("Z")), later)
        self.assertEqual(messages(FAULTY, "--to", middle), [m for m in self.all if m["time"] <= middle])
        self.assertEqual(messages(FAULTY, "--from", "+0", "--to", "+100000"), self.all)
        self.assertEqual(messages(FAULTY, "--from", "+100000"), [])

    def test_names_may_be_used_for_addresses(self) -> None:
        host = self.all[0]["dst"].rsplit(":", 1)[0]
        self.assertEqual(messages(FAULTY, "--name", f"{host}=bay one", "--server", "bay one"), self.all)

    def test_what_is_none_is_an_error(self) -> None:
        for option, value in (("--server", "relay"), ("--server", "10.0.0.2:x"), ("--client", "10.0.0"),
                              ("--from", "yesterday"), ("--to", "2026-02-30T10:00:00Z"), ("--name", "10.0.0.2"),
                              ("--name", "relay=x"), ("--name", "10.0.0.2="), ("--stream", "one")):
            with self.subTest(option, value=value):
                result = run("messages", option, value, FAULTY)
                self.assertEqual(result.status, 2)
                self.assertEqual(result.out, b"")
                self.assertIn(option, result.err)
        assert_usage_error(self, run("--from", "yesterday", FAULTY), "--from", "yesterday")


class Report(unittest.TestCase):
    def test_findings_and_associations_of_an_object_only(self) -> None:
        whole = report(FAULTY)
        chosen = report(FAULTY, "--object", "*CSWI1$CO$Pos")
        self.assertEqual(chosen["selection"], "object *CSWI1$CO$Pos")
        self.assertNotIn("selection", whole)
        self.assertLess(len(chosen["findings"]), len(whole["findings"]))
        self.assertTrue(all("CSWI1" in f["object"] for f in chosen["findings"]))
        # What is said of them was learnt from everything.
        of_whole = [without(f, ["cause_index"]) for f in whole["findings"]]
        self.assertTrue(all(without(f, ["cause_index"]) in of_whole for f in chosen["findings"]))

    def test_a_time_selects_findings(self) -> None:
        whole = report(FAULTY)["findings"]
        first = min(f["time"] for f in whole if "time" in f)
        chosen = report(FAULTY, "--to", first)["findings"]
        self.assertTrue(chosen)
        self.assertLess(len(chosen), len(whole))

    def test_a_selection_of_nothing_is_never_green(self) -> None:
        result = run("--server", "10.99.0.1", FAULTY)
        self.assertEqual(result.status, 1)
        self.assertIn("nothing in the capture is selected (server 10.99.0.1)", result.err)
        self.assertTrue(result.text.startswith("Nothing in the capture is selected"))

    def test_names_stand_beside_addresses_and_in_fingerprints(self) -> None:
        server = report(FAULTY)["servers"][0]["server"]
        host = server.rsplit(":", 1)[0]
        named = report(FAULTY, "--name", f"{host}=Bay 7")
        self.assertEqual(named["names"][host], "Bay 7")
        self.assertIn(f"{server} (Bay 7)", run("--fail-on", "never", "--name", f"{host}=Bay 7", FAULTY).text)
        before = {f["fingerprint"] for f in report(FAULTY)["findings"] if f["subject"].get("server") == server}
        after = {f["fingerprint"] for f in named["findings"] if f["subject"].get("server") == server}
        self.assertFalse(before & after)

    def test_the_name_of_an_ied_comes_from_its_logical_devices(self) -> None:
        whole = report(FAULTY)
        server = whole["servers"][0]["server"]
        name = whole["names"][server]
        self.assertTrue(whole["servers"][0]["logical_devices"][0].startswith(name))
        self.assertIn(f"{server} ({name})", run("--fail-on", "never", FAULTY).text)


class Incomplete(FolderCase):
    def test_loss_fails_only_where_asked_for(self) -> None:
        capture = RULES / "capture-loss/hit.pcap"
        self.assertEqual(run(capture).status, 0)
        result = run("--fail-on-incomplete", capture)
        self.assertEqual(result.status, 1)
        self.assertIn("can not prove health: capture-loss", result.err)
        self.assertEqual(run("--fail-on-incomplete", "--disable", "capture-loss", capture).status, 0)

    def test_one_direction_cut_and_encryption_fail_too(self) -> None:
        for rule in ("one-direction-capture", "truncated-packets", "capture-cut-short", "encrypted-connection"):
            with self.subTest(rule):
                capture = sorted((RULES / rule).glob("hit*.pcap"))[0]
                self.assertEqual(run("--fail-on-incomplete", "--fail-on", "never", capture).status, 1)
                self.assertIn(rule, report(capture)["verdict"]["unproven_by"])

    def test_a_whole_capture_passes(self) -> None:
        result = run("--fail-on-incomplete", RULES / "no-response/miss.pcap")
        self.assertEqual((result.status, result.err), (0, ""))


class NoMms(FolderCase):
    def test_each_case_says_what_was_there(self) -> None:
        for face, instead in (("empty", "nothing"), ("goose", "no-ip"), ("udp", "no-tcp"), ("tunnel", "tunnel"),
                              ("syns", "only-syns"), ("cotp-only", "not-opened"), ("other-port", "other-ports"),
                              ("tls-other-port", "other-ports"), ("cut", "cut")):
            with self.subTest(face):
                capture = NO_MMS / f"hit-{face}.pcap"
                found = [f for f in report(capture)["findings"] if f["rule"] == "no-mms"]
                self.assertEqual([f["evidence"]["instead"] for f in found], [instead])
                self.assertEqual(found[0]["severity"], "error")
                self.assertEqual(run(capture).status, 1)
                self.assertEqual(report(capture)["verdict"]["kind"], "no-mms")

    def test_a_filter_that_drops_everything_is_named(self) -> None:
        found = report(FAULTY, "-f", "tcp port 1")["findings"]
        self.assertEqual([f["evidence"]["instead"] for f in found if f["rule"] == "no-mms"], ["filtered-out"])

    def test_tls_and_s7comm(self) -> None:
        for capture, instead in (("encrypted-connection/hit.pcap", "tls"), ("foreign-protocol/hit.pcap", "s7comm"),
                                 ("foreign-protocol/hit-rdp.pcap", "other-protocol")):
            found = report(RULES / capture)["findings"]
            self.assertEqual([f["evidence"]["instead"] for f in found if f["rule"] == "no-mms"], [instead])

    def test_where_an_error_says_why_it_is_a_note(self) -> None:
        for options, severity in (((), "note"), (("--disable", "association-refused"), "error")):
            found = report(NO_MMS / "miss-refused.pcap", *options)["findings"]
            self.assertEqual([f["severity"] for f in found if f["rule"] == "no-mms"], [severity])

    @needs_lab
    def test_lab_captures_without_mms_are_never_green(self) -> None:
        for name in ("port102_not_mms.pcapng", "tls_3782.pcapng"):
            self.assertEqual(run(LAB / name).status, 1)


if __name__ == "__main__":
    main()
