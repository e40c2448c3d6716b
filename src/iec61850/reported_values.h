// What the reports of one block last told of the status attributes in its data set, and the changes
// that no report told: a scan (integrity, general interrogation) shows another value than the
// report before (IEC 61850-7-2 clause 17.2.2: data-change triggers a report of its own).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iec61850/type_tree.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

// A status attribute: boolean, Dbpos or an enumeration.
struct StatusValue {
  DataType type = DataType::boolean;  // bit_string: Dbpos, as 0 to 3
  std::int64_t number = 0;

  friend bool operator==(const StatusValue&, const StatusValue&) = default;
};
void append_status(std::string& out, StatusValue value);  // "true", "on", "5"

// The trigger options (TrgOps dchg) of IEC 61850-7-3 hold for these attributes of FC ST: "stVal",
// "general", ... Measured values have deadbands, quality and time triggers of their own.
bool is_status_attribute(std::string_view name);

class ReportedValues {
 public:
  struct Change {
    // Within the member, where it is a structure: of its child; else kWhole.
    static constexpr std::uint8_t kWhole = 0xFF;
    std::uint32_t member = 0;
    std::uint8_t child = kWhole;
    StatusValue before;
    StatusValue after;
    FrameRef from;          // the report that last told `before`
    FrameRef to;            // the report that shows `after`
    bool has_time = false;  // `after` has a time stamp of the device, and it is older than `to`
  };
  // Of a report, for all its members.
  struct Report {
    FrameRef frame;
    std::optional<TimeNs> entry_time;  // TimeOfEntry
    // Changes of this long before a scan may have been merged into it: BufTm.
    TimeNs merged = 0;
  };

  // Nothing that was told is of use any more: reports are lost, or the block was not reporting.
  void forget() {
    ++epoch_;
    waiting_.clear();
  }
  // The data set of the reports; another number is another data set.
  void set_members(std::uint32_t members);

  bool follows(std::uint32_t member) const { return slots_[member] != 0; }
  // Looks once which attributes of a member to follow. Its reference and type are empty and null
  // where they are not known: then only what has the shape of a status is followed. Of members
  // below set_members().
  void follow(std::uint32_t member, asn1::NodeRef value, std::string_view reference, TypeRef type);
  // Records in use, for caps.
  std::size_t size() const { return records_.size(); }

  // What a report says of a member that is followed. `event`: it tells an event (data-change and
  // the like, or no reason at all); else it is of a scan. Appends the changes that it shows and
  // that no report told so far.
  void see(const Report& report, std::uint32_t member, asn1::NodeRef value, bool event,
           std::vector<Change>& changes);

  // Servers may send the report of an event behind the scan that showed it: a change waits for it.
  void wait(const Change& change);
  // Those that waited longer than `time` and were not told since, in order.
  std::vector<Change> take_settled(FrameRef now, TimeNs time);
  bool any_waiting() const { return !waiting_.empty(); }
  // Changes that were one too many to wait.
  std::uint64_t not_kept() const { return not_kept_; }

 private:
  struct Attribute {
    std::uint8_t child = Change::kWhole;
    DataType type = DataType::boolean;
    std::int64_t value = 0;
  };
  struct Record {
    std::uint32_t first = 0;  // in attributes_
    std::uint8_t count = 0;
    bool proven = false;      // that changes of it are reported at all
    std::uint32_t epoch = 0;  // in which it was last told
    std::uint64_t time = 0;   // UtcTime of the value, seconds and fraction; 0: none
    std::optional<TimeNs> entry_time;
    FrameRef frame;
  };

  void add_attribute(std::uint8_t child, asn1::NodeRef value);
  void follow_structure(asn1::NodeRef value, TypeRef type, bool named);
  bool read(const Record& record, asn1::NodeRef value);
  bool may_be_merged(const Report& report) const;
  void told(std::uint32_t member, const Record& record);

  std::vector<std::uint32_t> slots_;  // by member: 1 + the place in records_; 0 where not followed
  std::vector<Record> records_;
  std::vector<Attribute> attributes_;
  std::vector<Change> waiting_;
  std::uint32_t epoch_ = 1;
  std::uint64_t not_kept_ = 0;
  // Of the value that is looked at; as long as the longest record.
  std::vector<std::int64_t> now_;
  std::uint64_t now_time_ = 0;
};

}  // namespace mmsa::iec61850
