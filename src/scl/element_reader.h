// What the readers of the sections of an SCL document share.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <vector>

#include "scl/document.h"
#include "scl/problems.h"
#include "scl/xml.h"

namespace mmsa::scl {

class ElementReader {
 public:
  ElementReader(Xml& xml, Octets& octets) : xml_(xml), octets_(octets) {}

  Line line(pugi::xml_node element) { return xml_.line(element); }
  Text name(pugi::xml_node element) const { return xml_.name(element); }

  // A new last element of the list, with its line. Null where the model has grown to its limit
  // (limits::kMaxSclModel): then what is left of the document is not kept.
  template <typename T>
  T* add(std::vector<T>& list, pugi::xml_node element) {
    if (!take(sizeof(T))) return nullptr;
    T& item = list.emplace_back();
    item.line = line(element);
    return &item;
  }
  bool full() const { return full_; }

  // The texts one behind the other.
  Text compose(Text first, Text second, Text third = {});

 private:
  bool take(std::size_t octets);

  Xml& xml_;
  Octets& octets_;
  std::size_t taken_ = 0;
  bool full_ = false;
};

// The sections; each calls `reader` for what it adds.
void read_communication(ElementReader& reader, pugi::xml_node element, Document& document);
void read_ied(ElementReader& reader, pugi::xml_node element, Document& document);
void read_logical_node(ElementReader& reader, pugi::xml_node element,
                       std::vector<LogicalNode>& nodes);
void read_templates(ElementReader& reader, pugi::xml_node element, Templates& templates);

}  // namespace mmsa::scl
