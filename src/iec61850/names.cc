#include "iec61850/names.h"

#include <span>

#include "text/text.h"

namespace mmsa::iec61850 {
namespace {

using Names = std::span<const std::string_view>;

// `names[0]` is the name of `first`.
std::string_view name_of(Names names, std::int64_t code, std::int64_t first = 0) {
  if (code < first || code - first >= static_cast<std::int64_t>(names.size())) return {};
  return names[static_cast<std::size_t>(code - first)];
}

constexpr std::string_view kAddCauses[] = {
    "unknown",
    "not-supported",
    "blocked-by-switching-hierarchy",
    "select-failed",
    "invalid-position",
    "position-reached",
    "parameter-change-in-execution",
    "step-limit",
    "blocked-by-mode",
    "blocked-by-process",
    "blocked-by-interlocking",
    "blocked-by-synchrocheck",
    "command-already-in-execution",
    "blocked-by-health",
    "1-of-n-control",
    "abortion-by-cancel",
    "time-limit-over",
    "abortion-by-trip",
    "object-not-selected",
    "object-already-selected",
    "no-access-authority",
    "ended-with-overshoot",
    "abortion-due-to-deviation",
    "abortion-by-communication-loss",
    "blocked-by-command",
    "none",
    "inconsistent-parameters",
    "locked-by-other-client",
};
constexpr std::string_view kControlErrors[] = {"no-error", "unknown", "timeout-test-not-ok",
                                               "operator-test-not-ok"};
constexpr std::string_view kOrCats[] = {"not-supported",    "bay-control",   "station-control",
                                        "remote-control",   "automatic-bay", "automatic-station",
                                        "automatic-remote", "maintenance",   "process"};
constexpr std::string_view kCtlModels[] = {
    "status-only", "direct-with-normal-security", "sbo-with-normal-security",
    "direct-with-enhanced-security", "sbo-with-enhanced-security"};
constexpr std::string_view kSboClasses[] = {"operate-once", "operate-many"};
constexpr std::string_view kBehaviours[] = {"on", "blocked", "test", "test/blocked", "off"};
constexpr std::string_view kHealths[] = {"Ok", "Warning", "Alarm"};
constexpr std::string_view kDirections[] = {"unknown", "forward", "backward", "both"};

constexpr std::string_view kServiceTypes[] = {
    "Unknown",
    "Associate",
    "Abort",
    "Release",
    "GetServerDirectory",
    "GetLogicalDeviceDirectory",
    "GetAllDataValues",
    "GetDataValues",
    "SetDataValues",
    "GetDataDirectory",
    "GetDataDefinition",
    "GetDataSetValues",
    "SetDataSetValues",
    "CreateDataSet",
    "DeleteDataSet",
    "GetDataSetDirectory",
    "SelectActiveSG",
    "SelectEditSG",
    "SetEditSGValue",
    "ConfirmEditSGValues",
    "GetEditSGValue",
    "GetSGCBValues",
    "Report",
    "GetBRCBValues",
    "SetBRCBValues",
    "GetURCBValues",
    "SetURCBValues",
    "GetLCBValues",
    "SetLCBValues",
    "QueryLogByTime",
    "QueryLogAfter",
    "GetLogStatusValues",
    "SendGOOSEMessage",
    "GetGoCBValues",
    "SetGoCBValues",
    "GetGoReference",
    "GetGOOSEElementNumber",
    "SendMSVMessage",
    "GetMSVCBValues",
    "SetMSVCBValues",
    "SendUSVMessage",
    "GetUSVCBValues",
    "SetUSVCBValues",
    "Select",
    "SelectWithValue",
    "Cancel",
    "Operate",
    "CommandTermination",
    "TimeActivatedOperate",
    "GetFile",
    "SetFile",
    "DeleteFile",
    "GetFileAttributeValues",
    "TimeSynchronisation",
    "InternalChange",
};
constexpr std::string_view kTrackingErrors[] = {
    "no-error",
    "instance-not-available",
    "instance-in-use",
    "access-violation",
    "access-not-allowed-in-current-state",
    "parameter-value-inappropriate",
    "parameter-value-inconsistent",
    "class-not-supported",
    "instance-locked-by-other-client",
    "control-must-be-selected",
    "type-conflict",
    "failed-due-to-communications-constraint",
    "failed-due-to-server-constraint",
};

constexpr std::string_view kValidities[] = {"good", "invalid", "reserved", "questionable"};
constexpr std::string_view kQualityDetails[] = {
    "overflow",     "outOfRange", "badReference", "oscillatory", "failure",        "oldData",
    "inconsistent", "inaccurate", "substituted",  "test",        "operatorBlocked"};
constexpr std::string_view kDbpos[] = {"intermediate-state", "off", "on", "bad-state"};

// The names of bits 0, 1, ...
constexpr std::string_view kOptFlds[] = {
    "reserved",      "sequence-number", "report-time-stamp", "reason-for-inclusion",
    "data-set-name", "data-reference",  "buffer-overflow",   "entryID",
    "conf-revision", "segmentation"};
constexpr std::string_view kTrgOps[] = {"reserved",    "data-change", "quality-change",
                                        "data-update", "integrity",   "general-interrogation"};
constexpr std::string_view kReasons[] = {
    "reserved",  "data-change",           "quality-change",     "data-update",
    "integrity", "general-interrogation", "application-trigger"};
constexpr std::string_view kChecks[] = {"synchrocheck", "interlock-check"};

// No bit-string of the standard that has named bits is longer.
constexpr std::size_t kMaxNamedBits = 32;

void append_bits(std::string& out, const BitString& bits, Names names) {
  bool any = false;
  for (std::size_t i = 0; i < bits.size() && i < kMaxNamedBits; ++i) {
    if (!bits[i]) continue;
    if (any) out.push_back(',');
    any = true;
    if (i < names.size()) {
      out += names[i];
    } else {
      out += "bit ";
      text::append_number(out, std::uint64_t{i});
    }
  }
  if (!any) out += "none";
}

}  // namespace

std::string_view add_cause_name(std::int64_t code) { return name_of(kAddCauses, code); }
std::string_view control_error_name(std::int64_t code) { return name_of(kControlErrors, code); }
std::string_view or_cat_name(std::int64_t code) { return name_of(kOrCats, code); }
std::string_view ctl_model_name(std::int64_t code) { return name_of(kCtlModels, code); }
std::string_view sbo_class_name(std::int64_t code) { return name_of(kSboClasses, code); }
std::string_view behaviour_name(std::int64_t code) { return name_of(kBehaviours, code, 1); }
std::string_view health_name(std::int64_t code) { return name_of(kHealths, code, 1); }
std::string_view direction_name(std::int64_t code) { return name_of(kDirections, code); }
std::string_view service_type_name(std::int64_t code) { return name_of(kServiceTypes, code); }
std::string_view tracking_error_name(std::int64_t code) { return name_of(kTrackingErrors, code); }

Quality::Quality(const BitString& bits) {
  for (std::size_t i = 0; i < kBits; ++i) bits_[i] = bits[i];
}

std::string_view validity_name(Quality::Validity validity) {
  return kValidities[static_cast<std::size_t>(validity)];
}

std::span<const std::string_view> quality_detail_names() {
  constexpr std::size_t kDetails = 8;  // the rest are source, test and operatorBlocked
  return Names(kQualityDetails).first(kDetails);
}

void append_quality(std::string& out, const BitString& bits) {
  out += validity_name(Quality(bits).validity());
  for (std::size_t i = 0; i < std::size(kQualityDetails); ++i) {
    if (!bits[i + 2]) continue;
    out.push_back(' ');
    out += kQualityDetails[i];
  }
}

std::string_view dbpos_name(const BitString& bits) {
  return kDbpos[(bits[0] ? 2u : 0u) + (bits[1] ? 1u : 0u)];
}

std::string access_error_name(std::int64_t code) {
  const std::string_view name = data_access_error_name(code);
  return name.empty() ? "error " + std::to_string(code) : std::string(name);
}

std::span<const std::string_view> opt_fld_names() { return kOptFlds; }
std::span<const std::string_view> reason_names() { return kReasons; }
std::span<const std::string_view> trg_op_names() { return kTrgOps; }
std::span<const std::string_view> check_names() { return kChecks; }

void append_opt_flds(std::string& out, const BitString& bits) { append_bits(out, bits, kOptFlds); }
void append_trg_ops(std::string& out, const BitString& bits) { append_bits(out, bits, kTrgOps); }
void append_reason_code(std::string& out, const BitString& bits) {
  append_bits(out, bits, kReasons);
}
void append_check(std::string& out, const BitString& bits) { append_bits(out, bits, kChecks); }

}  // namespace mmsa::iec61850
