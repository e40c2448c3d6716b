// Many PDUs decoded one after the other are what each is by itself.
#include "mms/decoded_pdus.h"

#include <catch2/catch.hpp>

#include "support/dump.h"
#include "vectors.h"

namespace mmsa {
namespace {

using test::Vector;

void check_same(const DecodedPdu& kept, const Vector& vector) {
  DecodedPdu alone;
  mms::decode_pdu(vector.octets, alone);
  INFO(vector.name);
  CHECK(test::dump(kept.tree) == test::dump(alone.tree));
  CHECK(kept.tree.failures == alone.tree.failures);
  CHECK(std::equal(kept.tree.objects.begin(), kept.tree.objects.end(), alone.tree.objects.begin(),
                   alone.tree.objects.end()));
  CHECK(std::equal(kept.tree.values.begin(), kept.tree.values.end(), alone.tree.values.begin(),
                   alone.tree.values.end()));
  CHECK(kept.pdu.kind == alone.pdu.kind);
  CHECK(kept.pdu.invoke_id == alone.pdu.invoke_id);
  CHECK(kept.pdu.service == alone.pdu.service);
  CHECK(kept.pdu.error.has_value() == alone.pdu.error.has_value());
  CHECK(kept.pdu.quirks == alone.pdu.quirks);
  REQUIRE(static_cast<bool>(kept.pdu.body) == static_cast<bool>(alone.pdu.body));
  if (kept.pdu.body) {
    CHECK(kept.pdu.body.index() == alone.pdu.body.index());
    CHECK(&kept.pdu.body.tree() == &kept.tree);
  }
}

std::size_t octets_of(const std::vector<Vector>& vectors) {
  std::size_t sum = 0;
  for (const Vector& vector : vectors) sum += vector.octets.size();
  return sum;
}

TEST_CASE("PDUs that are kept together are what each is alone, again after a reset") {
  const std::vector<Vector> vectors = test::read_vectors();
  REQUIRE(vectors.size() > 100);
  mms::DecodedPdus pdus;
  CHECK(pdus.size() == 0);
  // Less at first, so that the room grows, and then less again.
  for (const std::size_t count : {vectors.size() / 2, vectors.size(), std::size_t{3}}) {
    const std::vector<Vector> some(vectors.begin(),
                                   vectors.begin() + static_cast<std::ptrdiff_t>(count));
    pdus.reset(count, octets_of(some));
    for (const Vector& vector : some) pdus.add(vector.octets);
    REQUIRE(pdus.size() == count);
    for (std::size_t i = 0; i < count; ++i) check_same(pdus[i], some[i]);
  }
  pdus.reset(0, 0);
  CHECK(pdus.size() == 0);
}

TEST_CASE("PDUs for which no room was made have memory of their own") {
  const std::vector<Vector> vectors = test::read_vectors();
  mms::DecodedPdus pdus;
  pdus.reset(vectors.size(), 0);
  for (const Vector& vector : vectors) pdus.add(vector.octets);
  for (std::size_t i = 0; i < vectors.size(); ++i) check_same(pdus[i], vectors[i]);
}

}  // namespace
}  // namespace mmsa
