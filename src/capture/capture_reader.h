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
  std::string format;  // "pcap", "pcapng", with ".gz" or ".zst" appended where compressed
  std::uint64_t packets = 0;
  bool cut_short = false;      // ends inside a packet; or, see damage, can not be read on
  std::string damage;          // why reading ended early, empty where it did not
  std::uint64_t dropped = 0;   // by interface statistics blocks: dropped by the capturing machine
};

struct CaptureFacts {
  std::vector<FileFacts> files;  // in time order
  std::uint64_t packets = 0;     // that passed the filter count and frames alike: see frame numbers
  std::uint64_t octets = 0;      // captured
  TimeNs first = 0;              // least and greatest time of any packet
  TimeNs last = 0;
  std::uint64_t truncated_packets = 0;  // captured length below original length
};

struct ReaderOptions {
  std::string filter;  // libpcap filter expression; empty: all. Frames it drops keep their numbers.
};

// Reads packets until the end. Throws CaptureError when it is opened, never later: damage inside a
// file ends that file and stands in its FileFacts.
class CaptureReader {
 public:
  // "-" is standard input. Files are ordered by their first packet and merged by time.
  explicit CaptureReader(const std::vector<std::string>& paths, const ReaderOptions& options = {});
  ~CaptureReader();
  CaptureReader(const CaptureReader&) = delete;
  CaptureReader& operator=(const CaptureReader&) = delete;

  // False at the end of the trace. packet.data is valid until the next call.
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
