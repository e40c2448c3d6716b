#include "diff/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "diff/align.h"
#include "diff/collector.h"
#include "diff/wording.h"
#include "text/text.h"

namespace mmsa::diff {
namespace {

// How long after a command its termination may come (IEC 61850-7-2: operTimeout is some seconds).
constexpr TimeNs kTerminationWait = 10 * kNsPerSecond;

// Of leftovers at the end of one side this many are still told one by one.
constexpr std::size_t kFewLeft = 2;

Who who_of(const AssociationSteps& association) {
  return {association.stream, text::endpoint(association.client),
          text::endpoint(association.server)};
}

// Why one side can not be blamed for what it lacks.
constexpr std::string_view kStartsLate = "the capture begins in the middle of this association";
constexpr std::string_view kEndsEarly = "the capture ends before this association does";
constexpr std::string_view kLost = "the capture lost octets of this association there";

// One association of both captures.
class PairComparer {
 public:
  PairComparer(const AssociationSteps& a, const AssociationSteps& b, const Vocabulary& vocabulary,
               Collector& found)
      : side_{&a, &b}, vocabulary_(vocabulary), found_(found) {}

  void run() {
    if (!compare_opening()) return;
    compare_steps();
    compare_told();
    compare_close();
  }

 private:
  enum : std::size_t { kA, kB };

  const AssociationSteps& a() const { return *side_[kA]; }
  const AssociationSteps& b() const { return *side_[kB]; }
  std::string_view text(Text number) const { return vocabulary_.at(number); }

  // --- what is told ---

  Difference begin(Kind kind, std::string subject, std::uint64_t position) const {
    Difference difference;
    difference.kind = kind;
    difference.subject = std::move(subject);
    difference.a_who = who_of(a());
    difference.b_who = who_of(b());
    difference.position = position;
    return difference;
  }

  void differ(Kind kind, std::string subject, std::uint64_t position, std::string of_a,
              std::string of_b, std::vector<std::uint64_t> a_frames,
              std::vector<std::uint64_t> b_frames) {
    Difference difference = begin(kind, std::move(subject), position);
    difference.a = std::move(of_a);
    difference.b = std::move(of_b);
    difference.a_frames = std::move(a_frames);
    difference.b_frames = std::move(b_frames);
    found_.add(std::move(difference));
  }

  void not_seen(std::string_view subject, std::size_t missing_in, std::string_view reason,
                std::uint64_t frame) {
    found_.not_seen({shortened(subject), missing_in == kB, std::string(reason), frame});
  }

  static std::vector<std::uint64_t> frames(std::uint64_t first, std::uint64_t second = 0) {
    std::vector<std::uint64_t> list;
    if (first != 0) list.push_back(first);
    if (second != 0 && second != first) list.push_back(second);
    return list;
  }
  static std::vector<std::uint64_t> frames_of(const Step& step) {
    return frames(step.frame, step.answer_frame);
  }

  // --- facts ---

  struct Facts {
    Text a;
    Text b;
    std::vector<std::uint64_t> a_frames;
    std::vector<std::uint64_t> b_frames;
  };

  // Where one side was refused as a whole, or in one variable, its other facts are missing for that
  // reason.
  static bool is_whole_answer(Fact fact) {
    switch (fact) {
      case Fact::handshake:
      case Fact::cotp_answer:
      case Fact::session_answer:
      case Fact::presentation_answer:
      case Fact::acse_answer:
      case Fact::initiate_answer:
      case Fact::answer:
        return true;
      default:
        return false;
    }
  }
  static bool is_refusal(Fact fact) { return is_whole_answer(fact) || fact == Fact::item_error; }

  // Returns whether they differ.
  bool compare_facts(std::string_view subject, const Facts& facts, std::uint64_t position) {
    if (facts.a == facts.b) return false;
    const std::vector<FactView> of_a = facts_of(text(facts.a));
    const std::vector<FactView> of_b = facts_of(text(facts.b));
    std::unordered_set<std::string_view> refused;  // variables; "" is the whole answer
    bool whole = false;
    const auto pass = [&](bool refusals) {
      std::size_t guess = 0;
      for (const FactView& fact : of_a) {
        if (is_refusal(fact.fact) != refusals) continue;
        const FactView* other = find(of_b, fact, guess);
        if (other != nullptr && other->value == fact.value) continue;
        if (!refusals && (whole || refused.contains(fact.of))) continue;
        if (refusals) refused.insert(fact.of);
        whole = whole || is_whole_answer(fact.fact);
        tell_fact(subject, fact, fact.value,
                  other == nullptr ? row(fact.fact).absent : other->value, facts, position);
      }
      guess = 0;
      for (const FactView& fact : of_b) {
        if (is_refusal(fact.fact) != refusals || find(of_a, fact, guess) != nullptr) continue;
        if (!refusals && (whole || refused.contains(fact.of))) continue;
        if (refusals) refused.insert(fact.of);
        tell_fact(subject, fact, row(fact.fact).absent, fact.value, facts, position);
      }
    };
    pass(true);
    pass(false);
    return true;
  }

  // Facts stand in the same order on both sides, most often at the same place.
  static const FactView* find(const std::vector<FactView>& facts, const FactView& wanted,
                              std::size_t& guess) {
    for (std::size_t n = 0; n < facts.size(); ++n) {
      const std::size_t i = (guess + n) % facts.size();
      if (facts[i].fact != wanted.fact || facts[i].of != wanted.of) continue;
      guess = i + 1;
      return &facts[i];
    }
    return nullptr;
  }

  void tell_fact(std::string_view subject, const FactView& fact, std::string_view of_a,
                 std::string_view of_b, const Facts& facts, std::uint64_t position) {
    const FactRow& about = row(fact.fact);
    std::string what = shortened(subject);
    if (!fact.of.empty()) what += fmt::format(", {}", fact.of);
    what += fmt::format(": {}", about.title);
    std::string a_text;
    std::string b_text;
    contrast(of_a, of_b, a_text, b_text);
    differ(about.kind, std::move(what), position, std::move(a_text), std::move(b_text),
           facts.a_frames, facts.b_frames);
  }

  // --- the opening ---

  // False where the two went on differently from there: what follows does not compare.
  bool compare_opening() {
    for (std::size_t i = 0; i < kOpeningLayers; ++i) {
      const Step& x = a().opening[i];
      const Step& y = b().opening[i];
      const bool in_a = x.service != kUnknown;
      const bool in_b = y.service != kUnknown;
      if (!in_a && !in_b) continue;
      const std::uint64_t position = in_a ? x.frame : last_position_;
      if (in_a != in_b) {
        const Step& there = in_a ? x : y;
        const std::size_t lacking = in_a ? kB : kA;
        if (!side_[lacking]->start_seen || !side_[lacking]->holes.empty()) {
          not_seen(text(there.key), lacking, side_[lacking]->start_seen ? kLost : kStartsLate,
                   there.frame);
          continue;
        }
        differ(kOfLayer[i], std::string(text(there.key)), position,
               in_a ? "asked for" : "not asked", in_b ? "asked for" : "not asked", frames_of(x),
               frames_of(y));
        return false;
      }
      last_position_ = position;
      const Facts sent{x.sent, y.sent, frames(x.frame), frames(y.frame)};
      if (x.sent != kUnknown && y.sent != kUnknown) compare_facts(text(x.key), sent, position);
      if (tell_refusal(i, position)) return false;
      if (x.answered == kUnknown || y.answered == kUnknown) continue;
      compare_facts(text(x.key), {x.answered, y.answered, frames_of(x), frames_of(y)}, position);
    }
    return true;
  }

  // What the answer of a layer begins with; empty where it is not known.
  std::string_view outcome(const Step& step) const {
    const std::string_view all = text(step.answered);
    if (all.empty() || !is_whole_answer(static_cast<Fact>(all.front()))) return {};
    const std::size_t begin = all.find(FactWriter::kMiddle) + 1;
    return all.substr(begin, all.find(FactWriter::kEnd) - begin);
  }

  // Whether the two were answered differently in this layer. A layer refuses because one above it
  // does: that one says why.
  bool tell_refusal(std::size_t layer, std::uint64_t position) {
    const auto differs = [this](std::size_t i) {
      const std::string_view of_a = outcome(a().opening[i]);
      const std::string_view of_b = outcome(b().opening[i]);
      return !of_a.empty() && !of_b.empty() && of_a != of_b;
    };
    const auto says_why = [this](std::size_t i) {
      return !outcome(a().opening[i]).starts_with("none") &&
             !outcome(b().opening[i]).starts_with("none");
    };
    if (!differs(layer)) return false;
    std::size_t why = kOpeningLayers - 1;
    while (why > layer && !(differs(why) && says_why(why))) --why;
    const Step& x = a().opening[why];
    const Step& y = b().opening[why];
    compare_facts(text(x.key), {x.answered, y.answered, frames_of(x), frames_of(y)}, position);
    return true;
  }

  static constexpr Kind kOfLayer[kOpeningLayers] = {Kind::connection, Kind::transport,
                                                    Kind::session,    Kind::presentation,
                                                    Kind::acse,       Kind::initiate};

  // --- the steps ---

  static std::uint64_t frame_at(const std::vector<Step>& steps, std::size_t i) {
    return i < steps.size() ? steps[i].frame : ~std::uint64_t{0};
  }

  // Why a side may have missed a step between its steps `i` - 1 and `i`; empty where it has not.
  std::string_view excuse(std::size_t side, std::size_t i) const {
    const AssociationSteps& s = *side_[side];
    if (!s.start_seen) return kStartsLate;
    const std::uint64_t before = i > 0 ? s.steps[i - 1].frame : 0;
    const std::uint64_t after = frame_at(s.steps, i);
    for (const Hole& hole : s.holes) {
      if (hole.before <= after && (hole.after == 0 || hole.after >= before)) return kLost;
    }
    if (i == s.steps.size() && !s.end_seen) return kEndsEarly;
    return {};
  }

  std::string_view excuse_of_order() const {
    for (const AssociationSteps* s : side_) {
      if (!s->start_seen) return kStartsLate;
      if (!s->holes.empty()) return kLost;
    }
    return {};
  }

  void compare_steps() {
    const Alignment alignment = align(a().steps, b().steps);
    note_services();
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a().steps.size() || j < b().steps.size()) {
      const bool a_stops = i == a().steps.size() || in_order(alignment.a[i]);
      const bool b_stops = j == b().steps.size() || in_order(alignment.b[j]);
      if (a_stops && b_stops) {
        if (i < a().steps.size()) compare_step(a().steps[i], b().steps[j], alignment.a[i].kind);
        ++i;
        ++j;
        continue;
      }
      if (!a_stops) {
        leave(kA, i, j, alignment.a);
      } else {
        leave(kB, j, i, alignment.b);
      }
    }
  }

  static bool in_order(const Match& match) {
    return match.kind == MatchKind::same || match.kind == MatchKind::objects;
  }

  // Step `i` of one side has no partner at place `j` of the other.
  void leave(std::size_t side, std::size_t& i, std::size_t j, const std::vector<Match>& matches) {
    const std::size_t lacking = side == kA ? kB : kA;
    const std::vector<Step>& steps = side_[side]->steps;
    const Match match = matches[i];
    if (match.kind == MatchKind::moved) {
      if (side == kA) tell_moved(steps[i], b().steps[match.other]);
      ++i;
      return;
    }
    std::size_t end = i;
    while (end < steps.size() && matches[end].kind == MatchKind::none) ++end;
    const std::string_view excused = excuse(lacking, j);
    const bool rest = end == steps.size() && j == side_[lacking]->steps.size();
    if (rest && excused.empty() && end - i > kFewLeft) {
      tell_rest(side, i, end - i);
      i = end;
      return;
    }
    const Step& step = steps[i++];
    if (!excused.empty()) {
      not_seen(text(step.key), lacking, excused, step.frame);
    } else {
      tell_missing(side, step, j);
    }
  }

  // Where the other side goes on: at its step `j`.
  std::string goes_on(std::size_t side, std::size_t j) const {
    const AssociationSteps& s = *side_[side];
    if (j < s.steps.size()) return fmt::format("next is {}", shortened(text(s.steps[j].key)));
    return s.close.service != kUnknown ? "then it ended" : "nothing follows";
  }
  std::vector<std::uint64_t> frames_at(std::size_t side, std::size_t j) const {
    const AssociationSteps& s = *side_[side];
    if (j < s.steps.size()) return frames(s.steps[j].frame);
    return frames(s.close.frame != 0 ? s.close.frame : s.last_frame);
  }

  void put(std::size_t side, Difference& difference, std::string own, std::string others,
           std::vector<std::uint64_t> own_frames, std::vector<std::uint64_t> other_frames) const {
    (side == kA ? difference.a : difference.b) = std::move(own);
    (side == kA ? difference.b : difference.a) = std::move(others);
    (side == kA ? difference.a_frames : difference.b_frames) = std::move(own_frames);
    (side == kA ? difference.b_frames : difference.a_frames) = std::move(other_frames);
  }

  void tell_missing(std::size_t side, const Step& step, std::size_t j) {
    const std::size_t lacking = side == kA ? kB : kA;
    const bool used = services_[lacking].contains(step.service);
    Difference difference = begin(used ? Kind::step : Kind::service, shortened(text(step.key)),
                                  side == kA ? step.frame : last_position_);
    put(side, difference, "asked",
        fmt::format("{}; {}", used ? "not asked" : "service never used", goes_on(lacking, j)),
        frames_of(step), frames_at(lacking, j));
    found_.add(std::move(difference));
  }

  void tell_rest(std::size_t side, std::size_t i, std::size_t count) {
    const std::size_t lacking = side == kA ? kB : kA;
    const Step& first = side_[side]->steps[i];
    Difference difference =
        begin(Kind::step, shortened(text(first.key)), side == kA ? first.frame : last_position_);
    put(side, difference, fmt::format("asked, and {} more steps follow", count - 1),
        fmt::format("not asked; {}", goes_on(lacking, side_[lacking]->steps.size())),
        frames_of(first), frames_at(lacking, side_[lacking]->steps.size()));
    found_.add(std::move(difference));
  }

  void tell_moved(const Step& x, const Step& y) {
    const std::string_view excused = excuse_of_order();
    if (!excused.empty()) {
      not_seen(text(x.key), side_[kA]->start_seen && side_[kA]->holes.empty() ? kB : kA, excused,
               x.frame);
      return;
    }
    const auto place = [this](std::size_t side, const Step& step) {
      const std::vector<Step>& steps = side_[side]->steps;
      const auto i = static_cast<std::size_t>(&step - steps.data());
      return i == 0 ? std::string("asked first")
                    : fmt::format("asked after {}", shortened(text(steps[i - 1].key)));
    };
    differ(Kind::order, shortened(text(x.key)), std::min(x.frame, position_of_b(y)), place(kA, x),
           place(kB, y), frames_of(x), frames_of(y));
  }

  // The place of a step of the second capture among the frames of the first.
  std::uint64_t position_of_b(const Step& y) const {
    const auto behind = std::upper_bound(
        passed_.begin(), passed_.end(), y.frame,
        [](std::uint64_t frame, const auto& passed) { return frame < passed.first; });
    return behind == passed_.begin() ? a().first_frame : (behind - 1)->second;
  }

  void compare_step(const Step& x, const Step& y, MatchKind kind) {
    const std::uint64_t position = x.frame;
    last_position_ = position;
    passed_.emplace_back(y.frame, x.frame);
    if (kind == MatchKind::objects) {
      std::string of_a;
      std::string of_b;
      contrast(objects_of(x), objects_of(y), of_a, of_b);
      differ(Kind::objects, std::string(text(x.service)), position, std::move(of_a),
             std::move(of_b), frames_of(x), frames_of(y));
      return;
    }
    const std::string_view subject = text(x.key);
    bool differs =
        compare_facts(subject, {x.sent, y.sent, frames(x.frame), frames(y.frame)}, position);
    if (x.answered != kUnknown && y.answered != kUnknown) {
      differs |=
          compare_facts(subject, {x.answered, y.answered, frames_of(x), frames_of(y)}, position);
    } else if (x.answered != y.answered) {
      not_seen(fmt::format("answer to {}", subject), x.answered == kUnknown ? kA : kB,
               "the capture does not show the answer",
               x.answered == kUnknown ? y.answer_frame : x.answer_frame);
    }
    differs |= compare_followed(x, y, position);
    if (!differs) found_.alike();
  }

  // Where nothing followed on one side: was there time, and was nothing lost?
  std::string_view excuse_of_outcome(std::size_t side, const Step& step) const {
    const AssociationSteps& s = *side_[side];
    if (step.followed != kUnknown) return {};
    for (const Hole& hole : s.holes) {
      if (hole.after == 0 || hole.after >= step.frame) return kLost;
    }
    if (!s.end_seen && s.last_clock - step.clock < kTerminationWait) return kEndsEarly;
    return {};
  }

  bool compare_followed(const Step& x, const Step& y, std::uint64_t position) {
    if (x.followed == y.followed) return false;
    for (const std::size_t side : {kA, kB}) {
      const std::string_view excused = excuse_of_outcome(side, side == kA ? x : y);
      if (excused.empty()) continue;
      not_seen(fmt::format("outcome of {}", text(x.key)), side, excused,
               side == kA ? y.followed_frame : x.followed_frame);
      return false;
    }
    return compare_facts(text(x.key),
                         {x.followed, y.followed, frames(x.frame, x.followed_frame),
                          frames(y.frame, y.followed_frame)},
                         position);
  }

  std::string_view objects_of(const Step& step) const {
    const std::string_view key = text(step.key);
    const std::size_t service = text(step.service).size();
    return key.size() > service ? key.substr(service + 1) : std::string_view("none");
  }

  void note_services() {
    for (const std::size_t side : {kA, kB}) {
      for (const Step& step : side_[side]->steps) services_[side].insert(step.service);
    }
  }

  // --- what came unasked ---

  using ByKey = std::unordered_map<Text, std::vector<const Step*>>;
  static ByKey by_key(const std::vector<Step>& steps) {
    ByKey found;
    for (const Step& step : steps) found[step.key].push_back(&step);
    return found;
  }

  std::string_view excuse_of_silence(std::size_t side) const {
    const AssociationSteps& s = *side_[side];
    if (!s.start_seen) return kStartsLate;
    if (!s.holes.empty()) return kLost;
    return s.end_seen ? std::string_view() : kEndsEarly;
  }

  // Which members a report holds is the process's doing, not a difference.
  static bool is_of_process(Fact fact) { return fact == Fact::member_type; }

  // What has no frame (of a report in JSON) stands last.
  static std::uint64_t place_of(const Step& step) {
    return step.frame != 0 ? step.frame : ~std::uint64_t{0};
  }

  void compare_told() {
    const ByKey of_a = by_key(a().told);
    const ByKey of_b = by_key(b().told);
    for (const Step& step : a().told) {
      const auto others = of_b.find(step.key);
      if (others == of_b.end()) {
        if (of_a.at(step.key).front() == &step) tell_silence(kA, step);
        continue;
      }
      const auto& own = of_a.at(step.key);
      const auto n =
          static_cast<std::size_t>(std::find(own.begin(), own.end(), &step) - own.begin());
      if (n >= others->second.size()) continue;
      const Step& other = *others->second[n];
      bool differs = compare_facts(text(step.key),
                                   {step.sent, other.sent, frames(step.frame), frames(other.frame)},
                                   step.frame);
      if (step.answered != kUnknown && other.answered != kUnknown) {
        differs |= compare_facts(text(step.key),
                                 {step.answered, other.answered, frames_of(step), frames_of(other)},
                                 step.frame);
      }
      if (!differs) found_.alike();
    }
    for (const Step& step : b().told) {
      if (!of_a.contains(step.key) && of_b.at(step.key).front() == &step) tell_silence(kB, step);
    }
  }

  void tell_silence(std::size_t side, const Step& step) {
    const std::size_t lacking = side == kA ? kB : kA;
    const std::vector<FactView> facts = facts_of(text(step.sent));
    if (!facts.empty() && is_of_process(facts.front().fact)) return;
    const std::string_view excused = excuse_of_silence(lacking);
    if (!excused.empty()) {
      not_seen(text(step.key), lacking, excused, step.frame);
      return;
    }
    const FactRow* about = facts.empty() ? nullptr : &row(facts.front().fact);
    Difference difference =
        begin(about == nullptr ? Kind::step : about->kind, shortened(text(step.key)),
              side == kA || step.frame == 0 ? place_of(step) : position_of_b(step));
    const bool told_what = about != nullptr && about->kind != Kind::report;
    put(side, difference, told_what ? std::string(facts.front().value) : "came", "none came",
        frames_of(step), {});
    found_.add(std::move(difference));
  }

  // --- the end ---

  // An earlier ending may have been lost.
  bool end_is_sure(std::size_t side) const {
    const AssociationSteps& s = *side_[side];
    const std::uint64_t before = s.steps.empty() ? 0 : s.steps.back().frame;
    return std::none_of(s.holes.begin(), s.holes.end(), [&](const Hole& hole) {
      return hole.before <= s.close.frame && (hole.after == 0 || hole.after >= before);
    });
  }

  void compare_close() {
    const Step& x = a().close;
    const Step& y = b().close;
    if (!a().end_seen || !b().end_seen || x.service == kUnknown || y.service == kUnknown) {
      if (a().end_seen != b().end_seen) {
        not_seen("end of the association", a().end_seen ? kB : kA, kEndsEarly,
                 a().end_seen ? x.frame : y.frame);
      }
      return;
    }
    if (x.sent != y.sent && !(end_is_sure(kA) && end_is_sure(kB))) {
      not_seen(text(x.key), end_is_sure(kA) ? kB : kA, kLost, end_is_sure(kA) ? x.frame : y.frame);
      return;
    }
    const std::uint64_t position = std::min(x.frame, position_of_b(y));
    bool differs =
        compare_facts(text(x.key), {x.sent, y.sent, frames(x.frame), frames(y.frame)}, position);
    if (x.answered != kUnknown && y.answered != kUnknown) {
      differs |= compare_facts(text(x.key), {x.answered, y.answered, frames_of(x), frames_of(y)},
                               position);
    }
    if (!differs) found_.alike();
  }

  const AssociationSteps* side_[2];
  const Vocabulary& vocabulary_;
  Collector& found_;
  std::unordered_set<Text> services_[2];
  std::uint64_t last_position_ = 0;                              // of the last step that both have
  std::vector<std::pair<std::uint64_t, std::uint64_t>> passed_;  // frames of b and of a, in order
};

void tell_unpaired(const AssociationPair& pair, const CaptureSteps& a, const CaptureSteps& b,
                   Collector& found) {
  const bool in_a = pair.a.has_value();
  const AssociationSteps& there = in_a ? a.associations[*pair.a] : b.associations[*pair.b];
  const Who who = who_of(there);
  std::string subject = fmt::format("association of {} with {}", who.client, who.server);
  if (pair.may_be_missed) {
    found.not_seen({std::move(subject), in_a, std::string(kEndsEarly), there.first_frame});
    return;
  }
  Difference difference;
  difference.kind = Kind::association;
  difference.subject = std::move(subject);
  const std::string text = fmt::format("{} steps", there.steps.size());
  (in_a ? difference.a : difference.b) = text;
  (in_a ? difference.b : difference.a) = "no such association";
  (in_a ? difference.a_frames : difference.b_frames) = {there.first_frame};
  (in_a ? difference.a_who : difference.b_who) = who;
  difference.position = in_a ? there.first_frame : ~std::uint64_t{0};
  found.add(std::move(difference));
}

}  // namespace

Comparison compare(const CaptureSteps& a, const CaptureSteps& b, const Vocabulary& vocabulary,
                   const std::vector<AddressMap>& map) {
  const Pairing pairing = pair_up(a, b, map);
  Collector found;
  for (const AssociationPair& pair : pairing.associations) {
    if (pair.a && pair.b) {
      found.pair();
      PairComparer(a.associations[*pair.a], b.associations[*pair.b], vocabulary, found).run();
    } else {
      tell_unpaired(pair, a, b, found);
    }
  }
  compare_response_times(a, b, pairing.servers, vocabulary, found);
  Comparison result = found.finish();
  result.servers = pairing.servers;
  return result;
}

}  // namespace mmsa::diff
