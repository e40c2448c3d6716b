#include "output/json_values.h"

#include <cctype>
#include <charconv>
#include <cmath>

#include "iec61850/names.h"
#include "text/text.h"

namespace mmsa::output {

Json json_text(std::string_view wire) { return text::utf8(wire); }

Json json_time(TimeNs time) {
  std::string out;
  text::append_rfc3339(out, time);
  return out;
}

Json json_hex(std::string_view octets) {
  std::string out;
  text::append_hex(out, as_bytes(octets));
  return out;
}

Json json_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  constexpr double kDecimals = 1e6;
  constexpr double kLargest = 1e9;  // the product stays below 2^53
  return std::abs(value) < kLargest ? std::round(value * kDecimals) / kDecimals : value;
}

Json json_milliseconds(TimeNs duration) {
  return static_cast<double>(duration) / static_cast<double>(kNsPerMs);
}

std::string kind_of(std::string_view prose) {
  std::string kind;
  for (const char c : prose.substr(0, prose.find(':'))) {
    kind.push_back(c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  return kind;
}

Json kind_and_prose(std::string_view prose) {
  return {{"kind", json_text(kind_of(prose))}, {"how", json_text(prose)}};
}

Json add_cause_json(std::string_view name_or_number) {
  std::int64_t code = 0;
  const char* const end = name_or_number.data() + name_or_number.size();
  // "1-of-n-control" begins with a digit.
  if (std::from_chars(name_or_number.data(), end, code).ptr != end) {
    code = 0;
    while (!iec61850::add_cause_name(code).empty() &&
           iec61850::add_cause_name(code) != name_or_number) {
      ++code;
    }
  }
  return add_cause_json(code);
}

Json add_cause_json(std::int64_t code) {
  Json object = {{"code", code}};
  put_text(object, "name", iec61850::add_cause_name(code));
  return object;
}

void put_text(Json& object, const char* key, std::string_view wire) {
  if (!wire.empty()) object[key] = json_text(wire);
}

void put_hex(Json& object, const char* key, std::string_view octets) {
  if (!octets.empty()) object[key] = json_hex(octets);
}

void put_positive(Json& object, const char* key, std::uint64_t value) {
  if (value != 0) object[key] = value;
}

void put_frame(Json& object, FrameRef frame) {
  if (frame.number == 0) return;
  object["frame"] = frame.number;
  object["time"] = json_time(frame.time);
}

void put_frame(Json& object, const char* key, FrameRef frame) {
  if (frame.number != 0) put_frame(object[key], frame);
}

void put_latency(Json& object, const LatencyResult& latency) {
  if (latency.samples == 0) return;
  object["latency_ms"] = {{"samples", latency.samples},
                          {"min", json_milliseconds(latency.min)},
                          {"p50", json_milliseconds(latency.p50)},
                          {"p95", json_milliseconds(latency.p95)},
                          {"p99", json_milliseconds(latency.p99)},
                          {"max", json_milliseconds(latency.max)}};
}

}  // namespace mmsa::output
