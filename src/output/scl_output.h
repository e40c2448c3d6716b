// What SCL files say about MMS, and what contradicts itself in them: as text or JSON
// (docs/scl.schema.json).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "output/formats.h"
#include "scl/overview.h"

namespace mmsa::output {

struct SclFormat {
  std::string_view name;
  // `flush` is called between records with what `out` holds so far.
  void (*write)(const std::vector<scl::Reading>& readings, const TextOptions& options,
                std::string& out, const std::function<void()>& flush);
};
// Null where there is none of this name.
const SclFormat* find_scl_format(std::string_view name);
std::string scl_format_names();  // "text, json"

std::string_view edition_name(scl::Edition edition);  // "2.1"

void write_scl_text(const std::vector<scl::Reading>& readings, const TextOptions& options,
                    std::string& out, const std::function<void()>& flush);
void write_scl_json(const std::vector<scl::Reading>& readings, const TextOptions& options,
                    std::string& out, const std::function<void()>& flush);

}  // namespace mmsa::output
