"""ICCP (TASE.2, IEC 60870-6): the stack and the services of MMS, other names, and both sides ask."""

from __future__ import annotations

from .. import data, mms
from ..association import Association, associate
from ..registry import hit, miss
from ..tcp import Trace

DOMAIN = "CC_EAST"


def features() -> bytes:
    return data.bits("100000000000")


def begin(t: Trace) -> Association:
    """What a control centre asks first."""
    a = associate(t)
    a.read("Supported_Features", features())
    a.read(f"{DOMAIN}/Bilateral_Table_ID", data.string("EAST-WEST 7"))
    return a


def points(a: Association, seconds: int = 0) -> None:
    for _ in range(3):
        a.read(f"{DOMAIN}/TEMP1", data.float32(21.5))
        a.trace.wait(seconds)


@miss("reports-not-enabled", "iccp")
def polled(t: Trace) -> None:
    """An ICCP link of two minutes on which points are read: no reports of IEC 61850 are missed."""
    a = begin(t)
    points(a, 45)
    a.release()


@hit("delete-without-effect", "iccp-start")
def clears_up(t: Trace) -> None:
    """An ICCP client deletes ten data sets that do not exist when it starts: one note."""
    a = begin(t)
    for n in range(10):
        a.ask(mms.delete_named_variable_list_request([f"{DOMAIN}/DS_{n}"]),
              mms.delete_named_variable_list_response(0, 0))
    points(a)
    a.release()


@hit("service-error", "iccp-start")
def clears_up_with_errors(t: Trace) -> None:
    """The same; the server answers each with access/object-non-existent: one note."""
    a = begin(t)
    for n in range(10):
        a.request(mms.delete_named_variable_list_request([f"{DOMAIN}/DS_{n}"]))
        a.fail((0x87, 2))
    points(a)
    a.release()


@hit("read-failed", "iccp-server-asks")
def server_asks(t: Trace) -> None:
    """The side that was connected to reads a point that the bilateral table does not show to it."""
    a = begin(t)
    a.ask(mms.read_request([f"{DOMAIN}/GATE7"]), mms.read_response([data.failure(10)]), by="server")
    a.release()
