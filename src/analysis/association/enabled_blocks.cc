#include "analysis/association/enabled_blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "iec61850/rcb.h"

namespace mmsa::analysis {
namespace {

// Clients enable some tens; a name is a line of text.
constexpr std::size_t kMaxEnabled = 1024;

}  // namespace

void EnabledBlocks::on_message(const Context& context, const MmsMessage& message) {
  if (context.exchange == nullptr) return;
  if (message.pdu.kind == PduKind::unconfirmed) {
    if (!reporting_) reporting_ = context.exchange->report_header() != nullptr;
    return;
  }
  if (message.pdu.kind != PduKind::confirmed_response || message.pdu.service != Service::kWrite) {
    return;
  }
  for (const iec61850::Item& item : context.exchange->items()) {
    if (item.error || !item.value) continue;
    const ObjectName name = item.name();
    const auto rcb = iec61850::rcb_item(name.item);
    if (!rcb || rcb->attribute != iec61850::RcbAttribute::RptEna) continue;
    std::string block = fmt::format("{}/{}", name.domain, rcb->block);
    const auto known = std::find(names_.begin(), names_.end(), block);
    if (item.value.boolean()) {
      if (known != names_.end()) continue;
      full_ = full_ || names_.size() >= kMaxEnabled;
      if (names_.size() < kMaxEnabled) names_.push_back(std::move(block));
    } else {
      reporting_ = false;
      if (known != names_.end()) names_.erase(known);
    }
  }
}

std::string EnabledBlocks::text() const {
  if (names_.empty()) return {};
  if (names_.size() == 1) return names_.front();
  return fmt::format("{} and {} more", names_.front(), names_.size() - 1);
}

}  // namespace mmsa::analysis
