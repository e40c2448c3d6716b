"""What was negotiated, and who keeps to it."""

from __future__ import annotations

from .. import data, mms, stack
from ..association import Association, associate
from ..registry import hit, miss
from ..tcp import Trace


@hit("negotiation-reduced", count=None)
def lowered(t: Trace) -> None:
    """Proposed are 65000 octets and 10 requests, answered 8192 and 2."""
    a = associate(t, initiate=mms.initiate_request(65000, 10, 10), answer=mms.initiate_response(8192, 2, 2))
    a.read_status()
    a.release()


@hit("negotiation-reduced", "zeros", count=None, may=["outstanding-exceeded"])
def all_zeros(t: Trace) -> None:
    """The answer has a 0 for every value that is negotiated."""
    associate(t, answer=mms.initiate_response(0, 0, 0, 0)).release()


@hit("negotiation-reduced", "no-limit", count=None)
def size_zero(t: Trace) -> None:
    """The answer has a 0 for the size of messages only, and all goes on."""
    a = associate(t, answer=mms.initiate_response(0))
    a.read_status()
    a.release()


@miss("negotiation-reduced")
def taken_as_proposed(t: Trace) -> None:
    """The server takes what is proposed, and announces fewer services than the client."""
    a = associate(t)
    a.read_status()
    a.release()


def pipelined(t: Trace, count: int) -> None:
    request, answer = mms.initiate_request(calling=2, called=2), mms.initiate_response(calling=2, called=2)
    a = associate(t, initiate=request, answer=answer)
    asked = [a.request(mms.read_request(["IED1CTRL/XCBR1$ST$Pos"]), think=0.001) for _ in range(count)]
    for invoke in asked:
        a.respond(mms.read_response([data.status(data.dbpos("on"), t.server_time)]), invoke=invoke)
    a.release()


@hit("outstanding-exceeded")
def four_at_once(t: Trace) -> None:
    """Two outstanding requests are negotiated, the client sends four before the first answer."""
    pipelined(t, 4)


@miss("outstanding-exceeded")
def two_at_once(t: Trace) -> None:
    """Two outstanding requests are negotiated, and the client sends two before the first answer."""
    pipelined(t, 2)


@miss("outstanding-exceeded", "retransmission")
def one_retransmitted(t: Trace) -> None:
    """Two are negotiated and sent; the second is retransmitted by TCP, which does not make it a third."""
    answer = mms.initiate_response(calling=2, called=2)
    a = associate(t, initiate=mms.initiate_request(calling=2, called=2), answer=answer)
    asked = [a.request(mms.identify_request(), think=0.001) for _ in range(2)]
    a.tcp.server.ack_due = 0
    t.wait(0.25)
    a.tcp.retransmit("client")
    for invoke in asked:
        a.respond(mms.identify_response(), invoke=invoke)
    a.release()


def read_octets(t: Trace, pdu_size: int) -> None:
    """An answer whose MMS PDU has exactly this many octets, where 1000 are negotiated."""
    a = associate(t, initiate=mms.initiate_request(1000), answer=mms.initiate_response(1000))
    a.request(mms.read_request(["IED1CTRL/GGIO1$DC$NamPlt$d"]))
    text = pdu_size - 19
    pdu = mms.confirmed_response(a.last_invoke, mms.read_response([data.string("x" * text)]))
    assert len(pdu) == pdu_size
    a.answer(pdu)
    a.release()


@hit("pdu-size-exceeded")
def too_big(t: Trace) -> None:
    """1000 octets are negotiated; the server answers with an MMS PDU of 1300."""
    read_octets(t, 1300)


@miss("pdu-size-exceeded")
def just_fits(t: Trace) -> None:
    """1000 octets are negotiated; an MMS PDU has exactly 1000, its TPKT has more."""
    read_octets(t, 1000)


@hit("context-not-negotiated", count=None, may=["no-response"], odd=True)
def unknown_context(t: Trace) -> None:
    """Contexts 1 and 3 are negotiated, but the server sends its answers with context 7."""
    a = associate(t)
    for _ in range(2):
        a.request(mms.identify_request())
        t.wait(0.004)
        a.pdu("server", mms.confirmed_response(a.last_invoke, mms.identify_response()), context=7)
    a.release()


@hit("context-not-negotiated", "rejected", count=None, may=["no-response"])
def rejected_context(t: Trace) -> None:
    """The client proposes MMS as context 3 and 5, 5 is rejected, and it uses 5 all the same."""
    a = Association(t).connect_transport()
    a.propose(contexts=[(1, stack.ACSE_SYNTAX), (3, stack.MMS_SYNTAX), (5, stack.MMS_SYNTAX)])
    t.wait(0.005)
    a.accept(results=[0, 0, 3])
    t.wait(0.02)
    a.pdu("client", mms.confirmed_request(1, mms.identify_request()), context=5)
    t.wait(0.004)
    a.pdu("server", mms.confirmed_response(1, mms.identify_response()))
    a.release()


@miss("context-not-negotiated")
def other_number(t: Trace) -> None:
    """MMS has context 5, as negotiated."""
    a = associate(t, context=5)
    a.read_status()
    a.release()
