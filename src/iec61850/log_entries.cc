#include "iec61850/log_entries.h"

#include "iec61850/report.h"

namespace mmsa::iec61850 {
namespace {

constexpr std::string_view kReasonCode = "ReasonCode";

// valueSpecification: the Data stands there itself or below the tag of the component.
asn1::NodeRef data_of(asn1::NodeRef variable) {
  for (asn1::NodeRef c = variable.first_child(); c; c = c.next_sibling(variable)) {
    if (is_value(c.node())) return c;
    const asn1::NodeRef below = c.first_child();
    if (below && is_value(below.node())) return below;
  }
  return {};
}

void read_entry(asn1::NodeRef entry, std::vector<LoggedValue>& values) {
  const asn1::NodeRef content = entry.child("entryContent");
  std::optional<BinaryTime> time;
  BinaryTime read;
  const asn1::NodeRef occurrence = content.child("occurrenceTime");
  if (occurrence && read_binary_time(occurrence.bytes(), read) && read.has_date) time = read;
  // A CHOICE without a tag of its own has no node.
  const asn1::NodeRef form = content.child("entryForm");
  const asn1::NodeRef list = (form ? form : content).child("data").child("listOfVariables");
  for (asn1::NodeRef v = list.first_child(); v; v = v.next_sibling(list)) {
    const std::string_view tag = v.child("variableTag").text();
    const asn1::NodeRef value = data_of(v);
    if (!value) continue;
    if (tag == kReasonCode) {
      if (!values.empty() && data_type(value.node()) == DataType::bit_string) {
        values.back().reason = static_cast<std::uint8_t>(low_bits(BitString(value.bytes())));
      }
      continue;
    }
    values.push_back({.ref = tag, .value = value, .reason = {}, .entry_time = time});
  }
}

}  // namespace

void read_logged_values(const MmsMessage& message, std::vector<LoggedValue>& values) {
  values.clear();
  if (message.pdu.kind != PduKind::confirmed_response ||
      message.pdu.service != Service::kReadJournal) {
    return;
  }
  const asn1::NodeRef list = message.pdu.body.child("listOfJournalEntry");
  for (asn1::NodeRef e = list.first_child(); e; e = e.next_sibling(list)) read_entry(e, values);
}

}  // namespace mmsa::iec61850
