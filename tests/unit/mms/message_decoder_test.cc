#include "mms/message_decoder.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "mmsanalyze/limits.h"
#include "support/association.h"
#include "support/hex.h"

namespace mmsa::mms {
namespace {

using test::hex;
using test::kClient;
using test::kServer;
using test::TestAssociation;
using Octets = std::vector<std::uint8_t>;

// Invoke ids of two octets, so that they may be large.
Octets with_id(std::string_view before, std::uint32_t id, std::string_view after) {
  Octets out = hex(before);
  out.push_back(static_cast<std::uint8_t>(id >> 8 & 0x7F));
  out.push_back(static_cast<std::uint8_t>(id & 0xFF));
  const Octets rest = hex(after);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}
Octets identify_request(std::uint32_t id) { return with_id("a0 06 | 02 02", id, "82 00"); }
Octets status_request(std::uint32_t id) { return with_id("a0 07 | 02 02", id, "80 01 00"); }
Octets identify_response(std::uint32_t id) {
  return with_id("a1 0f | 02 02", id, "a2 09 | 80 01 \"a\" | 81 01 \"b\" | 82 01 \"c\"");
}
// serviceError: definition, object-undefined
Octets error(std::uint32_t id) { return with_id("a2 0b | 80 02", id, "a2 05 | a0 03 | 82 01 01"); }
// rejectReason: a0..: [1] confirmed-requestPDU, [2] confirmed-responsePDU; 1 = unrecognized-service
Octets reject_request(std::uint32_t id) { return with_id("a4 07 | 80 02", id, "81 01 01"); }
Octets reject_response(std::uint32_t id) { return with_id("a4 07 | 80 02", id, "82 01 01"); }
Octets cancel_request(std::uint32_t id) { return with_id("85 02", id, ""); }

// Writes down what it is told, one line each.
class Recorder : public MmsSink {
 public:
  std::string log;

  void on(const Association& association, const MmsEvent& event) override {
    std::visit(ByKind{[&](const MmsMessage& kind) { on_event(association, kind); },
                      [&](const UnansweredRequest& kind) { on_event(association, kind); },
                      [&](const ConnectionClose&) { log += "close\n"; },
                      [&](const GapEvent&) { log += "gap\n"; }, [](const auto&) {}},
               event);
  }
  void on_event(const Association&, const MmsMessage& message) {
    log +=
        std::to_string(message.frame.number) + " " + std::string(pdu_kind_name(message.pdu.kind));
    if (message.request != nullptr) {
      log += " answers " + std::to_string(message.request->frame.number);
      if (message.request->lost_since) log += " lost";
      if (message.request->cancelled.number != 0) {
        log += " cancelled " + std::to_string(message.request->cancelled.number);
      }
    }
    if (message.request_view != nullptr) {
      log += " view " + std::string(service_name(message.request_view->pdu().service));
      CHECK(message.request_view->tree().root());
    }
    if (message.outstanding > 0) log += " waiting " + std::to_string(message.outstanding);
    if (message.cut) log += " cut";
    log += "\n";
    last_service = message.service();
    if (message.request != nullptr) last_response_time = message.response_time();
  }
  void on_event(const Association&, const UnansweredRequest& event) {
    const auto& [request, why] = event;
    static constexpr const char* kWhy[] = {"ended", "reused", "capture end", "crowded out"};
    log += "unanswered " + std::to_string(request.frame.number) + " " +
           kWhy[static_cast<int>(why)] + (request.lost_since ? " lost" : "") + "\n";
  }

  std::string take() { return std::exchange(log, {}); }

  std::uint16_t last_service = Service::kNone;
  TimeNs last_response_time = -1;
};

struct Fixture {
  Recorder recorder;
  MessageDecoder decoder{recorder};
  TestAssociation association;
  std::uint64_t frame = 0;

  void pdu(Side sender, const Octets& octets, bool cut = false) {
    ++frame;
    PduUnit unit;
    unit.octets = octets;
    unit.sender = sender;
    unit.frame = {frame, 0, static_cast<TimeNs>(frame) * kNsPerMs};
    unit.frames = {&frame, 1};
    unit.cut = cut;
    association.connection.last = unit.frame;
    decoder.on(association, unit);
  }
  void gap(Side sender, std::uint64_t after) {
    StreamGap lost;
    lost.length = 10;
    lost.after.number = after;
    decoder.on(association, GapEvent{sender, lost});
  }
  void close(CloseKind kind) {
    ConnectionClose closing;
    closing.kind = kind;
    decoder.on(association, closing);
  }
};

TEST_CASE_METHOD(Fixture, "an answer is told with its request") {
  pdu(kClient, identify_request(1));
  CHECK(recorder.take() == "1 confirmed-RequestPDU view identify waiting 1\n");
  pdu(kServer, identify_response(1));
  CHECK(recorder.take() == "2 confirmed-ResponsePDU answers 1 view identify\n");
  CHECK(recorder.last_response_time == kNsPerMs);
}

TEST_CASE_METHOD(Fixture, "answers in any order find their own requests") {
  pdu(kClient, identify_request(1));
  pdu(kClient, status_request(2));
  pdu(kClient, identify_request(3));
  recorder.take();
  pdu(kServer, identify_response(3));
  pdu(kServer, error(2));
  pdu(kServer, identify_response(1));
  CHECK(recorder.take() ==
        "4 confirmed-ResponsePDU answers 3 view identify\n"
        "5 confirmed-ErrorPDU answers 2 view status\n"
        "6 confirmed-ResponsePDU answers 1 view identify\n");
}

TEST_CASE_METHOD(Fixture, "an error has the service of its request") {
  pdu(kClient, status_request(2));
  pdu(kServer, error(2));
  CHECK(recorder.last_service == Service::kStatus);
}

TEST_CASE_METHOD(Fixture, "requests of both sides with equal ids do not mix") {
  pdu(kClient, identify_request(7));
  pdu(kServer, status_request(7));
  recorder.take();
  pdu(kClient, error(7));
  CHECK(recorder.take() == "3 confirmed-ErrorPDU answers 2 view status\n");
  pdu(kServer, identify_response(7));
  CHECK(recorder.take() == "4 confirmed-ResponsePDU answers 1 view identify\n");
}

TEST_CASE_METHOD(Fixture, "a second answer has no request: the first took it") {
  pdu(kClient, identify_request(1));
  pdu(kServer, identify_response(1));
  recorder.take();
  pdu(kServer, identify_response(1));
  CHECK(recorder.take() == "3 confirmed-ResponsePDU\n");
}

TEST_CASE_METHOD(Fixture, "an answer whose request was before the capture has none") {
  pdu(kServer, identify_response(1));
  CHECK(recorder.take() == "1 confirmed-ResponsePDU\n");
}

TEST_CASE_METHOD(Fixture, "an id may be used again once it is answered") {
  for (int i = 0; i < 3; ++i) {
    pdu(kClient, identify_request(1));
    pdu(kServer, identify_response(1));
  }
  CHECK(recorder.take().find("unanswered") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "an id that is used again before its answer gives the old request up") {
  pdu(kClient, identify_request(1));
  recorder.take();
  pdu(kClient, status_request(1));
  CHECK(recorder.take() == "unanswered 1 reused\n2 confirmed-RequestPDU view status waiting 1\n");
  pdu(kServer, error(1));
  CHECK(recorder.take() == "3 confirmed-ErrorPDU answers 2 view status\n");
}

TEST_CASE_METHOD(Fixture, "a reject of a request is its answer") {
  pdu(kClient, identify_request(1));
  recorder.take();
  pdu(kServer, reject_request(1));
  CHECK(recorder.take() == "2 rejectPDU answers 1 view identify\n");
}

TEST_CASE_METHOD(Fixture, "a reject of an answer answers nothing") {
  pdu(kServer, status_request(1));
  pdu(kClient, identify_request(1));
  recorder.take();
  // The client rejects what the server answered; the server's own request still waits.
  pdu(kClient, reject_response(1));
  CHECK(recorder.take() == "3 rejectPDU\n");
  pdu(kClient, error(1));
  CHECK(recorder.take() == "4 confirmed-ErrorPDU answers 1 view status\n");
}

TEST_CASE_METHOD(Fixture, "a request remembers that its sender cancelled it") {
  pdu(kClient, identify_request(1));
  pdu(kServer, cancel_request(1));  // of a request of the server's own
  pdu(kClient, cancel_request(1));
  recorder.take();
  pdu(kServer, error(1));
  CHECK(recorder.take() == "4 confirmed-ErrorPDU answers 1 cancelled 3 view identify\n");
}

TEST_CASE_METHOD(Fixture, "cancelling what does not wait is harmless") {
  pdu(kClient, cancel_request(1));
  CHECK(recorder.take() == "1 cancel-RequestPDU\n");
}

TEST_CASE_METHOD(Fixture, "a response time is never negative") {
  frame = 9;
  pdu(kClient, identify_request(1));
  frame = 4;
  pdu(kServer, identify_response(1));
  CHECK(recorder.last_response_time == 0);
}

// --- the end ---

TEST_CASE_METHOD(Fixture, "what waits at the end is given up in its order, before the close") {
  pdu(kClient, identify_request(9));
  pdu(kClient, identify_request(2));
  recorder.take();
  SECTION("the connection ended") {
    close(GENERATE(CloseKind::fin, CloseKind::rst, CloseKind::reused, CloseKind::evicted));
    CHECK(recorder.take() == "unanswered 1 ended\nunanswered 2 ended\nclose\n");
  }
  SECTION("the capture ended") {
    close(CloseKind::capture_end);
    CHECK(recorder.take() == "unanswered 1 capture end\nunanswered 2 capture end\nclose\n");
  }
}

TEST_CASE_METHOD(Fixture, "another association has its own requests") {
  pdu(kClient, identify_request(1));
  close(CloseKind::fin);
  recorder.take();
  pdu(kServer, identify_response(1));
  CHECK(recorder.take() == "2 confirmed-ResponsePDU\n");
}

// --- losses of the capture ---

TEST_CASE_METHOD(Fixture, "a gap of either direction may have held the answer") {
  pdu(kClient, identify_request(1));
  gap(GENERATE(kClient, kServer), 2);
  recorder.take();
  close(CloseKind::fin);
  CHECK(recorder.take() == "unanswered 1 ended lost\nclose\n");
}

TEST_CASE_METHOD(Fixture, "a request behind the gap has lost nothing") {
  pdu(kClient, identify_request(1));
  gap(kServer, 2);
  pdu(kClient, identify_request(2));
  recorder.take();
  close(CloseKind::fin);
  CHECK(recorder.take() == "unanswered 1 ended lost\nunanswered 2 ended\nclose\n");
}

TEST_CASE_METHOD(Fixture, "a gap that is told late counts for requests captured before its end") {
  gap(kServer, 5);
  pdu(kClient, identify_request(1));  // frame 1, before frame 5
  frame = 5;
  pdu(kClient, identify_request(2));  // frame 6
  recorder.take();
  close(CloseKind::fin);
  CHECK(recorder.take() == "unanswered 1 ended lost\nunanswered 6 ended\nclose\n");
}

TEST_CASE_METHOD(Fixture, "a gap that nothing follows lasts to the last frame") {
  association.connection.last.number = 8;
  gap(kServer, 0);
  frame = 7;
  pdu(kClient, identify_request(1));
  recorder.take();
  close(CloseKind::fin);
  CHECK(recorder.take() == "unanswered 8 ended lost\nclose\n");
}

TEST_CASE_METHOD(Fixture, "a message that the capture cut says so, and its request is kept") {
  Octets octets = identify_request(1);
  octets.pop_back();
  pdu(kClient, octets, true);
  CHECK(recorder.take().find(" cut") != std::string::npos);
  pdu(kServer, identify_response(1));
  CHECK(recorder.take().find("answers 1") != std::string::npos);
}

// --- caps ---

TEST_CASE_METHOD(Fixture, "without any answer only a few requests are kept") {
  std::size_t kept = 0;
  for (std::uint32_t id = 0; id < 1000; ++id) {
    pdu(kClient, identify_request(id));
    if (recorder.take().find("crowded out") == std::string::npos) ++kept;
  }
  CHECK(kept < 100);
  close(CloseKind::fin);
  const std::string log = recorder.take();
  CHECK(static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n')) == kept + 1);
}

TEST_CASE_METHOD(Fixture, "the oldest request is crowded out first") {
  pdu(kClient, identify_request(0));
  pdu(kServer, identify_response(0));
  for (std::uint32_t id = 0; id < limits::kMaxOutstanding; ++id) {
    pdu(kClient, identify_request(id));
  }
  CHECK(recorder.take().find("crowded out") == std::string::npos);
  pdu(kClient, identify_request(0x7000));
  CHECK(recorder.take() == "unanswered 3 crowded out\n" + std::to_string(frame) +
                               " confirmed-RequestPDU view identify waiting " +
                               std::to_string(limits::kMaxOutstanding) + "\n");
}

// confirmed-RequestPDU: invokeID, identify, and octets behind it that nobody asked for.
Octets long_request(std::uint32_t id, std::uint32_t size) {
  Octets out = hex("a0 84");
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>((size + 12) >> shift));
  }
  const Octets start = with_id("02 02", id, "82 00 | 9f 7f 84");
  out.insert(out.end(), start.begin(), start.end());
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(size >> shift));
  }
  out.resize(out.size() + size);
  return out;
}

TEST_CASE_METHOD(Fixture, "a request whose octets were not kept is paired, and has no view") {
  constexpr std::uint32_t kSize = 4u << 20;
  const std::uint32_t fitting = limits::kMaxHeldRequests / kSize;
  for (std::uint32_t id = 0; id < fitting; ++id) pdu(kClient, long_request(id, kSize));
  recorder.take();
  pdu(kServer, identify_response(0));
  CHECK(recorder.take() ==
        std::to_string(frame) + " confirmed-ResponsePDU answers 1 view identify\n");
  pdu(kServer, identify_response(fitting - 1));
  CHECK(recorder.take() ==
        std::to_string(frame) + " confirmed-ResponsePDU answers " + std::to_string(fitting) + "\n");
  CHECK(recorder.last_service == Service::kIdentify);
}

TEST_CASE_METHOD(Fixture, "many associations together let few requests wait") {
  const auto connections =
      static_cast<std::uint32_t>(limits::kMaxOutstandingTotal / limits::kMaxOutstanding);
  for (std::uint32_t slot = 0; slot <= connections; ++slot) {
    association.association.slot = slot;
    pdu(kClient, identify_request(0));
    pdu(kServer, identify_response(0));
    for (std::uint32_t id = 0; id < limits::kMaxOutstanding; ++id) {
      pdu(kClient, identify_request(id));
    }
    const bool crowded = recorder.take().find("crowded out") != std::string::npos;
    CHECK(crowded == (slot == connections));
  }
  // An association that ends makes room.
  association.association.slot = 0;
  close(CloseKind::fin);
  association.association.slot = connections;
  recorder.take();
  pdu(kClient, identify_request(0x7000));
  CHECK(recorder.take().find("crowded out") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a PDU without an invoke id pairs with nothing") {
  pdu(kClient, identify_request(0));
  recorder.take();
  pdu(kServer, hex("a1 04 | 82 02 00 00"));
  CHECK(recorder.take().find("answers") == std::string::npos);
  pdu(kClient, hex("a0 02 | 82 00"));
  CHECK(recorder.take().find("waiting") == std::string::npos);
}

// --- Initiate ---

TEST_CASE_METHOD(Fixture, "what was proposed is kept with the association") {
  pdu(kClient, hex(R"(a8 1f      # initiate-RequestPDU
      80 03 00 fd e8             # localDetailCalling 65000
      81 01 05                   # proposedMaxServOutstandingCalling
      82 01 06                   # proposedMaxServOutstandingCalled
      83 01 0a                   # proposedDataStructureNestingLevel
      a4 0f                      # mmsInitRequestDetail
        80 01 01                 # proposedVersionNumber
        81 03 05 f1 00           # proposedParameterCBB
        82 05 03 ee 1c 00 08     # servicesSupportedCalling)"));
  REQUIRE(association.association.mms.proposed);
  const InitiateValues& values = *association.association.mms.proposed;
  CHECK(values.local_detail == 65'000);
  CHECK(values.max_outstanding_calling == 5);
  CHECK(values.max_outstanding_called == 6);
  CHECK(values.nesting_level == 10);
  CHECK(values.version == 1);
  CHECK(values.parameter_cbb == "11110001000");
  CHECK(values.services_supported == "11101110000111000000000000001");
  CHECK_FALSE(association.association.mms.negotiated);
}

TEST_CASE_METHOD(Fixture, "what was negotiated is kept with the association") {
  pdu(kServer, hex(R"(a9 17      # initiate-ResponsePDU
      81 01 02                   # negotiatedMaxServOutstandingCalling
      82 01 03                   # negotiatedMaxServOutstandingCalled
      a4 0f                      # mmsInitResponseDetail
        80 01 01                 # negotiatedVersionNumber
        81 03 05 f1 00           # negotiatedParameterCBB
        82 05 03 ee 1c 00 08     # servicesSupportedCalled)"));
  REQUIRE(association.association.mms.negotiated);
  const InitiateValues& values = *association.association.mms.negotiated;
  CHECK_FALSE(values.local_detail);
  CHECK(values.max_outstanding_calling == 2);
  CHECK(values.max_outstanding_called == 3);
  CHECK_FALSE(values.nesting_level);
  CHECK(values.version == 1);
  CHECK(values.parameter_cbb == "11110001000");
  CHECK_FALSE(values.services_supported.empty());
}

}  // namespace
}  // namespace mmsa::mms
