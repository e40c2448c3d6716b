// The octets that consumers were shown last, over all connections, so that a retransmission can be
// compared with what came first even where that is consumed and gone.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "mmsanalyze/bytes.h"

namespace mmsa::tcp {

class RecentOctets {
 public:
  // One direction of one connection.
  struct Owner {
    std::uint32_t stream = 0;
    std::uint32_t side = 0;
    friend bool operator==(const Owner&, const Owner&) = default;
  };

  // `octets` begin at this offset of the owner's stream. Of one owner no octet is kept twice.
  void keep(Owner owner, std::uint64_t offset, Bytes octets);
  // How many of these octets differ from those kept; what is not kept any longer is not compared.
  std::uint64_t count_differences(Owner owner, std::uint64_t offset, Bytes octets) const;

 private:
  // Two thousand segments of usual size: more than any link to an IED carries until the repeated
  // segment comes, and small enough to stay in the processor's cache.
  static constexpr std::size_t kOctets = 256u << 10;
  static constexpr std::size_t kEntries = 1024;

  struct Entry {
    Owner owner;
    std::uint64_t offset = 0;
    std::uint64_t at = 0;  // counts all octets ever kept; modulo kOctets the place in octets_
    std::uint64_t length = 0;
  };

  std::unique_ptr<std::uint8_t[]> octets_ = std::make_unique<std::uint8_t[]>(kOctets);
  std::unique_ptr<Entry[]> entries_ = std::make_unique<Entry[]>(kEntries);
  std::uint64_t next_octet_ = 0;
  std::uint64_t next_entry_ = 0;
};

}  // namespace mmsa::tcp
