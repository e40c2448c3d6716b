"""A clock, TCP connections over IPv4 and Ethernet, and the pcap file of what a tap sees of them."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Callable

START = 1_772_445_600  # 2026-03-02T10:00:00Z
MSS = 1460
DELAYED_ACK = 0.040
WIRE_GAP = 20_000  # ns between two frames of one burst
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
_SEQ = 1 << 32


@dataclass
class Frame:
    time: int  # ns since 1970
    data: bytes
    captured: int | None = None  # octets kept, None for all


@dataclass
class Trace:
    """The capture being made. `now` is the clock of the whole network."""

    now: int = START * 1_000_000_000
    frames: list[Frame] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    server_clock: float = 0.0  # seconds that the servers' clocks are ahead of the capture's
    snaplen: int | None = None
    cut_octets: int = 0  # removed from the end of the file
    recording: bool = True

    def wait(self, seconds: float) -> None:
        self._run_to(self.now + round(seconds * 1e9))

    @property
    def server_time(self) -> float:
        return self.now / 1e9 + self.server_clock

    @contextmanager
    def lost(self) -> Iterator[None]:
        """What happens meanwhile is not in the capture."""
        before, self.recording = self.recording, False
        yield
        self.recording = before

    def emit(self, data: bytes) -> None:
        self.now += WIRE_GAP
        if self.recording:
            self.frames.append(Frame(self.now, data, self.snaplen))

    def keep(self, wanted: Callable[[bytes], bool]) -> None:
        self.frames = [frame for frame in self.frames if wanted(frame.data)]

    def pcap(self) -> bytes:
        """Classic pcap, little endian, microseconds."""
        out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
        for frame in self.frames:
            kept = frame.data[: frame.captured]
            seconds, ns = divmod(frame.time, 1_000_000_000)
            out.append(struct.pack("<IIII", seconds, ns // 1000, len(kept), len(frame.data)) + kept)
        file = b"".join(out)
        return file[: len(file) - self.cut_octets]

    def _run_to(self, target: int) -> None:
        while due := [(end.ack_due, c, end) for c in self.connections for end in c.ends if end.ack_due]:
            when, connection, end = min(due, key=lambda item: item[0])
            if when > target:
                break
            self.now = max(self.now, when)
            connection.ack(end)
        self.now = max(self.now, target)


@dataclass
class End:
    """One side of a connection."""

    ip: str
    port: int
    mac: str
    seq: int
    ip_id: int
    window: int = 64240
    received: int = 0  # next octet expected of the peer
    unacked: int = 0  # segments received since the last acknowledgement
    ack_due: int = 0
    last_segment: tuple[int, bytes] = (0, b"")


class Connection:
    def __init__(self, trace: Trace, port: int = 50000, client: str = "10.0.0.1", server: str = "10.0.0.2",
                 server_port: int = 102) -> None:
        number = len(trace.connections)
        self.trace = trace
        self.client = End(client, port, _mac(client), 1_000_000 * (number + 1) + 1, 0x1000 * (number + 1))
        self.server = End(server, server_port, _mac(server), 3_000_000_000 + 7_777_777 * number,
                          0x8000 + 0x400 * number)
        self.ends = (self.client, self.server)
        trace.connections.append(self)

    def end(self, side: str) -> End:
        return self.client if side == "client" else self.server

    def peer(self, end: End) -> End:
        return self.server if end is self.client else self.client

    # --- opening and closing ---
    def syn(self, retransmission: bool = False) -> None:
        if retransmission:
            self.client.seq -= 1
        self._emit(self.client, SYN, options=_SYN_OPTIONS, ack=0)
        self.client.seq += 1

    def syn_ack(self) -> None:
        self.server.received = self.client.seq
        self._emit(self.server, SYN | ACK, options=_SYN_OPTIONS)
        self.server.seq += 1

    def open(self, round_trip: float = 0.0004) -> Connection:
        self.syn()
        self.trace.wait(round_trip)
        self.syn_ack()
        self.client.received = self.server.seq
        self.trace.wait(0.0001)
        self.ack(self.client)
        return self

    def refuse(self) -> None:
        """RST in answer to the SYN."""
        self.server.received = self.client.seq
        self._emit(self.server, RST | ACK, seq=0, window=0)

    def fin(self, side: str) -> None:
        end = self.end(side)
        self._emit(end, FIN | ACK)
        end.seq += 1
        self.peer(end).received = end.seq

    def close(self, first: str = "client") -> None:
        other = "server" if first == "client" else "client"
        self.fin(first)
        self.trace.wait(0.0003)
        self.fin(other)
        self.trace.wait(0.0002)
        self.ack(self.end(first))

    def rst(self, side: str) -> None:
        end = self.end(side)
        self._emit(end, RST | ACK, window=0)
        for each in self.ends:
            each.ack_due = 0

    # --- data ---
    def send(self, side: str, payload: bytes, cuts: Sequence[int] = (), order: Sequence[int] = ()) -> None:
        """`cuts` are offsets where a new segment starts; `order` is that of the segments in the capture."""
        end, peer = self.end(side), self.peer(self.end(side))
        segments = []
        at = [0, *cuts, len(payload)]
        for start, stop in zip(at, at[1:]):
            for piece in range(start, stop, MSS):
                chunk = payload[piece : min(piece + MSS, stop)]
                segments.append((end.seq, chunk))
                end.seq = (end.seq + len(chunk)) % _SEQ
        for number in order or range(len(segments)):
            seq, chunk = segments[number]
            self._emit(end, PSH | ACK, chunk, seq=seq)
            self._owe_ack(peer)
        peer.received = end.seq
        end.last_segment = segments[-1]

    def retransmit(self, side: str) -> None:
        end = self.end(side)
        seq, chunk = end.last_segment
        self._emit(end, PSH | ACK, chunk, seq=seq)
        self._owe_ack(self.peer(end))

    def keep_alive(self, side: str) -> None:
        end = self.end(side)
        self._emit(end, ACK, seq=end.seq - 1)
        self.trace.wait(0.0003)
        self.ack(self.peer(end))

    def window_probe(self, side: str, octet: bytes) -> None:
        """One octet that the closed window of the peer refuses."""
        end = self.end(side)
        self._emit(end, ACK, octet, seq=end.seq)
        self.trace.wait(0.0003)
        self.ack(self.peer(end))

    def ack(self, end: End) -> None:
        self._emit(end, ACK)

    # --- frames ---
    def _owe_ack(self, end: End) -> None:
        end.unacked += 1
        delay = DELAYED_ACK if end.unacked < 2 else 0.0001
        end.ack_due = self.trace.now + round(delay * 1e9)

    def _emit(self, end: End, flags: int, payload: bytes = b"", *, seq: int | None = None, ack: int | None = None,
              window: int | None = None, options: bytes = b"") -> None:
        peer = self.peer(end)
        if flags & ACK:
            end.unacked = end.ack_due = 0
        acknowledged = end.received if ack is None else ack
        offset = (20 + len(options)) // 4
        head = struct.pack(">HHIIBBHHH", end.port, peer.port, (end.seq if seq is None else seq) % _SEQ,
                           acknowledged % _SEQ, offset << 4, flags, end.window if window is None else window, 0, 0)
        segment = head + options + payload
        pseudo = _ip(end.ip) + _ip(peer.ip) + struct.pack(">BBH", 0, 6, len(segment))
        segment = segment[:16] + _checksum(pseudo + segment) + segment[18:]
        end.ip_id = (end.ip_id + 1) & 0xFFFF
        packet = struct.pack(">BBHHHBB2s4s4s", 0x45, 0, 20 + len(segment), end.ip_id, 0x4000, 64, 6, b"\0\0",
                             _ip(end.ip), _ip(peer.ip))
        packet = packet[:10] + _checksum(packet) + packet[12:]
        self.trace.emit(ethernet(peer.mac, end.mac, packet + segment))


_SYN_OPTIONS = struct.pack(">BBH", 2, 4, MSS)


def ethernet(destination: str, source: str, packet: bytes, kind: int = 0x0800) -> bytes:
    return bytes.fromhex(destination + source) + kind.to_bytes(2, "big") + packet


def udp(source: str, destination: str, port: int, payload: bytes) -> bytes:
    """A frame of other traffic; a UDP checksum of 0 means none."""
    datagram = struct.pack(">HHHH", port, port, 8 + len(payload), 0) + payload
    packet = struct.pack(">BBHHHBB2s4s4s", 0x45, 0, 20 + len(datagram), 1, 0x4000, 64, 17, b"\0\0", _ip(source),
                         _ip(destination))
    packet = packet[:10] + _checksum(packet) + packet[12:]
    return ethernet(_mac(destination), _mac(source), packet + datagram)


def _ip(address: str) -> bytes:
    return bytes(map(int, address.split(".")))


def _mac(address: str) -> str:
    return "0200" + _ip(address).hex()


def _checksum(octets: bytes) -> bytes:
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).to_bytes(2, "big")
