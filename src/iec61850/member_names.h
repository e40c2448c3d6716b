// Names of the members of structures whose layout the standard fixes, and what a data object
// begins with: for values whose type the trace did not tell.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "iec61850/reference.h"
#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {

// Of a structure with `members` members that this reference names as a whole: SBOw, Oper and Cancel
// of IEC 61850-8-1 clause 20, control blocks of clauses 17 to 19. Empty where it is none of them.
std::span<const std::string_view> standard_members(const Reference& reference, std::size_t members);
// Of the Originator in a command, `origin`: IEC 61850-7-2 clause 20.
std::span<const std::string_view> originator_members();

// Whether the reference is that of a whole data object, `LN$FC$DO`.
bool is_data_object(const Reference& reference);
// The name of the first member of a whole data object with FC ST, as its common data class has it:
// "stVal"; "general" of protection, "actVal" of counters. A guess by the name of the data object.
std::string_view first_status_member(const Reference& reference);

}  // namespace mmsa::iec61850
