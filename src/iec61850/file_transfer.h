// A file as FileOpen, FileRead and FileClose transfer it (ISO 9506-2 annex D; GetFile and SetFile
// of IEC 61850-8-1 clause 23): values without wording.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "iec61850/file_view.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// Octets that were transferred and are not in the capture.
struct MissingOctets {
  std::uint64_t at = 0;                 // octets of the transfer that were captured before it
  std::optional<std::uint64_t> octets;  // none where that can not be told
};

struct FileTransfer {
  // frsm_id of a file that could not be opened.
  static constexpr std::int64_t kNoNumber = -1;

  std::string name;  // as on the wire: no path; empty where its FileOpen was not captured or kept
  std::int64_t frsm_id = 0;           // number of the open file
  Side requester = Side::a;           // fetches the file: the server does so during ObtainFile
  std::uint64_t position = 0;         // initialPosition: where the reading begins
  std::optional<std::uint64_t> size;  // sizeOfFile, as FileOpen announced it
  std::string last_modified;          // GeneralizedTime as on the wire
  std::uint64_t octets = 0;           // transferred, as far as they were captured
  std::uint64_t reads = 0;            // answers to FileRead
  bool at_end = false;                // FileRead said that nothing follows
  FrameRef opened;                    // the request; number 0 where it was not captured
  FrameRef closed;                    // the answer; number 0 where there was none
  FrameRef last;                      // the last message about it
  FrameRef failed;                    // the last answer that was an error; number 0: none
  std::string error;                  // its code, see file_error_code()
  // Messages about open files may be missing since it was opened: holes of the capture, or answers
  // whose requests were not kept.
  bool unsure = false;
  // Where blocks may be missing: values of `octets`, ascending. The first kMaxHoles.
  std::vector<std::uint64_t> holes;

  bool open_seen() const { return opened.number != 0; }
  // What is left to be transferred of `size`, by what was captured; negative where there was more.
  std::optional<std::int64_t> short_by() const {
    if (!size) return std::nullopt;
    return static_cast<std::int64_t>(*size - position - octets);
  }
  // Of a transfer that is over or was read to its end. Empty where the octets of all blocks add up
  // to `size`, or where the capture lost none.
  std::vector<MissingOctets> missing() const;
  // From its FileOpen to the block that said that nothing follows, and nothing is missing.
  bool complete() const { return open_seen() && at_end && missing().empty(); }
};

// The file transfers of one association.
class FileTransfers {
 public:
  enum class What : std::uint8_t {
    nothing,  // no open file is concerned
    opened,
    block,
    closed,       // `transfer` is over
    failed,       // FileRead or FileClose of an open file was refused
    open_failed,  // FileOpen was refused: `transfer` is over before it began
  };
  // What one message did. Valid until the next call.
  struct Step {
    What what = What::nothing;
    FileTransfer* transfer = nullptr;  // null with `nothing`
    std::uint64_t offset = 0;          // of a block: octets captured before it
    // Transfers that it ended without a FileClose: one whose number was given anew, and one too
    // many to be followed.
    std::vector<FileTransfer> unclosed;
    bool crowded_out = false;  // the latter
  };
  // An answer to a file service.
  const Step& see(const MmsMessage& message, const FileView& view);
  // Octets of this sender are missing in the capture.
  void lose(Side sender);

  // The open file of this number; null where there is none.
  FileTransfer* find(Side requester, std::int64_t frsm_id);
  // "a/b.dat" of the file that an answer is about, also where it was closed just before; empty
  // where that is not known.
  std::string name_of(const MmsMessage& message, const FileView& view);
  // Those that are open; in the order of their FileOpen.
  std::vector<FileTransfer> take_open() { return std::move(open_); }

 private:
  FileTransfer& transfer(const MmsMessage& message, Side requester, std::int64_t frsm_id);
  FileTransfer take(const FileTransfer& transfer);
  void on_open(const MmsMessage& message, const FileView& view);
  void on_block(const MmsMessage& message, const FileView& view);
  void on_close(const MmsMessage& message, const FileView& view);
  void on_failure(const MmsMessage& message, const FileView& view);

  // Files open at a time; servers allow some tens. Beyond it the oldest is given up.
  static constexpr std::size_t kMaxOpen = 256;
  // Holes noted of one transfer: from the second one on their lengths can not be told anyway.
  static constexpr std::size_t kMaxHoles = 64;

  std::vector<FileTransfer> open_;
  FileTransfer over_;  // the last that was closed
  Step step_;
};

// "file-busy", "resource/memory-unavailable", "rejected: unrecognized-service": class and code of
// an answer that refuses a file service. Codes of class file name it themselves, but for one.
std::string file_error_code(const MmsPdu& pdu);

}  // namespace mmsa::iec61850
