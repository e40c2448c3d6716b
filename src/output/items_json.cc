#include "output/items_json.h"

#include "iec61850/names.h"
#include "output/iec_json.h"
#include "output/node_json.h"

namespace mmsa::output {
namespace {

using iec61850::Exchange;
using iec61850::Item;

void write_value(JsonWriter& json, std::string_view ref, asn1::NodeRef value,
                 const Exchange& exchange) {
  write_data_keys(json, value.tree(), value.index());
  if (!ref.empty() && value.node().role() == asn1::Role::data) {
    write_iec(json, ref, value, exchange.model());
  }
}

void write_variables(JsonWriter& json, const Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  const bool written =
      message.pdu.kind != PduKind::confirmed_request && message.service() == Service::kWrite;
  for (const Item& item : exchange.items()) {
    json.begin_object();
    if (!item.ref.empty()) {
      json.key("ref");
      json.string(item.ref);
    }
    if (item.error) {
      write_access_error(json, *item.error);
    } else if (item.value && !written) {  // what was written stands in the request
      write_value(json, item.ref, item.value, exchange);
    }
    json.end_object();
  }
}

// "LD/LN$dataset[3]" is its name where no other is known.
void write_member_name(JsonWriter& json, const Exchange& exchange,
                       const iec61850::ReportEntry& entry, std::string_view name) {
  const auto& data_set = exchange.report_header()->dat_set;
  if (!name.empty()) {
    json.key("ref");
    json.string(name);
  } else if (data_set) {
    json.key("ref");
    json.indexed_string(*data_set, entry.member);
  } else {
    json.key("member");
    json.number(std::uint64_t{entry.member});
  }
}

void write_members(JsonWriter& json, const Exchange& exchange) {
  for (const iec61850::ReportEntry& entry : exchange.report_entries()) {
    json.begin_object();
    const std::string_view name = exchange.entry_name(entry);
    write_member_name(json, exchange, entry, name);
    if (entry.value) write_value(json, name, entry.value, exchange);
    if (entry.reason) {
      json.key("reason");
      write_bit_names(json, *entry.reason, iec61850::reason_names());
    }
    json.end_object();
  }
}

void write_named(JsonWriter& json, const iec61850::NamedObjects& named) {
  for (std::size_t i = 0; i < named.size(); ++i) {
    json.begin_object();
    json.key("ref");
    json.string(named[i]);
    json.end_object();
  }
}

// A Read of a data set says nothing of its members: the answer does.
bool asks_for_list(const Exchange& exchange) {
  return exchange.message().pdu.kind == PduKind::confirmed_request &&
         exchange.message().pdu.service == Service::kRead && !exchange.data_set().empty();
}

}  // namespace

void write_data_set(JsonWriter& json, const Exchange& exchange) {
  const std::string_view name =
      exchange.data_set().empty() ? exchange.named().data_set() : exchange.data_set();
  // The list of every report is called RPT: its data set stands in `report`.
  if (name.empty() || exchange.report_header() != nullptr) return;
  json.key("data_set");
  json.string(name);
}

void write_items(JsonWriter& json, const Exchange& exchange) {
  json.key("items");
  json.begin_array();
  if (exchange.report_header() != nullptr) {
    write_members(json, exchange);
  } else if (!asks_for_list(exchange)) {
    write_variables(json, exchange);
    write_named(json, exchange.named());
  }
  json.end_array();
}

}  // namespace mmsa::output
