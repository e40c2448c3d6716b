"""PDUs that are wrong, and PDUs that only look so."""

from __future__ import annotations

from typing import Callable

from .. import ber, data, mms, stack
from ..association import Association, associate
from ..registry import hit, miss
from ..tcp import Trace
from .services import POSITION, position


# --- malformed-message, limit-reached ---
def damaged(t: Trace, damage: Callable[[Association, bytes], bytes]) -> None:
    """A good read, one whose answer is damaged, and another good one."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request([POSITION]))
    t.wait(0.004)
    pdu = mms.confirmed_response(a.last_invoke, mms.read_response([position(t)]))
    a.tcp.send("server", damage(a, pdu))
    a.read_status()
    a.release()


@hit("malformed-message", may=["no-response"], odd=True)
def length_beyond_parent(t: Trace) -> None:
    """In the answer to a read the length of a value goes beyond the structure that contains it."""
    damaged(t, lambda a, pdu: a.octets(pdu.replace(b"\x84\x03\x03", b"\x84\x7f\x03")))


@hit("malformed-message", "pdu", may=["no-response", "orphan-response"], odd=True)
def unknown_pdu(t: Trace) -> None:
    """An answer has the tag [25], which no MMS PDU has."""
    damaged(t, lambda a, pdu: a.octets(b"\xb9" + pdu[1:]))


@hit("malformed-message", "float", may=["no-response"], odd=True)
def short_float(t: Trace) -> None:
    """An answer holds a floating-point value of three octets."""
    value = mms.read_response([ber.tlv(0x87, b"\x08\x41\x20")])
    damaged(t, lambda a, pdu: a.octets(mms.confirmed_response(a.last_invoke, value)))


@hit("malformed-message", "presentation", may=["no-response"], odd=True)
def no_context_id(t: Trace) -> None:
    """The presentation data value of an answer has no context identifier."""
    broken = lambda pdu: stack.session_data(ber.tlv(0x61, ber.tlv(0x30, ber.tlv(0xA0, pdu))))  # noqa: E731
    damaged(t, lambda a, pdu: stack.cotp_dt(broken(pdu)))


@hit("malformed-message", "cotp", may=["no-response"])
def header_beyond_tpkt(t: Trace) -> None:
    """The header length of a DT TPDU goes beyond its TPKT."""
    damaged(t, lambda a, pdu: stack.tpkt(b"\xfe\xf0\x80" + stack.session_data(stack.user_data(3, pdu))))


@hit("malformed-message", "rejected", must_not=["service-rejected"], odd=True)
def malformed_and_rejected(t: Trace) -> None:
    """A read whose list is tagged wrongly is rejected by its number: one fault, one finding."""
    a = associate(t)
    a.read_status()
    invoke = a.request(mms.read_request([POSITION]).replace(b"\xa0", b"\xa7", 1))
    a.answer(mms.reject(invoke, mms.INVALID_ARGUMENT))
    a.release()


@hit("malformed-message", "rejected-unnamed", must_not=["service-rejected"], may=["no-response"], odd=True)
def malformed_and_rejected_without_id(t: Trace) -> None:
    """A PDU of an unknown kind is rejected by a reject that names no request."""
    a = associate(t)
    a.read_status()
    a.pdu("client", b"\xb9\x03\x02\x01\x07")
    a.answer(mms.reject(None, mms.UNKNOWN_PDU_TYPE))
    a.release()


@hit("malformed-message", "ended", may=["closed-without-conclude", "association-aborted"], odd=True)
def malformed_and_closed(t: Trace) -> None:
    """The client closes the connection right behind an answer that breaks the rules."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request([POSITION]))
    t.wait(0.004)
    pdu = mms.confirmed_response(a.last_invoke, mms.read_response([position(t)]))
    a.tcp.send("server", a.octets(pdu.replace(b"\x84\x03\x03", b"\x84\x7f\x03")))
    t.wait(0.01)
    a.tcp.close()


@hit("malformed-message", "implicit-list", odd=True)
def implicit_list(t: Trace) -> None:
    """The list of a fileDirectory answer has [0] IMPLICIT in place of EXPLICIT."""
    a = associate(t)
    files = {"COMTRADE/FRA00042.cfg": 486, "COMTRADE/FRA00042.dat": 45000}
    a.ask(mms.file_directory_request("COMTRADE"), mms.file_directory_response(files, tagged_explicitly=False))
    a.release()


@miss("malformed-message", "explicit-list")
def explicit_list(t: Trace) -> None:
    """The same list as the standard tags it."""
    a = associate(t)
    a.ask(mms.file_directory_request("COMTRADE"), mms.file_directory_response({"COMTRADE/FRA00042.cfg": 486}))
    a.release()


@miss("malformed-message", "non-minimal")
def non_minimal_lengths(t: Trace) -> None:
    """Every length of an answer takes four octets."""
    damaged(t, lambda a, pdu: a.octets(ber.loosened(pdu, ber.NON_MINIMAL)))


@miss("malformed-message", "indefinite")
def indefinite_lengths(t: Trace) -> None:
    """All constructed elements of an answer have indefinite lengths."""
    damaged(t, lambda a, pdu: a.octets(ber.loosened(pdu, ber.INDEFINITE)))


@miss("malformed-message", "fragments")
def many_pieces(t: Trace) -> None:
    """An answer in several DT TPDUs, cut by TCP inside a TPKT header, and two answers in one segment."""
    a = associate(t)
    a.tpdu_size = 128
    value = data.structure(*(data.status(data.boolean(True), t.server_time) for _ in range(20)))
    a.request(mms.read_request(["IED1CTRL/GGIO1$ST"]))
    t.wait(0.004)
    a.pdu("server", mms.confirmed_response(a.last_invoke, mms.read_response([value])), cuts=[2, 130, 300])
    first, second = (a.request(mms.identify_request(), think=0.001) for _ in range(2))
    t.wait(0.004)
    both = b"".join(a.octets(mms.confirmed_response(n, mms.identify_response())) for n in (first, second))
    a.tcp.send("server", both)
    a.release()


@hit("limit-reached", may=["malformed-message", "no-response"])
def too_deep(t: Trace) -> None:
    """A value with 70 structures inside each other, deeper than any decoder has to follow."""
    nested_read(t, 70)


@miss("limit-reached")
def deep(t: Trace) -> None:
    """A value with 9 structures inside each other, as deep as was negotiated."""
    nested_read(t, 9)


def nested_read(t: Trace, depth: int) -> None:
    a = associate(t)
    a.read("IED1CTRL/GGIO1$EX$Deep", data.nested(depth))
    a.read_status()
    a.release()
