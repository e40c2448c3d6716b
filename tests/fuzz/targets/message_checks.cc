#include "fuzz/targets/message_checks.h"

#include "fuzz/properties.h"
#include "iec61850/value_text.h"
#include "output/report_json.h"
#include "output/report_text.h"

namespace mmsa::fuzz {
namespace {

// Keys and escapes make output longer than its message, by no more than this.
constexpr std::size_t kOutputPerOctet = 256;
constexpr std::size_t kOutputOfAny = 16'384;

void require_values(const MmsMessage& message) {
  std::string text;
  for (const std::uint32_t index : message.tree.values) {
    text.clear();
    iec61850::append_value(text, message.tree.at(index));
    require(text.size() <= 4096, "the text of a value is short");
    require_printable(text);
    iec61850::read_control_parameters(message.tree.at(index), false);
    iec61850::read_control_parameters(message.tree.at(index), true);
    const iec61850::LastApplError error = iec61850::read_last_appl_error(message.tree.at(index));
    require(is_inside(as_bytes(error.cntrl_obj), message.octets), "a name lies inside its PDU");
  }
  for (const std::uint32_t index : message.tree.objects) {
    const ObjectName name = object_name(message.tree.at(index));
    require(is_inside(as_bytes(name.domain), message.octets), "a domain lies inside its PDU");
    require(is_inside(as_bytes(name.item), message.octets), "an item lies inside its PDU");
  }
}

void require_views(const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  if (const iec61850::ReportHeader* header = exchange.report_header()) {
    require(is_inside(as_bytes(header->rpt_id), message.octets), "RptID lies inside its PDU");
    const auto entries = exchange.report_entries();
    require(entries.size() <= message.octets.size(), "entries are no more than octets");
    for (const iec61850::ReportEntry& entry : entries) {
      require(is_inside(as_bytes(entry.data_reference), message.octets),
              "a data reference lies inside its PDU");
      touch(entry.value.bytes());
      touch(as_bytes(exchange.entry_name(entry)));
    }
  }
  for (const iec61850::Item& item : exchange.items()) {
    touch(as_bytes(item.ref));
    if (item.value) touch(item.value.bytes());
  }
  touch(as_bytes(exchange.data_set()));
  if (const iec61850::ControlView* control = exchange.control()) {
    touch(as_bytes(control->domain));
    touch(as_bytes(control->object));
    touch(as_bytes(control->selected));
    touch(control->parameters.or_ident);
  }
  if (const iec61850::FileView* file = exchange.file()) {
    std::string name;
    if (file->name) iec61850::append_file_name(name, file->name);
    if (file->second_name) iec61850::append_file_name(name, file->second_name);
    touch(as_bytes(file->last_modified));
  }
}

}  // namespace

void MessageChecks::on(const Association& association, const iec61850::Event& event) {
  std::visit(
      ByKind{[&](std::reference_wrapper<const iec61850::Exchange> exchange) { check(exchange); },
             [](const MalformedUnit& unit) {
               touch(unit.unit);
               require(unit.error.offset <= unit.unit.size(), "an error lies inside its unit");
             },
             [&](const ConnectionClose&) {
               for (const DirectionFacts& facts : association.connection->facts) {
                 require_accounted(facts);
               }
             },
             [](const auto&) {}},
      event);
}

void MessageChecks::check(const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  ++messages_;
  touch(message.octets);
  require_tree(message.tree, message.octets);
  if (message.pdu.error) {
    require(message.pdu.error->offset <= message.octets.size(), "an error lies inside its PDU");
  }
  std::size_t request = 0;
  if (message.request_view != nullptr) {
    const Bytes octets = message.request != nullptr ? message.request->octets : message.octets;
    require_tree(message.request_view->tree(), octets);
    request = octets.size();
  }
  require_values(message);
  require_views(exchange);
  out_.clear();
  json_.write(exchange, out_);
  require_json(out_);
  require(out_.size() <= kOutputPerOctet * (message.octets.size() + request) + kOutputOfAny,
          "output is linear in its message");
  out_.clear();
  text_.write(exchange, out_);
  require_printable(out_);
}

void require_report(const Result& report) {
  std::string out;
  output::write_report_json(report, out);
  require_json(out);
  for (const bool verbose : {false, true}) {
    out.clear();
    output::TextOptions options;
    options.verbose = verbose;
    options.time = verbose ? output::TimeMode::relative : output::TimeMode::utc;
    output::write_report_text(report, options, out);
    require_printable(out);
  }
}

}  // namespace mmsa::fuzz
