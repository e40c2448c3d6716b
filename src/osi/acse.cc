// The tables of X.227 9 for normal mode, and what is kept of them. An authentication value is
// looked at once, to say that there was one; it is never copied.
#include "osi/acse.h"

#include <array>
#include <cstdio>

#include "asn1/decoder.h"
#include "osi/oid.h"

namespace mmsa::osi {
namespace table {

using asn1::explicitly;
using asn1::Field;
using asn1::implicit;
using asn1::one_of;
using asn1::optional;
using asn1::Type;
using asn1::untagged;

constexpr Type kPrintableString =
    asn1::primitive("PrintableString", asn1::Kind::character_string, ber::universal(19));
constexpr Type kObjectDescriptor =
    asn1::primitive("ObjectDescriptor", asn1::Kind::character_string, ber::universal(7));

constexpr std::array<Field, 4> kExternalFields = {
    // EXTERNAL ::= [UNIVERSAL 8] IMPLICIT SEQUENCE { direct-reference OBJECT IDENTIFIER OPTIONAL,
    optional(untagged("direct-reference", kOid)),
    //   indirect-reference INTEGER OPTIONAL,
    optional(untagged("indirect-reference", kInteger)),
    //   data-value-descriptor ObjectDescriptor OPTIONAL,
    optional(untagged("data-value-descriptor", kObjectDescriptor)),
    //   encoding CHOICE {...} }
    one_of("encoding", kEncoding),
};
constexpr Type kExternal = {.name = "EXTERNAL",
                            .kind = asn1::Kind::sequence,
                            .fields = kExternalFields,
                            .universal_tag = ber::kExternal};
constexpr std::array<Field, 1> kExternalElement = {untagged("EXTERNAL", kExternal)};
constexpr Type kAssociationInformation =
    asn1::sequence_of("Association-information", kExternalElement);

constexpr std::array<Field, 2> kAttributeFields = {
    // AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY DEFINED BY type }
    untagged("type", kOid),
    untagged("value", kAny),
};
constexpr Type kAttribute = asn1::sequence("AttributeTypeAndValue", kAttributeFields);
constexpr std::array<Field, 1> kAttributeElement = {untagged("attribute", kAttribute)};
constexpr Type kRdn = {.name = "RelativeDistinguishedName",
                       .kind = asn1::Kind::sequence_of,
                       .fields = kAttributeElement,
                       .universal_tag = ber::kSet};
constexpr std::array<Field, 1> kRdnElement = {untagged("rdn", kRdn)};
constexpr Type kName = asn1::sequence_of("Name", kRdnElement);

constexpr std::array<Field, 3> kApTitleAlternatives = {
    // AP-title ::= CHOICE { ap-title-form1 Name,
    untagged("ap-title-form1", kName),
    //   ap-title-form2 OBJECT IDENTIFIER,
    untagged("ap-title-form2", kOid),
    //   ap-title-form3 PrintableString }
    untagged("ap-title-form3", kPrintableString),
};
constexpr Type kApTitle = {.name = "AP-title",
                           .kind = asn1::Kind::choice,
                           .fields = kApTitleAlternatives,
                           .extensible = true};
constexpr std::array<Field, 3> kAeQualifierAlternatives = {
    // AE-qualifier ::= CHOICE { ae-qualifier-form1 RelativeDistinguishedName,
    untagged("ae-qualifier-form1", kRdn),
    //   ae-qualifier-form2 INTEGER,
    untagged("ae-qualifier-form2", kInteger),
    //   ae-qualifier-form3 PrintableString }; an OCTET STRING occurs too
    untagged("ae-qualifier-form3", kPrintableString),
};
constexpr Type kAeQualifier = {.name = "AE-qualifier",
                               .kind = asn1::Kind::choice,
                               .fields = kAeQualifierAlternatives,
                               .extensible = true};
constexpr std::array<Field, 4> kAuthenticationAlternatives = {
    // Authentication-value ::= CHOICE { charstring [0] IMPLICIT GraphicString,
    implicit("charstring", 0, kGraphicString),
    //   bitstring [1] IMPLICIT BIT STRING,
    implicit("bitstring", 1, kBitString),
    //   external [2] IMPLICIT EXTERNAL,
    implicit("external", 2, kAny),
    //   other [3] IMPLICIT SEQUENCE {...} }
    implicit("other", 3, kAny),
};
constexpr Type kAuthentication = {.name = "Authentication-value",
                                  .kind = asn1::Kind::choice,
                                  .fields = kAuthenticationAlternatives,
                                  .extensible = true};

constexpr std::array<Field, 19> kAarqFields = {
    // AARQ-apdu ::= [APPLICATION 0] IMPLICIT SEQUENCE {
    //   protocol-version [0] IMPLICIT BIT STRING DEFAULT {version1},
    optional(implicit("protocol-version", 0, kBitString)),
    //   application-context-name [1] Application-context-name,
    explicitly("application-context-name", 1, kOid),
    //   called-AP-title [2] AP-title OPTIONAL,
    optional(explicitly("called-AP-title", 2, kApTitle)),
    //   called-AE-qualifier [3] AE-qualifier OPTIONAL,
    optional(explicitly("called-AE-qualifier", 3, kAeQualifier)),
    //   called-AP-invocation-identifier [4] INTEGER OPTIONAL,
    optional(explicitly("called-AP-invocation-identifier", 4, kInteger)),
    //   called-AE-invocation-identifier [5] INTEGER OPTIONAL,
    optional(explicitly("called-AE-invocation-identifier", 5, kInteger)),
    //   calling-AP-title [6] AP-title OPTIONAL,
    optional(explicitly("calling-AP-title", 6, kApTitle)),
    //   calling-AE-qualifier [7] AE-qualifier OPTIONAL,
    optional(explicitly("calling-AE-qualifier", 7, kAeQualifier)),
    //   calling-AP-invocation-identifier [8] INTEGER OPTIONAL,
    optional(explicitly("calling-AP-invocation-identifier", 8, kInteger)),
    //   calling-AE-invocation-identifier [9] INTEGER OPTIONAL,
    optional(explicitly("calling-AE-invocation-identifier", 9, kInteger)),
    //   sender-acse-requirements [10] IMPLICIT ACSE-requirements OPTIONAL,
    optional(implicit("sender-acse-requirements", 10, kBitString)),
    //   mechanism-name [11] IMPLICIT Mechanism-name OPTIONAL,
    optional(implicit("mechanism-name", 11, kOid)),
    //   calling-authentication-value [12] EXPLICIT Authentication-value OPTIONAL,
    optional(explicitly("calling-authentication-value", 12, kAuthentication)),
    //   application-context-name-list [13] IMPLICIT ... OPTIONAL,
    optional(implicit("application-context-name-list", 13, kAny)),
    //   p-context-definition-list [14] ... OPTIONAL,
    optional(implicit("p-context-definition-list", 14, kAny)),
    //   called-asoi-tag [15] IMPLICIT ASOI-tag OPTIONAL,
    optional(implicit("called-asoi-tag", 15, kAny)),
    //   calling-asoi-tag [16] IMPLICIT ASOI-tag OPTIONAL,
    optional(implicit("calling-asoi-tag", 16, kAny)),
    //   implementation-information [29] IMPLICIT GraphicString OPTIONAL,
    optional(implicit("implementation-information", 29, kGraphicString)),
    //   user-information [30] IMPLICIT Association-information OPTIONAL }
    optional(implicit("user-information", 30, kAssociationInformation)),
};
constexpr Type kAarq = asn1::sequence("AARQ-apdu", kAarqFields);

constexpr std::array<Field, 2> kDiagnosticAlternatives = {
    // Associate-source-diagnostic ::= CHOICE { acse-service-user [1] INTEGER {...},
    explicitly("acse-service-user", 1, kInteger),
    //   acse-service-provider [2] INTEGER {...} }
    explicitly("acse-service-provider", 2, kInteger),
};
constexpr Type kDiagnostic = asn1::choice("Associate-source-diagnostic", kDiagnosticAlternatives);

constexpr std::array<Field, 15> kAareFields = {
    // AARE-apdu ::= [APPLICATION 1] IMPLICIT SEQUENCE {
    //   protocol-version [0] IMPLICIT BIT STRING DEFAULT {version1},
    optional(implicit("protocol-version", 0, kBitString)),
    //   application-context-name [1] Application-context-name,
    explicitly("application-context-name", 1, kOid),
    //   result [2] Associate-result,
    explicitly("result", 2, kInteger),
    //   result-source-diagnostic [3] Associate-source-diagnostic,
    explicitly("result-source-diagnostic", 3, kDiagnostic),
    //   responding-AP-title [4] AP-title OPTIONAL,
    optional(explicitly("responding-AP-title", 4, kApTitle)),
    //   responding-AE-qualifier [5] AE-qualifier OPTIONAL,
    optional(explicitly("responding-AE-qualifier", 5, kAeQualifier)),
    //   responding-AP-invocation-identifier [6] INTEGER OPTIONAL,
    optional(explicitly("responding-AP-invocation-identifier", 6, kInteger)),
    //   responding-AE-invocation-identifier [7] INTEGER OPTIONAL,
    optional(explicitly("responding-AE-invocation-identifier", 7, kInteger)),
    //   responder-acse-requirements [8] IMPLICIT ACSE-requirements OPTIONAL,
    optional(implicit("responder-acse-requirements", 8, kBitString)),
    //   mechanism-name [9] IMPLICIT Mechanism-name OPTIONAL,
    optional(implicit("mechanism-name", 9, kOid)),
    //   responding-authentication-value [10] EXPLICIT Authentication-value OPTIONAL,
    optional(explicitly("responding-authentication-value", 10, kAuthentication)),
    //   application-context-name-list [11] IMPLICIT ... OPTIONAL,
    optional(implicit("application-context-name-list", 11, kAny)),
    //   p-context-result-list [12] ... OPTIONAL,
    optional(implicit("p-context-result-list", 12, kAny)),
    //   implementation-information [29] IMPLICIT GraphicString OPTIONAL,
    optional(implicit("implementation-information", 29, kGraphicString)),
    //   user-information [30] IMPLICIT Association-information OPTIONAL }
    optional(implicit("user-information", 30, kAssociationInformation)),
};
constexpr Type kAare = asn1::sequence("AARE-apdu", kAareFields);

constexpr std::array<Field, 2> kReleaseFields = {
    // RLRQ-apdu ::= [APPLICATION 2], RLRE-apdu ::= [APPLICATION 3] IMPLICIT SEQUENCE {
    //   reason [0] IMPLICIT INTEGER OPTIONAL,
    optional(implicit("reason", 0, kInteger)),
    //   user-information [30] IMPLICIT Association-information OPTIONAL }
    optional(implicit("user-information", 30, kAssociationInformation)),
};
constexpr Type kRlrq = asn1::sequence("RLRQ-apdu", kReleaseFields);
constexpr Type kRlre = asn1::sequence("RLRE-apdu", kReleaseFields);

constexpr std::array<Field, 3> kAbortFields = {
    // ABRT-apdu ::= [APPLICATION 4] IMPLICIT SEQUENCE { abort-source [0] IMPLICIT INTEGER,
    implicit("abort-source", 0, kInteger),
    //   abort-diagnostic [1] IMPLICIT ENUMERATED OPTIONAL,
    optional(implicit("abort-diagnostic", 1, kInteger)),
    //   user-information [30] IMPLICIT Association-information OPTIONAL }
    optional(implicit("user-information", 30, kAssociationInformation)),
};
constexpr Type kAbort = asn1::sequence("ABRT-apdu", kAbortFields);

constexpr std::array<Field, 5> kApduAlternatives = {
    // ACSE-apdu ::= CHOICE { aarq, aare, rlrq, rlre, abrt }
    application("aarq", 0, kAarq), application("aare", 1, kAare),  application("rlrq", 2, kRlrq),
    application("rlre", 3, kRlre), application("abrt", 4, kAbort),
};
constexpr Type kApdu = asn1::choice("ACSE-apdu", kApduAlternatives);
constexpr Field kApduField = one_of("ACSE-apdu", kApdu);

}  // namespace table

namespace {

void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7F && c != '\\') {
      out += c;
    } else {
      char escape[5];
      std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned char>(c));
      out += escape;
    }
  }
}

// The title as text: form 2 dotted, form 1 as type=value pairs, else its characters.
std::string title_text(asn1::NodeRef title) {
  std::string out;
  if (!title) return out;
  if (const asn1::NodeRef oid = title.child("ap-title-form2")) return oid_text(oid.bytes());
  if (const asn1::NodeRef name = title.child("ap-title-form1")) {
    for (asn1::NodeRef rdn = name.first_child(); rdn; rdn = rdn.next_sibling(name)) {
      for (asn1::NodeRef pair = rdn.first_child(); pair; pair = pair.next_sibling(rdn)) {
        if (!out.empty()) out += ',';
        out += oid_text(pair.child("type").bytes());
        out += '=';
        append_escaped(pair.child("value").text(), out);
      }
    }
    return out;
  }
  append_escaped(title.first_child().text(), out);
  return out;
}

std::optional<std::int64_t> value_of(asn1::NodeRef integer) {
  if (!integer) return std::nullopt;
  return integer.integer();
}

std::optional<std::int64_t> qualifier_of(asn1::NodeRef qualifier) {
  return value_of(qualifier.child("ae-qualifier-form2"));
}

void store_common(asn1::NodeRef apdu, AcseFacts& facts) {
  if (const asn1::NodeRef name = apdu.child("application-context-name")) {
    facts.application_context = oid_text(name.bytes());
  }
  if (const asn1::NodeRef name = apdu.child("mechanism-name")) {
    facts.mechanism = oid_text(name.bytes());
  }
  if (apdu.child("calling-authentication-value") || apdu.child("responding-authentication-value")) {
    facts.authentication_value_seen = true;
  }
}

Step store_apdu(asn1::NodeRef apdu, AcseFacts& facts) {
  const std::string_view name = apdu.name();
  if (name == "aarq") {
    store_common(apdu, facts);
    facts.calling_ap_title = title_text(apdu.child("calling-AP-title"));
    facts.called_ap_title = title_text(apdu.child("called-AP-title"));
    facts.calling_ae_qualifier = qualifier_of(apdu.child("calling-AE-qualifier"));
    facts.called_ae_qualifier = qualifier_of(apdu.child("called-AE-qualifier"));
    return Step::associate_request;
  }
  if (name == "aare") {
    store_common(apdu, facts);
    facts.responding_ap_title = title_text(apdu.child("responding-AP-title"));
    facts.responding_ae_qualifier = qualifier_of(apdu.child("responding-AE-qualifier"));
    facts.result = value_of(apdu.child("result"));
    const asn1::NodeRef diagnostic = apdu.child("result-source-diagnostic");
    facts.diagnostic_user = value_of(diagnostic.child("acse-service-user"));
    facts.diagnostic_provider = value_of(diagnostic.child("acse-service-provider"));
    return Step::associate_response;
  }
  if (name == "abrt") {
    facts.abort_source = value_of(apdu.child("abort-source"));
    facts.abort_diagnostic = value_of(apdu.child("abort-diagnostic"));
    return Step::abort;
  }
  facts.release_reason = value_of(apdu.child("reason"));
  return name == "rlrq" ? Step::release_request : Step::release_response;
}

}  // namespace

std::optional<Step> decode_apdu(Bytes octets, asn1::Tree& tree, Trouble& trouble,
                                AcseFacts& facts) {
  tree.clear();
  ber::Reader reader(octets, trouble);
  asn1::Decoder(tree, trouble).decode_field(table::kApduField, reader);
  if (!reader.at_end()) trouble.note(Errc::bad_length, "ACSE-apdu", reader.position());
  if (!tree.root()) return std::nullopt;
  return store_apdu(tree.root(), facts);
}

void collect_user_information(const asn1::Tree& tree, Joined& joined,
                              std::vector<UserInformation>& out) {
  const asn1::NodeRef list = tree.root().child("user-information");
  for (asn1::NodeRef item = list.first_child(); item; item = item.next_sibling(list)) {
    const asn1::NodeRef context = item.child("indirect-reference");
    out.push_back({value_of(context), encoded_value(item, joined)});
  }
}

Bytes authentication_value(const asn1::Tree& tree) {
  const asn1::NodeRef calling = tree.root().child("calling-authentication-value");
  return (calling ? calling : tree.root().child("responding-authentication-value")).bytes();
}

}  // namespace mmsa::osi
