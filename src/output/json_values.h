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

// Each of these leaves the key out where there is nothing to say.
void put_text(Json& object, const char* key, std::string_view wire);
void put_hex(Json& object, const char* key, std::string_view octets);
template <typename T>
void put_optional(Json& object, const char* key, const std::optional<T>& value) {
  if (value) object[key] = *value;
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
