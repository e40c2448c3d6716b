"""Sequence numbers and segments of reports."""

from __future__ import annotations

from .. import data
from ..association import Association, associate
from ..registry import hit, miss, scenario
from ..reporting import (BRCB_FIELDS, BUF_OVFL, DATA_REF, ENTRY_ID, GI, INTEGRITY, SQ_NUM, URCB_FIELDS,
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


@hit("report-gap", "names-what-it-lost", must_not=["event-not-reported"])
def gap_named(t: Trace) -> None:
    """Ind3 changes, and its report (SqNum 2) is never sent; the interrogation behind it shows the new value."""
    a = associate(t)
    block = ReportControl(a).start()
    block.interrogate()
    block.report()
    block.change(2)
    block.lose()
    block.report()
    t.wait(1)
    block.interrogate()
    t.wait(3)
    block.report()
    a.release()


# --- event-not-reported ---
def scanned(t: Trace, **changes: object) -> ReportControl:
    """A block with an integrity period of 5 s that has told all its members once, and one change."""
    block = ReportControl(associate(t), integrity_ms=5000, **changes)
    block.read()
    block.read_directory()
    block.set(BufTm=data.unsigned(0))
    block.configure()
    block.enable()
    block.interrogate()
    block.report()
    return block


def scan(block: ReportControl, wait: float = 5.0) -> None:
    block.report(wait=wait, included="111", reason=INTEGRITY)


@hit("event-not-reported")
def lost_event(t: Trace) -> None:
    """Ind3 changes; no report tells it, and no number is missing. The integrity report 4 s later shows it."""
    block = scanned(t)
    block.change(2)
    scan(block, wait=4)
    block.report()
    scan(block)
    block.association.release()


@hit("event-not-reported", "interrogated")
def lost_events_interrogated(t: Trace) -> None:
    """Ind1 and Ind3 change without a report; a general interrogation shows both. The block is buffered."""
    block = scanned(t, name=BRCB, fields=BRCB_FIELDS)
    block.change(0)
    block.change(2)
    t.wait(2)
    block.interrogate()
    t.wait(3)
    block.report()
    block.association.release()


@hit("event-not-reported", "no-time")
def lost_event_without_time(t: Trace) -> None:
    """The data set has stVal alone, so no time stamp tells when Ind2 changed: both explanations are named."""
    members = tuple(f"IED1CTRL/GGIO1$ST$Ind{n}$stVal" for n in (1, 2, 3))
    block = ReportControl(associate(t), integrity_ms=5000, members=members)
    block.read()
    block.read_directory()
    block.set(BufTm=data.unsigned(0))
    block.configure()
    block.enable()
    off, on = data.boolean(False), data.boolean(True)
    block.report(included="111", reason=GI, values=[off, off, off])
    block.report(included="100", values=[on])
    block.report(wait=5, included="111", reason=INTEGRITY, values=[on, on, off])
    block.report(wait=5, included="111", reason=INTEGRITY, values=[on, on, off])
    block.association.release()


@miss("event-not-reported")
def all_told(t: Trace) -> None:
    """Each change has its report, and the integrity reports show the same."""
    block = scanned(t)
    for included in ("001", "100", "011"):
        block.report(wait=1, included=included)
        scan(block, wait=4)
    scan(block)
    block.association.release()


@miss("event-not-reported", "behind-the-scan")
def told_behind(t: Trace) -> None:
    """The integrity report shows the change, and 0.2 s later the report of the change comes."""
    block = scanned(t)
    block.change(2, wait=3)
    value, changed = block.state[2]
    scan(block, wait=1)
    block.report(wait=0.2, included="001", values=[data.status(data.boolean(value), changed)])
    scan(block)
    scan(block)
    block.association.release()


@miss("event-not-reported", "merged")
def merged_with_scan(t: Trace) -> None:
    """BufTm is 1 s; Ind3 changes 0.5 s before the integrity report, which is all that tells it."""
    block = scanned(t)
    block.set(RptEna=data.boolean(False))
    block.set(BufTm=data.unsigned(1000))
    block.enable()
    block.interrogate()
    block.change(2, wait=3)
    scan(block, wait=0.5)
    scan(block)
    scan(block)
    block.association.release()


@miss("event-not-reported", "while-disabled")
def changed_while_disabled(t: Trace) -> None:
    """Ind3 changes while the block is disabled; the interrogation behind the next enable shows it."""
    block = scanned(t)
    block.disable()
    block.change(2, wait=2)
    block.enable()
    block.interrogate()
    t.wait(3)
    scan(block)
    block.association.release()


@miss("event-not-reported", "no-data-change")
def data_change_off(t: Trace) -> None:
    """TrgOps has integrity and general interrogation only: changes come with the scans, as configured."""
    block = ReportControl(associate(t), integrity_ms=5000, triggers=frozenset({INTEGRITY, GI})).start()
    block.interrogate()
    for member in (0, 1, 2):
        block.change(member, wait=2)
        scan(block, wait=3)
    scan(block)
    block.association.release()


@miss("event-not-reported", "measured")
def measured_value(t: Trace) -> None:
    """A measured value moves within its deadband: only the integrity reports show it."""
    members = ("IED1CTRL/MMXU1$MX$Hz", "IED1CTRL/MMXU1$MX$TotW", "IED1CTRL/GGIO1$ST$Ind1")
    block = ReportControl(associate(t), integrity_ms=5000, members=members).start()
    for step in range(4):
        now = t.server_time
        measured = [data.status(data.structure(data.float32(50 + step / 100)), now - 4) for _ in (0, 1)]
        block.report(wait=5, included="111", reason=INTEGRITY,
                     values=[*measured, data.status(data.boolean(False), now - 60)])
    block.association.release()


@miss("event-not-reported", "capture-loss", must={"capture-loss": 1, "report-gap-uncertain": 1}, odd=True)
def lost_report_of_change(t: Trace) -> None:
    """The capture misses the report that tells the change of Ind3."""
    block = scanned(t)
    t.wait(1)
    with t.lost():
        block.send(included="001")
    scan(block, wait=4)
    scan(block)
    block.association.release()


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
