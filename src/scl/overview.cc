#include "scl/overview.h"

#include <fmt/format.h>

#include <algorithm>

#include "scl/check.h"
#include "scl/reader.h"

namespace mmsa::scl {
namespace {

// The node `name` among those from `begin` to `end` that are not inside each other, or `end`.
std::uint32_t find_instance(const std::vector<InstanceNode>& nodes, std::uint32_t begin,
                            std::uint32_t end, Text name) {
  while (begin < end && nodes[begin].name != name) begin = nodes[begin].end;
  return begin;
}

void finish(Reading& reading) {
  check(reading.document, reading.lookup, reading.types, reading.problems);
  reading.problems.sort();
}

}  // namespace

Reading::Reading(const std::string& path)
    : document(read_file(path, problems)), lookup(document, problems), types(document) {
  finish(*this);
}

Reading::Reading(std::string path, std::vector<char> octets)
    : document(read_octets(std::move(path), std::move(octets), problems)),
      lookup(document, problems),
      types(document) {
  finish(*this);
}

Overview::Overview(const Reading& reading) {
  add_addresses(reading.document);
  add_clients(reading.document);
}

void Overview::add_addresses(const Document& document) {
  for (const SubNetwork& network : document.subnetworks) {
    for (const ConnectedAp& connected : network.access_points) {
      addresses_[connected.ied_name].push_back({&network, &connected});
    }
  }
}

const std::vector<Address>& Overview::addresses(Text ied_name) const {
  static const std::vector<Address> kNone;
  const auto found = addresses_.find(ied_name);
  return found == addresses_.end() ? kNone : found->second;
}

void Overview::add_clients(const Document& document) {
  for (const Ied& ied : document.ieds) {
    if (!has_server(ied)) client(ied.name).ied = &ied;
  }
  for (const Ied& ied : document.ieds) {
    for_each_node(ied, [this](const LogicalDevice& device, const LogicalNode& node) {
      add_clients(device, node);
    });
  }
  // A client may be a server too.
  for (const Ied& ied : document.ieds) {
    const auto found = client_index_.find(ied.name);
    if (found != client_index_.end()) clients_[found->second].ied = &ied;
  }
}

void Overview::add_clients(const LogicalDevice& device, const LogicalNode& node) {
  for (const ReportControl& control : node.reports) {
    std::uint32_t number = 0;
    for (const ClientLn& named : control.clients) {
      if (++number > control.instances()) break;
      client(named.ied_name)
          .blocks.push_back(fmt::format("{}${}${}", node_reference(device, node),
                                        control.buffered ? "BR" : "RP",
                                        control.instance_name(number)));
    }
  }
}

Client& Overview::client(Text name) {
  const auto [found, first] = client_index_.try_emplace(name, clients_.size());
  if (first) clients_.push_back({name, nullptr, {}});
  return clients_[found->second];
}

bool has_server(const Ied& ied) {
  return std::any_of(ied.access_points.begin(), ied.access_points.end(),
                     [](const AccessPoint& access_point) { return access_point.server; });
}

std::string node_reference(const LogicalDevice& device, const LogicalNode& node) {
  return fmt::format("{}/{}", device.domain, node.name);
}

std::string block_reference(const LogicalDevice& device, const LogicalNode& node,
                            const ReportControl& control) {
  return fmt::format("{}/{}${}${}", device.domain, node.name, control.buffered ? "BR" : "RP",
                     control.name);
}

std::vector<Control> controls_of(const Types& types, const LogicalDevice& device,
                                 const LogicalNode& node) {
  std::vector<Control> controls;
  const StructType* const type = types.node_type(node.type);
  if (type == nullptr) return controls;
  for (const TypeMember& object : type->members) {
    const StructType* const object_type = types.type_of(object);
    if (object_type == nullptr || types.member(*object_type, "ctlModel") == nullptr) continue;
    controls.push_back({fmt::format("{}/{}$CO${}", device.domain, node.name, object.name),
                        configured_value(types, node, object.name, "ctlModel"),
                        configured_value(types, node, object.name, "sboTimeout")});
  }
  return controls;
}

Text configured_value(const Types& types, const LogicalNode& node, Text data_object,
                      Text attribute) {
  const std::vector<InstanceNode>& nodes = node.instances;
  const auto all = static_cast<std::uint32_t>(nodes.size());
  const std::uint32_t object = find_instance(nodes, 0, all, data_object);
  if (object < all) {
    const std::uint32_t end = nodes[object].end;
    const std::uint32_t at = find_instance(nodes, object + 1, end, attribute);
    const bool told =
        at < end && at + 1 < nodes[at].end && nodes[at + 1].kind == InstanceNode::Kind::value;
    if (told) return nodes[at + 1].name;
  }
  const StructType* const type = types.node_type(node.type);
  if (type == nullptr) return {};
  const PathEnd at = types.follow(types.follow(*type, data_object), attribute);
  return at.state == PathEnd::State::found && at.member != nullptr ? at.member->value : Text();
}

}  // namespace mmsa::scl
