"""Reads the packets of pcap and pcapng files, and writes pcap files: as much as the tests need."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

NS = 1_000_000_000
ETHERNET = 1


@dataclass(frozen=True)
class Frame:
    number: int
    time_ns: int
    link_type: int
    data: bytes


def read(path: Path) -> list[Frame]:
    octets = path.read_bytes()
    packets = _pcapng(octets) if octets[:4] == b"\x0a\x0d\x0d\x0a" else _pcap(octets)
    return [Frame(i, *packet) for i, packet in enumerate(packets, 1)]


def _pcap(octets: bytes) -> Iterator[tuple[int, int, bytes]]:
    scales = {b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\xa1\xb2\xc3\xd4": (">", 1000),
              b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\x3c\x4d": (">", 1)}
    order, scale = scales[octets[:4]]
    link_type = struct.unpack_from(order + "I", octets, 20)[0]
    at = 24
    while at + 16 <= len(octets):
        seconds, fraction, captured, _ = struct.unpack_from(order + "4I", octets, at)
        yield seconds * NS + fraction * scale, link_type, octets[at + 16:at + 16 + captured]
        at += 16 + captured


def _pcapng(octets: bytes) -> Iterator[tuple[int, int, bytes]]:
    order = "<"
    interfaces: list[tuple[int, int]] = []  # link type, units a second
    at = 0
    while at + 12 <= len(octets):
        if octets[at:at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if octets[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, length = struct.unpack_from(order + "2I", octets, at)
        body = octets[at + 8:at + length - 4]
        if kind == 1:  # interface description
            interfaces.append((struct.unpack_from(order + "H", body)[0], _resolution(order, body[8:])))
        elif kind == 6:  # enhanced packet
            interface, high, low, captured = struct.unpack_from(order + "4I", body)
            link_type, units = interfaces[interface]
            yield ((high << 32) | low) * NS // units, link_type, body[20:20 + captured]
        at += length


def _resolution(order: str, options: bytes) -> int:
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(order + "2H", options, at)
        if code == 9:  # if_tsresol
            value = options[at + 4]
            return 2 ** (value & 0x7F) if value & 0x80 else 10 ** value
        at += 4 + (length + 3) // 4 * 4
    return 1_000_000


def write(path: Path, packets: list[tuple[int, bytes]], link_type: int = ETHERNET) -> None:
    """Packets are times in nanoseconds and octets."""
    out = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, link_type)]
    for time_ns, data in packets:
        out.append(struct.pack("<4I", time_ns // NS, time_ns % NS, len(data), len(data)))
        out.append(data)
    path.write_bytes(b"".join(out))


@dataclass(frozen=True)
class TcpSegment:
    """A segment inside an Ethernet frame with IPv4, and how to build another one like it."""

    frame: Frame
    ip: int   # offset of the IP header
    tcp: int  # of the TCP header
    data: int  # of the payload
    seq: int
    flags: int
    payload: bytes
    direction: bytes  # addresses and ports

    def rebuilt(self, seq: int, flags: int, payload: bytes) -> bytes:
        """Checksums are those of an offloading network card: wrong."""
        head = bytearray(self.frame.data[:self.data])
        struct.pack_into(">H", head, self.ip + 2, self.data - self.ip + len(payload))
        struct.pack_into(">I", head, self.tcp + 4, seq & 0xFFFF_FFFF)
        head[self.tcp + 13] = flags
        return bytes(head) + payload


def tcp_segment(frame: Frame) -> TcpSegment:
    data = frame.data
    if frame.link_type != ETHERNET or data[12:14] != b"\x08\x00" or data[23] != 6:
        raise ValueError(f"frame {frame.number}: not TCP over IPv4 over Ethernet")
    ip = 14
    tcp = ip + (data[ip] & 0x0F) * 4
    begin = tcp + (data[tcp + 12] >> 4) * 4
    end = ip + struct.unpack_from(">H", data, ip + 2)[0]
    return TcpSegment(frame, ip, tcp, begin, struct.unpack_from(">I", data, tcp + 4)[0],
                      data[tcp + 13], data[begin:end], data[ip + 12:ip + 20] + data[tcp:tcp + 4])
