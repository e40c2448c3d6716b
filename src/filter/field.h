// The fields that filters name: THE table is what all_fields() gives. Those of mms.* are made from
// the ASN.1 tables, the others are rows of own_fields.cc.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "filter/value.h"
#include "iec61850/meaning.h"

namespace mmsa::filter {

// What the capture knows of frames beyond FrameRef. Asked from the thread that filters.
class FrameFacts {
 public:
  virtual ~FrameFacts() = default;
  // Time since the frame before, and octets on the wire; false where the frame is not known.
  virtual bool find(std::uint64_t frame, TimeNs& since_previous, std::uint32_t& length) const = 0;
};

// The message that is filtered, and what a filter needs beside it.
struct Subject {
  const iec61850::Exchange& exchange;
  TimeNs first = 0;                    // capture time of the first frame
  const FrameFacts* frames = nullptr;  // null: fields that need it have no values
  std::string& scratch;                // for texts that a field makes; of the last value only

  const MmsMessage& message() const { return exchange.message(); }
  const Association& association() const { return exchange.association(); }
};

// Is given the values of a field in order; answers whether it has seen enough.
class Visitor {
 public:
  template <typename Function>
  explicit Visitor(Function& function)
      : context_(&function), call_([](void* context, const Value& value) {
          return static_cast<bool>((*static_cast<Function*>(context))(value));
        }) {}
  bool operator()(const Value& value) const { return call_(context_, value); }

 private:
  void* context_;
  bool (*call_)(void*, const Value&);
};

// Where a field of mms.* stands in a decoded PDU, and how its value is read there.
struct Place {
  enum class Reading : std::uint8_t {
    presence,
    content,      // by the kind of the node
    alternative,  // the number of the alternative of a CHOICE: `number`
    chosen,       // the same of a CHOICE that has a node of its own: its child tells
    children,     // how many there are
    bit,          // bit `number` of a BIT STRING
    time_text,    // of UtcTime and TimeOfDay as Wireshark prints it
  };
  const asn1::Field* field = nullptr;  // of the node
  const asn1::Type* inside = nullptr;  // of the node's parent; null: of any
  Reading reading = Reading::presence;
  std::int64_t number = 0;
};

struct Field {
  std::string name;
  ValueType type = ValueType::none;
  std::string help;
  // Named values that a literal may spell.
  std::span<const asn1::NamedNumber> names{};
  // One of these two.
  bool (*visit)(const Subject& subject, const Visitor& visitor) = nullptr;
  std::vector<Place> places{};
  bool needs_frames = false;  // Subject::frames
};

// Sorted by name. Made at the first call, valid for ever.
std::span<const Field> all_fields();
// Null where there is none of this name.
const Field* find_field(std::string_view name);
// Names near `name`, the nearest first; at most five, separated by ", ".
std::string near_fields(std::string_view name);

// Calls the visitor for each value of the field until it has seen enough, and says whether it has.
bool visit(const Field& field, const Subject& subject, const Visitor& visitor);

// --- where the table comes from ---

void add_asn1_fields(std::vector<Field>& fields);
void add_own_fields(std::vector<Field>& fields);
bool visit_places(const Field& field, const Subject& subject, const Visitor& visitor);

}  // namespace mmsa::filter
