"""How associations fail to open, and how they end."""

from __future__ import annotations

from .. import mms, stack
from ..association import Association, associate
from ..registry import Decorator, Scenario, hit, miss, scenario
from ..reporting import ReportControl
from ..tcp import Trace


# --- association-refused: one face for each layer ---
def refused(face: str) -> Decorator:
    """Both a hit of the rule and a scenario."""

    def decorate(fill: Scenario) -> Scenario:
        scenario(f"refused-{face}", must={"association-refused": 1}, must_not=["no-response"])(fill)
        return hit("association-refused", face)(fill)

    return decorate


@refused("tcp-rst")
def port_closed(t: Trace) -> None:
    """The server answers the SYN with RST."""
    a = Association(t)
    a.tcp.syn()
    t.wait(0.0004)
    a.tcp.refuse()


@refused("cotp-dr")
def transport_refused(t: Trace) -> None:
    """COTP: the CR is answered with DR, reason 3 address unknown."""
    a = Association(t)
    a.tcp.open()
    a.tcp.send("client", stack.cotp_cr())
    t.wait(0.001)
    a.tcp.send("server", stack.cotp_dr(3))
    t.wait(0.01)
    a.tcp.close()


def refuse_session(t: Trace, tsdu: bytes) -> None:
    a = Association(t).connect_transport().propose()
    t.wait(0.005)
    a.tsdu("server", tsdu)
    t.wait(0.01)
    a.tcp.close()


@refused("session-rf")
def session_refused(t: Trace) -> None:
    """Session: RF with reason 129, session selector unknown."""
    refuse_session(t, stack.session_rf(129))


@refused("presentation-cpr")
def presentation_refused(t: Trace) -> None:
    """Presentation: CPR inside RF, provider reason 3 called presentation address unknown."""
    refuse_session(t, stack.session_rf(2, stack.presentation_cpr(reason=3)))


@refused("context-rejected")
def mms_context_rejected(t: Trace) -> None:
    """Presentation: CPR, the MMS context is rejected because its abstract syntax is not supported."""
    refuse_session(t, stack.session_rf(2, stack.presentation_cpr(results=[0, 1])))


@refused("acse")
def acse_refused_in_rf(t: Trace) -> None:
    """ACSE: AARE rejected-permanent, authentication failure, inside CPR and RF."""
    refuse_session(t, stack.session_rf(2, stack.presentation_cpr(results=[0, 0], pdu=stack.aare(b"", 1, 13))))


@refused("acse-in-accept")
def acse_refused_in_ac(t: Trace) -> None:
    """ACSE: session and presentation accept, but the AARE says rejected-permanent, calling AP title unknown."""
    refuse_session(t, stack.session_ac(stack.presentation_cpa([0, 0], stack.aare(b"", 1, 3))))


@refused("initiate-error")
def mms_refused(t: Trace) -> None:
    """MMS: an accepted AARE that carries an initiate-ErrorPDU, version-incompatible."""
    error = mms.initiate_error(mms.INITIATE_VERSION_INCOMPATIBLE)
    refuse_session(t, stack.session_ac(stack.presentation_cpa([0, 0], stack.aare(error))))


@scenario("refused-by-close", must={"association-refused|association-unanswered": 1})
def closed_upon_initiate(t: Trace) -> None:
    """The server closes TCP upon the initiate-RequestPDU, as some do for a wrong password."""
    a = Association(t).connect_transport().propose()
    t.wait(0.005)
    a.tcp.close("server")


@scenario("refused-by-abort", must={"association-refused|association-aborted": 1})
def aborted_upon_initiate(t: Trace) -> None:
    """The server answers the initiate-RequestPDU with an ACSE abort."""
    a = Association(t).connect_transport().propose()
    t.wait(0.005)
    a.abort("server", source=1)
    t.wait(0.005)
    a.tcp.close()


@miss("association-refused")
def extra_context_rejected(t: Trace) -> None:
    """The client proposes a third, unused context, which alone is rejected; the association opens."""
    a = Association(t).connect_transport()
    a.propose(contexts=[(1, stack.ACSE_SYNTAX), (3, stack.MMS_SYNTAX), (5, "1.0.9506.2.99")])
    t.wait(0.005)
    a.accept(results=[0, 0, 1])
    a.read_status()
    a.release()


# --- association-unanswered ---
@hit("association-unanswered", "syn")
@scenario("syn-unanswered", must={"association-unanswered": 1})
def syn_unanswered(t: Trace) -> None:
    """Nobody answers the SYN; it is sent four times over 15 seconds."""
    a = Association(t)
    a.tcp.syn()
    for pause in (1, 2, 4):
        t.wait(pause)
        a.tcp.syn(retransmission=True)
    other_traffic(t, 12)


def other_traffic(t: Trace, seconds: float) -> None:
    """An association with another server, so that the capture goes on for a while."""
    b = associate(t, port=50900, server="10.0.0.3")
    for _ in range(4):
        t.wait(seconds / 4)
        b.read_status()
    b.release()


@hit("association-unanswered", "cotp-cr")
def cr_unanswered(t: Trace) -> None:
    """TCP opens, the COTP CR is acknowledged but never answered; the client gives up after 12 s."""
    a = Association(t)
    a.tcp.open()
    a.tcp.send("client", stack.cotp_cr())
    t.wait(12)
    a.tcp.close()


@hit("association-unanswered")
def initiate_unanswered(t: Trace) -> None:
    """The initiate-RequestPDU is acknowledged but never answered; the client gives up after 12 s."""
    a = Association(t).connect_transport().propose()
    t.wait(12)
    a.tcp.close()


@miss("association-unanswered")
def capture_ends_early(t: Trace) -> None:
    """The capture ends 3 s after the initiate-RequestPDU."""
    Association(t).connect_transport().propose()
    other_traffic(t, 3)


@miss("association-unanswered", "late", may=["slow-response"])
def initiate_late(t: Trace) -> None:
    """The initiate-ResponsePDU takes 5 s, but it comes."""
    a = Association(t).connect_transport().propose()
    t.wait(5)
    a.accept()
    a.read_status()
    a.release()


# --- association-aborted ---
@hit("association-aborted")
def client_aborts(t: Trace) -> None:
    """The client aborts: ABRT by the service user inside ARU and AB; then TCP is closed."""
    a = associate(t)
    a.read_status()
    t.wait(1)
    a.abort("client")
    t.wait(0.001)
    a.tcp.close("server")


@hit("association-aborted", "server")
def server_aborts(t: Trace) -> None:
    """The server aborts: ABRT by the service provider."""
    a = associate(t)
    a.read_status()
    t.wait(1)
    a.abort("server", source=1)
    t.wait(0.001)
    a.tcp.close("client")


@hit("association-aborted", "presentation")
def presentation_aborts(t: Trace) -> None:
    """The server's presentation layer aborts: ARP, unrecognized PPDU."""
    a = associate(t)
    a.read_status()
    a.tsdu("server", stack.session_ab(stack.presentation_arp(1), disconnect=0x01))
    t.wait(0.001)
    a.tcp.close("client")


@hit("association-aborted", "session")
def session_aborts(t: Trace) -> None:
    """The server's session layer aborts: AB for a protocol error, without user data."""
    a = associate(t)
    a.read_status()
    a.tsdu("server", stack.session_ab(disconnect=0x05))
    t.wait(0.001)
    a.tcp.close("client")


@miss("association-aborted")
def released(t: Trace) -> None:
    """The association is concluded and released."""
    a = associate(t)
    a.read_status()
    a.release()


# --- connection-reset ---
@hit("connection-reset")
@scenario("reset-after-idle", must={"connection-reset": 1}, must_not=["no-response"])
def reset_after_idle(t: Trace) -> None:
    """The server resets the connection after 75 idle seconds; only TCP keep-alives before."""
    a = associate(t)
    a.read_status()
    for _ in range(5):
        t.wait(15)
        a.tcp.keep_alive("client")
    a.tcp.rst("server")


@hit("connection-reset", "keep-alives-ended")
def keep_alives_ended(t: Trace) -> None:
    """Keep-alives for half a minute, then nothing for three minutes, then the server resets the connection."""
    a = associate(t)
    a.read_status()
    for _ in range(2):
        t.wait(15)
        a.tcp.keep_alive("client")
    t.wait(180)
    a.tcp.rst("server")


@hit("connection-reset", "in-flight", may=["no-response"])
def reset_in_flight(t: Trace) -> None:
    """The server resets the connection while a read waits for its answer."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request(["IED1CTRL/XCBR1$ST$Pos"]))
    t.wait(0.5)
    a.tcp.rst("server")


@hit("connection-reset", "client")
def reset_by_client(t: Trace) -> None:
    """The client resets the connection while reports arrive."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    block.report()
    t.wait(0.1)
    a.tcp.rst("client")


@miss("connection-reset", "conclude")
@scenario("reset-after-conclude", must_not=["connection-reset", "no-response"])
def reset_after_conclude(t: Trace) -> None:
    """The association is concluded and its conclusion answered; then the server resets the connection."""
    a = associate(t)
    a.read_status()
    a.conclude()
    t.wait(0.01)
    a.tcp.rst("server")


@miss("connection-reset", "release")
def reset_after_release(t: Trace) -> None:
    """Concluded and released; then the client closes TCP with RST."""
    a = associate(t)
    a.read_status()
    a.conclude().finish()
    t.wait(0.01)
    a.tcp.rst("client")


@miss("connection-reset", "fin")
def reset_after_fin(t: Trace) -> None:
    """The client closes with FIN, without conclude; the server's RST follows."""
    a = associate(t)
    a.read_status()
    t.wait(0.1)
    a.tcp.fin("client")
    t.wait(0.001)
    a.tcp.rst("server")


# --- conclude-unanswered ---
@hit("conclude-unanswered")
def conclude_answered_by_dr(t: Trace) -> None:
    """Conclude is answered with a COTP DR, and TCP is closed: the server skips the answer."""
    a = associate(t)
    a.read_status()
    a.conclude(answered=False)
    t.wait(0.002)
    a.tcp.send("server", stack.cotp_dr(128))
    t.wait(0.001)
    a.tcp.close("server")


@hit("conclude-unanswered", "not-awaited")
def conclude_not_awaited(t: Trace) -> None:
    """The client sends Conclude and closes TCP right behind it."""
    a = associate(t)
    a.read_status()
    a.conclude(answered=False)
    t.wait(0.0002)
    a.tcp.close("client")


@hit("conclude-unanswered", "silence", may=["closed-without-conclude"])
def conclude_met_silence(t: Trace) -> None:
    """Conclude is never answered; the client waits 5 s and closes TCP: a warning."""
    a = associate(t)
    a.read_status()
    a.conclude(answered=False)
    t.wait(5)
    a.tcp.close("client")


@hit("conclude-unanswered", "open")
def conclude_met_silence_while_open(t: Trace) -> None:
    """Conclude is never answered and nothing ends the connection; the capture goes on for 12 s: a warning."""
    a = associate(t)
    a.read_status()
    a.conclude(answered=False)
    other_traffic(t, 12)


@miss("conclude-unanswered")
def conclude_answered(t: Trace) -> None:
    """Conclude is answered; then the client closes TCP without a release."""
    a = associate(t)
    a.read_status()
    a.conclude()
    t.wait(0.01)
    a.tcp.close("client")


@miss("conclude-unanswered", "capture-ends")
def conclude_capture_ends(t: Trace) -> None:
    """The capture ends 1 s after Conclude: the answer may still come."""
    a = associate(t)
    a.read_status()
    a.conclude(answered=False)
    other_traffic(t, 1)


# --- ends with something going on ---
@hit("closed-without-conclude", "dr")
def client_disconnects(t: Trace) -> None:
    """The client sends a COTP DR in the open association; the server answers with DR and closes TCP first."""
    a = associate(t)
    a.read_status()
    t.wait(0.3)
    a.tcp.send("client", stack.cotp_dr(128))
    t.wait(0.001)
    a.tcp.send("server", stack.cotp_dr(128))
    t.wait(0.001)
    a.tcp.close("server")


@hit("closed-without-conclude", "server-reporting")
def server_closes_while_reporting(t: Trace) -> None:
    """The server closes TCP while a report control block is enabled: a warning."""
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    t.wait(1)
    a.tcp.close("server")


@hit("closed-without-conclude", "in-flight", may=["no-response"])
def client_closes_in_flight(t: Trace) -> None:
    """The client closes TCP 50 ms after a read, without waiting for its answer: a warning."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request(["IED1CTRL/XCBR1$ST$Pos"]))
    t.wait(0.05)
    a.tcp.close("client")


@hit("association-aborted", "in-flight", may=["no-response"])
def client_aborts_in_flight(t: Trace) -> None:
    """The client aborts 4 s after a read that is not answered."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request(["IED1CTRL/XCBR1$ST$Pos"]))
    t.wait(4)
    a.abort("client")
    t.wait(0.001)
    a.tcp.close("client")


@hit("connection-reset", "firewall")
def reset_after_silence(t: Trace) -> None:
    """The connection is reset after 75 s without any segment: an idle timeout on the way is a candidate."""
    a = associate(t)
    a.read_status()
    t.wait(75)
    a.tcp.rst("server")


# --- attempts ---
@hit("association-refused", "silent")
def closed_silently(t: Trace) -> None:
    """The server closes TCP in answer to the initiate-RequestPDU: no layer is known to have refused."""
    closed_upon_initiate(t)


@hit("association-refused", "limit")
def limit_of_associations(t: Trace) -> None:
    """Two associations are open, a third attempt is closed upon its CR; when one has ended, another is accepted."""
    first = associate(t, port=50001)
    second = associate(t, port=50002)
    first.read_status()
    third = Association(t, port=50003)
    third.tcp.open()
    third.tcp.send("client", stack.cotp_cr())
    t.wait(0.001)
    third.tcp.close("server")
    t.wait(0.1)
    first.release()
    fourth = associate(t, port=50004)
    fourth.read_status()
    fourth.release()
    second.release()


@hit("association-unanswered", "answered-late")
def cr_answered_late(t: Trace) -> None:
    """The COTP CR is answered with CC after 6 s; the client had left after 5 s: answered too late, not unanswered."""
    a = Association(t)
    a.tcp.open()
    a.tcp.send("client", stack.cotp_cr())
    t.wait(5)
    a.tcp.fin("client")
    t.wait(1)
    a.tcp.send("server", stack.cotp_cc())
    t.wait(0.01)
    a.tcp.fin("server")


@miss("association-unanswered", "cotp-only")
def cotp_only(t: Trace) -> None:
    """The CR is answered with CC; the client asks for no association and closes: nobody refused anything."""
    a = Association(t)
    a.tcp.open()
    a.tcp.send("client", stack.cotp_cr())
    t.wait(0.001)
    a.tcp.send("server", stack.cotp_cc())
    t.wait(1)
    a.tcp.close("client")
    associate(t, port=50001).release()


# --- closed-without-conclude ---
@hit("closed-without-conclude")
def client_closes(t: Trace) -> None:
    """The client closes TCP while the association is open."""
    a = associate(t)
    a.read_status()
    t.wait(0.1)
    a.tcp.close("client")


@hit("closed-without-conclude", "server")
def server_closes(t: Trace) -> None:
    """The server closes TCP while the association is open."""
    a = associate(t)
    a.read_status()
    t.wait(0.1)
    a.tcp.close("server")


@miss("closed-without-conclude")
def concluded_only(t: Trace) -> None:
    """The association is concluded, but not released with FINISH; then FIN."""
    a = associate(t)
    a.read_status()
    a.conclude()
    t.wait(0.01)
    a.tcp.close()


@miss("closed-without-conclude", "release")
def released_only(t: Trace) -> None:
    """The association is released with FINISH and DISCONNECT, without a conclude; then FIN."""
    a = associate(t)
    a.read_status()
    a.finish()
    t.wait(0.01)
    a.tcp.close()


@miss("closed-without-conclude", "abort", must={"association-aborted": 1})
def closed_after_abort(t: Trace) -> None:
    """The client aborts, then the server closes TCP: the abort is the finding."""
    client_aborts(t)


@miss("no-response", "conclude", may=["conclude-unanswered"])
@scenario("conclude-unanswered", may=["conclude-unanswered"], must_not=["no-response"])
def conclude_unanswered(t: Trace) -> None:
    """The conclude-RequestPDU is never answered; the client waits 12 s and closes TCP."""
    a = associate(t)
    a.read_status()
    a.conclude(answered=False)
    t.wait(12)
    a.tcp.close()


# --- receiver-stalled ---
def stalled(t: Trace, seconds: float) -> None:
    a = associate(t)
    block = ReportControl(a).start()
    block.report()
    a.tcp.client.window = 0
    block.report()
    probes = 3
    for _ in range(probes):
        t.wait(seconds / probes)
        a.tcp.window_probe("server", b"\x03")
    a.tcp.client.window = 64240
    a.tcp.ack(a.tcp.client)
    for _ in range(3):
        block.send(age=seconds / 2)
    a.release()


@hit("receiver-stalled", odd=True)
def window_closed(t: Trace) -> None:
    """The client's window is zero for 4.5 s while reports wait; the server probes it."""
    stalled(t, 4.5)


@miss("receiver-stalled", odd=True)
def window_closed_briefly(t: Trace) -> None:
    """The client's window is zero for 0.6 s."""
    stalled(t, 0.6)
