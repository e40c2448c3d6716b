#!/usr/bin/env python3
"""Where captures come from: standard input, compressed files, several files, files cut short."""

from __future__ import annotations

import gzip
import itertools
import shutil
import subprocess
import unittest
from pathlib import Path

import pcap
from support import FAULTY, HEALTHY, FolderCase, main, messages, report, run


def as_pcap(frames: list[pcap.Frame], path: Path) -> Path:
    pcap.write(path, [(frame.time_ns, frame.data) for frame in frames], frames[0].link_type)
    return path


class Standard(FolderCase):
    def test_input(self) -> None:
        octets = FAULTY.read_bytes()
        from_file = run("messages", "--format", "ndjson", FAULTY)
        from_input = run("messages", "--format", "ndjson", "-", stdin=octets)
        self.assertEqual((from_input.status, from_input.err), (0, ""))
        self.assertEqual(from_input.out, from_file.out)
        self.assertEqual(run("-", stdin=octets).status, 1)

    def test_compressed_input(self) -> None:
        packed = gzip.compress(FAULTY.read_bytes(), mtime=0)
        self.assertEqual(run("messages", "-", stdin=packed).out, run("messages", FAULTY).out)

    def test_empty_capture_is_no_error(self) -> None:
        path = as_pcap([pcap.Frame(0, 0, pcap.ETHERNET, b"")], self.folder / "empty.pcap")
        path.write_bytes(path.read_bytes()[:24])
        self.assertEqual(report(path)["capture"]["packets"], 0)
        self.assertEqual(run("messages", path).out, b"")
        self.assertEqual(run("messages", "--format", "json", path).json(), [])


class Compressed(FolderCase):
    def assert_same(self, path: Path) -> None:
        self.assertEqual(messages(path), messages(FAULTY))
        self.assertEqual(report(path)["findings"], report(FAULTY)["findings"])

    def test_gzip(self) -> None:
        self.assert_same(self.write("a.pcapng.gz", gzip.compress(FAULTY.read_bytes())))

    def test_the_content_counts_not_the_name(self) -> None:
        self.assert_same(self.write("a.pcap", gzip.compress(FAULTY.read_bytes())))
        self.assert_same(self.write("b.gz", FAULTY.read_bytes()))

    def test_gzip_of_several_members(self) -> None:
        octets = FAULTY.read_bytes()
        self.assert_same(self.write("a.gz", gzip.compress(octets[:999]) + gzip.compress(octets[999:])))

    @unittest.skipUnless(shutil.which("zstd"), "no zstd")
    def test_zstd(self) -> None:
        done = subprocess.run(["zstd", "-q", "-c", str(FAULTY)], capture_output=True, check=True)
        self.assert_same(self.write("a.pcapng.zst", done.stdout))

    def test_cut_gzip_is_read_as_far_as_it_goes(self) -> None:
        packed = gzip.compress(FAULTY.read_bytes())
        cut = self.write("cut.gz", packed[:len(packed) // 2])
        analysed = report(cut)
        self.assertGreater(analysed["capture"]["packets"], 10)
        self.assertIn("capture-cut-short", {f["rule"] for f in analysed["findings"]})


class Several(FolderCase):
    """A ring buffer's files are one trace, whatever their order on the command line."""

    def setUp(self) -> None:
        super().setUp()
        frames = pcap.read(FAULTY)
        third = len(frames) // 3
        self.parts = [
            as_pcap(part, self.folder / f"ring_{i}.pcap")
            for i, part in enumerate((frames[:third], frames[third:2 * third], frames[2 * third:]))]

    def test_streams_continue_from_file_to_file(self) -> None:
        whole = run("messages", "--format", "ndjson", FAULTY).out
        self.assertEqual(run("messages", "--format", "ndjson", *self.parts).out, whole)

    def test_any_order(self) -> None:
        for order in itertools.permutations(self.parts):
            for arguments in (("messages",), ("messages", "--format", "ndjson"),
                              ("--format", "json"), ("--format", "text")):
                with self.subTest(order=[p.name for p in order], arguments=arguments):
                    self.assertEqual(run(*arguments, *order).out, run(*arguments, *self.parts).out)

    def test_different_traces(self) -> None:
        both = report(FAULTY)["summary"]["messages"] + report(HEALTHY)["summary"]["messages"]
        one = run("messages", "--format", "ndjson", FAULTY, HEALTHY)
        self.assertEqual(len(one.records()), both)
        self.assertEqual(one.out, run("messages", "--format", "ndjson", HEALTHY, FAULTY).out)


class Cut(FolderCase):
    """A file that ends in a packet: an interrupted copy. It is analysed up to there."""

    def cut(self, capture: Path, share: float) -> Path:
        octets = capture.read_bytes()
        return self.write("cut" + capture.suffix, octets[:int(len(octets) * share) // 4 * 4 - 6])

    def test_is_analysed_with_a_finding(self) -> None:
        analysed = report(self.cut(HEALTHY, 0.7))
        self.assertEqual({f["rule"] for f in analysed["findings"] if f["severity"] != "note"},
                         {"capture-cut-short"})
        self.assertGreater(analysed["summary"]["messages"], 10)

    def test_findings_decide_the_exit_status(self) -> None:
        self.assertEqual(run(self.cut(FAULTY, 0.9)).status, 1)
        healthy = self.cut(HEALTHY, 0.7)
        self.assertEqual(run(healthy).status, 0)
        self.assertEqual(run("--fail-on", "warning", healthy).status, 1)

    def test_messages_up_to_the_cut_and_a_word_on_standard_error(self) -> None:
        path = self.cut(HEALTHY, 0.7)
        result = run("messages", "--format", "ndjson", path)
        self.assertEqual(result.status, 0)
        self.assertIn("ends inside a packet", result.err)
        records = result.records()
        self.assertGreater(len(records), 10)
        self.assertEqual(records, messages(HEALTHY)[:len(records)])

    def test_any_length(self) -> None:
        """No cut crashes the program or makes it say nothing."""
        octets = HEALTHY.read_bytes()
        for length in [*range(0, 400, 13), *range(400, len(octets), 997)]:
            with self.subTest(length=length):
                result = run(self.write("cut.pcapng", octets[:length]))
                self.assertIn(result.status, (0, 1, 2))
                # 1: what is left holds no message.
                self.assertEqual(result.status == 1, b"No MMS message" in result.out)
                self.assertEqual(result.status == 2, result.out == b"")


if __name__ == "__main__":
    main()
