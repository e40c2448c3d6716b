// What counts in a step of a capture, as text: one record for each fact. Two steps are alike where
// their texts are equal; only where they differ are the texts taken apart again.
//
// What never becomes a fact: times, ports, invoke ids, references of transport connections,
// sequence numbers, EntryIDs, and values that the process or the clock makes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/string_map.h"

namespace mmsa::diff {

// What a difference is about; the names are the contract of docs/diff.schema.json.
enum class Kind : std::uint8_t {
  association,    // one of the captures has no such association
  connection,     // TCP: what the handshake came to, what the connection carries
  transport,      // COTP
  session,        //
  presentation,   //
  acse,           //
  initiate,       // MMS
  close,          // who ended the association, and how
  service,        // a service that the other side never uses
  step,           // a step that the other side lacks
  objects,        // the same service asks for other objects
  order,          // the same step at another place
  answer,         // granted or refused, and with which error
  type,           // types of what is sent and answered
  value,          // settings and configuration; never measurements
  names,          // what the server lists: names, types of variables, identity
  data_set,       // members
  control_block,  // attributes of report, log, GOOSE and setting group control blocks
  control,        // parameters of commands
  add_cause,      // LastApplError and CommandTermination
  report,         // header of reports
  malformed,
  response_time,
};
std::string_view kind_name(Kind kind);   // "data-set"
std::string_view kind_title(Kind kind);  // "members of a data set"

enum class Fact : std::uint8_t {
  handshake,
  carries,
  cotp_answer,
  transport_class,
  proposed_tpdu_size,
  tpdu_size,
  calling_tsap,
  called_tsap,
  session_answer,
  session_version,
  functional_units,
  calling_session_selector,
  called_session_selector,
  presentation_answer,
  calling_presentation_selector,
  called_presentation_selector,
  responding_presentation_selector,
  contexts,
  context_results,
  acse_answer,
  application_context,
  calling_ap_title,
  called_ap_title,
  responding_ap_title,
  calling_ae_qualifier,
  called_ae_qualifier,
  responding_ae_qualifier,
  authentication,
  initiate_answer,
  pdu_size,
  outstanding_calling,
  outstanding_called,
  nesting_level,
  mms_version,
  parameter_cbb,
  services_supported,
  end,
  end_answer,
  answer,
  item_error,
  sent_type,
  answered_type,
  setting,
  names,
  type_description,
  identity,
  members,
  block_attribute,
  ctl_val,
  origin,
  ctl_num,
  control_time,
  oper_tm,
  test,
  check,
  selected,
  last_appl_error,
  termination,
  opt_flds,
  report_data_set,
  conf_rev,
  report_members,
  member_type,
  damage,
  response_class,
  used,
};

struct FactRow {
  Fact fact;
  Kind kind;
  std::string_view title;   // in the subject of a difference
  std::string_view absent;  // what a side says that does not have it
};
const FactRow& row(Fact fact);

// Builds the text of a step's facts. `of` tells facts of one kind apart: the variable, the member,
// the attribute. Texts from the wire are made printable by the caller.
class FactWriter {
 public:
  void clear() { text_.clear(); }
  bool empty() const { return text_.empty(); }
  void add(Fact fact, std::string_view value, std::string_view of = {}) {
    text_ += static_cast<char>(static_cast<std::uint8_t>(fact));
    text_ += of;
    text_ += kMiddle;
    text_ += value;
    text_ += kEnd;
  }
  const std::string& text() const { return text_; }

  // Printable text has neither.
  static constexpr char kMiddle = '\x1F';
  static constexpr char kEnd = '\x1E';

 private:
  std::string text_;
};

struct FactView {
  Fact fact;
  std::string_view of;
  std::string_view value;
};
// Views into the text.
std::vector<FactView> facts_of(std::string_view text);

// A number for each text. 0 is none: what is not known.
using Text = std::uint32_t;
inline constexpr Text kUnknown = 0;

// The texts of both captures: equal texts have equal numbers.
class Vocabulary {
 public:
  Vocabulary() { texts_.emplace_back(); }
  Text of(std::string_view text);
  std::string_view at(Text number) const { return texts_[number]; }
  // Some texts were too much to keep: they are told apart, but can not be shown.
  bool full() const { return full_; }

 private:
  // Of all texts. A capture of a gigabyte has some ten megabytes.
  static constexpr std::size_t kMaxOctets = 512u << 20;

  Text add(std::string text);

  text::StringMap<Text> numbers_;
  std::vector<std::string_view> texts_;  // keys of numbers_, which stay where they are
  std::size_t octets_ = 0;
  bool full_ = false;
};

}  // namespace mmsa::diff
