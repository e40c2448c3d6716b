// What the target of a relay is told, and by which thread. Nothing is checked on the second thread:
// Catch2 can not.
#include "relay.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "mms/pdu.h"
#include "support/association.h"
#include "support/dump.h"

namespace mmsa {
namespace {

using test::TestAssociation;
using Octets = std::vector<std::uint8_t>;
using Frames = std::vector<std::uint64_t>;
using Lines = std::vector<std::string>;

// Far more than a batch holds, so that several are under way.
constexpr std::uint64_t kMany = 20'000;

std::string text(FrameRef frame) { return std::to_string(frame.number); }
std::string text(Side side) { return side == Side::a ? "a" : "b"; }
std::string text(Bytes octets) {
  return std::to_string(octets.size()) + ":" +
         std::to_string(std::accumulate(
             octets.begin(), octets.end(), std::uint64_t{0},
             [](std::uint64_t sum, std::uint8_t octet) { return sum * 31 + octet; }));
}
std::string text(std::span<const std::uint64_t> frames) {
  std::string out = "[";
  for (const std::uint64_t frame : frames) out += std::to_string(frame) + " ";
  return out + "]";
}

// Writes down what it is told, one line each; `also` may do more with PDUs.
class Recorder : public AssociationSink {
 public:
  Lines lines;
  std::vector<std::thread::id> threads;
  std::function<void(Association&, const PduUnit&)> also = [](Association&, const PduUnit&) {};

  void on(Association& association, const AssociationEvent& event) override {
    std::visit([&](const auto& kind) { on_event(association, kind); }, event);
  }
  void on_event(Association& a, const StepEvent& event) {
    const auto& [step, sender, frame] = event;
    add(a, "step " + std::to_string(static_cast<int>(step)) + text(sender) + text(frame));
  }
  void on_event(Association& a, const PduUnit& pdu) {
    add(a, "pdu " + text(pdu.octets) + text(pdu.frames) + text(pdu.sender) + text(pdu.frame) +
               (pdu.cut ? " cut " : " ") + std::to_string(pdu.context));
    also(a, pdu);
  }
  void on_event(Association& a, const MalformedUnit& unit) {
    add(a, "malformed " + text(unit.unit) + text(unit.sender) + text(unit.frame) + " " +
               std::string(unit.error.field));
  }
  void on_event(Association& a, const GapEvent& event) {
    const auto& [sender, gap] = event;
    add(a, "gap " + text(sender) + std::to_string(gap.length) + " " + text(gap.after));
  }
  void on_event(Association& a, const FinEvent& event) {
    const auto& [sender, frame] = event;
    add(a, "fin " + text(sender) + text(frame));
  }
  void on_event(Association& a, const RstEvent& event) {
    const auto& [sender, frame] = event;
    add(a, "rst " + text(sender) + text(frame));
  }
  void on_event(Association& a, const WindowStall& stall) {
    add(a, "stall " + text(stall.receiver) + text(stall.closed));
  }
  void on_event(Association& a, const ConnectionClose& close) {
    add(a, "close " + std::to_string(static_cast<int>(close.kind)) + text(close.frame));
  }
  void on_trace_end(TimeNs last) override { lines.push_back("end " + std::to_string(last)); }

 private:
  void add(const Association& a, const std::string& line) {
    lines.push_back(std::to_string(a.slot) + "/" + std::to_string(a.connection->stream) + " " +
                    line);
    threads.push_back(std::this_thread::get_id());
  }
};

// Whether a second thread may be used.
unsigned processors() { return GENERATE(1u, 2u); }

// Tells one PDU whose octets and frames are gone when the call returns.
void tell_pdu(AssociationSink& sink, Association& association, std::uint64_t number,
              Octets octets = {0xA0, 0x01}, Frames frames = {1, 2}) {
  PduUnit pdu;
  pdu.octets = octets;
  pdu.sender = number % 2 == 0 ? Side::a : Side::b;
  pdu.frame = {number, 0, 0};
  pdu.frames = frames;
  pdu.cut = number % 5 == 0;
  pdu.context = static_cast<std::int64_t>(number % 7);
  sink.on(association, pdu);
  std::fill(octets.begin(), octets.end(), std::uint8_t{0xEE});
  std::fill(frames.begin(), frames.end(), 999);
}

// All kinds of events, in an order that changes, of associations that come and go.
void tell_all_kinds(AssociationSink& sink, std::uint64_t rounds) {
  TestAssociation associations[3] = {TestAssociation(0), TestAssociation(1), TestAssociation(2)};
  std::uint32_t streams = 3;
  for (std::uint32_t slot = 0; slot < 3; ++slot) associations[slot].association.slot = slot;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    TestAssociation& a = associations[i % 3];
    const Side side = i % 2 == 0 ? Side::a : Side::b;
    const FrameRef frame{i, 0, 0};
    switch (i % 8) {
      case 0:
        sink.on(a, StepEvent{static_cast<Step>(i % 21), side, frame});
        break;
      case 1: {
        const Octets octets(i % 100, static_cast<std::uint8_t>(i));
        MalformedUnit unit;
        unit.error.field = "field";
        unit.unit = octets;
        unit.frame = frame;
        unit.sender = side;
        sink.on(a, unit);
        break;
      }
      case 2: {
        StreamGap gap;
        gap.length = i;
        gap.after = frame;
        sink.on(a, GapEvent{side, gap});
        break;
      }
      case 3:
        sink.on(a, FinEvent{side, frame});
        break;
      case 4:
        sink.on(a, RstEvent{side, frame});
        break;
      case 5: {
        WindowStall stall;
        stall.receiver = side;
        stall.closed = frame;
        sink.on(a, stall);
        break;
      }
      case 6: {
        ConnectionClose close;
        close.kind = static_cast<CloseKind>(i % 5);
        close.frame = frame;
        sink.on(a, close);
        a.connection.stream = streams++;
        break;
      }
      default:
        for (std::uint64_t n = 0; n < i % 50; ++n) {
          tell_pdu(sink, a, n, Octets(n, static_cast<std::uint8_t>(i)), Frames(n % 4, i));
        }
        break;
    }
  }
  sink.on_trace_end(4711);
  for (TestAssociation& a : associations) sink.on(a, ConnectionClose{});
}

TEST_CASE("the target is told the same as without a relay, in the same order") {
  const unsigned available = processors();
  const std::uint64_t rounds = GENERATE(as<std::uint64_t>(), 0, 1, 50, 5000);
  Recorder direct, target;
  tell_all_kinds(direct, rounds);
  Relay relay(target, available);
  tell_all_kinds(relay, rounds);
  relay.finish();
  CHECK(target.lines == direct.lines);
}

TEST_CASE("nothing told is nothing repeated") {
  Recorder target;
  Relay relay(target, processors());
  relay.finish();
  CHECK(target.lines.empty());
}

TEST_CASE("octets and frames are those of their PDU, however long") {
  const unsigned available = processors();
  Recorder direct, target;
  Relay relay(target, available);
  TestAssociation a;
  std::uint64_t number = 0;
  for (AssociationSink* sink :
       {static_cast<AssociationSink*>(&direct), static_cast<AssociationSink*>(&relay)}) {
    // Longer than a batch, and than what a batch keeps.
    for (const std::size_t size : {0u, 1u, 200'000u, 4u << 20, 0u, 3u, 1'500'000u, 2u}) {
      Octets octets(size);
      std::iota(octets.begin(), octets.end(), static_cast<std::uint8_t>(size));
      Frames frames(size % 4096);
      std::iota(frames.begin(), frames.end(), size);
      tell_pdu(*sink, a, ++number % 8, octets, frames);
    }
  }
  relay.finish();
  CHECK(target.lines == direct.lines);
}

TEST_CASE("a second thread is used where there is a processor for it and more than one batch") {
  Recorder target;
  TestAssociation a;
  const auto [available, events, elsewhere] = GENERATE(table<unsigned, std::uint64_t, bool>(
      {{0, kMany, false}, {1, kMany, false}, {2, 10, false}, {2, kMany, true}, {64, kMany, true}}));
  {
    Relay relay(target, available);
    for (std::uint64_t i = 0; i < events; ++i) tell_pdu(relay, a, i);
    relay.finish();
  }
  REQUIRE(target.threads.size() == events);
  // Always the same one.
  CHECK(std::all_of(target.threads.begin(), target.threads.end(),
                    [&](std::thread::id id) { return id == target.threads[0]; }));
  CHECK((target.threads[0] != std::this_thread::get_id()) == elsewhere);
}

TEST_CASE("what is decoded on the way is what the octets say, where the target is slow") {
  const auto [available, ahead] = GENERATE(table<unsigned, bool>({{1, false}, {2, true}}));
  Recorder target;
  std::size_t decoded = 0;
  std::size_t different = 0;
  std::uint64_t told = 0;
  target.also = [&](Association&, const PduUnit& unit) {
    // As long as it takes the other thread to fill some batches.
    if (told++ % 1024 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (unit.decoded == nullptr) return;
    ++decoded;
    DecodedPdu alone;
    mms::decode_pdu(unit.octets, alone);
    if (test::dump(unit.decoded->tree) != test::dump(alone.tree) ||
        unit.decoded->pdu.invoke_id != alone.pdu.invoke_id) {
      ++different;
    }
  };
  TestAssociation a;
  Relay relay(target, available);
  for (std::uint64_t i = 0; i < kMany; ++i) {
    // Answers to a Read, with up to seven values.
    Octets octets = {0xA1, 0x00, 0x02, 0x01, static_cast<std::uint8_t>(i % 128), 0xA4, 0x00, 0xA1};
    octets.push_back(static_cast<std::uint8_t>(3 * (i % 8)));
    for (std::uint64_t n = 0; n < i % 8; ++n) octets.insert(octets.end(), {0x85, 0x01, 0x2A});
    octets[1] = static_cast<std::uint8_t>(octets.size() - 2);
    octets[6] = static_cast<std::uint8_t>(octets.size() - 7);
    tell_pdu(relay, a, i, octets);
  }
  relay.finish();
  CHECK(target.lines.size() == kMany);
  CHECK((decoded != 0) == ahead);
  CHECK(different == 0);
}

// --- associations and connections of the target's own ---

TEST_CASE("a PDU sees the association as it was when the PDU was told") {
  const unsigned available = processors();
  Recorder target;
  Lines seen, expected;
  const Association* source = nullptr;
  bool shared = false;
  target.also = [&](Association& a, const PduUnit&) {
    seen.push_back(a.cotp->calling_tsap + " " + std::to_string(a.connection->facts[0].segments));
    shared = shared || &a == source;
  };
  TestAssociation a;
  source = &a.association;
  Relay relay(target, available);
  for (std::uint64_t i = 0; i < kMany; ++i) {
    if (i % 3 == 0) {
      a.association.cotp.edit().calling_tsap = "T" + std::to_string(i);
      ++a.association.version;
    }
    if (i % 5 == 0) {
      a.connection.facts[0].segments = i;
      ++a.connection.version;
    }
    expected.push_back(a.association.cotp->calling_tsap + " " +
                       std::to_string(a.connection.facts[0].segments));
    tell_pdu(relay, a, i);
  }
  relay.finish();
  CHECK(seen == expected);
  CHECK_FALSE(shared);
}

TEST_CASE("events other than PDUs bring what was not numbered, too") {
  const unsigned available = processors();
  struct Target : Recorder {
    std::uint64_t segments = 0;
    void on(Association& a, const AssociationEvent& event) override {
      if (std::holds_alternative<FinEvent>(event)) segments = a.connection->facts[0].segments;
    }
  } target;
  Relay relay(target, available);
  TestAssociation a;
  tell_pdu(relay, a, 1);
  a.connection.facts[0].segments = 77;  // a mere count
  relay.on(a, FinEvent{});
  relay.finish();
  CHECK(target.segments == 77);
}

TEST_CASE("what the target writes into the association stays, and is never read of the source's") {
  const unsigned available = processors();
  Recorder target;
  std::vector<std::int64_t> before;
  target.also = [&](Association& a, const PduUnit& pdu) {
    before.push_back(a.mms.negotiated ? a.mms.negotiated->version : -1);
    InitiateValues values;
    values.version = static_cast<std::int64_t>(pdu.frame.number);
    a.mms.negotiated = std::make_shared<const InitiateValues>(values);
  };
  TestAssociation a;
  Relay relay(target, available);
  std::vector<std::int64_t> expected = {-1};
  for (std::uint64_t i = 0; i < kMany; ++i) {
    a.association.mms.proposed = std::make_shared<const InitiateValues>();
    if (i % 3 == 0) ++a.association.version;
    if (i % 7 == 0) relay.on(a, StepEvent{Step::abort, Side::a, {}});
    tell_pdu(relay, a, i);
    expected.push_back(static_cast<std::int64_t>(i));
  }
  relay.finish();
  expected.pop_back();
  CHECK(before == expected);
  CHECK_FALSE(a.association.mms.negotiated);
}

TEST_CASE("a slot that is used again has a fresh association") {
  const unsigned available = processors();
  Recorder target;
  Lines seen;
  target.also = [&](Association& a, const PduUnit&) {
    seen.push_back((a.mms.negotiated ? "old " : "fresh ") + a.cotp->calling_tsap + " " +
                   std::to_string(a.connection->stream));
    a.mms.negotiated = std::make_shared<const InitiateValues>();
  };
  Relay relay(target, available);
  Lines expected;
  for (std::uint32_t stream = 0; stream < 2000; ++stream) {
    TestAssociation a(stream);  // with the same version numbers as the one before
    a.association.slot = 3;
    a.association.cotp.edit().calling_tsap = "T" + std::to_string(stream);
    for (const char* state : {"fresh ", "old "}) {
      tell_pdu(relay, a, stream);
      expected.push_back(state + a.association.cotp->calling_tsap + " " + std::to_string(stream));
    }
    relay.on(a, ConnectionClose{});
  }
  relay.finish();
  CHECK(seen == expected);
}

// --- failures and early ends ---

TEST_CASE("what the target throws comes out of a later call or of finish()") {
  const unsigned available = processors();
  // In the first batch, in a later one, in the last.
  const std::uint64_t at = GENERATE(as<std::uint64_t>(), 0, 5000, kMany - 1);
  Recorder target;
  target.also = [&](Association&, const PduUnit& pdu) {
    if (pdu.frame.number == at) throw std::runtime_error("disk full");
  };
  TestAssociation a;
  std::string thrown;
  {
    Relay relay(target, available);
    try {
      for (std::uint64_t i = 0; i < kMany; ++i) tell_pdu(relay, a, i);
      relay.finish();
    } catch (const std::runtime_error& error) {
      thrown = error.what();
    }
  }
  CHECK(thrown == "disk full");
  CHECK(target.lines.size() == at + 1);  // nothing behind it
}

TEST_CASE("a failure is told even if the batches before it are still being told") {
  Recorder target;
  target.also = [](Association&, const PduUnit& pdu) {
    if (pdu.frame.number == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      throw std::runtime_error("disk full");
    }
  };
  TestAssociation a;
  Relay relay(target, 2);
  // Fills all batches, so that the last call waits for one.
  CHECK_THROWS_AS(
      [&] {
        for (std::uint64_t i = 0; i < kMany; ++i) tell_pdu(relay, a, i);
      }(),
      std::runtime_error);
}

TEST_CASE("a relay that is not finished may be destroyed at any time") {
  const unsigned available = processors();
  const std::uint64_t events = GENERATE(as<std::uint64_t>(), 0, 1, 1023, 1024, 1025, 3000, 10'000);
  Recorder target;
  target.also = [&](Association&, const PduUnit& pdu) {
    if (pdu.frame.number % 1024 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  TestAssociation a;
  std::size_t told = 0;
  {
    Relay relay(target, available);
    for (std::uint64_t i = 0; i < events; ++i) tell_pdu(relay, a, i);
  }
  // The thread has ended.
  told = target.lines.size();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(target.lines.size() == told);
  CHECK(told <= events);
}

TEST_CASE("a relay that is destroyed while its source fails lets no batch run behind") {
  Recorder target;
  TestAssociation a;
  try {
    Relay relay(target, 2);
    for (std::uint64_t i = 0; i < kMany; ++i) {
      if (i == 7000) throw std::runtime_error("source");
      tell_pdu(relay, a, i);
    }
    FAIL("not thrown");
  } catch (const std::runtime_error&) {
    CHECK(target.lines.size() <= 7000);
  }
}

}  // namespace
}  // namespace mmsa
