#include "analysis/association/refusal.h"

#include <fmt/format.h>

namespace mmsa::analysis {
namespace {

struct LayerAdvice {
  std::string_view layer;
  Advice advice;
};

constexpr LayerAdvice kByLayer[] = {
    {"TCP",
     {"Nothing listens on the port: the MMS server is switched off or restarting, the port is "
      "wrong, or a firewall answers in its place.",
      "Ping the IED, check that its MMS server is enabled and uses this port, and look for "
      "firewalls on the way."}},
    {"COTP",
     {"The transport selector is not the IED's, or all its connections are taken.",
      "Compare the TSAP with the IED's part of the SCD, and count the clients that are "
      "connected."}},
    {"session",
     {"The session selector is not the IED's, or all its connections are taken.",
      "Compare the SSEL with the IED's part of the SCD, and count the clients that are "
      "connected."}},
    {"presentation",
     {"The presentation selector or the presentation contexts do not fit.",
      "Compare the PSEL with the IED's part of the SCD; MMS must be proposed with 1.0.9506.2.1."}},
    {"ACSE",
     {"The AP title, AE qualifier or password is not the one the IED expects, or it accepts no "
      "further association.",
      "Compare AP title, AE qualifier and authentication in client and IED, and count the clients "
      "that are connected."}},
    {"MMS",
     {"The server can not agree to the values that the client proposes.",
      "Compare PDU size, outstanding requests, nesting and version in the initiate-RequestPDU with "
      "what the IED supports."}},
};

// ISO 8073 clause 13.3.4: 7 (128 octets) to 13 (8192 octets).
constexpr std::uint8_t kLeastSizeCode = 0x07;
constexpr std::uint8_t kGreatestSizeCode = 0x0D;

void add(RefusalCandidates& out, std::string_view cause, std::string_view next_step) {
  if (!out.cause.empty()) {
    out.cause += " Or: ";
    out.next_step += ' ';
  }
  out.cause += cause;
  out.next_step += next_step;
}

void add_size_code(RefusalCandidates& out, std::string_view tpdu,
                   std::optional<std::uint8_t> code) {
  if (!code || (*code >= kLeastSizeCode && *code <= kGreatestSizeCode)) return;
  add(out,
      fmt::format("The {} has the TPDU size code 0x{:02X}, which ISO 8073 does not allow (0x07 to "
                  "0x0D, 128 to 8192 octets).",
                  tpdu, *code),
      "Correct the TPDU size of its sender to 0x0A to 0x0D.");
}

}  // namespace

Advice refusal_advice(std::string_view layer) {
  for (const LayerAdvice& row : kByLayer) {
    if (row.layer == layer) return row.advice;
  }
  return {};
}

RefusalCandidates refusal_candidates(const Association& association, bool initiating,
                                     std::uint32_t open, std::uint32_t most) {
  RefusalCandidates out;
  const CotpFacts& cotp = *association.cotp;
  if (open != 0 && open >= most) {
    add(out,
        fmt::format("{} association{} {} open with this server and never more: {} is probably its "
                    "limit.",
                    open, open == 1 ? "" : "s", open == 1 ? "was" : "were", open),
        "Close a client that is not needed, or raise the limit in the server.");
  }
  add_size_code(out, "COTP CR", cotp.proposed_size_code);
  add_size_code(out, "COTP CC", cotp.size_code);
  if (initiating && cotp.confirm_seen && cotp.tpdu_size == 0) {
    add(out,
        fmt::format("The COTP CC has no TPDU size{}: by ISO 8073 at most 128 octets are allowed "
                    "then, so that a client cuts its request into fragments, which this server may "
                    "not expect.",
                    cotp.proposed_tpdu_size != 0
                        ? fmt::format(" (the CR proposed {} octets)", cotp.proposed_tpdu_size)
                        : std::string()),
        "Let the server confirm the TPDU size, or see whether the client can send the request in "
        "one piece.");
  }
  if (cotp.request_seen && !(cotp.calling_tsap_seen && cotp.called_tsap_seen)) {
    add(out, "The COTP CR lacks a TSAP, which is allowed and which some servers refuse.",
        "Set the TSAPs in the client.");
  }
  if (initiating && !association.acse->mechanism.empty()) {
    add(out, "The password is not the one that the server expects.",
        "Compare the password in client and server.");
  } else if (initiating) {
    add(out,
        "A selector (SSEL, PSEL) or AP title is not the server's, it demands a password, or it "
        "accepts no further association.",
        "Compare selectors, AP title and authentication in client and server; count the clients "
        "that are connected.");
  } else {
    add(out, "The TSAP is not the server's, or all its connections are taken.",
        "Compare the TSAP with the server's part of the SCD; count the clients that are "
        "connected.");
  }
  return out;
}

}  // namespace mmsa::analysis
