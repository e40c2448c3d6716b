// Puts the files in order and merges them by time. A file is opened to learn the time of its first
// packet, closed, and opened again when its turn comes, so that a ring buffer of a thousand files
// needs few descriptors. What can not be opened twice (pipes) stays open.
#include "capture/capture_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "capture/capture_clock.h"
#include "capture/packet_filter.h"
#include "capture/trace_file.h"

namespace mmsa::capture {
namespace {

struct Input {
  std::string path;
  std::unique_ptr<TraceFile> file;  // empty while it is closed
  Packet current;                   // read, not yet handed on, if has_current
  bool has_current = false;
  bool has_packets = false;
  TimeNs first = 0;
  std::uint32_t first_link_type = 0;
  bool regular = false;
  std::uint64_t size = 0;
  std::uint64_t leading_records = 0;  // that have a frame number, before the first packet
  std::uint64_t octets_read = 0;      // once it is closed for good
  FileFacts facts;                    // as known before the trace is read
};

// Turn of a file in the merge: the time of its next packet. The file earlier in order goes first
// where times are equal.
struct Turn {
  TimeNs time = 0;
  std::size_t input = 0;

  // std::push_heap keeps the greatest in front; the earliest turn has to be there.
  friend bool operator<(const Turn& a, const Turn& b) {
    return std::tie(a.time, a.input) > std::tie(b.time, b.input);
  }
};

void close_for_good(Input& input, FileFacts& facts) {
  facts.cut_short = input.file->cut_short();
  facts.damage = input.file->damage();
  facts.dropped = input.file->dropped();
  input.octets_read = input.file->octets_read();
  input.file.reset();
}

Input probe(const std::string& path, bool keep_open) {
  OpenedTrace opened = open_trace(path);
  Input input;
  input.path = path;
  input.file = std::move(opened.file);
  input.regular = opened.regular;
  input.size = opened.size;
  input.facts.path = path;
  input.facts.format = opened.format;
  input.has_current = input.file->next(input.current);
  input.has_packets = input.has_current;
  input.leading_records = input.file->take_other_records();
  if (!input.has_current) {
    close_for_good(input, input.facts);
    return input;
  }
  input.first = input.current.frame.time;
  input.first_link_type = input.current.link_type;
  if (opened.regular && !keep_open) {
    input.file.reset();
    input.has_current = false;
  }
  return input;
}

}  // namespace

struct CaptureReader::Impl {
  std::vector<Input> inputs;  // in time order; files without packets behind
  std::vector<Turn> turns;    // heap of the files that are not at hand
  std::optional<PacketFilter> filter;
  CaptureClock clock;
  CaptureFacts facts;
  std::uint64_t frames = 0;  // the last number that was given
  std::size_t at_hand = 0;   // the file that delivered the last frame
  bool has_at_hand = false;

  bool read_at_hand(Packet& packet);
  bool next_frame(Packet& packet);
  bool take_turn(Packet& packet);
  bool passes(const Packet& packet);
  void count(const Packet& packet);
};

CaptureReader::CaptureReader(const std::vector<std::string>& paths, const ReaderOptions& options)
    : impl_(std::make_unique<Impl>()) {
  if (!options.filter.empty()) impl_->filter.emplace(options.filter);
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    throw CaptureError("-: standard input can be read only once");
  }
  std::vector<Input>& inputs = impl_->inputs;
  for (const std::string& path : paths) inputs.push_back(probe(path, paths.size() == 1));
  std::sort(inputs.begin(), inputs.end(), [](const Input& a, const Input& b) {
    return std::forward_as_tuple(!a.has_packets, a.first, a.path) <
           std::forward_as_tuple(!b.has_packets, b.first, b.path);
  });
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Input& input = inputs[i];
    impl_->facts.files.push_back(input.facts);
    impl_->frames += input.leading_records;
    if (!input.has_packets) continue;
    impl_->turns.push_back({input.first, i});
    if (!impl_->filter) continue;
    const std::string& error = impl_->filter->error_for(input.first_link_type);
    if (!error.empty()) {
      throw CaptureError(fmt::format("{}: filter '{}': {}", input.path, options.filter, error));
    }
  }
  std::make_heap(impl_->turns.begin(), impl_->turns.end());
}

CaptureReader::~CaptureReader() = default;

// Reads the next frame of the file at hand, which is opened for it where it is closed.
bool CaptureReader::Impl::read_at_hand(Packet& packet) {
  Input& input = inputs[at_hand];
  const bool reopened = !input.file;
  if (reopened) {
    try {
      input.file = open_trace(input.path).file;
    } catch (const CaptureError& error) {
      // It was readable a moment ago; what the other files hold is still worth reading.
      facts.files[at_hand].damage = error.what();
      return false;
    }
  }
  const bool has_packet = input.file->next(packet);
  // Records without a time come as soon as they are reached, as in mergecap.
  const std::uint64_t other_records = input.file->take_other_records();
  if (!reopened) frames += other_records;
  if (!has_packet) close_for_good(input, facts.files[at_hand]);
  return has_packet;
}

// The file whose turn it is delivers its first frame, or the one it was left with.
bool CaptureReader::Impl::take_turn(Packet& packet) {
  while (!turns.empty()) {
    std::pop_heap(turns.begin(), turns.end());
    at_hand = turns.back().input;
    turns.pop_back();
    Input& input = inputs[at_hand];
    const bool was_left = std::exchange(input.has_current, false);
    if (was_left) packet = input.current;
    has_at_hand = was_left || read_at_hand(packet);
    if (has_at_hand) return true;
  }
  has_at_hand = false;
  return false;
}

bool CaptureReader::Impl::next_frame(Packet& packet) {
  if (has_at_hand && read_at_hand(packet)) {
    const Turn turn{packet.frame.time, at_hand};
    // Files rarely overlap: most often the same file goes on.
    if (turns.empty() || turns.front() < turn) return true;
    inputs[at_hand].current = packet;
    inputs[at_hand].has_current = true;
    turns.push_back(turn);
    std::push_heap(turns.begin(), turns.end());
  }
  return take_turn(packet);
}

bool CaptureReader::Impl::passes(const Packet& packet) {
  if (!filter || filter->matches(packet)) return true;
  ++facts.filtered;
  const std::string& error = filter->error_for(packet.link_type);
  std::string& told = facts.files[at_hand].filter_error;
  if (!error.empty() && told.empty()) {
    told = fmt::format("link type {}: {}", packet.link_type, error);
  }
  return false;
}

void CaptureReader::Impl::count(const Packet& packet) {
  const TimeNs time = packet.frame.time;
  if (facts.packets == 0) {
    facts.first = time;
    facts.last = time;
  }
  facts.first = std::min(facts.first, time);
  facts.last = std::max(facts.last, time);
  ++facts.packets;
  ++facts.files[at_hand].packets;
  facts.octets += packet.data.size();
  if (packet.data.size() < packet.original_length) ++facts.truncated_packets;
}

bool CaptureReader::next(Packet& packet) {
  while (impl_->next_frame(packet)) {
    packet.frame.number = ++impl_->frames;
    impl_->clock.stamp(packet.frame);
    impl_->facts.files[impl_->at_hand].last = packet.frame;
    if (!impl_->passes(packet)) continue;
    impl_->count(packet);
    return true;
  }
  impl_->facts.clock_jumps = impl_->clock.jumps();
  return false;
}

const CaptureFacts& CaptureReader::facts() const { return impl_->facts; }

std::uint64_t CaptureReader::octets_read() const {
  std::uint64_t sum = 0;
  for (const Input& input : impl_->inputs) {
    sum += input.file ? input.file->octets_read() : input.octets_read;
  }
  return sum;
}

std::uint64_t CaptureReader::octets_total() const {
  std::uint64_t sum = 0;
  for (const Input& input : impl_->inputs) {
    if (!input.regular) return 0;
    sum += input.size;
  }
  return sum;
}

}  // namespace mmsa::capture
