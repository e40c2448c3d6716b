// What contradicts itself in an SCL document, as far as MMS is concerned.
#pragma once

#include "scl/document.h"
#include "scl/lookup.h"
#include "scl/problems.h"
#include "scl/types.h"

namespace mmsa::scl {

// What the checks look at. Of a document that is cut, nothing is called missing.
struct Checked {
  const Document& document;
  const Lookup& lookup;
  const Types& types;
  Problems& problems;
  std::size_t& near_work;  // steps spent on names that may be meant (limits::kMaxNearestWork)
};

// All of them.
void check(const Document& document, const Lookup& lookup, const Types& types, Problems& problems);

void check_types(const Checked& checked);          // data type templates
void check_communication(const Checked& checked);  // addresses
void check_nodes(const Checked& checked);          // logical nodes: data sets, blocks, values

// Whether an Enum may have this value: a literal, or the number of one, as some tools write.
bool has_literal(const EnumType& type, Text value);

}  // namespace mmsa::scl
