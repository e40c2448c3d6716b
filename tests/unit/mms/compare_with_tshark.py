#!/usr/bin/env python3
"""Compares the expected nodes of vectors/*.txt with what tshark shows for the same octets.

Every PDU goes into a pcap under TPKT, COTP, session and presentation context 3. Each primitive
node must stand, in order, in tshark's tree with the same name and value, and tshark must call
nothing malformed. Vectors whose name starts with '!' hold what tshark can not decode and are left
out. Prints the differences; the exit status is 1 where there are any beside the known ones (docs/mms.md).
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).parent

# Our name -> tshark's, where its module has other spellings than the standard (docs/mms.md).
SPELLING = {
    "variableAccessSpecification": "variableAccessSpecificatn",
    "negotiatedMaxServOutstandingCalling": "negociatedMaxServOutstandingCalling",
    "negotiatedMaxServOutstandingCalled": "negociatedMaxServOutstandingCalled",
    "negotiatedDataStructureNestingLevel": "negociatedDataStructureNestingLevel",
    "negotiatedVersionNumber": "negociatedVersionNumber",
    "negotiatedParameterCBB": "negociatedParameterCBB",
    "occurrenceTime": "occurenceTime",
    "numberOfTokens": "numbersOfTokens",
    "enrollmentState": "enrollementState",
    "eventConditionTransitions": "eventConditionTransition",
    "alarmAcknowledgmentRule": "alarmAcknowledgementRule",
    "numberOfElements": "nmberOfElements",
    "priority": "prio-rity",
    "fileName": "filenName",
    "reportEventActionStatus": "reportActionStatus",
    "requestDomainDownload": "requestDomainDownLoad",
    "ae-qualifier-form2": "aso-qualifier-form2",
    "abstractSyntax": "listOfAbstractSyntaxes item",
}
# What tshark 4.0 has no rule for although the standard has; these PDUs are looked at by eye.
UNKNOWN_TO_TSHARK = {
    "floating-point", "real", "booleanArray", "mMSString", "utc-time",  # in TypeSpecification
    "confirmedServiceRequest",  # of event actions
    "cs-request-detail",
    "coded", "encodedString",  # it looks for MMS in every EXTERNAL
}


def octets(text):
    out = bytearray()
    for line in text.splitlines():
        for quoted, digits in re.findall(r'"([^"]*)"|([0-9A-Fa-f]{2})', line.split("#")[0]):
            out += bytes.fromhex(digits) if digits else quoted.encode()
    return bytes(out)


def vectors():
    for path in sorted((HERE / "vectors").glob("*.txt")):
        for block in ("\n" + path.read_text()).split("\n== ")[1:]:
            name, rest = block.split("\n", 1)
            text, expected = rest.split("--\n", 1)
            yield path.stem, name, octets(text), expected.rstrip("\n").split("\n")


def tlv(tag, content):
    n = len(content)
    length = bytes([n]) if n < 128 else b"\x82" + struct.pack(">H", n)
    return bytes.fromhex(tag) + length + content


def packet(pdu, sequence):
    pdv = tlv("61", tlv("30", b"\x02\x01\x03" + tlv("a0", pdu)))
    tpdu = b"\x02\xf0\x80" + b"\x01\x00\x01\x00" + pdv
    payload = b"\x03\x00" + struct.pack(">H", len(tpdu) + 4) + tpdu
    tcp = struct.pack(">HHIIBBHHH", 40000, 102, sequence, 1, 0x50, 0x18, 8192, 0, 0)
    total = 20 + len(tcp) + len(payload)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, total, 0, 0, 64, 6, 0, b"\x0a\0\0\1", b"\x0a\0\0\2")
    return ip + tcp + payload, len(payload)


def tshark(pdus):
    with tempfile.TemporaryDirectory() as folder:
        pcap = pathlib.Path(folder) / "vectors.pcap"
        config = pathlib.Path(folder) / "config"
        config.mkdir()
        (config / "pres_context_list").write_text('"3","1.0.9506.2.1"\n')
        sequence = 1
        with pcap.open("wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
            for n, pdu in enumerate(pdus):
                data, length = packet(pdu, sequence)
                sequence += length
                file.write(struct.pack("<IIII", n, 0, len(data), len(data)) + data)
        run = subprocess.run(
            ["tshark", "-r", pcap, "-T", "pdml"],
            env={"PATH": "/usr/bin:/bin", "HOME": folder, "WIRESHARK_CONFIG_DIR": str(config)},
            capture_output=True, check=True)
    return list(ElementTree.fromstring(run.stdout).iter("packet"))


def shown(proto):
    """(name, value) of every field of tshark's tree, in order."""
    rows = []
    for field in proto.iter("field"):
        label = field.get("showname") or field.get("show") or ""
        name, _, value = label.partition(": ")
        rows.append((re.sub(r" [\[(].*", "", name).strip(), value, field.get("value") or ""))
    return rows


def value_matches(mine, name, theirs, raw):
    if not mine or name == "lastModified":
        return True
    if mine.startswith('"'):
        text = mine.strip('"')
        return text in theirs or text.encode().hex() == raw
    if mine in ("TRUE", "FALSE"):
        return theirs.lower() == mine.lower()
    word = mine.split(" ")[0]
    if re.fullmatch(r"-?\d+", word):
        signed = int.from_bytes(bytes.fromhex(raw), "big", signed=True) if raw else None
        if word in re.findall(r"-?\d+", theirs) or int(word) == signed:
            return True
    if re.fullmatch(r"[01]+", word) and raw:
        bits = bin(int("1" + raw, 16))[3:]
        return bits.startswith(word) or bits[8:].startswith(word)
    return word == raw or not raw or name in ("floating-point", "objId")


def differences(expected, packet_tree):
    proto = [p for p in packet_tree.iter("proto") if p.get("name") == "mms"]
    text = ElementTree.tostring(packet_tree, encoding="unicode")
    if not proto:
        return ["tshark sees no MMS"]
    problems = []
    if "_ws.malformed" in text or "BER Error" in text or "_ws.expert.group" in text:
        complaints = re.findall(r'showname="((?:BER|Expert|\[Malf)[^"]*)', text)
        problems.append("tshark: " + ", ".join(complaints[:3]))
    rows = shown(proto[0])
    at = 0
    for line in expected:
        name, _, value = line.strip().partition(" ")
        wanted = {name, SPELLING.get(name, name)}
        for i in range(at, len(rows)):
            item = name in ("item", "component", "VisibleString", "GraphicString") and rows[i][0].endswith(" item")
            if (item or rows[i][0] in wanted) and value_matches(value, name, rows[i][1], rows[i][2]):
                at = i + 1
                break
        else:
            problems.append(f"not in tshark's tree: {line.strip()}")
    return problems


def main():
    rows = [v for v in vectors() if not v[1].startswith("!")]
    trees = tshark([row[2] for row in rows])
    different = 0
    for (file, name, _, expected), tree in zip(rows, trees):
        known = any(line.strip().split(" ")[0] in UNKNOWN_TO_TSHARK for line in expected)
        problems = differences(expected, tree)
        if problems:
            print(f"{file}: {name}" + (" (known)" if known else ""))
            for problem in problems:
                print("   ", problem)
            different += not known
    print(f"{len(rows)} PDUs compared, {different} with differences that are not known")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
