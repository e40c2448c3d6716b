// What a message means to IEC 61850, as keys of its record.
#pragma once

#include "iec61850/meaning.h"
#include "output/json_writer.h"

namespace mmsa::output {

// Each appends its key where it applies, else nothing.
void write_report(JsonWriter& json, const iec61850::Exchange& exchange);
void write_control(JsonWriter& json, const iec61850::Exchange& exchange);
void write_rcb(JsonWriter& json, const iec61850::Exchange& exchange);
void write_file(JsonWriter& json, const iec61850::Exchange& exchange);
void write_setting_group(JsonWriter& json, const iec61850::Exchange& exchange);

}  // namespace mmsa::output
