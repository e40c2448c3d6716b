#include "filter/fields_text.h"

#include <algorithm>

#include "filter/field.h"

namespace mmsa::filter {
namespace {

constexpr std::size_t kNameWidth = 44;
constexpr std::size_t kTypeWidth = 10;

bool same_letter(char a, char b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return lower(a) == lower(b);
}

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  out.append(text.size() < width ? width - text.size() : 1, ' ');
}

}  // namespace

std::size_t write_fields(std::string& out, std::string_view pattern) {
  std::size_t count = 0;
  for (const Field& field : all_fields()) {
    if (std::search(field.name.begin(), field.name.end(), pattern.begin(), pattern.end(),
                    same_letter) == field.name.end() &&
        !pattern.empty()) {
      continue;
    }
    ++count;
    append_padded(out, field.name, kNameWidth);
    append_padded(out, value_type_name(field.type), kTypeWidth);
    out += field.help;
    for (const asn1::NamedNumber& named : field.names) {
      if (&named != field.names.data()) out += ", ";
      out += std::to_string(named.value) + " " + named.name;
    }
    out.resize(out.find_last_not_of(' ') + 1);
    out += '\n';
  }
  return count;
}

}  // namespace mmsa::filter
