// File transfer: what became of each file that was opened, and file services that fail (ISO 9506-2
// annex D, IEC 61850-8-1 clause 23).
#pragma once

#include <string>

#include "analysis/context.h"
#include "iec61850/file_transfer.h"
#include "mmsanalyze/events.h"

namespace mmsa::analysis {

class FileTracker {
 public:
  void on_message(Context& context, const MmsMessage& message);
  void on_close(Context& context, const ConnectionClose& close);

 private:
  using FileTransfer = iec61850::FileTransfer;

  void note_losses(const Context& context);
  void on_failure(Context& context, const MmsMessage& message, const iec61850::FileView& view);
  static void list(Context& context, const FileTransfer& transfer, std::string outcome);
  static void raise_unclosed(Context& context, const FileTransfer& transfer, FrameRef end);

  iec61850::FileTransfers transfers_;
  std::uint64_t gaps_[2] = {};  // of the capture, by sending Side, as far as they were noted
};

}  // namespace mmsa::analysis
