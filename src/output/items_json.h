// What a message is about, names and values together: the keys `data_set` and `items`.
#pragma once

#include "iec61850/meaning.h"
#include "output/json_writer.h"

namespace mmsa::output {

void write_data_set(JsonWriter& json, const iec61850::Exchange& exchange);
void write_items(JsonWriter& json, const iec61850::Exchange& exchange);

}  // namespace mmsa::output
