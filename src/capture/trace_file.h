// One capture file that is open, of either format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "capture/byte_source.h"
#include "mmsanalyze/packet.h"

namespace mmsa::capture {

class TraceFile {
 public:
  explicit TraceFile(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  virtual ~TraceFile() = default;
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;

  // The next frame in file order, without its number; false at the end. packet.data is valid until
  // the next call.
  virtual bool next(Packet& packet) = 0;
  // Records without a packet that Wireshark shows as frames all the same, since it was asked last.
  std::uint64_t take_other_records() { return std::exchange(other_records_, 0); }
  // Packets that the capturing machine says it dropped.
  virtual std::uint64_t dropped() const { return 0; }

  // How it ended, known once next() has returned false. Never both.
  bool cut_short() const { return cut_short_ && damage_.empty(); }
  const std::string& damage() const { return damage_; }
  std::uint64_t octets_read() const { return source_->octets_read(); }

 protected:
  ByteSource& source() { return *source_; }
  void set_cut_short() { cut_short_ = true; }
  void set_damage(std::string text) { damage_ = std::move(text); }
  void count_other_record() { ++other_records_; }
  // The source has no more: what it says of its own end is what the file ends with.
  void end_with_source() {
    if (source_->cut_short()) cut_short_ = true;
    if (!source_->damage().empty()) damage_ = source_->damage();
  }

 private:
  std::unique_ptr<ByteSource> source_;
  std::uint64_t other_records_ = 0;
  bool cut_short_ = false;
  std::string damage_;
};

struct OpenedTrace {
  std::unique_ptr<TraceFile> file;
  std::string format;      // as in FileFacts
  bool regular = false;    // can be closed and opened again
  std::uint64_t size = 0;  // on disk, 0 where unknown
};

// The octets of a capture file, decompressed. Throws CaptureError.
struct OpenedOctets {
  std::unique_ptr<ByteSource> source;
  std::string suffix;  // ".gz", ".zst", or empty
  bool regular = false;
  std::uint64_t size = 0;
};
OpenedOctets open_octets(const std::string& path);

// Throws CaptureError.
OpenedTrace open_trace(const std::string& path);

}  // namespace mmsa::capture
