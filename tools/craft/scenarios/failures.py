"""Confirmed services that fail."""

from __future__ import annotations

from .. import data, mms
from ..association import associate
from ..control import DIRECT, Control
from ..registry import hit, miss, scenario
from ..tcp import Trace
from .services import POSITION, position


# --- service-error, service-rejected ---
@hit("service-error")
def no_such_variable(t: Trace) -> None:
    """GetVariableAccessAttributes of an unknown variable: access / object-non-existent."""
    a = associate(t)
    a.request(mms.get_variable_access_attributes_request("IED1CTRL/CSWI9$CO$Pos"))
    a.fail(mms.ACCESS_NON_EXISTENT)
    a.release()


@hit("service-error", "data-set-exists")
def data_set_exists(t: Trace) -> None:
    """DefineNamedVariableList of a name that exists: definition / object-exists."""
    a = associate(t)
    a.request(mms.define_named_variable_list_request("IED1CTRL/LLN0$dyn1", [POSITION]))
    a.fail(mms.DEFINITION_OBJECT_EXISTS)
    a.release()


@hit("service-error", "journal")
def no_such_journal(t: Trace) -> None:
    """ReadJournal of an unknown log: access / object-non-existent."""
    a = associate(t)
    day = data.time_of_day(t.server_time - 3600), data.time_of_day(t.server_time)
    a.request(mms.read_journal_request("IED1CTRL/LLN0$NoLog", *day))
    a.fail(mms.ACCESS_NON_EXISTENT)
    a.release()


@miss("service-error")
def empty_answers(t: Trace) -> None:
    """Answers with nothing in them: an empty name list, a journal without entries."""
    a = associate(t)
    a.ask(mms.get_name_list_request(mms.NAMED_VARIABLE_LIST, "IED1CTRL"), mms.get_name_list_response([]))
    day = data.time_of_day(t.server_time - 3600), data.time_of_day(t.server_time)
    a.ask(mms.read_journal_request("IED1CTRL/LLN0$EventLog", *day), mms.read_journal_response([]))
    a.release()


@miss("service-error", "journal")
def journal_entries(t: Trace) -> None:
    """A journal is read and has two entries."""
    a = associate(t)
    start, stop = data.time_of_day(t.server_time - 3600), data.time_of_day(t.server_time)
    entries = []
    for number in (1, 2):
        at = t.server_time - 60 * number
        value = data.status(data.boolean(number == 1), at)
        logged = {"IED1CTRL/GGIO1$ST$Ind1": value, "ReasonCode": data.bits("0100000")}
        entries.append(mms.journal_entry(bytes(7) + bytes([number]), data.time_of_day(at), logged))
    a.ask(mms.read_journal_request("IED1CTRL/LLN0$EventLog", start, stop), mms.read_journal_response(entries))
    a.release()


@hit("service-rejected")
def rejected(t: Trace) -> None:
    """GetCapabilityList is rejected: confirmed-request, unrecognized-service."""
    a = associate(t)
    a.request(mms.get_capability_list_request())
    a.answer(mms.reject(a.last_invoke, mms.UNRECOGNIZED_SERVICE))
    a.release()


@hit("service-rejected", "unnamed", may=["no-response"])
def rejected_without_id(t: Trace) -> None:
    """A request is rejected without naming it: pdu-error, unknown-pdu-type."""
    a = associate(t)
    a.request(mms.get_capability_list_request())
    a.answer(mms.reject(None, mms.UNKNOWN_PDU_TYPE))
    a.release()


@miss("service-rejected")
def not_announced(t: Trace) -> None:
    """The server does not announce status and identify among its services, but answers them."""
    a = associate(t, answer=mms.initiate_response(services=mms.SERVER_SERVICES - {0, 2}))
    a.ask(mms.status_request(), mms.status_response())
    a.identify()
    a.release()


@scenario("request-cancelled", may=["service-error"], must_not=["no-response", "service-rejected"])
def request_cancelled(t: Trace) -> None:
    """The client cancels a read that takes long; the server confirms, and ends the read with the error
    service-preempt / cancel."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    t.wait(1)
    a.pdu("client", mms.cancel_request(a.last_invoke))
    a.answer(mms.cancel_response(a.last_invoke))
    a.fail(mms.PREEMPT_CANCEL, after=0.001)
    a.release()


@scenario("cancel-too-late", must_not=["no-response", "orphan-response"])
def cancel_too_late(t: Trace) -> None:
    """The client cancels a read whose answer is already on its way: cancel-ErrorPDU, invoke-id-unknown."""
    a = associate(t)
    a.request(mms.read_request([POSITION]))
    t.wait(0.5)
    a.pdu("client", mms.cancel_request(a.last_invoke))
    a.respond(mms.read_response([position(t)]), after=0.0001)
    a.answer(mms.cancel_error(a.last_invoke, mms.CANCEL_INVOKE_ID_UNKNOWN))
    a.release()


# --- read-failed, write-failed, delete-without-effect ---
@hit("read-failed")
def misspelt_name(t: Trace) -> None:
    """A name with a wrong letter is read after the right names were browsed: object-non-existent."""
    a = associate(t)
    a.browse()
    a.read("IED1CTRL/XCBR1$ST$pos", data.failure(data.OBJECT_NON_EXISTENT))
    a.read_status()
    a.release()


@hit("read-failed", "k-of-n", count=None)
@scenario("read-k-of-n-failed", must={"read-failed": None}, must_not=["service-error"])
def two_of_five(t: Trace) -> None:
    """Two of the five items of one read fail, with different codes."""
    a = associate(t)
    names = [f"IED1CTRL/GGIO1$ST$Ind{n}" for n in range(1, 6)]
    values = [data.status(data.boolean(True), t.server_time) for _ in names]
    values[1] = data.failure(data.TEMPORARILY_UNAVAILABLE)
    values[4] = data.failure(data.OBJECT_NON_EXISTENT)
    a.read(names, *values)
    a.release()


@hit("read-failed", "data-set")
def member_of_data_set(t: Trace) -> None:
    """A data set is read by name, one of its three members fails: object-access-denied."""
    a = associate(t)
    value = data.status(data.boolean(True), t.server_time)
    a.ask(mms.read_list_request("IED1CTRL/LLN0$dsStat"),
          mms.read_response([value, data.failure(data.OBJECT_ACCESS_DENIED), value]))
    a.release()


@miss("read-failed")
def empty_values(t: Trace) -> None:
    """Reads whose values are empty: a string, an octet string, an array and a time that was never set."""
    a = associate(t)
    a.read("IED1CTRL/LLN0$DC$NamPlt$d", data.string(""))
    a.read("IED1CTRL/LLN0$RP$urcb01$Owner", data.octets(b""))
    a.read("IED1CTRL/MMXU1$MX$Har$ar", data.array())
    a.read("IED1CTRL/GGIO1$ST$Ind1$t", data.utc_time(0, 0))
    a.release()


@hit("write-failed")
def wrong_type(t: Trace) -> None:
    """A setpoint is written with an integer instead of a floating-point number: type-inconsistent."""
    a = associate(t)
    a.write("IED1CTRL/GGIO1$SP$SetP$setMag$f", data.integer(5), data.TYPE_INCONSISTENT)
    a.write("IED1CTRL/GGIO1$SP$SetP$setMag$f", data.float32(5.0))
    a.release()


@hit("write-failed", "setting-group")
def no_such_group(t: Trace) -> None:
    """Setting group 99 is activated: object-value-invalid."""
    a = associate(t)
    a.write("IED1CTRL/LLN0$SP$SGCB$ActSG", data.unsigned(99), data.OBJECT_VALUE_INVALID)
    a.release()


@hit("write-failed", "group-out-of-range")
def no_such_group_of_five(t: Trace) -> None:
    """The block was read and has 5 groups; number 6 is opened for editing: object-value-invalid."""
    a = associate(t)
    block = data.structure(data.unsigned(5), data.unsigned(1), data.unsigned(0), data.boolean(False),
                           data.utc_time(t.now / 1e9))
    a.read("IED1CTRL/LLN0$SP$SGCB", block)
    a.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(6), data.OBJECT_VALUE_INVALID)
    a.release()


@hit("write-failed", "edited-by-other-client")
def edited_by_other(t: Trace) -> None:
    """Client A has group 2 open for editing; client B wants to edit, too: temporarily-unavailable."""
    first, second = associate(t), associate(t, 50001)
    first.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(2))
    second.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(2), data.TEMPORARILY_UNAVAILABLE)
    first.write("IED1CTRL/LLN0$SP$SGCB$CnfEdit", data.boolean(True))
    first.release()
    second.release()


@hit("write-failed", "editor-left")
def editor_left(t: Trace) -> None:
    """Client A disconnected while it had group 2 open; client B can not edit: temporarily-unavailable."""
    first, second = associate(t), associate(t, 50001)
    first.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(2))
    first.release()
    t.wait(1)
    second.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(2), data.TEMPORARILY_UNAVAILABLE)
    second.release()


@hit("write-failed", "edit-refused")
def edit_refused(t: Trace) -> None:
    """Nobody edits in the capture; EditSG is refused: temporarily-unavailable."""
    a = associate(t)
    a.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(2), data.TEMPORARILY_UNAVAILABLE)
    a.release()


@miss("write-failed", "edited-in-turn")
def edited_in_turn(t: Trace) -> None:
    """Client A edits and confirms, then client B does."""
    for a in (associate(t), associate(t, 50001)):
        a.write("IED1CTRL/LLN0$SP$SGCB$EditSG", data.unsigned(2))
        a.write("IED1CTRL/PTOC1$SE$StrVal$setMag$f", data.float32(5.0))
        a.write("IED1CTRL/LLN0$SP$SGCB$CnfEdit", data.boolean(True))
        a.release()


@miss("write-failed")
def all_written(t: Trace) -> None:
    """A setpoint and a setting group are written with success."""
    a = associate(t)
    a.write(["IED1CTRL/GGIO1$SP$SetP$setMag$f", "IED1CTRL/LLN0$SP$SGCB$ActSG"], [data.float32(5.0), data.unsigned(2)])
    a.release()


@miss("write-failed", "rcb", must={"rcb-enable-failed": 1}, may=["reports-not-enabled"])
def refused_report_control(t: Trace) -> None:
    """The write that fails is RptEna of a report control block, which has a rule of its own."""
    a = associate(t)
    a.write("IED1CTRL/LLN0$RP$urcb01$RptEna", data.boolean(True), data.TEMPORARILY_UNAVAILABLE)
    a.release()


@miss("write-failed", "control", must={"control-rejected": 1})
def refused_control(t: Trace) -> None:
    """The write that fails is an Operate of a direct control, which has a rule of its own."""
    a = associate(t)
    Control(a, model=DIRECT).read_model().operate(data.boolean(True), data.OBJECT_ACCESS_DENIED)
    a.release()


def delete_data_set(t: Trace, matched: int, deleted: int) -> None:
    a = associate(t)
    a.ask(mms.define_named_variable_list_request("IED1CTRL/LLN0$dyn1", [POSITION]),
          mms.define_named_variable_list_response())
    a.ask(mms.get_named_variable_list_attributes_request("IED1CTRL/LLN0$dyn1"),
          mms.get_named_variable_list_attributes_response([POSITION], deletable=True))
    a.ask(mms.delete_named_variable_list_request(["IED1CTRL/LLN0$dyn1"]),
          mms.delete_named_variable_list_response(matched, deleted))
    a.release()


@hit("delete-without-effect")
def not_deleted(t: Trace) -> None:
    """The answer to a delete is positive: one matched, none deleted."""
    delete_data_set(t, 1, 0)


@hit("delete-without-effect", "unmatched")
def not_matched(t: Trace) -> None:
    """The answer to a delete is positive: none matched, none deleted."""
    delete_data_set(t, 0, 0)


@miss("delete-without-effect")
def deleted(t: Trace) -> None:
    """One matched, one deleted."""
    delete_data_set(t, 1, 1)


@hit("service-error", "too-large")
def too_large(t: Trace) -> None:
    """A whole logical node is read, negotiated are 500 octets: service / other."""
    a = associate(t, answer=mms.initiate_response(detail=500))
    a.request(mms.read_request(["IED1CTRL/GGIO1"]))
    a.fail((0x84, 0))
    a.release()


@hit("service-error", "unknown-domain")
def unknown_domain(t: Trace) -> None:
    """The server lists its logical devices; then names of one that it does not have are asked for."""
    a = associate(t)
    a.ask(mms.get_name_list_request(mms.DOMAIN), mms.get_name_list_response(["IED1CTRL", "IED1MEAS"]))
    a.request(mms.get_name_list_request(mms.NAMED_VARIABLE, "IED1CTLR"))
    a.fail(mms.ACCESS_NON_EXISTENT)
    a.release()
