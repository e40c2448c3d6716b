// Writes CSV (RFC 4180) for spreadsheets and DuckDB into a string that is reused from row to row.
#pragma once

#include <string>
#include <string_view>

namespace mmsa::output {

class CsvWriter {
 public:
  explicit CsvWriter(std::string& out) : out_(out) {}

  // What needs no quotes: numbers, times, names of our tables; empty where there is no value.
  void plain(std::string_view safe) {
    separate();
    out_ += safe;
  }
  // Text from the wire: made printable, so that a record is a line, and kept from being a formula:
  // a spreadsheet would run what begins with '=', '+', '-' or '@', so an apostrophe is put before
  // it.
  void text(std::string_view wire);
  // Where the caller appends a value that needs no quotes.
  std::string& value() {
    separate();
    return out_;
  }
  void end_row() {
    out_ += "\r\n";
    first_ = true;
  }

 private:
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }

  std::string& out_;
  std::string printable_;
  bool first_ = true;
};

}  // namespace mmsa::output
