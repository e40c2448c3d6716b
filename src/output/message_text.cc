#include "output/message_text.h"

#include <fmt/format.h>

#include <iterator>

#include "iec61850/acsi.h"
#include "iec61850/names.h"
#include "iec61850/reference.h"
#include "iec61850/value_text.h"
#include "mms/service_error.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

// A line is for the eye: what is further to the right than this is better read as JSON.
constexpr std::size_t kMaxLine = 2000;
constexpr std::size_t kMaxItems = 8;
constexpr std::size_t kMaxValue = 120;

// How much of it is shown.
struct Limits {
  explicit Limits(bool verbose)
      : items(verbose ? SIZE_MAX : kMaxItems), value(verbose ? SIZE_MAX / 2 : kMaxValue) {}
  std::size_t items;
  std::size_t value;  // characters
};

void append_access_error(std::string& line, std::int64_t code) {
  line += iec61850::access_error_name(code);
}

void append_value_of(std::string& line, asn1::NodeRef value, const ObjectName& name,
                     const iec61850::ServerModel& model, const Limits& limits) {
  iec61850::ValueContext context;
  context.reference = iec61850::parse_reference(name);
  context.type = model.type_of(name.domain, name.item);
  context.max_length = limits.value;
  iec61850::append_value(line, value, context);
}

// Variables, each with what is said of it. A failed one says so itself: it may be one of many.
void append_items(std::string& line, const iec61850::Exchange& exchange, const Limits& limits) {
  const std::span<const iec61850::Item> items = exchange.items();
  std::size_t shown = 0;
  for (const iec61850::Item& item : items) {
    if (++shown > limits.items) {
      fmt::format_to(std::back_inserter(line), "  +{} more", items.size() - limits.items);
      return;
    }
    const bool nothing = item.ref.empty() && !item.value && !item.error;
    if (nothing && items.size() == 1) return;
    line += "  ";
    text::append_printable(line, nothing ? std::string_view("ok") : item.ref);
    if (item.value) {
      if (!item.ref.empty()) line += '=';
      append_value_of(line, item.value, item.name(), exchange.model(), limits);
    }
    if (item.error) {
      if (!item.ref.empty()) line += ": ";
      append_access_error(line, *item.error);
    }
  }
}

// The names in a PDU, or in the request that it answers.
void append_objects(std::string& line, const MmsMessage& message, const Limits& limits) {
  const asn1::Tree& tree =
      message.request_view != nullptr ? message.request_view->tree() : message.tree;
  std::size_t shown = 0;
  for (const std::uint32_t index : tree.objects) {
    if (++shown > limits.items) {
      fmt::format_to(std::back_inserter(line), "  +{} more", tree.objects.size() - limits.items);
      return;
    }
    std::string name;
    iec61850::append_object_name(name, object_name(tree.at(index)));
    line += "  ";
    text::append_printable(line, name);
  }
}

// What a name list is asked of, and how many names came.
void append_name_list(std::string& line, const MmsMessage& message) {
  if (message.request_view != nullptr) {
    const asn1::NodeRef request = message.request_view->pdu().body;
    const asn1::NodeRef domain = request.child("objectScope").child("domainSpecific");
    if (domain) {
      line += "  ";
      text::append_printable(line, domain.text());
    }
    if (const asn1::NodeRef after = request.child("continueAfter")) {
      line += " after ";
      text::append_printable(line, after.text());
    }
  }
  const asn1::NodeRef list = message.pdu.body.child("listOfIdentifier");
  if (!list) return;
  std::size_t names = 0;
  for (asn1::NodeRef name = list.first_child(); name; name = name.next_sibling(list)) ++names;
  fmt::format_to(std::back_inserter(line), "  {} name{}", names, names == 1 ? "" : "s");
  const asn1::NodeRef more = message.pdu.body.child("moreFollows");
  if (!more || more.boolean()) line += ", more follow";
}

// LastApplError, CommandTermination and the answer to a command in words: which command, and why it
// failed.
void append_control_result(std::string& line, const iec61850::ControlView& control) {
  if (control.kind == iec61850::ControlKind::termination) line += control.success ? " +" : " -";
  line += "  ";
  if (!control.domain.empty()) {
    text::append_printable(line, control.domain);
    line += '/';
  }
  text::append_printable(line, control.object);
  if (!control.component.empty()) {
    line += '$';
    text::append_printable(line, control.component);
  }
  if (control.answer && control.parameters.ctl_val) {
    line += " ctlVal ";
    iec61850::append_value(line, control.parameters.ctl_val);
  }
  const auto number =
      control.error && control.error->ctl_num ? control.error->ctl_num : control.parameters.ctl_num;
  if (number) fmt::format_to(std::back_inserter(line), " ctlNum {}", *number);
  if (control.access_error) {
    line += ": ";
    append_access_error(line, *control.access_error);
  } else if (control.kind == iec61850::ControlKind::select && control.answer) {
    line += control.success ? ": selected" : ": not selected (empty answer)";
  }
  if (!control.error) return;
  const std::int64_t cause = control.error->add_cause;
  const std::string_view name = iec61850::add_cause_name(cause);
  fmt::format_to(std::back_inserter(line), ": {}{}AddCause {}{}", name, name.empty() ? "" : " (",
                 cause, name.empty() ? "" : ")");
}

// Why its members are in the report, by name; of all members together.
void append_reason(std::string& line, std::span<const iec61850::ReportEntry> entries) {
  unsigned reasons = 0;
  for (const iec61850::ReportEntry& entry : entries) reasons |= entry.reason.value_or(0);
  const std::span<const std::string_view> names = iec61850::reason_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((reasons >> i & 1u) == 0) continue;
    line += ' ';
    line += names[i];
  }
}

void append_report(std::string& line, const iec61850::Exchange& exchange, const Limits& limits) {
  const iec61850::ReportHeader& header = *exchange.report_header();
  line += "  ";
  text::append_printable(line, header.rpt_id);
  auto out = std::back_inserter(line);
  if (header.sq_num) fmt::format_to(out, " SqNum={}", *header.sq_num);
  if (header.sub_sq_num) fmt::format_to(out, " SubSqNum={}", *header.sub_sq_num);
  if (header.more_segments_follow.value_or(false)) line += " more";
  if (header.buf_ovfl.value_or(false)) line += " BufOvfl";
  const std::span<const iec61850::ReportEntry> entries = exchange.report_entries();
  append_reason(line, entries);
  fmt::format_to(out, " {}/{} members", header.included, header.members);
  std::size_t shown = 0;
  for (const iec61850::ReportEntry& entry : entries) {
    if (!entry.value) break;
    if (++shown > limits.items) {
      fmt::format_to(out, "  +{} more", entries.size() - limits.items);
      break;
    }
    line += "  ";
    const std::string_view name = exchange.entry_name(entry);
    if (name.empty()) {
      fmt::format_to(out, "[{}]", entry.member);
    } else {
      text::append_printable(line, name);
    }
    line += "=";
    append_value_of(line, entry.value, iec61850::split_reference(name), exchange.model(), limits);
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
  // One ACSI service is several of MMS.
  if (file.service == Service::kFileOpen) line += " open";
  if (file.service == Service::kFileRead) line += " read";
  if (file.service == Service::kFileClose) line += " close";
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

std::string_view kind_mark(const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  switch (message.pdu.kind) {
    case PduKind::confirmed_request:
      return "request";
    case PduKind::confirmed_response: {
      // A select may be refused by an empty answer.
      if (exchange.control() != nullptr && !exchange.control()->success) return "FAILED";
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

// What the message is about.
void append_meaning(std::string& line, const iec61850::Exchange& exchange, const Limits& limits) {
  const MmsMessage& message = exchange.message();
  const iec61850::ControlView* control = exchange.control();
  if (exchange.report_header() != nullptr) {
    append_report(line, exchange, limits);
  } else if (control != nullptr && message.pdu.kind != PduKind::confirmed_request &&
             exchange.items().size() <= 2) {  // LastApplError comes with its command
    append_control_result(line, *control);
  } else if (exchange.file() != nullptr) {
    append_file(line, *exchange.file());
  } else if (message.service() == Service::kGetNameList) {
    append_name_list(line, message);
  } else if (!exchange.items().empty()) {
    append_items(line, exchange, limits);
  } else {
    append_objects(line, message, limits);
  }
}

std::string_view color_of(const iec61850::Exchange& exchange, std::string_view mark) {
  if (mark == "FAILED" || mark == "ERROR" || mark == "REJECT") return "\x1b[1;31m";
  if (mark == "ok") return "\x1b[32m";
  return exchange.message().pdu.kind == PduKind::unconfirmed ? "\x1b[36m" : "";
}

// Colours what was written from `begin` to `end`, unless it was wrapped inside.
void put_color(std::string& out, std::size_t begin, std::size_t end, std::string_view color) {
  if (color.empty() || end > out.size() || out.find('\n', begin) < end) return;
  out.insert(end, "\x1b[0m");
  out.insert(begin, color);
}

// Octets of the start of printable text that takes at most `width` columns.
std::size_t octets_within(std::string_view text, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (++columns > width) return i;
  }
  return text.size();
}

// Wraps at spaces. A word that is longer than a line stays whole: references are to be copied.
void append_wrapped(std::string& out, std::string_view line, std::size_t width) {
  constexpr std::size_t kHanging = 7;  // behind the frame number
  std::size_t margin = 0;
  while (!line.empty()) {
    out.append(margin, ' ');
    std::size_t end = octets_within(line, width - margin);
    if (end < line.size()) {
      const std::size_t word = std::min(line.find_first_not_of(' '), line.size());
      std::size_t space = line.rfind(' ', end);
      if (space == std::string_view::npos || space < word) {
        space = line.find(' ', std::max(end, word));
      }
      end = std::min(space, line.size());
    }
    out += line.substr(0, end);
    while (!out.empty() && out.back() == ' ') out.pop_back();
    out += '\n';
    const std::size_t next = line.find_first_not_of(' ', end);
    line.remove_prefix(std::min(next, line.size()));
    margin = std::min(kHanging, width / 2);
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

void MessageText::append_sides(std::string& line, const iec61850::Exchange& exchange) const {
  const MmsMessage& message = exchange.message();
  if (options_.one_stream) {
    line += exchange.from_client() ? "C>S" : "S>C";
    return;
  }
  const auto append = [&](Side side) {
    const std::string endpoint =
        text::endpoint(exchange.association().connection->endpoint[index(side)]);
    line += endpoint;
    const std::string_view name = name_in(options_.names, endpoint);
    if (name.empty()) return;
    line += " (";
    text::append_printable(line, name);
    line += ')';
  };
  append(message.sender);
  line += " > ";
  append(other(message.sender));
}

void MessageText::write(const iec61850::Exchange& exchange, std::string& out) {
  const MmsMessage& message = exchange.message();
  std::string& line = line_;
  line.clear();
  auto end = std::back_inserter(line);
  const Connection& connection = *exchange.association().connection;
  fmt::format_to(end, "{:>6} ", message.frame.number);
  append_time(line, message.frame.time);
  fmt::format_to(end, " {:>3} ", connection.stream);
  append_sides(line, exchange);
  line += "  ";
  const std::size_t name = line.size();
  line += message_name(exchange);
  const std::string_view mark = kind_mark(exchange);
  if (!mark.empty()) fmt::format_to(end, " {}", mark);
  const std::size_t name_end = line.size();
  if (message.pdu.invoke_id) fmt::format_to(end, " #{}", *message.pdu.invoke_id);
  if (message.request != nullptr) {
    fmt::format_to(end, " {:.3f} ms", static_cast<double>(message.response_time()) / 1e6);
  }
  append_error(line, message);
  append_meaning(line, exchange, Limits(options_.verbose));
  if (message.cut) {
    line += "  [cut by the capture]";
  } else if (message.pdu.error) {
    fmt::format_to(end, "  MALFORMED {} at {}: {}", message.pdu.error->field,
                   message.pdu.error->offset, errc_text(message.pdu.error->problem));
  }
  const std::size_t start = out.size();
  if (!options_.verbose) line.resize(octets_within(line, kMaxLine));
  if (options_.width != 0) {
    append_wrapped(out, line, options_.width);
  } else {
    out += line;
    out += '\n';
  }
  if (options_.color) {
    put_color(out, start + name, start + name_end, color_of(exchange, mark));
  }
}

}  // namespace mmsa::output
