"""MMS Data (ISO 9506-2, 14.4.2) and the IEC 61850 values made of it. Times are seconds since 1970."""

from __future__ import annotations

import struct

from . import ber

CLOCK_FAILURE = 0x40
NOT_SYNCHRONIZED = 0x20
MILLISECOND = 0x0A  # TimeAccuracy: 10 significant fraction bits
_DAYS_TO_1984 = 5113

# DataAccessError
OBJECT_INVALIDATED = 0
TEMPORARILY_UNAVAILABLE = 2
OBJECT_ACCESS_DENIED = 3
TYPE_INCONSISTENT = 7
OBJECT_ACCESS_UNSUPPORTED = 9
OBJECT_NON_EXISTENT = 10
OBJECT_VALUE_INVALID = 11


def boolean(value: bool) -> bytes:
    return ber.boolean(value, 0x83)


def bits(value: str) -> bytes:
    return ber.bit_string(value, 0x84)


def integer(value: int) -> bytes:
    return ber.integer(value, 0x85)


def unsigned(value: int) -> bytes:
    return ber.integer(value, 0x86)


def float32(value: float) -> bytes:
    return ber.tlv(0x87, b"\x08", struct.pack(">f", value))


def float64(value: float) -> bytes:
    return ber.tlv(0x87, b"\x0b", struct.pack(">d", value))


def octets(value: bytes) -> bytes:
    return ber.tlv(0x89, value)


def string(value: str) -> bytes:
    return ber.text(value, 0x8A)


def mms_string(value: str) -> bytes:
    return ber.tlv(0x90, value.encode())


def array(*members: bytes) -> bytes:
    return ber.tlv(0xA1, *members)


def structure(*members: bytes) -> bytes:
    return ber.tlv(0xA2, *members)


def time_of_day(seconds: float) -> bytes:
    """The six octets of a TimeOfDay: ms since midnight, days since 1984."""
    ms = round(seconds * 1000)
    days, of_day = divmod(ms, 86_400_000)
    return struct.pack(">IH", of_day, days - _DAYS_TO_1984)


def binary_time(seconds: float) -> bytes:
    return ber.tlv(0x8C, time_of_day(seconds))


def utc_time(seconds: float, quality: int = MILLISECOND) -> bytes:
    whole = int(seconds)
    fraction = min(int((seconds - whole) * (1 << 24)), (1 << 24) - 1)
    return ber.tlv(0x91, struct.pack(">I", whole), fraction.to_bytes(3, "big"), bytes([quality]))


def failure(code: int) -> bytes:
    """AccessResult.failure: stands where a Data value is expected."""
    return ber.integer(code, 0x80)


# --- IEC 61850 ---
GOOD = "00"
INVALID = "01"
QUESTIONABLE = "11"
OLD_DATA, SUBSTITUTED, TEST, OPERATOR_BLOCKED = 7, 10, 11, 12


def quality(validity: str = GOOD, *flags: int) -> bytes:
    detail = ber.bit_set(set(flags), 13)
    return bits(validity + detail[2:])


def dbpos(position: str) -> bytes:
    return bits({"intermediate": "00", "off": "01", "on": "10", "bad": "11"}[position])


def status(value: bytes, seconds: float, q: bytes | None = None, clock: int = MILLISECOND) -> bytes:
    """A status data object {stVal, q, t}, or with a structure as value a measurand {mag, q, t}."""
    return structure(value, q if q is not None else quality(), utc_time(seconds, clock))


def nested(depth: int) -> bytes:
    value = boolean(True)
    for _ in range(depth):
        value = structure(value)
    return value
