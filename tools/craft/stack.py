"""The layers between TCP and MMS: TPKT, COTP class 0, session, presentation, ACSE.

Names of the PDUs are the standards': CR, CC, DR (ISO 8073), CN, AC, RF, FN, DN, AB (ISO 8327), CP, CPA,
CPR, ARU, ARP (ISO 8823), AARQ, AARE, RLRQ, RLRE, ABRT (ISO 8650). Each function gives octets.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import ber
from .ber import oid, tlv

ACSE_SYNTAX = "2.2.1.0.1"
MMS_SYNTAX = "1.0.9506.2.1"
MMS_APPLICATION_CONTEXT = "1.0.9506.2.3"
BER_TRANSFER = "2.1.1"
ACSE_CONTEXT = 1
MMS_CONTEXT = 3


# --- TPKT and COTP ---
def tpkt(tpdu: bytes) -> bytes:
    return b"\x03\x00" + (4 + len(tpdu)).to_bytes(2, "big") + tpdu


def _connect_tpdu(code: int, dst: int, src: int, size: int, first: int, second: int) -> bytes:
    parameters = bytes([0xC0, 1, size, first, 2, 0, 1, second, 2, 0, 1])
    head = bytes([code]) + dst.to_bytes(2, "big") + src.to_bytes(2, "big") + b"\x00" + parameters
    return tpkt(bytes([len(head)]) + head)


def cotp_cr(src: int = 1, size: int = 0x0D) -> bytes:
    """`size` is the exponent of the TPDU size: 0x0D is 8192 octets."""
    return _connect_tpdu(0xE0, 0, src, size, 0xC2, 0xC1)


def cotp_cc(dst: int = 1, src: int = 2, size: int = 0x0D) -> bytes:
    return _connect_tpdu(0xD0, dst, src, size, 0xC2, 0xC1)


def cotp_dr(reason: int, dst: int = 1, src: int = 0) -> bytes:
    return tpkt(b"\x06\x80" + dst.to_bytes(2, "big") + src.to_bytes(2, "big") + bytes([reason]))


def cotp_dt(tsdu: bytes, tpdu_size: int = 8192) -> bytes:
    """One TSDU in as many DT TPDUs as the negotiated TPDU size asks for."""
    room = tpdu_size - 3
    parts = [tsdu[i : i + room] for i in range(0, len(tsdu), room)] or [b""]
    return b"".join(
        tpkt(b"\x02\xf0" + (b"\x80" if n == len(parts) else b"\x00") + part) for n, part in enumerate(parts, 1)
    )


# --- session ---
def spdu(code: int, *parameters: bytes) -> bytes:
    return parameter(code, b"".join(parameters))


def parameter(code: int, value: bytes) -> bytes:
    size = len(value)
    return bytes([code]) + (bytes([size]) if size < 0xFF else b"\xff" + size.to_bytes(2, "big")) + value


_CONNECT_ITEM = parameter(0x05, b"\x13\x01\x00\x16\x01\x02")
_DUPLEX = parameter(0x14, b"\x00\x02")


def session_cn(cp: bytes) -> bytes:
    return spdu(0x0D, _CONNECT_ITEM, _DUPLEX, b"\x33\x02\x00\x01\x34\x02\x00\x01", parameter(0xC1, cp))


def session_ac(cpa: bytes) -> bytes:
    return spdu(0x0E, _CONNECT_ITEM, _DUPLEX, b"\x34\x02\x00\x01", parameter(0xC1, cpa))


def session_rf(reason: int, cpr: bytes = b"") -> bytes:
    return spdu(0x0C, b"\x11\x01\x01", parameter(0x32, bytes([reason]) + cpr))


def session_fn(ppdu: bytes) -> bytes:
    return spdu(0x09, b"\x11\x01\x01", parameter(0xC1, ppdu))


def session_dn(ppdu: bytes) -> bytes:
    return spdu(0x0A, parameter(0xC1, ppdu))


def session_ab(ppdu: bytes = b"", disconnect: int = 0x0B) -> bytes:
    user = parameter(0xC1, ppdu) if ppdu else b""
    return spdu(0x19, bytes([0x11, 0x01, disconnect]), user)


def session_data(ppdu: bytes) -> bytes:
    return b"\x01\x00\x01\x00" + ppdu


# --- presentation ---
def user_data(context: int, pdu: bytes) -> bytes:
    return tlv(0x61, tlv(0x30, ber.integer(context), tlv(0xA0, pdu)))


def presentation_cp(contexts: Sequence[tuple[int, str]], pdu: bytes) -> bytes:
    proposed = (
        tlv(0x30, ber.integer(number), oid(syntax), tlv(0x30, oid(BER_TRANSFER))) for number, syntax in contexts
    )
    parameters = tlv(
        0xA2,
        b"\x81\x04\x00\x00\x00\x01\x82\x04\x00\x00\x00\x01",
        tlv(0xA4, *proposed),
        user_data(ACSE_CONTEXT, pdu),
    )
    return tlv(0x31, tlv(0xA0, ber.integer(1, 0x80)), parameters)


def context_results(results: Sequence[int]) -> bytes:
    """Each result: 0 accepted, else the provider reason (1 abstract syntax not supported, ...)."""
    accepted = tlv(0x30, ber.integer(0, 0x80), oid(BER_TRANSFER, 0x81))
    return tlv(
        0xA5, *(tlv(0x30, ber.integer(2, 0x80), ber.integer(r, 0x82)) if r else accepted for r in results)
    )


def presentation_cpa(results: Sequence[int], pdu: bytes) -> bytes:
    parameters = tlv(0xA2, b"\x83\x04\x00\x00\x00\x01", context_results(results), user_data(ACSE_CONTEXT, pdu))
    return tlv(0x31, tlv(0xA0, ber.integer(1, 0x80)), parameters)


def presentation_cpr(reason: int | None = None, results: Sequence[int] = (), pdu: bytes = b"") -> bytes:
    return tlv(
        0x30,
        b"\x83\x04\x00\x00\x00\x01",
        context_results(results) if results else b"",
        b"" if reason is None else ber.integer(reason, 0x8A),
        user_data(ACSE_CONTEXT, pdu) if pdu else b"",
    )


def presentation_aru(pdu: bytes, context: int = ACSE_CONTEXT) -> bytes:
    return tlv(0xA0, user_data(context, pdu))


def presentation_arp(reason: int, event: int = 7) -> bytes:
    return tlv(0x30, ber.integer(reason, 0x80), ber.integer(event, 0x81))


# --- ACSE ---
def user_information(mms_pdu: bytes, context: int = MMS_CONTEXT) -> bytes:
    if not mms_pdu:
        return b""
    return tlv(0xBE, tlv(0x28, ber.integer(context), tlv(0xA0, mms_pdu)))


def aarq(mms_pdu: bytes, context: int = MMS_CONTEXT) -> bytes:
    return tlv(
        0x60,
        tlv(0xA1, oid(MMS_APPLICATION_CONTEXT)),
        tlv(0xA2, oid("1.1.1.999.1")),
        tlv(0xA3, ber.integer(12)),
        tlv(0xA6, oid("1.1.1.999")),
        tlv(0xA7, ber.integer(12)),
        user_information(mms_pdu, context),
    )


def aare(mms_pdu: bytes, result: int = 0, user: int = 0, context: int = MMS_CONTEXT) -> bytes:
    """`result`: 0 accepted, 1 rejected-permanent, 2 rejected-transient; `user`: service-user diagnostic."""
    return tlv(
        0x61,
        tlv(0xA1, oid(MMS_APPLICATION_CONTEXT)),
        tlv(0xA2, ber.integer(result)),
        tlv(0xA3, tlv(0xA1, ber.integer(user))),
        user_information(mms_pdu, context),
    )


def rlrq() -> bytes:
    return tlv(0x62, ber.integer(0, 0x80))


def rlre() -> bytes:
    return tlv(0x63, ber.integer(0, 0x80))


def abrt(source: int) -> bytes:
    """`source`: 0 service user, 1 service provider."""
    return tlv(0x64, ber.integer(source, 0x80))
