// How values of a report become JSON. Private to the JSON writer.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "mmsanalyze/result.h"

namespace mmsa::output {

using Json = nlohmann::ordered_json;

Json json_text(std::string_view wire);
Json json_time(TimeNs time);
Json json_hex(std::string_view octets);
// At most six decimals; "NaN", "Infinity" and "-Infinity" for what JSON has no number for.
Json json_number(double value);
Json json_milliseconds(TimeNs duration);

// The kind of what is told in prose, which an enumeration of the schema lists: what stands before
// the colon, in lower case, '-' between words ("refused: by ACSE" is "refused").
std::string kind_of(std::string_view prose);
// {"kind": .., "how": prose}
Json kind_and_prose(std::string_view prose);
// {"code": 10, "name": "blocked-by-interlocking"}; without a name where the standard has none.
Json add_cause_json(std::int64_t code);
// Of its name, or its number where it has none.
Json add_cause_json(std::string_view name_or_number);

// Each of these leaves the key out where there is nothing to say.
void put_text(Json& object, const char* key, std::string_view wire);
void put_hex(Json& object, const char* key, std::string_view octets);
template <typename T>
void put_optional(Json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
}
// A row each.
template <typename Rows, typename Convert>
Json list(const Rows& rows, Convert convert) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(convert(row));
  return out;
}
void put_positive(Json& object, const char* key, std::uint64_t value);
// "frame" and "time".
void put_frame(Json& object, FrameRef frame);
void put_frame(Json& object, const char* key, FrameRef frame);
void put_latency(Json& object, const LatencyResult& latency);

Json association_json(const AssociationResult& association);
Json incident_json(const Incident& incident);
// cotp, session, presentation, acse, authentication, proposed, negotiated.
void put_layers(Json& object, const AssociationResult& association);

}  // namespace mmsa::output
