"""Controls: selected, refused, terminated, and inconsistent ones."""

from __future__ import annotations

from .. import data, mms
from ..association import OK, associate
from ..control import (ALREADY_SELECTED, BLOCKED_BY_INTERLOCKING, BLOCKED_BY_MODE, DIRECT, DIRECT_ENHANCED,
                       INCONSISTENT, LOCKED_BY_OTHER_CLIENT, OBJECT_NOT_SELECTED, SELECT, SELECT_ENHANCED, TIME_LIMIT_OVER, Control)
from ..registry import hit, miss, scenario
from ..tcp import Trace

ON, OFF = data.boolean(True), data.boolean(False)
DENIED, BUSY = data.OBJECT_ACCESS_DENIED, data.TEMPORARILY_UNAVAILABLE
CONTROL_RULES = ["control-rejected", "control-terminated", "control-unterminated", "control-mismatch",
                 "operate-without-select", "select-expired"]


def control(t: Trace, model: int = SELECT_ENHANCED) -> Control:
    return Control(associate(t), model=model).read_model()


def oper_type() -> bytes:
    origin = mms.type_structure({"orCat": mms.type_integer(8), "orIdent": mms.type_octets(-64)})
    return mms.type_structure({
        "ctlVal": mms.TYPE_BOOLEAN, "origin": origin, "ctlNum": mms.type_unsigned(8), "T": mms.TYPE_UTC_TIME,
        "Test": mms.TYPE_BOOLEAN, "Check": mms.type_bits(-2)})


# --- operate-without-select, select-expired ---
@hit("operate-without-select")
def refused_not_selected(t: Trace) -> None:
    """A select-first object is operated without a select: AddCause object-not-selected."""
    c = control(t)
    c.new_sequence()
    c.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("operate-without-select", "without-cause")
def refused_without_cause(t: Trace) -> None:
    """A select-first object of normal security is operated without a select; the refusal has no LastApplError."""
    c = control(t, SELECT)
    c.new_sequence()
    c.operate(ON, DENIED)
    c.association.release()


@hit("operate-without-select", "accepted")
def accepted_not_selected(t: Trace) -> None:
    """A select-first object is operated without a select, and the server accepts it."""
    c = control(t, SELECT)
    c.new_sequence()
    c.operate(ON)
    c.association.release()


@hit("operate-without-select", "model-not-known")
def refused_model_unknown(t: Trace) -> None:
    """ctlModel was never read; Operate without a select is refused: object-not-selected."""
    c = Control(associate(t), model=SELECT_ENHANCED)
    c.new_sequence()
    c.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("operate-without-select", "after-refused-select", must_not=["control-rejected"])
def refused_after_refused_select(t: Trace) -> None:
    """The select is refused by interlocking, and the client sends Operate all the same."""
    c = control(t)
    c.select_with_value(ON, DENIED, BLOCKED_BY_INTERLOCKING)
    c.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("operate-without-select", "used-up", must_not=["select-expired"])
def refused_used_up(t: Trace) -> None:
    """One select, two operates 70 s apart: the first used the selection up."""
    c = control(t, SELECT)
    c.select()
    c.operate(ON)
    t.wait(70)
    c.operate(OFF, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("operate-without-select", "selected-by-other-client")
def refused_other_selected(t: Trace) -> None:
    """Client A has the object selected; client B operates it without a select."""
    first = control(t)
    first.select_with_value(ON)
    second = Control(associate(t, 50001), model=SELECT_ENHANCED)
    second.originator = b"LOCAL"
    second.new_sequence()
    second.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    first.operate(ON)
    first.terminate()
    first.association.release()
    second.association.release()


@miss("operate-without-select")
@miss("control-unterminated", "normal-security")
def direct(t: Trace) -> None:
    """A direct control of normal security is operated twice; no select, no CommandTermination."""
    c = control(t, DIRECT)
    c.operate(ON)
    c.operate(OFF)
    c.association.trace.wait(12)
    c.association.read_status()
    c.association.release()


@miss("operate-without-select", "before-capture")
def selected_before_capture(t: Trace) -> None:
    """The capture starts between the select and the operate."""
    c = control(t)
    c.select_with_value(ON)
    t.wait(0.5)
    t.frames.clear()
    c.operate(ON)
    c.terminate()
    c.association.release()


@miss("operate-without-select", "operate-many")
def operate_many(t: Trace) -> None:
    """sboClass is operate-many: one select, then two operates."""
    c = control(t, SELECT)
    c.read_class(many=True)
    c.select()
    c.operate(ON)
    t.wait(1)
    c.operate(ON)
    c.association.release()


@hit("select-expired")
@scenario("select-expired", must={"select-expired": 1}, must_not=["control-rejected", "operate-without-select"])
def expired(t: Trace) -> None:
    """sboTimeout is 30 s; the operate comes 35 s after its select and is refused: object-not-selected."""
    c = control(t)
    c.read_timeout(30000)
    c.select_with_value(ON)
    t.wait(35)
    c.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("select-expired", "timeout-not-known")
def expired_unknown(t: Trace) -> None:
    """sboTimeout was not read; the operate comes 35 s after its select and is refused: object-not-selected."""
    c = control(t)
    c.select_with_value(ON)
    t.wait(35)
    c.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("select-expired", "used-up", must_not=["operate-without-select"])
def expired_used_up(t: Trace) -> None:
    """One select, two operates 5 s apart: the first used the selection up."""
    c = control(t, SELECT)
    c.select()
    c.operate(ON)
    t.wait(5)
    c.operate(OFF, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("select-expired", "dropped")
def dropped_in_time(t: Trace) -> None:
    """sboTimeout is 30 s; an operate 5 s after its select is refused all the same: object-not-selected."""
    c = control(t)
    c.read_timeout(30000)
    c.select_with_value(ON)
    t.wait(5)
    c.operate(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("select-expired", "without-cause")
def expired_bare(t: Trace) -> None:
    """sboTimeout, read with ctlModel in one Read, is 30 s; an operate 35 s after is refused without a cause."""
    c = Control(associate(t), model=SELECT)
    name = f"{c.node}$CF${c.object}$"
    c.association.read([name + "ctlModel", name + "sboTimeout"], data.integer(SELECT), data.unsigned(30000))
    c.select()
    t.wait(35)
    c.operate(ON, DENIED)
    c.association.release()


@miss("select-expired")
def in_time(t: Trace) -> None:
    """sboTimeout is 30 s; the operate comes 20 s after its select."""
    c = control(t)
    c.read_timeout(30000)
    c.select_with_value(ON)
    t.wait(20)
    c.operate(ON)
    c.terminate()
    c.association.release()


@miss("select-expired", "long-timeout")
def long_timeout(t: Trace) -> None:
    """sboTimeout is 60 s; the operate comes 45 s after its select and is accepted."""
    c = control(t)
    c.read_timeout(60000)
    c.select_with_value(ON)
    t.wait(45)
    c.operate(ON)
    c.terminate()
    c.association.release()


# --- control-rejected ---
@hit("control-rejected", "select-empty")
@scenario("select-refused-by-empty-reference", must={"control-rejected": 1}, must_not=["read-failed"])
def select_empty(t: Trace) -> None:
    """Select of normal security is refused by an empty reference in a positive answer."""
    c = control(t, SELECT)
    c.select(reference="")
    c.association.release()


@hit("control-rejected", "select-error", must_not=["read-failed"])
def select_error(t: Trace) -> None:
    """Select of normal security is refused by object-access-denied in the answer to the read."""
    c = control(t, SELECT)
    c.select(failure=DENIED)
    c.association.release()


@hit("control-rejected", "sbow")
def select_with_value_refused(t: Trace) -> None:
    """SelectWithValue is refused: LastApplError with object-already-selected, then temporarily-unavailable."""
    c = control(t)
    c.select_with_value(ON, BUSY, ALREADY_SELECTED)
    c.association.release()


@hit("control-rejected", "operate", must_not=["write-failed"])
@scenario("control-refused-with-cause", must={"control-rejected": 1}, must_not=["write-failed"])
def operate_refused(t: Trace) -> None:
    """Selected, then Operate is refused: LastApplError with blocked-by-interlocking, then access denied."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON, DENIED, BLOCKED_BY_INTERLOCKING)
    c.association.release()


@hit("control-rejected", "operate-without-cause", must_not=["write-failed"])
@scenario("control-refused-without-cause", must={"control-rejected": 1}, must_not=["write-failed"])
def operate_refused_bare(t: Trace) -> None:
    """A direct control is refused without a LastApplError."""
    c = control(t, DIRECT)
    c.operate(ON, DENIED)
    c.association.release()


@hit("control-rejected", "wrong-type", may=["control-mismatch"], must_not=["write-failed"])
@scenario("control-of-wrong-type", must={"control-rejected": 1}, may=["control-mismatch"])
def wrong_type(t: Trace) -> None:
    """ctlVal of a direct control is an integer instead of a boolean: type-inconsistent, no LastApplError."""
    c = control(t, DIRECT)
    c.operate(data.integer(1), data.TYPE_INCONSISTENT)
    c.association.release()


@hit("control-rejected", "test")
@scenario("control-with-test-flag", must={"control-rejected": 1})
def test_refused(t: Trace) -> None:
    """Operate with Test true, while the node is not in test mode: blocked-by-mode."""
    c = control(t, DIRECT)
    c.test = True
    c.operate(ON, DENIED, BLOCKED_BY_MODE)
    c.association.release()


@hit("control-rejected", "cancel")
def cancel_refused(t: Trace) -> None:
    """Cancel of something that is not selected is refused: object-not-selected."""
    c = control(t)
    c.new_sequence()
    c.cancel(ON, DENIED, OBJECT_NOT_SELECTED)
    c.association.release()


@hit("control-rejected", "originator-too-long", must_not=["write-failed"])
def originator_too_long(t: Trace) -> None:
    """orIdent has 70 octets; the server answers object-value-invalid."""
    c = control(t, DIRECT)
    c.originator = b"SCADA " * 11 + b"SCAD"
    c.operate(ON, data.OBJECT_VALUE_INVALID)
    c.association.release()


@miss("control-rejected", "originator-of-64-octets")
def longest_originator(t: Trace) -> None:
    """orIdent has 64 octets, the most that its type allows."""
    c = control(t, DIRECT)
    c.originator = b"SCADA AB" * 8
    c.operate(ON)
    c.association.release()


@hit("control-rejected", "members-out-of-order", must_not=["write-failed"])
def members_out_of_order(t: Trace) -> None:
    """The origin comes before ctlVal: type-inconsistent."""
    c = control(t, DIRECT)
    c.new_sequence()
    time = data.utc_time(c.time, c.client_clock)
    c.write("Oper", data.structure(c.origin(), data.unsigned(1), time, data.boolean(False), data.bits("00"), ON),
            data.TYPE_INCONSISTENT)
    c.association.release()


def write_apart(c: Control, result: int | None) -> None:
    c.new_sequence()
    members = {"ctlVal": ON, "origin$orCat": data.integer(c.category), "origin$orIdent": data.octets(c.originator),
               "ctlNum": data.unsigned(c.ctl_num), "T": data.utc_time(c.time, c.client_clock),
               "Test": data.boolean(False), "Check": data.bits("00")}
    names = [c.name(f"Oper${member}") for member in members]
    c.association.request(mms.write_request(names, list(members.values())))
    c.association.respond(mms.write_response([result] * len(names)))


@hit("control-rejected", "member-by-member", must_not=["write-failed"])
def refused_apart(t: Trace) -> None:
    """Oper is written member by member in one Write; all seven are refused: one command."""
    c = control(t, DIRECT)
    write_apart(c, DENIED)
    c.association.release()


@hit("control-rejected", "member-by-member-unselected", must_not=["write-failed", "operate-without-select"])
def refused_apart_unselected(t: Trace) -> None:
    """The same on an object that wants a select, without one: which of the two was refused is not told."""
    c = control(t, SELECT)
    write_apart(c, DENIED)
    c.association.release()


@miss("control-rejected", "member-by-member")
def accepted_apart(t: Trace) -> None:
    """Oper is written member by member in one Write, and accepted."""
    c = control(t, DIRECT)
    write_apart(c, OK)
    c.association.release()


@hit("control-rejected", "selected-by-other-client")
def selected_by_other(t: Trace) -> None:
    """Client A has selected the object; a select of client B is refused: locked-by-other-client."""
    first = control(t)
    first.select_with_value(ON)
    second = Control(associate(t, 50001), model=SELECT_ENHANCED)
    second.originator = b"LOCAL"
    second.select_with_value(ON, DENIED, LOCKED_BY_OTHER_CLIENT)
    first.operate(ON)
    first.terminate()
    first.association.release()
    second.association.release()


@hit("control-rejected", "selected-by-client-that-left")
def selected_by_client_that_left(t: Trace) -> None:
    """Client A has selected the object and disconnects; client B is refused: locked-by-other-client."""
    first = control(t)
    first.select_with_value(ON)
    first.association.release()
    t.wait(1)
    second = Control(associate(t, 50001), model=SELECT_ENHANCED)
    second.originator = b"LOCAL"
    second.select_with_value(ON, DENIED, LOCKED_BY_OTHER_CLIENT)
    second.association.release()


@hit("control-rejected", "cancel-without-cause")
def cancel_refused_bare(t: Trace) -> None:
    """Cancel of something that is not selected is refused without a cause."""
    c = control(t)
    c.new_sequence()
    c.cancel(ON, DENIED)
    c.association.release()


@hit("control-rejected", "cancel-of-operated")
def cancel_of_operated_refused(t: Trace) -> None:
    """A direct control of normal security was accepted; 2 s later its Cancel is refused."""
    c = control(t, DIRECT)
    c.operate(ON)
    t.wait(2)
    c.cancel(ON, DENIED)
    c.association.release()


@hit("control-rejected", "long-after-select")
def refused_late(t: Trace) -> None:
    """Operate 3 s after its select is refused without a cause; sboTimeout is not known."""
    c = control(t, SELECT)
    c.select()
    t.wait(3)
    c.operate(ON, DENIED)
    c.association.release()


@hit("control-rejected", "cancel-of-selected")
def cancel_of_selected_refused(t: Trace) -> None:
    """A selected object is cancelled, and the Cancel refused: it stays selected."""
    c = control(t)
    c.select_with_value(ON)
    c.cancel(ON, DENIED)
    c.association.release()


@hit("control-rejected", "cancel-of-executing")
def cancel_of_executing_refused(t: Trace) -> None:
    """A command is executed and cancelled, and the Cancel refused: it goes on, and ends well."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    c.cancel(ON, DENIED)
    c.terminate()
    c.association.release()


@hit("control-rejected", "model-without-sbow")
def no_sbow(t: Trace) -> None:
    """ctlModel is direct with normal security; the client sends SBOw: object-non-existent."""
    c = control(t, DIRECT)
    c.select_with_value(ON, data.OBJECT_NON_EXISTENT)
    c.association.release()


@hit("control-rejected", "near-name", must_not=["write-failed"])
def name_misspelt(t: Trace) -> None:
    """Operate of SPCS01, which is not there; the server described Oper of SPCSO1 (letter O)."""
    a = associate(t)
    a.ask(mms.get_variable_access_attributes_request("IED1CTRL/GGIO1$CO$SPCSO1"),
          mms.get_variable_access_attributes_response(mms.type_structure({"Oper": oper_type()})))
    c = Control(a, "IED1CTRL/GGIO1", "SPCS01", DIRECT)
    c.operate(ON, data.OBJECT_NON_EXISTENT)
    a.release()


@hit("control-rejected", "request-not-captured")
def only_error(t: Trace) -> None:
    """The capture starts behind an SBOw: only its LastApplError and later reads are there."""
    c = control(t)
    c.new_sequence()
    t.frames.clear()
    error = mms.variables(["LastApplError"])
    c.association.pdu("server", mms.information_report(error, [c.last_appl_error("SBOw", BLOCKED_BY_MODE)]))
    t.wait(1)
    c.association.read_status()
    c.association.release()


@hit("control-rejected", "members-in-several-writes", must_not=["write-failed"])
def refused_in_parts(t: Trace) -> None:
    """ctlVal, an orIdent of 91 octets and ctlNum are written in a Write each; the second is refused."""
    c = control(t, DIRECT)
    c.association.write(c.name("Oper$ctlVal"), ON)
    c.association.write(c.name("Oper$origin$orIdent"), data.octets(b"SCADA A" * 13), data.OBJECT_VALUE_INVALID)
    c.association.release()


@hit("control-mismatch", "refused-without-cause", must_not=["control-rejected"])
def mismatch_refused_bare(t: Trace) -> None:
    """Selected with true, operated with false; refused without a LastApplError."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(OFF, DENIED)
    c.association.release()


@hit("control-mismatch", "refused-with-cause-unknown", must_not=["control-rejected"])
def mismatch_refused_unknown(t: Trace) -> None:
    """ctlNum is one higher in the operate than in its select; refused with AddCause unknown."""
    c = control(t)
    c.select_with_value(ON)
    c.ctl_num += 1
    c.operate(ON, DENIED, 0)
    c.association.release()


def operate_at(c: Control, ahead: float) -> None:
    """TimeActivatedOperate: the members of Oper with operTm behind ctlVal."""
    c.new_sequence()
    later = data.utc_time(c.association.trace.now / 1e9 + ahead)
    time = data.utc_time(c.time, c.client_clock)
    c.operated = data.structure(ON, later, c.origin(), data.unsigned(c.ctl_num), time, data.boolean(False),
                                data.bits("00"))
    c.write("Oper", c.operated)


def watch(c: Control, times: int) -> None:
    for _ in range(times):
        c.association.trace.wait(2)
        c.association.read_status()


@hit("control-unterminated", "time-activated")
def never_done(t: Trace) -> None:
    """operTm is 6 s ahead; 12 s after it no CommandTermination has come."""
    c = control(t, DIRECT_ENHANCED)
    operate_at(c, 6)
    watch(c, 9)
    c.association.release()


@miss("control-unterminated", "time-activated")
def not_yet_due(t: Trace) -> None:
    """operTm is 15 s ahead; the association ends 5 s after it."""
    c = control(t, DIRECT_ENHANCED)
    operate_at(c, 15)
    watch(c, 10)
    c.association.release()


@miss("control-rejected")
def all_models(t: Trace) -> None:
    """All four control models on four objects, each operated with success."""
    a = associate(t)
    for model in (DIRECT, SELECT, DIRECT_ENHANCED, SELECT_ENHANCED):
        c = Control(a, "IED1CTRL/GGIO1", f"SPCSO{model}", model).read_model()
        if model == SELECT:
            c.select()
        elif model == SELECT_ENHANCED:
            c.select_with_value(ON)
        c.operate(ON)
        if model in (DIRECT_ENHANCED, SELECT_ENHANCED):
            c.terminate()
    a.release()


@miss("control-rejected", "cancel")
@scenario("control-cancelled", must_not=CONTROL_RULES)
def cancelled(t: Trace) -> None:
    """Selected and cancelled by the operator: both accepted."""
    c = control(t)
    c.select_with_value(ON)
    t.wait(2)
    c.cancel(ON)
    c.association.release()


@miss("control-rejected", "test")
def test_accepted(t: Trace) -> None:
    """Operate with Test true is accepted, because the node is in test mode."""
    c = control(t, DIRECT)
    c.association.read("IED1CTRL/LLN0$ST$Beh", data.status(data.integer(3), t.server_time))
    c.test = True
    c.operate(ON)
    c.association.release()


# --- control-terminated, control-unterminated ---
@hit("control-terminated")
@scenario("control-negative-termination", must={"control-terminated": 1},
          must_not=["control-rejected", "control-unterminated"])
def negative_termination(t: Trace) -> None:
    """Selected, operated and accepted; 2 s later CommandTermination- with time-limit-over."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    c.terminate(after=2, add_cause=TIME_LIMIT_OVER)
    c.association.release()


@miss("control-terminated")
@miss("control-mismatch")
def positive_termination(t: Trace) -> None:
    """Selected, operated and accepted; 0.4 s later CommandTermination+."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    c.terminate()
    c.association.release()


@miss("control-terminated", "before-response")
def termination_first(t: Trace) -> None:
    """CommandTermination+ is sent before the write response of the operate."""
    c = control(t, DIRECT_ENHANCED)
    c.new_sequence()
    c.operated = c.parameters(ON)
    c.association.request(mms.write_request([c.name("Oper")], [c.operated]))
    c.terminate(after=0.003)
    c.association.respond(mms.write_response([None]), after=0.001)
    c.association.release()


@hit("control-unterminated")
def no_termination(t: Trace) -> None:
    """Enhanced security: operated and accepted, but no CommandTermination comes in 14 s."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    for _ in range(7):
        t.wait(2)
        c.association.read_status()
    c.association.release()


@hit("control-unterminated", "late")
def termination_too_late(t: Trace) -> None:
    """Enhanced security: CommandTermination+ comes after 13 s."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    watch(c, 6)
    c.terminate(after=1)
    c.association.release()


@miss("control-unterminated")
def termination_late(t: Trace) -> None:
    """Enhanced security: CommandTermination+ comes after 9 s."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    c.terminate(after=9)
    c.association.release()


@miss("control-unterminated", "capture-end")
def capture_ends_before(t: Trace) -> None:
    """Enhanced security: the capture ends 3 s after the operate."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    t.wait(3)
    c.association.read_status()


# --- control-mismatch ---
@hit("control-mismatch")
def other_value(t: Trace) -> None:
    """Selected with true, operated with false; a lenient server accepts it."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(OFF)
    c.terminate()
    c.association.release()


@hit("control-mismatch", "refused-with-cause", must_not=["control-rejected"])
@scenario("control-differs-from-select", must={"control-mismatch|control-rejected": 1}, must_not=["write-failed"])
def other_value_refused(t: Trace) -> None:
    """Selected with true, operated with false; the server refuses: inconsistent-parameters."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(OFF, DENIED, INCONSISTENT)
    c.association.release()


@hit("control-mismatch", "ctlnum")
def other_number(t: Trace) -> None:
    """ctlNum is one higher in the operate than in its select."""
    c = control(t)
    c.select_with_value(ON)
    c.ctl_num += 1
    c.operate(ON)
    c.terminate()
    c.association.release()


@hit("control-mismatch", "origin")
def other_origin(t: Trace) -> None:
    """orCat is station-control in the select and remote-control in the operate."""
    c = control(t)
    c.select_with_value(ON)
    c.category = 3
    c.operate(ON)
    c.terminate()
    c.association.release()


@hit("control-mismatch", "type")
def type_differs(t: Trace) -> None:
    """The type of Oper was read, ctlVal is a boolean; the operate has an integer, which the server accepts."""
    c = control(t, DIRECT)
    c.association.ask(mms.get_variable_access_attributes_request(c.name("Oper")),
                      mms.get_variable_access_attributes_response(oper_type()))
    c.operate(data.integer(1))
    c.association.release()


@miss("control-mismatch", "new-sequence")
def next_sequence(t: Trace) -> None:
    """Select and cancel with true; then select and operate with false and the next ctlNum."""
    c = control(t)
    c.select_with_value(ON)
    c.cancel(ON)
    c.select_with_value(OFF)
    c.operate(OFF)
    c.terminate()
    c.association.release()


# --- control-no-feedback ---
def read_position(c: Control, value: bytes) -> None:
    c.association.read(f"{c.node}$ST${c.object}$stVal", value)


@hit("control-no-feedback")
def never_moved(t: Trace) -> None:
    """Carried out, as its CommandTermination says; stVal is off before and 5 s after it."""
    c = control(t)
    read_position(c, data.dbpos("off"))
    c.select_with_value(ON)
    c.operate(ON)
    c.terminate()
    t.wait(5)
    read_position(c, data.dbpos("off"))
    c.association.release()


@hit("control-no-feedback", "normal-security")
def never_moved_normal(t: Trace) -> None:
    """Accepted, without a termination; stVal is still off 12 s later."""
    c = control(t, DIRECT)
    c.operate(ON)
    t.wait(12)
    read_position(c, OFF)
    c.association.release()


@hit("control-no-feedback", "seen-by-other-client")
def never_moved_elsewhere(t: Trace) -> None:
    """Client A commands, client B reads the position: it is still off 12 s later."""
    c = control(t, DIRECT)
    other = Control(associate(t, 50001), model=DIRECT)
    read_position(other, OFF)
    c.operate(ON)
    t.wait(12)
    read_position(other, OFF)
    c.association.release()
    other.association.release()


@miss("control-no-feedback", "moved-for-other-client")
def moved_elsewhere(t: Trace) -> None:
    """Client A commands and polls nothing for 12 s; client B sees the switch move."""
    c = control(t, DIRECT)
    other = Control(associate(t, 50001), model=DIRECT)
    c.operate(ON)
    t.wait(4)
    read_position(other, ON)
    t.wait(12)
    read_position(c, ON)
    c.association.release()
    other.association.release()


@miss("control-no-feedback")
def moved(t: Trace) -> None:
    """Carried out; stVal is off at once and on 5 s later."""
    c = control(t)
    c.select_with_value(ON)
    c.operate(ON)
    c.terminate()
    read_position(c, data.dbpos("off"))
    t.wait(5)
    read_position(c, data.dbpos("on"))
    c.association.release()


@miss("control-no-feedback", "too-soon")
def read_too_soon(t: Trace) -> None:
    """Accepted, without a termination; stVal is read 3 s later, and the switch may be on its way."""
    c = control(t, DIRECT)
    c.operate(ON)
    t.wait(3)
    read_position(c, data.dbpos("off"))
    c.association.release()


@miss("control-no-feedback", "test")
def test_does_not_move(t: Trace) -> None:
    """A command with Test: nothing moves, as it should be."""
    c = control(t, DIRECT)
    c.test = True
    c.operate(ON)
    t.wait(12)
    read_position(c, data.dbpos("off"))
    c.association.release()


@miss("control-no-feedback", "other-client")
def commanded_back(t: Trace) -> None:
    """Another client commands it back before the position is read."""
    c = control(t, DIRECT)
    other = Control(associate(t, 50001), model=DIRECT)
    c.operate(ON)
    other.operate(OFF)
    t.wait(12)
    read_position(c, data.dbpos("off"))
    c.association.release()
    other.association.release()
