// How IEC 61850 reads the value of an attribute: the key `iec` of an item.
#pragma once

#include <span>
#include <string_view>

#include "iec61850/server_model.h"
#include "mmsanalyze/data.h"
#include "output/json_writer.h"

namespace mmsa::output {

// The set bits by name, as a list; bit i is 1 << i.
void write_bit_names(JsonWriter& json, std::uint32_t bits, std::span<const std::string_view> names);

// `"iec":{"stVal":"on","q":{..},"t":".."}` of a value that `ref` names ("LD/LN$FC$DO.."): what is
// known of it by name, codes and bits in words. Members are named by the type that the trace told,
// by the layout that the standard fixes, or by their shape; `"guessed":true` stands behind it where
// the name of the data object alone named one. Nothing where it would say no more than the value.
void write_iec(JsonWriter& json, std::string_view ref, asn1::NodeRef value,
               const iec61850::ServerModel& model);

}  // namespace mmsa::output
