// The two streams of one connection through osi/: TPKT to ACSE. The same streams in other pieces
// must give the same events.
#include <string>
#include <vector>

#include "fuzz/input.h"
#include "fuzz/properties.h"
#include "fuzz/targets.h"
#include "mms/pdu.h"
#include "osi/stack.h"
#include "support/association.h"
#include "text/text.h"

namespace mmsa::fuzz {
namespace {

// One piece of the input: octets of a side, or something that happens to it.
struct Piece {
  enum class Kind : std::uint8_t { data, gap, fin, rst } kind = Kind::data;
  Side sender = Side::a;
  Bytes octets;
  std::uint32_t length = 0;  // of a gap
};

// An octet of flags, two of the length, and the octets.
std::vector<Piece> read_pieces(Input& in) {
  constexpr std::uint8_t kFromB = 0x80;
  constexpr std::uint8_t kGap = 0x70;
  constexpr std::uint8_t kFin = 0x71;
  constexpr std::uint8_t kRst = 0x72;
  std::vector<Piece> pieces;
  while (!in.at_end()) {
    const std::uint8_t head = in.u8();
    Piece piece;
    piece.sender = (head & kFromB) != 0 ? Side::b : Side::a;
    const std::uint16_t length = in.u16();
    switch (head & 0x7F) {
      case kGap:
        piece.kind = Piece::Kind::gap;
        piece.length = length + 1u;
        break;
      case kFin:
        piece.kind = Piece::Kind::fin;
        break;
      case kRst:
        piece.kind = Piece::Kind::rst;
        break;
      default:
        piece.octets = in.take(length);
    }
    pieces.push_back(piece);
  }
  return pieces;
}

// Writes down what it is told.
class Witness : public AssociationSink {
 public:
  std::string log;
  std::size_t calls = 0;
  std::size_t pdu_octets = 0;
  bool closed = false;

  void on(Association& association, const AssociationEvent& event) override {
    std::visit([&](const auto& kind) { on_event(association, kind); }, event);
  }
  void on_event(Association&, const StepEvent& event) {
    const auto& [step, sender, frame] = event;
    note('S', sender, frame);
    number(static_cast<std::uint64_t>(step));
  }
  void on_event(Association& association, const PduUnit& pdu) {
    note(pdu.cut ? 'C' : 'P', pdu.sender, pdu.frame);
    number(static_cast<std::uint64_t>(pdu.context));
    text::append_hex(log, pdu.octets);
    pdu_octets += pdu.octets.size();
    std::uint64_t last = 0;
    for (const std::uint64_t frame : pdu.frames) {
      require(frame > last, "frames ascend");
      last = frame;
      number(frame);
    }
    // Roles are settled before the first PDU is told.
    number(index(association.client));
  }
  void on_event(Association&, const MalformedUnit& unit) {
    note('M', unit.sender, unit.frame);
    require(unit.error.offset <= unit.unit.size(), "an error lies inside its unit");
    touch(unit.unit);
    log += unit.error.field;
    number(unit.error.offset);
    number(static_cast<std::uint64_t>(unit.error.problem));
    malformed_tpkt = malformed_tpkt || unit.error.layer == Layer::tpkt;
  }
  void on_event(Association&, const GapEvent& event) {
    const auto& [sender, gap] = event;
    note('G', sender, gap.after);
  }
  void on_event(Association&, const FinEvent& event) {
    const auto& [sender, frame] = event;
    note('F', sender, frame);
  }
  void on_event(Association&, const RstEvent& event) {
    const auto& [sender, frame] = event;
    note('R', sender, frame);
  }
  void on_event(Association&, const WindowStall&) {}
  void on_event(Association& association, const ConnectionClose&) {
    require(!closed, "a connection is closed once");
    log += '.';
    number(static_cast<std::uint64_t>(association.carries));
    number(association.presentation->contexts.size());
    for (const std::size_t side : {0u, 1u}) octets[side] = association.octets[side].sum();
    closed = true;
  }
  bool malformed_tpkt = false;
  std::uint64_t octets[2] = {0, 0};  // accounted for, by side

 private:
  void note(char what, Side sender, FrameRef frame) {
    require(!closed, "nothing follows the close");
    ++calls;
    log += '\n';
    log += what;
    log += sender == Side::a ? 'a' : 'b';
    number(frame.number);
  }
  void number(std::uint64_t value) {
    log += ' ';
    text::append_number(log, value);
  }
};

// What tcp/ does for a consumer, where every octet comes in order.
class Feeder : public FrameIndex {
 public:
  Feeder(StreamConsumer& consumer, std::size_t chunk) : consumer_(consumer), chunk_(chunk) {}

  void feed(const Piece& piece, std::uint64_t frame_number) {
    frame_ = {frame_number, static_cast<TimeNs>(frame_number) * kNsPerMs, 0};
    switch (piece.kind) {
      case Piece::Kind::data:
        feed_data(piece.sender, piece.octets);
        break;
      case Piece::Kind::gap:
        feed_gap(piece.sender, piece.length);
        break;
      case Piece::Kind::fin:
        consumer_.on_fin(piece.sender, frame_);
        break;
      case Piece::Kind::rst:
        consumer_.on_rst(piece.sender, frame_);
        break;
    }
  }

  // Each piece is a frame: those whose end lies behind `begin`, up to the one that holds `end`.
  FrameRef frames_of(std::uint64_t begin, std::uint64_t end,
                     std::vector<std::uint64_t>& frames) const override {
    const Direction& direction = directions_[index(sender_)];
    require(begin < end && end <= direction.end, "frames are asked for octets that were shown");
    FrameRef last = frame_;
    for (const Range& range : direction.ranges) {
      if (range.end <= begin || range.begin >= end) continue;
      frames.push_back(range.frame.number);
      last = range.frame;
    }
    return last;
  }

 private:
  struct Range {
    std::uint64_t begin;
    std::uint64_t end;
    FrameRef frame;
  };
  struct Direction {
    std::vector<std::uint8_t> pending;
    std::uint64_t end = 0;  // of what was shown
    std::vector<Range> ranges;
  };

  void feed_data(Side sender, Bytes octets) {
    sender_ = sender;
    Direction& direction = directions_[index(sender)];
    while (!octets.empty()) {
      const Bytes chunk = octets.first(std::min(chunk_, octets.size()));
      octets = octets.subspan(chunk.size());
      if (direction.ranges.empty() || direction.ranges.back().frame.number != frame_.number) {
        direction.ranges.push_back({direction.end, direction.end, frame_});
      }
      direction.end += chunk.size();
      direction.ranges.back().end = direction.end;
      direction.pending.insert(direction.pending.end(), chunk.begin(), chunk.end());
      show(sender, direction);
    }
  }

  // The octets are copied to a block of their own: a view that is kept is found by the sanitizer.
  void show(Side sender, Direction& direction) {
    const std::vector<std::uint8_t> view(direction.pending);
    const std::uint64_t offset = direction.end - view.size();
    const std::size_t taken = consumer_.on_data(sender, view, offset, *this);
    require(taken <= view.size(), "no more is consumed than was shown");
    direction.pending.erase(direction.pending.begin(),
                            direction.pending.begin() + static_cast<std::ptrdiff_t>(taken));
    // A TPKT and the header behind it are the most that is waited for.
    require(direction.pending.size() <= (65'535u + 64u) * 2u, "what is waited for is limited");
    const std::uint64_t begin = direction.end - direction.pending.size();
    std::erase_if(direction.ranges, [&](const Range& range) {
      return range.end <= begin && range.frame.number != frame_.number;
    });
  }

  void feed_gap(Side sender, std::uint32_t length) {
    sender_ = sender;
    Direction& direction = directions_[index(sender)];
    StreamGap gap;
    gap.offset = direction.end;
    gap.length = length;
    gap.before = frame_;
    gap.after = frame_;
    const std::vector<std::uint8_t> leftover(direction.pending);
    consumer_.on_gap(sender, gap, leftover, *this);
    direction.pending.clear();
    direction.end += length;
    direction.ranges.clear();
  }

  StreamConsumer& consumer_;
  std::size_t chunk_;
  Side sender_ = Side::a;
  FrameRef frame_;
  Direction directions_[2];
};

struct Outcome {
  Witness witness;
  UndecodedCounters undecoded;
};

void run(const std::vector<Piece>& pieces, const Connection& connection,
         const osi::StackOptions& options, std::size_t chunk, Outcome& outcome) {
  osi::StackFactory factory(options, mms::looks_like_pdu, outcome.witness, outcome.undecoded);
  const std::unique_ptr<StreamConsumer> consumer = factory.open(connection);
  Feeder feeder(*consumer, chunk);
  std::uint64_t frame = 0;
  for (const Piece& piece : pieces) feeder.feed(piece, ++frame);
  consumer->on_close({CloseKind::capture_end, Side::a, {}});
  if (!outcome.witness.closed) return;
  std::uint64_t shown[2] = {0, 0};
  for (const Piece& piece : pieces) shown[index(piece.sender)] += piece.octets.size();
  require(shown[0] == outcome.witness.octets[0] && shown[1] == outcome.witness.octets[1],
          "every octet of a stream is accounted for, once");
}

}  // namespace

// The first octet says what is known of the connection.
void fuzz_osi(Bytes input) {
  constexpr std::uint8_t kOtherPort = 0x01;
  constexpr std::uint8_t kNoSyn = 0x02;
  constexpr std::uint8_t kUserContext = 0x04;
  constexpr std::size_t kWhole = SIZE_MAX;

  Input in(input);
  const std::uint8_t flags = in.u8();
  const std::vector<Piece> pieces = read_pieces(in);
  test::TestAssociation fixture;
  Connection& connection = fixture.connection;
  if ((flags & kOtherPort) != 0) connection.endpoint[1].port = 10'102;
  connection.syn_seen = connection.syn_ack_seen = (flags & kNoSyn) == 0;
  if (connection.syn_seen) connection.opener = Side::a;
  osi::StackOptions options;
  if ((flags & kUserContext) != 0) options.contexts.push_back({});

  Outcome first;
  run(pieces, connection, options, kWhole, first);
  const std::uint64_t passed_over = first.undecoded[Undecoded::other_tcp_octets] +
                                    first.undecoded[Undecoded::encrypted_octets] +
                                    first.undecoded[Undecoded::resync_octets];
  require(passed_over <= input.size(), "octets are passed over once");
  // A PDU lies in its stream once, or in pieces that are joined once.
  require(first.witness.pdu_octets <= input.size(), "PDUs are no longer than their stream");
  require(first.witness.calls <= 8 * input.size() + 64, "events are linear in octets");

  // Where the framing is searched for, how much is there to judge by decides. Everywhere else
  // pieces must not matter.
  const bool framed = (flags & (kOtherPort | kNoSyn)) == 0 && !first.witness.malformed_tpkt &&
                      first.undecoded[Undecoded::resync_octets] == 0 &&
                      first.undecoded[Undecoded::other_tcp_octets] == 0;
  Outcome second;
  run(pieces, connection, options, flags >> 3 == 0 ? 1 : flags >> 3, second);
  if (framed) require(first.witness.log == second.witness.log, "pieces do not matter");
}

}  // namespace mmsa::fuzz
