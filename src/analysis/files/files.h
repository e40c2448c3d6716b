// File transfer: FileOpen, FileRead and FileClose joined to transfers, and file services that fail
// (ISO 9506-2 annex D, IEC 61850-8-1 clause 23).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/context.h"
#include "iec61850/file_view.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class FileTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_close(Context& context, const ConnectionClose& close);

 private:
  // A file that is open: its number is unique for the side that opened it.
  struct Transfer {
    std::int64_t frsm_id = 0;
    Side requester = Side::a;  // fetches the file: the server does so during ObtainFile
    bool at_end = false;       // FileRead said that nothing follows
    FrameRef last;             // message about it
    std::uint64_t gaps = 0;    // of the capture, when it was opened
    bool unsure = false;       // something was answered, and it is not known about which file
    std::string error;         // of a FileRead or FileClose
    FileResult report;
  };

  void on_answer(Context& context, const MmsMessage& message, const iec61850::FileView& view);
  void on_open(Context& context, const MmsMessage& message, const iec61850::FileView& view);
  void on_failure(Context& context, const MmsMessage& message, const iec61850::FileView& view);
  // The open transfer of this number; one that was opened before the capture is made up.
  Transfer& transfer(Context& context, const MmsMessage& message, std::int64_t frsm_id);
  Transfer* find(Side requester, std::int64_t frsm_id);
  std::string name_of(const MmsMessage& message, const iec61850::FileView& view);
  void finish(Context& context, Transfer& transfer, std::string outcome);
  void raise_unclosed(Context& context, const Transfer& transfer, FrameRef end);
  static bool lost_since(const Context& context, const Transfer& transfer);

  std::vector<Transfer> open_;
  struct Closed {
    std::int64_t frsm_id = 0;
    Side requester = Side::a;
    std::string name;
  };
  Closed last_closed_;  // for a FileRead or FileClose that comes too late
};

}  // namespace mmsa::analysis
