"""Captures without one MMS message, and what was there instead."""

from __future__ import annotations

import struct

from .. import stack
from ..association import Association, associate
from ..registry import hit, miss
from ..tcp import Trace, _checksum, _ip, ethernet, udp
from .capture import tls_session


def ip_packet(protocol: int, payload: bytes) -> bytes:
    head = struct.pack(">BBHHHBB2s4s4s", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, b"\0\0",
                       _ip("10.0.0.1"), _ip("10.0.0.2"))
    return ethernet("020000000002", "020000000001", head[:10] + _checksum(head) + head[12:] + payload)


def repeat(t: Trace, frame: bytes, times: int = 5) -> None:
    for _ in range(times):
        t.emit(frame)
        t.wait(0.2)


@hit("no-mms", "empty")
def no_packet(t: Trace) -> None:
    """A capture file without a packet."""


@hit("no-mms", "goose")
def only_goose(t: Trace) -> None:
    """GOOSE and PTP: what reaches every port of a switch."""
    repeat(t, ethernet("010ccd010001", "020000000002", bytes(60), 0x88B8))
    repeat(t, ethernet("011b19000000", "020000000002", bytes(46), 0x88F7), 2)


@hit("no-mms", "udp")
def only_udp(t: Trace) -> None:
    """Syslog and NTP over UDP, no TCP."""
    repeat(t, udp("10.0.0.9", "10.0.0.1", 514, b"<30>switch: port 3 is up"))
    repeat(t, udp("10.0.0.9", "10.0.0.1", 123, bytes(48)), 2)


@hit("no-mms", "tunnel")
def only_ipsec(t: Trace) -> None:
    """ESP: the traffic of the station runs in a tunnel."""
    repeat(t, ip_packet(50, bytes(range(80))))


@hit("no-mms", "syns")
def only_syns(t: Trace) -> None:
    """Three SYNs to port 102, and the capture ends before it is known whether they are answered."""
    a = Association(t)
    a.tcp.syn()
    t.wait(1)
    a.tcp.syn(retransmission=True)
    t.wait(2)
    a.tcp.syn(retransmission=True)


@hit("no-mms", "cotp-only", may=["association-unanswered"])
def transport_only(t: Trace) -> None:
    """TCP and COTP come up; no association is asked for."""
    a = Association(t).connect_transport()
    t.wait(3)
    a.tcp.close()


@hit("no-mms", "other-port")
def web_only(t: Trace) -> None:
    """HTTP to the device: the capture holds its web server, not its MMS."""
    a = Association(t, server_port=80)
    a.tcp.open()
    a.tcp.send("client", b"GET / HTTP/1.1\r\nHost: 10.0.0.2\r\n\r\n")
    t.wait(0.05)
    a.tcp.send("server", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    t.wait(0.1)
    a.tcp.close()


@hit("no-mms", "tls-other-port")
def https_only(t: Trace) -> None:
    """TLS to port 443."""
    tls_session(t, 443)


@hit("no-mms", "cut", odd=True)
def headers_only(t: Trace) -> None:
    """A snap length of 54 octets keeps Ethernet, IP and TCP, and nothing of MMS."""
    t.snaplen = 54
    a = associate(t)
    a.read_status()
    a.release()


@miss("no-mms")
def one_association(t: Trace) -> None:
    """An association that is opened and released: Initiate and Conclude are messages."""
    associate(t).release()


@miss("no-mms", "refused", must={"association-refused": 1}, noted=True)
def refused(t: Trace) -> None:
    """COTP refuses the connection: the error is that; that there is no message is a note."""
    a = Association(t)
    a.tcp.open()
    a.tcp.send("client", stack.cotp_cr())
    t.wait(0.001)
    a.tcp.send("server", stack.cotp_dr(3))
    t.wait(0.01)
    a.tcp.close()
