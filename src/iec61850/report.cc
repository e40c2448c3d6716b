// The order of results is fixed and OptFlds of the same report says which are there. Where the two
// disagree the types decide: an item of another type is taken as absent, and values begin behind
// the next bit-string.
#include "iec61850/report.h"

#include <algorithm>

namespace mmsa::iec61850 {
namespace {

// Walks the results of a report.
class Results {
 public:
  Results(const asn1::Tree& tree, ReportHeader& header) : tree_(tree), header_(header) {}

  // The next result if OptFlds announces it and it has this type.
  asn1::NodeRef take(std::uint16_t opt_fld, DataType type, const char* item) {
    if (!header_.has(opt_fld)) return {};
    return take(type, item);
  }
  // The same for a field that unbuffered blocks may announce and leave out.
  asn1::NodeRef take_if_there(std::uint16_t opt_fld, DataType type, const char* item) {
    if (!header_.has(opt_fld)) return {};
    if (next_ < tree_.values.size() && type_at(next_) == type) return take(type, item);
    header_.left_out = static_cast<std::uint16_t>(header_.left_out | opt_fld);
    return {};
  }
  // Unsigned numbers are sent as signed ones by some servers.
  asn1::NodeRef take_number(std::uint16_t opt_fld, const char* item) {
    if (!header_.has(opt_fld)) return {};
    if (next_ < tree_.values.size() && type_at(next_) == DataType::integer) return at(next_++);
    return take(DataType::unsigned_integer, item);
  }
  asn1::NodeRef take(DataType type, const char* item) {
    if (next_ < tree_.values.size() && type_at(next_) == type) return at(next_++);
    problem(next_ < tree_.values.size() ? ReportProblem::wrong_type : ReportProblem::too_few, item);
    return {};
  }
  asn1::NodeRef take_inclusion() {
    for (std::size_t i = next_; i < tree_.values.size(); ++i) {
      if (type_at(i) != DataType::bit_string) continue;
      if (i != next_) problem(ReportProblem::wrong_type, "inclusion-bitstring");
      next_ = i + 1;
      return at(i);
    }
    problem(ReportProblem::no_inclusion, "inclusion-bitstring");
    return {};
  }
  std::uint32_t next() const { return static_cast<std::uint32_t>(next_); }

 private:
  asn1::NodeRef at(std::size_t i) const { return tree_.at(tree_.values[i]); }
  DataType type_at(std::size_t i) const { return data_type(tree_.nodes[tree_.values[i]]); }
  void problem(ReportProblem problem, const char* item) {
    if (header_.problem != ReportProblem::none) return;
    header_.problem = problem;
    header_.problem_item = item;
  }

  const asn1::Tree& tree_;
  ReportHeader& header_;
  std::size_t next_ = 0;
};

std::optional<std::uint64_t> number(asn1::NodeRef node) {
  if (!node) return std::nullopt;
  return node.unsigned_integer();
}

std::optional<bool> flag(asn1::NodeRef node) {
  if (!node) return std::nullopt;
  return node.boolean();
}

// How the results behind the inclusion bit-string are laid out: all references, all values, all
// reason codes.
struct Layout {
  bool references = false;
  bool reasons = false;
  std::size_t size(std::size_t included) const {
    return included * (1u + (references ? 1u : 0u) + (reasons ? 1u : 0u));
  }
};

bool is_reason_code(const asn1::Node& node) {
  return data_type(node) == DataType::bit_string && node.length == 2;
}

// Whether the types of the results allow this layout.
bool fits(const asn1::Tree& tree, const ReportHeader& header, Layout layout) {
  const std::size_t results = tree.values.size() - header.first;
  if (layout.size(header.included) != results || header.included == 0) return false;
  const auto node = [&](std::size_t i) -> const asn1::Node& {
    return tree.nodes[tree.values[header.first + i]];
  };
  if (layout.references && data_type(node(0)) != DataType::visible_string) return false;
  return !layout.reasons || is_reason_code(node(results - 1));
}

Layout announced_layout(const ReportHeader& header) {
  return {header.has(OptFlds::kDataReference), header.has(OptFlds::kReasonForInclusion)};
}

// The announced layout, unless only another one fits the results.
Layout find_layout(const asn1::Tree& tree, const ReportHeader& header) {
  const Layout announced = announced_layout(header);
  if (announced.size(header.included) == tree.values.size() - header.first) return announced;
  for (const Layout other :
       {Layout{true, true}, Layout{false, true}, Layout{true, false}, Layout{}}) {
    if (fits(tree, header, other)) return other;
  }
  return announced;
}

void check_count(const asn1::Tree& tree, ReportHeader& header) {
  const std::size_t results = tree.values.size() - header.first;
  const Layout announced = announced_layout(header);
  if (results == announced.size(header.included) || header.problem != ReportProblem::none) return;
  const Layout sent = find_layout(tree, header);
  header.problem =
      results < announced.size(header.included) ? ReportProblem::too_few : ReportProblem::too_many;
  header.problem_item = sent.references != announced.references ? "data-reference"
                        : sent.reasons != announced.reasons     ? "reason-for-inclusion"
                                                                : "values";
}

// IEC 61850-7-2 17.2.5.2: an unbuffered block ignores these bits of OptFlds and may send them as
// they were written. A report that carries one of the fields is of a buffered block, which has to
// send both.
void check_buffer_fields(ReportHeader& header) {
  const bool buffered =
      header.buf_ovfl || header.entry_id || header.rpt_id.find("$BR$") != std::string_view::npos;
  if (header.left_out == 0 || !buffered || header.problem != ReportProblem::none) return;
  header.problem = ReportProblem::wrong_type;
  header.problem_item = header.left_out_name();
}

}  // namespace

const char* ReportHeader::left_out_name() const {
  const bool both =
      (left_out & OptFlds::kBufferOverflow) != 0 && (left_out & OptFlds::kEntryId) != 0;
  if (both) return "BufOvfl, EntryID";
  if ((left_out & OptFlds::kBufferOverflow) != 0) return "BufOvfl";
  return (left_out & OptFlds::kEntryId) != 0 ? "EntryID" : "";
}

std::uint16_t low_bits(const BitString& bits) {
  std::uint16_t value = 0;
  for (std::size_t i = 0; i < 16 && i < bits.size(); ++i) {
    if (bits[i]) value = static_cast<std::uint16_t>(value | 1u << i);
  }
  return value;
}

std::string_view report_problem_text(ReportProblem problem) {
  switch (problem) {
    case ReportProblem::none:
      return "";
    case ReportProblem::wrong_type:
      return "an item has another type than OptFlds announces";
    case ReportProblem::no_inclusion:
      return "there is no inclusion bit-string";
    case ReportProblem::too_few:
      return "there are fewer results than announced";
    case ReportProblem::too_many:
      return "there are more results than announced";
  }
  return "";
}

bool read_report_header(const MmsMessage& message, ReportHeader& header) {
  const asn1::Tree& tree = message.tree;
  header = {};
  if (message.pdu.service != Service::kInformationReport || tree.objects.empty() ||
      object_name(tree.at(tree.objects[0])).item != "RPT") {
    return false;
  }
  Results results(tree, header);
  const asn1::NodeRef rpt_id = results.take(DataType::visible_string, "RptID");
  const asn1::NodeRef opt_flds = results.take(DataType::bit_string, "OptFlds");
  if (!rpt_id || !opt_flds) return false;
  header.rpt_id = rpt_id.text();
  header.opt_flds = low_bits(BitString(opt_flds.bytes()));

  header.sq_num = number(results.take_number(OptFlds::kSequenceNumber, "SqNum"));
  BinaryTime time;
  const asn1::NodeRef time_of_entry =
      results.take(OptFlds::kReportTimeStamp, DataType::binary_time, "TimeOfEntry");
  if (time_of_entry && read_binary_time(time_of_entry.bytes(), time)) header.time_of_entry = time;
  if (const auto node = results.take(OptFlds::kDataSetName, DataType::visible_string, "DatSet")) {
    header.dat_set = node.text();
  }
  header.buf_ovfl =
      flag(results.take_if_there(OptFlds::kBufferOverflow, DataType::boolean, "BufOvfl"));
  if (const auto node =
          results.take_if_there(OptFlds::kEntryId, DataType::octet_string, "EntryID")) {
    header.entry_id = node.bytes();
  }
  check_buffer_fields(header);
  header.conf_rev = number(results.take_number(OptFlds::kConfRevision, "ConfRev"));
  header.sub_sq_num = number(results.take_number(OptFlds::kSegmentation, "SubSqNum"));
  header.more_segments_follow =
      flag(results.take(OptFlds::kSegmentation, DataType::boolean, "MoreSegmentsFollow"));

  header.inclusion = results.take_inclusion();
  header.first = results.next();
  if (!header.inclusion) return true;
  const BitString inclusion(header.inclusion.bytes());
  header.members = static_cast<std::uint32_t>(inclusion.size());
  header.included = static_cast<std::uint32_t>(inclusion.count());
  check_count(tree, header);
  return true;
}

void read_report_entries(const MmsMessage& message, const ReportHeader& header,
                         std::vector<ReportEntry>& entries) {
  entries.clear();
  if (!header.inclusion) return;
  const asn1::Tree& tree = message.tree;
  const Layout layout = find_layout(tree, header);
  // Cut messages and wrong OptFlds leave fewer results than members: those there are stay right.
  const auto result = [&](std::size_t i) {
    const std::size_t at = header.first + i;
    return at < tree.values.size() ? tree.at(tree.values[at]) : asn1::NodeRef{};
  };
  const std::size_t values = layout.references ? header.included : 0;
  const std::size_t reasons = values + header.included;
  const BitString inclusion(header.inclusion.bytes());
  std::size_t k = 0;
  for (std::uint32_t member = 0; member < header.members; ++member) {
    if (!inclusion[member]) continue;
    if (k == tree.values.size()) return;  // no memory for members that can not be there
    ReportEntry entry{.member = member, .data_reference = {}, .value = {}, .reason = {}};
    const asn1::NodeRef reference = layout.references ? result(k) : asn1::NodeRef{};
    if (reference && data_type(reference.node()) == DataType::visible_string) {
      entry.data_reference = reference.text();
    }
    entry.value = result(values + k);
    const asn1::NodeRef reason = layout.reasons ? result(reasons + k) : asn1::NodeRef{};
    if (reason && data_type(reason.node()) == DataType::bit_string) {
      entry.reason = static_cast<std::uint8_t>(low_bits(BitString(reason.bytes())));
    }
    entries.push_back(entry);
    ++k;
  }
}

}  // namespace mmsa::iec61850
