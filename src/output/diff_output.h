// What two captures differ in: as text or JSON (docs/diff.schema.json).
#pragma once

#include <string>
#include <string_view>

#include "diff/compare.h"
#include "mmsanalyze/result.h"
#include "output/formats.h"

namespace mmsa::output {

// One of the two that are compared.
struct DiffInput {
  std::string path;
  bool is_report = false;  // in JSON, in place of a capture
  CaptureResult capture;
  std::uint64_t associations = 0;
  std::uint64_t messages = 0;
  std::uint64_t left_out = 0;  // steps beyond what is kept
};
struct DiffResult {
  DiffInput a;
  DiffInput b;
  diff::Comparison comparison;
};

struct DiffFormat {
  std::string_view name;
  void (*write)(const DiffResult& result, const TextOptions& options, std::string& out);
};
// Null where there is none of this name.
const DiffFormat* find_diff_format(std::string_view name);
std::string diff_format_names();  // "text, json"

void write_diff_text(const DiffResult& result, const TextOptions& options, std::string& out);
void write_diff_json(const DiffResult& result, const TextOptions& options, std::string& out);

}  // namespace mmsa::output
