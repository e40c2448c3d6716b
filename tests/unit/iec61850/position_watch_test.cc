// Positions after a command, and entries that a buffer replays.
#include "iec61850/position_watch.h"

#include <catch2/catch.hpp>

namespace mmsa::iec61850 {
namespace {

constexpr TimeNs kSecond = kNsPerSecond;

FrameRef at(std::uint64_t frame, TimeNs time) { return {frame, time, time}; }

TEST_CASE("entries of a buffer that are replayed are no position of now") {
  LiveEntries entries;
  CHECK_FALSE(entries.see(100 * kSecond, at(1, 1000 * kSecond)));  // it may be old
  // Two minutes of entries within milliseconds.
  CHECK_FALSE(entries.see(160 * kSecond, at(2, 1000 * kSecond + 1)));
  CHECK_FALSE(entries.see(220 * kSecond, at(3, 1000 * kSecond + 2)));
  CHECK_FALSE(entries.see(1005 * kSecond, at(4, 1005 * kSecond)));
  // From here on they are sent as they happen, whatever the server's clock shows.
  CHECK(entries.see(1010 * kSecond, at(5, 1010 * kSecond)));
  CHECK_FALSE(entries.see(std::nullopt, at(6, 1011 * kSecond)));
}

TEST_CASE("a replayed position says nothing about a command that came later") {
  PositionWatch watch;
  watch.command(true, at(1, kSecond));
  watch.see({true, false}, at(2, 20 * kSecond), false, false);
  CHECK(watch.last().number == 0);
  CHECK_FALSE(watch.moved());
  watch.see({true, false}, at(3, 30 * kSecond), false);
  CHECK(watch.last().number == 3);
  // One that moved may have moved because of it.
  watch.see({true, true}, at(4, 31 * kSecond), true, false);
  CHECK(watch.moved());
}

}  // namespace
}  // namespace mmsa::iec61850
