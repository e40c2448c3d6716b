#include "analysis/limit.h"

#include <fmt/format.h>

namespace mmsa::analysis {

void tell_limit(Context& context, std::string_view limit, FrameRef frame,
                std::string_view sentence) {
  Finding* f = context.findings.raise("limit-reached", context.association, frame)
                   .with("limit", limit)
                   .put();
  if (f == nullptr) return;
  f->evidence.set("count", f->count);
  f->message = fmt::format("{} {}.", f->count, sentence);
}

}  // namespace mmsa::analysis
