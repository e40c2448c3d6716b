"""Report control blocks: enabled, refused, silent, reconfigured."""

from __future__ import annotations

from typing import Callable

from .. import data, mms
from ..association import Association, associate
from ..registry import hit, miss
from ..reporting import BRCB_FIELDS, DATA_CHANGE, GI, INTEGRITY, ReportControl
from ..tcp import Trace
from .reports import BRCB, URCB, buffered


# --- report-stopped, reports-not-enabled ---
def integrity_reports(t: Trace, last: Callable[[Association, ReportControl], None]) -> None:
    a = associate(t)
    block = ReportControl(a, integrity_ms=1000).start()
    for _ in range(4):
        block.report(wait=1, included="111", reason=INTEGRITY)
    last(a, block)


@hit("report-stopped")
def reports_stop(t: Trace) -> None:
    """IntgPd is 1000 ms; after four reports no more come for 6 s, while reads are answered."""

    def silence(a: Association, block: ReportControl) -> None:
        for _ in range(6):
            a.read_status()
            t.wait(0.98)
        a.release()

    integrity_reports(t, silence)


@hit("report-stopped", "read-with-its-node")
def reports_of_a_node_stop(t: Trace) -> None:
    """IntgPd 1000 ms is told by a read of all of LLN0$RP, whose type was read before; after two reports no
    more come for 6 s, while reads are answered."""
    a = associate(t)
    block = ReportControl(a, integrity_ms=1000)
    members = {
        "RptID": mms.type_string(-65), "RptEna": mms.TYPE_BOOLEAN, "Resv": mms.TYPE_BOOLEAN,
        "DatSet": mms.type_string(-65), "ConfRev": mms.type_unsigned(32), "OptFlds": mms.type_bits(-10),
        "BufTm": mms.type_unsigned(32), "SqNum": mms.type_unsigned(8), "TrgOps": mms.type_bits(-6),
        "IntgPd": mms.type_unsigned(32), "GI": mms.TYPE_BOOLEAN,
    }  # fmt: skip
    node, name = block.name.rsplit("$", 1)
    a.ask(mms.get_variable_access_attributes_request(node),
          mms.get_variable_access_attributes_response(mms.type_structure({name: mms.type_structure(members)})))
    a.read(node, data.structure(block.value()))
    block.enable()
    for _ in range(2):
        block.report(wait=1, included="111", reason=INTEGRITY)
    for _ in range(6):
        a.read_status()
        t.wait(0.98)
    a.release()


@miss("report-stopped")
def reports_disabled(t: Trace) -> None:
    """IntgPd is 1000 ms; after four reports the client disables the block, and none come for 6 s."""

    def disabled(a: Association, block: ReportControl) -> None:
        block.disable()
        for _ in range(6):
            a.read_status()
            t.wait(0.98)
        a.release()

    integrity_reports(t, disabled)


@miss("report-stopped", "late")
def report_late(t: Trace) -> None:
    """IntgPd is 1000 ms; one report comes 1.8 s after the one before."""

    def late(a: Association, block: ReportControl) -> None:
        block.report(wait=1.8, included="111", reason=INTEGRITY)
        block.report(wait=1, included="111", reason=INTEGRITY)
        a.release()

    integrity_reports(t, late)


@miss("report-stopped", "no-period")
def no_period(t: Trace) -> None:
    """IntgPd is 0: after two data changes nothing happens for 20 s, which is legal."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.report()
    t.wait(20)
    a.read_status()
    a.release()


@hit("reports-not-enabled")
def never_enabled(t: Trace) -> None:
    """The client reads and configures a block but never enables it; it polls instead."""
    a = associate(t)
    block = ReportControl(a, integrity_ms=2000)
    block.read()
    block.configure()
    for _ in range(4):
        t.wait(2)
        a.read_status()
    a.release()


@hit("reports-not-enabled", "silent")
def over_a_minute(t: Trace) -> None:
    """An association of 75 s in which the client polls and no report comes; no block is touched: a note."""
    a = associate(t)
    for _ in range(5):
        t.wait(15)
        a.read_status()
    a.release()


@miss("reports-not-enabled")
def no_block_touched(t: Trace) -> None:
    """Engineering access for some seconds: names, types, values; no report control block."""
    a = associate(t)
    a.browse()
    a.identify()
    a.read_status()
    a.release()


@miss("reports-not-enabled", "other-instance")
def another_enabled(t: Trace) -> None:
    """Two instances are read, the first is reserved by another client; the second is enabled."""
    a = associate(t)
    ReportControl(a).read(reserved=True, enabled=True)
    block = ReportControl(a, name="IED1CTRL/LLN0$RP$urcb02").start()
    block.report()
    a.release()


# --- rcb-enable-failed ---
@hit("rcb-enable-failed")
def held_by_other(t: Trace) -> None:
    """Client 10.0.0.1 has enabled a block; client 10.0.0.4 tries the same and gets temporarily-unavailable;
    then it takes the next instance."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    b = associate(t, port=50100, client="10.0.0.4")
    other = ReportControl(b)
    other.read(reserved=True, enabled=True)
    other.set(data.TEMPORARILY_UNAVAILABLE, RptEna=data.boolean(True))
    own = ReportControl(b, name="IED1CTRL/LLN0$RP$urcb02").start()
    own.report()
    block.send()
    b.release()
    a.release()


def refused_write(t: Trace, member: str, value: bytes, code: int, name: str = URCB) -> None:
    a = associate(t)
    block = buffered(a) if name == BRCB else ReportControl(a)
    block.read()
    block.set(code, **{member: value})
    a.release()


# --- rcb-reservation-ignored ---
@hit("rcb-reservation-ignored")
def given_away(t: Trace) -> None:
    """Client 10.0.0.1 has a block enabled; the server accepts RptEna of client 10.0.0.4 all the same."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    b = associate(t, port=50100, client="10.0.0.4")
    other = ReportControl(b)
    other.enable()
    other.report()
    other.report()
    b.release()
    a.release()


@hit("rcb-reservation-ignored", "reserved", may=["reports-not-enabled"])
def reserved_for_another(t: Trace) -> None:
    """Client 10.0.0.1 reserves a block (Resv); the server accepts Resv of client 10.0.0.4, too."""
    a = associate(t)
    ReportControl(a).set(Resv=data.boolean(True))
    b = associate(t, port=50100, client="10.0.0.4")
    other = ReportControl(b)
    other.set(Resv=data.boolean(True))
    other.enable()
    other.report()
    b.release()
    a.release()


@miss("rcb-reservation-ignored", "release-lost", must={"capture-loss": 1}, odd=True)
def release_lost(t: Trace) -> None:
    """The capture misses a part of the first client's connection, in which it may have released the block."""
    from .capture import lose_response

    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    lose_response(a)
    b = associate(t, port=50100, client="10.0.0.4")
    other = ReportControl(b)
    other.enable()
    other.report()
    b.release()
    a.release()


@miss("rcb-reservation-ignored")
def released_before(t: Trace) -> None:
    """Client 10.0.0.1 disables and releases the block; then client 10.0.0.4 takes it."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.disable()
    block.set(Resv=data.boolean(False))
    b = associate(t, port=50100, client="10.0.0.4")
    other = ReportControl(b).start()
    other.report()
    b.release()
    a.release()


@miss("rcb-reservation-ignored", "read-as-free")
def read_as_free(t: Trace) -> None:
    """The server took the block back: client 10.0.0.4 reads it as free before it takes it."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    b = associate(t, port=50100, client="10.0.0.4")
    other = ReportControl(b).start()
    other.report()
    b.release()
    a.release()


@hit("rcb-enable-failed", "resv", may=["reports-not-enabled"])
def resv_refused(t: Trace) -> None:
    """Resv is refused: temporarily-unavailable."""
    refused_write(t, "Resv", data.boolean(True), data.TEMPORARILY_UNAVAILABLE)


@hit("rcb-enable-failed", "resvtms", may=["reports-not-enabled"])
def resv_tms_refused(t: Trace) -> None:
    """ResvTms of a buffered block is refused: temporarily-unavailable."""
    refused_write(t, "ResvTms", data.integer(60), data.TEMPORARILY_UNAVAILABLE, BRCB)


@hit("rcb-enable-failed", "gi", may=["reports-not-enabled"])
def gi_refused(t: Trace) -> None:
    """GI is written while the block is not enabled, and refused."""
    refused_write(t, "GI", data.boolean(True), data.TEMPORARILY_UNAVAILABLE)


@hit("rcb-enable-failed", "no-data-set", may=["reports-not-enabled"])
def no_data_set(t: Trace) -> None:
    """The client empties DatSet, and then RptEna is refused."""
    a = associate(t)
    block = ReportControl(a)
    block.set(Resv=data.boolean(True))
    block.set(DatSet=data.string(""))
    block.set(data.OBJECT_ACCESS_DENIED, RptEna=data.boolean(True))
    a.release()


@hit("rcb-enable-failed", "one-write", may=["reports-not-enabled"])
def second_of_two_refused(t: Trace) -> None:
    """RptEna and GI in one Write, both refused."""
    a = associate(t)
    ReportControl(a).set(data.TEMPORARILY_UNAVAILABLE, RptEna=data.boolean(True), GI=data.boolean(True))
    a.release()


@miss("rcb-enable-failed")
def all_accepted(t: Trace) -> None:
    """A block is reserved, configured, enabled together with GI, disabled and enabled again: all accepted."""
    a = associate(t)
    block = ReportControl(a)
    block.read()
    block.configure()
    block.set(RptEna=data.boolean(True), GI=data.boolean(True))
    block.report(included="111", reason=GI)
    block.disable()
    block.enable()
    block.report()
    a.release()


# --- conf-rev-changed ---
@hit("conf-rev-changed")
def between_reports(t: Trace) -> None:
    """ConfRev of a block is 1 in two reports, then 2."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.report()
    block.conf_rev = 2
    block.report()
    block.report()
    a.release()


@hit("conf-rev-changed", "read")
def read_differs(t: Trace) -> None:
    """ConfRev of a block is 3 when it is read, and 4 in its reports."""
    a = associate(t)
    block = ReportControl(a, conf_rev=4)
    block.read(conf_rev=3)
    block.configure()
    block.enable()
    block.report()
    block.report()
    a.release()


@miss("conf-rev-changed")
def two_blocks(t: Trace) -> None:
    """Two blocks with different data sets and RptIDs have ConfRev 1 and 200, each steadily."""
    a = associate(t)
    first = ReportControl(a).start()
    second = ReportControl(a, name="IED1CTRL/LLN0$RP$urcbMeas01", data_set="IED1CTRL/LLN0$dsMeas", conf_rev=200)
    second.start()
    for _ in range(3):
        first.report()
        second.send()
    a.release()


# --- rcb-purged-at-reconnect ---
def purge_each_time(t: Trace, purges: tuple[bool, ...]) -> None:
    for n, purge in enumerate(purges):
        a = associate(t, port=50000 + n)
        block = ReportControl(a, name="IED1CTRL/LLN0$BR$brcb01", fields=BRCB_FIELDS)
        block.read()
        if purge:
            block.set(PurgeBuf=data.boolean(True))
        block.configure()
        block.enable()
        block.report()
        a.release()
        t.wait(5)


@hit("rcb-purged-at-reconnect")
def purged_twice(t: Trace) -> None:
    """The client connects three times, purges each time, and never writes an EntryID."""
    purge_each_time(t, (True, True, True))


@miss("rcb-purged-at-reconnect")
def purged_once(t: Trace) -> None:
    """The client purges the buffer at its first start only."""
    purge_each_time(t, (True, False, False))


@hit("rcb-enable-failed", "after-lost-connection", may=["reports-not-enabled", "association-aborted", "connection-reset"])
def holder_gone(t: Trace) -> None:
    """The holder's connection ended without a release; two seconds later a client is refused the block."""
    first = associate(t)
    ReportControl(first).start().report()
    first.tcp.close("client")
    t.wait(2)
    second = associate(t, port=50001)
    block = ReportControl(second)
    block.read(enabled=True, reserved=True)
    block.set(data.TEMPORARILY_UNAVAILABLE, RptEna=data.boolean(True))
    second.release()


@hit("report-inconsistent", "reason")
def reason_not_allowed(t: Trace) -> None:
    """TrgOps has data-change only; reports come for integrity."""
    a = associate(t)
    block = ReportControl(a, triggers=frozenset({DATA_CHANGE})).start()
    block.report(reason=INTEGRITY)
    block.report()
    a.release()
