#include "output/diff_output.h"

#include <algorithm>
#include <iterator>

namespace mmsa::output {
namespace {

constexpr DiffFormat kDiffFormats[] = {{"text", write_diff_text}, {"json", write_diff_json}};

}  // namespace

const DiffFormat* find_diff_format(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kDiffFormats), std::end(kDiffFormats),
                                         [&](const DiffFormat& row) { return row.name == name; });
  return found == std::end(kDiffFormats) ? nullptr : found;
}

std::string diff_format_names() {
  std::string names;
  for (const DiffFormat& row : kDiffFormats) {
    if (!names.empty()) names += ", ";
    names += row.name;
  }
  return names;
}

}  // namespace mmsa::output
