// The map: which stages there are and how bytes flow through them. Nothing else knows them all.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "capture/capture_reader.h"
#include "mmsanalyze/events.h"
#include "mmsanalyze/result.h"
#include "osi/stack.h"

namespace mmsa {

struct PipelineOptions {
  // Called with each packet that is read, before what is in it is told; may be empty.
  std::function<void(const Packet&)> on_packet;
  std::vector<std::string> captures;
  capture::ReaderOptions reader;
  osi::StackOptions stack;
};

// Told now and then while packets are read: octets done and octets in all (0: not known).
using Progress = void (*)(std::uint64_t done, std::uint64_t total);

// Reads the captures from beginning to end and tells `meaning` what happens.
// Throws capture::CaptureError before the first packet, never later.
TraceFacts run_pipeline(const PipelineOptions& options, MmsSink& meaning,
                        Progress progress = nullptr);

}  // namespace mmsa
