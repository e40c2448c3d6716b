// THE format table: every value of --format, with what it is good for and what writes it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "mmsanalyze/result.h"
#include "output/report_text.h"
#include "output/time_text.h"

namespace mmsa::output {

struct ReportFormat {
  std::string_view name;
  std::string_view help;  // one line
  // `between` is called now and then; it may empty `out`, so that a long report is not held whole.
  void (*write)(const Result&, const TextOptions&, std::string& out,
                const std::function<void()>& between);
};

std::span<const ReportFormat> report_formats();
// Null where there is none of this name.
const ReportFormat* find_report_format(std::string_view name);
// "text, json": for error messages and help.
std::string report_format_names();

}  // namespace mmsa::output
