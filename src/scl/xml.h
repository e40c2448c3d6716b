// An XML tree over the octets of a file, with the lines of its elements. The texts of the tree are
// in the octets, so they outlive it.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "scl/document.h"
#include "scl/problems.h"

namespace mmsa::scl {

class Xml {
 public:
  // Parses `octets` in place. Throws SclError where there is no SCL element.
  Xml(const std::string& path, std::vector<char>& octets, Problems& problems);

  pugi::xml_node root() const { return root_; }
  // The line from which on nothing could be read, 0 where all was.
  Line cut_at() const { return cut_at_; }

  // Its line; quick where elements are asked for in document order.
  Line line(pugi::xml_node element);
  // Its name without the prefix that SCL's namespace has in this file; empty for text and for
  // elements of other namespaces.
  Text name(pugi::xml_node element) const;

 private:
  Line line_at(std::size_t offset);
  void index_lines(const std::string& path, const std::vector<char>& octets);
  void tell_damage(const pugi::xml_parse_result& result, Problems& problems);

  pugi::xml_document document_;
  pugi::xml_node root_;
  std::string prefix_;                    // "scl:"
  std::vector<std::uint32_t> line_ends_;  // offsets of line feeds
  std::size_t at_ = 0;                    // line of the last answer, from 0
  Line cut_at_ = 0;
};

inline Text attribute(pugi::xml_node element, const char* name) {
  return element.attribute(name).value();
}
bool flag(pugi::xml_node element, const char* name, bool absent);
std::optional<std::uint32_t> number(pugi::xml_node element, const char* name);

}  // namespace mmsa::scl
