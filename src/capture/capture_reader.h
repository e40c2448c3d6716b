// Files -> packets. One or several capture files as one trace in time order.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "mmsanalyze/packet.h"
#include "mmsanalyze/undecoded.h"

namespace mmsa::capture {

// The operator's mistake: a file that is missing, unreadable, empty, or no capture; a filter that
// does not compile. what() is one line that names the file and the reason.
class CaptureError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What the report says of one file.
struct FileFacts {
  std::string path;
  std::string format;         // "pcap", "pcapng", with ".gz" or ".zst" appended where compressed
  std::uint64_t packets = 0;  // that were handed on
  FrameRef last;              // the last frame that was read, whether the filter dropped it or not
  // What precedes the end or the damage was read. Never both.
  bool cut_short = false;     // it ends inside a packet, a block, or its compressed data
  std::string damage;         // why it can not be read on before its end, empty where it can
  std::uint64_t dropped = 0;  // packets that the capturing machine lost, by its own count (pcapng)
  // Why the filter can not be used on some of its frames, which were dropped; empty where it can.
  std::string filter_error;
};

struct CaptureFacts {
  std::vector<FileFacts> files;  // in the order of their first packets, then of their names
  // All of these are of the packets that were handed on; complete once next() has returned false.
  std::uint64_t packets = 0;
  std::uint64_t octets = 0;  // captured
  TimeNs first = 0;          // least and greatest time of any packet
  TimeNs last = 0;
  ClockJumps clock_jumps;               // of all frames, dropped or not
  std::uint64_t truncated_packets = 0;  // captured length below original length
  // Frames that the filter dropped.
  std::uint64_t filtered = 0;
};

struct ReaderOptions {
  // libpcap filter expression; empty: all. Frames it drops keep their numbers, so that numbers are
  // those Wireshark shows for the unfiltered files.
  std::string filter;
};

// Reads packets until the end. Throws CaptureError when it is opened, never later: damage inside a
// file ends that file and stands in its FileFacts.
class CaptureReader {
 public:
  // "-" is standard input. Files are merged by time, the order inside each is kept; where times are
  // equal the file first in `facts().files` goes first, so the order of `paths` does not matter.
  explicit CaptureReader(const std::vector<std::string>& paths, const ReaderOptions& options = {});
  ~CaptureReader();
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;

  // False at the end of the trace. packet.data is valid until the next call. Frames are numbered in
  // the order of the merge, as in the output of mergecap. Custom and journal blocks of pcapng take
  // a number each and are not handed on: Wireshark shows them as frames.
  bool next(Packet& packet);

  const CaptureFacts& facts() const;
  // Octets read of all input files so far, and their sum where known (0 for pipes): for progress.
  std::uint64_t octets_read() const;
  std::uint64_t octets_total() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mmsa::capture
