#include "mms/outstanding.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <list>
#include <random>
#include <string>
#include <vector>

#include "mmsanalyze/limits.h"

namespace mmsa::mms {
namespace {

PendingRequest request(std::uint32_t invoke_id) {
  PendingRequest pending;
  pending.invoke_id = invoke_id;
  pending.frame.number = invoke_id + 1000;
  return pending;
}

std::vector<std::uint32_t> ids(OutstandingRequests& requests) {
  std::vector<std::uint32_t> out;
  requests.for_each([&](const PendingRequest& r) { out.push_back(r.invoke_id); });
  return out;
}

TEST_CASE("nothing waits in an empty table") {
  HeldRequests held;
  OutstandingRequests requests(held);
  CHECK(requests.size() == 0);
  CHECK(requests.find(0) == nullptr);
  CHECK(requests.take(0) == nullptr);
  CHECK(requests.take_oldest() == nullptr);
}

TEST_CASE("an answer takes its request with it") {
  HeldRequests held;
  OutstandingRequests requests(held);
  requests.insert(request(5), {});
  REQUIRE(requests.find(5) != nullptr);
  const PendingRequest* taken = requests.take(5);
  REQUIRE(taken != nullptr);
  CHECK(taken->frame.number == 1005);
  CHECK(requests.size() == 0);
  CHECK(requests.take(5) == nullptr);
}

TEST_CASE("the octets of a request are copied") {
  HeldRequests held;
  OutstandingRequests requests(held);
  std::vector<std::uint8_t> octets = {1, 2, 3};
  requests.insert(request(5), octets);
  octets.assign(3, 0xFF);
  // The table grows and moves what it holds.
  for (std::uint32_t id = 100; id < 200; ++id) requests.insert(request(id), octets);
  const PendingRequest* taken = requests.take(5);
  REQUIRE(taken != nullptr);
  CHECK(std::vector<std::uint8_t>(taken->octets.begin(), taken->octets.end()) ==
        std::vector<std::uint8_t>{1, 2, 3});
}

TEST_CASE("requests are told in their order, whatever their ids") {
  HeldRequests held;
  OutstandingRequests requests(held);
  for (const std::uint32_t id : {9U, 1U, 0xFFFF'FFFFU, 4U}) requests.insert(request(id), {});
  CHECK(ids(requests) == std::vector<std::uint32_t>{9, 1, 0xFFFF'FFFFU, 4});
  requests.take(1);
  CHECK(ids(requests) == std::vector<std::uint32_t>{9, 0xFFFF'FFFFU, 4});
  CHECK(requests.take_oldest()->invoke_id == 9);
  CHECK(ids(requests) == std::vector<std::uint32_t>{0xFFFF'FFFFU, 4});
}

// Ids that share their place in the table, taken in any order, against a plain list.
TEST_CASE("any order of requests and answers") {
  std::mt19937 random(42);
  HeldRequests held;
  OutstandingRequests requests(held);
  std::list<std::uint32_t> model;
  for (int step = 0; step < 20'000; ++step) {
    const auto id = static_cast<std::uint32_t>(random() % 32 * (random() % 2 == 0 ? 1024 : 1));
    const auto known = std::find(model.begin(), model.end(), id);
    const auto action = random() % 8;
    if (action == 0 && !model.empty()) {
      REQUIRE(requests.take_oldest()->invoke_id == model.front());
      model.pop_front();
    } else if (known == model.end()) {
      REQUIRE(requests.find(id) == nullptr);
      requests.insert(request(id), {});
      model.push_back(id);
    } else {
      REQUIRE(requests.take(id)->invoke_id == id);
      model.erase(known);
    }
    REQUIRE(requests.size() == model.size());
  }
  CHECK(ids(requests) == std::vector<std::uint32_t>(model.begin(), model.end()));
}

// --- what all tables hold ---

constexpr std::size_t kLong = 1u << 20;

TEST_CASE("beyond the cap a request waits without its octets") {
  HeldRequests held;
  OutstandingRequests full(held);
  OutstandingRequests other(held);
  const std::vector<std::uint8_t> octets(kLong, 7);
  for (std::uint32_t id = 0; id < limits::kMaxHeldRequests / kLong; ++id) {
    REQUIRE(full.insert(request(id), octets).octets.size() == kLong);
  }
  const PendingRequest& late = other.insert(request(5), octets);
  CHECK(late.octets.empty());
  CHECK(late.cut);
  CHECK(held.octets <= limits::kMaxHeldRequests);
  // It is paired all the same.
  const PendingRequest* taken = other.take(5);
  REQUIRE(taken != nullptr);
  CHECK(taken->frame.number == 1005);
  // One that is answered makes room for the next.
  full.take(3);
  CHECK(other.insert(request(6), octets).octets.size() == kLong);
  CHECK_FALSE(other.find(6)->cut);
}

TEST_CASE("a long buffer is given back when its request is taken, and its octets are still there") {
  HeldRequests held;
  OutstandingRequests requests(held);
  requests.insert(request(5), std::vector<std::uint8_t>(kLong, 7));
  CHECK(held.octets >= kLong);
  const PendingRequest* taken = requests.take(5);
  CHECK(held.octets == 0);
  REQUIRE(taken->octets.size() == kLong);
  CHECK(std::count(taken->octets.begin(), taken->octets.end(), 7) == kLong);
  // The slot is used again, and the buffer was not copied back.
  CHECK(requests.insert(request(6), std::vector<std::uint8_t>(10, 8)).octets.size() == 10);
  CHECK(held.octets < 100);
}

TEST_CASE("a short buffer stays with its slot") {
  HeldRequests held;
  OutstandingRequests requests(held);
  const std::vector<std::uint8_t> octets(100, 7);
  const std::uint8_t* const first = requests.insert(request(5), octets).octets.data();
  requests.take(5);
  CHECK(held.octets == 100);
  CHECK(requests.insert(request(6), octets).octets.data() == first);
}

TEST_CASE("a table that goes gives all back") {
  HeldRequests held;
  {
    OutstandingRequests requests(held);
    for (std::uint32_t id = 0; id < 100; ++id) {
      requests.insert(request(id), std::vector<std::uint8_t>(id, 7));
    }
    requests.take(50);
    CHECK(held.slots == 100);
  }
  CHECK(held.octets == 0);
  CHECK(held.slots == 0);
}

// Pools of idle associations leave room.
TEST_CASE("once half of the cap is held, short buffers are given back too") {
  HeldRequests held;
  OutstandingRequests idle(held);
  OutstandingRequests other(held);
  const std::vector<std::uint8_t> octets(4096, 7);
  const std::uint32_t count = limits::kMaxHeldRequests / 4096;
  for (std::uint32_t id = 0; id < count; ++id) idle.insert(request(id), octets);
  CHECK(other.insert(request(5), octets).cut);
  for (std::uint32_t id = 0; id < count; ++id) idle.take(id);
  CHECK(held.octets <= limits::kMaxHeldRequests / 2);
  CHECK_FALSE(other.insert(request(6), octets).cut);
}

}  // namespace
}  // namespace mmsa::mms
