#include "scl/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "mmsanalyze/limits.h"
#include "scl/reader.h"

namespace mmsa::scl {
namespace {

struct Disguise {
  std::string_view begin;
  const char* advice;
};
using namespace std::string_view_literals;
constexpr Disguise kDisguises[] = {
    {"PK\x03\x04"sv, "a zip archive (.scdx, .zip): unpack it and give the SCL file in it"},
    {"\x1F\x8B"sv, "compressed by gzip: decompress it first (gunzip)"},
    {"\xFF\xFE"sv, "UTF-16: convert it first (iconv -f UTF-16 -t UTF-8)"},
    {"\xFE\xFF"sv, "UTF-16: convert it first (iconv -f UTF-16 -t UTF-8)"},
    {"<\0"sv, "UTF-16: convert it first (iconv -f UTF-16LE -t UTF-8)"},
    {"\0<"sv, "UTF-16: convert it first (iconv -f UTF-16BE -t UTF-8)"},
};

// Entities are not expanded and document types are not read, only noticed. Octets that are no UTF-8
// stay as they are: the output reads them as ISO 8859-1.
constexpr unsigned kParsing = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_trim_pcdata |
                              pugi::parse_embed_pcdata | pugi::parse_doctype;

void require_disguised_by_nothing(const std::string& path, std::string_view octets) {
  for (const Disguise& disguise : kDisguises) {
    if (octets.starts_with(disguise.begin)) {
      throw SclError(fmt::format("{}: is {}", path, disguise.advice));
    }
  }
}

// What a parser that stopped inside an attribute left of it: everything up to the end of the file.
void remove_last_attribute(pugi::xml_node node) {
  while (node.last_child()) node = node.last_child();
  node.remove_attribute(node.last_attribute());
}

}  // namespace

Xml::Xml(const std::string& path, std::vector<char>& octets, Problems& problems) {
  require_disguised_by_nothing(path, {octets.data(), octets.size()});
  index_lines(path, octets);
  const pugi::xml_parse_result result =
      document_.load_buffer_inplace(octets.data(), octets.size(), kParsing, pugi::encoding_utf8);
  for (const pugi::xml_node node : document_.children()) {
    if (node.type() == pugi::node_doctype) {
      problems.add(ProblemKind::document_type, line(node), "",
                   "a document type declaration: SCL has none; entities of it are not expanded");
    }
    if (node.type() == pugi::node_element && !root_) root_ = node;
  }
  const std::string_view full = root_.name();
  const std::size_t colon = full.find(':');
  if (colon != std::string_view::npos) prefix_ = full.substr(0, colon + 1);
  if (!root_ || name(root_) != "SCL") {
    if (!root_ || !result) {
      throw SclError(fmt::format("{}: line {}: not XML: {}", path,
                                 line_at(static_cast<std::size_t>(result.offset)),
                                 root_ ? result.description() : "there is no element in it"));
    }
    throw SclError(fmt::format("{}: line {}: not SCL: its root is <{}>, not <SCL>", path,
                               line(root_), full.substr(0, 60)));
  }
  if (!result) tell_damage(result, problems);
}

void Xml::tell_damage(const pugi::xml_parse_result& result, Problems& problems) {
  if (result.status == pugi::status_bad_attribute) remove_last_attribute(document_);
  cut_at_ = line_at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)));
  problems.add(ProblemKind::not_well_formed, cut_at_, "",
               fmt::format("the file ends or is damaged here: {}; what stands before is used",
                           result.description()));
}

// Counts too: a tree takes more than the file, and how much is known before it is built.
void Xml::index_lines(const std::string& path, const std::vector<char>& octets) {
  const auto occurrences = [&octets](char c) {
    return static_cast<std::size_t>(std::count(octets.begin(), octets.end(), c));
  };
  if (occurrences('<') > limits::kMaxSclTags || occurrences('=') > limits::kMaxSclAttributes) {
    throw SclError(path + ": has more elements than any SCL file that is read");
  }
  line_ends_.reserve(occurrences('\n'));
  const char* const begin = octets.data();
  const char* const end = begin + octets.size();
  for (const char* at = begin; at < end; ++at) {
    at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    if (at == nullptr) break;
    line_ends_.push_back(static_cast<std::uint32_t>(at - begin));
  }
}

Line Xml::line_at(std::size_t offset) {
  constexpr std::size_t kNear = 64;
  for (std::size_t step = 0; step < kNear; ++step, ++at_) {
    if (at_ > 0 && line_ends_[at_ - 1] >= offset) break;  // it lies before
    if (at_ == line_ends_.size() || line_ends_[at_] >= offset) return static_cast<Line>(at_ + 1);
  }
  const auto found = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
  at_ = static_cast<std::size_t>(found - line_ends_.begin());
  return static_cast<Line>(at_ + 1);
}

Line Xml::line(pugi::xml_node element) {
  const std::ptrdiff_t offset = element.offset_debug();
  return offset < 0 ? 0 : line_at(static_cast<std::size_t>(offset));
}

Text Xml::name(pugi::xml_node element) const {
  Text full = element.name();
  if (!full.starts_with(prefix_)) return {};
  full.remove_prefix(prefix_.size());
  return full;
}

bool flag(pugi::xml_node element, const char* name, bool absent) {
  const Text value = attribute(element, name);
  if (value.empty()) return absent;
  return value == "true" || value == "1";
}

std::optional<std::uint32_t> number(pugi::xml_node element, const char* name) {
  const Text text = attribute(element, name);
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace mmsa::scl
