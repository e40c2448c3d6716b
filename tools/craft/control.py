"""Control of one data object (IEC 61850-7-2 clause 20, 61850-8-1 clause 20)."""

from __future__ import annotations

from dataclasses import dataclass

from . import data, mms
from .association import AFTER, OK, Association
from .tcp import START

DIRECT, SELECT, DIRECT_ENHANCED, SELECT_ENHANCED = 1, 2, 3, 4
# AddCause
BLOCKED_BY_MODE, BLOCKED_BY_INTERLOCKING = 8, 10
TIME_LIMIT_OVER, OBJECT_NOT_SELECTED, ALREADY_SELECTED, INCONSISTENT = 16, 18, 19, 26
LOCKED_BY_OTHER_CLIENT = 27


@dataclass
class Control:
    association: Association
    node: str = "IED1CTRL/CSWI1"
    object: str = "Pos"
    model: int = SELECT_ENHANCED
    ctl_num: int = 0
    category: int = 2
    originator: bytes = b"SCADA"
    test: bool = False
    client_clock: int = data.MILLISECOND
    time: float = float(START)  # T, kept from select to termination
    operated: bytes = b""  # the value of the last Operate

    def name(self, member: str) -> str:
        return f"{self.node}$CO${self.object}${member}"

    def read_model(self) -> Control:
        self.association.read(f"{self.node}$CF${self.object}$ctlModel", data.integer(self.model))
        return self

    def read_timeout(self, ms: int) -> None:
        self.association.read(f"{self.node}$CF${self.object}$sboTimeout", data.unsigned(ms))

    def read_class(self, many: bool) -> None:
        self.association.read(f"{self.node}$CF${self.object}$sboClass", data.integer(1 if many else 0))

    # --- structures ---
    def origin(self) -> bytes:
        return data.structure(data.integer(self.category), data.octets(self.originator))

    def parameters(self, value: bytes, check: bool = True) -> bytes:
        time = data.utc_time(self.time, self.client_clock)
        common = [value, self.origin(), data.unsigned(self.ctl_num), time, data.boolean(self.test)]
        return data.structure(*common, *([data.bits("00")] if check else []))

    def last_appl_error(self, member: str, add_cause: int, error: int = 0) -> bytes:
        reference = data.string(self.name(member))
        number = data.unsigned(self.ctl_num)
        return data.structure(reference, data.integer(error), self.origin(), number, data.integer(add_cause))

    # --- the dialogue ---
    def new_sequence(self) -> None:
        """The next ctlNum, and its T."""
        self.ctl_num = (self.ctl_num + 1) % 256
        self.time = self.association.trace.now / 1e9

    def select(self, reference: str | None = None, failure: int | None = None) -> None:
        """Select of normal security is a Read of SBO; an empty reference is a refusal."""
        self.new_sequence()
        granted = self.name("SBO") if reference is None else reference
        self.association.read(self.name("SBO"), data.string(granted) if failure is None else data.failure(failure))

    def select_with_value(self, value: bytes, result: int | None = OK, add_cause: int | None = None) -> None:
        self.new_sequence()
        self.write("SBOw", self.parameters(value), result, add_cause)

    def operate(self, value: bytes, result: int | None = OK, add_cause: int | None = None,
                after: float = AFTER) -> None:
        if self.model in (DIRECT, DIRECT_ENHANCED):
            self.new_sequence()
        self.operated = self.parameters(value)
        self.write("Oper", self.operated, result, add_cause, after)

    def cancel(self, value: bytes, result: int | None = OK, add_cause: int | None = None) -> None:
        self.write("Cancel", self.parameters(value, check=False), result, add_cause)

    def write(self, member: str, value: bytes, result: int | None = OK, add_cause: int | None = None,
              after: float = AFTER) -> None:
        self.association.request(mms.write_request([self.name(member)], [value]))
        if add_cause is not None:
            self.association.trace.wait(after)
            error = mms.variables(["LastApplError"])
            self.association.pdu("server", mms.information_report(error, [self.last_appl_error(member, add_cause)]))
            after = 0.0005
        self.association.respond(mms.write_response([result]), after)

    def terminate(self, after: float = 0.4, add_cause: int | None = None) -> None:
        """CommandTermination: positive, or negative with its cause."""
        self.association.trace.wait(after)
        names, results = [self.name("Oper")], [self.operated]
        if add_cause is not None:
            names.insert(0, "LastApplError")
            results.insert(0, self.last_appl_error("Oper", add_cause, error=1))
        self.association.pdu("server", mms.information_report(mms.variables(names), results))
