// What waits for the end of its TSDU is bounded, alone and together.
#include "osi/join_buffer.h"

#include <catch2/catch.hpp>
#include <deque>
#include <vector>

namespace mmsa::osi {
namespace {

TEST_CASE("a join buffer takes what a TSDU may be long, and no more") {
  std::size_t total = 0;
  JoinBuffer buffer(total);
  const std::vector<std::uint8_t> half(limits::kMaxTsdu / 2, 7);
  CHECK(buffer.append(half));
  CHECK(buffer.append(half));
  CHECK_FALSE(buffer.append(Bytes(half).first(1)));
  CHECK(buffer.octets().size() == limits::kMaxTsdu);
  CHECK(total == limits::kMaxTsdu);
}

TEST_CASE("a long TSDU's memory is given back, a usual one's is kept for the next") {
  std::size_t total = 0;
  JoinBuffer buffer(total);
  REQUIRE(buffer.append(std::vector<std::uint8_t>(60'000)));
  buffer.clear();
  CHECK(total == 0);
  CHECK(buffer.empty());
  CHECK(buffer.capacity() >= 60'000);
  REQUIRE(buffer.append(std::vector<std::uint8_t>(1'000'000)));
  buffer.clear();
  CHECK(total == 0);
  CHECK(buffer.capacity() == 0);
}

TEST_CASE("all join buffers together are bounded, and those that go make room") {
  std::size_t total = 0;
  const std::vector<std::uint8_t> whole(limits::kMaxTsdu);
  std::deque<JoinBuffer> buffers;
  for (std::size_t i = 0; i < limits::kMaxJoinedTotal / limits::kMaxTsdu; ++i) {
    REQUIRE(buffers.emplace_back(total).append(whole));
  }
  JoinBuffer late(total);
  CHECK_FALSE(late.append(Bytes(whole).first(1)));
  buffers.pop_front();
  CHECK(late.append(whole));
  CHECK_FALSE(late.append(Bytes(whole).first(1)));
  late.clear();
  buffers.clear();
  CHECK(total == 0);
}

}  // namespace
}  // namespace mmsa::osi
