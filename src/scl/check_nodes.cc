// Logical nodes: data sets and their members, control blocks and their clients, instance values.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "iec61850/near_name.h"
#include "mmsanalyze/limits.h"
#include "scl/check.h"

namespace mmsa::scl {
namespace {

using iec61850::Fc;

std::optional<std::uint32_t> limit_of(const Ied& ied, Text service, Text name) {
  for (const Service& declared : ied.services) {
    const Text text = declared.name == service ? declared.limit(name) : Text();
    std::uint32_t value = 0;
    if (!text.empty() &&
        std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc()) {
      return value;
    }
  }
  return std::nullopt;
}

// The nodes of one IED.
class NodeCheck {
 public:
  NodeCheck(const Checked& checked, const Ied& ied)
      : checked_(checked), problems_(checked.problems), ied_(ied) {}

  void run() {
    for (const AccessPoint& access_point : ied_.access_points) {
      for (const LogicalDevice& device : access_point.devices) {
        for (const LogicalNode& node : device.nodes) check(device, node);
      }
      for (const LogicalNode& node : access_point.client_nodes) check_type(node, node_where(node));
    }
    check_limit("ConfDataSet", "max", data_sets_, "data sets", ied_.line, "");
    // Whether max counts instances is read differently; without them it is exceeded in any case.
    check_limit("ConfReportControl", "max", blocks_, "report control blocks", ied_.line, "");
  }

 private:
  using Lines = std::unordered_map<Text, Line>;

  bool cut() const { return checked_.document.cut_at != 0; }

  std::string node_where(const LogicalNode& node) const {
    return fmt::format("{} {}", ied_.name, node.name);
  }

  void check(const LogicalDevice& device, const LogicalNode& node) {
    const std::string where = fmt::format("{}/{}", device.domain, node.name);
    check_type(node, where);
    check_data_sets(device, node, where);
    for (const ReportControl& control : node.reports) check_report(node, control, where);
    tell_duplicates(node.reports, "a ReportControl", where);
    check_blocks(node, node.gooses, "a GSEControl", "$GO$", where);
    check_blocks(node, node.sampled_values, "a SampledValueControl", "$MS$", where);
    check_blocks(node, node.log_controls, "a LogControl", "$LG$", where);
    if (node.setting_control && node.setting_control->active > node.setting_control->groups) {
      problems_.add(ProblemKind::limit_exceeded, node.setting_control->line, where,
                    fmt::format("actSG is {}, and there are {} setting groups",
                                node.setting_control->active, node.setting_control->groups));
    }
    check_values(node, where);
  }

  void check_type(const LogicalNode& node, const std::string& where) {
    if (cut() || !checked_.document.templates.present) return;
    const StructType* const type = checked_.types.node_type(node.type);
    if (type == nullptr) {
      problems_.add_once(ProblemKind::type_missing, fmt::format("LNodeType {}", node.type),
                         node.line, where,
                         fmt::format("LNodeType {} does not exist", quoted(node.type)));
    } else if (!type->ln_class.empty() && type->ln_class != node.ln_class) {
      problems_.add(ProblemKind::node_class_differs, node.line, where,
                    fmt::format("lnClass is {}, that of its LNodeType {} is {}",
                                quoted(node.ln_class), quoted(node.type), quoted(type->ln_class)),
                    type->line);
    }
  }

  // --- data sets ---

  void check_data_sets(const LogicalDevice& device, const LogicalNode& node,
                       const std::string& where) {
    data_set_lines_ = tell_duplicates(node.data_sets, "a data set", where);
    for (const DataSet& set : node.data_sets) {
      ++data_sets_;
      const std::string name = fmt::format("{}${}", where, set.name);
      if (set.members.empty() && !cut()) {
        problems_.add(ProblemKind::data_set_empty, set.line, name, "has no members");
      }
      check_limit("ConfDataSet", "maxAttributes", set.members.size(), "members", set.line, name);
      for (const Fcda& member : set.members) check_member(device, set, member, name);
    }
  }

  void check_member(const LogicalDevice& home, const DataSet& set, const Fcda& member,
                    const std::string& where) {
    const std::string why = why_unknown(home, member);
    if (why.empty()) return;
    problems_.add(
        ProblemKind::member_unknown, member.line, where,
        fmt::format("member {}, {}: {}", &member - set.members.data() + 1,
                    member_reference(checked_.lookup, checked_.types, ied_, home, member), why));
  }

  // Empty where all that the member names exists, or where that can not be told.
  std::string why_unknown(const LogicalDevice& home, const Fcda& member) const {
    if (iec61850::fc_from(member.fc) == Fc::none) {
      return fmt::format("fc {} is no functional constraint", quoted(member.fc));
    }
    const LogicalDevice* const device =
        member.ld_inst.empty() ? &home : checked_.lookup.device(ied_, member.ld_inst);
    if (device == nullptr) {
      return cut() ? "" : fmt::format("there is no logical device {}", quoted(member.ld_inst));
    }
    const LogicalNode* const node =
        checked_.lookup.node(*device, node_name(member.prefix, member.ln_class, member.ln_inst));
    if (node == nullptr) return cut() ? "" : "there is no such logical node";
    const StructType* const type = checked_.types.node_type(node->type);
    if (type == nullptr || cut() || member.do_name.empty()) return "";
    return why_unknown(*type, member);
  }

  std::string why_unknown(const StructType& type, const Fcda& member) const {
    const PathEnd object = checked_.types.follow(type, member.do_name);
    const PathEnd end = checked_.types.follow(object, member.da_name);
    const Fc fc = iec61850::fc_from(member.fc);
    if (end.state == PathEnd::State::undefined) return "";
    if (end.state == PathEnd::State::unknown) {
      return fmt::format("type {} has no {}{}", quoted(end.in->id), quoted(end.name),
                         near(*end.in, end.name));
    }
    if (member.da_name.empty()) {
      const bool has = end.member->kind == TypeMember::Kind::attribute
                           ? same_constraint(end.fc, fc)
                           : checked_.types.may_have(*end.member, fc);
      return has ? "" : fmt::format("it has no attribute with FC {}", member.fc);
    }
    if (end.fc == Fc::none || same_constraint(end.fc, fc)) return "";
    return fmt::format("its FC is {}", iec61850::fc_name(end.fc));
  }

  // A setting is declared under one of SG and SE and has both.
  static bool same_constraint(Fc a, Fc b) {
    const auto is_group = [](Fc fc) { return fc == Fc::SG || fc == Fc::SE; };
    return a == b || (is_group(a) && is_group(b));
  }

  // --- control blocks ---

  void check_report(const LogicalNode& node, const ReportControl& control,
                    const std::string& where) {
    const std::string name =
        fmt::format("{}{}{}", where, control.buffered ? "$BR$" : "$RP$", control.name);
    ++blocks_;
    check_data_set_of(node, control.dat_set, control.line, name);
    if (control.indexed && control.max > ReportControl::kMaxIndex) {
      problems_.add(ProblemKind::limit_exceeded, control.line, name,
                    fmt::format("max is {}, instances are numbered 01 to {}", control.max,
                                ReportControl::kMaxIndex));
    }
    if (control.clients.size() > control.instances()) {
      problems_.add(ProblemKind::clients_exceed_instances, control.line, name,
                    fmt::format("{} clients, {} {}", control.clients.size(), control.instances(),
                                control.instances() == 1 ? "instance" : "instances"));
    }
    for (const ClientLn& client : control.clients) check_client(client, name);
  }

  void check_client(const ClientLn& client, const std::string& where) {
    if (cut()) return;
    const Ied* const ied = checked_.lookup.ied(client.ied_name);
    const std::string why = ied == nullptr ? why_unknown_ied(client) : why_unknown(*ied, client);
    if (why.empty()) return;
    const std::string ln = node_name(client.prefix, client.ln_class, client.ln_inst);
    problems_.add_once(
        ProblemKind::client_unknown,
        fmt::format("{}\n{}\n{}\n{}", client.ied_name, client.ap_ref, client.ld_inst, ln),
        client.line, where,
        fmt::format("ClientLN {}{}{}: {}", client.ied_name, ln.empty() ? "" : " ", ln, why));
  }

  // A file of one IED does not describe its clients.
  std::string why_unknown_ied(const ClientLn& client) const {
    if (checked_.document.ieds.size() <= 1) return "";
    return fmt::format("there is no IED {}", quoted(client.ied_name));
  }

  std::string why_unknown(const Ied& ied, const ClientLn& client) const {
    if (!client.ap_ref.empty() && checked_.lookup.access_point(ied, client.ap_ref) == nullptr) {
      return fmt::format("the IED has no access point {}", quoted(client.ap_ref));
    }
    const std::string name = node_name(client.prefix, client.ln_class, client.ln_inst);
    const LogicalDevice* const device = checked_.lookup.device(ied, client.ld_inst);
    const LogicalNode* const node =
        device == nullptr ? checked_.lookup.node(ied, name) : checked_.lookup.node(*device, name);
    // Many clients are described by their name and address only.
    return node != nullptr || has_no_nodes(ied) ? "" : "the IED has no such logical node";
  }

  static bool has_no_nodes(const Ied& ied) {
    return std::all_of(ied.access_points.begin(), ied.access_points.end(),
                       [](const AccessPoint& access_point) {
                         return access_point.client_nodes.empty() && access_point.devices.empty();
                       });
  }

  template <typename T>
  void check_blocks(const LogicalNode& node, const std::vector<T>& controls, const char* what,
                    const char* constraint, const std::string& where) {
    tell_duplicates(controls, what, where);
    for (const T& control : controls) {
      check_data_set_of(node, control.dat_set, control.line,
                        fmt::format("{}{}{}", where, constraint, control.name));
    }
  }

  void check_data_set_of(const LogicalNode& node, Text name, Line line, const std::string& where) {
    if (name.empty() || cut() || data_set_lines_.contains(name)) return;
    problems_.add(ProblemKind::data_set_missing, line, where,
                  fmt::format("datSet {}: {} has no data set of this name{}", quoted(name),
                              node.name, near(node.data_sets, name)));
  }

  // --- instance values ---

  void check_values(const LogicalNode& node, const std::string& where) {
    const StructType* const type = checked_.types.node_type(node.type);
    if (type == nullptr || cut()) return;
    const auto end = static_cast<std::uint32_t>(node.instances.size());
    for (std::uint32_t at = 0; at < end; at = node.instances[at].end) {
      check_value(node, at, checked_.types.follow(*type, ""), where);
    }
  }

  // Recursion is as deep as the reader lets SDI nest.
  void check_value(const LogicalNode& node, std::uint32_t index, const PathEnd& above,
                   const std::string& where) {
    const InstanceNode& value = node.instances[index];
    if (value.kind == InstanceNode::Kind::value) {
      check_literal(value, above, where);
      return;
    }
    const PathEnd at = checked_.types.follow(above, value.name);
    if (at.state == PathEnd::State::unknown) {
      problems_.add(ProblemKind::value_unknown, value.line, where,
                    fmt::format("a value for {}, which type {} does not have{}", quoted(value.name),
                                quoted(at.in->id), near(*at.in, value.name)));
    }
    if (at.state != PathEnd::State::found) return;
    for (std::uint32_t below = index + 1; below < value.end; below = node.instances[below].end) {
      check_value(node, below, at, where);
    }
  }

  void check_literal(const InstanceNode& value, const PathEnd& at, const std::string& where) {
    if (at.member == nullptr || at.member->basic_type != "Enum" || value.name.empty()) return;
    const EnumType* const type = checked_.types.enum_type(at.member->type);
    if (type == nullptr || has_literal(*type, value.name)) return;
    problems_.add(ProblemKind::value_not_in_enum, value.line, where,
                  fmt::format("{} of {} is no literal of EnumType {}", quoted(value.name),
                              quoted(at.member->name), quoted(type->id)));
  }

  // --- what several of them need ---

  void check_limit(Text service, Text name, std::size_t is, const char* what, Line line,
                   std::string where) {
    const auto limit = limit_of(ied_, service, name);
    if (!limit || is <= *limit) return;
    if (where.empty()) where = ied_.name;
    problems_.add(
        ProblemKind::limit_exceeded, line, std::move(where),
        fmt::format("{} {}, and Services declares {} {}=\"{}\"", is, what, service, name, *limit));
  }

  // Returns where each name is.
  template <typename T>
  Lines tell_duplicates(const std::vector<T>& items, const char* what, const std::string& where) {
    Lines lines;
    for (const T& item : items) {
      const auto [found, first] = lines.try_emplace(item.name, item.line);
      if (first) continue;
      problems_.add(ProblemKind::duplicate_name, item.line, where,
                    fmt::format("{} {} is there already", what, quoted(item.name)), found->second);
    }
    return lines;
  }

  std::string near(const StructType& type, Text name) const { return near(type.members, name); }

  // " (\"dsA\" is there)" where an item is called nearly so.
  template <typename T>
  std::string near(const std::vector<T>& items, Text name) const {
    constexpr std::size_t kMostEdits = 2;
    const T* best = nullptr;
    std::size_t edits = kMostEdits + 1;
    if (name.size() > limits::kMaxReference) return "";
    for (const T& item : items) {
      if (edits == 0 || checked_.near_work > limits::kMaxNearestWork) break;
      if (item.name.size() > limits::kMaxReference) continue;
      const std::size_t found =
          iec61850::edit_distance(item.name, name, edits - 1, checked_.near_work);
      if (found >= edits) continue;
      edits = found;
      best = &item;
    }
    return best == nullptr ? "" : fmt::format(" ({} is there)", quoted(best->name));
  }

  const Checked& checked_;
  Problems& problems_;
  const Ied& ied_;
  Lines data_set_lines_;  // of the node that is looked at, by name
  std::size_t data_sets_ = 0;
  std::size_t blocks_ = 0;
};

}  // namespace

void check_nodes(const Checked& checked) {
  const Document& document = checked.document;
  if (!document.templates.present && document.cut_at == 0 && !document.ieds.empty()) {
    checked.problems.add(ProblemKind::templates_missing, 1, "",
                         "no DataTypeTemplates: what the data objects are made of is not told");
  }
  for (const Ied& ied : document.ieds) NodeCheck(checked, ied).run();
}

}  // namespace mmsa::scl
