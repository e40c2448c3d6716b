#include "output/scl_output.h"

#include <algorithm>
#include <iterator>

namespace mmsa::output {
namespace {

constexpr SclFormat kSclFormats[] = {{"text", write_scl_text}, {"json", write_scl_json}};

}  // namespace

const SclFormat* find_scl_format(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kSclFormats), std::end(kSclFormats),
                                         [&](const SclFormat& row) { return row.name == name; });
  return found == std::end(kSclFormats) ? nullptr : found;
}

std::string scl_format_names() {
  std::string names;
  for (const SclFormat& row : kSclFormats) {
    if (!names.empty()) names += ", ";
    names += row.name;
  }
  return names;
}

std::string_view edition_name(scl::Edition edition) {
  switch (edition) {
    case scl::Edition::two_one:
      return "2.1";
    case scl::Edition::two:
      return "2";
    case scl::Edition::one:
      break;
  }
  return "1";
}

}  // namespace mmsa::output
