// Steps are matched by what they are, the surest first: equal request, then equal service and
// objects, then equal service. The n-th of one side is matched with the n-th of the other; of all
// matches the longest chain that runs forward on both sides is kept, and the stretches between are
// matched by the next, looser likeness. What is left over and equal has moved.
#include "diff/align.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace mmsa::diff {
namespace {

using Id = std::uint64_t;
using Pair = std::pair<std::size_t, std::size_t>;

Id request_of(const Step& step) { return Id{step.key} << 32 | step.sent; }
Id key_of(const Step& step) { return step.key; }
Id service_of(const Step& step) { return step.service; }

struct Likeness {
  Id (*id)(const Step&);
  MatchKind kind;
};
constexpr std::array<Likeness, 2> kSame{{{request_of, MatchKind::same}, {key_of, MatchKind::same}}};
constexpr std::array<Likeness, 1> kReplaced{{{service_of, MatchKind::objects}}};

// The longest chain of pairs in which b grows, too; a grows already. Patience: for each length the
// pair that ends a chain of it with the least b.
std::vector<Pair> longest_chain(const std::vector<Pair>& pairs) {
  constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<std::size_t> ends;
  std::vector<std::size_t> before(pairs.size(), kNone);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto place =
        std::lower_bound(ends.begin(), ends.end(), pairs[i].second,
                         [&](std::size_t end, std::size_t b) { return pairs[end].second < b; });
    if (place != ends.begin()) before[i] = *(place - 1);
    if (place == ends.end()) {
      ends.push_back(i);
    } else {
      *place = i;
    }
  }
  std::vector<Pair> chain;
  for (std::size_t i = ends.empty() ? kNone : ends.back(); i != kNone; i = before[i]) {
    chain.push_back(pairs[i]);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

class Aligner {
 public:
  Aligner(std::span<const Step> a, std::span<const Step> b) : a_(a), b_(b) {
    result_.a.resize(a.size());
    result_.b.resize(b.size());
  }

  Alignment run() {
    std::size_t begin = 0;
    std::size_t end_a = a_.size();
    std::size_t end_b = b_.size();
    // Twins are done here.
    while (begin < end_a && begin < end_b && alike(a_[begin], b_[begin])) {
      match(begin, begin, MatchKind::same);
      ++begin;
    }
    while (end_a > begin && end_b > begin && alike(a_[end_a - 1], b_[end_b - 1])) {
      match(--end_a, --end_b, MatchKind::same);
    }
    align_between({begin, end_a}, {begin, end_b}, kSame);
    find_moved({begin, end_a}, {begin, end_b});
    align_rest();
    return std::move(result_);
  }

 private:
  struct Range {
    std::size_t begin;
    std::size_t end;
  };

  static bool alike(const Step& a, const Step& b) {
    return a.key == b.key && a.sent == b.sent && a.answered == b.answered &&
           a.followed == b.followed;
  }
  void match(std::size_t a, std::size_t b, MatchKind kind) {
    result_.a[a] = {kind, b};
    result_.b[b] = {kind, a};
  }
  bool is_free_a(std::size_t i) const { return result_.a[i].kind == MatchKind::none; }
  bool is_free_b(std::size_t i) const { return result_.b[i].kind == MatchKind::none; }

  // The n-th free step of an id in a with the n-th in b.
  std::vector<Pair> pairs(Range a, Range b, Id (*id)(const Step&)) const {
    std::unordered_map<Id, std::vector<std::size_t>> places;
    for (std::size_t i = b.end; i-- > b.begin;) {
      if (is_free_b(i)) places[id(b_[i])].push_back(i);
    }
    std::vector<Pair> found;
    for (std::size_t i = a.begin; i < a.end; ++i) {
      if (!is_free_a(i)) continue;
      const auto place = places.find(id(a_[i]));
      if (place == places.end() || place->second.empty()) continue;
      found.emplace_back(i, place->second.back());
      place->second.pop_back();
    }
    return found;
  }

  void align_between(Range a, Range b, std::span<const Likeness> likeness) {
    if (likeness.empty() || a.begin == a.end || b.begin == b.end) return;
    const auto chain = longest_chain(pairs(a, b, likeness.front().id));
    for (const auto& [i, j] : chain) {
      match(i, j, likeness.front().kind);
      align_between({a.begin, i}, {b.begin, j}, likeness.subspan(1));
      a.begin = i + 1;
      b.begin = j + 1;
    }
    align_between(a, b, likeness.subspan(1));
  }

  void find_moved(Range a, Range b) {
    for (const auto& [i, j] : pairs(a, b, key_of)) match(i, j, MatchKind::moved);
  }

  // Between two steps that are matched in order.
  void align_rest() {
    Range a{0, 0};
    Range b{0, 0};
    for (; a.end < a_.size(); ++a.end) {
      if (result_.a[a.end].kind != MatchKind::same) continue;
      b.end = result_.a[a.end].other;
      align_between(a, b, kReplaced);
      a.begin = a.end + 1;
      b.begin = b.end + 1;
    }
    b.end = b_.size();
    align_between(a, b, kReplaced);
  }

  std::span<const Step> a_;
  std::span<const Step> b_;
  Alignment result_;
};

}  // namespace

Alignment align(std::span<const Step> a, std::span<const Step> b) { return Aligner(a, b).run(); }

}  // namespace mmsa::diff
