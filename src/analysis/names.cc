#include "analysis/names.h"

#include <algorithm>

#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::size_t kLeastName = 2;
// More than a person takes for a name: then it is a path or the like.
constexpr std::size_t kLongestName = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "IED1" of "IED1LD0": the usual name of the root logical device (IEC 61850-7-1).
std::string_view before_ld(std::string_view device) {
  std::size_t end = device.size();
  while (end > 0 && is_digit(device[end - 1])) --end;
  if (end < 2 || device.substr(end - 2, 2) != "LD") return {};
  return device.substr(0, end - 2);
}

std::string_view common_prefix(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t n = 0;
  while (n < most && a[n] == b[n]) ++n;
  return a.substr(0, n);
}

}  // namespace

std::string ied_name(const std::set<std::string, std::less<>>& devices) {
  if (devices.empty()) return {};
  // The first and the last in order have in common what all have.
  const std::string_view first = *devices.begin();
  std::string_view name = common_prefix(first, *devices.rbegin());
  if (devices.size() == 1 || name.ends_with("LD")) {
    const std::string_view before = before_ld(devices.size() == 1 ? first : name);
    if (!before.empty()) name = before;
  }
  if (name.size() < kLeastName || name.size() > kLongestName) name = first;
  return std::string(name.substr(0, kLongestName));
}

AddressNames names_of(const iec61850::ServerModels& models, const AddressNames& given) {
  AddressNames names = given;
  models.for_each([&](const Endpoint& server, const iec61850::ServerModel& model) {
    std::string endpoint = text::endpoint(server);
    if (!name_in(given, endpoint).empty()) return;
    std::string name = ied_name(model.logical_devices());
    if (!name.empty()) names.emplace(std::move(endpoint), std::move(name));
  });
  return names;
}

std::string with_name(const AddressNames& names, std::string_view address) {
  std::string out(address);
  const std::string_view name = name_in(names, address);
  if (!name.empty()) out.append(" (").append(name).append(")");
  return out;
}

}  // namespace mmsa::analysis
