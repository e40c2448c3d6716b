#include "output/csv_writer.h"

#include "text/text.h"

namespace mmsa::output {

void CsvWriter::text(std::string_view wire) {
  separate();
  printable_.clear();
  const bool formula =
      !wire.empty() && std::string_view("=+-@").find(wire.front()) != std::string_view::npos;
  if (formula) printable_.push_back('\'');
  text::append_printable(printable_, wire);
  if (printable_.find_first_of(",\";") == std::string::npos) {
    out_ += printable_;
    return;
  }
  out_.push_back('"');
  for (const char c : printable_) {
    if (c == '"') out_.push_back('"');  // quotes inside are doubled
    out_.push_back(c);
  }
  out_.push_back('"');
}

}  // namespace mmsa::output
