// Connections by 5-tuple: open addressing with linear probing, at most half full.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "tcp/connection_key.h"
#include "tcp/live_connection.h"

namespace mmsa::tcp {

// Owns the connections.
class ConnectionIndex {
 public:
  ConnectionIndex();

  LiveConnection* find(const ConnectionKey& key) const;
  // The key must not be there yet.
  void insert(std::unique_ptr<LiveConnection> connection);
  void erase(const ConnectionKey& key);

  std::size_t size() const { return size_; }
  std::vector<LiveConnection*> all() const;  // in no order

 private:
  struct Slot {
    std::unique_ptr<LiveConnection> connection;
    std::uint32_t hash = 0;
  };

  std::size_t mask() const { return slots_.size() - 1; }
  void grow();

  KeyHash hash_;
  std::vector<Slot> slots_;  // a power of two
  std::size_t size_ = 0;
};

}  // namespace mmsa::tcp
