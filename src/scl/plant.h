// The servers and clients of all SCL files that were given, found by address or by the names of
// logical devices, so that a capture can be read and judged with them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iec61850/server_model.h"
#include "scl/overview.h"

namespace mmsa::scl {

// An access point of an IED: a server, a client, or both.
struct Station {
  const Reading* reading = nullptr;
  const Ied* ied = nullptr;
  const AccessPoint* access_point = nullptr;  // what is connected
  const AccessPoint* server = nullptr;        // whose server is reached there; null: none
  const ConnectedAp* connected = nullptr;     // its address; null where the file tells none
  std::string name;                           // "RELAY1"; "RELAY1/P1" where it has several
  bool is_server() const { return server != nullptr; }
};

class Plant : public iec61850::Configuration {
 public:
  // Reads the files. Throws SclError where one is not usable.
  explicit Plant(const std::vector<std::string>& paths);

  // iec61850::Configuration: null where no file tells of such a server.
  const iec61850::ServerModel* at_address(const Endpoint& server) override;
  const iec61850::ServerModel* with_domain(std::string_view domain) override;

  // Who is at an address, in the order of the files; empty where nobody is.
  const std::vector<const Station*>& at(const IpAddress& address) const;
  // Whom a model of at_address() or with_domain() is of.
  const Station* station_of(const iec61850::ServerModel* model) const;
  // "RELAY1", or "RELAY1 or RELAY2" where several have the address; empty where nobody has it.
  std::string name_at(const Endpoint& endpoint) const;

  const std::vector<std::unique_ptr<Reading>>& readings() const { return readings_; }
  const std::vector<Station>& stations() const { return stations_; }
  bool has_addresses() const { return !by_address_.empty(); }

 private:
  void add(const Reading& reading);
  const iec61850::ServerModel* model_of(const Station& station);

  std::vector<std::unique_ptr<Reading>> readings_;
  std::vector<Station> stations_;
  std::map<IpAddress, std::vector<const Station*>> by_address_;
  std::unordered_map<std::string_view, const Station*> by_domain_;
  // Made when a capture shows the server.
  iec61850::NameTable names_;
  std::unordered_map<const Station*, std::unique_ptr<iec61850::ServerModel>> models_;
  std::unordered_map<const iec61850::ServerModel*, const Station*> station_of_;
};

}  // namespace mmsa::scl
