#include "output/text_page.h"

#include <algorithm>

#include "text/text.h"

namespace mmsa::output {
namespace {

constexpr std::string_view kGap = "  ";     // between the columns of a table
constexpr std::string_view kCut = "..";     // something was left out here
constexpr std::size_t kLeastWrapped = 24;   // a column that wraps has at least this much
constexpr std::size_t kLongestText = 2000;  // octets; a name of the wire may have 64 KiB
// Octets that a reference may have, and some more: a longer word is no name of a plant.
constexpr std::size_t kLongestWord = 280;

// Octets of the UTF-8 sequence that starts with this one.
std::size_t sequence_length(char first) {
  const auto octet = static_cast<std::uint8_t>(first);
  if (octet < 0xC0) return 1;
  return octet < 0xE0 ? 2 : octet < 0xF0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view sequence) {
  constexpr std::uint32_t kFirstMask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t value = static_cast<std::uint8_t>(sequence[0]) & kFirstMask[sequence.size()];
  for (const char c : sequence.substr(1))
    value = value << 6 | (static_cast<std::uint8_t>(c) & 0x3F);
  return value;
}

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};
// The large blocks of Unicode's East Asian Width W and F, and of its nonspacing marks. A rare
// character that is not in them costs alignment, nothing else.
constexpr Range kWide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF}, {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
                                {0x064B, 0x065F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                {0x20D0, 0x20F0}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

std::size_t character_width(std::uint32_t character) {
  if (character < kCombining[0].first) return 1;
  const auto within = [&](Range r) { return character >= r.first && character <= r.last; };
  if (std::any_of(std::begin(kCombining), std::end(kCombining), within)) return 0;
  return std::any_of(std::begin(kWide), std::end(kWide), within) ? 2 : 1;
}

// Octets of the longest start of `text` that needs at most `width` columns.
std::size_t octets_within(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::min(sequence_length(text[i]), text.size() - i);
    used += character_width(code_point(text.substr(i, length)));
    if (used > width) return i;
    i += length;
  }
  return text.size();
}

void limit_length(std::string& printable) {
  if (printable.size() <= kLongestText) return;
  std::size_t end = kLongestText;
  while ((static_cast<std::uint8_t>(printable[end]) & 0xC0) == 0x80) --end;
  printable.resize(end);
  printable += kCut;
}

std::string_view escape_sequence(Style style) {
  switch (style) {
    case Style::heading:
      return "\x1b[1m";
    case Style::error:
      return "\x1b[1;31m";
    case Style::warning:
      return "\x1b[33m";
    case Style::note:
      return "\x1b[36m";
    case Style::good:
      return "\x1b[32m";
    case Style::plain:
      break;
  }
  return "";
}

}  // namespace

std::size_t display_width(std::string_view printable) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < printable.size();) {
    const std::size_t length = std::min(sequence_length(printable[i]), printable.size() - i);
    width += character_width(code_point(printable.substr(i, length)));
    i += length;
  }
  return width;
}

TextPage::TextPage(std::size_t width, bool color, std::string& out, bool whole)
    : width_(std::max(width, kLeastWidth)), color_(color), whole_(whole), out_(out) {}

void TextPage::put_styled(Style style, std::string_view printable) {
  const bool styled = color_ && style != Style::plain;
  if (styled) out_ += escape_sequence(style);
  out_ += printable;
  if (styled) out_ += "\x1b[0m";
}

void TextPage::end_line() {
  while (!out_.empty() && out_.back() == ' ') out_.pop_back();
  out_.push_back('\n');
  ++lines_;
}

void TextPage::blank() {
  if (out_.empty()) return;
  out_.push_back('\n');
  ++lines_;
}

void TextPage::heading(std::string_view title) {
  blank();
  put_styled(Style::heading, text::printable(title));
  out_.push_back('\n');
  ++lines_;
}

// The first `styled` octets of the text are printed in the style.
void TextPage::put_wrapped(std::size_t indent, std::size_t hanging, Style style, std::size_t styled,
                           std::string text) {
  if (!whole_) limit_length(text);
  std::string_view rest = text;
  std::size_t margin = std::min(indent, width_ / 2);
  do {
    std::size_t end = octets_within(rest, width_ - margin);
    std::size_t next = end;
    if (end < rest.size()) {
      std::size_t space = rest.rfind(' ', end);
      const bool one_word = space == std::string_view::npos || space == 0;
      if (one_word) space = std::min(rest.find(' ', end), rest.size());
      // A list without spaces goes on behind a comma.
      const std::size_t comma = one_word ? rest.rfind(',', end - 1) : std::string_view::npos;
      if (comma != std::string_view::npos) {
        end = next = comma + 1;
      } else if (!one_word || space <= kLongestWord) {
        end = space;
        next = std::min(end + 1, rest.size());
      }
    }
    out_.append(margin, ' ');
    const std::size_t head = std::min(styled, end);
    if (head > 0) put_styled(style, rest.substr(0, head));
    out_ += rest.substr(head, end - head);
    end_line();
    styled -= head;
    rest.remove_prefix(next);
    margin = std::min(indent + hanging, width_ / 2);
  } while (!rest.empty());
}

void TextPage::line(std::size_t indent, std::string_view wire, std::size_t hanging) {
  put_wrapped(indent, hanging, Style::plain, 0, text::printable(wire));
}

void TextPage::tagged_line(std::size_t indent, Style style, std::string_view tag,
                           std::string_view wire, std::size_t hanging) {
  std::string text = text::printable(tag);
  const std::size_t styled = text.size();
  text.push_back(' ');
  text::append_printable(text, wire);
  put_wrapped(indent, hanging, style, styled, std::move(text));
}

void TextPage::table(std::size_t indent, const Table& table) {
  constexpr std::size_t kHanging = 4;
  const auto columns = table.column_widths(width_ - indent);
  const auto put_row = [&](const auto& cell_of) {
    if (columns.empty()) {
      std::string row;
      for (std::size_t i = 0; i < table.columns_.size(); ++i) {
        if (i > 0) row += kGap;
        row += cell_of(i);
      }
      put_wrapped(indent, kHanging, Style::plain, 0, std::move(row));
      return;
    }
    std::string row;
    std::size_t hanging = 0;  // where a last cell goes on in the next line
    for (const auto& [i, width] : columns) {
      if (i != columns.front().first) row += kGap;
      const bool wraps = table.columns_[i].fit == Table::Fit::wraps;
      if (wraps) hanging = display_width(row);
      const std::string_view cell = cell_of(i);
      const std::size_t padding = wraps ? 0 : width - display_width(cell);
      if (table.columns_[i].align == Table::Align::right) row.append(padding, ' ');
      row += cell;
      if (table.columns_[i].align == Table::Align::left) row.append(padding, ' ');
    }
    put_wrapped(indent, hanging, Style::plain, 0, std::move(row));
  };
  put_row([&](std::size_t i) { return table.columns_[i].title; });
  for (const auto& row : table.rows_) {
    put_row([&](std::size_t i) { return std::string_view(row[i]); });
  }
}

void Table::add_row(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = text::printable(cell);
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::pair<std::size_t, std::size_t>> Table::column_widths(std::size_t available) const {
  std::vector<std::pair<std::size_t, std::size_t>> columns;
  std::size_t total = kGap.size() * (columns_.size() - 1);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = columns_[i].title.size();
    for (const auto& row : rows_) width = std::max(width, display_width(row[i]));
    if (columns_[i].fit == Fit::wraps) width = std::min(width, kLeastWrapped);
    columns.emplace_back(i, width);
    total += width;
  }
  for (std::size_t i = columns_.size(); i > 0 && total > available; --i) {
    if (columns_[i - 1].fit != Fit::drops) continue;
    const auto at = columns.begin() + static_cast<std::ptrdiff_t>(i - 1);
    total -= at->second + kGap.size();
    columns.erase(at);
  }
  if (total > available) columns.clear();
  return columns;
}

}  // namespace mmsa::output
