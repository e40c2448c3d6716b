#include "pipeline.h"

#include "capture/segment_decoder.h"
#include "mms/message_decoder.h"
#include "mms/pdu.h"
#include "relay.h"
#include "tcp/flow_table.h"

namespace mmsa {
namespace {

constexpr std::uint64_t kPacketsBetweenProgress = 1 << 16;

CaptureResult capture_report(const capture::CaptureFacts& facts) {
  CaptureResult report;
  for (const capture::FileFacts& file : facts.files) {
    report.files.push_back({.path = file.path,
                            .format = file.format,
                            .packets = file.packets,
                            .last = file.last,
                            .dropped = file.dropped,
                            .cut_short = file.cut_short,
                            .damage = file.damage,
                            .filter_error = file.filter_error});
  }
  report.clock_jumps = facts.clock_jumps;
  report.packets = facts.packets;
  report.octets = facts.octets;
  report.filtered = facts.filtered;
  report.truncated = facts.truncated_packets;
  report.first = facts.first;
  report.last = facts.last;
  return report;
}

}  // namespace

//  files        CaptureReader      one trace in time order
//    packets    SegmentDecoder     links, tunnels, IP
//    segments   FlowTable          two ordered byte streams for each connection
//    octets     osi::Stack         TPKT, COTP, session, presentation, ACSE
//    PDUs       Relay              from here on by a second thread, if there is enough to do
//    PDUs       MessageDecoder     MMS; answers with their requests
//    messages   Meaning            what they mean; given by the caller, with its sinks:
//    exchanges  the sinks          analysis, or a printer of messages
//
// Built from the right, because each stage is given the one it feeds.
TraceFacts run_pipeline(const PipelineOptions& options, MmsSink& meaning, Progress progress) {
  TraceFacts result;
  capture::CaptureReader reader(options.captures, options.reader);
  mms::MessageDecoder messages(meaning);
  Relay relay(messages);
  osi::StackFactory stacks(options.stack, mms::looks_like_pdu, relay, result.undecoded);
  tcp::FlowTable flows(stacks, result.undecoded);
  capture::SegmentDecoder segments(result.undecoded);

  Packet packet;
  Segment segment;
  std::uint64_t packets = 0;
  while (reader.next(packet)) {
    if (options.on_packet) options.on_packet(packet);
    if (segments.decode(packet, segment)) flows.feed(segment);
    if (progress != nullptr && ++packets % kPacketsBetweenProgress == 0) {
      progress(reader.octets_read(), reader.octets_total());
    }
  }
  result.capture = capture_report(reader.facts());
  relay.on_trace_end(packet.frame.clock);
  segments.finish();
  flows.finish();
  relay.finish();

  result.connections = flows.connections();
  result.evicted_connections = flows.evicted();
  return result;
}

}  // namespace mmsa
