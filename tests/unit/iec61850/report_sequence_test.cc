#include "iec61850/report_sequence.h"

#include <catch2/catch.hpp>
#include <utility>

namespace mmsa::iec61850 {
namespace {

using Verdict = SequenceVerdict;

// Feeds reports; each has its own content unless it is given one.
struct Feed {
  ReportSequences sequences;
  std::uint64_t frame = 0;
  std::uint64_t losses = 0;
  bool buffered = false;

  SequenceNumbers numbers(std::uint64_t sq_num) {
    SequenceNumbers report;
    report.sq_num = sq_num;
    report.buffered = buffered;
    report.losses = losses;
    report.frame.number = ++frame;
    report.content = frame;
    return report;
  }
  SequenceResult add(std::uint64_t sq_num) { return sequences.add(numbers(sq_num)); }
  SequenceResult same(std::uint64_t sq_num, std::uint64_t content) {
    SequenceNumbers report = numbers(sq_num);
    report.content = content;
    return sequences.add(report);
  }
  SequenceResult segment(std::uint64_t sq_num, std::uint64_t sub, bool more) {
    SequenceNumbers report = numbers(sq_num);
    report.sub_sq_num = sub;
    report.more_segments = more;
    return sequences.add(report);
  }
  void enable() {
    ++frame;
    sequences.expect_restart();
  }
  std::vector<SequenceGap> finish() {
    sequences.finish();
    return std::exchange(sequences.gaps(), {});
  }
};

TEST_CASE("numbers that follow") {
  Feed feed;
  CHECK(feed.add(7).verdict == Verdict::first);
  const SequenceResult next = feed.add(8);
  CHECK(next.verdict == Verdict::next);
  CHECK(next.previous.number == 1);
  CHECK_FALSE(next.uncertain);
}

TEST_CASE("skipped numbers are a gap") {
  Feed feed;
  feed.add(7);
  const SequenceResult gap = feed.add(11);
  CHECK(gap.verdict == Verdict::skipped);
  CHECK(gap.missing == 3);
  CHECK(gap.expected == 8);
  CHECK(gap.previous.number == 1);
  CHECK_FALSE(gap.uncertain);
  CHECK(feed.add(12).verdict == Verdict::next);
}

TEST_CASE("a gap is uncertain where the capture lost octets") {
  Feed feed;
  feed.add(7);
  ++feed.losses;
  const SequenceResult gap = feed.add(9);
  CHECK(gap.verdict == Verdict::skipped);
  CHECK(gap.missing == 1);
  CHECK(gap.uncertain);
  // Not for ever: the next one is the device's.
  CHECK_FALSE(feed.add(12).uncertain);
}

TEST_CASE("an unbuffered number wraps at 255") {
  Feed feed;
  feed.add(254);
  CHECK(feed.add(255).verdict == Verdict::next);
  CHECK(feed.add(0).verdict == Verdict::next);
}

TEST_CASE("a gap over an unbuffered wrap") {
  Feed feed;
  feed.add(254);
  const SequenceResult gap = feed.add(2);
  CHECK(gap.verdict == Verdict::skipped);
  CHECK(gap.missing == 3);  // 255, 0, 1
  CHECK(gap.expected == 255);
}

TEST_CASE("a buffered number wraps at 65535") {
  Feed feed;
  feed.buffered = true;
  feed.add(255);
  CHECK(feed.add(256).verdict == Verdict::next);
  feed = {};
  feed.buffered = true;
  feed.add(65'534);
  CHECK(feed.add(65'535).verdict == Verdict::next);
  CHECK(feed.add(0).verdict == Verdict::next);
  CHECK(feed.add(1).verdict == Verdict::next);
}

TEST_CASE("a gap over a buffered wrap") {
  Feed feed;
  feed.buffered = true;
  feed.add(65'535);
  const SequenceResult gap = feed.add(1);
  CHECK(gap.verdict == Verdict::skipped);
  CHECK(gap.missing == 1);
  CHECK(gap.expected == 0);
}

TEST_CASE("a buffered 0 behind 255 is a restart, not a wrap") {
  Feed feed;
  feed.buffered = true;
  feed.add(255);
  CHECK(feed.add(0).verdict == Verdict::restart);
}

TEST_CASE("a number over 255 proves a buffered block by itself") {
  Feed feed;
  feed.add(255);
  CHECK(feed.add(256).verdict == Verdict::next);
  CHECK(feed.add(258).missing == 1);
}

TEST_CASE("the numbers begin again at an enable") {
  Feed feed;
  feed.add(41);
  feed.enable();
  CHECK(feed.add(0).verdict == Verdict::restart);
  CHECK(feed.add(1).verdict == Verdict::next);
}

TEST_CASE("servers that count from 1 after an enable skip nothing") {
  Feed feed;
  feed.add(41);
  feed.enable();
  CHECK(feed.add(1).verdict == Verdict::restart);
  CHECK(feed.add(2).verdict == Verdict::next);
}

TEST_CASE("any first number after an enable skips nothing") {
  Feed feed;
  feed.enable();
  CHECK(feed.add(6).verdict == Verdict::restart);
  CHECK(feed.add(7).verdict == Verdict::next);
  CHECK(feed.finish().empty());
}

TEST_CASE("a replay under old numbers, then from 0") {
  Feed feed;
  feed.buffered = true;
  for (std::uint64_t n = 0; n < 5; ++n) feed.add(n);
  feed.enable();
  CHECK(feed.add(5).verdict == Verdict::next);
  CHECK(feed.add(6).verdict == Verdict::next);
  CHECK(feed.add(0).verdict == Verdict::restart);
  CHECK(feed.add(1).verdict == Verdict::next);
  CHECK(feed.finish().empty());
}

TEST_CASE("a replay begins with 0 to 2, then live reports begin with 0 again") {
  Feed feed;
  feed.buffered = true;
  feed.enable();
  for (const std::uint64_t n : {0u, 1u, 2u, 0u, 1u, 2u, 3u}) feed.add(n);
  CHECK(feed.finish().empty());
}

TEST_CASE("numbers lost in the buffer over an enable are told with the restart, and are no gap") {
  Feed feed;
  feed.buffered = true;
  feed.add(0);
  feed.enable();
  const SequenceResult first = feed.add(4);
  CHECK(first.verdict == Verdict::restart);
  CHECK(first.skipped_at_restart == 3);
  CHECK(first.expected == 1);
  CHECK(feed.finish().empty());
}

TEST_CASE("a replay under old numbers fills the hole of the life before") {
  Feed feed;
  feed.buffered = true;
  for (const std::uint64_t n : {0u, 1u, 4u}) feed.add(n);
  feed.enable();
  for (const std::uint64_t n : {2u, 3u, 4u}) feed.add(n);
  CHECK(feed.finish().empty());
}

TEST_CASE("an enable repeated while reporting is no gap") {
  Feed feed;
  for (std::uint64_t n = 0; n < 22; ++n) feed.same(n, 100 + n);
  feed.enable();
  CHECK(feed.same(22, 122).verdict == Verdict::next);
  CHECK(feed.same(22, 122).verdict == Verdict::repeated);
  CHECK(feed.finish().empty());
}

TEST_CASE("every number once but out of order: nothing is missing") {
  Feed feed;
  feed.enable();
  feed.add(1);
  feed.add(35);
  CHECK(feed.add(2).verdict == Verdict::late);
  std::size_t late = 1;
  for (std::uint64_t n = 3; n <= 301; n += 2) {
    if (n != 35) feed.add(n);
  }
  for (std::uint64_t n = 4; n <= 300; n += 2) late += feed.add(n).verdict == Verdict::late ? 1 : 0;
  CHECK(late > 100);
  CHECK(feed.finish().empty());
}

TEST_CASE("an unbuffered block that counts past 255 skips nothing") {
  Feed feed;
  for (std::uint64_t n = 250; n < 302; ++n) feed.add(n);
  CHECK(feed.finish().empty());
}

TEST_CASE("a gap is claimed at the end, between its reports") {
  Feed feed;
  feed.add(7);
  feed.add(11);
  CHECK(feed.sequences.gaps().empty());
  const std::vector<SequenceGap> gaps = feed.finish();
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].first == 8);
  CHECK(gaps[0].count == 3);
  CHECK(gaps[0].before.number == 1);
  CHECK(gaps[0].after.number == 2);
  CHECK(gaps[0].doubt == SequenceGap::Doubt::none);
}

TEST_CASE("a gap is claimed when its numbers are needed again") {
  Feed feed;
  feed.add(3);
  feed.add(5);
  for (std::uint64_t n = 6; n < 262; ++n) feed.add(n % 256);
  REQUIRE(feed.sequences.gaps().size() == 1);
  CHECK(feed.sequences.gaps()[0].first == 4);
}

TEST_CASE("a gap beside a message that could not be decoded is in doubt") {
  Feed feed;
  feed.add(0);
  SequenceNumbers report = feed.numbers(3);
  report.damages = 1;
  feed.sequences.add(report);
  const std::vector<SequenceGap> gaps = feed.finish();
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].doubt == SequenceGap::Doubt::damaged);
}

TEST_CASE("a report that begins with SubSqNum 1 lacks its first segment") {
  Feed feed;
  feed.add(2);
  const SequenceResult result = feed.segment(3, 1, true);
  CHECK(result.verdict == Verdict::next);
  CHECK(result.first_segment_missing);
  CHECK(feed.segment(3, 2, false).verdict == Verdict::segment);
  CHECK_FALSE(feed.segment(4, 0, false).first_segment_missing);
}

TEST_CASE("a capture that starts in the middle of a report blames nobody") {
  Feed feed;
  CHECK_FALSE(feed.segment(3, 1, true).first_segment_missing);
}

TEST_CASE("a 0 without an enable is a restart: it may have been before the capture") {
  Feed feed;
  feed.add(41);
  CHECK(feed.add(0).verdict == Verdict::restart);
  CHECK(feed.add(1).verdict == Verdict::next);
}

TEST_CASE("the same report once more") {
  Feed feed;
  feed.same(5, 500);
  feed.same(6, 600);
  const SequenceResult again = feed.same(6, 600);
  CHECK(again.verdict == Verdict::repeated);
  CHECK(again.previous.number == 2);
  CHECK(feed.add(7).verdict == Verdict::next);
}

TEST_CASE("the same number with other content is another block's") {
  Feed feed;
  feed.same(6, 600);
  CHECK(feed.same(6, 601).verdict == Verdict::other_instance);
}

TEST_CASE("segments carry one number") {
  Feed feed;
  CHECK(feed.segment(3, 0, true).verdict == Verdict::first);
  CHECK(feed.segment(3, 1, true).verdict == Verdict::segment);
  CHECK(feed.segment(3, 2, false).verdict == Verdict::segment);
  CHECK_FALSE(feed.sequences.unfinished());
  CHECK(feed.segment(4, 0, false).verdict == Verdict::next);
}

TEST_CASE("a segment in the middle is missing") {
  Feed feed;
  feed.segment(3, 0, true);
  const SequenceResult hole = feed.segment(3, 3, false);
  CHECK(hole.verdict == Verdict::segment_missing);
  CHECK(hole.expected == 1);
  CHECK(hole.missing == 2);
  CHECK_FALSE(hole.uncertain);
}

TEST_CASE("a missing segment is uncertain where the capture lost octets") {
  Feed feed;
  feed.segment(3, 0, true);
  ++feed.losses;
  const SequenceResult hole = feed.segment(3, 2, false);
  CHECK(hole.verdict == Verdict::segment_missing);
  CHECK(hole.uncertain);
}

TEST_CASE("the last segment is missing before the next report") {
  Feed feed;
  feed.segment(3, 0, true);
  const SequenceResult next = feed.segment(4, 0, false);
  CHECK(next.verdict == Verdict::next);
  CHECK(next.segment_missing_before);
  CHECK(next.previous.number == 1);
}

TEST_CASE("the last segment is missing at the end") {
  Feed feed;
  feed.segment(3, 0, true);
  REQUIRE(feed.sequences.unfinished());
  CHECK(feed.sequences.unfinished()->number == 1);
}

TEST_CASE("two blocks that share an RptID count by themselves") {
  Feed feed;
  feed.sequences.set_instances(2);
  feed.add(10);
  CHECK(feed.add(100).verdict == Verdict::other_instance);
  CHECK(feed.add(11).verdict == Verdict::next);
  CHECK(feed.add(101).verdict == Verdict::next);
  const SequenceResult gap = feed.add(13);
  CHECK(gap.verdict == Verdict::skipped);
  CHECK(gap.missing == 1);
  CHECK(feed.add(102).verdict == Verdict::next);
}

TEST_CASE("two blocks of one RptID begin in the order in which they were enabled") {
  Feed feed;
  feed.buffered = true;
  feed.enable();
  const SequenceResult first = feed.add(0);
  CHECK(first.new_life);
  CHECK(first.sequence == 0);
  feed.add(1);
  feed.enable();
  feed.sequences.set_instances(2);
  // The first one goes on before the second begins: that is not the report which was expected.
  const SequenceResult on = feed.add(2);
  CHECK(on.verdict == Verdict::next);
  CHECK_FALSE(on.new_life);
  const SequenceResult second = feed.add(0);
  CHECK(second.verdict == Verdict::restart);
  CHECK(second.new_life);
  CHECK(second.sequence == 1);
  CHECK(feed.add(3).sequence == 0);
  CHECK(feed.add(1).sequence == 1);
}

TEST_CASE("BufOvfl is remembered for each of the sequences") {
  Feed feed;
  feed.sequences.set_instances(2);
  const auto overflow = [&](std::uint64_t sq_num, bool set) {
    SequenceNumbers report = feed.numbers(sq_num);
    report.buffered = true;
    report.overflow = set;
    return feed.sequences.add(report).overflow_before;
  };
  CHECK_FALSE(overflow(10, true));
  CHECK_FALSE(overflow(100, false));
  CHECK(overflow(11, true));
  CHECK_FALSE(overflow(101, true));
  CHECK(overflow(102, true));
}

TEST_CASE("what a skipped report told is kept with the gap") {
  Feed feed;
  feed.add(7);
  feed.add(9);
  CHECK(feed.sequences.skipped_since({1, 0, 0}));
  CHECK_FALSE(feed.sequences.skipped_since({2, 0, 0}));
  feed.sequences.note_lost({1, 0, 0}, "Ind1 false -> true");
  const auto gaps = feed.finish();
  REQUIRE(gaps.size() == 1);
  CHECK(gaps[0].lost == "Ind1 false -> true");
}

TEST_CASE("segments of two blocks that are interleaved") {
  Feed feed;
  feed.sequences.set_instances(2);
  feed.segment(3, 0, true);
  feed.segment(90, 0, true);
  CHECK(feed.segment(3, 1, false).verdict == Verdict::segment);
  CHECK(feed.segment(90, 1, false).verdict == Verdict::segment);
  CHECK(feed.segment(4, 0, false).verdict == Verdict::next);
  CHECK(feed.segment(91, 0, false).verdict == Verdict::next);
}

TEST_CASE("a step back belongs to another block: TCP never reorders") {
  Feed feed;
  feed.add(50);
  CHECK(feed.add(40).verdict == Verdict::other_instance);
  CHECK(feed.add(51).verdict == Verdict::next);
  CHECK(feed.add(41).verdict == Verdict::next);
}

TEST_CASE("numbers of a server that has gone mad do no harm") {
  Feed feed;
  feed.sequences.set_instances(1'000'000'000);
  for (std::uint64_t i = 0; i < 2000; ++i) feed.add(i * 0x9E37'79B9'7F4A'7C15ULL);
  feed.add(0xFFFF'FFFF'FFFF'FFFFULL);
  feed.segment(1, 0xFFFF'FFFF'FFFF'FFFFULL, true);
  feed.segment(1, 0xFFFF'FFFF'FFFF'FFFFULL, true);
  CHECK(feed.sequences.unfinished().has_value());
}

}  // namespace
}  // namespace mmsa::iec61850
