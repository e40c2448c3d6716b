// What an SCL document says about MMS, put together from its sections: who has which address, whose
// blocks are whose, how objects are controlled.
#pragma once

#include <string>
#include <vector>

#include "scl/document.h"
#include "scl/lookup.h"
#include "scl/problems.h"
#include "scl/types.h"

namespace mmsa::scl {

// A file that was read and checked. Throws SclError where nothing of it is usable.
struct Reading {
  explicit Reading(const std::string& path);
  Reading(std::string path, std::vector<char> octets);

  Problems problems;
  Document document;
  Lookup lookup;
  Types types;
};

// A place where an access point is connected.
struct Address {
  const SubNetwork* network = nullptr;
  const ConnectedAp* connected = nullptr;
};

// An IED that reports are meant for, or one without a server.
struct Client {
  Text name;
  const Ied* ied = nullptr;         // null: named by blocks, and not in the file
  std::vector<std::string> blocks;  // instances: "RELAY1LD0/LLN0$BR$brcbA01"
};

// A data object that can be controlled.
struct Control {
  std::string name;  // "RELAY1LD0/CSWI1$CO$Pos"
  Text model;        // "sbo-with-enhanced-security"; empty where the file does not tell
  Text sbo_timeout;  // ms; empty where the file does not tell
};

class Overview {
 public:
  // `reading` outlives it.
  explicit Overview(const Reading& reading);

  // All addresses of an IED, where it has several access points those of all.
  const std::vector<Address>& addresses(Text ied_name) const;
  const std::vector<Client>& clients() const { return clients_; }

 private:
  void add_addresses(const Document& document);
  void add_clients(const Document& document);
  void add_clients(const LogicalDevice& device, const LogicalNode& node);
  Client& client(Text name);

  std::unordered_map<Text, std::vector<Address>> addresses_;
  std::vector<Client> clients_;
  std::unordered_map<Text, std::size_t> client_index_;
};

bool has_server(const Ied& ied);

// The logical nodes of an IED's servers, in document order.
template <typename Visit>  // (const LogicalDevice&, const LogicalNode&)
void for_each_node(const Ied& ied, Visit visit) {
  for (const AccessPoint& access_point : ied.access_points) {
    for (const LogicalDevice& device : access_point.devices) {
      for (const LogicalNode& node : device.nodes) visit(device, node);
    }
  }
}

// "RELAY1LD0/LLN0".
std::string node_reference(const LogicalDevice& device, const LogicalNode& node);
// "RELAY1LD0/LLN0$BR$brcbA", of all instances.
std::string block_reference(const LogicalDevice& device, const LogicalNode& node,
                            const ReportControl& control);

// Of one logical node: the data objects whose type has a ctlModel.
std::vector<Control> controls_of(const Types& types, const LogicalDevice& device,
                                 const LogicalNode& node);
// The value of an attribute of a data object, "Pos" "ctlModel": that of the instance, or its
// type's. Empty where neither tells it.
Text configured_value(const Types& types, const LogicalNode& node, Text data_object,
                      Text attribute);

}  // namespace mmsa::scl
