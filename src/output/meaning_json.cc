#include "output/meaning_json.h"

#include <span>
#include <string_view>

#include "iec61850/control.h"
#include "iec61850/file_view.h"
#include "iec61850/names.h"
#include "output/node_json.h"

namespace mmsa::output {
namespace {

using iec61850::Acsi;
using iec61850::ControlKind;
using iec61850::ControlView;
using iec61850::ReportHeader;

// The set bits by name; bit i is 1 << i.
void write_bits(JsonWriter& json, std::uint16_t bits, std::span<const std::string_view> names) {
  json.begin_array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((bits & 1u << i) != 0) json.plain_string(names[i]);
  }
  json.end_array();
}

void write_binary_time(JsonWriter& json, const BinaryTime& time) {
  if (time.has_date) {
    constexpr int kMilliseconds = 3;
    json.time(time.time(), kMilliseconds);
  } else {
    json.number(std::uint64_t{time.milliseconds});
  }
}

void write_header(JsonWriter& json, const ReportHeader& header) {
  json.key("rpt_id");
  json.string(header.rpt_id);
  json.key("opt_flds");
  write_bits(json, header.opt_flds, iec61850::opt_fld_names());
  const auto number = [&](const char* key, const std::optional<std::uint64_t>& value) {
    if (!value) return;
    json.key(key);
    json.number(*value);
  };
  const auto boolean = [&](const char* key, const std::optional<bool>& value) {
    if (!value) return;
    json.key(key);
    json.boolean(*value);
  };
  number("sq_num", header.sq_num);
  if (header.time_of_entry) {
    json.key("time_of_entry");
    write_binary_time(json, *header.time_of_entry);
  }
  if (header.dat_set) {
    json.key("dat_set");
    json.string(*header.dat_set);
  }
  boolean("buf_ovfl", header.buf_ovfl);
  if (header.entry_id) {
    json.key("entry_id");
    json.hex(*header.entry_id);
  }
  number("conf_rev", header.conf_rev);
  number("sub_sq_num", header.sub_sq_num);
  boolean("more_segments_follow", header.more_segments_follow);
  json.key("members");
  json.number(std::uint64_t{header.members});
  if (!header.consistent()) {
    json.key("problem");
    std::string text(header.problem_item);
    if (!text.empty()) text += ": ";
    text += iec61850::report_problem_text(header.problem);
    json.plain_string(text);
  }
}

// Whether an identification is text, as most are, and no binary address.
bool is_text(Bytes octets) {
  for (const std::uint8_t octet : octets) {
    if (octet < 0x20 || octet >= 0x7F) return false;
  }
  return true;
}

void write_origin(JsonWriter& json, const std::optional<std::int64_t>& or_cat, Bytes or_ident) {
  if (!or_cat) return;
  json.key("origin");
  json.begin_object();
  json.key("or_cat");
  const std::string_view name = iec61850::or_cat_name(*or_cat);
  if (name.empty()) {
    json.number(*or_cat);
  } else {
    json.plain_string(name);
  }
  json.key(is_text(or_ident) ? "or_ident" : "or_ident_hex");
  if (is_text(or_ident)) {
    json.string(as_text(or_ident));
  } else {
    json.hex(or_ident);
  }
  json.end_object();
}

void write_data_key(JsonWriter& json, const char* key, asn1::NodeRef value) {
  if (!value) return;
  json.key(key);
  write_data(json, value.tree(), value.index());
}

void write_parameters(JsonWriter& json, const ControlView& control) {
  const iec61850::ControlParameters& p = control.parameters;
  write_data_key(json, "ctl_val", p.ctl_val);
  write_data_key(json, "oper_tm", p.oper_tm);
  write_origin(json, p.or_cat, p.or_ident);
  if (p.ctl_num) {
    json.key("ctl_num");
    json.number(*p.ctl_num);
  }
  write_data_key(json, "t", p.t);
  if (p.test) {
    json.key("test");
    json.boolean(*p.test);
  }
  if (p.check) {
    json.key("check");
    json.begin_array();
    if (p.synchrocheck()) json.plain_string("synchrocheck");
    if (p.interlock_check()) json.plain_string("interlock-check");
    json.end_array();
  }
}

void write_named(JsonWriter& json, const char* key, std::int64_t code, std::string_view name) {
  json.key(key);
  if (name.empty()) {
    json.number(code);
  } else {
    json.plain_string(name);
  }
}

void write_control(JsonWriter& json, const iec61850::Exchange& exchange) {
  if (exchange.control() == nullptr) return;
  const ControlView& control = *exchange.control();
  json.key("control");
  json.begin_object();
  json.key("service");
  json.plain_string(iec61850::control_kind_name(control.kind));
  json.key("object");
  std::string object(control.domain);
  if (!object.empty()) object += '/';
  object += control.object;
  json.string(object);
  if (control.answer || control.kind == ControlKind::termination) {
    json.key("success");
    json.boolean(control.success);
  }
  write_parameters(json, control);
  if (control.access_error) {
    write_named(json, "access_error", *control.access_error,
                data_access_error_name(*control.access_error));
  }
  if (control.error) {
    const iec61850::LastApplError& error = *control.error;
    write_named(json, "error", error.error, iec61850::control_error_name(error.error));
    write_named(json, "add_cause", error.add_cause, iec61850::add_cause_name(error.add_cause));
    if (control.kind == ControlKind::last_appl_error) {
      write_origin(json, error.or_cat, error.or_ident);
      if (error.ctl_num) {
        json.key("ctl_num");
        json.number(*error.ctl_num);
      }
    }
  }
  json.end_object();
}

void write_file(JsonWriter& json, const iec61850::Exchange& exchange) {
  if (exchange.file() == nullptr) return;
  const iec61850::FileView& file = *exchange.file();
  json.key("file");
  json.begin_object();
  const auto name = [&](const char* key, asn1::NodeRef node) {
    if (!node) return;
    std::string text;
    iec61850::append_file_name(text, node);
    json.key(key);
    json.string(text);
  };
  const auto number = [&](const char* key, const std::optional<std::uint64_t>& value) {
    if (!value) return;
    json.key(key);
    json.number(*value);
  };
  name("name", file.name);
  name("second_name", file.second_name);
  if (file.frsm_id) {
    json.key("frsm_id");
    json.number(*file.frsm_id);
  }
  number("offset", file.position);
  number("size", file.size);
  number("octets", file.data_octets);
  if (file.more_follows) {
    json.key("more_follows");
    json.boolean(*file.more_follows);
  }
  json.end_object();
}

bool is_control(Acsi acsi) {
  return acsi == Acsi::Select || acsi == Acsi::SelectWithValue || acsi == Acsi::Operate ||
         acsi == Acsi::TimeActivatedOperate || acsi == Acsi::Cancel ||
         acsi == Acsi::CommandTermination || acsi == Acsi::LastApplError;
}

bool is_file(Acsi acsi) {
  return acsi == Acsi::GetFile || acsi == Acsi::SetFile || acsi == Acsi::DeleteFile ||
         acsi == Acsi::GetFileAttributeValues;
}

void write_report(JsonWriter& json, const iec61850::Exchange& exchange) {
  const ReportHeader* header = exchange.report_header();
  if (header == nullptr) return;
  json.key("report");
  json.begin_object();
  write_header(json, *header);
  json.key("entries");
  json.begin_array();
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    json.begin_object();
    json.key("member");
    json.number(std::uint64_t{entry.member});
    const std::string_view name = exchange.entry_name(entry);
    if (!name.empty()) {
      json.key("name");
      json.string(name);
    }
    write_data_key(json, "value", entry.value);
    if (entry.reason) {
      json.key("reason");
      write_bits(json, *entry.reason, iec61850::reason_names());
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

void write_meaning(JsonWriter& json, const iec61850::Exchange& exchange) {
  const Acsi acsi = exchange.acsi();
  if (acsi == Acsi::none) return;
  json.key("acsi");
  json.plain_string(iec61850::acsi_name(acsi));
  if (acsi == Acsi::Report) {
    write_report(json, exchange);
  } else if (is_control(acsi)) {
    write_control(json, exchange);
  } else if (is_file(acsi)) {
    write_file(json, exchange);
  }
}

}  // namespace mmsa::output
