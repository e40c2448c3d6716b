#include "iec61850/server_model.h"

#include <algorithm>
#include <functional>

#include "iec61850/near_name.h"
#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {
namespace {

// Reads of known names in a row after which a client is taken to be polling, and how many of its
// reads are looked at from then on: one in this many.
constexpr std::uint32_t kSettledAfter = 64;
constexpr std::uint32_t kSampled = 16;

bool has_constraint(std::string_view member, std::string_view constraint) {
  return member.find(constraint) != std::string_view::npos;
}

}  // namespace

std::string_view ServerModel::key(std::string_view domain, std::string_view item) const {
  key_.assign(domain);
  key_.push_back('/');
  key_ += item;
  return key_;
}

std::string_view ServerModel::data_set_key(const ObjectName& name,
                                           std::uint64_t association) const {
  if (name.scope != ObjectName::Scope::association) return key(name.domain, name.item);
  key_.assign(1, '@');
  key_ += name.item;
  key_.push_back('#');
  key_ += std::to_string(association);
  return key_;
}

const DataSet* ServerModel::data_set(std::string_view name, std::uint64_t association) const {
  auto found = data_sets_.find(name);
  if (found == data_sets_.end() && name.size() <= limits::kMaxReference) {
    const std::string spelled = normalised(name);
    found = data_sets_.find(data_set_key(split_reference(spelled), association));
  }
  return found == data_sets_.end() ? nullptr : &found->second;
}

std::string_view ServerModel::member(std::string_view name, std::uint64_t association,
                                     std::uint32_t index) const {
  const DataSet* set = data_set(name, association);
  return set != nullptr && index < set->members.size() ? std::string_view(set->members[index])
                                                       : std::string_view{};
}

const ControlFacts* ServerModel::control(std::string_view domain, std::string_view object) const {
  const auto found = control_facts_.find(key(domain, object));
  return found == control_facts_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> ServerModel::ctl_model(std::string_view domain,
                                                   std::string_view object) const {
  const ControlFacts* const facts = control(domain, object);
  if (facts == nullptr || !facts->ctl_model) return std::nullopt;
  return *facts->ctl_model;
}

const BlockFacts* ServerModel::block(std::string_view reference) const {
  const auto found = blocks_.find(reference);
  return found == blocks_.end() ? nullptr : &found->second;
}

TypeSource ServerModel::type_source(std::string_view domain, std::string_view item) const {
  if (types_.empty()) return {};
  for (std::string_view holder = item;;) {
    const auto found = types_.find(key(domain, holder));
    if (found != types_.end()) {
      const std::string_view path =
          holder.size() == item.size() ? std::string_view{} : item.substr(holder.size() + 1);
      const KnownType& known = found->second;
      if (const TypeRef type = find_component(known.nodes.data(), path)) {
        return {type, known.source.frame};
      }
    }
    const std::size_t last = holder.rfind('$');
    if (last == std::string_view::npos) return {};
    holder = holder.substr(0, last);
  }
}

bool ServerModel::has_name(std::string_view domain, std::string_view item) const {
  return names_.contains(domain, item);
}

std::string ServerModel::nearest(std::string_view domain, std::string_view item) const {
  constexpr std::size_t kFarthest = 3;
  if (domain.size() + item.size() > limits::kMaxReference) return {};
  const std::string wanted(key(domain, item));
  std::size_t best = std::min(kFarthest, wanted.size() / 4) + 1;
  std::string near;
  std::string name;
  names_.for_each([&](std::string_view known_domain, std::string_view known_item) {
    name.assign(known_domain).append(1, '/').append(known_item);
    if (name == wanted) return true;
    const std::size_t distance = edit_distance(wanted, name, best, nearest_work_);
    // Equally near ones in the order of the alphabet, for the same answer on every machine.
    if (distance < best || (distance == best && !near.empty() && name < near)) {
      best = distance;
      near = name;
    }
    return nearest_work_ < limits::kMaxNearestWork;
  });
  if (nearest_work_ >= limits::kMaxNearestWork) return {};
  return near;
}

std::string ServerModel::nearest_domain(std::string_view domain) const {
  std::size_t best = domain.size() / 3 + 1;
  std::string near;
  for (const std::string& known : domains_) {
    const std::size_t distance = edit_distance(domain, known, best, nearest_work_);
    if (distance == 0 || distance >= best) continue;
    best = distance;
    near = known;
  }
  return near;
}

std::string ServerModel::domain_names() const {
  constexpr std::size_t kNamed = 6;
  std::string names;
  std::size_t count = 0;
  for (const std::string& domain : domains_) {
    if (count++ >= kNamed) continue;
    if (!names.empty()) names += ", ";
    names += domain;
  }
  if (count > kNamed) names += " and " + std::to_string(count - kNamed) + " more";
  return names;
}

// --- what is put in ---

bool ServerModel::samples_read() {
  const bool sampled = settled_ < kSettledAfter || settled_ % kSampled == 0;
  ++settled_;
  return sampled;
}

void ServerModel::put_name(std::string_view domain, std::string_view item) {
  if (domain.size() + item.size() >= limits::kMaxReference) return;
  put_domain(domain);
  const bool kept = names_.size() < limits::kMaxModelNames ? names_.insert(domain, item)
                                                           : names_.contains(domain, item);
  if (!kept) full_ = true;
}

void ServerModel::put_domain(std::string_view domain) {
  if (domain == last_domain_ || domain.empty() || domain.size() > limits::kMaxReference) return;
  if (domains_.size() >= limits::kMaxDataSets) {
    full_ = full_ || !domains_.contains(domain);
    return;
  }
  domains_.emplace(domain);
  last_domain_ = domain;
}

void ServerModel::put_type(std::string_view domain, std::string_view item,
                           std::vector<TypeNode> nodes, Source source) {
  if (nodes.empty() || domain.size() + item.size() > limits::kMaxReference) return;
  KnownType& kept = types_[std::string(key(domain, item))];
  type_nodes_ -= kept.nodes.size();
  kept.nodes.clear();
  if (type_nodes_ + nodes.size() > limits::kMaxTypeNodes) {
    full_ = true;
    types_.erase(std::string(key(domain, item)));
    return;
  }
  for (TypeNode& node : nodes) node.name = intern(node.name);
  type_nodes_ += nodes.size();
  kept = {std::move(nodes), source};
  put_name(domain, item);
}

std::string_view ServerModel::intern(std::string_view name) {
  name = name.substr(0, limits::kMaxReference);
  const auto found = component_names_.find(name);
  if (found != component_names_.end()) return *found;
  if (component_names_.size() >= limits::kMaxTypeNodes) {
    full_ = true;
    return {};
  }
  return *component_names_.emplace(name).first;
}

void ServerModel::put_data_set(const ObjectName& name, std::uint64_t association, DataSet set) {
  if (name.scope == ObjectName::Scope::vmd) return;
  if (name.domain.size() + name.item.size() > limits::kMaxReference) return;
  forget_data_set(name, association);
  if (data_sets_.size() >= limits::kMaxDataSets ||
      members_ + set.members.size() > limits::kMaxDataSetMembers) {
    full_ = true;
    return;
  }
  members_ += set.members.size();
  for (const std::string& member : set.members) {
    set.tracks_services = set.tracks_services || has_constraint(member, "$SR$");
    set.configures = set.configures || has_constraint(member, "$CF") ||
                     has_constraint(member, "$BR") || has_constraint(member, "$RP");
  }
  data_sets_.emplace(data_set_key(name, association), std::move(set));
  if (name.scope == ObjectName::Scope::domain) put_name(name.domain, name.item);
}

template <typename T>
T* ServerModel::to_fill(Map<T>& map, std::string_view key, std::size_t most) {
  if (key.size() > limits::kMaxReference) return nullptr;
  const auto known = map.find(key);
  if (known != map.end()) return &known->second;
  if (map.size() >= most) {
    full_ = true;
    return nullptr;
  }
  return &map[std::string(key)];
}

ControlFacts* ServerModel::control_to_fill(std::string_view domain, std::string_view object) {
  return to_fill(control_facts_, key(domain, object), limits::kMaxModelNames);
}

BlockFacts* ServerModel::block_to_fill(std::string_view reference, bool buffered) {
  BlockFacts* const block = to_fill(blocks_, reference, limits::kMaxModelBlocks);
  if (block != nullptr) block->buffered = buffered;
  return block;
}

void ServerModel::note_block_changed(std::string_view reference, const BlockFacts& block) {
  const bool kept = report_data_sets_.set_rpt_id(reference, *block.rpt_id) &&
                    report_data_sets_.set_data_set(reference, *block.dat_set);
  full_ = full_ || !kept;
}

void ServerModel::forget_data_set(const ObjectName& name, std::uint64_t association) {
  const auto found = data_sets_.find(data_set_key(name, association));
  if (found == data_sets_.end()) return;
  members_ -= found->second.members.size();
  data_sets_.erase(found);
}

void ServerModel::forget_data_sets(Owner owner, std::uint64_t association,
                                   std::string_view domain) {
  const std::string of_association = "#" + std::to_string(association);
  const std::string of_domain = std::string(domain) + "/";
  std::erase_if(data_sets_, [&](const auto& entry) {
    const bool of_some_association = entry.first.starts_with('@');
    const bool named = owner == Owner::everybody || (owner == Owner::vmd && !of_some_association) ||
                       (owner == Owner::domain && entry.first.starts_with(of_domain)) ||
                       (owner == Owner::association && of_some_association &&
                        entry.first.ends_with(of_association));
    if (named) members_ -= entry.second.members.size();
    return named;
  });
}

void ServerModel::forget_blocks() {
  blocks_.clear();
  report_data_sets_.clear();
}

std::size_t ServerModels::full() const {
  return static_cast<std::size_t>(std::count_if(
      models_.begin(), models_.end(), [](const auto& entry) { return entry.second.full(); }));
}

}  // namespace mmsa::iec61850
