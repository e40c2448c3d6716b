#include "output/message_json.h"

#include <algorithm>

#include "mms/service_error.h"
#include "mmsanalyze/data.h"
#include "output/items_json.h"
#include "output/meaning_json.h"

namespace mmsa::output {
namespace {

// Octets shown of a malformed message, from the error on.
constexpr std::size_t kMalformedHex = 32;

constexpr std::string_view kKeys[] = {
    "frame",         "frames",      "time",          "ts",          "stream",
    "src",           "dst",         "sender",        "client",      "server",
    "pdu",           "invoke_id",   "service",       "acsi",        "data_set",
    "items",         "report",      "control",       "rcb",         "file",
    "setting_group", "detail",      "request_frame", "response_ms", "ok",
    "error",         "error_class", "malformed",     "cut"};
static_assert(std::size(kKeys) == static_cast<std::size_t>(MessageKey::cut) + 1);

// Whether the Data of this service stands in the record's items.
bool data_is_listed(std::uint16_t service) {
  return service == Service::kRead || service == Service::kWrite ||
         service == Service::kInformationReport;
}

// The answer to a Write is nothing but results, which stand in the items.
bool has_detail(const MmsMessage& message) {
  if (!message.pdu.body) return false;
  if (message.pdu.kind != PduKind::confirmed_response || message.pdu.service != Service::kWrite) {
    return true;
  }
  const asn1::NodeRef results = message.pdu.body;
  for (asn1::NodeRef r = results.first_child(); r; r = r.next_sibling(results)) {
    if (!r.node().known()) return true;
  }
  return false;
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

// What refused the request as a whole.
struct Refusal {
  std::string_view error_class;  // "access"; of a reject the kind of PDU
  std::string_view error;        // "object-non-existent"; empty where the standard has no name
};
std::optional<Refusal> refusal_of(const MmsPdu& pdu) {
  if (const auto error = mms::service_error(pdu)) return Refusal{error->error_class, error->code};
  if (const auto reason = mms::reject_reason(pdu)) return Refusal{reason->pdu, reason->code};
  return std::nullopt;
}

}  // namespace

std::span<const std::string_view> message_keys() { return kKeys; }

// Most of a short record: made once for each side of an association.
std::string_view MessageJson::ends(const Association& association, Side sender) {
  if (association.slot >= ends_.size()) ends_.resize(association.slot + 1);
  const Connection& connection = *association.connection;
  Ends& ends = ends_[association.slot];
  if (!ends.made || ends.stream != connection.stream || ends.client != association.client) {
    ends = {true, connection.stream, association.client, {}};
  }
  std::string& text = ends.text[index(sender)];
  if (text.empty()) {
    JsonWriter json(text);
    const auto key = [&](MessageKey wanted) {
      if (!keys_.has(wanted)) return false;
      json.key(kKeys[static_cast<std::size_t>(wanted)]);
      return true;
    };
    using K = MessageKey;
    if (key(K::stream)) json.number(std::uint64_t{connection.stream});
    if (key(K::src)) json.endpoint(connection.endpoint[index(sender)]);
    if (key(K::dst)) json.endpoint(connection.endpoint[index(other(sender))]);
    if (key(K::sender)) json.plain_string(sender == association.client ? "client" : "server");
    if (key(K::client)) json.endpoint(connection.endpoint[index(association.client)]);
    if (key(K::server)) json.endpoint(connection.endpoint[index(association.server())]);
  }
  return text;
}

void MessageJson::write(const iec61850::Exchange& exchange, std::string& out) {
  using K = MessageKey;
  const Association& association = exchange.association();
  const MmsMessage& message = exchange.message();
  const MmsPdu& pdu = message.pdu;
  JsonWriter json(out);
  // Whether the key is wanted; then it is written, and its value follows.
  const auto key = [&](K wanted) {
    if (!keys_.has(wanted)) return false;
    json.key(kKeys[static_cast<std::size_t>(wanted)]);
    return true;
  };
  json.begin_object();
  if (key(K::frame)) json.number(message.frame.number);
  if (key(K::frames)) {
    json.begin_array();
    for (const std::uint64_t frame : message.frames) json.number(frame);
    json.end_array();
  }
  if (key(K::time)) json.time(message.frame.time);
  if (key(K::ts)) json.seconds(message.frame.time);
  json.members(ends(association, message.sender));
  if (key(K::pdu)) json.plain_string(pdu_kind_name(pdu.kind));
  if (pdu.invoke_id && key(K::invoke_id)) json.number(std::uint64_t{*pdu.invoke_id});
  const std::string_view service = service_name(message.service());
  if (!service.empty() && key(K::service)) json.plain_string(service);
  const iec61850::Acsi acsi = exchange.acsi();
  if (acsi != iec61850::Acsi::none && key(K::acsi)) json.plain_string(iec61850::acsi_name(acsi));
  if (keys_.has(K::data_set)) write_data_set(json, exchange);
  if (keys_.has(K::items)) write_items(json, exchange);
  if (keys_.has(K::report)) write_report(json, exchange);
  if (acsi != iec61850::Acsi::none) {
    if (keys_.has(K::control)) write_control(json, exchange);
    if (keys_.has(K::rcb)) write_rcb(json, exchange);
    if (keys_.has(K::file)) write_file(json, exchange);
    if (keys_.has(K::setting_group)) write_setting_group(json, exchange);
  }
  if (keys_.has(K::detail) && has_detail(message)) {
    detail_.write(json, message.tree, pdu.body, data_is_listed(pdu.service));
  }
  if (message.request != nullptr) {
    if (key(K::request_frame)) json.number(message.request->frame.number);
    if (key(K::response_ms)) write_milliseconds(json, message.response_time());
  }
  if (const auto ok = exchange.ok(); ok && key(K::ok)) json.boolean(*ok);
  if (const auto refusal = refusal_of(pdu)) {
    if (key(K::error)) json.plain_string(refusal->error.empty() ? "unknown" : refusal->error);
    if (key(K::error_class)) json.plain_string(refusal->error_class);
  }
  if (message.cut) {
    if (key(K::cut)) json.boolean(true);
  } else if (pdu.error && keys_.has(K::malformed)) {
    write_malformed(json, *pdu.error, message.octets);
  }
  json.end_object();
}

}  // namespace mmsa::output
