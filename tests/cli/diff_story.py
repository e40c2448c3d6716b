"""A client's day with a server as a capture, with knobs for everything that can differ."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from craft import control, data, mms, reporting, stack  # noqa: E402
from craft.association import Association  # noqa: E402
from craft.tcp import Trace  # noqa: E402

NAMES = ("CSWI1", "GGIO1", "LLN0", "XCBR1", "XCBR1$ST", "XCBR1$ST$Pos")
TYPE = {"stVal": mms.type_bits(2), "q": mms.type_bits(-13), "t": mms.TYPE_UTC_TIME}
LONG_NAMES = tuple(f"GGIO{n}$ST$Ind{n}$stVal" for n in range(40))


@dataclass
class Story:
    # Where and when: never a difference.
    client: str = "10.0.0.1"
    server: str = "10.0.0.2"
    server_port: int = 102
    port: int = 50000
    start_s: float = 0.0
    measured: float = 230.5
    first_invoke: int = 1
    polls: int = 3
    page: int = 1000  # names in one answer
    # What counts.
    refused: str = ""  # "rst", "acse", "initiate"
    tpdu_size: int = 0x0D
    contexts: tuple[tuple[int, str], ...] = ((1, stack.ACSE_SYNTAX), (3, stack.MMS_SYNTAX))
    proposed: bytes = mms.initiate_request()
    negotiated: bytes = mms.initiate_response()
    revision: str = "1.0"
    identify: bool = True
    names: tuple[str, ...] = NAMES
    type: dict[str, bytes] = field(default_factory=lambda: TYPE)
    ctl_model: int = control.SELECT_ENHANCED
    position: str = "XCBR1$ST$Pos"
    position_type: bytes = data.dbpos("on")
    measured_error: Optional[int] = None
    read_first: bool = True  # position before measured value
    beh: int = 1
    members: tuple[str, ...] = reporting.MEMBERS
    triggers: frozenset[int] = reporting.TRIGGERS
    fields: frozenset[int] = reporting.URCB_FIELDS
    integrity_ms: int = 0
    conf_rev: int = 1
    enabled: Optional[int] = None  # DataAccessError of RptEna
    interrogates: bool = True
    reported: bytes = data.boolean(True)
    setting: bytes = data.integer(400)
    setting_result: Optional[int] = None
    category: int = 2
    originator: bytes = b"SCADA"
    test: bool = False
    value: bytes = data.boolean(True)
    check: bool = True
    same_number: bool = True
    add_cause: Optional[int] = None
    terminated: Optional[int] = -1  # AddCause; -1: positive; None: not
    cancels: bool = False
    after: float = 0.004  # seconds until a read is answered
    silent: bool = False  # the last read gets no answer
    file: str = "COMTRADE/FRA00042.dat"
    file_error: bool = False
    malformed: bool = False
    end: str = "release"
    second: bool = True  # a second association

    def capture(self) -> bytes:
        return self.trace().pcap()

    def trace(self) -> Trace:
        trace = Trace()
        trace.wait(self.start_s)
        association = Association(trace, self.port, self.client, self.server, self.server_port)
        association.next_invoke = {"client": self.first_invoke, "server": 1}
        if self.open(association):
            self.browse(association)
            self.read(association)
            self.report(association)
            self.write(association)
            self.command(association)
            self.transfer(association)
            self.finish(association)
        if self.second:
            trace.wait(1)
            again = Association(trace, self.port + 1, self.client, self.server, self.server_port)
            again.connect_transport().propose()
            again.accept()
            again.identify()
            again.release()
        return trace

    def open(self, a: Association) -> bool:
        if self.refused == "rst":
            a.tcp.syn()
            a.tcp.refuse()
            return False
        a.tcp.open()
        a.trace.wait(0.001)
        a.tcp.send("client", stack.cotp_cr())
        a.trace.wait(0.001)
        a.tcp.send("server", stack.cotp_cc(size=self.tpdu_size))
        a.trace.wait(0.002)
        a.propose(self.proposed, self.contexts)
        if self.refused == "acse":
            a.tsdu("server", stack.session_ac(stack.presentation_cpa((0, 0), stack.aare(b"", 1, 1))))
            a.tcp.close()
            return False
        if self.refused == "initiate":
            a.accept(mms.initiate_error(mms.INITIATE_OTHER))
            a.tcp.close()
            return False
        a.accept(self.negotiated, (0,) * len(self.contexts))
        return True

    def browse(self, a: Association) -> None:
        if self.identify:
            a.ask(mms.identify_request(), mms.identify_response(revision=self.revision))
        a.ask(mms.get_name_list_request(mms.DOMAIN), mms.get_name_list_response(["IED1CTRL"]))
        names = self.names
        after = None
        while names:
            page, names = names[:self.page], names[self.page:]
            a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL", after),
                  mms.get_name_list_response(page, bool(names)))
            after = page[-1]
        a.ask(mms.get_variable_access_attributes_request("IED1CTRL/XCBR1$ST$Pos"),
              mms.get_variable_access_attributes_response(mms.type_structure(self.type)))
        a.read("IED1CTRL/CSWI1$CF$Pos$ctlModel", data.integer(self.ctl_model))
        a.read("IED1CTRL/LLN0$ST$Beh", data.status(data.integer(self.beh), a.trace.server_time))

    def read(self, a: Association) -> None:
        def position() -> None:
            a.read(f"IED1CTRL/{self.position}", data.status(self.position_type, a.trace.server_time),
                   after=self.after)

        def measured() -> None:
            value = data.status(data.structure(data.float32(self.measured)), a.trace.server_time)
            a.read(["IED1CTRL/MMXU1$MX$TotW", "IED1CTRL/MMXU1$MX$Hz"],
                   data.failure(self.measured_error) if self.measured_error is not None else value, value,
                   after=self.after)

        for _ in range(self.polls):
            for part in (position, measured) if self.read_first else (measured, position):
                part()

    def report(self, a: Association) -> None:
        block = reporting.ReportControl(a, triggers=self.triggers, fields=self.fields, conf_rev=self.conf_rev,
                                        integrity_ms=self.integrity_ms, members=self.members)
        block.read()
        block.read_directory()
        block.configure()
        block.set(self.enabled, RptEna=data.boolean(True))
        if self.enabled is not None:
            return
        if self.interrogates:
            block.set(GI=data.boolean(True))
        a.trace.wait(0.003)
        value = [data.status(self.reported, a.trace.server_time) for _ in self.members]
        block.send(included="1" * len(self.members), values=value, reason=reporting.GI)
        block.send(included="1" + "0" * (len(self.members) - 1), values=value[:1])

    def write(self, a: Association) -> None:
        a.write("IED1CTRL/PTOC1$SP$OpDlTmms$setVal", self.setting, self.setting_result)

    def command(self, a: Association) -> None:
        c = control.Control(a, category=self.category, originator=self.originator, test=self.test)
        c.select_with_value(self.value)
        if self.cancels:
            c.cancel(self.value)
            return
        if not self.same_number:
            c.ctl_num += 1
        c.operated = c.parameters(self.value, self.check)
        if self.add_cause is not None:
            c.write("Oper", c.operated, data.OBJECT_ACCESS_DENIED, self.add_cause)
        else:
            c.write("Oper", c.operated)
            if self.terminated is not None:
                c.terminate(add_cause=None if self.terminated < 0 else self.terminated)

    def transfer(self, a: Association) -> None:
        a.request(mms.file_open_request(self.file))
        if self.file_error:
            a.fail(mms.FILE_NON_EXISTENT)
            return
        a.respond(mms.file_open_response(7, 12))
        a.ask(mms.file_read_request(7), mms.file_read_response(b"x" * 12, more=False))
        a.ask(mms.file_close_request(7), mms.file_close_response())

    def finish(self, a: Association) -> None:
        if self.malformed:
            a.pdu("server", b"\xa3\x82\x7f\xff\xa0\x00")
        if self.silent:
            a.request(mms.read_request(["IED1CTRL/GGIO1$ST$Ind9"]))
        else:
            a.read("IED1CTRL/GGIO1$ST$Ind9", data.status(data.boolean(True), a.trace.server_time))
        if self.end == "release":
            a.release()
        elif self.end == "abort":
            a.abort("server")
            a.tcp.close()
        elif self.end == "fin":
            a.tcp.close("server")
        elif self.end == "rst":
            a.tcp.rst("server")
        elif self.end == "dr":
            a.tcp.send("server", stack.cotp_dr(128))
            a.tcp.close()
