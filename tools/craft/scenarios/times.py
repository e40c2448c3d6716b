"""Clocks and quality."""

from __future__ import annotations

from .. import data
from ..association import associate
from ..control import DIRECT, Control
from ..registry import hit, miss
from ..reporting import INTEGRITY, ReportControl
from ..tcp import Trace


# --- clock-not-synchronized ---
def stamped(t: Trace, clock: int) -> None:
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(4):
        block.report(clock=clock)
    a.release()


@hit("clock-not-synchronized")
def not_synchronized(t: Trace) -> None:
    """Every timestamp of the server has ClockNotSynchronized: one finding for the server."""
    stamped(t, data.NOT_SYNCHRONIZED | data.MILLISECOND)


@hit("clock-not-synchronized", "failure")
def clock_failure(t: Trace) -> None:
    """Every timestamp of the server has ClockFailure."""
    stamped(t, data.CLOCK_FAILURE | data.MILLISECOND)


@hit("clock-not-synchronized", "read")
def not_synchronized_in_read(t: Trace) -> None:
    """The timestamp of a value that is read has ClockNotSynchronized."""
    a = associate(t)
    value = data.status(data.dbpos("on"), t.server_time, clock=data.NOT_SYNCHRONIZED | data.MILLISECOND)
    a.read("IED1CTRL/XCBR1$ST$Pos", value)
    a.release()


@miss("clock-not-synchronized")
def accuracy_unspecified(t: Trace) -> None:
    """TimeAccuracy is 31, unspecified; LeapSecondsKnown is set; no flag of the clock is."""
    stamped(t, 0x80 | 0x1F)


@miss("clock-not-synchronized", "client")
def clock_of_client(t: Trace) -> None:
    """T in the client's Operate has ClockNotSynchronized; the server's timestamps are good."""
    c = Control(associate(t), model=DIRECT, client_clock=data.NOT_SYNCHRONIZED).read_model()
    c.operate(data.boolean(True))
    c.association.read_status()
    c.association.release()


# --- clock-offset ---
@hit("clock-offset", "ahead")
def five_seconds_ahead(t: Trace) -> None:
    """The server's clock is 5 s ahead of the capture's in every report."""
    t.server_clock = 5
    stamped(t, data.MILLISECOND)


@miss("clock-offset")
def nearly_right(t: Trace) -> None:
    """The server's clock is 0.4 s behind the capture's in every report."""
    t.server_clock = -0.4
    stamped(t, data.MILLISECOND)


@miss("clock-offset", "old-values")
def old_values(t: Trace) -> None:
    """Integrity reports with values that changed hours ago; TimeOfEntry is right."""
    a = associate(t)
    block = ReportControl(a, integrity_ms=1000).start()
    values = [data.status(data.boolean(True), t.now / 1e9 - 3600 * n) for n in (1, 2, 30)]
    for _ in range(4):
        block.report(wait=0.99, included="111", reason=INTEGRITY, values=values)
    a.release()


# --- quality-bad ---
def qualified(t: Trace, *qualities: bytes) -> None:
    a = associate(t)
    block = ReportControl(a).start()
    for q in qualities:
        t.wait(0.3)
        block.send(values=[data.status(data.boolean(True), t.server_time, q)])
    a.release()


@hit("quality-bad")
def invalid(t: Trace) -> None:
    """One signal is good, then invalid with oldData twice, then good: one finding for the signal."""
    bad = data.quality(data.INVALID, data.OLD_DATA)
    qualified(t, data.quality(), bad, bad, data.quality())


@hit("quality-bad", "questionable")
def questionable(t: Trace) -> None:
    """One signal is questionable."""
    qualified(t, data.quality(), data.quality(data.QUESTIONABLE))


@hit("quality-bad", "test")
def test_bit(t: Trace) -> None:
    """One signal has good validity, but the test bit."""
    qualified(t, data.quality(), data.quality(data.GOOD, data.TEST))


@hit("quality-bad", "operator-blocked")
def operator_blocked(t: Trace) -> None:
    """One signal has good validity, but operatorBlocked."""
    qualified(t, data.quality(), data.quality(data.GOOD, data.OPERATOR_BLOCKED))


@hit("quality-bad", "two-signals", count=2)
def two_signals(t: Trace) -> None:
    """Two signals are invalid in one report: a finding for each."""
    a = associate(t)
    block = ReportControl(a).start()
    t.wait(0.3)
    block.send(included="101", values=[data.status(data.boolean(True), t.server_time, data.quality(data.INVALID))] * 2)
    a.release()


@miss("quality-bad")
def good(t: Trace) -> None:
    """All signals are good; a value that is no quality has thirteen bits as well."""
    a = associate(t)
    block = ReportControl(a).start()
    for _ in range(3):
        block.report()
    a.read("IED1CTRL/GGIO1$CF$Mask", data.bits("0100000000000"))
    a.release()
