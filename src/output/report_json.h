// The report as one JSON object, "mmsanalyze-report/2": docs/report.schema.json says what every key
// means. A value that is not known has no key; null is never written.
#pragma once

#include <functional>
#include <string>

#include "mmsanalyze/result.h"

namespace mmsa::output {

// Appends the object, indented, with a newline behind it. Everything outside ASCII is a \u escape,
// so no octet of the capture reaches a terminal. The same report gives the same octets.
// `between` is called between the objects of long lists; it may empty `out`.
void write_report_json(
    const Result& report, std::string& out, const std::function<void()>& between = [] {});

}  // namespace mmsa::output
