// Rules about commands: select, operate, cancel and their termination.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

// Of every finding about one command.
constexpr EvidenceKey kCommand[] = {
    discriminating("add_cause", EvidenceType::integer, "number of the AddCause"),
    {"add_cause_name", EvidenceType::text, "its name in IEC 61850-7-2"},
    discriminating("error", EvidenceType::text, "DataAccessError, or what else was answered"),
    {"control_error", EvidenceType::text, "error of LastApplError"},
    {"select_refused", EvidenceType::text, "how its select was refused before"},
    {"ctl_model", EvidenceType::text, "ctlModel of the object, where the capture tells"},
    {"ctl_val", EvidenceType::text, "the value of the command"},
    {"origin", EvidenceType::text, "orCat and orIdent"},
    {"ctl_num", EvidenceType::integer, "ctlNum"},
    {"test", EvidenceType::flag, "the command had the test flag"},
    {"response_ms", EvidenceType::number, "from the request to its answer, in milliseconds"},
};
constexpr auto kOperateWithoutSelect = joined(
    {
        discriminating("answer", EvidenceType::text, "refused or accepted"),
        {"selected_by", EvidenceType::text, "the other client that had the object selected"},
        {"selected_by_stream", EvidenceType::integer, "its stream"},
    },
    kCommand);
constexpr auto kSelectExpired = joined(
    {
        {"seconds_since_select", EvidenceType::number, "from the answer to the select to Operate"},
        {"sbo_timeout_s", EvidenceType::number, "sboTimeout, where the capture tells"},
        discriminating_here("selection_ended_by", EvidenceType::text,
                            "what had ended the selection"),
    },
    kCommand);
constexpr auto kControlRejected = joined(
    {
        discriminating("service", EvidenceType::text,
                       "Select, SelectWithValue, Operate, TimeActivatedOperate or Cancel"),
        discriminating_here("type_sent", EvidenceType::text, "type of the ctlVal that was sent"),
        discriminating_here("type_of_object", EvidenceType::text,
                            "type of ctlVal in the model of the server"),
        discriminating_here("parameter_fault", EvidenceType::text,
                            "the parameter that does not fit its type"),
        {"type_frame", EvidenceType::integer, "frame in which the server described that type"},
        {"seconds_since_select", EvidenceType::number, "from the answer to the select to Operate"},
        {"sbo_timeout_s", EvidenceType::number, "sboTimeout, where the capture tells"},
        {"selected_by", EvidenceType::text, "the other client that had the object selected"},
        {"selected_by_stream", EvidenceType::integer, "its stream"},
        {"near_miss", EvidenceType::text, "the most similar name that the server has"},
        {"components", EvidenceType::text,
         "what the structure has, where the component is unknown"},
        {"logical_devices", EvidenceType::text,
         "those of the server, where it has none of this name"},
    },
    kCommand);
constexpr auto kControlTerminated = joined(
    {
        {"seconds_to_termination", EvidenceType::number, "from Operate to CommandTermination"},
        {"differs_from_select", EvidenceType::text,
         "parameters in which Operate differs from its select"},
    },
    kCommand);
constexpr auto kControlUnterminated = joined(
    {
        discriminating("termination", EvidenceType::text, "never or late"),
        {"seconds_watched", EvidenceType::number, "since Operate was accepted"},
        {"limit_s", EvidenceType::number, "--command-timeout"},
        {"oper_tm_in_s", EvidenceType::number, "from Operate to its operTm"},
    },
    kCommand);
constexpr EvidenceKey kControlNoFeedback[] = {
    {"ctl_val", EvidenceType::text, "the value of the command"},
    {"st_val", EvidenceType::text, "stVal as last told"},
    discriminating("terminated", EvidenceType::flag,
                   "a CommandTermination said that it was carried out"),
    {"seconds_watched", EvidenceType::number, "since Operate"},
};
constexpr auto kControlMismatch = joined(
    {
        discriminating("answer", EvidenceType::text, "refused or accepted"),
        discriminating("differs", EvidenceType::text,
                       "parameters in which Operate differs from its select"),
        {"selected", EvidenceType::text, "their values in the select"},
        {"operated", EvidenceType::text, "their values in Operate"},
        discriminating_here("type_sent", EvidenceType::text, "type of the ctlVal that was sent"),
        discriminating_here("type_of_object", EvidenceType::text,
                            "type of ctlVal in the model of the server"),
    },
    kCommand);

constexpr Rule kRules[] = {
    {
        .id = "operate-without-select",
        .severity = Severity::error,
        .title = "Operate on an object that was not selected",
        .raised_when = "Operate was refused with the cause object-not-selected, or was sent to a "
                       "select-first object without any select before it.",
        .not_when = "Direct control, which needs no select, and a select that was made before the "
                    "capture or lies in a hole of it.",
        .cause = "The client uses direct control where the IED wants select before operate, or its "
                 "select was refused and it went on.",
        .next_step = "Compare the control model: ctlModel in the IED (read IED/LN$CF$DO$ctlModel) "
                     "and in the client must be the same. 2 and 4 need a select, 1 and 3 do not.",
        .reference = "IEC 61850-7-2 clause 20 (control), AddCause object-not-selected",
        .party = Party::client,
        .evidence = kOperateWithoutSelect,
    },
    {
        .id = "select-expired",
        .severity = Severity::error,
        .title = "Operate came too long after its select",
        .raised_when = "An object was selected, but Operate came so late, or after something else "
                       "had ended the selection, that the IED refused it.",
        .not_when =
            "Operate without any select before it (operate-without-select), and direct control.",
        .cause =
            "The operator waited longer than the IED keeps a selection (sboTimeout, often 30 s), "
            "or the selection ended with a Cancel, a lost connection or a refused Operate.",
        .next_step =
            "Compare the time between select and operate in the finding with sboTimeout (read "
            "IED/LN$CF$DO$sboTimeout). Operate sooner, or raise sboTimeout in the IED.",
        .reference = "IEC 61850-7-2 clause 20 (select before operate, sboTimeout)",
        .party = Party::client,
        .evidence = kSelectExpired,
    },
    {
        .id = "control-rejected",
        .severity = Severity::error,
        .title = "A control command was refused",
        .raised_when = "The IED refused a Select, SelectWithValue, Operate or Cancel. The finding "
                       "gives the cause (AddCause) in words, and all frames of the command.",
        .not_when =
            "A command that was accepted and failed later (control-terminated), and the more "
            "specific cases operate-without-select, select-expired and control-mismatch.",
        .cause = "Mostly a block that works as intended: local mode, interlocking, synchrocheck, "
                 "another command running, or a mode other than on. Otherwise a missing right or a "
                 "wrong control model.",
        .next_step = "Read the cause. blocked-by-switching-hierarchy: set local/remote to remote. "
                     "blocked-by-interlocking or -synchrocheck: check the conditions in the bay. "
                     "blocked-by-mode: check Mod and the Test flag. No cause given: check access "
                     "rights and ctlModel.",
        .reference = "IEC 61850-7-2 clause 20 (AddCause), IEC 61850-8-1 clause 20 (LastApplError)",
        .party = Party::client,
        .evidence = kControlRejected,
    },
    {
        .id = "control-terminated",
        .severity = Severity::error,
        .title = "A command failed while it was carried out",
        .raised_when = "The IED accepted an Operate and later sent a negative CommandTermination: "
                       "the command failed in execution. The finding gives the cause (AddCause).",
        .not_when =
            "Commands that were refused at once (control-rejected), and positive terminations.",
        .cause =
            "The switch did not reach its position in time (time-limit-over, invalid-position), or "
            "it was stopped by a trip, a cancel or interlocking during the movement.",
        .next_step = "Go to the primary equipment: spring charged, SF6 pressure, motor supply, "
                     "auxiliary contacts. Compare the operating time limit in the IED with the "
                     "real time of the switch. The communication did its part.",
        .reference = "IEC 61850-7-2 clause 20 (CommandTermination, AddCause)",
        .party = Party::server,
        .evidence = kControlTerminated,
    },
    {
        .id = "control-unterminated",
        .severity = Severity::warning,
        .title = "The end of a command was never reported",
        .raised_when = "An Operate on an object with enhanced security was accepted, and no "
                       "CommandTermination came within --command-timeout (10 s).",
        .not_when = "Direct or normal security, which has no termination, an unknown control "
                    "model, and captures or associations that end before.",
        .cause = "The switch takes longer than the time allowed here, or the IED does not send the "
                 "termination because of its configuration or a fault.",
        .next_step = "See in the reports whether the switch moved and how long it took. Slower "
                     "than 10 s: use --command-timeout. Moved in time: the IED fails to send the "
                     "termination, tell its vendor.",
        .reference = "IEC 61850-7-2 clause 20 (enhanced security, CommandTermination)",
        .party = Party::server,
        .evidence = kControlUnterminated,
    },
    {
        .id = "control-mismatch",
        .severity = Severity::warning,
        .title = "Operate differs from its select",
        .raised_when = "An Operate differs from the SelectWithValue before it in value, origin, "
                       "control number, or its value has another type than the object has.",
        .not_when =
            "The same content in both, and a different Check or Test where the IED accepts it.",
        .cause = "The client fills in the second message anew instead of repeating the first: a "
                 "new number, another originator.",
        .next_step = "If the IED accepted the command, only note it: T is allowed to differ in "
                     "most products. If it refused with inconsistent-parameters, the client must "
                     "send the same values in both messages.",
        .reference =
            "IEC 61850-7-2 clause 20 (SelectWithValue, Operate), AddCause inconsistent-parameters",
        .party = Party::client,
        .evidence = kControlMismatch,
    },
    {
        .id = "control-no-feedback",
        .severity = Severity::warning,
        .title = "The position never followed a command",
        .raised_when = "An Operate was accepted (with enhanced security terminated positively), "
                       "and reports or reads of stVal afterwards never told the position that it "
                       "asked for.",
        .not_when = "Nobody told stVal afterwards, commands with Test, a capture that ends too "
                    "soon or lost octets, and a later command of the same object.",
        .cause = "The output or the drive did not act, or the position contact is not connected. "
                 "A pulse output never shows the position that was asked for.",
        .next_step = "Look at the switch. It moved: check the position contacts and their data "
                     "object. It did not: check output, blocking and drive supply.",
        .reference = "IEC 61850-7-2 clause 20 (enhanced security), IEC 61850-7-3 clause 7.5",
        .evidence = kControlNoFeedback,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> control_rules() { return kRules; }

}  // namespace mmsa::analysis
