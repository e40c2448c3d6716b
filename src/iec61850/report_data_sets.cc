#include "iec61850/report_data_sets.h"

#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {

void ReportDataSets::count(const std::string& reference, const Block& block) {
  ++by_rpt_id_[block.rpt_id.empty() ? reference : block.rpt_id][block.data_set];
}

void ReportDataSets::discount(const std::string& reference, const Block& block) {
  const auto data_sets = by_rpt_id_.find(block.rpt_id.empty() ? reference : block.rpt_id);
  if (data_sets == by_rpt_id_.end()) return;
  const auto counted = data_sets->second.find(block.data_set);
  if (counted == data_sets->second.end() || --counted->second > 0) return;
  data_sets->second.erase(counted);
  if (data_sets->second.empty()) by_rpt_id_.erase(data_sets);
}

template <typename Change>
bool ReportDataSets::change(std::string_view reference, const Change& change) {
  auto known = blocks_.find(reference);
  if (known == blocks_.end()) {
    if (blocks_.size() >= limits::kMaxReportControls) return false;
    known = blocks_.emplace(reference, Block{}).first;
    count(known->first, known->second);
  }
  Block changed = known->second;
  change(changed);
  discount(known->first, known->second);
  known->second = std::move(changed);
  count(known->first, known->second);
  return true;
}

bool ReportDataSets::set_rpt_id(std::string_view block, std::string_view rpt_id) {
  const auto known = blocks_.find(block);
  if (known != blocks_.end() && known->second.rpt_id == rpt_id) return true;
  return change(block, [&](Block& changed) { changed.rpt_id = rpt_id; });
}

bool ReportDataSets::set_data_set(std::string_view block, std::string_view data_set) {
  const auto known = blocks_.find(block);
  if (known != blocks_.end() && known->second.data_set == data_set) return true;
  return change(block, [&](Block& changed) { changed.data_set = data_set; });
}

void ReportDataSets::clear() {
  blocks_.clear();
  by_rpt_id_.clear();
}

std::string_view ReportDataSets::of(std::string_view rpt_id) const {
  const auto found = by_rpt_id_.find(rpt_id);
  if (found == by_rpt_id_.end() || found->second.size() != 1) return {};
  return found->second.begin()->first;
}

}  // namespace mmsa::iec61850
