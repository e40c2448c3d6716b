// Puts IP datagrams together out of their fragments (RFC 791 section 3.2, RFC 8200 section 4.5).
#pragma once

#include <bitset>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "capture/ip.h"
#include "mmsanalyze/packet.h"

namespace mmsa::capture {

class FragmentTable {
 public:
  enum class Outcome : std::uint8_t {
    held,     // waits for the others, or repeats what is there
    whole,    // `packet` is the datagram now
    damaged,  // contradicts itself or the others
  };

  // `packet` is a fragment. Of a whole datagram, packet.payload points into this object and is
  // valid until begin_frame().
  Outcome add(IpPacket& packet, TimeNs time);
  // Views into datagrams end here.
  void begin_frame() { released_.clear(); }

  // Fragments of datagrams that never became whole, since it was asked last.
  std::uint64_t take_incomplete();
  // Gives up all that wait.
  void finish();

 private:
  struct Key {
    IpAddress src;
    IpAddress dst;
    std::uint32_t identification = 0;
    std::uint8_t protocol = 0;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  static constexpr std::size_t kUnit = 8;  // fragments begin at multiples of it
  static constexpr std::size_t kMaxDatagram = 65535;
  struct Datagram {
    Key key;
    TimeNs first = 0;
    std::vector<std::uint8_t> octets;
    std::bitset<kMaxDatagram / kUnit + 1> present;  // units
    std::size_t units = 0;                          // that are present
    std::size_t end = 0;                            // furthest octet seen
    bool end_known = false;                         // the last fragment was seen
    bool whole = false;  // was handed on; kept to know late copies of its fragments
    std::uint8_t protocol = 0;
    std::uint64_t fragments = 0;
  };
  using Datagrams = std::list<Datagram>;  // in the order in which they began

  Outcome add_to(Datagram& datagram, IpPacket& packet);
  static bool repeats(const Datagram& whole, const IpPacket& packet);
  static void copy_new_units(Datagram& datagram, std::size_t offset, Bytes payload);
  void grow(Datagram& datagram, std::size_t end);
  void drop(Datagrams::iterator datagram);
  void make_room(TimeNs time);

  Datagrams datagrams_;
  std::unordered_map<Key, Datagrams::iterator, KeyHash> index_;
  std::size_t held_octets_ = 0;
  std::uint64_t incomplete_ = 0;
  // Dropped within this frame: a tunnel's inner packet may still be read from one of them.
  std::vector<std::vector<std::uint8_t>> released_;
};

}  // namespace mmsa::capture
