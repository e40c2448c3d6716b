#include "iec61850/near_name.h"

#include <algorithm>
#include <array>

#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {

// Levenshtein's table row by row, only the diagonal band that `cap` leaves.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t cap,
                          std::size_t& work) {
  ++work;
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > cap || b.size() > limits::kMaxReference) return cap + 1;
  const auto prefix = std::ranges::mismatch(a, b);
  const auto common = static_cast<std::size_t>(prefix.in1 - a.begin());
  work += common / 8;  // as fast as memory
  a.remove_prefix(common);
  b.remove_prefix(common);
  while (!a.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty()) return b.size();

  std::array<std::size_t, limits::kMaxReference + 1> row;
  for (std::size_t i = 0; i <= a.size(); ++i) row[i] = std::min(i, cap + 1);
  for (std::size_t j = 1; j <= b.size(); ++j) {
    const std::size_t from = j > cap ? j - cap : 1;
    const std::size_t to = std::min(a.size(), j + cap);
    if (from > to) return cap + 1;
    std::size_t diagonal = row[from - 1];
    row[from - 1] = from == 1 ? std::min(j, cap + 1) : cap + 1;
    std::size_t best = row[from - 1];
    for (std::size_t i = from; i <= to; ++i) {
      const std::size_t above = i == j + cap ? cap + 1 : row[i];
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[i];
      row[i] = std::min({replaced, above + 1, row[i - 1] + 1, cap + 1});
      best = std::min(best, row[i]);
    }
    work += to - from + 1;
    if (best > cap) return cap + 1;
  }
  return row[a.size()];
}

}  // namespace mmsa::iec61850
