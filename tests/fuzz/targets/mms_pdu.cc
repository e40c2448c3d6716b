// MMS PDUs of one association: decoded, paired, read as IEC 61850, analysed, written.
#include "analysis/analyzer.h"
#include "fuzz/input.h"
#include "fuzz/targets.h"
#include "fuzz/targets/message_checks.h"
#include "mms/decoded_pdus.h"
#include "mms/message_decoder.h"
#include "mms/pdu.h"
#include "support/association.h"

namespace mmsa::fuzz {

// The input is PDUs, each behind an octet of flags and two of its length.
void fuzz_mms_pdu(Bytes input) {
  constexpr std::uint8_t kFromServer = 0x01;
  constexpr std::uint8_t kCut = 0x02;
  constexpr std::uint8_t kLater = 0x04;  // a minute passes before
  constexpr std::uint8_t kGap = 0x08;    // octets are missing before
  constexpr std::uint8_t kAhead = 0x10;  // decoded before it is told, behind another one
  constexpr std::uint8_t kTight = 0x20;  // without enough room for that

  const analysis::Settings settings;
  iec61850::ServerModels models;
  analysis::Analyzer analyzer(settings, models);
  MessageChecks checks(output::TimeMode::delta);
  iec61850::Meaning meaning(models, {&analyzer, &checks});
  mms::MessageDecoder decoder(meaning);
  test::TestAssociation fixture;
  Association& association = fixture.association;
  association.carries = Association::Carries::mms;
  association.expected_here = true;
  std::vector<std::uint64_t> frames{0};
  mms::DecodedPdus ahead;

  Input in(input);
  FrameRef frame{1, kNsPerSecond, 0};
  while (!in.at_end()) {
    const std::uint8_t flags = in.u8();
    const std::size_t length = in.u16();
    const TimeNs passed = (flags & kLater) != 0 ? 61 * kNsPerSecond : kNsPerMs;
    frame = {frame.number + 1, frame.time + passed, frame.clock + passed};
    fixture.connection.last = frame;
    PduUnit unit;
    unit.octets = in.take(length);
    unit.sender = (flags & kFromServer) != 0 ? Side::b : Side::a;
    unit.frame = frame;
    frames[0] = frame.number;
    unit.frames = frames;
    unit.cut = (flags & kCut) != 0;
    unit.context = 3;
    if ((flags & kGap) != 0) {
      StreamGap gap;
      gap.length = length;
      gap.after = frame;
      decoder.on(association, GapEvent{unit.sender, gap});
    }
    if ((flags & kAhead) != 0) {
      ahead.reset(2, (flags & kTight) != 0 ? 0 : 2 * unit.octets.size());
      ahead.add(unit.octets);
      ahead.add(unit.octets);
      unit.decoded = &ahead[1];
    }
    mms::looks_like_pdu(unit.octets);
    decoder.on(association, unit);
  }
  decoder.on_trace_end(frame.time);
  decoder.on(association, ConnectionClose{CloseKind::capture_end, Side::a, frame});
  require_report(analyzer.finish({}));
}

}  // namespace mmsa::fuzz
