// What a message means to IEC 61850, as the keys `acsi`, `report`, `control` and `file` of its
// record.
#pragma once

#include "iec61850/meaning.h"
#include "output/json_writer.h"

namespace mmsa::output {

// Appends the keys that apply.
void write_meaning(JsonWriter& json, const iec61850::Exchange& exchange);

}  // namespace mmsa::output
