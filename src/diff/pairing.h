// Which servers and associations of two captures are to be compared with each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "diff/steps.h"

namespace mmsa::diff {

// --map: an address of the first capture and what it is in the second; port 0 is any.
struct AddressMap {
  Endpoint a;
  Endpoint b;
};
// "10.0.0.2:102", "[fe80::1]:102"; without a port it is 0.
std::optional<Endpoint> read_endpoint(std::string_view text);
// "10.0.0.2=10.0.1.2", "[fe80::1]:102=10.0.0.2:102". None where it is not one.
std::optional<AddressMap> read_address_map(std::string_view text);

enum class PairedBy : std::uint8_t {
  map,
  address,
  logical_devices,
  only_one,  // the only one that is left on either side
  order,     // of appearance: a guess
};
std::string_view paired_by_name(PairedBy by);

struct ServerPair {
  Endpoint a;
  Endpoint b;
  PairedBy by;
};
struct AssociationPair {
  std::optional<std::size_t> a;  // in CaptureSteps::associations
  std::optional<std::size_t> b;
  // Of one that has no partner: the other capture may have missed it.
  bool may_be_missed = false;
};
struct Pairing {
  std::vector<ServerPair> servers;
  std::vector<AssociationPair> associations;
};
Pairing pair_up(const CaptureSteps& a, const CaptureSteps& b, const std::vector<AddressMap>& map);

}  // namespace mmsa::diff
