// The fields that are not made from ASN.1 tables: frames, addresses, layers, what Wireshark 4.6
// reads of IEC 61850 in MMS (mms.iec61850.*), and our own (iec61850.*, report.*, control.*). Each
// is a row of the table at the end.
#include <algorithm>
#include <array>

#include "filter/field.h"
#include "iec61850/names.h"

namespace mmsa::filter {
namespace {

using iec61850::ControlView;
using iec61850::ReportHeader;

bool number(const Visitor& visitor, std::int64_t value) { return visitor(Value::of_number(value)); }
bool text(const Visitor& visitor, std::string_view value) {
  return !value.empty() && visitor(Value::of_text(value));
}

// --- frames, addresses, layers ---

bool present(const Subject&, const Visitor& visitor) { return visitor({}); }
bool pdu(const Subject& subject, const Visitor& visitor) {
  return visitor(Value::of_octets(subject.message().octets));
}
bool frame_number(const Subject& subject, const Visitor& visitor) {
  return number(visitor, static_cast<std::int64_t>(subject.message().frame.number));
}
bool frame_time(const Subject& subject, const Visitor& visitor) {
  return number(visitor, subject.message().frame.time);
}
bool frame_time_relative(const Subject& subject, const Visitor& visitor) {
  return number(visitor, subject.message().frame.time - subject.first);
}
bool frame_time_delta(const Subject& subject, const Visitor& visitor) {
  TimeNs since_previous = 0;
  std::uint32_t length = 0;
  return subject.frames != nullptr &&
         subject.frames->find(subject.message().frame.number, since_previous, length) &&
         number(visitor, since_previous);
}
bool frame_len(const Subject& subject, const Visitor& visitor) {
  TimeNs since_previous = 0;
  std::uint32_t length = 0;
  return subject.frames != nullptr &&
         subject.frames->find(subject.message().frame.number, since_previous, length) &&
         number(visitor, length);
}

const Endpoint& source(const Subject& subject) {
  return subject.association().connection->endpoint[index(subject.message().sender)];
}
const Endpoint& destination(const Subject& subject) {
  return subject.association().connection->endpoint[index(other(subject.message().sender))];
}

template <bool kV6>
bool ip_layer(const Subject& subject, const Visitor& visitor) {
  return source(subject).address.is_v6 == kV6 && visitor({});
}
template <bool kV6>
bool ip_src(const Subject& subject, const Visitor& visitor) {
  const IpAddress& address = source(subject).address;
  return address.is_v6 == kV6 && visitor(Value::of_address(address));
}
template <bool kV6>
bool ip_dst(const Subject& subject, const Visitor& visitor) {
  const IpAddress& address = destination(subject).address;
  return address.is_v6 == kV6 && visitor(Value::of_address(address));
}
template <bool kV6>
bool ip_addr(const Subject& subject, const Visitor& visitor) {
  return ip_src<kV6>(subject, visitor) || ip_dst<kV6>(subject, visitor);
}
bool tcp_srcport(const Subject& subject, const Visitor& visitor) {
  return number(visitor, source(subject).port);
}
bool tcp_dstport(const Subject& subject, const Visitor& visitor) {
  return number(visitor, destination(subject).port);
}
bool tcp_port(const Subject& subject, const Visitor& visitor) {
  return tcp_srcport(subject, visitor) || tcp_dstport(subject, visitor);
}
bool tcp_stream(const Subject& subject, const Visitor& visitor) {
  return number(visitor, subject.association().connection->stream);
}
// ACSE carries the PDUs of Initiate only.
bool acse_layer(const Subject& subject, const Visitor& visitor) {
  switch (subject.message().pdu.kind) {
    case PduKind::initiate_request:
    case PduKind::initiate_response:
    case PduKind::initiate_error:
      return visitor({});
    default:
      return false;
  }
}

// --- requests and answers ---

bool is_answer(const MmsMessage& message) {
  switch (message.pdu.kind) {
    case PduKind::confirmed_response:
    case PduKind::confirmed_error:
    case PduKind::reject:
      return true;
    default:
      return false;
  }
}
template <PduKind kKind, std::uint16_t kService>
bool service_pdu(const Subject& subject, const Visitor& visitor) {
  const MmsPdu& message = subject.message().pdu;
  return message.kind == kKind && message.service == kService && visitor({});
}
bool response_time(const Subject& subject, const Visitor& visitor) {
  const MmsMessage& message = subject.message();
  return message.request != nullptr && is_answer(message) &&
         number(visitor, message.response_time());
}
bool response_to(const Subject& subject, const Visitor& visitor) {
  const MmsMessage& message = subject.message();
  return message.request != nullptr && is_answer(message) &&
         number(visitor, static_cast<std::int64_t>(message.request->frame.number));
}
bool ok(const Subject& subject, const Visitor& visitor) {
  const auto ok = subject.exchange.ok();
  return ok && number(visitor, *ok ? 1 : 0);
}
bool malformed(const Subject& subject, const Visitor& visitor) {
  return subject.message().pdu.error.has_value() && visitor({});
}
bool cut(const Subject& subject, const Visitor& visitor) {
  return subject.message().cut && visitor({});
}

// --- what a message is about ---

bool acsi(const Subject& subject, const Visitor& visitor) {
  return text(visitor, iec61850::acsi_name(subject.exchange.acsi()));
}

// The names of objects in a PDU, "LD/item".
template <typename Function>
bool names_in(const asn1::Tree& tree, std::string& scratch, Function&& function) {
  for (const std::uint32_t object : tree.objects) {
    scratch.clear();
    iec61850::append_object_name(scratch, object_name(tree.at(object)));
    if (function(std::string_view(scratch))) return true;
  }
  return false;
}

// Calls the function with each reference that the message is about, "LD/LN$FC$DO", until it has
// seen enough: variables, data sets, members of a report, control objects, else the names that the
// message, or its request, holds.
template <typename Function>
bool references(const Subject& subject, Function&& function) {
  const iec61850::Exchange& exchange = subject.exchange;
  bool any = false;
  const auto give = [&any, &function](std::string_view reference) {
    if (reference.empty()) return false;
    any = true;
    return static_cast<bool>(function(reference));
  };
  if (exchange.report_header() != nullptr) {
    for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
      if (give(exchange.entry_name(entry))) return true;
    }
  } else {
    if (give(exchange.data_set())) return true;
    for (const iec61850::Item& item : exchange.items()) {
      if (give(item.ref)) return true;
    }
    const ControlView* const control = exchange.control();
    if (!any && control != nullptr) {
      subject.scratch.clear();
      iec61850::append_object_name(subject.scratch,
                                   {ObjectName::Scope::domain, control->domain, control->object});
      if (give(subject.scratch)) return true;
    }
  }
  if (any) return false;
  const MmsMessage& message = subject.message();
  if (names_in(message.tree, subject.scratch, give)) return true;
  return !any && message.request_view != nullptr &&
         names_in(message.request_view->tree(), subject.scratch, give);
}

iec61850::Reference parsed(std::string_view reference) {
  return iec61850::parse_reference(iec61850::split_reference(reference));
}

bool reference(const Subject& subject, const Visitor& visitor) {
  return references(subject, [&](std::string_view name) { return text(visitor, name); });
}
bool logical_device(const Subject& subject, const Visitor& visitor) {
  return references(subject,
                    [&](std::string_view name) { return text(visitor, parsed(name).domain); });
}
bool logical_node(const Subject& subject, const Visitor& visitor) {
  return references(subject, [&](std::string_view name) { return text(visitor, parsed(name).ln); });
}
bool constraint(const Subject& subject, const Visitor& visitor) {
  return references(subject, [&](std::string_view name) {
    return text(visitor, iec61850::fc_name(parsed(name).fc));
  });
}
bool data_object(const Subject& subject, const Visitor& visitor) {
  return references(subject, [&](std::string_view name) {
    const iec61850::Reference item = parsed(name);
    return item.fc != iec61850::Fc::none && text(visitor, item.data_object());
  });
}

// --- reports ---

using HeaderReader = bool (*)(const ReportHeader& header, const Visitor& visitor);
template <HeaderReader kRead>
bool header(const Subject& subject, const Visitor& visitor) {
  const ReportHeader* const report = subject.exchange.report_header();
  return report != nullptr && kRead(*report, visitor);
}
bool report_layer(const ReportHeader&, const Visitor& visitor) { return visitor({}); }
bool rpt_id(const ReportHeader& report, const Visitor& visitor) {
  return visitor(Value::of_text(report.rpt_id));
}
bool sq_num(const ReportHeader& report, const Visitor& visitor) {
  return report.sq_num && number(visitor, static_cast<std::int64_t>(*report.sq_num));
}
bool sub_sq_num(const ReportHeader& report, const Visitor& visitor) {
  return report.sub_sq_num && number(visitor, static_cast<std::int64_t>(*report.sub_sq_num));
}
bool more_segments(const ReportHeader& report, const Visitor& visitor) {
  return report.more_segments_follow && number(visitor, *report.more_segments_follow ? 1 : 0);
}
bool time_of_entry(const ReportHeader& report, const Visitor& visitor) {
  return report.time_of_entry && report.time_of_entry->has_date &&
         number(visitor, report.time_of_entry->time());
}
bool dat_set(const ReportHeader& report, const Visitor& visitor) {
  return report.dat_set && visitor(Value::of_text(*report.dat_set));
}
bool buf_ovfl(const ReportHeader& report, const Visitor& visitor) {
  return report.buf_ovfl && number(visitor, *report.buf_ovfl ? 1 : 0);
}
bool entry_id(const ReportHeader& report, const Visitor& visitor) {
  return report.entry_id && visitor(Value::of_octets(*report.entry_id));
}
bool conf_rev(const ReportHeader& report, const Visitor& visitor) {
  return report.conf_rev && number(visitor, static_cast<std::int64_t>(*report.conf_rev));
}
bool inclusion(const ReportHeader& report, const Visitor& visitor) {
  const Bytes content = report.inclusion.bytes();
  return !content.empty() && visitor(Value::of_octets(content.subspan(1)));
}
bool members(const ReportHeader& report, const Visitor& visitor) {
  return number(visitor, report.included);
}
bool reasons(const Subject& subject, const Visitor& visitor) {
  if (subject.exchange.report_header() == nullptr) return false;
  const std::span<const std::string_view> names = iec61850::reason_names();
  for (const iec61850::ReportEntry& entry : subject.exchange.report_entries()) {
    for (std::size_t bit = 0; entry.reason && bit < names.size(); ++bit) {
      if ((*entry.reason >> bit & 1) != 0 && text(visitor, names[bit])) return true;
    }
  }
  return false;
}
// Bit kBit of OptFlds of the report.
template <int kBit>
bool opt_fld(const ReportHeader& report, const Visitor& visitor) {
  return number(visitor, report.opt_flds >> kBit & 1);
}

// --- commands ---

using ControlReader = bool (*)(const ControlView& control, const Visitor& visitor);
template <ControlReader kRead>
bool control(const Subject& subject, const Visitor& visitor) {
  const ControlView* const view = subject.exchange.control();
  return view != nullptr && kRead(*view, visitor);
}
bool control_layer(const ControlView&, const Visitor& visitor) { return visitor({}); }
bool control_kind(const ControlView& view, const Visitor& visitor) {
  return text(visitor, iec61850::control_kind_name(view.kind));
}
bool control_object(const Subject& subject, const Visitor& visitor) {
  const ControlView* const view = subject.exchange.control();
  if (view == nullptr) return false;
  subject.scratch.clear();
  iec61850::append_object_name(subject.scratch,
                               {ObjectName::Scope::domain, view->domain, view->object});
  return text(visitor, subject.scratch);
}
bool ctl_val(const ControlView& view, const Visitor& visitor) {
  const asn1::NodeRef value = view.parameters.ctl_val;
  return value && value.node().kind() == asn1::Kind::boolean &&
         number(visitor, value.boolean() ? 1 : 0);
}
bool ctl_num(const ControlView& view, const Visitor& visitor) {
  const auto& value = view.parameters.ctl_num ? view.parameters.ctl_num
                      : view.error            ? view.error->ctl_num
                                              : view.parameters.ctl_num;
  return value && number(visitor, static_cast<std::int64_t>(*value));
}
bool or_cat(const ControlView& view, const Visitor& visitor) {
  const auto& value = view.parameters.or_cat ? view.parameters.or_cat
                      : view.error           ? view.error->or_cat
                                             : view.parameters.or_cat;
  return value && number(visitor, *value);
}
bool or_ident(const ControlView& view, const Visitor& visitor) {
  if (view.parameters.or_cat) return visitor(Value::of_octets(view.parameters.or_ident));
  return view.error && visitor(Value::of_octets(view.error->or_ident));
}
bool control_test(const ControlView& view, const Visitor& visitor) {
  return view.parameters.test && number(visitor, *view.parameters.test ? 1 : 0);
}
bool synchrocheck(const ControlView& view, const Visitor& visitor) {
  return view.parameters.check && number(visitor, view.parameters.synchrocheck() ? 1 : 0);
}
bool interlock_check(const ControlView& view, const Visitor& visitor) {
  return view.parameters.check && number(visitor, view.parameters.interlock_check() ? 1 : 0);
}
bool add_cause(const ControlView& view, const Visitor& visitor) {
  return view.error && number(visitor, view.error->add_cause);
}
bool add_cause_text(const ControlView& view, const Visitor& visitor) {
  return view.error && text(visitor, iec61850::add_cause_name(view.error->add_cause));
}
bool control_ok(const ControlView& view, const Visitor& visitor) {
  const bool says = view.answer || view.kind == iec61850::ControlKind::termination ||
                    view.kind == iec61850::ControlKind::last_appl_error;
  const bool good = view.success && view.kind != iec61850::ControlKind::last_appl_error;
  return says && number(visitor, good ? 1 : 0);
}

// --- quality and time stamps ---

// Of every 13 bits in Data: nothing else in IEC 61850 has that many.
template <typename Function>
bool qualities(const Subject& subject, Function&& function) {
  const asn1::Tree& tree = subject.message().tree;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const asn1::Node& node = tree.nodes[i];
    if (node.role() != asn1::Role::data || node.kind() != asn1::Kind::bit_string) continue;
    const BitString bits(node.bytes());
    if (bits.size() == iec61850::Quality::kBits && function(node, bits)) return true;
  }
  return false;
}
bool quality_octets(const Subject& subject, const Visitor& visitor) {
  return qualities(subject, [&](const asn1::Node& node, const BitString&) {
    return visitor(Value::of_octets(node.bytes().subspan(1)));
  });
}
bool validity(const Subject& subject, const Visitor& visitor) {
  return qualities(subject, [&](const asn1::Node&, const BitString& bits) {
    return number(visitor, static_cast<std::int64_t>(iec61850::Quality(bits).validity()));
  });
}
template <int kBit>
bool quality_bit(const Subject& subject, const Visitor& visitor) {
  return qualities(subject, [&](const asn1::Node&, const BitString& bits) {
    return number(visitor, bits[kBit] ? 1 : 0);
  });
}

template <typename Function>
bool utc_times(const Subject& subject, Function&& function) {
  const asn1::Tree& tree = subject.message().tree;
  UtcTime time;
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const asn1::Node& node = tree.nodes[i];
    if (node.kind() == asn1::Kind::utc_time && read_utc_time(node.bytes(), time) &&
        function(time)) {
      return true;
    }
  }
  return false;
}
template <std::uint8_t kFlag>
bool time_flag(const Subject& subject, const Visitor& visitor) {
  return utc_times(subject, [&](const UtcTime& time) {
    return number(visitor, (time.quality & kFlag) != 0 ? 1 : 0);
  });
}
bool time_accuracy(const Subject& subject, const Visitor& visitor) {
  return utc_times(subject, [&](const UtcTime& time) { return number(visitor, time.accuracy()); });
}
bool time_value(const Subject& subject, const Visitor& visitor) {
  return utc_times(subject, [&](const UtcTime& time) { return number(visitor, time.time()); });
}

constexpr asn1::NamedNumber kValidityNames[] = {
    {0, "good"}, {1, "invalid"}, {2, "reserved"}, {3, "questionable"}};

struct Row {
  const char* name;
  ValueType type;
  const char* help;
  bool (*visit)(const Subject& subject, const Visitor& visitor);
  bool needs_frames = false;
  std::span<const asn1::NamedNumber> names{};
};
using enum ValueType;

constexpr Row kRows[] = {
    // Layers.
    {"frame", none, "every message", present},
    {"ip", none, "over IPv4", ip_layer<false>},
    {"ipv6", none, "over IPv6", ip_layer<true>},
    {"tcp", none, "every message", present},
    {"tpkt", none, "every message", present},
    {"cotp", none, "every message", present},
    {"ses", none, "every message", present},
    {"pres", none, "every message", present},
    {"acse", none, "messages of the association's establishment", acse_layer},
    {"mms", protocol, "every message; its octets", pdu},
    // Frames: of a message in several, the one that completes it.
    {"frame.number", integer, "number of the frame, from 1", frame_number},
    {"frame.time", ValueType::time, "capture time", frame_time},
    {"frame.time_epoch", ValueType::time, "capture time", frame_time},
    {"frame.time_relative", duration, "since the first frame", frame_time_relative},
    {"frame.time_delta", duration, "since the frame before, of whatever protocol", frame_time_delta,
     true},
    {"frame.len", integer, "octets of the frame on the wire", frame_len, true},
    // Addresses.
    {"ip.addr", address, "sender or receiver", ip_addr<false>},
    {"ip.src", address, "sender", ip_src<false>},
    {"ip.dst", address, "receiver", ip_dst<false>},
    {"ipv6.addr", address, "sender or receiver", ip_addr<true>},
    {"ipv6.src", address, "sender", ip_src<true>},
    {"ipv6.dst", address, "receiver", ip_dst<true>},
    {"tcp.port", integer, "the sender's and the receiver's", tcp_port},
    {"tcp.srcport", integer, "the sender's", tcp_srcport},
    {"tcp.dstport", integer, "the receiver's", tcp_dstport},
    {"tcp.stream", integer, "number of the connection, from 0", tcp_stream},
    // Requests and answers.
    {"mms.read_Request", none, "Read requests",
     service_pdu<PduKind::confirmed_request, Service::kRead>},
    {"mms.read_Response", none, "Read responses",
     service_pdu<PduKind::confirmed_response, Service::kRead>},
    {"mms.write_Request", none, "Write requests",
     service_pdu<PduKind::confirmed_request, Service::kWrite>},
    {"mms.write_Response", none, "Write responses",
     service_pdu<PduKind::confirmed_response, Service::kWrite>},
    {"mms.response_time", duration, "from the request to this answer", response_time},
    {"mms.response_to", integer, "frame of the request that this answers", response_to},
    {"ok", boolean, "of answers: nothing in them failed", ok},
    {"malformed", none, "its octets break the encoding rules or the syntax", malformed},
    {"cut", none, "its end is not in the capture", cut},
    // What it is about.
    {"iec61850.acsi", string, "ACSI service, IEC 61850-7-2", acsi},
    {"iec61850.ref", string, "object or data set, as LD/LN$FC$DO$DA", reference},
    {"iec61850.ld", string, "logical device, with the name of its IED", logical_device},
    {"iec61850.ln", string, "logical node", logical_node},
    {"iec61850.fc", string, "functional constraint", constraint},
    {"iec61850.do", string, "data object, or control block", data_object},
    {"iec61850.t", ValueType::time, "time stamps of the device among the values", time_value},
    // Reports.
    {"report", none, "IEC 61850 reports", header<report_layer>},
    {"report.rpt_id", string, "RptID", header<rpt_id>},
    {"report.sq_num", integer, "SqNum", header<sq_num>},
    {"report.sub_sq_num", integer, "SubSqNum", header<sub_sq_num>},
    {"report.more_segments_follow", boolean, "MoreSegmentsFollow", header<more_segments>},
    {"report.data_set", string, "DatSet", header<dat_set>},
    {"report.buf_ovfl", boolean, "BufOvfl", header<buf_ovfl>},
    {"report.entry_id", octets, "EntryID", header<entry_id>},
    {"report.conf_rev", integer, "ConfRev", header<conf_rev>},
    {"report.time_of_entry", ValueType::time, "TimeOfEntry", header<time_of_entry>},
    {"report.members", integer, "how many members of the data set it holds", header<members>},
    {"report.reason", string, "reasons for inclusion of its members", reasons},
    // Commands.
    {"control", none, "messages about a control object", control<control_layer>},
    {"control.kind", string, "Select, SelectWithValue, Operate, Cancel, ...",
     control<control_kind>},
    {"control.object", string, "LD/LN$CO$DO", control_object},
    {"control.ctl_val", boolean, "ctlVal, where it is a BOOLEAN", control<ctl_val>},
    {"control.ctl_num", integer, "ctlNum", control<ctl_num>},
    {"control.or_cat", integer, "orCat", control<or_cat>},
    {"control.or_ident", octets, "orIdent", control<or_ident>},
    {"control.test", boolean, "Test", control<control_test>},
    {"control.synchrocheck", boolean, "Check, bit 0", control<synchrocheck>},
    {"control.interlock_check", boolean, "Check, bit 1", control<interlock_check>},
    {"control.add_cause", integer, "AddCause of a refusal", control<add_cause>},
    {"control.add_cause_name", string, "the same by name", control<add_cause_text>},
    {"control.ok", boolean, "of answers and terminations: it was done", control<control_ok>},
    // As Wireshark 4.6 names them.
    {"mms.iec61850.rptid", string, "RptID of a report", header<rpt_id>},
    {"mms.iec61850.seqnum", integer, "SqNum of a report", header<sq_num>},
    {"mms.iec61850.datset", string, "DatSet of a report", header<dat_set>},
    {"mms.iec61850.bufovfl", boolean, "BufOvfl of a report", header<buf_ovfl>},
    {"mms.iec61850.confrev", integer, "ConfRev of a report", header<conf_rev>},
    {"mms.iec61850.inclusion_bitstring", octets, "inclusion of a report", header<inclusion>},
    {"mms.ReportedOptFlds.reserved", boolean, "bit 0 of OptFlds", header<opt_fld<0>>},
    {"mms.ReportedOptFlds.sequence.number", boolean, "bit 1 of OptFlds", header<opt_fld<1>>},
    {"mms.ReportedOptFlds.report.time.stamp", boolean, "bit 2 of OptFlds", header<opt_fld<2>>},
    {"mms.ReportedOptFlds.reason.for.inclusion", boolean, "bit 3 of OptFlds", header<opt_fld<3>>},
    {"mms.ReportedOptFlds.data.set.name", boolean, "bit 4 of OptFlds", header<opt_fld<4>>},
    {"mms.ReportedOptFlds.data.reference", boolean, "bit 5 of OptFlds", header<opt_fld<5>>},
    {"mms.ReportedOptFlds.buffer.overflow", boolean, "bit 6 of OptFlds", header<opt_fld<6>>},
    {"mms.ReportedOptFlds.entryID", boolean, "bit 7 of OptFlds", header<opt_fld<7>>},
    {"mms.ReportedOptFlds.conf.revision", boolean, "bit 8 of OptFlds", header<opt_fld<8>>},
    {"mms.ReportedOptFlds.segmentation", boolean, "bit 9 of OptFlds", header<opt_fld<9>>},
    {"mms.iec61850.ctlval", boolean, "ctlVal, where it is a BOOLEAN", control<ctl_val>},
    {"mms.iec61850.ctlnum", integer, "ctlNum of a command", control<ctl_num>},
    {"mms.iec61850.orcat", integer, "orCat of a command", control<or_cat>},
    {"mms.iec61850.orcategory", integer, "orCat of a command", control<or_cat>},
    {"mms.iec61850.orident", octets, "orIdent of a command", control<or_ident>},
    {"mms.iec61850.synchrocheck", boolean, "Check of a command, bit 0", control<synchrocheck>},
    {"mms.iec61850.interlockcheck", boolean, "Check of a command, bit 1", control<interlock_check>},
    {"mms.iec61850.quality_bitstring", octets, "quality among the values", quality_octets},
    {"mms.iec61850.validity", integer, "validity of a quality", validity, false, kValidityNames},
    {"mms.iec61850.overflow", boolean, "bit 2 of a quality", quality_bit<2>},
    {"mms.iec61850.outofrange", boolean, "bit 3 of a quality", quality_bit<3>},
    {"mms.iec61850.badreference", boolean, "bit 4 of a quality", quality_bit<4>},
    {"mms.iec61850.oscillatory", boolean, "bit 5 of a quality", quality_bit<5>},
    {"mms.iec61850.failure", boolean, "bit 6 of a quality", quality_bit<6>},
    {"mms.iec61850.oldData", boolean, "bit 7 of a quality", quality_bit<7>},
    {"mms.iec61850.inconsistent", boolean, "bit 8 of a quality", quality_bit<8>},
    {"mms.iec61850.inaccurate", boolean, "bit 9 of a quality", quality_bit<9>},
    {"mms.iec61850.source", integer, "bit 10 of a quality: 1 substituted", quality_bit<10>},
    {"mms.iec61850.test", boolean, "bit 11 of a quality", quality_bit<11>},
    {"mms.iec61850.operatorblocked", boolean, "bit 12 of a quality", quality_bit<12>},
    {"mms.iec61850.leapsecondknown", boolean, "of a time stamp",
     time_flag<UtcTime::kLeapSecondsKnown>},
    {"mms.iec61850.clockfailure", boolean, "of a time stamp", time_flag<UtcTime::kClockFailure>},
    {"mms.iec61850.clocknotsynchronized", boolean, "of a time stamp",
     time_flag<UtcTime::kClockNotSynchronized>},
    {"mms.iec61850.timeaccuracy", integer, "bits of a time stamp that count; 31: not known",
     time_accuracy},
};

}  // namespace

void add_own_fields(std::vector<Field>& fields) {
  for (const Row& row : kRows) {
    Field field;
    field.name = row.name;
    field.type = row.type;
    field.help = row.help;
    field.names = row.names;
    field.visit = row.visit;
    field.needs_frames = row.needs_frames;
    fields.push_back(std::move(field));
  }
}

}  // namespace mmsa::filter
