// Types and settings of Data as text that is equal where they are.
#pragma once

#include <string>
#include <string_view>

#include "diff/facts.h"
#include "iec61850/reference.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/asn1.h"

namespace mmsa::diff {

// "{boolean, bit-string(13), utc-time}"
void append_type(std::string& out, asn1::NodeRef value);
// "{stVal boolean, q bit-string(-13), t utc-time}"
void append_description(std::string& out, iec61850::TypeRef type);

// Whether a value of this attribute is a setting, which somebody chose: not what the process, a
// counter or a clock makes.
bool is_setting(const iec61850::Reference& reference);
// Facts of a value that is_setting(): one for each attribute of a control block, else one.
// `of` tells the variables of one message apart.
void add_settings(FactWriter& facts, const iec61850::Reference& reference, asn1::NodeRef value,
                  std::string_view of);

}  // namespace mmsa::diff
