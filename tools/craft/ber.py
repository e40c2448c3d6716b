"""BER (ISO/IEC 8825-1): identifier, length, content; and re-encodings that are legal but unusual."""

from __future__ import annotations

# Identifier octets are written as in docs/PROTOCOL tables: 0xA1, 0x82, 0xBF48, 0x9F4A.
INDEFINITE = "indefinite"
NON_MINIMAL = "non-minimal"


def identifier(tag: int) -> bytes:
    return tag.to_bytes((tag.bit_length() + 7) // 8 or 1, "big")


def length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def tlv(tag: int, *content: bytes) -> bytes:
    body = b"".join(content)
    return identifier(tag) + length(len(body)) + body


def integer(value: int, tag: int = 0x02) -> bytes:
    """Two's complement in the fewest octets; also the wire form of the UnsignedN types."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(tag, value.to_bytes(size, "big", signed=True))


def boolean(value: bool, tag: int = 0x01) -> bytes:
    return tlv(tag, b"\x01" if value else b"\x00")


def null(tag: int = 0x05) -> bytes:
    return tlv(tag)


def text(value: str, tag: int = 0x1A) -> bytes:
    return tlv(tag, value.encode("latin-1"))


def bit_string(bits: str, tag: int = 0x03) -> bytes:
    """`bits` is "0101...", bit 0 first."""
    unused = -len(bits) % 8
    padded = bits + "0" * unused
    octets = bytes(int(padded[i : i + 8], 2) for i in range(0, len(padded), 8))
    return tlv(tag, bytes([unused]), octets)


def bit_set(numbers: set[int], size: int) -> str:
    return "".join("1" if n in numbers else "0" for n in range(size))


def oid(dotted: str, tag: int = 0x06) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    content = b""
    for arc in [40 * first + second, *rest]:
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(0x80 | (arc & 0x7F))
        content += bytes(reversed(octets))
    return tlv(tag, content)


def elements(content: bytes) -> list[tuple[bytes, bytes]]:
    """(identifier octets, content) of each element of well-formed, definite-length BER."""
    found = []
    at = 0
    while at < len(content):
        start = at
        at += 1
        if content[start] & 0x1F == 0x1F:
            while content[at] & 0x80:
                at += 1
            at += 1
        ident = content[start:at]
        size = content[at]
        at += 1
        if size & 0x80:
            octets = size & 0x7F
            size = int.from_bytes(content[at : at + octets], "big")
            at += octets
        found.append((ident, content[at : at + size]))
        at += size
    return found


def loosened(encoding: bytes, form: str) -> bytes:
    """The same value in another legal form: every length in four octets, or indefinite lengths."""
    out = b""
    for ident, content in elements(encoding):
        constructed = bool(ident[0] & 0x20)
        if constructed:
            content = loosened(content, form)
        if form == INDEFINITE and constructed:
            out += ident + b"\x80" + content + b"\x00\x00"
        elif form == NON_MINIMAL:
            out += ident + b"\x84" + len(content).to_bytes(4, "big") + content
        else:
            out += ident + length(len(content)) + content
    return out
