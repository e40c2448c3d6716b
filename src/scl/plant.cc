#include "scl/plant.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "scl/server_facts.h"

namespace mmsa::scl {
namespace {

constexpr std::uint16_t kMmsPort = 102;

std::optional<IpAddress> address_of(const ConnectedAp& connected) {
  for (const Text type : {Text("IP"), Text("IPv6")}) {
    const std::string text(connected.part(type));
    IpAddress address;
    if (::inet_pton(AF_INET, text.c_str(), address.octets.data()) == 1) return address;
    address.is_v6 = true;
    if (::inet_pton(AF_INET6, text.c_str(), address.octets.data()) == 1) return address;
  }
  return std::nullopt;
}

std::uint16_t port_of(const ConnectedAp& connected) {
  const Text text = connected.part("MMS-Port");
  std::uint16_t port = kMmsPort;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

// Of several at one address the one whose port it is; none where that does not decide.
const Station* only_server(const std::vector<const Station*>& stations, std::uint16_t port) {
  const Station* found = nullptr;
  for (const Station* station : stations) {
    if (!station->is_server()) continue;
    const bool others = stations.size() > 1;
    if (others && port_of(*station->connected) != port) continue;
    if (found != nullptr && found->server != station->server) return nullptr;
    found = station;
  }
  return found;
}

}  // namespace

Plant::Plant(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    readings_.push_back(std::make_unique<Reading>(path));
  }
  // Pointers to the stations are kept: they are all there before.
  for (const auto& reading : readings_) add(*reading);
  for (const Station& station : stations_) {
    if (station.connected != nullptr) {
      if (const auto address = address_of(*station.connected)) {
        by_address_[*address].push_back(&station);
      }
    }
    if (station.server == nullptr) continue;
    for (const LogicalDevice& device : station.server->devices) {
      by_domain_.try_emplace(device.domain, &station);
    }
  }
}

void Plant::add(const Reading& reading) {
  const Overview overview(reading);
  for (const Ied& ied : reading.document.ieds) {
    for (const AccessPoint& access_point : ied.access_points) {
      Station station{.reading = &reading, .ied = &ied, .access_point = &access_point};
      if (access_point.server) {
        station.server = &access_point;
      } else if (!access_point.server_at.empty()) {
        station.server = reading.lookup.access_point(ied, access_point.server_at);
      }
      station.name = std::string(ied.name);
      if (ied.access_points.size() > 1) station.name.append("/").append(access_point.name);
      bool connected = false;
      for (const Address& address : overview.addresses(ied.name)) {
        if (address.connected->ap_name != access_point.name) continue;
        station.connected = address.connected;
        stations_.push_back(station);
        connected = true;
      }
      if (!connected) stations_.push_back(station);
    }
  }
}

const iec61850::ServerModel* Plant::at_address(const Endpoint& server) {
  const Station* const station = only_server(at(server.address), server.port);
  return station == nullptr ? nullptr : model_of(*station);
}

const iec61850::ServerModel* Plant::with_domain(std::string_view domain) {
  const auto found = by_domain_.find(domain);
  return found == by_domain_.end() ? nullptr : model_of(*found->second);
}

const iec61850::ServerModel* Plant::model_of(const Station& station) {
  auto& model = models_[&station];
  if (model == nullptr) {
    model = std::make_unique<iec61850::ServerModel>(names_);
    fill(*station.reading, *station.ied, *station.server, *model);
    station_of_.emplace(model.get(), &station);
  }
  return model.get();
}

const std::vector<const Station*>& Plant::at(const IpAddress& address) const {
  static const std::vector<const Station*> kNobody;
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? kNobody : found->second;
}

const Station* Plant::station_of(const iec61850::ServerModel* model) const {
  const auto found = station_of_.find(model);
  return found == station_of_.end() ? nullptr : found->second;
}

std::string Plant::name_at(const Endpoint& endpoint) const {
  std::string names;
  for (const Station* station : at(endpoint.address)) {
    if (!names.empty()) names += " or ";
    names += station->name;
  }
  return names;
}

}  // namespace mmsa::scl
