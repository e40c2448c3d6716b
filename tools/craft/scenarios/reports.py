"""Sequence numbers and segments of reports."""

from __future__ import annotations

from .. import data
from ..association import Association, associate
from ..registry import hit, miss, scenario
from ..reporting import (BRCB_FIELDS, BUF_OVFL, DATA_REF, ENTRY_ID, INTEGRITY, SQ_NUM, URCB_FIELDS,
                         ReportControl)
from ..tcp import Trace

BRCB = "IED1CTRL/LLN0$BR$brcb01"
URCB = "IED1CTRL/LLN0$RP$urcb01"
GAP_RULES = ["report-gap", "report-gap-uncertain", "report-repeated"]


def buffered(a: Association, **changes: object) -> ReportControl:
    return ReportControl(a, name=BRCB, fields=BRCB_FIELDS, **changes)


def from_the_middle(t: Trace, name: str, sq_num: int, **changes: object) -> ReportControl:
    """A block whose reports have run for an hour before the capture starts; `sq_num` comes next."""
    a = associate(t)
    block = buffered(a, **changes) if name == BRCB else ReportControl(a, name=name, **changes)
    block.start(after_entry=bytes(8) if block.buffered else None)
    t.wait(3600)
    t.frames.clear()
    a.read_status()
    block.sq_num = block.entry = sq_num
    return block


# --- report-gap ---
@hit("report-gap")
@scenario("report-gap-tcp-whole", must={"report-gap": 1}, must_not=["report-gap-uncertain", "capture-loss"])
def two_missing(t: Trace) -> None:
    """Unbuffered SqNum goes 0, 1, 4, 5 in a TCP stream that is whole: two reports were never sent."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.report()
    block.lose(2)
    block.report()
    block.report()
    a.release()


@hit("report-gap", "buffered")
def buffered_missing(t: Trace) -> None:
    """Buffered SqNum goes 0, 1, 2, 6, 7, and the EntryIDs skip as well."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    for _ in range(3):
        block.report()
    block.lose(3)
    block.report()
    block.report()
    a.release()


@hit("report-gap", "at-wrap")
def missing_at_wrap(t: Trace) -> None:
    """Unbuffered SqNum goes 253, 254, 1, 2: 255 and 0 are missing."""
    block = from_the_middle(t, URCB, 253)
    block.report()
    block.report()
    block.lose(2)
    block.report()
    block.report()
    block.association.release()


@miss("report-gap", "wrap-unbuffered")
@scenario("sqnum-wrap-255", must_not=GAP_RULES)
def wrap_unbuffered(t: Trace) -> None:
    """Unbuffered SqNum goes 253, 254, 255, 0, 1."""
    block = from_the_middle(t, URCB, 253)
    for _ in range(5):
        block.report()
    block.association.release()


@miss("report-gap", "wrap-unknown-kind")
def wrap_unknown(t: Trace) -> None:
    """SqNum goes from 255 to 0, and neither RptID nor fields tell whether the block is buffered."""
    block = from_the_middle(t, URCB, 253, rpt_id="events1", fields=frozenset({SQ_NUM}))
    for _ in range(5):
        block.report()
    block.association.release()


@miss("report-gap", "wrap-buffered")
@scenario("sqnum-wrap-65535", must_not=GAP_RULES)
def wrap_buffered(t: Trace) -> None:
    """Buffered SqNum goes 65533, 65534, 65535, 0, 1."""
    block = from_the_middle(t, BRCB, 65533)
    for _ in range(5):
        block.report()
    block.association.release()


@miss("report-gap", "past-255-buffered")
def no_wrap_at_255(t: Trace) -> None:
    """Buffered SqNum goes 254, 255, 256, 257: it does not wrap at 255."""
    block = from_the_middle(t, BRCB, 254)
    for _ in range(4):
        block.report()
    block.association.release()


@miss("report-gap", "restart")
@scenario("sqnum-restart-at-enable", must_not=GAP_RULES)
def restart(t: Trace) -> None:
    """SqNum goes 0, 1, 2; the block is disabled and enabled again; SqNum goes 0, 1."""
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(3):
        block.report()
    block.disable()
    t.wait(1)
    block.enable()
    block.report()
    block.report()
    a.release()


def segmented(block: ReportControl, sub_numbers: tuple[int, ...], last: int) -> None:
    block.association.trace.wait(0.3)
    event = block.association.trace.server_time - 0.002
    for number in sub_numbers:
        included = "".join("1" if n == number else "0" for n in range(3))
        block.send(included=included, segment=(number, number != last), at=event)


@miss("report-gap", "segments")
@miss("report-segment-missing")
@miss("report-repeated", "segments")
@scenario("segments-with-one-sqnum", must_not=[*GAP_RULES, "report-segment-missing"])
def segments(t: Trace) -> None:
    """A report in three segments that share SqNum 1, between unsegmented ones with 0 and 2."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    segmented(block, (0, 1, 2), last=2)
    block.report()
    a.release()


@miss("report-gap", "shared-rptid")
@miss("report-repeated", "shared-rptid")
@scenario("two-instances-one-rptid", must_not=GAP_RULES)
def shared_rpt_id(t: Trace) -> None:
    """Two instances of a block are enabled in one association and share RptID and data set; each counts
    SqNum for itself, and the second starts three reports later."""
    a = associate(t)
    first = ReportControl(a, rpt_id="station", name=URCB).start()
    for _ in range(3):
        first.report()
    second = ReportControl(a, rpt_id="station", name="IED1CTRL/LLN0$RP$urcb02").start()
    for _ in range(3):
        first.report()
        second.send()
    a.release()


@miss("report-gap", "gi-and-integrity")
@scenario("gi-and-integrity", must_not=[*GAP_RULES, "report-stopped"])
def gi_and_integrity(t: Trace) -> None:
    """A general interrogation and integrity reports every second count SqNum on, with data changes between."""
    a = associate(t)
    block = ReportControl(a, integrity_ms=1000).start()
    block.interrogate()
    for _ in range(3):
        block.report(wait=0.6)
        block.report(wait=0.4, included="111", reason=INTEGRITY)
    a.release()


@miss("report-gap", "buftm")
@scenario("merged-by-buftm", must_not=[*GAP_RULES, "report-stale"])
def merged(t: Trace) -> None:
    """BufTm is 500 ms: events of several members come in one report, up to 500 ms after the first."""
    a = associate(t)
    block = ReportControl(a)
    block.read()
    block.set(BufTm=data.unsigned(500))
    block.configure()
    block.enable()
    for included in ("110", "011", "111", "100"):
        block.report(wait=1.2, included=included, age=0.5)
    a.release()


@miss("report-gap", "no-sqnum")
@hit("report-without-sqnum")
def without_numbers(t: Trace) -> None:
    """OptFlds has no sequence-number: reports can get lost unseen, but no gap can be told."""
    a = associate(t)
    block = ReportControl(a, fields=URCB_FIELDS - {SQ_NUM}).start()
    for _ in range(3):
        block.report()
    a.release()


@miss("report-without-sqnum")
def only_numbers(t: Trace) -> None:
    """OptFlds has sequence-number and nothing else."""
    a = associate(t)
    block = ReportControl(a, fields=frozenset({SQ_NUM})).start()
    for _ in range(3):
        block.report()
    a.release()


# --- report-gap-uncertain ---
@hit("report-gap-uncertain", must={"capture-loss": 1}, must_not=["report-gap"], odd=True)
@scenario("report-gap-beside-lost-bytes", must={"report-gap-uncertain": 1, "capture-loss": 1}, must_not=["report-gap"],
          odd=True)
def lost_by_capture(t: Trace) -> None:
    """SqNum goes 0, 1, 3, 4, and the capture misses the octets between 1 and 3."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.report()
    t.wait(0.3)
    with t.lost():
        block.send()
    block.report()
    block.report()
    a.release()


@miss("report-gap-uncertain", must={"capture-loss": 1}, odd=True)
def lost_something_else(t: Trace) -> None:
    """The capture misses the answer to a read between two reports, whose numbers follow each other."""
    from .capture import lose_response

    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    lose_response(a)
    t.wait(0.1)
    block.report()
    a.release()


@scenario("report-gap-before-lost-bytes", must={"report-gap": 1, "capture-loss": 1}, odd=True)
def gap_then_loss(t: Trace) -> None:
    """SqNum goes 0, 2, 3 in a whole stream; later the capture loses the answer to a read: the gap is the
    server's all the same."""
    from .capture import lose_response

    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.lose()
    block.report()
    block.report()
    lose_response(a)
    t.wait(0.1)
    block.report()
    a.release()


# --- report-segment-missing ---
@hit("report-segment-missing")
def segment_skipped(t: Trace) -> None:
    """SubSqNum goes 0, 2: a segment is missing in a stream that is whole."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    segmented(block, (0, 2), last=2)
    block.report()
    a.release()


@hit("report-segment-missing", "end")
def no_last_segment(t: Trace) -> None:
    """SubSqNum 0 and 1 say that more follow, but the next report has the next SqNum."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    segmented(block, (0, 1), last=2)
    block.report(sq_num=2)
    block.report()
    a.release()


@miss("report-segment-missing", "single")
def one_segment(t: Trace) -> None:
    """A report in one segment: SubSqNum 0, MoreSegmentsFollow false."""
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(3):
        block.report(segment=(0, False))
    a.release()


@hit("report-segment-missing", "first")
def first_segment_missing(t: Trace) -> None:
    """The report with SqNum 1 begins with SubSqNum 1."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    block.report()
    block.report(segment=(1, True))
    block.send(segment=(2, False))
    block.report()
    a.release()


# --- how a life of a block begins ---
@miss("report-gap", "first-number-after-enable")
@scenario("server-counts-on", must_not=GAP_RULES)
def counts_on(t: Trace) -> None:
    """The server does not restart SqNum at RptEna: the first report after the enable carries 6."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report(sq_num=6)
    block.report()
    block.disable()
    block.enable()
    block.report(sq_num=9)
    block.report()
    a.release()


@miss("report-gap", "replay-old-numbers")
@scenario("replay-under-old-numbers", must_not=GAP_RULES)
def replay_under_old_numbers(t: Trace) -> None:
    """After EntryID was written the server replays two entries under their old SqNum 5 and 6, then counts from 0."""
    a = associate(t)
    block = buffered(a).start(after_entry=(8).to_bytes(8, "big"))
    t.wait(0.002)
    block.send(sq_num=5, age=2)
    block.send(age=1)
    block.report(sq_num=0)
    block.report()
    a.release()


@miss("report-gap", "unbuffered-past-255")
@scenario("unbuffered-counts-past-255", must_not=GAP_RULES)
def unbuffered_past_255(t: Trace) -> None:
    """An unbuffered block counts 254, 255, 256, 257: against the standard, and nothing is missing."""
    block = from_the_middle(t, URCB, 254)
    for number in (254, 255, 256, 257):
        block.report(sq_num=number)
    block.association.release()


@miss("report-gap", "enabled-again")
@scenario("enabled-while-reporting", must_not=["report-gap", "report-gap-uncertain"])
def enabled_again(t: Trace) -> None:
    """RptEna=true is written while the block reports: the numbers go on, nothing is lost."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    for _ in range(3):
        block.report()
    block.enable()
    block.report(sq_num=3, entry=3)
    block.report()
    a.release()


# --- report-order ---
@hit("report-order", must_not=GAP_RULES)
@miss("report-gap", "order", must={"report-order": 1})
def out_of_order(t: Trace) -> None:
    """SqNum goes 1, 4, 2, 3, 6, 5, 7: every number once, but not in order."""
    a = associate(t)
    block = ReportControl(a).start()
    for number in (1, 4, 2, 3, 6, 5, 7):
        block.report(sq_num=number)
    a.release()


@miss("report-order")
def in_order(t: Trace) -> None:
    """SqNum 0 to 4 in order."""
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(5):
        block.report()
    a.release()


# --- report-inconsistent ---
@hit("report-inconsistent")
def references_announced(t: Trace) -> None:
    """OptFlds announce data-reference, and no report carries one."""
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(3):
        block.report(fields=URCB_FIELDS | {DATA_REF}, leave_out=frozenset({DATA_REF}))
    a.release()


@hit("report-inconsistent", "buffered")
def entry_id_left_out(t: Trace) -> None:
    """A buffered block announces EntryID and does not send it."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    block.report()
    block.report(leave_out=frozenset({ENTRY_ID}))
    block.report()
    a.release()


@hit("report-inconsistent", "no-member")
def no_member(t: Trace) -> None:
    """A report whose inclusion bit-string has no bit set."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.report(included="000")
    block.report()
    a.release()


@hit("report-inconsistent", "endless-segments", must_not=["report-segment-missing"])
def endless_segments(t: Trace) -> None:
    """Ten segments of one report, none with a member."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    block.report()
    for number in range(10):
        block.report(wait=0.01, included="000", segment=(number, True))
    t.wait(5)
    a.release()


@hit("report-inconsistent", "client-leaves")
def client_leaves(t: Trace) -> None:
    """An unbuffered block announces EntryID and leaves it out, which is allowed; the client closes the
    connection 2 ms later."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report(fields=URCB_FIELDS | {ENTRY_ID}, leave_out=frozenset({ENTRY_ID}))
    t.wait(0.002)
    a.tcp.close("client")


@miss("report-inconsistent")
def unbuffered_leaves_out(t: Trace) -> None:
    """An unbuffered block announces BufOvfl and EntryID and leaves them out: allowed by IEC 61850-7-2."""
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(3):
        block.report(fields=URCB_FIELDS | {ENTRY_ID, BUF_OVFL}, leave_out=frozenset({ENTRY_ID, BUF_OVFL}))
    t.wait(2)
    a.release()
