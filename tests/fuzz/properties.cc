#include "fuzz/properties.h"

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "text/text.h"

namespace mmsa::fuzz {
namespace {

bool is_bidirectional(std::uint32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

// Of valid UTF-8 at `pos`, which moves behind the character.
std::uint32_t next_character(std::string_view text, std::size_t& pos) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = octet(pos++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  std::uint32_t character = first & (0x3Fu >> more);
  for (std::size_t i = 0; i < more; ++i) character = character << 6 | (octet(pos++) & 0x3Fu);
  return character;
}

}  // namespace

void violated(const char* property) {
  std::fprintf(stderr, "property violated: %s\n", property);
  std::abort();
}

void require_accounted(const DirectionFacts& facts) {
  require(facts.captured_octets ==
              facts.octets + facts.repeated_octets + facts.foreign_octets + facts.capped_octets,
          "every octet of a direction is accounted for, once");
}

void touch(Bytes octets) {
  volatile std::uint8_t sum = 0;
  for (const std::uint8_t octet : octets) sum = static_cast<std::uint8_t>(sum + octet);
}

void require_tree(const asn1::Tree& tree, Bytes octets) {
  require(tree.nodes.size() <= octets.size() + 1, "nodes are no more than octets");
  struct Open {
    std::uint32_t end;
    Bytes content;
  };
  std::vector<Open> open{{static_cast<std::uint32_t>(tree.nodes.size()), octets}};
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    while (open.size() > 1 && open.back().end <= i) open.pop_back();
    const asn1::Node& node = tree.nodes[i];
    require(node.field != nullptr, "a node has a field");
    require(node.end > i && node.end <= open.back().end, "nodes nest");
    require(is_inside(node.bytes(), open.back().content), "a node lies inside its parent");
    open.push_back({node.end, node.bytes()});
  }
  const auto is_list = [&](const GrowingList<std::uint32_t>& indices) {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] >= tree.nodes.size() || (i > 0 && indices[i] <= indices[i - 1])) return false;
    }
    return true;
  };
  require(is_list(tree.objects) && is_list(tree.values), "listed nodes are nodes, in order");
}

void require_printable(std::string_view text) {
  require(text::is_utf8(text), "output is UTF-8");
  for (std::size_t pos = 0; pos < text.size();) {
    const std::uint32_t c = next_character(text, pos);
    const bool control = (c < 0x20 && c != '\n') || (c >= 0x7F && c < 0xA0);
    require(!control && !is_bidirectional(c) && c != 0x2028 && c != 0x2029,
            "output has no control characters");
  }
}

void require_json(std::string_view text) {
  require_printable(text);
  require(nlohmann::json::accept(text), "JSON is valid");
}

}  // namespace mmsa::fuzz
