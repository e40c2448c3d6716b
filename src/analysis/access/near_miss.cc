#include "analysis/access/near_miss.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/wording.h"
#include "iec61850/near_name.h"
#include "iec61850/reference.h"

namespace mmsa::analysis {
namespace {

using iec61850::Fc;
using iec61850::Reference;
using iec61850::ServerModel;

// Components named in a finding.
constexpr std::size_t kMaxComponents = 12;

constexpr Fc kConstraints[] = {Fc::ST, Fc::MX, Fc::SP, Fc::CF, Fc::DC, Fc::SG,
                               Fc::SE, Fc::SV, Fc::CO, Fc::EX, Fc::RP, Fc::BR,
                               Fc::LG, Fc::GO, Fc::OR, Fc::BL, Fc::SR};

bool knows(const ServerModel& model, std::string_view domain, std::string_view item) {
  return model.has_name(domain, item) || model.type_of(domain, item) != nullptr;
}

// The name that a server has under another functional constraint.
std::string other_constraint(const ServerModel& model, const Reference& object) {
  if (object.fc == Fc::none) return {};
  std::string name;
  for (const Fc fc : kConstraints) {
    if (fc == object.fc) continue;
    Reference other = object;
    other.domain = {};
    other.fc = fc;
    name.clear();
    iec61850::append_mms(name, other);
    if (knows(model, object.domain, name)) return name;
  }
  return {};
}

// The deepest structure of the name whose type is known, and the components that it has.
void find_components(const ServerModel& model, std::string_view domain, std::string_view item,
                     NearMiss& near) {
  for (std::size_t last = item.rfind('$'); last != std::string_view::npos && last != 0;
       last = item.rfind('$', last - 1)) {
    const std::string_view holder = item.substr(0, last);
    const iec61850::TypeRef type = model.type_of(domain, holder);
    if (type == nullptr) continue;
    std::string_view wanted = item.substr(last + 1);
    wanted = wanted.substr(0, wanted.find('$'));
    std::size_t count = 0;
    std::size_t best = wanted.size() / 2 + 1;
    std::size_t work = 0;
    for (iec61850::TypeRef c = iec61850::first_component(type); c != nullptr;
         c = iec61850::next_component(c, type)) {
      if (c->name.empty()) continue;
      if (count++ < kMaxComponents) {
        near.components += fmt::format("{}{}", near.components.empty() ? "" : ", ", c->name);
      }
      const std::size_t distance = iec61850::edit_distance(wanted, c->name, best, work);
      if (distance == 0 || distance >= best) continue;
      best = distance;
      near.name = fmt::format("{}/{}${}", domain, holder, c->name);
    }
    if (count > kMaxComponents)
      near.components += fmt::format(" and {} more", count - kMaxComponents);
    near.holder = fmt::format("{}/{}", domain, holder);
    return;
  }
}

// Component by component: a third of its letters may differ, or it goes on where the other ends.
// Short components that have little in common are other names and not misspelt ones.
bool is_alike(std::string_view wanted, std::string_view known) {
  std::size_t work = 0;
  for (;;) {
    const std::string_view a = wanted.substr(0, wanted.find_first_of("$/"));
    const std::string_view b = known.substr(0, known.find_first_of("$/"));
    const std::size_t allowed = std::max<std::size_t>(1, std::max(a.size(), b.size()) / 3);
    const bool goes_on = !a.empty() && !b.empty() && (a.starts_with(b) || b.starts_with(a));
    if (!goes_on && iec61850::edit_distance(a, b, allowed, work) > allowed) return false;
    const bool a_ends = a.size() == wanted.size();
    const bool b_ends = b.size() == known.size();
    if (a_ends || b_ends) return a_ends == b_ends;
    wanted.remove_prefix(a.size() + 1);
    known.remove_prefix(b.size() + 1);
  }
}

}  // namespace

NearMiss near_miss(const ServerModel& model, std::string_view domain, std::string_view item) {
  NearMiss near;
  const std::string constraint =
      other_constraint(model, iec61850::parse_item(domain, item.substr(0, item.find('('))));
  if (!constraint.empty()) {
    near.name = fmt::format("{}/{}", domain, constraint);
    near.constraint = true;
    return near;
  }
  find_components(model, domain, item, near);
  if (!near.name.empty()) return near;
  near.name = model.nearest(domain, item);
  if (!is_alike(fmt::format("{}/{}", domain, item), near.name)) near.name.clear();
  return near;
}

void tell_near_miss(Finding& finding, const ServerModel& model, std::string_view domain,
                    std::string_view item) {
  if (domain.empty() || item.empty()) return;
  const std::string_view whole = item.substr(0, item.find('('));
  if (whole.size() < item.size() && knows(model, domain, whole)) {
    finding.cause =
        "The array exists, but not this element of it, or not this component of the element.";
    finding.next_step = "Compare index and component with the type of the array.";
    return;
  }
  const NearMiss near = near_miss(model, domain, item);
  if (!near.found()) {
    tell_near_domain(finding, model, domain);
    return;
  }
  if (!near.components.empty()) finding.evidence.set("components", near.components);
  if (near.name.empty()) {
    finding.cause =
        fmt::format("{} has no such component: it has {}.", near.holder, near.components);
    finding.next_step = "Correct the name in the client's point list.";
    return;
  }
  finding.evidence.set("near_miss", near.name);
  if (near.constraint) {
    finding.cause =
        fmt::format("The functional constraint is wrong: the device has {} and not {}.", near.name,
                    iec61850::fc_name(iec61850::parse_item(domain, item).fc));
  } else {
    finding.cause = fmt::format(
        "The name is misspelt, or of another configuration: the device has {}.", near.name);
  }
  finding.next_step = fmt::format(
      "If {} is meant, correct the client's point list. Otherwise load the matching configuration "
      "into the device.",
      near.name);
}

void tell_near_domain(Finding& finding, const ServerModel& model, std::string_view domain) {
  if (!model.lacks_domain(domain)) return;
  const std::string names = model.domain_names();
  finding.evidence.set("logical_devices", names);
  const std::string near = model.nearest_domain(domain);
  if (near.empty()) {
    finding.cause = fmt::format("The device has no logical device {}; it has {}.", domain, names);
    finding.next_step =
        "Correct the name of the IED or logical device in the client, or load the matching "
        "configuration into the device.";
    return;
  }
  finding.evidence.set("near_miss", near);
  finding.cause =
      fmt::format("The device has no logical device {}; {} may be meant.", domain, near);
  finding.next_step = fmt::format(
      "If {} is meant, correct the client's configuration. Otherwise load the matching one into "
      "the device.",
      near);
}

}  // namespace mmsa::analysis
