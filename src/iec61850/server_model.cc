// What ServerModel answers. How it learns is in server_model_learn.cc.
#include "iec61850/server_model.h"

#include <algorithm>
#include <functional>

#include "iec61850/near_name.h"
#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {

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

std::optional<std::int64_t> ServerModel::ctl_model(std::string_view domain,
                                                   std::string_view object) const {
  const auto found = ctl_models_.find(key(domain, object));
  if (found == ctl_models_.end()) return std::nullopt;
  return found->second;
}

TypeSource ServerModel::type_source(std::string_view domain, std::string_view item) const {
  if (types_.empty()) return {};
  for (std::string_view holder = item;;) {
    const auto found = types_.find(key(domain, holder));
    if (found != types_.end()) {
      const std::string_view path =
          holder.size() == item.size() ? std::string_view{} : item.substr(holder.size() + 1);
      const LearntType& learnt = found->second;
      if (const TypeRef type = find_component(learnt.nodes.data(), path)) {
        return {type, learnt.frame};
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

std::size_t ServerModels::full() const {
  return static_cast<std::size_t>(std::count_if(
      models_.begin(), models_.end(), [](const auto& entry) { return entry.second.full(); }));
}

}  // namespace mmsa::iec61850
