// What IEC 61850 calls a value: names for its codes and bits, by the name of its attribute. The
// outputs agree in them because all ask here.
#pragma once

#include <cstdint>
#include <string_view>

#include "iec61850/reference.h"
#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {

struct IecValue {
  enum class Kind : std::uint8_t {
    none,      // the value says all there is
    named,     // a code: `name`
    quality,   // Quality of IEC 61850-7-3: Quality, append_quality()
    opt_flds,  // sets of bits: append_opt_flds() ...
    trg_ops,
    check,
  } kind = Kind::none;
  std::string_view name;  // "on", "status-only"; empty for the other kinds
};

// `attribute` is the name of the value's attribute, known or guessed, empty where it is neither;
// `reference` is that of the attribute or of something that holds it: its data object, its
// functional constraint and the class of its logical node tell what a code means.
IecValue iec_value(const Reference& reference, std::string_view attribute, asn1::NodeRef value);

}  // namespace mmsa::iec61850
