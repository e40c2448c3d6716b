#include "files/comtrade.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace mmsa::files {
namespace {

constexpr std::size_t kExtension = 4;  // ".cfg"
// Channels of a record; the standard allows 999999.
constexpr std::uint32_t kMostChannels = 999'999;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// Takes the first line off.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = trimmed(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return line;
}

// Takes the first field off a line.
std::string_view take_field(std::string_view& line) {
  const std::size_t end = line.find(',');
  const std::string_view field = trimmed(line.substr(0, end));
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return field;
}

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > kMostChannels) {
    return std::nullopt;
  }
  return value;
}

// "8A" and "16D", in either order of the standard's editions.
bool read_channels(std::string_view field, Comtrade& record) {
  if (field.empty()) return false;
  const char kind = field.back();
  const auto count = number(trimmed(field.substr(0, field.size() - 1)));
  if (!count) return false;
  if (kind == 'A' || kind == 'a') {
    record.analogue = *count;
  } else if (kind == 'D' || kind == 'd') {
    record.digital = *count;
  } else {
    return false;
  }
  return true;
}

// "1999", "2013"; IEC 60255-24 and IEEE C37.111 are of these centuries.
bool is_revision(std::string_view text) {
  return text.size() == 4 && (text.starts_with("19") || text.starts_with("20")) && number(text);
}

bool ends_with(std::string_view name, std::string_view lower) {
  if (name.size() < lower.size()) return false;
  return std::ranges::equal(name.substr(name.size() - lower.size()), lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

std::optional<Comtrade> read_comtrade(std::string_view text) {
  // A .cff file begins with "--- file type: CFG ---".
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("---")) take_line(text);
  Comtrade record;
  std::string_view line = take_line(text);
  record.station = take_field(line);
  record.device = take_field(line);
  record.revision = take_field(line);
  line = take_line(text);
  const auto all = number(take_field(line));
  const bool told =
      read_channels(take_field(line), record) && read_channels(take_field(line), record);
  if (!all || !told || *all != record.analogue + record.digital) {
    // Some devices write what readers forgive: the first line tells that it is one.
    if (!is_revision(record.revision)) return std::nullopt;
    record.analogue = record.digital = 0;
    return record;
  }
  record.channels_known = true;
  for (std::uint32_t i = 0; i < *all && !text.empty(); ++i) take_line(text);
  take_line(text);  // frequency of the line
  line = take_line(text);
  const auto rates = number(take_field(line));
  if (!rates) return record;  // the rest was cut off
  for (std::uint32_t i = 0; i < std::max(*rates, 1u) && !text.empty(); ++i) take_line(text);
  record.start = take_line(text);
  record.trigger = take_line(text);
  return record;
}

ComtradePart comtrade_part(std::string_view name) {
  if (ends_with(name, ".cfg")) return ComtradePart::configuration;
  if (ends_with(name, ".dat")) return ComtradePart::data;
  if (ends_with(name, ".cff")) return ComtradePart::combined;
  return ComtradePart::none;
}

std::string_view comtrade_record(std::string_view name) {
  return comtrade_part(name) == ComtradePart::none ? name
                                                   : name.substr(0, name.size() - kExtension);
}

}  // namespace mmsa::files
