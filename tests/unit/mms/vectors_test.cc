// Every vector as it is, cut off at every length, with octets behind it, and damaged at random.
#include "vectors.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "mms/pdu.h"
#include "mms/service_table.h"
#include "support/dump.h"

namespace mmsa {
namespace {

// What holds for the nodes of any octets: subtrees nest, contents lie inside the PDU.
void check_tree(const asn1::Tree& tree, Bytes octets) {
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const asn1::Node& node = tree.nodes[i];
    if (node.end <= i || node.end > tree.nodes.size()) FAIL("subtree of node " << i);
    if (node.length != 0 && (node.content < octets.data() ||
                             node.content + node.length > octets.data() + octets.size())) {
      FAIL("content of node " << i);
    }
  }
  for (const std::uint32_t index : tree.objects) {
    static_cast<void>(object_name(tree.at(index)));
  }
}

void check_error(const MmsPdu& pdu, std::size_t size) {
  if (!pdu.error) return;
  CHECK(pdu.error->layer == Layer::mms);
  CHECK(pdu.error->offset <= size);
  CHECK(pdu.error->field[0] != '\0');
}

TEST_CASE("vectors: as they are") {
  const std::vector<test::Vector> vectors = test::read_vectors();
  REQUIRE(vectors.size() > 300);
  for (const test::Vector& vector : vectors) {
    INFO(vector.name);
    asn1::Tree tree;
    const MmsPdu pdu = mms::decode_pdu(vector.octets, tree);
    CHECK(test::dump(tree) == vector.nodes);
    CHECK_FALSE(pdu.error);
    CHECK(pdu.kind != PduKind::unknown);
    CHECK(mms::looks_like_pdu(vector.octets));
    check_tree(tree, vector.octets);
  }
}

TEST_CASE("vectors: there is one for every service in each direction") {
  std::vector<std::pair<PduKind, std::uint16_t>> seen;
  asn1::Tree tree;
  for (const test::Vector& vector : test::read_vectors()) {
    const MmsPdu pdu = mms::decode_pdu(vector.octets, tree);
    seen.emplace_back(pdu.kind, pdu.service);
  }
  const auto has = [&](PduKind kind, std::uint16_t service) {
    return std::find(seen.begin(), seen.end(), std::pair(kind, service)) != seen.end();
  };
  for (const mms::ServiceRow& row : mms::confirmed_services()) {
    INFO(row.name);
    CHECK(has(PduKind::confirmed_request, row.number));
    CHECK(has(PduKind::confirmed_response, row.number));
  }
  for (const mms::ServiceRow& row : mms::unconfirmed_services()) {
    INFO(row.name);
    CHECK(has(PduKind::unconfirmed, row.number));
  }
  for (int kind = 0; kind < 14; ++kind) {
    INFO(kind);
    CHECK(std::any_of(seen.begin(), seen.end(),
                      [&](const auto& s) { return s.first == static_cast<PduKind>(kind); }));
  }
}

TEST_CASE("vectors: cut off at every length") {
  asn1::Tree tree;
  for (const test::Vector& vector : test::read_vectors()) {
    INFO(vector.name);
    for (std::size_t length = 0; length < vector.octets.size(); ++length) {
      INFO("first " << length << " octets");
      // A copy of its own, so that a sanitizer sees a read behind it.
      const std::vector<std::uint8_t> octets(vector.octets.begin(),
                                             vector.octets.begin() + static_cast<long>(length));
      const MmsPdu pdu = mms::decode_pdu(octets, tree);
      REQUIRE(pdu.error);
      check_error(pdu, length);
      check_tree(tree, octets);
    }
  }
}

// The lengths of the outer elements left as they are, but the octets gone: what a capture with a
// snap length holds. Here the PDU's own length is corrected, so that decoding gets to the inside.
TEST_CASE("vectors: cut off inside") {
  asn1::Tree tree;
  for (const test::Vector& vector : test::read_vectors()) {
    if (vector.octets.size() < 5 || vector.octets[1] >= 0x80) continue;
    INFO(vector.name);
    for (std::size_t length = 2; length < vector.octets.size(); ++length) {
      std::vector<std::uint8_t> octets(vector.octets.begin(),
                                       vector.octets.begin() + static_cast<long>(length));
      octets[1] = static_cast<std::uint8_t>(length - 2);
      const MmsPdu pdu = mms::decode_pdu(octets, tree);
      check_error(pdu, length);
      check_tree(tree, octets);
      // What stands before the damage is as in the whole. The last line may be a value cut short.
      const std::string nodes = test::dump(tree);
      const std::size_t last = nodes.find_last_of('\n', nodes.size() < 2 ? 0 : nodes.size() - 2);
      if (pdu.error && last != std::string::npos) {
        CHECK(vector.nodes.starts_with(nodes.substr(0, last + 1)));
      }
    }
  }
}

TEST_CASE("vectors: with octets behind the PDU") {
  asn1::Tree tree;
  for (const test::Vector& vector : test::read_vectors()) {
    INFO(vector.name);
    std::vector<std::uint8_t> octets = vector.octets;
    octets.insert(octets.end(), {0x00, 0xFF, 0x30});
    const MmsPdu pdu = mms::decode_pdu(octets, tree);
    CHECK(test::dump(tree) == vector.nodes);
    REQUIRE(pdu.error);
    CHECK(pdu.error->problem == Errc::bad_length);
    CHECK(pdu.error->field == std::string_view("MMSpdu"));
    CHECK(pdu.error->offset == vector.octets.size());
    CHECK(mms::first_pdu(octets).size() == vector.octets.size());
  }
}

TEST_CASE("vectors: damaged at random") {
  std::mt19937 random(61850);
  asn1::Tree tree;
  const auto pick = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (const test::Vector& vector : test::read_vectors()) {
    INFO(vector.name);
    for (int round = 0; round < 200; ++round) {
      std::vector<std::uint8_t> octets = vector.octets;
      for (std::size_t i = 0; i <= pick(3); ++i) {
        octets[pick(octets.size())] = static_cast<std::uint8_t>(pick(256));
      }
      const MmsPdu pdu = mms::decode_pdu(octets, tree);
      check_error(pdu, octets.size());
      check_tree(tree, octets);
      static_cast<void>(mms::looks_like_pdu(octets));
    }
  }
}

}  // namespace
}  // namespace mmsa
