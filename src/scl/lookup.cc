#include "scl/lookup.h"

#include <fmt/format.h>

#include <algorithm>

namespace mmsa::scl {
namespace {

// Enters `item`, or says that its name is taken.
template <typename Map, typename Key, typename T>
void enter(Map& map, const Key& key, const T& item, const char* what, Text where,
           Problems& problems) {
  const auto [found, first] = map.try_emplace(key, &item);
  if (first) return;
  problems.add(ProblemKind::duplicate_name, item.line, std::string(where),
               fmt::format("{} {} is there already", what, quoted(key.name)), found->second->line);
}

// How much of `path` leads to the first array, npos where none is in it.
std::size_t array_end(const Types& types, const StructType& type, Text path) {
  PathEnd at = types.follow(type, "");
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    at = types.follow(at, path.substr(begin, end - begin));
    if (at.state != PathEnd::State::found) return Text::npos;
    if (!at.member->count.empty()) return end;
    begin = end + 1;
  }
  return Text::npos;
}

}  // namespace

Lookup::Lookup(const Document& document, Problems& problems) {
  for (const Ied& ied : document.ieds) add_ied(ied, problems);
}

void Lookup::add_ied(const Ied& ied, Problems& problems) {
  enter(ieds_, Key{nullptr, ied.name}, ied, "an IED", "", problems);
  for (const AccessPoint& access_point : ied.access_points) {
    enter(access_points_, Key{&ied, access_point.name}, access_point, "an access point", ied.name,
          problems);
    for (const LogicalDevice& device : access_point.devices) add_device(ied, device, problems);
    for (const LogicalNode& node : access_point.client_nodes) {
      nodes_.try_emplace({&ied, node.name}, &node);
    }
  }
}

void Lookup::add_device(const Ied& ied, const LogicalDevice& device, Problems& problems) {
  if (devices_.contains({&ied, device.inst})) {
    enter(devices_, Key{&ied, device.inst}, device, "a logical device", ied.name, problems);
  } else {
    devices_.emplace(Key{&ied, device.inst}, &device);
    enter(domains_, Key{nullptr, device.domain}, device, "a domain", ied.name, problems);
  }
  for (const LogicalNode& node : device.nodes) {
    enter(nodes_, Key{&device, node.name}, node, "a logical node", device.domain, problems);
    nodes_.try_emplace({&ied, node.name}, &node);
  }
}

const Ied* Lookup::ied(Text name) const { return find(ieds_, nullptr, name); }

const AccessPoint* Lookup::access_point(const Ied& ied, Text name) const {
  return find(access_points_, &ied, name);
}

const LogicalDevice* Lookup::device(const Ied& ied, Text inst) const {
  return find(devices_, &ied, inst);
}

const LogicalNode* Lookup::node(const LogicalDevice& device, Text name) const {
  return find(nodes_, &device, name);
}

const LogicalNode* Lookup::node(const Ied& ied, Text name) const {
  return find(nodes_, &ied, name);
}

std::string node_name(Text prefix, Text ln_class, Text inst) {
  return fmt::format("{}{}{}", prefix, ln_class, inst);
}

std::string member_reference(const Lookup& lookup, const Types& types, const Ied& ied,
                             const LogicalDevice& home, const Fcda& member) {
  const LogicalDevice* const device =
      member.ld_inst.empty() ? &home : lookup.device(ied, member.ld_inst);
  const std::string ln = node_name(member.prefix, member.ln_class, member.ln_inst);
  std::string out = device != nullptr ? std::string(device->domain)
                                      : fmt::format("{}{}", ied.name, member.ld_inst);
  out += '/';
  out += ln;
  std::string path =
      fmt::format("{}{}{}", member.do_name, member.da_name.empty() ? "" : ".", member.da_name);
  if (member.ix) {
    const LogicalNode* const node = device == nullptr ? nullptr : lookup.node(*device, ln);
    const StructType* const type = node == nullptr ? nullptr : types.node_type(node->type);
    const std::size_t end = type == nullptr ? Text::npos : array_end(types, *type, path);
    // Where the types do not tell the array, it is taken to be the data object.
    path.insert(end == Text::npos ? member.do_name.size() : end, fmt::format("({})", *member.ix));
  }
  std::replace(path.begin(), path.end(), '.', '$');
  for (const Text part : {member.fc, Text(path)}) {
    if (!part.empty()) out.append("$").append(part);
  }
  return out;
}

}  // namespace mmsa::scl
