// TPKT and COTP of one connection that is, or is expected to be, ISO-on-TCP; and the one place that
// talks to the sink.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "mmsanalyze/events.h"
#include "osi/cotp.h"
#include "osi/join_buffer.h"
#include "osi/roles.h"
#include "osi/shared.h"
#include "osi/upper_layers.h"

namespace mmsa::osi {

class AssociationStack {
 public:
  // What came of a direction before the connection was known to be one of ours.
  struct Before {
    std::uint64_t passed_over = 0;  // octets
    bool whole = true;              // nothing was passed over, and nothing is missing
  };
  // `before`, by side. Connection and Shared outlive this object.
  AssociationStack(const Connection& connection, Shared& shared, bool expected_here,
                   const std::array<Before, 2>& before);
  ~AssociationStack() { shared_.slots.give_back(association_.slot); }
  AssociationStack(const AssociationStack&) = delete;
  AssociationStack& operator=(const AssociationStack&) = delete;

  // As in StreamConsumer.
  std::size_t on_data(Side sender, Bytes available, std::uint64_t offset, const FrameIndex& frames);
  void on_gap(Side sender, const StreamGap& gap, Bytes leftover, const FrameIndex& frames);
  void on_fin(Side sender, FrameRef frame);
  void on_rst(Side sender, FrameRef frame);
  void on_window_stall(const WindowStall& stall);
  void on_close(const ConnectionClose& close);

 private:
  // Where a direction stands between two TPKTs.
  struct Direction {
    explicit Direction(std::size_t& joined_octets) : tsdu(joined_octets) {}
    enum class Framing : std::uint8_t {
      start,      // nothing was looked at yet
      in_sync,    // the next octet begins a TPKT
      skipping,   // `skip` octets of a TPKT whose beginning was cut are still to come
      searching,  // unknown
    } framing = Framing::start;
    enum class Fragments : std::uint8_t {
      none,      // the next DT begins a TSDU
      joining,   // `tsdu` holds the beginning of one
      dropping,  // the beginning is lost: nothing counts up to the end of the TSDU
      unsure,    // octets are missing: the next DT may begin a TSDU or continue a lost one
    } fragments = Fragments::unsure;
    std::uint64_t skip = 0;
    JoinBuffer tsdu;
    std::vector<std::uint64_t> frames;  // that carry the TSDU so far
    FrameRef last;                      // the one captured last
    bool octets_seen = false;
    bool over_cap = false;  // `dropping` because of a cap
    FramingOctets count;
    std::uint64_t waiting = 0;  // octets that were shown and not consumed
    // TPKTs still to come before a framing that was found by searching is believed.
    std::uint8_t probation = 0;
  };
  // A TPDU and where it lies in the stream.
  struct Located {
    Bytes octets;  // of the TPKT
    std::uint64_t offset;
    const FrameIndex& index;
  };

  bool is_expected_and_silent() const {
    return association_.expected_here && association_.carries == Association::Carries::nothing;
  }
  bool is_ours() const {
    return association_.carries == Association::Carries::iso_on_tcp ||
           association_.carries == Association::Carries::mms;
  }

  bool opening_seen() const {
    return association_.connection->syn_seen || association_.connection->syn_ack_seen;
  }

  // framing
  std::size_t approach(Direction& direction, Bytes rest);
  std::size_t start(Direction& direction, Bytes rest);
  void lose_framing(Side sender, Direction& direction);
  void on_damage(Side sender, Direction& direction, Bytes rest, const char* field,
                 std::uint64_t offset, const FrameIndex& frames);
  void on_cut_short(Side sender, Direction& direction, const Located& tpkt);
  void skipped(Direction& direction, std::uint64_t octets);
  void pass_over_tpkt(Direction& direction, std::uint64_t octets);
  void count_undecoded(std::uint64_t octets);
  std::size_t take(Side sender, Direction& direction, Bytes available, std::uint64_t offset,
                   const FrameIndex& frames);
  void give_up(Association::Carries carries);

  // TPDUs
  void on_tpkt(Side sender, Direction& direction, const Located& tpkt);
  void on_control_tpdu(Side sender, const Tpdu& tpdu, const Located& tpkt);
  void on_data_tpdu(Side sender, Direction& direction, const Tpdu& tpdu, const Located& tpkt);
  bool is_continuation_lost(Direction& direction, Bytes user_data, bool end_of_tsdu);
  bool join(Side sender, Direction& direction, const Tpdu& tpdu, const Located& tpkt);
  void on_tsdu(Side sender, Direction& direction, Bytes tsdu, FrameRef frame);
  void forget_tsdu(Direction& direction);
  void add_frames(Direction& direction, const Located& tpkt);

  // gaps
  void take_whole(Side sender, Direction& direction, const StreamGap& gap, Bytes& leftover,
                  const FrameIndex& frames);
  void cut_tpkt(Side sender, Direction& direction, const StreamGap& gap, Bytes leftover,
                const FrameIndex& frames);
  void cut_tpdu(Side sender, Direction& direction, const Located& tpkt);
  void hold_gap(Side sender, const StreamGap& gap);
  void deliver_cut(Side sender, Direction& direction);
  bool is_convincing(const Direction& direction, Bytes leftover) const;

  // the sink
  // How far `sender` has acknowledged what it was sent.
  FrameRef acknowledged_by(Side sender) const {
    return association_.connection->facts[index(other(sender))].acknowledged;
  }
  void tell(Side sender, const TsduContent& content, const Direction& direction, FrameRef frame,
            bool cut);
  void tell_step(Side sender, Step step, FrameRef frame);
  void tell_malformed(Side sender, const DecodeError& error, Bytes unit, FrameRef frame);
  void settle_roles(Side sender, RoleHint hint);

  Association association_;
  Shared& shared_;
  UpperLayers upper_;
  Direction directions_[2];
  struct EarlyGap {
    Side sender;
    StreamGap gap;
  };
  std::vector<EarlyGap> early_gaps_;       // before the roles were settled
  std::uint64_t unclassified_octets_ = 0;  // skipped before it was known what this is
  bool roles_settled_ = false;
  bool given_up_ = false;
};

}  // namespace mmsa::osi
