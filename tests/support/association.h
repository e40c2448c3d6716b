// An association between 10.0.0.1:50000, its client, and 10.0.0.2:102.
#pragma once

#include <algorithm>
#include <cstdint>

#include "mmsanalyze/association.h"

namespace mmsa::test {

inline Endpoint ipv4_endpoint(std::uint8_t host, std::uint16_t port) {
  Endpoint endpoint;
  endpoint.address.octets = {10, 0, 0, host};
  endpoint.port = port;
  return endpoint;
}

struct TestAssociation {
  Connection connection;
  Association association;

  explicit TestAssociation(std::uint32_t stream = 0, std::uint16_t client_port = 50'000) {
    connection.stream = stream;
    connection.endpoint[index(Side::a)] = ipv4_endpoint(1, client_port);
    connection.endpoint[index(Side::b)] = ipv4_endpoint(2, 102);
    association.connection = &connection;
    association.client = Side::a;
  }
  TestAssociation(const TestAssociation&) = delete;
  TestAssociation& operator=(const TestAssociation&) = delete;

  operator Association&() { return association; }
};

inline constexpr Side kClient = Side::a;
inline constexpr Side kServer = Side::b;

}  // namespace mmsa::test
