#include "mms/outstanding.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <list>
#include <random>
#include <string>
#include <vector>

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
  OutstandingRequests requests;
  CHECK(requests.size() == 0);
  CHECK(requests.find(0) == nullptr);
  CHECK(requests.take(0) == nullptr);
  CHECK(requests.take_oldest() == nullptr);
}

TEST_CASE("an answer takes its request with it") {
  OutstandingRequests requests;
  requests.insert(request(5), {});
  REQUIRE(requests.find(5) != nullptr);
  const PendingRequest* taken = requests.take(5);
  REQUIRE(taken != nullptr);
  CHECK(taken->frame.number == 1005);
  CHECK(requests.size() == 0);
  CHECK(requests.take(5) == nullptr);
}

TEST_CASE("the octets of a request are copied") {
  OutstandingRequests requests;
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
  OutstandingRequests requests;
  for (const std::uint32_t id : {9U, 1U, 0xFFFF'FFFFU, 4U}) requests.insert(request(id), {});
  CHECK(ids(requests) == std::vector<std::uint32_t>{9, 1, 0xFFFF'FFFFU, 4});
  requests.take(1);
  CHECK(ids(requests) == std::vector<std::uint32_t>{9, 0xFFFF'FFFFU, 4});
  CHECK(requests.take_oldest()->invoke_id == 9);
  CHECK(ids(requests) == std::vector<std::uint32_t>{0xFFFF'FFFFU, 4});
}

TEST_CASE("nothing waits any longer once all is cleared") {
  OutstandingRequests requests;
  requests.insert(request(5), {});
  requests.clear();
  CHECK(requests.size() == 0);
  CHECK(requests.find(5) == nullptr);
  requests.insert(request(5), {});
  CHECK(requests.size() == 1);
}

// Ids that share their place in the table, taken in any order, against a plain list.
TEST_CASE("any order of requests and answers") {
  std::mt19937 random(42);
  OutstandingRequests requests;
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

}  // namespace
}  // namespace mmsa::mms
