"""Reports that are old, repeated, replayed, or lost in a buffer."""

from __future__ import annotations

from .. import data
from ..association import associate
from ..registry import hit, miss, scenario
from ..reporting import ReportControl
from ..tcp import Trace
from .reports import GAP_RULES, buffered


@hit("report-inconsistent", "entry-time-stands-still", must_not=["report-stale"])
def entry_time_stands_still(t: Trace) -> None:
    """TimeOfEntry of all reports is that of the first one, while the time stamps of the values go on."""
    block = ReportControl(associate(t)).start()
    block.report()
    first = block.event
    for n in range(60):
        t.wait(1.5)
        block.send(at=first, values=[data.status(data.boolean(bool(n % 2)), t.server_time - 0.002)])
    block.association.release()


@miss("report-inconsistent", "entries-of-one-moment")
def entries_of_one_moment(t: Trace) -> None:
    """Three reports have one TimeOfEntry: their values changed at the same moment."""
    block = ReportControl(associate(t)).start()
    block.report()
    for included in ("100", "010", "001"):
        block.send(included=included, at=block.event)
        t.wait(1.5)
    block.association.release()


# --- report-repeated, replay ---
@hit("report-repeated")
def sent_twice(t: Trace) -> None:
    """The server sends the buffered report 1 twice, with the same SqNum and EntryID, 50 ms apart."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    block.report()
    block.report()
    t.wait(0.05)
    block.send(sq_num=1, entry=1, at=block.event)
    block.report()
    a.release()


def replay(t: Trace, gone: float = 90) -> None:
    first = associate(t)
    block = buffered(first).start(after_entry=bytes(8))
    for _ in range(3):
        block.report()
    t.wait(0.2)
    first.abort("client")
    t.wait(0.001)
    first.tcp.close("server")
    t.wait(gone)
    second = associate(t, port=50001)
    again = buffered(second, entry=2).start(after_entry=block.entry_id(1))
    t.wait(0.002)
    again.send(at=block.event)
    for age in (gone - 20, gone - 40, gone - 60):
        t.wait(0.002)
        again.send(age=age)
    again.report()
    second.release()


@miss("report-repeated", must={"association-aborted": 1})
@miss("report-stale", "replay", must={"association-aborted": 1})
@miss("report-gap", "replay", must={"association-aborted": 1})
@scenario("replay-after-reconnection", must={"association-aborted": 1},
          must_not=[*GAP_RULES, "report-stale", "report-buffer-overflow"])
def replay_after_reconnection(t: Trace) -> None:
    """The client is gone for 90 s and positions by the EntryID before the last it received: the server sends
    that one again and then what it buffered, with old times and SqNum from 0, then live reports."""
    replay(t)


# --- report-buffer-overflow ---
@hit("report-buffer-overflow")
def overflow_while_enabled(t: Trace) -> None:
    """BufOvfl becomes true in the fourth report of an enabled block."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    for _ in range(3):
        block.report()
    block.report(overflow=True)
    block.report()
    a.release()


@hit("report-buffer-overflow", "resync")
def overflow_while_away(t: Trace) -> None:
    """The client positions by the last EntryID that it knows, and the first report says that the buffer
    overflowed meanwhile."""
    a = associate(t)
    block = buffered(a, entry=40).start(after_entry=(0x1A0000 + 12).to_bytes(8, "big"))
    t.wait(0.002)
    block.send(overflow=True, age=40)
    block.send(age=30)
    block.report()
    a.release()


@hit("report-overflow-usual")
@miss("report-buffer-overflow")
def first_after_enable(t: Trace) -> None:
    """The block is enabled without an EntryID, and its first report has BufOvfl true, as common servers do."""
    a = associate(t)
    block = buffered(a).start()
    block.report(overflow=True)
    block.report()
    block.report()
    a.release()


@hit("report-overflow-usual", "purge")
@miss("report-buffer-overflow", "purge")
def first_after_purge(t: Trace) -> None:
    """The buffer is purged before the block is enabled; the first report has BufOvfl true."""
    a = associate(t)
    block = buffered(a)
    block.read()
    block.set(PurgeBuf=data.boolean(True))
    block.configure()
    block.enable()
    block.report(overflow=True)
    block.report()
    a.release()


@hit("report-overflow-usual", "shared-rptid", count=2)
@miss("report-buffer-overflow", "shared-rptid")
def first_of_each_block(t: Trace) -> None:
    """Two blocks share an RptID. While the first reports, the second is enabled: a report of the first comes,
    then the first one of the second, with BufOvfl, as common servers do."""
    a = associate(t)
    first = buffered(a, rpt_id="events").start()
    first.report(overflow=True)
    first.report()
    second = buffered(a, rpt_id="events")
    second.name = "IED1CTRL/LLN0$BR$brcb02"
    second.start()
    first.report(wait=0.01)
    second.report(wait=0.01, overflow=True)
    for _ in range(3):
        first.report()
        second.send()
    a.release()


@hit("report-buffer-overflow", "explains-numbers", must_not=["report-gap", "report-gap-uncertain"])
def overflow_and_missing_numbers(t: Trace) -> None:
    """SqNum goes 0, 1, 5 and the report with 5 has BufOvfl: one finding, not a gap besides."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    block.report()
    block.report()
    block.lose(3)
    block.report(overflow=True)
    block.report()
    a.release()


@hit("report-buffer-overflow", "over-enable", must_not=["report-gap", "report-gap-uncertain"])
def overflow_while_disabled(t: Trace) -> None:
    """The block is disabled behind SqNum 0 and enabled again: the server counts on and replays 4, 5 and 6;
    the one with 6 has BufOvfl. 1 to 3 were lost in the buffer."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    block.report()
    block.disable()
    t.wait(3)
    block.enable()
    t.wait(0.002)
    block.send(sq_num=4, entry=4, age=2)
    block.send(age=1)
    block.send(age=0.5, overflow=True)
    a.release()


@miss("report-overflow-usual")
@miss("report-buffer-overflow", "false")
def no_overflow(t: Trace) -> None:
    """BufOvfl is false in every report."""
    a = associate(t)
    block = buffered(a).start(after_entry=bytes(8))
    for _ in range(4):
        block.report()
    a.release()


# --- report-stale ---
@hit("report-stale")
def old_event(t: Trace) -> None:
    """Live reports, one of them with a TimeOfEntry 300 s before the capture time."""
    a = associate(t)
    block = ReportControl(a).start()
    for age in (0.002, 0.002, 0.002, 300, 0.002, 0.002):
        block.report(age=age)
    a.release()


@miss("report-stale")
def rather_old_event(t: Trace) -> None:
    """Live reports, one of them with a TimeOfEntry 50 s before the capture time."""
    a = associate(t)
    block = ReportControl(a).start()
    for age in (0.002, 0.002, 0.002, 50, 0.002, 0.002):
        block.report(age=age)
    a.release()


@miss("clock-offset", "buf-tm")
def collected_for_ten_seconds(t: Trace) -> None:
    """BufTm is ten seconds, and TimeOfEntry that of the first change: every report is ten seconds old."""
    a = associate(t)
    block = ReportControl(a).start()
    block.disable()
    block.set(BufTm=data.unsigned(10_000))
    block.enable()
    for _ in range(6):
        t.wait(15)
        block.report(age=10.01)
    a.release()


@miss("report-stale", "offset", must={"clock-offset": 1})
@hit("clock-offset", must_not=["report-stale"])
def server_an_hour_slow(t: Trace) -> None:
    """Every TimeOfEntry and every timestamp of the server is an hour behind the capture time."""
    t.server_clock = -3600
    a = associate(t)
    block = ReportControl(a).start()
    block.interrogate()
    for _ in range(5):
        block.report()
    a.release()
