#include "output/meaning_json.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "iec61850/control.h"
#include "iec61850/file_view.h"
#include "iec61850/member_names.h"
#include "iec61850/names.h"
#include "iec61850/rcb.h"
#include "output/iec_json.h"
#include "output/node_json.h"

namespace mmsa::output {
namespace {

using iec61850::Acsi;
using iec61850::ControlKind;
using iec61850::ControlView;
using iec61850::ReportHeader;

std::string_view problem_name(iec61850::ReportProblem problem) {
  constexpr std::string_view kNames[] = {"", "wrong-type", "no-inclusion", "too-few-values",
                                         "too-many-values"};
  return kNames[static_cast<std::size_t>(problem)];
}

void write_header(JsonWriter& json, const ReportHeader& header) {
  json.key("rpt_id");
  json.string(header.rpt_id);
  json.key("opt_flds");
  write_bit_names(json, header.opt_flds, iec61850::opt_fld_names());
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
    json.plain_string(problem_name(header.problem));
    if (*header.problem_item != '\0') {
      json.key("problem_at");
      json.plain_string(header.problem_item);
    }
  }
}

// Whether an identification is text, as most are, and no binary address.
bool is_text(Bytes octets) {
  for (const std::uint8_t octet : octets) {
    if (octet < 0x20 || octet >= 0x7F) return false;
  }
  return true;
}

// A code with its name, as far as it has one.
void write_coded(JsonWriter& json, const char* key, std::int64_t code, std::string_view name) {
  json.key(key);
  json.begin_object();
  json.key("code");
  json.number(code);
  if (!name.empty()) {
    json.key("name");
    json.plain_string(name);
  }
  json.end_object();
}

void write_origin(JsonWriter& json, const std::optional<std::int64_t>& or_cat, Bytes or_ident) {
  if (!or_cat) return;
  json.key("origin");
  json.begin_object();
  write_coded(json, "or_cat", *or_cat, iec61850::or_cat_name(*or_cat));
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

void write_control_result(JsonWriter& json, const ControlView& control) {
  if (control.access_error) write_access_error(json, *control.access_error);
  if (!control.error) return;
  const iec61850::LastApplError& error = *control.error;
  write_coded(json, "appl_error", error.error, iec61850::control_error_name(error.error));
  write_coded(json, "add_cause", error.add_cause, iec61850::add_cause_name(error.add_cause));
  // Those of a termination stand in the Oper that comes with it.
  if (control.kind != ControlKind::last_appl_error) return;
  write_origin(json, error.or_cat, error.or_ident);
  if (error.ctl_num) {
    json.key("ctl_num");
    json.number(*error.ctl_num);
  }
}

bool is_file(Acsi acsi) {
  return acsi == Acsi::GetFile || acsi == Acsi::SetFile || acsi == Acsi::DeleteFile ||
         acsi == Acsi::GetFileAttributeValues;
}

// The attributes of a block by number, from the items of a message that are about it.
using RcbNodes = std::array<asn1::NodeRef, iec61850::kRcbAttributes>;

struct BlockKey {
  const char* name;
  DataType type;
  DataType also;  // that some servers use
};
// In the order of RcbAttribute.
constexpr BlockKey kRcbKeys[] = {
    {"rpt_id", DataType::visible_string, DataType::mms_string},
    {"rpt_ena", DataType::boolean, DataType::boolean},
    {"resv", DataType::boolean, DataType::boolean},
    {"dat_set", DataType::visible_string, DataType::mms_string},
    {"conf_rev", DataType::unsigned_integer, DataType::integer},
    {"opt_flds", DataType::bit_string, DataType::bit_string},
    {"buf_tm", DataType::unsigned_integer, DataType::integer},
    {"sq_num", DataType::unsigned_integer, DataType::integer},
    {"trg_ops", DataType::bit_string, DataType::bit_string},
    {"intg_pd", DataType::unsigned_integer, DataType::integer},
    {"gi", DataType::boolean, DataType::boolean},
    {"purge_buf", DataType::boolean, DataType::boolean},
    {"entry_id", DataType::octet_string, DataType::octet_string},
    {"time_of_entry", DataType::binary_time, DataType::binary_time},
    {"resv_tms", DataType::integer, DataType::unsigned_integer},
    {"owner", DataType::octet_string, DataType::octet_string},
};
static_assert(std::size(kRcbKeys) == iec61850::kRcbAttributes);

struct SgcbKey {
  std::string_view attribute;
  const char* name;
  DataType type;
  DataType also;
};
constexpr SgcbKey kSgcbKeys[] = {
    {"NumOfSG", "num_of_sg", DataType::unsigned_integer, DataType::integer},
    {"ActSG", "act_sg", DataType::unsigned_integer, DataType::integer},
    {"EditSG", "edit_sg", DataType::unsigned_integer, DataType::integer},
    {"CnfEdit", "cnf_edit", DataType::boolean, DataType::boolean},
    {"LActTm", "l_act_tm", DataType::utc_time, DataType::utc_time},
    {"ResvTms", "resv_tms", DataType::unsigned_integer, DataType::integer},
};

// A value of another type than its attribute has stands in the items only.
template <typename Key>
bool has_type_of(const Key& key, asn1::NodeRef node) {
  if (!node || node.node().role() != asn1::Role::data) return false;
  const DataType type = data_type(node.node());
  return type == key.type || type == key.also;
}

void write_attribute(JsonWriter& json, const char* key, asn1::NodeRef node) {
  json.key(key);
  write_plain_value(json, node);
}

void write_bits_attribute(JsonWriter& json, const char* key, asn1::NodeRef node,
                          std::span<const std::string_view> names) {
  json.key(key);
  write_bit_names(json, iec61850::low_bits(BitString(node.bytes())), names);
}

void write_block_name(JsonWriter& json, std::string_view domain, std::string_view block) {
  std::string ref(domain);
  if (!ref.empty()) ref += '/';
  ref += block;
  json.key("ref");
  json.string(ref);
}

void collect(const iec61850::Item& item, const iec61850::RcbItem& rcb, RcbNodes& nodes) {
  if (!item.value || item.error) return;
  if (rcb.attribute != iec61850::RcbAttribute::none) {
    nodes[static_cast<std::size_t>(rcb.attribute)] = item.value;
  } else if (rcb.whole) {
    nodes = iec61850::read_rcb(item.value, rcb.buffered).values;
  }
}

bool is_rcb(Acsi acsi) {
  return acsi == Acsi::GetBRCBValues || acsi == Acsi::SetBRCBValues ||
         acsi == Acsi::GetURCBValues || acsi == Acsi::SetURCBValues;
}

bool is_sgcb(Acsi acsi) {
  return acsi == Acsi::GetSGCBValues || acsi == Acsi::SelectActiveSG ||
         acsi == Acsi::SelectEditSG || acsi == Acsi::ConfirmEditSGValues;
}

void write_sgcb_attribute(JsonWriter& json, std::string_view attribute, asn1::NodeRef node) {
  for (const SgcbKey& key : kSgcbKeys) {
    if (key.attribute != attribute || !has_type_of(key, node)) continue;
    write_attribute(json, key.name, node);
  }
}

}  // namespace

void write_report(JsonWriter& json, const iec61850::Exchange& exchange) {
  const ReportHeader* header = exchange.report_header();
  if (header == nullptr) return;
  json.key("report");
  json.begin_object();
  write_header(json, *header);
  json.end_object();
}

void write_control(JsonWriter& json, const iec61850::Exchange& exchange) {
  if (!iec61850::is_control(exchange.acsi()) || exchange.control() == nullptr) return;
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
  write_parameters(json, control);
  write_control_result(json, control);
  json.end_object();
}

// The block that the first item is about, with its attributes by name.
void write_rcb(JsonWriter& json, const iec61850::Exchange& exchange) {
  if (!is_rcb(exchange.acsi())) return;
  RcbNodes nodes;
  std::string_view domain;
  std::optional<iec61850::RcbItem> first;
  for (const iec61850::Item& item : exchange.items()) {
    const ObjectName name = item.name();
    const auto rcb = iec61850::rcb_item(name.item);
    if (!rcb) continue;
    if (!first) {
      first = rcb;
      domain = name.domain;
    }
    if (rcb->block == first->block && name.domain == domain) collect(item, *rcb, nodes);
  }
  if (!first) return;
  json.key("rcb");
  json.begin_object();
  write_block_name(json, domain, first->block);
  json.key("buffered");
  json.boolean(first->buffered);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const BlockKey& key = kRcbKeys[i];
    if (!has_type_of(key, nodes[i])) continue;
    if (i == static_cast<std::size_t>(iec61850::RcbAttribute::OptFlds)) {
      write_bits_attribute(json, key.name, nodes[i], iec61850::opt_fld_names());
    } else if (i == static_cast<std::size_t>(iec61850::RcbAttribute::TrgOps)) {
      write_bits_attribute(json, key.name, nodes[i], iec61850::trg_op_names());
    } else {
      write_attribute(json, key.name, nodes[i]);
    }
  }
  json.end_object();
}

// The setting group control block that the first item is about, whole or an attribute of it.
void write_setting_group(JsonWriter& json, const iec61850::Exchange& exchange) {
  if (!is_sgcb(exchange.acsi()) || exchange.items().empty()) return;
  const iec61850::Item& item = exchange.items().front();
  const ObjectName name = item.name();
  const iec61850::Reference reference = iec61850::parse_reference(name);
  if (reference.fc != iec61850::Fc::SP || reference.data_object() != "SGCB") return;
  json.key("setting_group");
  json.begin_object();
  const bool whole = iec61850::is_data_object(reference);
  const std::size_t attribute = whole ? 0 : reference.last().size() + 1;
  write_block_name(json, name.domain, name.item.substr(0, name.item.size() - attribute));
  if (item.value && !item.error) {
    if (!whole) {
      write_sgcb_attribute(json, reference.last(), item.value);
    } else if (data_type(item.value.node()) == DataType::structure) {
      std::size_t count = 0;
      const asn1::NodeRef block = item.value;
      for (asn1::NodeRef m = block.first_child(); m; m = m.next_sibling(block)) ++count;
      const auto names = iec61850::standard_members(reference, count);
      std::size_t i = 0;
      for (asn1::NodeRef m = block.first_child(); m && i < names.size(); ++i) {
        write_sgcb_attribute(json, names[i], m);
        m = m.next_sibling(block);
      }
    }
  }
  json.end_object();
}

void write_file(JsonWriter& json, const iec61850::Exchange& exchange) {
  if (!is_file(exchange.acsi()) || exchange.file() == nullptr) return;
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

}  // namespace mmsa::output
