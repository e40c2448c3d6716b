// Phrases and figures that several rules use.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "mmsanalyze/finding.h"
#include "mmsanalyze/flow.h"
#include "mmsanalyze/mms.h"

namespace mmsa::analysis {

// Rounded to milliseconds and to microseconds.
double seconds_between(FrameRef from, FrameRef to);
double milliseconds_between(FrameRef from, FrameRef to);
// ", 75.2 s after the last MMS message", or nothing where there was none.
std::string idle_text(FrameRef last, FrameRef now);
// "0.51 s", "75 s", "12 ms".
std::string duration_text(TimeNs time);

// "IED1LD0/LLN0$BR$brcb01", "item", "@item".
std::string object_text(const ObjectName& name);

// The first of these that was seen, or none.
FrameRef first_of(std::initializer_list<FrameRef> frames);

// "fin", "rst", "port reused", "open at the end", "evicted".
std::string_view close_name(CloseKind kind);

// "", "s" for 1, many.
constexpr std::string_view plural(std::uint64_t count) { return count == 1 ? "" : "s"; }

}  // namespace mmsa::analysis
