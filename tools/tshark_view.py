"""What tshark sees of MMS in a capture, as the records that DESIGN.md section 3 promises.

tshark's protocol tree (PDML) gives structure and raw octets; every value is computed here from the
octets of its field, not from tshark's text.
"""

from __future__ import annotations

import datetime
import math
import os
import re
import struct
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterator, Optional
from xml.etree import ElementTree

Json = dict[str, Any]
Node = ElementTree.Element

MMS_OID = "1.0.9506.2.1"
ACSE_OID = "2.2.1.0.1"

# Children of tshark's MMS tree -> the name of the PDU in ISO 9506-2.
PDU_KINDS = {
    "mms.confirmed_RequestPDU_element": "confirmed-RequestPDU",
    "mms.confirmed_ResponsePDU_element": "confirmed-ResponsePDU",
    "mms.confirmed_ErrorPDU_element": "confirmed-ErrorPDU",
    "mms.unconfirmed_PDU_element": "unconfirmed-PDU",
    "mms.rejectPDU_element": "rejectPDU",
    "mms.cancel_RequestPDU": "cancel-RequestPDU",
    "mms.cancel_ResponsePDU": "cancel-ResponsePDU",
    "mms.cancel_ErrorPDU_element": "cancel-ErrorPDU",
    "mms.initiate_RequestPDU_element": "initiate-RequestPDU",
    "mms.initiate_ResponsePDU_element": "initiate-ResponsePDU",
    "mms.initiate_ErrorPDU_element": "initiate-ErrorPDU",
    "mms.conclude_RequestPDU_element": "conclude-RequestPDU",
    "mms.conclude_ResponsePDU_element": "conclude-ResponsePDU",
    "mms.conclude_ErrorPDU_element": "conclude-ErrorPDU",
}


# ---------------------------------------------------------------- octets -> values of the contract
def signed(raw: bytes) -> int:
    return int.from_bytes(raw, "big", signed=True)


def unsigned(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")


def bits(raw: bytes, padding: int = 0) -> str:
    all_bits = "".join(f"{octet:08b}" for octet in raw)
    return all_bits[: max(0, len(all_bits) - padding)]


def rfc3339(seconds: int, fraction: str) -> str:
    epoch = datetime.datetime(1970, 1, 1)
    moment = epoch + datetime.timedelta(seconds=seconds)
    return moment.isoformat(timespec="seconds") + (f".{fraction}" if fraction else "") + "Z"


def utc_time(raw: bytes) -> Json:
    """ISO 9506-2 UtcTime: seconds, 24 bits of fraction, one octet of quality."""
    if len(raw) != 8:
        return {"type": "utc-time", "value": raw.hex()}
    fraction, quality = unsigned(raw[4:7]), raw[7]
    return {
        "type": "utc-time",
        "value": rfc3339(unsigned(raw[:4]), f"{fraction * 10**9 // 2**24:09d}"),
        "quality": {
            "leap_seconds_known": bool(quality & 0x80),
            "clock_failure": bool(quality & 0x40),
            "clock_not_synchronized": bool(quality & 0x20),
            "accuracy": quality & 0x1F,
        },
    }


def binary_time(raw: bytes) -> str:
    """TimeOfDay: milliseconds since midnight, with 6 octets also days since 1984-01-01."""
    if len(raw) not in (4, 6):
        return raw.hex()
    seconds, millis = divmod(unsigned(raw[:4]), 1000)
    if len(raw) == 6:
        return rfc3339((unsigned(raw[4:]) + 5113) * 86400 + seconds, f"{millis:03d}")
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{millis:03d}"


def floating_point(raw: bytes) -> Any:
    """FloatingPoint: one octet of exponent width, then IEEE 754."""
    if len(raw) not in (5, 9):
        return raw.hex()
    number = struct.unpack(">f" if len(raw) == 5 else ">d", raw[1:])[0]
    if math.isnan(number):
        return "NaN"
    return number if math.isfinite(number) else ("Infinity" if number > 0 else "-Infinity")


def object_id(raw: bytes) -> str:
    arcs, arc = [], 0
    for octet in raw:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs, arc = arcs + [arc], 0
    first = min(arcs[0] // 40, 2) if arcs else 0
    return ".".join(map(str, [first, arcs[0] - 40 * first] + arcs[1:])) if arcs else ""


# Fields of tshark that hold a primitive Data value -> its type, and how to read its octets.
PRIMITIVES: dict[str, tuple[str, Callable[[bytes], Any]]] = {
    "mms.boolean": ("boolean", lambda raw: any(raw)),
    "mms.integer": ("integer", signed),
    "mms.unsigned": ("unsigned", unsigned),
    "mms.floating_point": ("floating-point", floating_point),
    "mms.data.octet-string": ("octet-string", bytes.hex),
    "mms.data.visible-string": ("visible-string", text),
    "mms.data.binary-time": ("binary-time", binary_time),
    "mms.generalized_time": ("generalized-time", text),
    "mms.bcd": ("bcd", unsigned),
    "mms.objId": ("object-id", object_id),
    "mms.mMSString": ("mms-string", text),
}
BIT_STRINGS = {"mms.data_bit-string": "bit-string", "mms.booleanArray": "boolean-array"}


# ---------------------------------------------------------------- tshark's tree -> a record
def name_of(node: Node) -> str:
    return node.get("name", "")


def octets(node: Node) -> bytes:
    """The raw octets of a field; of a masked field, the octets that it lies in."""
    return bytes.fromhex(node.get("unmaskedvalue") or node.get("value") or "")


def number_of(node: Node) -> int:
    return int(node.get("show") or 0)


# Names of ISO 9506-2 that Wireshark spells otherwise.
MISSPELT = {"nammedVariable": "namedVariable", "file-acces-denied": "file-access-denied"}


def alternative(node: Node) -> str:
    """The name in `confirmedServiceRequest: read (4)`."""
    match = re.search(r": (.*) \(-?\d+\)$", node.get("showname", ""))
    name = match[1] if match else str(node.get("show"))
    return MISSPELT.get(name, name)


def enumerated(node: Node) -> Json:
    return {"name": alternative(node), "code": signed(octets(node))}


def data_of(choice: Node) -> Optional[Json]:
    """A Data CHOICE: tshark shows the chosen alternative as the child of a field for the CHOICE."""
    padding = 0
    for child in choice:
        name = name_of(child)
        if name == "ber.bitstring.padding":
            padding = number_of(child)
        elif name in ("mms.structure", "mms.array"):
            members = [data_of(member) for member in child if name_of(member) == "mms.Data"]
            return {"type": name.removeprefix("mms."), "value": members}
        elif name in BIT_STRINGS:
            return {"type": BIT_STRINGS[name], "value": bits(octets(child), padding)}
        elif name == "mms.utc_time":
            return utc_time(octets(child))
        elif name in PRIMITIVES:
            kind, read = PRIMITIVES[name]
            return {"type": kind, "value": read(octets(child))}
    return None


def result_of(choice: Node) -> Optional[Json]:
    """An AccessResult, or an item of a Write response."""
    for child in choice:
        name = name_of(child)
        if name == "mms.failure":
            return {"error": alternative(child), "code": signed(octets(child))}
        if name == "mms.success_element":
            return {"success": True}
        if name == "mms.success":
            return data_of(child)
    return None


# Other leaves worth comparing: field of tshark -> key in our detail, and how to read its octets.
DETAIL: dict[str, tuple[str, Callable[[bytes], Any]]] = {
    "mms.localDetailCalling": ("localDetailCalling", signed),
    "mms.localDetailCalled": ("localDetailCalled", signed),
    "mms.proposedMaxServOutstandingCalling": ("proposedMaxServOutstandingCalling", signed),
    "mms.proposedMaxServOutstandingCalled": ("proposedMaxServOutstandingCalled", signed),
    "mms.negociatedMaxServOutstandingCalling": ("negotiatedMaxServOutstandingCalling", signed),
    "mms.negociatedMaxServOutstandingCalled": ("negotiatedMaxServOutstandingCalled", signed),
    "mms.proposedDataStructureNestingLevel": ("proposedDataStructureNestingLevel", signed),
    "mms.negociatedDataStructureNestingLevel": ("negotiatedDataStructureNestingLevel", signed),
    "mms.proposedVersionNumber": ("proposedVersionNumber", signed),
    "mms.negociatedVersionNumber": ("negotiatedVersionNumber", signed),
    "mms.domainSpecific": ("domainSpecific", text),
    "mms.getNameList-Request_continueAfter": ("continueAfter", text),
    "mms.moreFollows": ("moreFollows", any),
    "mms.componentName": ("componentName", text),
    "mms.mmsDeletable": ("mmsDeletable", any),
    "mms.numberMatched": ("numberMatched", unsigned),
    "mms.numberDeleted": ("numberDeleted", unsigned),
    "mms.frsmID": ("frsmID", signed),
    "mms.initialPosition": ("initialPosition", unsigned),
    "mms.sizeOfFile": ("sizeOfFile", unsigned),
    "mms.vendorName": ("vendorName", text),
    "mms.modelName": ("modelName", text),
    "mms.revision": ("revision", text),
    "mms.entryIdentifier": ("entryIdentifier", bytes.hex),
    "mms.variableTag": ("variableTag", text),
    "mms.additionalCode": ("additionalCode", signed),
    "mms.additionalDescription": ("additionalDescription", text),
}
DETAIL_ENUMERATED = {"mms.objectClass": "objectClass", "mms.scopeOfDelete": "scopeOfDelete",
                     "mms.vmdLogicalStatus": "vmdLogicalStatus",
                     "mms.vmdPhysicalStatus": "vmdPhysicalStatus"}
DETAIL_CHOICES = {"mms.errorClass": "errorClass", "mms.rejectReason": "rejectReason"}
DETAIL_BITS = {"mms.proposedParameterCBB": "proposedParameterCBB",
               "mms.negociatedParameterCBB": "negotiatedParameterCBB",
               "mms.servicesSupportedCalling": "servicesSupportedCalling",
               "mms.servicesSupportedCalled": "servicesSupportedCalled"}


class TsharkFailed(Exception):
    """tshark ended without the output asked for."""


class RecordBuilder:
    """One walk over the tree of a PDU, in document order."""

    def __init__(self, kind: str) -> None:
        self.record: Json = {"pdu": kind, "objects": [], "data": [], "detail": {}}
        self.padding = 0

    def detail(self, key: str, value: Any) -> None:
        self.record["detail"].setdefault(key, []).append(value)

    def visit(self, node: Node) -> None:
        name = name_of(node)
        if name == "ber.bitstring.padding":
            self.padding = number_of(node)
        elif name in ("mms.invokeID", "mms.originalInvokeID"):
            self.record["invoke_id"] = unsigned(octets(node))
        elif name in ("mms.cancel_RequestPDU", "mms.cancel_ResponsePDU"):
            self.record["invoke_id"] = unsigned(octets(node))
        elif name.startswith("mms.confirmedService") or name == "mms.unconfirmedService":
            self.record["service"] = alternative(node)
        elif name in ("_ws.malformed", "_ws.expert", "mms.zero_pdu"):
            self.record["_damaged"] = True
            return
        self.visit_value(name, node)

    def visit_value(self, name: str, node: Node) -> None:
        if name == "mms.domain_specific_element":
            parts = [text(octets(child)) for child in node]
            self.record["objects"].append("/".join(parts))
        elif name == "mms.vmd_specific":
            self.record["objects"].append(text(octets(node)))
        elif name == "mms.aa_specific":
            self.record["objects"].append("@" + text(octets(node)))
        elif name in ("mms.AccessResult", "mms.Write_Response_item"):
            self.record["data"].append(result_of(node))
        elif name == "mms.listOfData":
            self.record["data"] += [data_of(child) for child in node]
        elif name == "mms.valueSpecification":
            self.detail("valueSpecification", data_of(node))
        elif name == "mms.listOfIdentifier":
            for child in node:
                self.detail("listOfIdentifier", text(octets(child)))
        else:
            self.visit_detail(name, node)
            for child in node:
                self.visit(child)

    def visit_detail(self, name: str, node: Node) -> None:
        if name in DETAIL:
            key, read = DETAIL[name]
            self.detail(key, read(octets(node)))
        elif name in DETAIL_ENUMERATED:
            self.detail(DETAIL_ENUMERATED[name], enumerated(node))
        elif name in DETAIL_CHOICES and len(node):
            self.detail(DETAIL_CHOICES[name], {"class": alternative(node), **enumerated(node[0])})
        elif name in DETAIL_BITS:
            names = [name_of(child).rsplit(".")[2] for child in node if child.get("show") == "1"]
            self.detail(DETAIL_BITS[name], {"bits": bits(octets(node), self.padding),
                                            "names": names})


def records_of(packet: Node) -> Iterator[Json]:
    """The MMS PDUs of a packet. An error that tshark noticed marks the last of them."""
    records: list[Json] = []
    for protocol in packet:
        for child in protocol if name_of(protocol) == "mms" else ():
            kind = PDU_KINDS.get(name_of(child))
            if kind is None and child.find(".//*[@name='mms.zero_pdu']") is not None:
                kind = "unknown"  # a tag that MMSpdu does not have
            if kind is not None:
                builder = RecordBuilder(kind)
                builder.visit(child)
                records.append(builder.record)
        if name_of(protocol) in ("_ws.malformed", "_ws.short") and records:
            records[-1]["_damaged"] = True
    yield from records


# ---------------------------------------------------------------- running tshark
OVERVIEW = ("frame.number", "frame.time_epoch", "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport",
            "ip.dst", "ipv6.dst", "tcp.dstport", "ses.type", "pres.presentation_context_identifier",
            "tcp.payload", "tcp.analysis.retransmission", "tcp.analysis.out_of_order",
            "tcp.analysis.lost_segment")


@dataclass
class Overview:
    """What a first, cheap run of tshark tells about a capture."""

    frames: dict[int, Json] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    contexts: set[str] = field(default_factory=lambda: {"3"})
    other_contexts: set[str] = field(default_factory=set)
    ports: set[int] = field(default_factory=set)

    def add(self, row: dict[str, str]) -> None:
        first = {name: value.split(",")[0] for name, value in row.items()}
        frame = int(first["frame.number"])
        address = {end: first[f"ip.{end}"] or f"[{first[f'ipv6.{end}']}]" for end in ("src", "dst")}
        source, destination = int(first["tcp.srcport"]), int(first["tcp.dstport"])
        seconds, _, nanos = first["frame.time_epoch"].partition(".")
        self.frames[frame] = {
            "time": rfc3339(int(seconds), nanos), "stream": int(first["tcp.stream"]),
            "src": f"{address['src']}:{source}", "dst": f"{address['dst']}:{destination}"}
        for note in OVERVIEW[-3:]:
            if row[note]:
                self.notes[frame] = note.removeprefix("tcp.analysis.")
        # In data transfer (session type 1) the context is that of MMS, elsewhere that of ACSE.
        data_transfer = set(row["ses.type"].split(",")) == {"1"}
        contexts = set(row["pres.presentation_context_identifier"].split(",")) - {""}
        (self.contexts if data_transfer else self.other_contexts).update(contexts)
        port = tpkt_port(first["tcp.payload"], source, destination)
        if port:
            self.ports.add(port)

    def arguments(self) -> list[str]:
        """The users' table is asked only where the association's own contexts are not known."""
        arguments = []
        table = [(context, MMS_OID) for context in sorted(self.contexts)]
        table += [(context, ACSE_OID) for context in sorted(self.other_contexts - self.contexts)]
        for context, syntax in table:
            arguments += ["-o", f'uat:pres_context_list:"{context}","{syntax}"']
        for port in sorted(self.ports):
            arguments += ["-d", f"tcp.port=={port},tpkt"]
        return arguments


def tpkt_port(payload: str, source: int, destination: int) -> Optional[int]:
    """The server's port, where a payload outside port 102 is one whole TPKT with a COTP TPDU."""
    if 102 in (source, destination) or not payload.startswith("0300") or len(payload) < 14:
        return None
    code = payload[10:12]
    if int(payload[4:8], 16) * 2 != len(payload) or code not in ("e0", "d0", "f0"):
        return None
    return {"e0": destination, "d0": source}.get(code, min(source, destination))


def tshark_command(capture: Path, out_of_order: bool) -> list[str]:
    return ["tshark", "-n", "-r", str(capture),
            "-o", f"tcp.reassemble_out_of_order:{str(out_of_order).upper()}",
            "-o", "tcp.desegment_tcp_streams:TRUE", "-o", "tpkt.desegment:TRUE",
            "-o", "cotp.reassemble:TRUE", "-o", "ip.defragment:TRUE"]


def environment(config: str) -> dict[str, str]:
    """An empty configuration folder: the user's own preferences must not matter."""
    return {"PATH": os.environ.get("PATH", os.defpath), "WIRESHARK_CONFIG_DIR": config,
            "HOME": config, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def overview_of(capture: Path, config: str) -> Overview:
    overview = Overview()
    command = tshark_command(capture, False) + ["-T", "fields", "-E", "separator=|", "-Y", "tcp"]
    for name in OVERVIEW:
        command += ["-e", name]
    run = subprocess.run(command, env=environment(config), stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=False)
    if run.returncode and not run.stdout:
        raise TsharkFailed(f"tshark: exit {run.returncode}")
    for line in run.stdout.splitlines():
        overview.add(dict(zip(OVERVIEW, line.split("|"))))
    return overview


def numbered_records(packet: Node, overview: Overview) -> list[Json]:
    frame = next(number_of(item) for item in packet.iter("field") if name_of(item) == "num")
    return [{"frame": frame, **overview.frames.get(frame, {}), **record}
            for record in records_of(packet)]


def dissect(capture: Path, config: str, overview: Overview, out_of_order: bool) -> list[Json]:
    command = tshark_command(capture, out_of_order) + overview.arguments()
    command += ["-T", "pdml", "-J", "mms", "-Y", "mms"]
    records: list[Json] = []
    with subprocess.Popen(command, env=environment(config), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            for _, node in ElementTree.iterparse(process.stdout):
                if node.tag == "packet":
                    records += numbered_records(node, overview)
                    node.clear()
        except ElementTree.ParseError as error:
            raise TsharkFailed(f"tshark: broken PDML: {error}") from error
    return records


def better_of(first: list[Json], second: list[Json]) -> list[Json]:
    """For each direction of each connection, the run that dissected more."""
    chosen: dict[tuple[Any, Any], list[Json]] = {}
    for records in (first, second):
        directions: dict[tuple[Any, Any], list[Json]] = {}
        for record in records:
            directions.setdefault((record.get("stream"), record.get("src")), []).append(record)
        for direction, found in directions.items():
            if len(found) > len(chosen.get(direction, [])):
                chosen[direction] = found
    merged = [record for found in chosen.values() for record in found]
    return sorted(merged, key=lambda record: int(record["frame"]))


def tshark_records(capture: Path) -> tuple[list[Json], Overview]:
    """All MMS PDUs of a capture as tshark sees them, in contract form.

    With reassembly of out-of-order segments tshark waits for ever at a hole of the capture;
    without it, it loses segments that came late. Where a segment is missing both are tried.
    """
    with tempfile.TemporaryDirectory(prefix="compare_tshark") as config:
        overview = overview_of(capture, config)
        records = dissect(capture, config, overview, True)
        if "lost_segment" in overview.notes.values():
            records = better_of(records, dissect(capture, config, overview, False))
    return records, overview
