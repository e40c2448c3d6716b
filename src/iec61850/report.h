// Reports: an InformationReport of the list `RPT` read as IEC 61850-8-1 clause 17.2.3 lays it out.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mmsanalyze/data.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// Bits of OptFlds: 1 << the bit number of the standard.
struct OptFlds {
  static constexpr std::uint16_t kSequenceNumber = 1u << 1;
  static constexpr std::uint16_t kReportTimeStamp = 1u << 2;
  static constexpr std::uint16_t kReasonForInclusion = 1u << 3;
  static constexpr std::uint16_t kDataSetName = 1u << 4;
  static constexpr std::uint16_t kDataReference = 1u << 5;
  static constexpr std::uint16_t kBufferOverflow = 1u << 6;
  static constexpr std::uint16_t kEntryId = 1u << 7;
  static constexpr std::uint16_t kConfRevision = 1u << 8;
  static constexpr std::uint16_t kSegmentation = 1u << 9;
};
// Bits of ReasonCode, in the same way.
struct Reason {
  static constexpr std::uint8_t kDataChange = 1u << 1;
  static constexpr std::uint8_t kQualityChange = 1u << 2;
  static constexpr std::uint8_t kDataUpdate = 1u << 3;
  static constexpr std::uint8_t kIntegrity = 1u << 4;
  static constexpr std::uint8_t kGeneralInterrogation = 1u << 5;
  static constexpr std::uint8_t kApplicationTrigger = 1u << 6;
};
// The first bits of a bit-string as a number: bit i is 1 << i.
std::uint16_t low_bits(const BitString& bits);

enum class ReportProblem : std::uint8_t {
  none,
  wrong_type,    // an item has another type than OptFlds announces; it is taken as absent
  no_inclusion,  // no inclusion bit-string where the values should begin
  too_few,       // fewer results than the inclusion bit-string and OptFlds announce
  too_many,
};
std::string_view report_problem_text(ReportProblem problem);

// What stands before the values. Views into the message.
struct ReportHeader {
  std::string_view rpt_id;
  std::uint16_t opt_flds = 0;
  std::optional<std::uint64_t> sq_num;
  std::optional<BinaryTime> time_of_entry;
  std::optional<std::string_view> dat_set;
  std::optional<bool> buf_ovfl;
  std::optional<Bytes> entry_id;
  std::optional<std::uint64_t> conf_rev;
  std::optional<std::uint64_t> sub_sq_num;
  std::optional<bool> more_segments_follow;

  asn1::NodeRef inclusion;     // none where it is missing
  std::uint32_t members = 0;   // of the data set: the length of the inclusion bit-string
  std::uint32_t included = 0;  // bits set in it
  std::uint32_t first = 0;     // in tree.values: of the results behind it

  // The first thing that does not fit, and the item it was seen at ("SqNum", ...).
  ReportProblem problem = ReportProblem::none;
  const char* problem_item = "";
  // OptFlds bits of BufOvfl and EntryID that are set without their field. Allowed in a report of an
  // unbuffered block, and no `problem` unless the report shows that it is of a buffered one.
  std::uint16_t left_out = 0;
  const char* left_out_name() const;  // "EntryID", "BufOvfl, EntryID", ""
  bool consistent() const { return problem == ReportProblem::none; }
  bool has(std::uint16_t opt_fld) const { return (opt_flds & opt_fld) != 0; }
};

// One included member of the data set.
struct ReportEntry {
  std::uint32_t member = 0;         // 0 is the first of the data set
  std::string_view data_reference;  // empty where the report has none
  asn1::NodeRef value;              // none where the results end too early
  std::optional<std::uint8_t> reason;
};

// The report of a message that classify() calls Report. False where it is none. No allocation.
bool read_report_header(const MmsMessage& message, ReportHeader& header);
// Its members, after the header: fills the reused vector.
void read_report_entries(const MmsMessage& message, const ReportHeader& header,
                         std::vector<ReportEntry>& entries);

// Header and entries in one, to be reused from report to report.
struct ReportView {
  ReportHeader header;
  std::vector<ReportEntry> entries;
};
inline bool read_report(const MmsMessage& message, ReportView& report) {
  if (!read_report_header(message, report.header)) return false;
  read_report_entries(message, report.header, report.entries);
  return true;
}

}  // namespace mmsa::iec61850
