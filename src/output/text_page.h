// Lines and tables of limited width for a terminal. Everything that is put on a page is made
// printable here, in one place: callers pass wire strings as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmsa::output {

enum class Style : std::uint8_t { plain, heading, error, warning, note, good };

// Columns that a terminal needs for printable UTF-8: wide East Asian characters take two, combining
// marks none.
std::size_t display_width(std::string_view printable);

class Table;

class TextPage {
 public:
  static constexpr std::size_t kLeastWidth = 40;

  // `out` outlives the page. Texts of thousands of characters, which only a hostile device sends,
  // are shortened unless `whole`.
  TextPage(std::size_t width, bool color, std::string& out, bool whole = false);

  // A blank line, unless this is the first line, and the heading.
  void heading(std::string_view title);
  void blank();
  // Wrapped at spaces; the lines behind the first are indented by `hanging` more. A word that is
  // longer than a line stays whole: a reference in two pieces can not be searched for. Only what is
  // longer than any reference is cut in two.
  void line(std::size_t indent, std::string_view wire, std::size_t hanging = 0);
  // The same with its first word in a style: "ERROR report-gap ...".
  void tagged_line(std::size_t indent, Style style, std::string_view tag, std::string_view wire,
                   std::size_t hanging = 0);
  void table(std::size_t indent, const Table& table);
  // Lines so far.
  std::size_t lines() const { return lines_; }

 private:
  void put_wrapped(std::size_t indent, std::size_t hanging, Style style, std::size_t styled,
                   std::string text);
  void put_styled(Style style, std::string_view printable);
  void end_line();

  std::size_t width_;
  bool color_;
  bool whole_;
  std::string& out_;
  std::size_t lines_ = 0;
};

// A table with aligned columns. Where it is too wide, a last column that may wrap does, columns
// that may be dropped are, from the right, and where that does not suffice each row is a wrapped
// line. No cell is ever cut: what is cut can not be looked up.
class Table {
 public:
  enum class Align : std::uint8_t { left, right };
  enum class Fit : std::uint8_t { stays, drops, wraps };  // wraps: the last column only
  struct Column {
    std::string_view title;
    Align align = Align::left;
    Fit fit = Fit::stays;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns.
  void add_row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

 private:
  friend class TextPage;
  // Of the columns that are left, by their numbers; empty where the table is too wide all the same.
  std::vector<std::pair<std::size_t, std::size_t>> column_widths(std::size_t available) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // printable
};

}  // namespace mmsa::output
