// Which protocol a presentation context carries.
#pragma once

#include <cstdint>
#include <optional>

#include "mmsanalyze/association.h"
#include "osi/stack.h"

namespace mmsa::osi {

// Whether an octet is the tag of an MMSpdu (ISO 9506-2 7).
bool is_mms_tag(std::uint8_t octet);

// Sets mms_context and context_source from the contexts negotiated so far.
void settle_mms_context(Association& association);

enum class Carried : std::uint8_t { mms, acse, other };

// What `value`, found in context `id` (none: simply encoded), is. `cut`: its end is missing, so
// that the probe can not judge it. Sets mms_context and context_source where they are still open.
Carried classify(std::optional<std::int64_t> id, Bytes value, bool cut, PduProbe looks_like_mms,
                 const StackOptions& options, Association& association);

}  // namespace mmsa::osi
