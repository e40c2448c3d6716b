// An MMS PDU given as octets, as the message that the printers get.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "iec61850/meaning.h"
#include "mms/pdu.h"
#include "mmsanalyze/events.h"
#include "output/message_json.h"
#include "output/message_text.h"
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
  TimeNs time = 1'708'548'391'867'763'356;

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
                   .frame = {25, time, 7 * kNsPerMs + 5},
                   .frames = frames,
                   .context = 3,
                   .cut = cut};
    if (answers) out.request = &request;
    return out;
  }
  // Calls `write` with the message and its meaning.
  void give(std::function<void(const iec61850::Exchange&)> write) {
    iec61850::ServerModels models;
    Sink sink;
    sink.write = std::move(write);
    iec61850::Meaning(models, {&sink}).on(association.association, message());
  }
  std::string json_text() {
    std::string out;
    give([&](const iec61850::Exchange& exchange) { output::MessageJson().write(exchange, out); });
    return out;
  }
  nlohmann::ordered_json json() { return nlohmann::ordered_json::parse(json_text()); }
  std::string text(const output::MessageOptions& options = {}) {
    std::string out;
    give([&](const iec61850::Exchange& exchange) {
      output::MessageText(options).write(exchange, out);
    });
    return out;
  }

 private:
  struct Sink : iec61850::ExchangeSink {
    std::function<void(const iec61850::Exchange&)> write;
    void on(const Association&, const iec61850::Event& event) override {
      write(std::get<0>(event));
    }
  };

  std::vector<std::uint8_t> octets_;
};

}  // namespace mmsa::test
