"""Puts the frames of a capture behind other link layers and tunnels, and into other containers.

Every way is one row of LINKS or CONTAINERS. Headers are those of the standards that
src/capture/link.cc and tunnel.cc name; checksums are left out, as by an offloading card.
"""

from __future__ import annotations

import gzip
import shutil
import struct
import subprocess
from typing import Callable, Iterable, Optional, Sequence

from pcap import ETHERNET, NS, Frame

MACS = bytes.fromhex("020000000001020000000002")
IPV4 = b"\x08\x00"


def ip_of(frame: Frame) -> bytes:
    """The IP packet of a plain Ethernet frame, without padding."""
    if frame.link_type != ETHERNET or frame.data[12:14] != IPV4:
        raise ValueError(f"frame {frame.number}: not IPv4 over Ethernet")
    return frame.data[14:14 + struct.unpack_from(">H", frame.data, 16)[0]]


def ethernet(ethertype: int, payload: bytes) -> bytes:
    return MACS + struct.pack(">H", ethertype) + payload


def in_ip(protocol: int, payload: bytes) -> bytes:
    return struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0,
                       0x0A000001, 0x0A000002) + payload


def gre(flags: int, kind: int, payload: bytes) -> bytes:
    return ethernet(0x0800, in_ip(47, struct.pack(">HH", flags, kind) + payload))


def vxlan(frame: bytes) -> bytes:
    return in_ip(17, struct.pack(">4H", 50_000, 4789, 16 + len(frame), 0) +
                 bytes.fromhex("0800000000000700") + frame)


def hsr(frame: Frame, path: int) -> bytes:
    ip = ip_of(frame)
    return ethernet(0x892F, struct.pack(">HH", path << 12 | (len(ip) + 6), frame.number & 0xFFFF) +
                    IPV4 + ip)


def prp(frame: Frame, lan: int) -> bytes:
    padded = ethernet(0x0800, ip_of(frame)).ljust(60, b"\0")
    return padded + struct.pack(">HHH", frame.number & 0xFFFF, lan << 12 | (len(padded) - 14 + 6),
                                0x88FB)


def ppp(frame: Frame) -> bytes:
    return b"\x00\x21" + ip_of(frame)


# How one frame becomes one other frame of this link type.
LINKS: dict[str, tuple[int, Callable[[Frame], bytes]]] = {
    "padded": (1, lambda f: ethernet(0x0800, ip_of(f)).ljust(90, b"\x5a")),
    "vlan": (1, lambda f: ethernet(0x8100, b"\x60\x05" + IPV4 + ip_of(f))),
    "priority_tag": (1, lambda f: ethernet(0x8100, b"\x80\x00" + IPV4 + ip_of(f))),
    "802.1ad": (1, lambda f: ethernet(0x88A8, b"\x00\x64\x81\x00\x00\x05" + IPV4 + ip_of(f))),
    "802.1ad_twice": (1, lambda f: ethernet(
        0x88A8, b"\x00\x64\x88\xa8\x00\x65\x81\x00\x00\x05" + IPV4 + ip_of(f))),
    "stacked_9100": (1, lambda f: ethernet(0x9100, b"\x00\x64\x81\x00\x00\x05" + IPV4 + ip_of(f))),
    "llc_snap": (1, lambda f: ethernet(
        len(ip_of(f)) + 8, b"\xaa\xaa\x03\x00\x00\x00" + IPV4 + ip_of(f))),
    "hsr": (1, lambda f: hsr(f, f.number % 2)),
    "hsr_in_vlan": (1, lambda f: ethernet(0x8100, b"\x80\x00" + hsr(f, 0)[12:])),
    "prp_lan_a": (1, lambda f: prp(f, 0xA)),
    "prp_lan_b": (1, lambda f: prp(f, 0xB)),
    "mpls": (1, lambda f: ethernet(0x8847, bytes.fromhex("0006404000065140") + ip_of(f))),
    "mpls_pseudowire": (1, lambda f: ethernet(
        0x8847, bytes.fromhex("0006514000000000") + ethernet(0x0800, ip_of(f)))),
    "mpls_pseudowire_without_control_word": (1, lambda f: ethernet(
        0x8847, bytes.fromhex("00065140") + ethernet(0x0800, ip_of(f)))),
    "pppoe": (1, lambda f: ethernet(
        0x8864, b"\x11\x00\x00\x07" + struct.pack(">H", len(ppp(f))) + ppp(f) + b"\0" * 3)),
    "ppp": (9, ppp),
    "ppp_hdlc": (50, lambda f: b"\xff\x03" + ppp(f)),
    "ip_in_ip": (1, lambda f: ethernet(0x0800, in_ip(4, ip_of(f)))),
    "gre": (1, lambda f: gre(0, 0x0800, ip_of(f))),
    "gre_key_sequence_checksum": (1, lambda f: gre(0xB000, 0x0800, b"\0" * 12 + ip_of(f))),
    "gre_of_ethernet": (1, lambda f: gre(0x2000, 0x6558, b"\0\0\0\x09" + f.data)),
    "erspan_1": (1, lambda f: gre(0, 0x88BE, f.data)),
    "erspan_2": (1, lambda f: gre(0x1000, 0x88BE, struct.pack(">I", f.number) +
                                  bytes.fromhex("1001000100000002") + f.data)),
    "erspan_3": (1, lambda f: gre(0x1000, 0x22EB, struct.pack(">I", f.number) +
                                  bytes.fromhex("200100010000000000000000") + f.data)),
    "vxlan": (1, lambda f: ethernet(0x0800, vxlan(f.data))),
    "vlan_in_vxlan_in_vlan": (1, lambda f: ethernet(0x8100, b"\x00\x07" + IPV4 + vxlan(
        ethernet(0x8100, b"\x00\x08" + IPV4 + ip_of(f))))),
    "null_little_endian": (0, lambda f: b"\x02\0\0\0" + ip_of(f)),
    "null_big_endian": (0, lambda f: b"\0\0\0\x02" + ip_of(f)),
    "loop": (108, lambda f: b"\0\0\0\x02" + ip_of(f)),
    "raw": (101, ip_of),
    "raw_ipv4": (228, ip_of),
    "sll": (113, lambda f: struct.pack(">HHH", 4, 1, 6) + MACS[:6] + b"\0\0" + IPV4 + ip_of(f)),
    "sll2": (276, lambda f: IPV4 + struct.pack(">HIHBB", 0, 3, 1, 4, 6) + MACS[:6] + b"\0\0" +
             ip_of(f)),
    "sll_vlan": (113, lambda f: struct.pack(">HHH", 0, 1, 6) + MACS[:6] + b"\0\0" +
                 b"\x81\x00\x00\x05" + IPV4 + ip_of(f)),
}


def linked(frames: Iterable[Frame], name: str) -> list[Frame]:
    link_type, wrap = LINKS[name]
    return [Frame(f.number, f.time_ns, link_type, wrap(f)) for f in frames]


def pcap(frames: Sequence[Frame], order: str = "<", nanoseconds: bool = True) -> bytes:
    unit = 1 if nanoseconds else 1000
    out = [struct.pack(order + "IHHiIII", 0xA1B23C4D if nanoseconds else 0xA1B2C3D4, 2, 4, 0, 0,
                       262_144, frames[0].link_type)]
    for f in frames:
        out.append(struct.pack(order + "4I", f.time_ns // NS, f.time_ns % NS // unit, len(f.data),
                               len(f.data)) + f.data)
    return b"".join(out)


class Pcapng:
    """One section of a pcapng file in the making."""

    def __init__(self, order: str = "<") -> None:
        self.order = order
        self.out = b""
        self.clocks: list[tuple[int, int]] = []  # units a second, offset in seconds
        self.block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))

    def block(self, kind: int, body: bytes) -> "Pcapng":
        body += b"\0" * (-len(body) % 4)
        length = struct.pack(self.order + "I", len(body) + 12)
        self.out += struct.pack(self.order + "I", kind) + length + body + length
        return self

    def option(self, code: int, value: bytes) -> bytes:
        return struct.pack(self.order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)

    def interface(self, link_type: int = ETHERNET, resolution: int = 9, offset: int = 0) -> "Pcapng":
        units = 2 ** (resolution & 0x7F) if resolution & 0x80 else 10 ** resolution
        self.clocks.append((units, offset))
        return self.block(1, struct.pack(self.order + "HHI", link_type, 0, 0) +
                          self.option(9, bytes([resolution])) +
                          self.option(14, struct.pack(self.order + "q", offset)) +
                          self.option(0, b""))

    def packet(self, frame: Frame, interface: int = 0, obsolete: bool = False) -> "Pcapng":
        units, offset = self.clocks[interface]
        ticks = -((offset * NS - frame.time_ns) * units // NS)  # rounded up, to be cut off again
        head = struct.pack(self.order + ("HH" if obsolete else "I"),
                           *((interface, 0xFFFF) if obsolete else (interface,)))
        return self.block(2 if obsolete else 6, head + struct.pack(
            self.order + "4I", ticks >> 32, ticks & 0xFFFF_FFFF, len(frame.data),
            len(frame.data)) + frame.data)

    def simple(self, frame: Frame) -> "Pcapng":
        return self.block(3, struct.pack(self.order + "I", len(frame.data)) + frame.data)

    def statistics(self, interface: int, dropped: int, by_system: int = 0) -> "Pcapng":
        return self.block(5, struct.pack(self.order + "III", interface, 0, 0) +
                          self.option(5, struct.pack(self.order + "Q", dropped)) +
                          self.option(7, struct.pack(self.order + "Q", by_system)) +
                          self.option(0, b""))


def pcapng(frames: Sequence[Frame], order: str = "<", resolution: int = 9, offset: int = 0,
           obsolete: bool = False) -> bytes:
    file = Pcapng(order).interface(frames[0].link_type, resolution, offset)
    for frame in frames:
        file.packet(frame, obsolete=obsolete)
    return file.out


def of_sections(frames: Sequence[Frame]) -> bytes:
    """Five sections of alternating byte order, each with other interfaces."""
    out = b""
    size = len(frames) // 5 + 1
    for number, begin in enumerate(range(0, len(frames), size)):
        section = Pcapng("<>"[number % 2]).interface(113, 6).interface(1, (9, 0x80 | 33)[number % 2])
        for frame in frames[begin:begin + size]:
            section.packet(frame, 1)
        out += section.out
    return out


def of_interfaces(frames: Sequence[Frame]) -> bytes:
    """A trace over interfaces that differ in link type, time resolution and time offset."""
    ways = (("raw", 9, 0), ("sll2", 0x80 | 32, 0), ("vxlan", 12, frames[0].time_ns // NS - 5),
            ("null_big_endian", 9, 1_700_000_000), ("sll", 0x80 | 40, 1_795_000_000))
    file = Pcapng(">")
    for name, resolution, offset in ways:
        file.interface(LINKS[name][0], resolution, offset)
    for number, frame in enumerate(frames):
        way = number % len(ways)
        file.packet(linked([frame], ways[way][0])[0], way)
    return file.out


def zstd(octets: bytes) -> Optional[bytes]:
    if shutil.which("zstd") is None:
        return None
    return subprocess.run(["zstd", "-q", "-c"], input=octets, capture_output=True, check=True).stdout


# How frames become the octets of a file; None where a tool is missing.
CONTAINERS: dict[str, Callable[[Sequence[Frame]], Optional[bytes]]] = {
    "pcap": pcap,
    "pcap_big_endian": lambda f: pcap(f, ">"),
    "pcapng": pcapng,
    "pcapng_big_endian": lambda f: pcapng(f, ">"),
    "pcapng_binary_time": lambda f: pcapng(f, "<", 0x80 | 32),
    "pcapng_time_offset": lambda f: pcapng(f, ">", 9, 1_700_000_000),
    "pcapng_time_offset_binary_time": lambda f: pcapng(f, ">", 0x80 | 34, 1_795_337_000),
    "pcapng_negative_time_offset": lambda f: pcapng(f, "<", 9, -86_400),
    "pcapng_obsolete_packets": lambda f: pcapng(f, "<", 9, 0, True),
    "pcapng_obsolete_packets_big_endian": lambda f: pcapng(f, ">", 9, 0, True),
    "pcapng_sections": of_sections,
    "pcapng_interfaces": of_interfaces,
    "pcap_gzip": lambda f: gzip.compress(pcap(f)),
    "pcapng_gzip": lambda f: gzip.compress(pcapng(f, ">")),
    "pcap_zstd": lambda f: zstd(pcap(f, ">")),
    "pcapng_zstd": lambda f: zstd(of_sections(f)),
}
MICROSECONDS: dict[str, Callable[[Sequence[Frame]], bytes]] = {
    "pcap": lambda f: pcap(f, "<", False),
    "pcap_big_endian": lambda f: pcap(f, ">", False),
    "pcapng": lambda f: pcapng(f, "<", 6),
    "pcapng_big_endian": lambda f: pcapng(f, ">", 6),
}
