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

std::string ServerIdentities::of(std::string_view server, std::string_view object) const {
  const std::string_view given = name_in(names_, server);
  if (!given.empty()) return std::string(given);
  const auto known = devices_of_server_.find(server);
  if (known == devices_of_server_.end()) return std::string(server);
  const auto own = known->second->find(object.substr(0, object.find('/')));
  return own != known->second->end() ? *own : *known->second->begin();
}

}  // namespace mmsa::analysis
