#include "analysis/server_identity.h"

#include "mmsanalyze/result.h"
#include "text/text.h"

namespace mmsa::analysis {

ServerIdentities::ServerIdentities(const iec61850::ServerModels& models, const Names& names)
    : names_(names) {
  models.for_each([this](const Endpoint& server, const iec61850::ServerModel& model) {
    const auto& devices = model.logical_devices();
    if (!devices.empty()) devices_of_server_.emplace(text::endpoint(server), &devices);
  });
}

namespace {

// "IED1LD0" of "IED1LD0/CSWI1$CO$Pos": a file's name has a slash, too, but no functional
// constraint.
std::string_view logical_device_of(std::string_view object) {
  const std::size_t slash = object.find('/');
  const bool reference =
      slash != std::string_view::npos && object.find('$', slash) != std::string_view::npos;
  return reference ? object.substr(0, slash) : std::string_view();
}

}  // namespace

std::string ServerIdentities::of(std::string_view server, std::string_view object) const {
  const std::string_view given = name_in(names_, server);
  if (!given.empty()) return std::string(given);
  const auto known = devices_of_server_.find(server);
  if (known == devices_of_server_.end()) {
    // Where it said nothing of itself, the name by which it was asked.
    const std::string_view device = logical_device_of(object);
    return std::string(device.empty() ? server : device);
  }
  const auto own = known->second->find(object.substr(0, object.find('/')));
  return own != known->second->end() ? *own : *known->second->begin();
}

}  // namespace mmsa::analysis
