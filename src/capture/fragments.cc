// The first copy of an octet wins; which units of eight octets are there is kept as bits, so every
// octet of a fragment is touched once, however fragments overlap.
#include "capture/fragments.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "mmsanalyze/limits.h"

namespace mmsa::capture {

std::size_t FragmentTable::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = std::uint64_t{key.identification} << 8 | key.protocol;
  for (const IpAddress* address : {&key.src, &key.dst}) {
    std::uint64_t halves[2];
    std::memcpy(halves, address->octets.data(), sizeof halves);
    for (const std::uint64_t half : halves) {
      hash = (hash ^ half) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 29;
    }
  }
  return hash;
}

FragmentTable::Outcome FragmentTable::add(IpPacket& packet, TimeNs time) {
  if (packet.missing != 0) {
    // The octets that the snap length cut off will not come.
    ++incomplete_;
    return Outcome::held;
  }
  const std::size_t length = packet.payload.size();
  const bool whole_units = length % kUnit == 0;
  if (length == 0 || packet.fragment_offset + length > kMaxDatagram ||
      (packet.more_fragments && !whole_units)) {
    return Outcome::damaged;
  }
  // In IPv6 only the first fragment says what the payload is.
  constexpr std::uint8_t kAnyProtocol = 0;
  const Key key{packet.src, packet.dst, packet.identification,
                packet.src.is_v6 ? kAnyProtocol : packet.protocol};
  make_room(time);
  auto found = index_.find(key);
  if (found != index_.end() && found->second->whole) {
    if (repeats(*found->second, packet)) return Outcome::held;
    drop(found->second);  // the identification is in use again
    found = index_.end();
  }
  if (found == index_.end()) {
    datagrams_.emplace_back();
    datagrams_.back().key = key;
    datagrams_.back().first = time;
    found = index_.emplace(key, std::prev(datagrams_.end())).first;
  }
  return add_to(*found->second, packet);
}

bool FragmentTable::repeats(const Datagram& whole, const IpPacket& packet) {
  const std::size_t offset = packet.fragment_offset;
  const std::size_t length = packet.payload.size();
  return offset + length <= whole.end && (packet.more_fragments || offset + length == whole.end) &&
         std::memcmp(whole.octets.data() + offset, packet.payload.data(), length) == 0;
}

FragmentTable::Outcome FragmentTable::add_to(Datagram& datagram, IpPacket& packet) {
  const std::size_t offset = packet.fragment_offset;
  const std::size_t end = offset + packet.payload.size();
  const bool behind_end = datagram.end_known && end > datagram.end;
  const bool other_end = !packet.more_fragments && end < datagram.end;
  if (behind_end || other_end) return Outcome::damaged;
  ++datagram.fragments;
  if (offset == 0 || datagram.fragments == 1) datagram.protocol = packet.protocol;
  if (end > datagram.end) grow(datagram, end);
  if (!packet.more_fragments) datagram.end_known = true;
  copy_new_units(datagram, offset, packet.payload);
  if (!datagram.end_known || datagram.units * kUnit < datagram.end) return Outcome::held;
  datagram.whole = true;
  packet.protocol = datagram.protocol;
  packet.payload = Bytes(datagram.octets).first(datagram.end);
  packet.is_fragment = false;
  return Outcome::whole;
}

void FragmentTable::grow(Datagram& datagram, std::size_t end) {
  held_octets_ -= datagram.octets.capacity();
  datagram.octets.resize(end);
  datagram.end = end;
  held_octets_ += datagram.octets.capacity();
}

void FragmentTable::copy_new_units(Datagram& datagram, std::size_t offset, Bytes payload) {
  for (std::size_t at = 0; at < payload.size(); at += kUnit) {
    const std::size_t unit = (offset + at) / kUnit;
    if (datagram.present[unit]) continue;
    datagram.present.set(unit);
    ++datagram.units;
    const std::size_t count = std::min(kUnit, payload.size() - at);
    std::memcpy(datagram.octets.data() + offset + at, payload.data() + at, count);
  }
}

void FragmentTable::drop(Datagrams::iterator datagram) {
  if (!datagram->whole) incomplete_ += datagram->fragments;
  held_octets_ -= datagram->octets.capacity();
  if (datagram->whole) released_.push_back(std::move(datagram->octets));
  index_.erase(datagram->key);
  datagrams_.erase(datagram);
}

void FragmentTable::make_room(TimeNs time) {
  while (!datagrams_.empty()) {
    const Datagram& oldest = datagrams_.front();
    const bool timed_out = time > oldest.first && time - oldest.first > limits::kFragmentTimeout;
    if (!timed_out && datagrams_.size() < limits::kMaxFragmentedDatagrams &&
        held_octets_ < limits::kMaxFragmentOctets) {
      return;
    }
    drop(datagrams_.begin());
  }
}

std::uint64_t FragmentTable::take_incomplete() { return std::exchange(incomplete_, 0); }

void FragmentTable::finish() {
  while (!datagrams_.empty()) drop(datagrams_.begin());
}

}  // namespace mmsa::capture
