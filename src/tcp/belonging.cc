// Which segments are of this connection. Ports are used again, and the SYN that says so is not
// always captured; and headers arrive damaged. A number that jumps is no proof of either, so such a
// segment waits for a second one that agrees with it.
#include <algorithm>
#include <cstdlib>

#include "tcp/live_connection.h"

namespace mmsa::tcp {
namespace {

// How far back a segment may lie that is repeated or that the capture put out of order, where the
// beginning of its direction is not known: the greatest window without scaling.
constexpr std::int64_t kMaxBack = 65'535;
// Before the first octet: a keep-alive repeats the SYN's number.
constexpr std::int64_t kBeforeStart = 2;
// 1 GiB and somewhat: nothing lies further ahead of a connection that is still the same.
constexpr std::int64_t kMaxJump = 3 * (std::int64_t{1} << 29);
// What MMS can have exchanged in each direction while the capture lost everything. Both directions
// together are never faster, for no IED is.
constexpr std::int64_t kOctetsPerMs = 1000;
// A SYN-ACK that was captured after octets of its own connection comes within this time of them.
constexpr TimeNs kLateSynAck = kNsPerSecond;

bool within(std::uint32_t a, std::uint32_t b) { return std::abs(seq_distance(a, b)) <= kMaxBack; }

std::uint32_t end_of(const Segment& segment) {
  return segment.seq + segment.payload_length() + (segment.fin() ? 1 : 0);
}

}  // namespace

bool LiveConnection::reopened_by(const Segment& segment, Side sender) const {
  if (!segment.syn()) return false;
  const Stream& out = streams_[index(sender)];
  if (!out.initial_known || segment.seq == out.initial) return false;
  if (!segment.has_ack()) return true;
  // A damaged SYN-ACK still answers the SYN of this connection.
  const Stream& in = streams_[index(other(sender))];
  return in.initial_known && segment.ack - 1 != in.initial && !segment.quoted &&
         (ended_ || elapsed(info_.first, segment.frame) > kLateSynAck);
}

// How far a number lies ahead of all that is known of a direction.
std::int64_t LiveConnection::distance_ahead(Side sender, std::uint32_t number) const {
  const Stream& s = streams_[index(sender)];
  if (!s.anchored) return s.peer_ack_known ? seq_distance(s.peer_ack, number) : 0;
  return s.origin.offset_of(number, s.next) -
         static_cast<std::int64_t>(std::max(s.next, s.known_end()));
}

LiveConnection::Place LiveConnection::place_of(Side sender, std::uint32_t number) const {
  const Stream& s = streams_[index(sender)];
  const std::int64_t ahead = distance_ahead(sender, number);
  if (ahead > kMaxJump) return Place::outside;
  if (ahead > (ended_ ? 1 : kMaxUnderWay)) return Place::ahead;
  if (!s.anchored) return ahead < -kMaxBack ? Place::outside : Place::near;
  const std::int64_t offset = s.origin.offset_of(number, s.next);
  if (s.fin_known && offset > static_cast<std::int64_t>(s.fin_at) + kMaxBack) return Place::outside;
  const bool start_known = info_.facts[index(sender)].syn.number != 0;
  if (offset < -(start_known ? kBeforeStart : kMaxBack)) return Place::outside;
  return offset < static_cast<std::int64_t>(s.next) - kMaxBack ? Place::behind : Place::near;
}

bool LiveConnection::jumps(const Segment& segment, Side sender) const {
  if (segment.syn() || segment.rst() || !segment.has_ack()) return false;
  const Place seq = place_of(sender, segment.seq);
  if (seq == Place::near) return false;
  const Place ack = place_of(other(sender), segment.ack);
  if (seq == Place::behind) return ack == Place::ahead || ack == Place::outside;
  return !(ended_ && seq == Place::ahead && ack == Place::near);
}

void LiveConnection::hold(const Segment& segment, bool sender_is_low) {
  drop_held();
  held_ = std::make_unique<HeldSegment>();
  held_->octets.assign(segment.payload.begin(), segment.payload.end());
  held_->segment = segment;
  held_->segment.payload = held_->octets;
  held_->sender_is_low = sender_is_low;
  settle();
}

bool LiveConnection::agrees_with_held(const Segment& segment, Side sender) const {
  if (!segment.has_ack() || segment.syn()) return false;
  if (place_of(sender, segment.seq) == Place::near &&
      place_of(other(sender), segment.ack) == Place::near) {
    return false;  // of this connection, whatever is held
  }
  const Segment& held = held_->segment;
  if (sender != side_of(held_->sender_is_low)) {
    return within(held.ack, segment.seq) && within(end_of(held), segment.ack);
  }
  const bool same_frame = segment.seq == held.seq && segment.ack == held.ack &&
                          elapsed(held.frame, segment.frame) <= kDuplicateWithin;
  return !same_frame && within(end_of(held), segment.seq) && within(held.ack, segment.ack);
}

bool LiveConnection::held_is_of_another() const {
  if (ended_) return true;
  const Segment& held = held_->segment;
  const Side sender = side_of(held_->sender_is_low);
  const Place seq = place_of(sender, held.seq);
  const Place ack = place_of(other(sender), held.ack);
  if (seq != Place::ahead || ack == Place::outside || ack == Place::behind) return true;
  if (ack == Place::near) return false;
  const std::int64_t most =
      kMaxUnderWay + elapsed(info_.last, held.frame) / kNsPerMs * kOctetsPerMs;
  return distance_ahead(sender, held.seq) > most && distance_ahead(other(sender), held.ack) > most;
}

std::unique_ptr<HeldSegment> LiveConnection::take_held() {
  auto held = std::move(held_);
  settle();
  return held;
}

void LiveConnection::drop_held() {
  if (!held_) return;
  DirectionFacts& own = facts(side_of(held_->sender_is_low));
  own.captured_octets += held_->octets.size();
  own.foreign_octets += held_->octets.size();
  ++info_.version;
  held_.reset();
  settle();
}

}  // namespace mmsa::tcp
