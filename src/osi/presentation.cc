// The tables of X.226 8.2 that occur below MMS, and what is kept of them.
#include "osi/presentation.h"

#include <algorithm>
#include <array>

#include "asn1/decoder.h"
#include "mmsanalyze/limits.h"
#include "osi/oid.h"

namespace mmsa::osi {
namespace table {

using asn1::Field;
using asn1::implicit;
using asn1::one_of;
using asn1::optional;
using asn1::Type;
using asn1::untagged;

constexpr std::array<Field, 3> kPdvListFields = {
    // PDV-list ::= SEQUENCE { Transfer-syntax-name OPTIONAL,
    optional(untagged("transfer-syntax-name", kOid)),
    //   Presentation-context-identifier,
    untagged("presentation-context-identifier", kInteger),
    //   presentation-data-values CHOICE {...} }
    one_of("presentation-data-values", kEncoding),
};
constexpr Type kPdvList = asn1::sequence("PDV-list", kPdvListFields);
constexpr std::array<Field, 1> kPdvListElement = {untagged("PDV-list", kPdvList)};
constexpr Type kPdvLists = asn1::sequence_of("Fully-encoded-data", kPdvListElement);
constexpr std::array<Field, 2> kUserDataAlternatives = {
    // User-data ::= CHOICE { [APPLICATION 0] IMPLICIT Simply-encoded-data,
    application("simply-encoded-data", 0, kAny),
    //   [APPLICATION 1] IMPLICIT Fully-encoded-data }
    application("fully-encoded-data", 1, kPdvLists),
};
constexpr Type kUserData = asn1::choice("User-data", kUserDataAlternatives);

constexpr std::array<Field, 1> kTransferSyntaxElement = {untagged("transfer-syntax-name", kOid)};
constexpr Type kTransferSyntaxes = asn1::sequence_of("SEQUENCE OF", kTransferSyntaxElement);
constexpr std::array<Field, 3> kContextItemFields = {
    // SEQUENCE { Presentation-context-identifier,
    untagged("presentation-context-identifier", kInteger),
    //   Abstract-syntax-name,
    untagged("abstract-syntax-name", kOid),
    //   SEQUENCE OF Transfer-syntax-name }
    untagged("transfer-syntax-name-list", kTransferSyntaxes),
};
constexpr Type kContextItem = asn1::sequence("Context-list item", kContextItemFields);
constexpr std::array<Field, 1> kContextElement = {untagged("context", kContextItem)};
constexpr Type kContextList = asn1::sequence_of("Context-list", kContextElement);

constexpr std::array<Field, 3> kResultItemFields = {
    // SEQUENCE { result [0] IMPLICIT Result,
    implicit("result", 0, kInteger),
    //   transfer-syntax-name [1] IMPLICIT Transfer-syntax-name OPTIONAL,
    optional(implicit("transfer-syntax-name", 1, kOid)),
    //   provider-reason [2] IMPLICIT INTEGER OPTIONAL }
    optional(implicit("provider-reason", 2, kInteger)),
};
constexpr Type kResultItem = asn1::sequence("Result-list item", kResultItemFields);
constexpr std::array<Field, 1> kResultElement = {untagged("context-result", kResultItem)};
constexpr Type kResultList = asn1::sequence_of("Result-list", kResultElement);

constexpr std::array<Field, 2> kDefaultContextFields = {
    // Context-name ::= SEQUENCE { abstract-syntax-name [0] IMPLICIT Abstract-syntax-name,
    implicit("abstract-syntax-name", 0, kOid),
    //   transfer-syntax-name [1] IMPLICIT Transfer-syntax-name }
    implicit("transfer-syntax-name", 1, kOid),
};
constexpr Type kDefaultContext = asn1::sequence("Context-name", kDefaultContextFields);

constexpr std::array<Field, 1> kModeFields = {
    // Mode-selector ::= SET { mode-value [0] IMPLICIT INTEGER }
    implicit("mode-value", 0, kInteger),
};
constexpr Type kMode = set("Mode-selector", kModeFields);

constexpr std::array<Field, 11> kConnectFields = {
    // normal-mode-parameters [2] IMPLICIT SEQUENCE {
    //   protocol-version [0] IMPLICIT Protocol-version DEFAULT {version-1},
    optional(implicit("protocol-version", 0, kBitString)),
    //   calling-presentation-selector [1] IMPLICIT ... OPTIONAL,
    optional(implicit("calling-presentation-selector", 1, kOctetString)),
    //   called-presentation-selector [2] IMPLICIT ... OPTIONAL,
    optional(implicit("called-presentation-selector", 2, kOctetString)),
    //   presentation-context-definition-list [4] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-definition-list", 4, kContextList)),
    //   default-context-name [6] IMPLICIT ... OPTIONAL,
    optional(implicit("default-context-name", 6, kDefaultContext)),
    //   presentation-requirements [8] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-requirements", 8, kBitString)),
    //   user-session-requirements [9] IMPLICIT ... OPTIONAL,
    optional(implicit("user-session-requirements", 9, kBitString)),
    //   protocol-options [11] IMPLICIT Protocol-options DEFAULT {},
    optional(implicit("protocol-options", 11, kAny)),
    //   initiators-nominated-context [12] IMPLICIT ... OPTIONAL,
    optional(implicit("initiators-nominated-context", 12, kAny)),
    //   extensions [14] IMPLICIT SEQUENCE {...} OPTIONAL,
    optional(implicit("extensions", 14, kAny)),
    //   User-data OPTIONAL }
    optional(one_of("user-data", kUserData)),
};
constexpr Type kConnectParameters = asn1::sequence("CP normal-mode-parameters", kConnectFields);
constexpr std::array<Field, 3> kCpFields = {
    // CP-type ::= SET { [0] IMPLICIT Mode-selector,
    implicit("mode-selector", 0, kMode),
    //   [1] IMPLICIT SET {...} OPTIONAL -- X.410 mode --,
    optional(implicit("x410-mode-parameters", 1, kAny)),
    //   [2] IMPLICIT SEQUENCE {...} OPTIONAL -- normal mode -- }
    optional(implicit("normal-mode-parameters", 2, kConnectParameters)),
};
constexpr Type kCp = set("CP-type", kCpFields);
constexpr Field kCpField = untagged("CP-type", kCp);

constexpr std::array<Field, 8> kAcceptFields = {
    // normal-mode-parameters [2] IMPLICIT SEQUENCE {
    //   protocol-version [0] IMPLICIT Protocol-version DEFAULT {version-1},
    optional(implicit("protocol-version", 0, kBitString)),
    //   responding-presentation-selector [3] IMPLICIT ... OPTIONAL,
    optional(implicit("responding-presentation-selector", 3, kOctetString)),
    //   presentation-context-definition-result-list [5] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-definition-result-list", 5, kResultList)),
    //   presentation-requirements [8] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-requirements", 8, kBitString)),
    //   user-session-requirements [9] IMPLICIT ... OPTIONAL,
    optional(implicit("user-session-requirements", 9, kBitString)),
    //   protocol-options [11] IMPLICIT Protocol-options DEFAULT {},
    optional(implicit("protocol-options", 11, kAny)),
    //   responders-nominated-context [13] IMPLICIT ... OPTIONAL,
    optional(implicit("responders-nominated-context", 13, kAny)),
    //   User-data OPTIONAL }
    optional(one_of("user-data", kUserData)),
};
constexpr Type kAcceptParameters = asn1::sequence("CPA normal-mode-parameters", kAcceptFields);
constexpr std::array<Field, 3> kCpaFields = {
    // CPA-PPDU ::= SET { [0] IMPLICIT Mode-selector,
    implicit("mode-selector", 0, kMode),
    //   [1] IMPLICIT SET {...} OPTIONAL -- X.410 mode --,
    optional(implicit("x410-mode-parameters", 1, kAny)),
    //   [2] IMPLICIT SEQUENCE {...} OPTIONAL -- normal mode -- }
    optional(implicit("normal-mode-parameters", 2, kAcceptParameters)),
};
constexpr Type kCpa = set("CPA-PPDU", kCpaFields);
constexpr Field kCpaField = untagged("CPA-PPDU", kCpa);

constexpr std::array<Field, 6> kRejectFields = {
    // SEQUENCE { protocol-version [0] IMPLICIT Protocol-version DEFAULT {version-1},
    optional(implicit("protocol-version", 0, kBitString)),
    //   responding-presentation-selector [3] IMPLICIT ... OPTIONAL,
    optional(implicit("responding-presentation-selector", 3, kOctetString)),
    //   presentation-context-definition-result-list [5] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-definition-result-list", 5, kResultList)),
    //   default-context-result [7] IMPLICIT ... OPTIONAL,
    optional(implicit("default-context-result", 7, kInteger)),
    //   provider-reason [10] IMPLICIT Provider-reason OPTIONAL,
    optional(implicit("provider-reason", 10, kInteger)),
    //   User-data OPTIONAL }
    optional(one_of("user-data", kUserData)),
};
constexpr Type kReject = asn1::sequence("CPR normal mode", kRejectFields);
constexpr Type kX410Reject = {
    .name = "CPR X.410 mode", .kind = asn1::Kind::any, .universal_tag = ber::kSet};
constexpr std::array<Field, 2> kCprAlternatives = {
    // CPR-PPDU ::= CHOICE { SET {...} -- X.410 mode --,
    untagged("x410-mode", kX410Reject),
    //   SEQUENCE {...} -- normal mode -- }
    untagged("normal-mode", kReject),
};
constexpr Type kCpr = asn1::choice("CPR-PPDU", kCprAlternatives);
constexpr Field kCprField = one_of("CPR-PPDU", kCpr);

constexpr std::array<Field, 2> kIdentifierItemFields = {
    // SEQUENCE { Presentation-context-identifier, Transfer-syntax-name }
    untagged("presentation-context-identifier", kInteger),
    untagged("transfer-syntax-name", kOid),
};
constexpr Type kIdentifierItem = asn1::sequence("SEQUENCE", kIdentifierItemFields);
constexpr std::array<Field, 1> kIdentifierElement = {untagged("identifier", kIdentifierItem)};
constexpr Type kIdentifierList =
    asn1::sequence_of("Presentation-context-identifier-list", kIdentifierElement);
constexpr std::array<Field, 2> kUserAbortFields = {
    // SEQUENCE { presentation-context-identifier-list [0] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-identifier-list", 0, kIdentifierList)),
    //   User-data OPTIONAL }
    optional(one_of("user-data", kUserData)),
};
constexpr Type kUserAbort = asn1::sequence("ARU normal mode", kUserAbortFields);
constexpr std::array<Field, 2> kProviderAbortFields = {
    // ARP-PPDU ::= SEQUENCE { provider-reason [0] IMPLICIT Abort-reason OPTIONAL,
    optional(implicit("provider-reason", 0, kInteger)),
    //   event-identifier [1] IMPLICIT Event-identifier OPTIONAL }
    optional(implicit("event-identifier", 1, kInteger)),
};
constexpr Type kProviderAbort = asn1::sequence("ARP-PPDU", kProviderAbortFields);
constexpr Type kX410Abort = {
    .name = "ARU X.410 mode", .kind = asn1::Kind::any, .universal_tag = ber::kSet};
constexpr std::array<Field, 3> kAbortAlternatives = {
    // Abort-PPDU ::= CHOICE { aru-ppdu ARU-PPDU, arp-ppdu ARP-PPDU }
    // ARU-PPDU ::= CHOICE { SET {...} -- X.410 mode --, [0] IMPLICIT SEQUENCE {...} }
    untagged("aru-x410", kX410Abort),
    implicit("aru", 0, kUserAbort),
    untagged("arp", kProviderAbort),
};
constexpr Type kAbort = asn1::choice("Abort-PPDU", kAbortAlternatives);
constexpr Field kAbortField = one_of("Abort-PPDU", kAbort);

constexpr std::array<Field, 1> kIntegerElement = {untagged("item", kInteger)};
constexpr Type kIntegers = asn1::sequence_of("SEQUENCE OF INTEGER", kIntegerElement);
constexpr std::array<Field, 3> kAlterFields = {
    // AC-PPDU ::= SEQUENCE { presentation-context-addition-list [0] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-addition-list", 0, kContextList)),
    //   presentation-context-deletion-list [1] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-deletion-list", 1, kIntegers)),
    //   User-data OPTIONAL }
    optional(one_of("user-data", kUserData)),
};
constexpr Type kAlter = asn1::sequence("AC-PPDU", kAlterFields);
constexpr std::array<Field, 3> kAlterAckFields = {
    // ACA-PPDU ::= SEQUENCE { presentation-context-addition-result-list [0] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-addition-result-list", 0, kResultList)),
    //   presentation-context-deletion-result-list [1] IMPLICIT ... OPTIONAL,
    optional(implicit("presentation-context-deletion-result-list", 1, kIntegers)),
    //   User-data OPTIONAL }
    optional(one_of("user-data", kUserData)),
};
constexpr Type kAlterAck = asn1::sequence("ACA-PPDU", kAlterAckFields);
constexpr std::array<Field, 3> kTypedDataAlternatives = {
    // Typed-data-type ::= CHOICE { acPPDU [0] IMPLICIT AC-PPDU,
    implicit("ac", 0, kAlter),
    //   acaPPDU [1] IMPLICIT ACA-PPDU,
    implicit("aca", 1, kAlterAck),
    //   ttdPPDU User-data }
    one_of("ttd", kUserData),
};
constexpr Type kTypedData = asn1::choice("Typed-data-type", kTypedDataAlternatives);
constexpr Field kTypedDataField = one_of("Typed-data-type", kTypedData);

constexpr Field kUserDataField = one_of("User-data", kUserData);

}  // namespace table

namespace {

const asn1::Field& field_of(Ppdu kind) {
  switch (kind) {
    case Ppdu::connect:
      return table::kCpField;
    case Ppdu::connect_accept:
      return table::kCpaField;
    case Ppdu::connect_reject:
      return table::kCprField;
    case Ppdu::abort:
      return table::kAbortField;
    case Ppdu::typed_data:
      return table::kTypedDataField;
    case Ppdu::user_data:
      break;
  }
  return table::kUserDataField;
}

}  // namespace

void decode_ppdu(Ppdu kind, Bytes octets, asn1::Tree& tree, Trouble& trouble) {
  const asn1::Field& field = field_of(kind);
  tree.clear();
  asn1::Decoder decoder(tree, trouble);
  ber::Reader reader(octets, trouble);
  decoder.decode_field(field, reader);
  // Some stacks put a second User-data behind the first instead of a second PDV-list into it.
  while (kind == Ppdu::user_data && asn1::accepts(field, reader.peek())) {
    decoder.decode_field(field, reader);
  }
  if (!reader.at_end()) trouble.note(Errc::bad_length, field.type->name, reader.position());
}

void collect_pdvs(const asn1::Tree& tree, Joined& joined, std::vector<Pdv>& pdvs) {
  for (std::uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const asn1::NodeRef node = tree.at(i);
    if (node.name() == "simply-encoded-data") {
      pdvs.push_back({std::nullopt, node.bytes()});
    } else if (node.name() == "PDV-list") {
      const asn1::NodeRef id = node.child("presentation-context-identifier");
      pdvs.push_back(
          {id ? std::optional(id.integer()) : std::nullopt, encoded_value(node, joined)});
    }
  }
}

namespace {

void append_contexts(asn1::NodeRef list, PresentationFacts& facts) {
  for (asn1::NodeRef item = list.first_child();
       item && facts.contexts.size() < limits::kMaxContexts; item = item.next_sibling(list)) {
    PresentationContext& context = facts.contexts.emplace_back();
    context.id = item.child("presentation-context-identifier").integer();
    context.abstract_syntax = oid_text(item.child("abstract-syntax-name").bytes());
    const asn1::NodeRef names = item.child("transfer-syntax-name-list");
    for (asn1::NodeRef name = names.first_child(); name; name = name.next_sibling(names)) {
      context.transfer_syntaxes.push_back(oid_text(name.bytes()));
    }
  }
}

std::optional<std::int64_t> value_of(asn1::NodeRef integer) {
  if (!integer) return std::nullopt;
  return integer.integer();
}

// 8.2.2.5: results stand in the order of the proposal. A list may be shorter (seen) or longer than
// it (a proposal that was not captured): what has no counterpart is left out.
void fill_results(asn1::NodeRef list, std::span<PresentationContext> contexts) {
  std::size_t i = 0;
  for (asn1::NodeRef item = list.first_child(); item && i < contexts.size();
       item = item.next_sibling(list), ++i) {
    contexts[i].result = value_of(item.child("result"));
    contexts[i].reason = value_of(item.child("provider-reason"));
  }
}

std::string_view selector_of(asn1::NodeRef parameters, std::string_view name) {
  return parameters.child(name).text().substr(0, limits::kMaxSelector);
}

}  // namespace

void store_connect(asn1::NodeRef cp, PresentationFacts& facts) {
  const asn1::NodeRef parameters = cp.child("normal-mode-parameters");
  facts.calling_selector = selector_of(parameters, "calling-presentation-selector");
  facts.called_selector = selector_of(parameters, "called-presentation-selector");
  facts.contexts.clear();
  append_contexts(parameters.child("presentation-context-definition-list"), facts);
}

void store_accept(asn1::NodeRef cpa, PresentationFacts& facts) {
  const asn1::NodeRef parameters = cpa.child("normal-mode-parameters");
  facts.responding_selector = selector_of(parameters, "responding-presentation-selector");
  fill_results(parameters.child("presentation-context-definition-result-list"), facts.contexts);
}

void store_reject(asn1::NodeRef cpr, PresentationFacts& facts) {
  facts.responding_selector = selector_of(cpr, "responding-presentation-selector");
  facts.refuse_reason = value_of(cpr.child("provider-reason"));
  fill_results(cpr.child("presentation-context-definition-result-list"), facts.contexts);
}

void store_alteration(asn1::NodeRef ac, PresentationFacts& facts, ContextAlteration& pending) {
  pending = {};
  pending.first_addition = facts.contexts.size();
  append_contexts(ac.child("presentation-context-addition-list"), facts);
  pending.additions = facts.contexts.size() - pending.first_addition;
  const asn1::NodeRef deletions = ac.child("presentation-context-deletion-list");
  for (asn1::NodeRef id = deletions.first_child(); id; id = id.next_sibling(deletions)) {
    pending.deletions.push_back(id.integer());
  }
}

void store_alteration_result(asn1::NodeRef aca, PresentationFacts& facts,
                             ContextAlteration& pending) {
  if (pending.first_addition + pending.additions > facts.contexts.size()) pending = {};
  fill_results(aca.child("presentation-context-addition-result-list"),
               std::span(facts.contexts).subspan(pending.first_addition, pending.additions));
  const asn1::NodeRef results = aca.child("presentation-context-deletion-result-list");
  asn1::NodeRef result = results.first_child();
  for (const std::int64_t id : pending.deletions) {
    // Deletion-result: acceptance(0), user-rejection(1); absent is taken for acceptance.
    if (!result || result.integer() == 0) {
      std::erase_if(facts.contexts, [id](const PresentationContext& c) { return c.id == id; });
    }
    if (result) result = result.next_sibling(results);
  }
  pending = {};
}

}  // namespace mmsa::osi
