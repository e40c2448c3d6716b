#include "analysis/association/refusal.h"

#include <fmt/format.h>

namespace mmsa::analysis {
namespace {

struct CodeAdvice {
  std::string_view layer;
  std::int64_t code;  // kAny: of all others of the layer
  Advice advice;
};

constexpr std::int64_t kAny = -1;

constexpr std::string_view kCompareTsap = "Compare the TSAP in client and server.";
constexpr std::string_view kCompareSsel = "Compare the SSEL in client and server.";
constexpr std::string_view kCountClients =
    "Count the clients that are connected; close one that is not needed, or raise the limit in the "
    "server.";
constexpr std::string_view kSendFrames =
    "Send the frames of request and answer to the vendors of both sides.";
constexpr std::string_view kCompareTitles =
    "Compare AP title and AE qualifier in client and server.";
constexpr std::string_view kComparePassword =
    "Compare the authentication (mechanism and password) in client and server.";

// By layer and code; the row of all other codes is the last of its layer.
constexpr CodeAdvice kByCode[] = {
    {"TCP",
     kAny,
     {"Nothing listens on the port: the MMS server is switched off or restarting, the port is "
      "wrong, or a firewall answers in its place.",
      "Ping the IED, check that its MMS server is enabled and uses this port, and look for "
      "firewalls on the way."}},
    // ISO 8073 clause 13.5.3
    {"COTP", 1, {"All connections of this transport selector (TSAP) are taken.", kCountClients}},
    {"COTP", 2, {"No program serves this transport selector (TSAP) now.", kCompareTsap}},
    {"COTP", 3, {"The server does not know the transport selector (TSAP).", kCompareTsap}},
    {"COTP", 129, {"The server has no connection left.", kCountClients}},
    {"COTP", 130, {"A parameter of the COTP CR does not suit the server.", kSendFrames}},
    {"COTP", 133, {"The server holds the COTP CR to be malformed.", kSendFrames}},
    {"COTP", 138, {"The server holds the COTP CR to be malformed.", kSendFrames}},
    {"COTP",
     kAny,
     {"The transport selector is not the server's, or all its connections are taken.",
      "Compare the TSAP in client and server, and count the clients that are connected."}},
    // X.225 clause 8.3.5
    {"session", 1, {"The server takes no further association for now.", kCountClients}},
    {"session", 129, {"The server does not know the session selector (SSEL).", kCompareSsel}},
    {"session", 130, {"No program serves this session selector (SSEL) now.", kCompareSsel}},
    {"session", 131, {"The server takes no further association for now.", kCountClients}},
    {"session", 132, {"The session versions of the two sides do not meet.", kSendFrames}},
    {"session",
     kAny,
     {"The session selector is not the server's, or all its connections are taken.",
      "Compare the SSEL in client and server, and count the clients that are connected."}},
    // X.226 clause 8.2
    {"presentation", 1, {"The server takes no further association for now.", kCountClients}},
    {"presentation", 2, {"The server takes no further association.", kCountClients}},
    {"presentation",
     3,
     {"The server does not know the presentation selector (PSEL).",
      "Compare the PSEL in client and server."}},
    {"presentation", 4, {"The presentation versions of the two sides do not meet.", kSendFrames}},
    {"presentation", 6, {"The server could not read what the request carries.", kSendFrames}},
    {"presentation",
     7,
     {"No program serves this presentation selector (PSEL) now.",
      "Compare the PSEL in client and server."}},
    {"presentation",
     kAny,
     {"The presentation selector or the presentation contexts do not fit.",
      "Compare the PSEL in client and server; MMS must be proposed with 1.0.9506.2.1."}},
    // Provider-reason of a context that was not accepted
    {"presentation context",
     1,
     {"The server does not know the abstract syntax of MMS that the client proposes.",
      "MMS must be proposed with the abstract syntax 1.0.9506.2.1: compare with the frame."}},
    {"presentation context",
     2,
     {"The server knows MMS, but not the transfer syntaxes that the client proposes.",
      "MMS must be proposed with the transfer syntax 2.1.1 (BER): compare with the frame."}},
    {"presentation context",
     kAny,
     {"The server does not accept the presentation context of MMS.",
      "Compare the proposed context (abstract syntax 1.0.9506.2.1, transfer syntax 2.1.1) with the "
      "frame."}},
    // X.227 clause 9, result-source-diagnostic of the service user
    {"ACSE", 2, {"The server does not accept the application context.", kSendFrames}},
    {"ACSE", 3, {"The server does not know the client's AP title.", kCompareTitles}},
    {"ACSE", 5, {"The server does not know the client's AE qualifier.", kCompareTitles}},
    {"ACSE", 7, {"The AP title that the client calls is not the server's.", kCompareTitles}},
    {"ACSE", 9, {"The AE qualifier that the client calls is not the server's.", kCompareTitles}},
    {"ACSE", 11, {"The server does not know the kind of authentication.", kComparePassword}},
    {"ACSE", 12, {"The server demands authentication; the client sends none.", kComparePassword}},
    {"ACSE", 13, {"The password (authentication value) is wrong.", kComparePassword}},
    {"ACSE", 14, {"The server demands a password; the client sends none.", kComparePassword}},
    {"ACSE",
     kAny,
     {"The AP title, AE qualifier or password is not the one that the server expects, or it "
      "accepts "
      "no further association.",
      "Compare AP title, AE qualifier and authentication in client and server, and count the "
      "clients that are connected."}},
    {"MMS",
     kAny,
     {"The server can not agree to the values that the client proposes.",
      "Compare PDU size, outstanding requests, nesting and version in the initiate-RequestPDU with "
      "what the server supports."}},
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

bool is_bad_size_code(std::optional<std::uint8_t> code) {
  return code && (*code < kLeastSizeCode || *code > kGreatestSizeCode);
}

void add_size_code(RefusalCandidates& out, std::string_view tpdu,
                   std::optional<std::uint8_t> code) {
  if (!is_bad_size_code(code)) return;
  add(out,
      fmt::format("The {} has the TPDU size code 0x{:02X}, which ISO 8073 does not allow (0x07 to "
                  "0x0D, 128 to 8192 octets).",
                  tpdu, *code),
      "Correct the TPDU size of its sender to 0x0A to 0x0D.");
}

}  // namespace

Advice refusal_advice(std::string_view layer, std::optional<std::int64_t> code) {
  for (const CodeAdvice& row : kByCode) {
    if (row.layer == layer && (row.code == kAny || row.code == code)) return row.advice;
  }
  return {};
}

Advice unanswered_advice(bool syn, bool initiate) {
  if (syn) {
    return {"The server is off, its address is wrong, or a firewall drops the packets.",
            "Ping the server from the client. Without an answer check address, VLAN and cable; "
            "with one look for a firewall that drops this port."};
  }
  if (initiate) {
    return {
        "TCP and COTP are up: the MMS application behind them hangs, has no free association "
        "left, or drops requests that do not suit it.",
        "Count the clients that are connected, compare the selectors and the password, then "
        "restart the server's communication."};
  }
  return {
      "TCP is up: what listens on the port hangs, has no free connection left, or does not "
      "speak COTP.",
      "Check that the port is that of the MMS server; count the clients that are connected, "
      "then restart the server's communication."};
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
  out.faulty_request = is_bad_size_code(cotp.proposed_size_code);
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
        "Compare the TSAP in client and server; count the clients that are "
        "connected.");
  }
  return out;
}

}  // namespace mmsa::analysis
