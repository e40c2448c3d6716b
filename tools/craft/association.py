"""An MMS association between a client and a server, told as a dialogue.

`associate(trace)` opens one; its methods send what a verb says and let the clock run. A request and its
answer are one call (`read`, `write`, `ask`); the halves are `request` and `respond`. Waiting times are
seconds: `think` before the client speaks, `after` between a request and its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import data, mms, stack
from .tcp import Connection, Trace

THINK = 0.020
AFTER = 0.004
OK = None


class Association:
    def __init__(self, trace: Trace, port: int = 50000, client: str = "10.0.0.1", server: str = "10.0.0.2",
                 server_port: int = 102, connection: Connection | None = None) -> None:
        self.trace = trace
        self.tcp = connection or Connection(trace, port, client, server, server_port)
        self.context = stack.MMS_CONTEXT
        self.tpdu_size = 8192
        self.next_invoke = {"client": 1, "server": 1}
        self.last_invoke = 0

    # --- opening ---
    def connect_transport(self) -> Association:
        self.tcp.open()
        self.trace.wait(0.001)
        self.tcp.send("client", stack.cotp_cr())
        self.trace.wait(0.001)
        self.tcp.send("server", stack.cotp_cc())
        self.trace.wait(0.002)
        return self

    def propose(self, initiate: bytes | None = None, contexts: Sequence[tuple[int, str]] = ()) -> Association:
        offered = contexts or ((stack.ACSE_CONTEXT, stack.ACSE_SYNTAX), (self.context, stack.MMS_SYNTAX))
        pdu = stack.aarq(initiate or mms.initiate_request(), self.context)
        self.tsdu("client", stack.session_cn(stack.presentation_cp(offered, pdu)))
        return self

    def accept(self, initiate: bytes | None = None, results: Sequence[int] = (0, 0)) -> Association:
        pdu = stack.aare(initiate or mms.initiate_response(), context=self.context)
        self.tsdu("server", stack.session_ac(stack.presentation_cpa(results, pdu)))
        return self

    # --- closing ---
    def conclude(self, answered: bool = True) -> Association:
        self.trace.wait(THINK)
        self.pdu("client", mms.CONCLUDE_REQUEST)
        if answered:
            self.trace.wait(AFTER)
            self.pdu("server", mms.CONCLUDE_RESPONSE)
        return self

    def finish(self) -> Association:
        """Session FINISH and DISCONNECT with the ACSE release."""
        self.trace.wait(AFTER)
        self.tsdu("client", stack.session_fn(stack.user_data(stack.ACSE_CONTEXT, stack.rlrq())))
        self.trace.wait(AFTER)
        self.tsdu("server", stack.session_dn(stack.user_data(stack.ACSE_CONTEXT, stack.rlre())))
        return self

    def release(self) -> None:
        """Conclude, release and FIN: the orderly end."""
        self.conclude().finish()
        self.trace.wait(0.001)
        self.tcp.close()
        self.trace.wait(0.1)

    def abort(self, side: str, source: int = 0) -> None:
        self.tsdu(side, stack.session_ab(stack.presentation_aru(stack.abrt(source))))

    # --- any PDU ---
    def tsdu(self, side: str, tsdu: bytes, **segments: Sequence[int]) -> None:
        self.tcp.send(side, stack.cotp_dt(tsdu, self.tpdu_size), **segments)

    def octets(self, pdu: bytes, context: int | None = None) -> bytes:
        """The TCP payload that carries an MMS PDU."""
        ppdu = stack.user_data(self.context if context is None else context, pdu)
        return stack.cotp_dt(stack.session_data(ppdu), self.tpdu_size)

    def pdu(self, side: str, pdu: bytes, context: int | None = None, **segments: Sequence[int]) -> None:
        self.tcp.send(side, self.octets(pdu, context), **segments)

    # --- confirmed services; `by` is who asks ---
    def request(self, service: bytes, think: float = THINK, invoke: int | None = None, by: str = "client") -> int:
        self.trace.wait(think)
        number = self.take_invoke(by) if invoke is None else invoke
        self.last_invoke = number
        self.pdu(by, mms.confirmed_request(number, service))
        return number

    def respond(self, service: bytes, after: float = AFTER, invoke: int | None = None, by: str = "client") -> None:
        self.answer(mms.confirmed_response(self._answered(invoke), service), after, by)

    def fail(self, error: tuple[int, int], after: float = AFTER, invoke: int | None = None, specific: bytes = b"",
             by: str = "client") -> None:
        self.answer(mms.confirmed_error(self._answered(invoke), error, specific), after, by)

    def answer(self, pdu: bytes, after: float = AFTER, by: str = "client") -> None:
        self.trace.wait(after)
        self.pdu("server" if by == "client" else "client", pdu)

    def ask(self, request: bytes, response: bytes, after: float = AFTER, by: str = "client") -> None:
        self.request(request, by=by)
        self.respond(response, after, by=by)

    def take_invoke(self, by: str = "client") -> int:
        self.next_invoke[by] += 1
        return self.next_invoke[by] - 1

    def _answered(self, invoke: int | None) -> int:
        return self.last_invoke if invoke is None else invoke

    # --- the services that most scenarios use ---
    def read(self, names: str | Sequence[str], *values: bytes, after: float = AFTER) -> None:
        self.ask(mms.read_request(_list(names)), mms.read_response(values), after)

    def write(self, names: str | Sequence[str], values: bytes | Sequence[bytes],
              results: int | None | Sequence[int | None] = OK, after: float = AFTER) -> None:
        names = _list(names)
        values = [values] if isinstance(values, bytes) else values
        if results is OK or isinstance(results, int):
            results = [results] * len(names)
        self.ask(mms.write_request(names, values), mms.write_response(results), after)

    def read_status(self, after: float = AFTER) -> None:
        """An ordinary read of one point."""
        time = self.trace.server_time - 3
        self.read("IED1CTRL/XCBR1$ST$Pos", data.status(data.dbpos("on"), time), after=after)

    def identify(self) -> None:
        self.ask(mms.identify_request(), mms.identify_response())

    def browse(self) -> None:
        """What an engineering tool asks first."""
        self.ask(mms.get_name_list_request(mms.DOMAIN), mms.get_name_list_response(["IED1CTRL"]))
        self.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL"),
                 mms.get_name_list_response(["CSWI1", "GGIO1", "LLN0", "XCBR1", "XCBR1$ST", "XCBR1$ST$Pos"]))


def _list(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


def associate(trace: Trace, port: int = 50000, initiate: bytes | None = None, answer: bytes | None = None,
              context: int = stack.MMS_CONTEXT, **addresses: object) -> Association:
    """An established association of `port` at the client."""
    association = Association(trace, port, **addresses)
    association.context = context
    association.connect_transport().propose(initiate)
    trace.wait(0.005)
    association.accept(answer)
    return association
