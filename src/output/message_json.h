// One MMS message as one JSON object: docs/messages.schema.json.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iec61850/meaning.h"
#include "output/meaning_json.h"
#include "output/node_json.h"

namespace mmsa::output {

// Keys of a record, in the order in which they are written.
enum class MessageKey : std::uint8_t {
  frame,
  frames,
  time,
  ts,
  stream,
  src,
  dst,
  sender,
  client,
  server,
  pdu,
  invoke_id,
  service,
  acsi,
  data_set,
  items,
  report,
  control,
  rcb,
  file,
  setting_group,
  detail,
  request_frame,
  response_ms,
  ok,
  error,
  error_class,
  malformed,
  cut,
};
// By name, in that order.
std::span<const std::string_view> message_keys();

// Some of the keys.
class MessageKeys {
 public:
  static MessageKeys all() { return MessageKeys(~std::uint32_t{0}); }
  MessageKeys() = default;
  void insert(MessageKey key) { bits_ |= bit(key); }
  bool has(MessageKey key) const { return (bits_ & bit(key)) != 0; }

 private:
  explicit MessageKeys(std::uint32_t bits) : bits_(bits) {}
  static std::uint32_t bit(MessageKey key) { return 1u << static_cast<unsigned>(key); }
  std::uint32_t bits_ = 0;
};

class MessageJson {
 public:
  explicit MessageJson(MessageKeys keys = MessageKeys::all()) : keys_(keys) {}

  // Appends the object, without a line end.
  void write(const iec61850::Exchange& exchange, std::string& out);

 private:
  // `stream` to `server` of the messages of an association, by sender.
  struct Ends {
    bool made = false;
    std::uint32_t stream = 0;
    Side client = Side::a;
    std::string text[2];
  };
  std::string_view ends(const Association& association, Side sender);

  MessageKeys keys_;
  DetailWriter detail_;
  std::vector<Ends> ends_;  // by Association::slot
};

}  // namespace mmsa::output
