// Prints transfers of files and directories: `mmsanalyze files`. THE table of its formats is here.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "files/transfers.h"
#include "output/formats.h"

namespace mmsa::output {

struct FileFormat {
  std::string_view name;
  // `flush` is called between records with what `out` holds so far.
  void (*write)(const files::Transfers& transfers, const TextOptions& options, std::string& out,
                const std::function<void()>& flush);
};
// Null where there is none of this name.
const FileFormat* find_file_format(std::string_view name);
std::string file_format_names();  // "text, csv, ndjson, json"

}  // namespace mmsa::output
