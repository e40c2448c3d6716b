"""Confirmed services: slow and missing answers, invoke ids."""

from __future__ import annotations

from .. import data, mms
from ..association import associate
from ..registry import hit, miss, scenario
from ..reporting import ReportControl
from ..tcp import Trace
from .capture import lose_response

POSITION = "IED1CTRL/XCBR1$ST$Pos"


def position(t: Trace) -> bytes:
    return data.status(data.dbpos("on"), t.server_time - 3)



# --- slow-response ---
@hit("slow-response")
def slow_read(t: Trace) -> None:
    """One of three reads is answered after 2.5 s."""
    a = associate(t)
    a.read_status()
    a.read_status(after=2.5)
    a.read_status()
    a.release()


@hit("slow-response", "pipelined")
def slow_among_pipelined(t: Trace) -> None:
    """Three reads at once, answered out of order: the first takes 3 s, the others milliseconds."""
    a = associate(t)
    first, second, third = (a.request(mms.read_request([POSITION]), think=0.001) for _ in range(3))
    a.respond(mms.read_response([position(t)]), invoke=third)
    a.respond(mms.read_response([position(t)]), invoke=second)
    a.respond(mms.read_response([position(t)]), after=3, invoke=first)
    a.release()


@hit("slow-response", "retransmission")
def slow_by_network(t: Trace) -> None:
    """TCP sends a request four times before it arrives; the answer comes 3 s after the first."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    for pause in (0.2, 0.4, 2.4):
        a.tcp.server.ack_due = 0
        t.wait(pause)
        a.tcp.retransmit("client")
    a.respond(mms.read_response([position(t)]), after=0.001)
    a.release()


@miss("slow-response")
def just_in_time(t: Trace) -> None:
    """A read is answered after 1.9 s."""
    a = associate(t)
    a.read_status()
    a.read_status(after=1.9)
    a.release()


@miss("slow-response", "idle")
def pause_between_requests(t: Trace) -> None:
    """Five seconds pass between an answer and the next request: the packet delta is not a response time."""
    a = associate(t)
    a.read_status()
    t.wait(5)
    a.read_status()
    t.wait(5)
    a.read_status()
    a.release()


@miss("slow-response", "capture-loss", must={"capture-loss": 1}, may=["invoke-id-reused"], odd=True)
def lost_and_reused(t: Trace) -> None:
    """An answer is lost by the capture; 4 s later the client uses the same invoke id again: not one slow pair."""
    a = associate(t)
    lose_response(a)
    t.wait(4)
    a.request(mms.read_request([POSITION]), invoke=a.last_invoke)
    a.respond(mms.read_response([position(t)]))
    a.release()


# --- no-response ---
@hit("no-response", may=["closed-without-conclude"])
def unanswered_at_end(t: Trace) -> None:
    """A read is acknowledged by TCP but never answered; 4 s later the client closes the connection."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request([POSITION]))
    t.wait(4)
    a.tcp.close()


@hit("no-response", "open")
def unanswered_while_open(t: Trace) -> None:
    """A read is never answered, while others are for the next 12 s."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    for _ in range(6):
        t.wait(2)
        a.read_status()
    a.release()


@miss("no-response")
def capture_ends(t: Trace) -> None:
    """The capture ends 1 s after a request."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request([POSITION]))
    t.wait(1)


@miss("no-response", "capture-loss", must={"capture-loss": 1}, noted=True, odd=True)
def answer_lost(t: Trace) -> None:
    """An answer is missing where the capture lost octets; the association goes on for 12 s."""
    a = associate(t)
    lose_response(a)
    t.wait(12)
    a.read_status()
    a.release()


@scenario("answered-after-giving-up", must={"slow-response|no-response": None})
def answered_late(t: Trace) -> None:
    """The client gives a read up after 5 s and asks again with a new invoke id; the old answer comes at 6.5 s."""
    a = associate(t)
    late = a.request(mms.read_request([POSITION]))
    t.wait(5)
    again = a.request(mms.read_request([POSITION]))
    a.respond(mms.read_response([position(t)]), after=1.5, invoke=late)
    a.respond(mms.read_response([position(t)]), invoke=again)
    a.release()


# --- pairing ---
@hit("orphan-response")
def response_to_nothing(t: Trace) -> None:
    """The server sends a response with invoke id 99, which nobody used."""
    a = associate(t)
    a.read_status()
    a.respond(mms.read_response([position(t)]), invoke=99)
    a.release()


@miss("orphan-response")
def request_before_capture(t: Trace) -> None:
    """The capture starts between a request and its answer."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    t.frames.clear()
    a.respond(mms.read_response([position(t)]))
    a.read_status()
    a.release()


@hit("invoke-id-reused", may=["no-response"])
def reused_while_open(t: Trace) -> None:
    """The client sends two reads with the same invoke id before an answer; one answer comes."""
    a = associate(t)
    invoke = a.request(mms.read_request([POSITION]))
    a.request(mms.read_request(["IED1CTRL/GGIO1$ST$Ind1"]), invoke=invoke)
    a.respond(mms.read_response([data.status(data.boolean(True), t.server_time)]))
    a.release()


@miss("invoke-id-reused")
def reused_after_answer(t: Trace) -> None:
    """The client uses the same invoke id for every request, always after the answer."""
    a = associate(t)
    for _ in range(4):
        a.request(mms.read_request([POSITION]), invoke=1)
        a.respond(mms.read_response([position(t)]))
    a.release()


@miss("invoke-id-reused", "both-directions")
@scenario("invoke-ids-in-both-directions", must_not=["invoke-id-reused", "orphan-response", "response-mismatch"])
def role_reversal(t: Trace) -> None:
    """ObtainFile: while its request 1 waits, the server fetches the file from the client over the same
    association with its own invoke ids 1, 2 and 3."""
    a = associate(t)
    a.request(mms.obtain_file_request("settings.cid", "IEC/settings.cid"))
    obtain = a.last_invoke
    content = b"<SCL>crafted</SCL>"
    a.ask(mms.file_open_request("settings.cid"), mms.file_open_response(7, len(content)), by="server")
    a.ask(mms.file_read_request(7), mms.file_read_response(content, more=False), by="server")
    a.ask(mms.file_close_request(7), mms.file_close_response(), by="server")
    a.respond(mms.obtain_file_response(), invoke=obtain)
    a.release()


@hit("response-mismatch")
def other_service(t: Trace) -> None:
    """A read is answered with a write response."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    a.respond(mms.write_response([None]))
    a.release()


@miss("response-mismatch")
def out_of_order(t: Trace) -> None:
    """A read, an identify and a write at once, answered in the opposite order."""
    a = associate(t)
    read = a.request(mms.read_request([POSITION]), think=0.001)
    identify = a.request(mms.identify_request(), think=0.001)
    write = a.request(mms.write_request(["IED1CTRL/GGIO1$SP$SetP$setMag$f"], [data.float32(1.5)]), think=0.001)
    a.respond(mms.write_response([None]), invoke=write)
    a.respond(mms.identify_response(), invoke=identify)
    a.respond(mms.read_response([position(t)]), invoke=read)
    a.release()


# --- list-loop ---
@hit("list-loop")
def same_names_again(t: Trace) -> None:
    """GetNameList: the server ignores continueAfter and sends the same page with moreFollows, four times."""
    a = associate(t)
    names = ["LLN0", "LLN0$ST", "LLN0$ST$Mod"]
    page = mms.get_name_list_response(names, more=True)
    a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL"), page)
    for _ in range(3):
        a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL", names[-1]), page)
    a.release()


@miss("list-loop")
def two_pages(t: Trace) -> None:
    """The list has two pages; the client reads it twice, and asks for the second page twice."""
    a = associate(t)
    first, second = ["LLN0", "LLN0$ST"], ["LLN0$ST$Mod", "LLN0$ST$Beh"]
    for _ in range(2):
        a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL"), mms.get_name_list_response(first, more=True))
        for _ in range(2):
            a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL", first[-1]),
                  mms.get_name_list_response(second, more=True))
        a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTRL", second[-1]),
              mms.get_name_list_response(["LPHD1"]))
    a.release()


# --- range-empty ---
@hit("range-empty")
def bounds_mixed_up(t: Trace) -> None:
    """A log is asked for entries from now to an hour ago."""
    a = associate(t)
    now, before = data.time_of_day(t.server_time), data.time_of_day(t.server_time - 3600)
    a.ask(mms.read_journal_request("IED1CTRL/LLN0$EventLog", now, before), mms.read_journal_response([]))
    a.release()


@hit("range-empty", "wrapped")
def before_1984(t: Trace) -> None:
    """The range was to begin in 1970: the days wrap around to the year 2149."""
    a = associate(t)
    begin = bytes(4) + (0x10000 - 5113).to_bytes(2, "big")
    a.ask(mms.read_journal_request("IED1CTRL/LLN0$EventLog", begin, data.time_of_day(t.server_time)),
          mms.read_journal_response([]))
    a.release()


@miss("range-empty")
def empty_log(t: Trace) -> None:
    """The range is right and the answer has no entries; another range is one moment long."""
    a = associate(t)
    now, before = data.time_of_day(t.server_time), data.time_of_day(t.server_time - 3600)
    a.ask(mms.read_journal_request("IED1CTRL/LLN0$EventLog", before, now), mms.read_journal_response([]))
    a.ask(mms.read_journal_request("IED1CTRL/LLN0$EventLog", now, now), mms.read_journal_response([]))
    a.release()


# --- no-response: what it is blamed on ---
@hit("no-response", "one-service")
def one_service_unanswered(t: Trace) -> None:
    """Identify is announced and never answered; reads before and after it are."""
    a = associate(t)
    a.read_status()
    a.request(mms.identify_request())
    for _ in range(3):
        t.wait(5)
        a.read_status()
    a.release()


@hit("no-response", "server-ended", may=["connection-reset"])
def server_ended_it(t: Trace) -> None:
    """The server resets the connection 0.3 s after a read: the read is open, a note."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request([POSITION]))
    t.wait(0.3)
    a.tcp.rst("server")


@hit("no-response", "unacknowledged", may=["closed-without-conclude"])
def way_to_server_lost(t: Trace) -> None:
    """Reports of the server still come, but it acknowledges nothing: a read is repeated in vain."""
    a = associate(t)
    block = ReportControl(a).start()
    a.request(mms.read_request([POSITION]))
    received = a.tcp.server.received
    a.tcp.server.received = received - len(a.tcp.client.last_segment[1])
    for pause in (0.4, 0.8, 1.6, 3.2):
        a.tcp.server.ack_due = 0
        t.wait(pause)
        a.tcp.retransmit("client")
        a.tcp.server.ack_due = 0
        block.report()
    a.tcp.server.ack_due = 0
    block.report(wait=6)


@hit("slow-response", "acknowledged-late")
def acknowledged_late(t: Trace) -> None:
    """TCP acknowledges a read only with its answer, 3 s later, and nothing is repeated."""
    a = associate(t)
    a.read_status()
    a.request(mms.read_request([POSITION]))
    a.tcp.server.ack_due = 0
    a.respond(mms.read_response([position(t)]), after=3)
    a.release()


@hit("slow-response", "cancelled")
def cancelled_and_answered(t: Trace) -> None:
    """A read is cancelled after 0.1 s and answered 0.7 s later all the same: a note about the cancel."""
    a = associate(t)
    read = a.request(mms.read_request([POSITION]))
    t.wait(0.1)
    a.pdu("client", mms.cancel_request(read))
    a.respond(mms.read_response([position(t)]), after=0.7, invoke=read)
    a.release()


@hit("slow-response", "spurious-repeat")
def spurious_repeat(t: Trace) -> None:
    """TCP repeats a request 7 ms after it; the answer takes 5 s: the server is slow, not the network."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    t.wait(0.007)
    a.tcp.retransmit("client")
    a.respond(mms.read_response([position(t)]), after=5)
    a.release()
