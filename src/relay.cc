#include "relay.h"

#include <system_error>
#include <utility>

#include "mms/decoded_pdus.h"

namespace mmsa {
namespace {

// Batches under way: enough that neither thread waits for the other's next short delay.
constexpr std::size_t kBatches = 4;
// A batch is full with any of these: some tenths of a millisecond of work, and what the caches
// hold.
constexpr std::size_t kBatchEvents = 1024;
constexpr std::size_t kBatchOctets = 128u << 10;
constexpr std::size_t kBatchAssociations = 128;
// What is decoded before it is told is held for a while, so it is not the longest PDUs.
constexpr std::size_t kMostDecodedOctets = 2 * kBatchOctets;
// The octets of a long PDU are not held on to.
constexpr std::size_t kKeptOctets = 1u << 20;

template <typename T>
std::uint32_t put(std::vector<T>& list, const T& value) {
  list.push_back(value);
  return static_cast<std::uint32_t>(list.size() - 1);
}

template <typename T>
struct Range {
  std::size_t begin = 0;
  std::size_t size = 0;

  std::span<const T> in(const std::vector<T>& list) const {
    return std::span<const T>(list).subspan(begin, size);
  }
};

template <typename T>
Range<T> append(std::vector<T>& list, std::span<const T> values) {
  const Range<T> range{list.size(), values.size()};
  list.insert(list.end(), values.begin(), values.end());
  return range;
}

}  // namespace

struct Relay::Batch {
  enum class Kind : std::uint8_t {
    association,  // news: the association has changed
    connection,
    step,
    pdu,
    malformed,
    gap,
    fin,
    rst,
    window_stall,
    close,
    trace_end,
  };
  struct Event {
    Kind kind;
    Side sender;
    Step step;
    std::uint32_t slot;
    std::uint32_t index;  // in the list of its kind
    FrameRef frame;
  };
  struct Pdu {
    PduUnit unit;  // octets and frames are those of the ranges
    Range<std::uint8_t> octets;
    Range<std::uint64_t> frames;
  };
  struct Malformed {
    MalformedUnit unit;
    Range<std::uint8_t> octets;
  };

  std::vector<Event> events;
  std::vector<Association> associations;
  std::vector<Connection> connections;
  std::vector<Pdu> pdus;
  std::vector<Malformed> malformed;
  std::vector<StreamGap> gaps;
  std::vector<WindowStall> stalls;
  std::vector<ConnectionClose> closes;
  TimeNs last = 0;
  std::vector<std::uint8_t> octets;
  std::vector<std::uint64_t> frames;
  mms::DecodedPdus decoded;  // all of `pdus`, or none

  void decode() {
    decoded.reset(pdus.size(), octets.size());
    for (const Pdu& pdu : pdus) decoded.add(pdu.octets.in(octets));
  }

  void add(Kind kind, std::uint32_t slot, std::uint32_t index, Side sender = Side::a,
           FrameRef frame = {}, Step step = {}) {
    events.push_back({kind, sender, step, slot, index, frame});
  }
  bool full() const {
    return events.size() >= kBatchEvents || octets.size() >= kBatchOctets ||
           associations.size() >= kBatchAssociations;
  }
  void clear() {
    events.clear();
    associations.clear();
    connections.clear();
    pdus.clear();
    malformed.clear();
    gaps.clear();
    stalls.clear();
    closes.clear();
    octets.clear();
    // Not `= {}`, which would assign an empty list and keep the memory.
    if (octets.capacity() > kKeptOctets) octets = std::vector<std::uint8_t>();
    frames.clear();
    decoded.reset(0, 0);
  }
};

// --- the thread that tells ---

Relay::Relay(AssociationSink& target, unsigned processors)
    : target_(target), filling_(std::make_unique<Batch>()), threaded_(processors > 1) {}

Relay::~Relay() {
  {
    const std::lock_guard lock(mutex_);
    dropped_ = true;
  }
  stop();
}

// The batch, with what has changed of the association since it was last told of. Changes that PDUs
// make are rare and numbered; all other events are rare.
Relay::Batch& Relay::with_news(const Association& association, bool always) {
  if (association.slot >= told_.size()) told_.resize(association.slot + 1);
  Told& told = told_[association.slot];
  Batch& batch = *filling_;
  if (always || told.association != association.version) {
    batch.add(Batch::Kind::association, association.slot, put(batch.associations, association));
    told.association = association.version;
  }
  if (always || told.connection != association.connection->version) {
    batch.add(Batch::Kind::connection, association.slot,
              put(batch.connections, *association.connection));
    told.connection = association.connection->version;
  }
  return batch;
}

void Relay::end_event() {
  if (filling_->full()) submit();
}

void Relay::on_step(Association& association, Step step, Side sender, FrameRef frame) {
  with_news(association, true).add(Batch::Kind::step, association.slot, 0, sender, frame, step);
  end_event();
}

void Relay::on_pdu(Association& association, const PduUnit& pdu) {
  Batch& batch = with_news(association, false);
  const std::uint32_t index = put(batch.pdus, {.unit = pdu,
                                               .octets = append(batch.octets, pdu.octets),
                                               .frames = append(batch.frames, pdu.frames)});
  batch.add(Batch::Kind::pdu, association.slot, index);
  end_event();
}

void Relay::on_malformed(Association& association, const MalformedUnit& unit) {
  Batch& batch = with_news(association, true);
  const std::uint32_t index =
      put(batch.malformed, {.unit = unit, .octets = append(batch.octets, unit.unit)});
  batch.add(Batch::Kind::malformed, association.slot, index);
  end_event();
}

void Relay::on_gap(Association& association, Side sender, const StreamGap& gap) {
  Batch& batch = with_news(association, true);
  batch.add(Batch::Kind::gap, association.slot, put(batch.gaps, gap), sender);
  end_event();
}

void Relay::on_fin(Association& association, Side sender, FrameRef frame) {
  with_news(association, true).add(Batch::Kind::fin, association.slot, 0, sender, frame);
  end_event();
}

void Relay::on_rst(Association& association, Side sender, FrameRef frame) {
  with_news(association, true).add(Batch::Kind::rst, association.slot, 0, sender, frame);
  end_event();
}

void Relay::on_window_stall(Association& association, const WindowStall& stall) {
  Batch& batch = with_news(association, true);
  batch.add(Batch::Kind::window_stall, association.slot, put(batch.stalls, stall));
  end_event();
}

void Relay::on_close(Association& association, const ConnectionClose& close) {
  Batch& batch = with_news(association, true);
  batch.add(Batch::Kind::close, association.slot, put(batch.closes, close));
  told_[association.slot] = {};
  end_event();
}

void Relay::on_trace_end(TimeNs last) {
  filling_->last = last;
  filling_->add(Batch::Kind::trace_end, 0, 0);
  end_event();
}

void Relay::submit() {
  if (threaded_ && !thread_.joinable()) start();
  if (!threaded_) return replay_here();
  std::unique_lock lock(mutex_);
  // The other thread is behind: this one has time to decode.
  if (!full_.empty() && filling_->octets.size() <= kMostDecodedOctets) {
    lock.unlock();
    filling_->decode();
    lock.lock();
  }
  changed_.wait(lock, [this] { return !empty_.empty() || failure_ != nullptr; });
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  full_.push_back(std::exchange(filling_, std::move(empty_.back())));
  empty_.pop_back();
  changed_.notify_all();
}

void Relay::start() {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    threaded_ = false;  // it works without
    return;
  }
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 1; i < kBatches; ++i) empty_.push_back(std::make_unique<Batch>());
}

void Relay::replay_here() {
  replay(*filling_);
  filling_->clear();
}

void Relay::finish() {
  if (!thread_.joinable()) return replay_here();
  submit();
  stop();
  if (failure_ != nullptr) std::rethrow_exception(failure_);
}

void Relay::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

// --- the thread that repeats ---

void Relay::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return !full_.empty() || ending_; });
    if (full_.empty() || dropped_) return;
    std::unique_ptr<Batch> batch = std::move(full_.front());
    full_.pop_front();
    lock.unlock();
    std::exception_ptr failure;
    try {
      replay(*batch);
    } catch (...) {
      failure = std::current_exception();
    }
    batch->clear();
    lock.lock();
    empty_.push_back(std::move(batch));
    failure_ = failure;
    changed_.notify_all();
    if (failure != nullptr) return;
  }
}

Relay::Mirror& Relay::mirror(std::uint32_t slot) {
  if (slot >= mirrors_.size()) mirrors_.resize(slot + 1);
  std::unique_ptr<Mirror>& mirror = mirrors_[slot];
  if (mirror == nullptr) {
    mirror = std::make_unique<Mirror>();
    mirror->association.connection = &mirror->connection;
  }
  return *mirror;
}

void Relay::replay(Batch& batch) {
  using Kind = Batch::Kind;
  for (const Batch::Event& event : batch.events) {
    if (event.kind == Kind::trace_end) {
      target_.on_trace_end(batch.last);
      continue;
    }
    Mirror& mine = mirror(event.slot);
    switch (event.kind) {
      case Kind::association: {
        // What MMS has negotiated is known to this side only.
        MmsFacts mms = std::move(mine.association.mms);
        mine.association = std::move(batch.associations[event.index]);
        mine.association.mms = std::move(mms);
        mine.association.connection = &mine.connection;
        break;
      }
      case Kind::connection:
        mine.connection = batch.connections[event.index];
        break;
      case Kind::step:
        target_.on_step(mine.association, event.step, event.sender, event.frame);
        break;
      case Kind::pdu: {
        Batch::Pdu& pdu = batch.pdus[event.index];
        pdu.unit.octets = pdu.octets.in(batch.octets);
        pdu.unit.frames = pdu.frames.in(batch.frames);
        if (batch.decoded.size() != 0) pdu.unit.decoded = &batch.decoded[event.index];
        target_.on_pdu(mine.association, pdu.unit);
        break;
      }
      case Kind::malformed: {
        Batch::Malformed& malformed = batch.malformed[event.index];
        malformed.unit.unit = malformed.octets.in(batch.octets);
        target_.on_malformed(mine.association, malformed.unit);
        break;
      }
      case Kind::gap:
        target_.on_gap(mine.association, event.sender, batch.gaps[event.index]);
        break;
      case Kind::fin:
        target_.on_fin(mine.association, event.sender, event.frame);
        break;
      case Kind::rst:
        target_.on_rst(mine.association, event.sender, event.frame);
        break;
      case Kind::window_stall:
        target_.on_window_stall(mine.association, batch.stalls[event.index]);
        break;
      case Kind::close:
        target_.on_close(mine.association, batch.closes[event.index]);
        mirrors_[event.slot].reset();
        break;
      case Kind::trace_end:
        break;
    }
  }
}

}  // namespace mmsa
