// LN0 and LN (6, 9.3.6 ff.): data sets, control blocks, instance values.
#include "mmsanalyze/limits.h"
#include "scl/element_reader.h"

namespace mmsa::scl {
namespace {

using pugi::xml_node;

std::optional<InstanceNode::Kind> instance_kind(Text name) {
  if (name == "DOI") return InstanceNode::Kind::data_object;
  if (name == "SDI") return InstanceNode::Kind::sub_data;
  if (name == "DAI") return InstanceNode::Kind::attribute;
  if (name == "Val") return InstanceNode::Kind::value;
  return std::nullopt;
}

void read_instance(ElementReader& reader, xml_node element, InstanceNode::Kind kind,
                   std::vector<InstanceNode>& nodes, int depth) {
  if (depth > limits::kMaxSclDepth) return;
  InstanceNode* const node = reader.add(nodes, element);
  if (node == nullptr) return;
  const std::size_t index = nodes.size() - 1;
  const bool is_value = kind == InstanceNode::Kind::value;
  node->kind = kind;
  node->name = is_value ? Text(element.child_value()) : attribute(element, "name");
  node->ix = number(element, is_value ? "sGroup" : "ix");
  node->val_kind = attribute(element, "valKind");
  if (!is_value) {
    for (const xml_node child : element.children()) {
      if (const auto below = instance_kind(reader.name(child))) {
        read_instance(reader, child, *below, nodes, depth + 1);
      }
    }
  }
  nodes[index].end = static_cast<std::uint32_t>(nodes.size());
}

void read_data_set(ElementReader& reader, xml_node element, LogicalNode& node) {
  DataSet* const set = reader.add(node.data_sets, element);
  if (set == nullptr) return;
  set->name = attribute(element, "name");
  for (const xml_node child : element.children()) {
    if (reader.name(child) != "FCDA") continue;
    Fcda* const member = reader.add(set->members, child);
    if (member == nullptr) return;
    member->ld_inst = attribute(child, "ldInst");
    member->prefix = attribute(child, "prefix");
    member->ln_class = attribute(child, "lnClass");
    member->ln_inst = attribute(child, "lnInst");
    member->do_name = attribute(child, "doName");
    member->da_name = attribute(child, "daName");
    member->fc = attribute(child, "fc");
    member->ix = number(child, "ix");
  }
}

std::vector<Text> flags_set(xml_node element) {
  std::vector<Text> names;
  for (const pugi::xml_attribute attribute : element.attributes()) {
    const Text value = attribute.value();
    if (value == "true" || value == "1") names.emplace_back(attribute.name());
  }
  return names;
}

void read_clients(ElementReader& reader, xml_node enabled, ReportControl& control) {
  control.max = number(enabled, "max").value_or(1);
  for (const xml_node child : enabled.children()) {
    if (reader.name(child) != "ClientLN") continue;
    ClientLn* const client = reader.add(control.clients, child);
    if (client == nullptr) return;
    client->ied_name = attribute(child, "iedName");
    client->ap_ref = attribute(child, "apRef");
    client->ld_inst = attribute(child, "ldInst");
    client->prefix = attribute(child, "prefix");
    client->ln_class = attribute(child, "lnClass");
    client->ln_inst = attribute(child, "lnInst");
  }
}

void read_report_control(ElementReader& reader, xml_node element, LogicalNode& node) {
  ReportControl* const control = reader.add(node.reports, element);
  if (control == nullptr) return;
  control->name = attribute(element, "name");
  control->dat_set = attribute(element, "datSet");
  control->rpt_id = attribute(element, "rptID");
  control->conf_rev = attribute(element, "confRev");
  control->buffered = flag(element, "buffered", false);
  control->indexed = flag(element, "indexed", true);
  control->buf_time = number(element, "bufTime").value_or(0);
  control->intg_pd = number(element, "intgPd").value_or(0);
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    if (name == "TrgOps") control->trg_ops = flags_set(child);
    if (name == "OptFields") control->opt_fields = flags_set(child);
    if (name == "RptEnabled") read_clients(reader, child, *control);
  }
}

void read_log_control(ElementReader& reader, xml_node element, LogicalNode& node) {
  LogControl* const control = reader.add(node.log_controls, element);
  if (control == nullptr) return;
  control->name = attribute(element, "name");
  control->dat_set = attribute(element, "datSet");
  control->log_name = attribute(element, "logName");
  control->enabled = flag(element, "logEna", true);
  control->intg_pd = number(element, "intgPd").value_or(0);
}

void read_log(ElementReader& reader, xml_node element, LogicalNode& node) {
  Log* const log = reader.add(node.logs, element);
  if (log != nullptr) log->name = attribute(element, "name");
}

void read_setting_control(ElementReader& reader, xml_node element, LogicalNode& node) {
  SettingControl control;
  control.groups = number(element, "numOfSGs").value_or(0);
  control.active = number(element, "actSG").value_or(1);
  control.line = reader.line(element);
  node.setting_control = control;
}

void read_published(ElementReader& reader, xml_node element, const char* id,
                    std::vector<PublishedControl>& controls) {
  PublishedControl* const control = reader.add(controls, element);
  if (control == nullptr) return;
  control->name = attribute(element, "name");
  control->dat_set = attribute(element, "datSet");
  control->id = attribute(element, id);
  control->conf_rev = attribute(element, "confRev");
}

void read_goose(ElementReader& reader, xml_node element, LogicalNode& node) {
  read_published(reader, element, "appID", node.gooses);
}

void read_sampled_values(ElementReader& reader, xml_node element, LogicalNode& node) {
  read_published(reader, element, "smvID", node.sampled_values);
}

void read_data_object(ElementReader& reader, xml_node element, LogicalNode& node) {
  read_instance(reader, element, InstanceNode::Kind::data_object, node.instances, 0);
}

struct Part {
  Text name;
  void (*read)(ElementReader&, xml_node, LogicalNode&);
};
// The most frequent first.
constexpr Part kParts[] = {
    {"DOI", read_data_object},
    {"DataSet", read_data_set},
    {"ReportControl", read_report_control},
    {"LogControl", read_log_control},
    {"Log", read_log},
    {"GSEControl", read_goose},
    {"SampledValueControl", read_sampled_values},
    {"SettingControl", read_setting_control},
};

}  // namespace

void read_logical_node(ElementReader& reader, xml_node element, std::vector<LogicalNode>& nodes) {
  LogicalNode* const node = reader.add(nodes, element);
  if (node == nullptr) return;
  node->prefix = attribute(element, "prefix");
  node->ln_class = attribute(element, "lnClass");
  node->inst = attribute(element, "inst");
  node->type = attribute(element, "lnType");
  node->name = reader.compose(node->prefix, node->ln_class, node->inst);
  for (const xml_node child : element.children()) {
    const Text name = reader.name(child);
    for (const Part& part : kParts) {
      if (part.name == name) {
        part.read(reader, child, *node);
        break;
      }
    }
  }
}

}  // namespace mmsa::scl
