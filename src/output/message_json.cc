#include "output/message_json.h"

#include <algorithm>

#include "mmsanalyze/data.h"
#include "output/meaning_json.h"

namespace mmsa::output {
namespace {

// Octets shown of a malformed message, from the error on.
constexpr std::size_t kMalformedHex = 32;

// Whether the Data of this service stands in the record's `data` list.
bool data_is_listed(std::uint16_t service) {
  return service == Service::kRead || service == Service::kWrite ||
         service == Service::kInformationReport;
}

void write_where(JsonWriter& json, const Association& association, const MmsMessage& message) {
  json.key("frame");
  json.number(message.frame.number);
  json.key("frames");
  json.begin_array();
  for (const std::uint64_t frame : message.frames) json.number(frame);
  json.end_array();
  json.key("time");
  json.time(message.frame.time);
  json.key("stream");
  json.number(std::uint64_t{association.connection->stream});
  json.key("src");
  json.endpoint(association.connection->endpoint[index(message.sender)]);
  json.key("dst");
  json.endpoint(association.connection->endpoint[index(other(message.sender))]);
  json.key("sender");
  json.plain_string(message.from_client(association) ? "client" : "server");
}

void write_names_and_data(JsonWriter& json, const MmsMessage& message) {
  json.key("objects");
  json.begin_array();
  for (const std::uint32_t index : message.tree.objects) {
    write_object_name(json, message.tree.at(index));
  }
  json.end_array();
  json.key("data");
  json.begin_array();
  if (data_is_listed(message.pdu.service)) {
    for (const std::uint32_t index : message.tree.values) write_data(json, message.tree, index);
  }
  json.end_array();
}

// Milliseconds with all six digits that nanoseconds have.
void write_milliseconds(JsonWriter& json, TimeNs time) {
  std::string& out = json.value();
  text::append_number(out, time / kNsPerMs);
  const std::size_t point = out.size();
  text::append_number(out, kNsPerMs + time % kNsPerMs);
  out[point] = '.';
}

void write_malformed(JsonWriter& json, const DecodeError& error, Bytes unit) {
  json.key("malformed");
  json.begin_object();
  json.key("layer");
  json.plain_string(layer_name(error.layer));
  json.key("field");
  json.plain_string(error.field);
  json.key("offset");
  json.number(std::uint64_t{error.offset});
  json.key("problem");
  json.plain_string(errc_text(error.problem));
  json.key("hex");
  const std::size_t begin = std::min<std::size_t>(error.offset, unit.size());
  json.hex(unit.subspan(begin, std::min(kMalformedHex, unit.size() - begin)));
  json.end_object();
}

}  // namespace

void MessageJson::write(const iec61850::Exchange& exchange, std::string& out) {
  const Association& association = exchange.association();
  const MmsMessage& message = exchange.message();
  JsonWriter json(out);
  const MmsPdu& pdu = message.pdu;
  json.begin_object();
  write_where(json, association, message);
  json.key("pdu");
  json.plain_string(pdu_kind_name(pdu.kind));
  if (pdu.invoke_id) {
    json.key("invoke_id");
    json.number(std::uint64_t{*pdu.invoke_id});
  }
  const std::string_view service = service_name(message.service());
  if (!service.empty()) {
    json.key("service");
    json.plain_string(service);
  }
  write_meaning(json, exchange);
  write_names_and_data(json, message);
  json.key("detail");
  if (pdu.body) {
    detail_.write(json, message.tree, pdu.body, data_is_listed(pdu.service));
  } else {
    json.begin_object();
    json.end_object();
  }
  if (message.request != nullptr) {
    json.key("request_frame");
    json.number(message.request->frame.number);
    json.key("response_ms");
    write_milliseconds(json, message.response_time());
  }
  if (message.cut) {
    json.key("cut");
    json.boolean(true);
  } else if (pdu.error) {
    write_malformed(json, *pdu.error, message.octets);
  }
  json.end_object();
}

}  // namespace mmsa::output
