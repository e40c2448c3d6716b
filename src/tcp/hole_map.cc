#include "tcp/hole_map.h"

#include <algorithm>
#include <cstring>

namespace mmsa::tcp {

std::uint64_t count_differences(Bytes a, Bytes b) {
  const std::size_t size = std::min(a.size(), b.size());
  if (size == 0 || std::memcmp(a.data(), b.data(), size) == 0) return 0;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < size; ++i) count += a[i] != b[i] ? 1 : 0;
  return count;
}

HoleMap::Inserted HoleMap::insert_data(std::uint64_t begin, Bytes octets, const Piece& what) {
  return insert(begin, begin + octets.size(), octets, what);
}

HoleMap::Inserted HoleMap::insert_mark(std::uint64_t begin, std::uint64_t end, const Piece& what) {
  return insert(begin, end, {}, what);
}

HoleMap::Inserted HoleMap::insert(std::uint64_t begin, std::uint64_t end, Bytes octets,
                                  const Piece& what) {
  Inserted result;
  auto next = pieces_.upper_bound(begin);
  if (next != pieces_.begin() && std::prev(next)->second.end > begin) --next;
  for (std::uint64_t at = begin; at < end;) {
    if (next != pieces_.end() && next->first <= at) {
      const std::uint64_t stop = std::min(end, next->second.end);
      if (!octets.empty() && next->second.kind == Piece::Kind::data) {
        const Bytes old = Bytes(next->second.octets).subspan(at - next->first, stop - at);
        result.conflicts += count_differences(old, octets.subspan(at - begin));
      }
      at = stop;
      ++next;
      continue;
    }
    const std::uint64_t stop = next == pieces_.end() ? end : std::min(end, next->first);
    Piece piece = what;
    piece.end = stop;
    if (!octets.empty()) {
      const Bytes fresh = octets.subspan(at - begin, stop - at);
      piece.octets.assign(fresh.begin(), fresh.end());
    }
    cost_ += piece.octets.size() + kPieceCost;
    pieces_.emplace_hint(next, at, std::move(piece));
    if (result.octets == 0) result.first = at;
    result.octets += stop - at;
    at = stop;
  }
  return result;
}

Piece HoleMap::take_front() {
  auto node = pieces_.extract(pieces_.begin());
  cost_ -= node.mapped().octets.size() + kPieceCost;
  return std::move(node.mapped());
}

void HoleMap::clear() {
  pieces_.clear();
  cost_ = 0;
}

std::uint64_t HoleMap::contiguous_end(std::uint64_t offset) const {
  for (auto it = pieces_.find(offset); it != pieces_.end() && it->first == offset; ++it) {
    offset = it->second.end;
  }
  return offset;
}

bool HoleMap::covers(std::uint64_t offset) const {
  const auto behind = pieces_.upper_bound(offset);
  return behind != pieces_.begin() && std::prev(behind)->second.end > offset;
}

}  // namespace mmsa::tcp
