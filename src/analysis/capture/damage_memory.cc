#include "analysis/capture/damage_memory.h"

#include <fmt/format.h>

#include "analysis/context.h"

namespace mmsa::analysis {

void DamageMemory::note(Side sender, FrameRef frame, std::size_t finding) {
  std::vector<Entry>& entries = entries_[index(sender)];
  if (entries.size() >= kMost) entries.erase(entries.begin());
  entries.push_back({frame, finding});
}

std::optional<std::size_t> DamageMemory::find(Side sender, FrameRef frame) const {
  for (const Entry& entry : entries_[index(sender)]) {
    if (entry.frame.number == frame.number) return entry.finding;
  }
  return std::nullopt;
}

FrameRef DamageMemory::last(Side sender) const {
  const std::vector<Entry>& entries = entries_[index(sender)];
  return entries.empty() ? FrameRef() : entries.back().frame;
}

Finding* tell_answer(Context& context, Side sender, FrameRef frame, std::string_view answer,
                     FrameRef answered, std::string_view sentence) {
  if (context.damage == nullptr || frame.number == 0) return nullptr;
  const auto id = context.damage->find(sender, frame);
  if (!id) return nullptr;
  Finding& finding = context.findings.at(*id);
  FindingCollector::add_frame(finding, answered.number);
  if (finding.evidence.find("answer") != nullptr) return &finding;
  finding.evidence.set("answer", answer);
  if (answered.number != 0) finding.evidence.set("answer_frame", answered.number);
  if (finding.message.ends_with('.')) finding.message.pop_back();
  finding.message += fmt::format("; {}.", sentence);
  finding.next_step =
      fmt::format("Send the frame, with the firmware version, to the vendor of the {}.",
                  context.name_of(sender));
  return &finding;
}

}  // namespace mmsa::analysis
