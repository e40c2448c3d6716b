"""What followed from what: connections that are lost and come back."""

from __future__ import annotations

from .. import data, mms
from ..association import Association, associate
from ..registry import scenario
from ..reporting import BRCB_FIELDS, ReportControl
from ..tcp import Trace

BLOCK = "IED1CTRL/LLN0$BR$brcb01"


def reporting(a: Association, name: str = BLOCK) -> ReportControl:
    block = ReportControl(a, name=name, fields=BRCB_FIELDS).start()
    block.report()
    block.report()
    return block


def refused_attempts(t: Trace, port: int, times: int, **addresses: str) -> None:
    for n in range(times):
        t.wait(0.8)
        attempt = Association(t, port + n, **addresses)
        attempt.tcp.syn()
        t.wait(0.0004)
        attempt.tcp.refuse()


@scenario("incident-reset-and-back", must={"connection-reset": 1},
          may=["association-refused", "reports-not-enabled"])
def reset_and_back(t: Trace) -> None:
    """The server resets while reports run; three attempts are refused, the fourth is admitted 3 s after
    the reset, and the client enables its block again."""
    a = associate(t)
    reporting(a)
    t.wait(0.5)
    a.tcp.rst("server")
    refused_attempts(t, 50001, 3)
    t.wait(0.6)
    b = associate(t, 50010)
    reporting(b)
    t.wait(6)
    b.read_status()
    b.release()


@scenario("incident-server-restarted", must={"connection-reset": 3},
          may=["association-refused", "reports-not-enabled"])
def server_restarted(t: Trace) -> None:
    """A server with three clients resets all of them within 20 ms; they come back 4 s later."""
    clients = [f"10.0.0.{n}" for n in (11, 12, 13)]
    open_ = [associate(t, 50000 + n, client=client) for n, client in enumerate(clients)]
    for n, a in enumerate(open_):
        reporting(a, f"IED1CTRL/LLN0$BR$brcb0{n + 1}")
    t.wait(0.5)
    for a in open_:
        a.tcp.rst("server")
        t.wait(0.01)
    refused_attempts(t, 50100, 2, client=clients[0])
    t.wait(2)
    for n, client in enumerate(clients):
        b = associate(t, 50200 + n, client=client)
        reporting(b, f"IED1CTRL/LLN0$BR$brcb0{n + 1}")
        t.wait(0.1)
    t.wait(6)


@scenario("incident-abort-after-unanswered", must={"no-response": 1},
          may=["association-aborted", "closed-without-conclude"])
def abort_after_unanswered(t: Trace) -> None:
    """A read is not answered for 12 s; the client aborts, connects again, and is served."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request(["IED1CTRL/XCBR1$ST$Pos"]))
    t.wait(12)
    a.abort("client")
    t.wait(0.01)
    a.tcp.close()
    t.wait(1)
    b = associate(t, 50001)
    b.read("IED1CTRL/XCBR1$ST$Pos", data.status(data.dbpos("on"), t.server_time))
    b.release()


@scenario("incident-refused-at-first", must={"association-refused": 1})
def refused_at_first(t: Trace) -> None:
    """The client comes before the server is up: four attempts are refused, the fifth is admitted."""
    refused_attempts(t, 50000, 4)
    t.wait(1)
    a = associate(t, 50010)
    a.read_status()
    a.release()


@scenario("incident-none-orderly")
def orderly(t: Trace) -> None:
    """A client that releases and connects again later: no incident."""
    associate(t).release()
    t.wait(3)
    a = associate(t, 50001)
    a.read_status()
    a.release()
