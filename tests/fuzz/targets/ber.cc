// BER elements by ber::Reader, and ASN.1 tables of every layer by asn1::Decoder.
#include "mmsanalyze/ber.h"

#include "asn1/decoder.h"
#include "fuzz/input.h"
#include "fuzz/properties.h"
#include "fuzz/targets.h"
#include "mms/types.h"
#include "mmsanalyze/limits.h"
#include "osi/acse.h"
#include "osi/presentation.h"

namespace mmsa::fuzz {
namespace {

// Every element of `octets`, and of those inside it. Returns how many.
std::size_t walk(Bytes octets, Trouble& trouble, int depth) {
  std::size_t count = 0;
  ber::Reader reader(octets, trouble);
  ber::Element element;
  while (!reader.at_end()) {
    const std::uint8_t* before = reader.position();
    const ber::Tag tag = reader.peek();
    if (!reader.next(element, "element")) break;
    require(element.begin == before && element.end == reader.position(), "a reader reads on");
    require(element.end > element.begin, "an element is not empty");
    require(is_inside(element.whole(), octets), "an element lies inside its container");
    require(is_inside(element.content, element.whole()), "content lies inside its element");
    require(tag == element.tag, "peek tells the tag that next reads");
    touch(element.content);
    ber::integer(element.content);
    ber::unsigned_integer(element.content);
    ++count;
    if (element.constructed && depth < limits::kMaxDepth) {
      count += walk(element.content, trouble, depth + 1);
    }
  }
  require(is_inside(reader.rest(), octets), "the rest lies inside its container");
  return count;
}

void require_error_inside(const Trouble& trouble) {
  if (trouble.error()) {
    require(trouble.error()->offset <= trouble.unit().size(), "an error lies inside its unit");
  }
}

void decode_table(const asn1::Type& type, Bytes octets) {
  const asn1::Field field = asn1::one_of("value", type);
  for (const bool reads_cut : {false, true}) {
    asn1::Tree tree;
    Trouble trouble(Layer::mms, octets);
    if (reads_cut) trouble.read_cut_elements();
    ber::Reader reader(octets, trouble);
    asn1::Decoder decoder(tree, trouble);
    decoder.decode_field(field, reader);
    require_tree(tree, octets);
    require_error_inside(trouble);
  }
}

void decode_presentation(osi::Ppdu kind, Bytes octets) {
  asn1::Tree tree;
  Trouble trouble(Layer::presentation, octets);
  osi::decode_ppdu(kind, octets, tree, trouble);
  require_tree(tree, octets);
  require_error_inside(trouble);
  osi::Joined joined;
  std::vector<osi::Pdv> pdvs;
  osi::collect_pdvs(tree, joined, pdvs);
  require(pdvs.size() <= octets.size(), "PDVs are no more than octets");
  for (const osi::Pdv& pdv : pdvs) {
    require(pdv.value.size() <= octets.size(), "a PDV is not longer than its PPDU");
    touch(pdv.value);
  }
}

void decode_association_control(Bytes octets) {
  asn1::Tree tree;
  Trouble trouble(Layer::acse, octets);
  AcseFacts facts;
  osi::decode_apdu(octets, tree, trouble, facts);
  require_tree(tree, octets);
  require_error_inside(trouble);
  require(is_inside(osi::authentication_value(tree), octets), "a value lies inside its APDU");
  require_printable(facts.application_context + facts.calling_ap_title + facts.called_ap_title +
                    facts.responding_ap_title + facts.mechanism);
}

}  // namespace

// The first octet chooses the table.
void fuzz_ber(Bytes input) {
  Input in(input);
  const std::uint8_t choice = in.u8() % 16;
  const Bytes octets = in.take(input.size());
  Trouble trouble(Layer::mms, octets);
  const std::size_t elements = walk(octets, trouble, 0);
  // Two octets each; end-of-contents octets of indefinite lengths are none.
  require(elements <= octets.size() / 2, "elements are at most half the octets");
  require_error_inside(trouble);
  constexpr const asn1::Type* kTables[] = {
      &mms::kData,
      &mms::kListOfAccessResult,
      &mms::kObjectName,
      &mms::kVariableAccessSpecification,
      &mms::kServiceError,
      &mms::kTypeSpecification,
      &mms::kAlternateAccess,
      &mms::kConfirmedServiceRequest,
      &mms::kConfirmedServiceResponse,
  };
  if (choice < std::size(kTables)) {
    decode_table(*kTables[choice], octets);
  } else if (choice < std::size(kTables) + 6) {
    decode_presentation(static_cast<osi::Ppdu>(choice - std::size(kTables)), octets);
  } else {
    decode_association_control(octets);
  }
}

}  // namespace mmsa::fuzz
