"""A whole station: one SCADA client with an association to each of many servers, and faults on some of
them. For tests of what a report of many devices looks like; tools/make_capture --station writes it."""

from __future__ import annotations

from collections.abc import Iterator

from . import data, mms
from .association import Association, associate
from .control import BLOCKED_BY_INTERLOCKING, Control
from .reporting import BRCB_FIELDS, ReportControl
from .tcp import Frame, Trace

NON_EXISTENT, DENIED = 10, 3  # DataAccessError
SCADA = "10.0.0.1"
SPREAD = 0.020  # seconds between the beginnings of two associations


def address(number: int) -> str:
    return f"10.1.{number // 200}.{number % 200 + 1}"


class Bay:
    """One server and what SCADA does with it."""

    def __init__(self, number: int, faulty: bool) -> None:
        self.number, self.faulty = number, faulty
        self.trace = Trace()
        self.trace.wait(number * SPREAD)
        self.name = f"BAY{number:03}"

    def every(self, count: int, offset: int = 0) -> bool:
        """One of `count` servers, where faults are wanted."""
        return self.faulty and self.number % count == offset

    def reference(self, item: str) -> str:
        return f"{self.name}CTRL/{item}"

    def frames(self) -> list[Frame]:
        if self.every(6, 1):
            self.trace.server_clock = 3600.0
        a = associate(self.trace, 40000 + self.number, client=SCADA, server=address(self.number))
        domains = [f"{self.name}CTRL", f"{self.name}MEAS"]
        a.ask(mms.get_name_list_request(mms.DOMAIN), mms.get_name_list_response(domains))
        block = self.report_control(a)
        for _ in range(3):
            block.report()
        self.faults(a, block)
        self.poll(a)
        if self.faulty and self.number == 77:
            self.lose_and_return(a)
        return self.trace.frames

    def report_control(self, a: Association) -> ReportControl:
        members = tuple(self.reference(f"GGIO1$ST$Ind{n}") for n in (1, 2, 3))
        return ReportControl(a, name=self.reference("LLN0$BR$brcb01"), data_set=self.reference("LLN0$dsStat"),
                             members=members, fields=BRCB_FIELDS).start()

    def poll(self, a: Association) -> None:
        for _ in range(4):
            self.trace.wait(0.5)
            a.read([self.reference("XCBR1$ST$Pos"), f"{self.name}MEAS/MMXU1$MX$TotW$mag$f"],
                   data.status(data.dbpos("on"), self.trace.server_time - 3), data.float32(12.5))

    def faults(self, a: Association, block: ReportControl) -> None:
        if self.every(3):  # a wrong name in SCADA's configuration, on 50 of 150
            for n in range(1, 11):
                a.read(self.reference(f"MMXU1$MX$PhV{n}"), data.failure(NON_EXISTENT))
        if self.every(4, 1):  # values that may not be written
            for n in range(1, 6):
                a.write(self.reference(f"PTOC1$SP$StrVal{n}"), data.float32(1.2), DENIED)
        if self.every(5, 2):  # reports that were never sent
            block.lose(3)
            block.report()
        if self.every(7, 3):
            control = Control(a, node=self.reference("CSWI1")).read_model()
            control.select_with_value(data.boolean(True), DENIED, BLOCKED_BY_INTERLOCKING)
        if self.every(9, 4):
            a.read(self.reference("XCBR1$ST$Pos"), data.status(data.dbpos("on"), self.trace.server_time - 9),
                   after=3.5)
        if self.every(11, 5):
            block.report(overflow=True)
        if self.every(13, 6):
            a.request(mms.identify_request())
            a.fail((7, 1))

    def lose_and_return(self, a: Association) -> None:
        """Only one: it restarts while SCADA polls it."""
        a.request(mms.read_request([self.reference("XCBR1$ST$Pos")]))
        self.trace.wait(0.01)
        a.tcp.rst("server")
        for n in range(3):
            self.trace.wait(1)
            attempt = Association(self.trace, 50000 + n, client=SCADA, server=address(self.number))
            attempt.tcp.syn()
            self.trace.wait(0.0004)
            attempt.tcp.refuse()
        self.trace.wait(1)
        again = associate(self.trace, 50010, client=SCADA, server=address(self.number))
        self.report_control(again).report()
        self.poll(again)


def station(servers: int, faulty: bool = True) -> Iterator[Frame]:
    """All frames in the order of time."""
    frames = [frame for number in range(servers) for frame in Bay(number, faulty).frames()]
    return iter(sorted(frames, key=lambda frame: frame.time))
