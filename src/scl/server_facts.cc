#include "scl/server_facts.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "iec61850/names.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/limits.h"

namespace mmsa::scl {
namespace {

using iec61850::Fc;
using iec61850::FcSet;
using iec61850::ServerModel;
using iec61850::Source;
using iec61850::TypeNode;

// --- types: IEC 61850-8-1 clause 8.1.2 ---

struct BasicType {
  Text name;
  DataType type;
  std::int32_t size;  // as TypeNode::size
};
constexpr BasicType kBasicTypes[] = {
    {"BOOLEAN", DataType::boolean, 0},
    {"INT8", DataType::integer, 8},
    {"INT16", DataType::integer, 16},
    {"INT24", DataType::integer, 32},
    {"INT32", DataType::integer, 32},
    {"INT64", DataType::integer, 64},
    {"INT128", DataType::integer, 128},
    {"INT8U", DataType::unsigned_integer, 8},
    {"INT16U", DataType::unsigned_integer, 16},
    {"INT24U", DataType::unsigned_integer, 32},
    {"INT32U", DataType::unsigned_integer, 32},
    {"INT64U", DataType::unsigned_integer, 64},
    {"FLOAT32", DataType::floating_point, 32},
    {"FLOAT64", DataType::floating_point, 64},
    {"Enum", DataType::integer, 8},
    {"Dbpos", DataType::bit_string, 2},
    {"Tcmd", DataType::bit_string, 2},
    {"Quality", DataType::bit_string, -13},
    {"Check", DataType::bit_string, -2},
    {"Timestamp", DataType::utc_time, 0},
    {"VisString32", DataType::visible_string, -32},
    {"VisString64", DataType::visible_string, -64},
    {"VisString65", DataType::visible_string, -65},
    {"VisString129", DataType::visible_string, -129},
    {"VisString255", DataType::visible_string, -255},
    {"ObjRef", DataType::visible_string, -129},
    {"Currency", DataType::visible_string, -3},
    {"Octet64", DataType::octet_string, -64},
    {"Octet16", DataType::octet_string, -16},
    {"Octet6", DataType::octet_string, -6},
    {"EntryID", DataType::octet_string, 8},
    {"EntryTime", DataType::binary_time, 0},
    {"Unicode255", DataType::mms_string, -255},
    {"TrgOps", DataType::bit_string, -6},
    {"OptFlds", DataType::bit_string, -10},
    {"SvOptFlds", DataType::bit_string, -5},
    {"LogOptFlds", DataType::bit_string, -1},
};

// The order of functional constraints within a logical node is the server's own.
constexpr Fc kConstraints[] = {Fc::MX, Fc::ST, Fc::CO, Fc::CF, Fc::DC, Fc::SP, Fc::SG,
                               Fc::SE, Fc::SV, Fc::EX, Fc::OR, Fc::BL, Fc::SR};

// Writes the nodes of one logical node's type, a constraint after the other.
class TypeWriter {
 public:
  explicit TypeWriter(const Types& types) : types_(types) {}

  std::vector<TypeNode> node(const StructType& type) {
    begin({}, DataType::structure);
    for (const Fc fc : kConstraints) {
      const std::size_t at = begin(iec61850::fc_name(fc), DataType::structure);
      const bool any = members(type, fc, 0);
      end(at, any);
    }
    end(0, true);
    return std::move(nodes_);
  }

 private:
  std::size_t begin(Text name, DataType type, std::int32_t size = 0) {
    nodes_.push_back({.name = name, .type = type, .size = size});
    return nodes_.size() - 1;
  }
  // Drops what was begun where there is nothing in it.
  bool end(std::size_t at, bool any) {
    if (!any) nodes_.resize(at);
    if (any) nodes_[at].count = static_cast<std::uint32_t>(nodes_.size() - at);
    return any;
  }
  // Types inside types can be made to multiply.
  bool full(int depth) const {
    return depth > limits::kMaxSclDepth || nodes_.size() > limits::kMaxTypeNodes;
  }

  // The members of a data object, or of a logical node, that have the constraint. Of attributes'
  // structures all: Fc::none.
  bool members(const StructType& type, Fc fc, int depth) {
    bool any = false;
    if (full(depth)) return any;
    for (const TypeMember& part : type.members) {
      const bool attribute = part.kind == TypeMember::Kind::attribute;
      if (attribute && fc != Fc::none && !has(part, fc)) continue;
      any = member(part, attribute ? Fc::none : fc, depth) || any;
    }
    return any;
  }
  // A setting is declared under one of SG and SE, and has both.
  static bool has(const TypeMember& part, Fc fc) {
    const Fc own = iec61850::fc_from(part.fc);
    return own == fc || (fc == Fc::SE && own == Fc::SG);
  }
  bool member(const TypeMember& part, Fc fc, int depth) {
    const bool is_array = !part.count.empty();
    std::int32_t elements = 0;  // not known where another attribute holds it
    std::from_chars(part.count.data(), part.count.data() + part.count.size(), elements);
    const std::size_t array = is_array ? begin(part.name, DataType::array, elements) : 0;
    const bool any = element(part, is_array ? Text() : part.name, fc, depth);
    return is_array ? end(array, any) : any;
  }
  bool element(const TypeMember& part, Text name, Fc fc, int depth) {
    const StructType* const below = types_.type_of(part);
    if (below != nullptr) {
      const std::size_t at = begin(name, DataType::structure);
      return end(at, members(*below, fc, depth + 1));
    }
    if (part.kind == TypeMember::Kind::data_object) return false;
    leaf(part, name);
    return true;
  }
  void leaf(const TypeMember& part, Text name) {
    TypeNode node{.name = name};
    for (const BasicType& basic : kBasicTypes) {
      if (basic.name != part.basic_type) continue;
      node.type = basic.type;
      node.size = basic.size;
    }
    if (part.basic_type == "Enum") {
      if (const EnumType* const type = types_.enum_type(part.type)) node.literals = type->values;
    }
    nodes_.push_back(node);
  }

  const Types& types_;
  std::vector<TypeNode> nodes_;
};

// --- control blocks ---

struct Bit {
  Text name;
  std::uint16_t bit;
};

constexpr Bit kOptFields[] = {{"seqNum", 1u << 1},    {"timeStamp", 1u << 2},
                              {"reasonCode", 1u << 3}, {"dataSet", 1u << 4},
                              {"dataRef", 1u << 5},    {"bufOvfl", 1u << 6},
                              {"entryID", 1u << 7},    {"configRef", 1u << 8},
                              {"segmentation", 1u << 9}};
constexpr Bit kTrgOps[] = {{"dchg", 1u << 1},
                           {"qchg", 1u << 2},
                           {"dupd", 1u << 3},
                           {"period", 1u << 4},
                           {"gi", 1u << 5}};

template <std::size_t N>
std::uint16_t bit_of(const Bit (&table)[N], Text name) {
  for (const Bit& row : table) {
    if (row.name == name) return row.bit;
  }
  return 0;
}

template <std::size_t N>
std::uint16_t bits_of(const Bit (&table)[N], const std::vector<Text>& names) {
  std::uint16_t bits = 0;
  for (const Text name : names) bits = static_cast<std::uint16_t>(bits | bit_of(table, name));
  return bits;
}

std::optional<std::int64_t> number_of(Text text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (text.empty() || result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

class Filler {
 public:
  Filler(const Reading& reading, const Ied& ied, ServerModel& model)
      : reading_(reading), ied_(ied), model_(model) {}

  void device(const LogicalDevice& device) {
    model_.put_domain(device.domain);
    for (const LogicalNode& node : device.nodes) {
      model_.put_name(device.domain, node.name);
      type(device, node);
      for (const DataSet& set : node.data_sets) data_set(device, node, set);
      for (const ReportControl& control : node.reports) report_control(device, node, control);
      controls(device, node);
    }
  }

 private:
  Source at(Line line) const { return {.file = reading_.document.path, .line = line}; }

  void type(const LogicalDevice& device, const LogicalNode& node) {
    const StructType* const type = reading_.types.node_type(node.type);
    if (type == nullptr) return;
    model_.put_type(device.domain, node.name, TypeWriter(reading_.types).node(*type),
                    at(type->line));
  }

  void data_set(const LogicalDevice& device, const LogicalNode& node, const DataSet& set) {
    iec61850::DataSet told{.members = {}, .source = at(set.line)};
    for (const Fcda& member : set.members) {
      told.members.push_back(
          member_reference(reading_.lookup, reading_.types, ied_, device, member));
    }
    const std::string item = fmt::format("{}${}", node.name, set.name);
    model_.put_data_set(
        {.scope = ObjectName::Scope::domain, .domain = device.domain, .item = item}, 0,
        std::move(told));
  }

  void report_control(const LogicalDevice& device, const LogicalNode& node,
                      const ReportControl& control) {
    const Source source = at(control.line);
    for (std::uint32_t number = 1; number <= control.instances(); ++number) {
      iec61850::BlockFacts* const block = model_.block_to_fill(
          fmt::format("{}${}${}", node_reference(device, node), control.buffered ? "BR" : "RP",
                      control.instance_name(number)),
          control.buffered);
      if (block == nullptr) return;
      block->rpt_id.set(std::string(control.rpt_id), source);
      block->dat_set.set(control.dat_set.empty()
                             ? std::string()
                             : fmt::format("{}${}", node_reference(device, node), control.dat_set),
                         source);
      if (const auto revision = number_of(control.conf_rev)) {
        block->conf_rev.set(static_cast<std::uint64_t>(*revision), source);
      }
      block->opt_flds.set(bits_of(kOptFields, control.opt_fields), source);
      block->trg_ops.set(bits_of(kTrgOps, control.trg_ops), source);
      block->buf_tm.set(control.buf_time, source);
      block->intg_pd.set(control.intg_pd, source);
    }
    model_.note_block_changed();
  }

  void controls(const LogicalDevice& device, const LogicalNode& node) {
    const std::size_t prefix = device.domain.size() + 1;
    for (const Control& control : controls_of(reading_.types, device, node)) {
      iec61850::ControlFacts* const facts =
          model_.control_to_fill(device.domain, Text(control.name).substr(prefix));
      if (facts == nullptr) return;
      const Source source = at(control.line);
      if (const auto code = ctl_model_code(control.model)) facts->ctl_model.set(*code, source);
      if (const auto ms = number_of(control.sbo_timeout)) facts->sbo_timeout.set(*ms, source);
    }
  }

  const Reading& reading_;
  const Ied& ied_;
  ServerModel& model_;
};

}  // namespace

std::uint16_t opt_fld_bit(Text name) { return bit_of(kOptFields, name); }
std::uint16_t trg_op_bit(Text name) { return bit_of(kTrgOps, name); }

std::optional<std::int64_t> ctl_model_code(Text name) {
  constexpr std::int64_t kModels = 5;
  for (std::int64_t code = 0; code < kModels; ++code) {
    if (iec61850::ctl_model_name(code) == name) return code;
  }
  const auto number = number_of(name);
  return number && *number >= 0 && *number < kModels ? number : std::nullopt;
}

void fill(const Reading& reading, const Ied& ied, const AccessPoint& access_point,
          iec61850::ServerModel& model) {
  Filler filler(reading, ied, model);
  for (const LogicalDevice& device : access_point.devices) filler.device(device);
}

}  // namespace mmsa::scl
