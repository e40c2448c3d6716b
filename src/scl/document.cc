#include "scl/document.h"

#include <fmt/format.h>

#include <algorithm>

namespace mmsa::scl {

Text ConnectedAp::part(Text wanted) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [wanted](const AddressPart& part) {
    return part.type == wanted;
  });
  return found == parts.end() ? Text() : found->value;
}

Text Service::limit(Text wanted) const {
  const auto found =
      std::find_if(limits.begin(), limits.end(),
                   [wanted](const ServiceLimit& declared) { return declared.name == wanted; });
  return found == limits.end() ? Text() : found->value;
}

std::uint32_t ReportControl::instances() const { return indexed ? std::min(max, kMaxIndex) : 1; }

std::string ReportControl::instance_name(std::uint32_t number) const {
  return indexed ? fmt::format("{}{:02}", name, number) : std::string(name);
}

}  // namespace mmsa::scl
