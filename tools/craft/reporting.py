"""Report control blocks and the reports that they send (IEC 61850-8-1, clause 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import ber, data, mms
from .association import OK, Association

# OptFlds and TrgOps by bit number
SQ_NUM, TIME, REASON, DATA_SET, DATA_REF, BUF_OVFL, ENTRY_ID, CONF_REV, SEGMENTATION = range(1, 10)
DATA_CHANGE, QUALITY_CHANGE, DATA_UPDATE, INTEGRITY, GI = range(1, 6)
URCB_FIELDS = frozenset({SQ_NUM, TIME, REASON, DATA_SET, CONF_REV})
BRCB_FIELDS = frozenset({SQ_NUM, TIME, REASON, DATA_SET, BUF_OVFL, ENTRY_ID, CONF_REV})
TRIGGERS = frozenset({DATA_CHANGE, QUALITY_CHANGE, INTEGRITY, GI})
MEMBERS = tuple(f"IED1CTRL/GGIO1$ST$Ind{n}" for n in (1, 2, 3))


def opt_flds(fields: frozenset[int]) -> bytes:
    return data.bits(ber.bit_set(set(fields), 10))


def trg_ops(triggers: frozenset[int]) -> bytes:
    return data.bits(ber.bit_set(set(triggers), 6))


@dataclass
class ReportControl:
    """A report control block of the server; counts SqNum and EntryID as a server does."""

    association: Association
    name: str = "IED1CTRL/LLN0$RP$urcb01"
    rpt_id: str | None = None  # None: the reference of the block
    fields: frozenset[int] = URCB_FIELDS
    triggers: frozenset[int] = TRIGGERS
    integrity_ms: int = 0
    conf_rev: int = 1
    data_set: str = "IED1CTRL/LLN0$dsStat"
    members: Sequence[str] = field(default=MEMBERS)
    sq_num: int = 0
    entry: int = 0
    event: float = 0.0  # TimeOfEntry of the last report, on the server's clock
    state: dict[int, tuple[bool, float]] = field(default_factory=dict)  # stVal and t of each member

    @property
    def buffered(self) -> bool:
        return "$BR$" in self.name

    # --- what the client does with the block ---
    def read(self, reserved: bool = False, conf_rev: int | None = None, enabled: bool = False) -> None:
        self.association.read(self.name, self.value(reserved, conf_rev, enabled))

    def value(self, reserved: bool = False, conf_rev: int | None = None, enabled: bool = False) -> bytes:
        rpt_id, ena = data.string(self.rpt_id or ""), data.boolean(enabled)
        dat_set, rev = data.string(self.data_set), data.unsigned(self.conf_rev if conf_rev is None else conf_rev)
        zero, no = data.unsigned(0), data.boolean(False)
        opt, trg, period = opt_flds(self.fields), trg_ops(self.triggers), data.unsigned(self.integrity_ms)
        if self.buffered:
            never = data.octets(bytes(8)), data.binary_time(5113 * 86400)
            value = [rpt_id, ena, dat_set, rev, opt, zero, zero, trg, period, no, no, *never]
        else:
            value = [rpt_id, ena, data.boolean(reserved), dat_set, rev, opt, zero, zero, trg, period, no]
        return data.structure(*value)

    def set(self, results: int | None = OK, **values: bytes) -> None:
        """Writes members of the block, one Write for all: set(RptEna=..., GI=...)."""
        names = [f"{self.name}${member}" for member in values]
        self.association.write(names, list(values.values()), results)

    def configure(self) -> None:
        if not self.buffered:
            self.set(Resv=data.boolean(True))
        self.set(OptFlds=opt_flds(self.fields))
        self.set(TrgOps=trg_ops(self.triggers))
        if self.integrity_ms:
            self.set(IntgPd=data.unsigned(self.integrity_ms))

    def enable(self) -> None:
        self.set(RptEna=data.boolean(True))
        self.sq_num = 0

    def disable(self) -> None:
        self.set(RptEna=data.boolean(False))

    def read_directory(self) -> None:
        self.association.ask(mms.get_named_variable_list_attributes_request(self.data_set),
                             mms.get_named_variable_list_attributes_response(self.members))

    def start(self, after_entry: bytes | None = None) -> ReportControl:
        """Read, learn the data set, configure, position (buffered: behind an entry), enable."""
        self.read()
        self.read_directory()
        self.configure()
        if after_entry is not None:
            self.set(EntryID=data.octets(after_entry))
        self.enable()
        return self

    def interrogate(self, **changes: object) -> None:
        self.set(GI=data.boolean(True))
        self.association.trace.wait(0.003)
        self.send(included="111", reason=GI, **changes)

    # --- what the server sends ---
    def entry_id(self, number: int | None = None) -> bytes:
        return (0x1A0000 + (self.entry if number is None else number)).to_bytes(8, "big")

    def change(self, member: int, wait: float = 0.3) -> None:
        """A member changes, and the server makes no report of it."""
        self.association.trace.wait(wait)
        now, _ = self.state.get(member, (False, 0.0))
        self.state[member] = (not now, self.association.trace.server_time)

    def values_of(self, chosen: Sequence[int], reasons: Sequence[int], event: float, clock: int) -> list[bytes]:
        """What changed is new; a scan finds what is there."""
        for n, reason in zip(chosen, reasons):
            if reason not in (INTEGRITY, GI) or n not in self.state:
                self.state[n] = (bool((self.sq_num + n) % 2), event)
        return [data.status(data.boolean(self.state[n][0]), self.state[n][1], clock=clock) for n in chosen]

    def report(self, wait: float = 0.3, **changes: object) -> None:
        """A data change of one member, `wait` seconds later."""
        self.association.trace.wait(wait)
        self.send(**changes)

    def send(self, included: str = "010", values: Sequence[bytes] = (), reason: int | Sequence[int] = DATA_CHANGE,
             age: float = 0.002, overflow: bool = False, sq_num: int | None = None, entry: int | None = None,
             fields: frozenset[int] | None = None, segment: tuple[int, bool] | None = None,
             clock: int = data.MILLISECOND, at: float | None = None,
             leave_out: frozenset[int] = frozenset()) -> None:
        """`age`: seconds since the event, or `at`: its time. `segment`: (SubSqNum, MoreSegmentsFollow). A
        number given for `sq_num` or `entry` is where counting goes on. `leave_out`: fields that OptFlds
        announces and the report does not carry."""
        fields = self.fields if fields is None else fields
        fields = fields | {SEGMENTATION} if segment else fields
        self.sq_num = self.sq_num if sq_num is None else sq_num
        self.entry = self.entry if entry is None else entry
        chosen = [n for n, bit in enumerate(included) if bit == "1"]
        self.event = event = self.association.trace.server_time - age if at is None else at
        reasons = [reason] * len(chosen) if isinstance(reason, int) else reason
        values = values or self.values_of(chosen, reasons, event, clock)
        rpt_id = self.rpt_id if self.rpt_id is not None else self.name
        items = [data.string(rpt_id), opt_flds(fields)]
        optional = {
            SQ_NUM: [data.unsigned(self.sq_num)],
            TIME: [data.binary_time(event)],
            DATA_SET: [data.string(self.data_set)],
            BUF_OVFL: [data.boolean(overflow)],
            ENTRY_ID: [data.octets(self.entry_id())],
            CONF_REV: [data.unsigned(self.conf_rev)],
            SEGMENTATION: [data.unsigned(segment[0]), data.boolean(segment[1])] if segment else [],
        }
        for number, elements in optional.items():
            items += elements if number in fields - leave_out else []
        items.append(data.bits(included))
        if DATA_REF in fields - leave_out:
            items += [data.string(self.members[n]) for n in chosen]
        items += values
        if REASON in fields:
            items += [data.bits(ber.bit_set({r}, 6)) for r in reasons]
        self.association.pdu("server", mms.information_report(mms.variable_list("RPT"), items))
        if not (segment and segment[1]):
            self.sq_num = (self.sq_num + 1) % (65536 if self.buffered else 256)
            self.entry += 1

    def lose(self, count: int = 1) -> None:
        """The server forgets this many reports: their numbers are never sent."""
        self.sq_num = (self.sq_num + count) % (65536 if self.buffered else 256)
        self.entry += count
