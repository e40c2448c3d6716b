// What was captured of one direction but can not be delivered yet, in stream order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "mmsanalyze/packet.h"

namespace mmsa::tcp {

// A range of a stream. A FIN takes one sequence number (RFC 9293 section 3.4) and is a piece of one
// octet, so that it waits behind holes like data does.
struct Piece {
  enum class Kind : std::uint8_t {
    data,
    snapped,  // cut off a captured frame
    lost,     // a hole that was given up
    fin,
  };

  std::uint64_t end = 0;
  Kind kind = Kind::data;
  bool trimmed = false;       // of a snapped piece: not by the snap length
  bool acknowledged = false;  // of a lost piece
  bool limit = false;         // of a lost piece
  FrameRef frame;             // that carried it; of a lost piece the first one behind, where known
  TimeNs arrived = 0;         // on the capture clock
  std::vector<std::uint8_t> octets;  // of a data piece
};

// Pieces by their first offset. They never overlap: the first copy of an octet stays.
class HoleMap {
 public:
  using Pieces = std::map<std::uint64_t, Piece>;

  struct Inserted {
    std::uint64_t octets = 0;     // that were not there before
    std::uint64_t first = 0;      // where the first of them lies
    std::uint64_t conflicts = 0;  // octets that differ from the copy that was there
  };

  // Inserts what of the range is not there yet. `what` gives frame and time of the pieces.
  Inserted insert_data(std::uint64_t begin, Bytes octets, const Piece& what);
  Inserted insert_mark(std::uint64_t begin, std::uint64_t end, const Piece& what);

  bool empty() const { return pieces_.empty(); }
  std::uint64_t begin() const { return pieces_.begin()->first; }
  const Piece& front() const { return pieces_.begin()->second; }
  Piece take_front();
  void clear();

  // The end of the pieces that follow each other without a hole from `offset` on.
  std::uint64_t contiguous_end(std::uint64_t offset) const;
  // The end of the last piece, 0 where there is none.
  std::uint64_t end() const { return pieces_.empty() ? 0 : pieces_.rbegin()->second.end; }
  // The first piece that begins at `offset` or later; pieces().end() where there is none.
  Pieces::const_iterator at_or_after(std::uint64_t offset) const {
    return pieces_.lower_bound(offset);
  }
  bool covers(std::uint64_t offset) const;
  const Pieces& pieces() const { return pieces_; }

  // Octets held, with an allowance for each piece: segments of one octet are not free.
  std::size_t cost() const { return cost_; }

 private:
  static constexpr std::size_t kPieceCost = 192;

  Inserted insert(std::uint64_t begin, std::uint64_t end, Bytes octets, const Piece& what);

  Pieces pieces_;
  std::size_t cost_ = 0;
};

// How many octets of the two views, compared from their start, differ.
std::uint64_t count_differences(Bytes a, Bytes b);

}  // namespace mmsa::tcp
