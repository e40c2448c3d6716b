// OBJECT IDENTIFIER contents (X.690 8.19) to dotted text and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/bytes.h"

namespace mmsa::osi {

// "1.0.9506.2.3". Arcs over 64 bits keep their low 64 bits; an incomplete last arc is left out.
std::string oid_text(Bytes content);

// The content octets of a dotted identifier, or nothing where the text is none.
std::optional<std::vector<std::uint8_t>> oid_octets(std::string_view dotted);

// The identifiers that decide what a presentation context carries.
inline constexpr std::string_view kAcseSyntax = "2.2.1.0.1";
bool is_mms_syntax(std::string_view dotted);

}  // namespace mmsa::osi
