"""What the capture itself did to the traffic: losses, cuts, one direction, a late start."""

from __future__ import annotations

from typing import Callable

from .. import data, mms
from ..association import Association, associate
from ..registry import hit, miss, scenario
from ..reporting import ReportControl
from ..tcp import Trace, udp

SERVER_IP = bytes([10, 0, 0, 2])


def from_server(frame: bytes) -> bool:
    return frame[26:30] == SERVER_IP


def lose_response(association: Association) -> None:
    """The answer to a read passes, but is not captured."""
    association.request(mms.read_request(["IED1CTRL/XCBR1$ST$Pos"]))
    association.trace.wait(0.004)
    with association.trace.lost():
        value = data.status(data.dbpos("on"), association.trace.server_time)
        association.respond(mms.read_response([value]), after=0)


def duplicated(trace: Trace, change: Callable[[bytes, int], bytes] | None = None) -> None:
    """Every frame twice, 4 microseconds apart."""
    twice = []
    for number, frame in enumerate(trace.frames):
        copy = change(frame.data, number) if change else frame.data
        twice += [frame, type(frame)(frame.time + 4000, copy)]
    trace.frames = twice


# --- capture-loss ---
@hit("capture-loss", odd=True)
@scenario("lost-response", must={"capture-loss": 1}, must_not=["slow-response"], odd=True)
def response_not_captured(t: Trace) -> None:
    """The frame with the answer to one of three reads is missing; the client acknowledged its octets."""
    a = associate(t)
    a.read_status()
    lose_response(a)
    a.read_status()
    a.release()


@hit("capture-loss", "both-directions", count=None, odd=True)
def request_and_response_lost(t: Trace) -> None:
    """A read and its answer are missing, one hole in each direction."""
    a = associate(t)
    a.read_status()
    t.wait(0.1)
    with t.lost():
        a.read_status()
        t.wait(0.1)
    a.read_status()
    a.release()


@miss("capture-loss", "retransmission")
def segment_sent_twice(t: Trace) -> None:
    """A request is sent again 250 ms later because its acknowledgement was late; nothing is missing."""
    a = associate(t)
    a.request(mms.identify_request())
    a.tcp.server.ack_due = 0
    t.wait(0.25)
    a.tcp.retransmit("client")
    a.respond(mms.identify_response())
    a.release()


@miss("capture-loss", "mirrored")
def mirror_duplicates(t: Trace) -> None:
    """A mirror port delivers every frame twice, identical, 4 microseconds apart."""
    a = associate(t)
    a.read_status()
    a.release()
    duplicated(t)


@miss("capture-loss", "prp")
def prp_duplicates(t: Trace) -> None:
    """Both LANs of a PRP network are captured: every frame twice, with a redundancy trailer each."""
    a = associate(t)
    a.read_status()
    a.release()
    twice = []
    for number, frame in enumerate(t.frames):
        for lan, delay in ((0xA, 0), (0xB, 4000)):
            padded = frame.data.ljust(60, b"\0")
            size = len(padded) - 14 + 6
            trailer = number.to_bytes(2, "big") + (lan << 12 | size).to_bytes(2, "big") + b"\x88\xfb"
            twice.append(type(frame)(frame.time + delay, padded + trailer))
    t.frames = twice


@miss("capture-loss", "reordered", odd=True)
def segments_swapped(t: Trace) -> None:
    """A long answer comes in three segments, the second and third in the wrong order."""
    a = associate(t)
    a.request(mms.read_request(["IED1CTRL/GGIO1$ST"]))
    value = data.structure(*(data.status(data.boolean(True), t.server_time) for _ in range(40)))
    t.wait(0.004)
    answer = mms.confirmed_response(a.last_invoke, mms.read_response([value]))
    a.pdu("server", answer, cuts=[300, 700], order=[0, 2, 1])
    a.release()


@miss("capture-loss", "keep-alive")
def keep_alives(t: Trace) -> None:
    """An idle association is kept alive by TCP with a sequence number that lies one back."""
    a = associate(t)
    a.read_status()
    for side in ("client", "server"):
        t.wait(5)
        a.tcp.keep_alive(side)
    a.read_status()
    a.release()


# --- one-direction-capture ---
@hit("one-direction-capture", "client")
@scenario("one-direction-client", must={"one-direction-capture": 1}, must_not=["no-response"])
def only_client(t: Trace) -> None:
    """Only what the client sends is captured: four reads without their answers."""
    a = associate(t)
    for _ in range(4):
        a.read_status()
    a.release()
    t.keep(lambda frame: not from_server(frame))


@hit("one-direction-capture", "server", may=["initiate-missing"])
@scenario("one-direction-server", must={"one-direction-capture": 1}, must_not=["orphan-response"])
def only_server(t: Trace) -> None:
    """Only what the server sends is captured: answers without their requests, and reports."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    a.read_status()
    block.report()
    a.release()
    t.keep(from_server)


@miss("one-direction-capture", "reports-only")
def reports_only(t: Trace) -> None:
    """A capture that starts behind the enabling: MMS from the server only, but the client acknowledges."""
    a = associate(t)
    block = ReportControl(a).start()
    t.frames.clear()
    for _ in range(5):
        block.report()
    t.wait(0.1)


@miss("one-direction-capture")
def both_directions(t: Trace) -> None:
    """The same traffic with both directions."""
    a = associate(t)
    for _ in range(4):
        a.read_status()
    a.release()


# --- capture-clock-jumped, frames-recorded-twice ---
def shift(trace: Trace, wanted: Callable[[int], bool], seconds: float) -> None:
    """Another time in the capture for the frames whose index is wanted."""
    for number, frame in enumerate(trace.frames):
        if wanted(number):
            frame.time += round(seconds * 1e9)


def reads(t: Trace) -> None:
    a = associate(t)
    for _ in range(6):
        a.read_status()
        t.wait(0.2)
    a.release()


@hit("capture-clock-jumped")
def clock_set_back(t: Trace) -> None:
    """The clock of the capturing computer is set back by 2.9 s in the middle of the capture."""
    reads(t)
    shift(t, lambda number: number >= 14, -2.9)


@hit("capture-clock-jumped", "single-frames", must_not=["slow-response", "no-response"])
def single_frames_back(t: Trace) -> None:
    """Every ninth frame carries a time three seconds earlier."""
    reads(t)
    shift(t, lambda number: number % 9 == 8, -3)


@hit("capture-clock-jumped", "ahead", may=["slow-response"], must_not=["connection-reset"])
def single_frame_ahead(t: Trace) -> None:
    """One frame carries a time an hour ahead."""
    reads(t)
    shift(t, lambda number: number == 14, 3600)


@miss("capture-clock-jumped")
def disorder_and_silence(t: Trace) -> None:
    """Two frames 0.4 s out of order, and two minutes of silence."""
    reads(t)
    shift(t, lambda number: number == 14, -0.4)
    shift(t, lambda number: number >= 19, 120)


@hit("frames-recorded-twice", must_not=["capture-loss", "orphan-response"])
def both_ports_mirrored(t: Trace) -> None:
    """Both ports of the connection are mirrored: every frame twice, 4 microseconds apart."""
    reads(t)
    duplicated(t)


@hit("frames-recorded-twice", "three-times", must_not=["capture-loss", "orphan-response"])
def recorded_three_times(t: Trace) -> None:
    """Every frame three times."""
    reads(t)
    t.frames = [type(frame)(frame.time + copy * 4000, frame.data) for frame in t.frames for copy in range(3)]


@miss("frames-recorded-twice")
def one_frame_again(t: Trace) -> None:
    """One answer is there twice; all else once."""
    reads(t)
    frame = max(t.frames, key=lambda each: len(each.data))
    t.frames.insert(t.frames.index(frame) + 1, type(frame)(frame.time + 4000, frame.data))


# --- truncated-packets, capture-cut-short ---
@hit("truncated-packets")
def snap_length(t: Trace) -> None:
    """A snap length of 96 octets cuts most MMS PDUs; the TCP headers are whole."""
    t.snaplen = 96
    a = associate(t)
    a.browse()
    a.read_status()
    a.release()


@hit("truncated-packets", "sliced", odd=True)
def packet_slicing(t: Trace) -> None:
    """A packet broker keeps 96 octets of each frame; the file knows no longer ones: not its snap length."""
    a = associate(t)
    a.browse()
    a.read_status()
    a.release()
    t.frames = [type(frame)(frame.time, frame.data[:96]) for frame in t.frames]


@miss("truncated-packets")
def others_cut(t: Trace) -> None:
    """Packets are cut, but only those of a UDP stream beside the association."""
    a = associate(t)
    t.snaplen = 64
    t.emit(udp("10.0.0.9", "10.0.0.1", 514, b"<30>switch: port 3 is up, speed 100 Mbit/s, full duplex"))
    t.snaplen = None
    a.read_status()
    a.release()


@hit("capture-cut-short", odd=True)
@scenario("file-ends-in-packet", must={"capture-cut-short": 1}, must_not=["no-response"], odd=True)
def cut_in_packet(t: Trace) -> None:
    """The file ends 20 octets before the end of the packet with a read's answer."""
    a = associate(t)
    a.read_status()
    a.read_status()
    t.cut_octets = 20


@hit("capture-cut-short", "header", odd=True)
def cut_in_header(t: Trace) -> None:
    """The file ends inside the record header of its last packet."""
    a = associate(t)
    a.read_status()
    a.read_status()
    t.cut_octets = len(t.frames[-1].data) + 5


@miss("capture-cut-short")
def ends_between_packets(t: Trace) -> None:
    """The capture stops while the association is open, but the file ends behind a packet."""
    a = associate(t)
    a.read_status()
    a.read_status()


# --- initiate-missing ---
@hit("initiate-missing")
@scenario("starts-late", must={"initiate-missing": 1})
def starts_late(t: Trace) -> None:
    """The capture starts when the association is already open; the context is assumed to be 3."""
    a = associate(t)
    t.wait(1)
    t.frames.clear()
    a.read_status()
    a.read_status()
    a.release()


@hit("initiate-missing", "context-5")
def starts_late_other_context(t: Trace) -> None:
    """The capture starts late, and MMS has presentation context 5: it is inferred from the PDUs."""
    a = associate(t, context=5)
    t.wait(1)
    t.frames.clear()
    a.read_status()
    a.read_status()
    a.release()


@miss("initiate-missing")
def port_reused(t: Trace) -> None:
    """The client uses the same port for a second association; both are opened in the capture."""
    first = associate(t)
    first.read_status()
    first.release()
    t.wait(2)
    second = associate(t)
    second.read_status()
    second.release()


@scenario("starts-and-ends-in-the-middle", must={"initiate-missing": 1},
          must_not=["orphan-response", "no-response", "malformed-message", "association-refused"])
def middle_of_everything(t: Trace) -> None:
    """The capture starts in the middle of a long answer (no TPKT header in front) and ends in the middle of
    another one, with requests open at both ends and reports in between."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    long_value = data.structure(*(data.status(data.boolean(True), t.server_time) for _ in range(60)))
    a.request(mms.read_request(["IED1CTRL/GGIO1$ST"]))
    t.wait(0.004)
    a.pdu("server", mms.confirmed_response(a.last_invoke, mms.read_response([long_value])), cuts=[400, 900])
    t.frames = t.frames[-2:]
    t.wait(0.1)
    a.read_status()
    block.report()
    a.request(mms.read_request(["IED1CTRL/GGIO1$ST"]))
    t.wait(0.004)
    a.pdu("server", mms.confirmed_response(a.last_invoke, mms.read_response([long_value])), cuts=[400, 900])
    t.frames = t.frames[:-1]


# --- encrypted-connection, foreign-protocol ---
def tls_record(kind: int, content: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(content).to_bytes(2, "big") + content


def tls_hello(kind: int) -> bytes:
    suites = b"\x00\x04\xc0\x2b\xc0\x2f\x01\x00" if kind == 1 else b"\xc0\x2b\x00"
    body = b"\x03\x03" + bytes(range(32)) + b"\x00" + suites + b"\x00\x00"
    return tls_record(0x16, bytes([kind]) + len(body).to_bytes(3, "big") + body)


def tls_session(t: Trace, port: int) -> None:
    a = Association(t, server_port=port)
    a.tcp.open()
    a.tcp.send("client", tls_hello(1))
    t.wait(0.002)
    a.tcp.send("server", tls_hello(2) + tls_record(0x16, b"\x0e\x00\x00\x00"))
    for side in ("client", "server") * 3:
        t.wait(0.01)
        a.tcp.send(side, tls_record(0x17, bytes(17 * n % 251 for n in range(1, 90))))
    t.wait(0.1)
    a.tcp.close()


@hit("encrypted-connection", must={"no-mms": 1})
def tls_3782(t: Trace) -> None:
    """A TLS session on port 3782 (IEC 62351-3)."""
    tls_session(t, 3782)


@hit("encrypted-connection", "port-102", must={"no-mms": 1})
def tls_102(t: Trace) -> None:
    """A TLS session on port 102."""
    tls_session(t, 102)


@miss("encrypted-connection")
def clear_3782(t: Trace) -> None:
    """MMS in clear text on port 3782."""
    a = associate(t, server_port=3782)
    a.read_status()
    a.release()


@hit("foreign-protocol", must={"no-mms": 1})
def s7comm(t: Trace) -> None:
    """S7comm on port 102: COTP, then PDUs with protocol id 0x32."""
    a = Association(t).connect_transport()
    setup = bytes.fromhex("32010000000000080000f0000001000101e0")
    answer = bytes.fromhex("320300000000000800000000f0000001000100f0")
    read = bytes.fromhex("32010000000100" + "0e00000401120a10020001000084000000")
    value = bytes.fromhex("3203000000010002000500000401ff0400082a")
    for side, pdu in (("client", setup), ("server", answer), ("client", read), ("server", value)):
        a.tsdu(side, pdu)
        t.wait(0.01)
    a.tcp.close()


@hit("foreign-protocol", "rdp", must={"no-mms": 1})
def remote_desktop(t: Trace) -> None:
    """A remote desktop's connect request on port 102: TPKT and COTP with a cookie instead of selectors."""
    a = Association(t)
    a.tcp.open()
    cookie = b"Cookie: mstshash=operator\r\n" + bytes.fromhex("0100080003000000")
    tpdu = bytes([6 + len(cookie)]) + b"\xe0\x00\x00\x00\x00\x00" + cookie
    a.tcp.send("client", b"\x03\x00" + (4 + len(tpdu)).to_bytes(2, "big") + tpdu)
    t.wait(0.002)
    a.tcp.send("server", bytes.fromhex("030000130ed000001234000200080001000000"))
    t.wait(0.1)
    a.tcp.send("client", bytes.fromhex("160303002d0100002903030000000000000000000000000000000000000000"
                                       "00000000000000000000000000000002002f0100"))
    t.wait(0.1)
    a.tcp.close()


@miss("foreign-protocol")
def other_port(t: Trace) -> None:
    """MMS on TCP port 10102."""
    a = associate(t, server_port=10102)
    a.read_status()
    a.release()
