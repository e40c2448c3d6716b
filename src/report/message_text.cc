#include "report/message_text.h"

#include <fmt/format.h>

#include <iterator>

#include "iec61850/acsi.h"
#include "iec61850/file_view.h"
#include "iec61850/reference.h"
#include "iec61850/report.h"
#include "iec61850/value_text.h"
#include "mms/service_error.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::report {
namespace {

// A line is for the eye: what is further to the right than this is better read as JSON.
constexpr std::size_t kMaxLine = 2000;
constexpr std::size_t kMaxItems = 8;

void append_name(std::string& line, asn1::NodeRef node) {
  std::string name;
  iec61850::append_object_name(name, object_name(node));
  text::append_printable(line, name);
}

void append_one_value(std::string& line, const asn1::Tree& tree, std::uint32_t index,
                      iec61850::Reference reference) {
  const asn1::Node& node = tree.nodes[index];
  if (node.role() == asn1::Role::failure) {
    const std::int64_t code = ber::integer(node.bytes());
    const std::string_view name = data_access_error_name(code);
    line += name.empty() ? fmt::format("error {}", code) : std::string(name);
    return;
  }
  iec61850::ValueContext context;
  context.reference = reference;
  context.max_length = 120;
  iec61850::append_value(line, tree.at(index), context);
}

// Objects, each with the value that belongs to it.
void append_objects_and_values(std::string& line, const asn1::Tree& names, const asn1::Tree& values,
                               bool with_values) {
  const bool paired = with_values && names.objects.size() == values.values.size();
  std::size_t shown = 0;
  for (std::size_t i = 0; i < names.objects.size(); ++i) {
    if (++shown > kMaxItems) {
      fmt::format_to(std::back_inserter(line), "  +{} more", names.objects.size() - kMaxItems);
      return;
    }
    line += "  ";
    append_name(line, names.at(names.objects[i]));
    if (!paired) continue;
    line += "=";
    append_one_value(line, values, values.values[i],
                     iec61850::parse_reference(object_name(names.at(names.objects[i]))));
  }
  if (paired || !with_values) return;
  for (std::size_t i = 0; i < values.values.size() && i < kMaxItems; ++i) {
    line += "  ";
    append_one_value(line, values, values.values[i], {});
  }
  if (values.values.size() > kMaxItems) {
    fmt::format_to(std::back_inserter(line), "  +{} more", values.values.size() - kMaxItems);
  }
}

void append_report(std::string& line, const iec61850::Exchange& exchange) {
  const iec61850::ReportHeader& header = *exchange.report_header();
  line += "  ";
  text::append_printable(line, header.rpt_id);
  auto out = std::back_inserter(line);
  if (header.sq_num) fmt::format_to(out, " SqNum={}", *header.sq_num);
  if (header.sub_sq_num) fmt::format_to(out, " SubSqNum={}", *header.sub_sq_num);
  if (header.more_segments_follow.value_or(false)) line += " more";
  if (header.buf_ovfl.value_or(false)) line += " BufOvfl";
  fmt::format_to(out, " {}/{} members", header.included, header.members);
  std::size_t shown = 0;
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    if (++shown > kMaxItems || !entry.value) break;
    line += "  ";
    iec61850::Reference reference;
    if (entry.data_reference.empty()) {
      fmt::format_to(out, "[{}]", entry.member);
    } else {
      text::append_printable(line, entry.data_reference);
      reference = iec61850::parse_reference(iec61850::split_reference(entry.data_reference));
    }
    line += "=";
    iec61850::ValueContext context;
    context.reference = reference;
    context.max_length = 120;
    iec61850::append_value(line, entry.value, context);
  }
}

void append_error(std::string& line, const MmsMessage& message) {
  if (const auto error = mms::service_error(message.pdu)) {
    fmt::format_to(std::back_inserter(line), "  {}/{}", error->error_class,
                   error->code.empty() ? std::to_string(error->number) : std::string(error->code));
  }
  if (const auto reason = mms::reject_reason(message.pdu)) {
    fmt::format_to(
        std::back_inserter(line), "  {} {}", reason->pdu,
        reason->code.empty() ? std::to_string(reason->number) : std::string(reason->code));
  }
}

void append_file(std::string& line, const iec61850::FileView& file) {
  auto out = std::back_inserter(line);
  if (file.name) {
    std::string name;
    iec61850::append_file_name(name, file.name);
    line += "  \"";
    text::append_printable(line, name);
    line += '"';
  }
  if (file.frsm_id) fmt::format_to(out, " frsmID={}", *file.frsm_id);
  if (file.size) fmt::format_to(out, " {} octets", *file.size);
  if (file.data_octets) fmt::format_to(out, " {} octets", *file.data_octets);
  if (file.more_follows.value_or(false)) line += " more";
}

// What an engineer calls it: the ACSI service, else the MMS one.
std::string_view message_name(const iec61850::Exchange& exchange) {
  const iec61850::Acsi acsi = exchange.acsi();
  const MmsMessage& message = exchange.message();
  if (acsi != iec61850::Acsi::none) return iec61850::acsi_name(acsi);
  const std::string_view service = service_name(message.service());
  return service.empty() ? pdu_kind_name(message.pdu.kind) : service;
}

std::string_view kind_mark(const MmsMessage& message) {
  switch (message.pdu.kind) {
    case PduKind::confirmed_request:
      return "request";
    case PduKind::confirmed_response: {
      for (const std::uint32_t index : message.tree.values) {
        if (message.tree.nodes[index].role() == asn1::Role::failure) return "FAILED";
      }
      return "ok";
    }
    case PduKind::confirmed_error:
      return "ERROR";
    case PduKind::reject:
      return "REJECT";
    case PduKind::unconfirmed:
      return "";
    default:
      return pdu_kind_name(message.pdu.kind);
  }
}

// Cuts a line of printable text to `width` columns, never inside a UTF-8 character.
void cut_line(std::string& line, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) == 0x80) continue;
    if (++columns > width) {
      line.resize(i);
      return;
    }
  }
}

}  // namespace

void MessageText::append_time(std::string& line, TimeNs time) {
  if (!started_) origin_ = previous_ = time;
  started_ = true;
  if (options_.time == TimeMode::relative || options_.time == TimeMode::delta) {
    const TimeNs base = options_.time == TimeMode::relative ? origin_ : previous_;
    fmt::format_to(std::back_inserter(line), "{:>13.6f}", static_cast<double>(time - base) / 1e9);
  } else {
    line += clock_text(options_.time, time);
  }
  previous_ = time;
}

void MessageText::write(const iec61850::Exchange& exchange, std::string& out) {
  const MmsMessage& message = exchange.message();
  std::string& line = line_;
  line.clear();
  auto end = std::back_inserter(line);
  const Connection& connection = *exchange.association().connection;
  fmt::format_to(end, "{:>6} ", message.frame.number);
  append_time(line, message.frame.time);
  fmt::format_to(end, " {:>3} {} > {}  {}", connection.stream,
                 text::endpoint(connection.endpoint[index(message.sender)]),
                 text::endpoint(connection.endpoint[index(other(message.sender))]),
                 message_name(exchange));
  const std::string_view mark = kind_mark(message);
  if (!mark.empty()) fmt::format_to(end, " {}", mark);
  if (message.pdu.invoke_id) fmt::format_to(end, " #{}", *message.pdu.invoke_id);
  if (message.request != nullptr) {
    fmt::format_to(end, " {:.3f} ms", static_cast<double>(message.response_time()) / 1e6);
  }
  append_error(line, message);
  if (exchange.report_header() != nullptr) {
    append_report(line, exchange);
  } else if (exchange.file() != nullptr) {
    append_file(line, *exchange.file());
  } else if (message.request_view != nullptr) {
    const bool answer = message.request != nullptr;
    append_objects_and_values(line, message.request_view->tree(), message.tree,
                              answer || message.pdu.service == Service::kWrite);
  } else {
    append_objects_and_values(line, message.tree, message.tree, true);
  }
  if (message.cut) {
    line += "  [cut by the capture]";
  } else if (message.pdu.error) {
    fmt::format_to(end, "  MALFORMED {} at {}: {}", message.pdu.error->field,
                   message.pdu.error->offset, errc_text(message.pdu.error->problem));
  }
  cut_line(line, options_.width == 0 ? kMaxLine : options_.width);
  line += '\n';
  out += line;
}

}  // namespace mmsa::report
