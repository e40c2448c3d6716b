// An MMS PDU given as octets, as the message that the printers get.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "mms/pdu.h"
#include "mmsanalyze/events.h"
#include "report/message_json.h"
#include "report/message_text.h"
#include "support/association.h"

namespace mmsa::test {

struct OneMessage {
  TestAssociation association{4};
  asn1::Tree tree;
  MmsPdu pdu;
  std::uint64_t frames[2] = {24, 25};
  PendingRequest request;
  bool answers = false;
  bool cut = false;
  Side sender = kClient;

  explicit OneMessage(const std::vector<std::uint8_t>& octets) : octets_(octets) {
    pdu = mms::decode_pdu(octets_, tree);
  }
  OneMessage(const OneMessage&) = delete;
  OneMessage& operator=(const OneMessage&) = delete;

  MmsMessage message() {
    MmsMessage out{.pdu = pdu,
                   .tree = tree,
                   .octets = octets_,
                   .sender = sender,
                   .frame = {25, 1'708'548'391'867'763'356, 7 * kNsPerMs + 5},
                   .frames = frames,
                   .context = 3,
                   .cut = cut};
    if (answers) out.request = &request;
    return out;
  }
  std::string json_text() {
    std::string out;
    report::MessageJson().write(association.association, message(), out);
    return out;
  }
  nlohmann::ordered_json json() { return nlohmann::ordered_json::parse(json_text()); }
  std::string text(const report::MessageOptions& options = {}) {
    std::string out;
    report::MessageText(options).write(association.association, message(), out);
    return out;
  }

 private:
  std::vector<std::uint8_t> octets_;
};

}  // namespace mmsa::test
