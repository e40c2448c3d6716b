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
  static constexpr std::uint32_t kTraceEnd = 0xFFFF'FFFF;  // in place of a slot
  static constexpr std::uint32_t kNoNews = 0xFFFF'FFFF;
  // One event, with what has changed of its association since the event before.
  struct Told {
    AssociationEvent event;  // its views are those of the ranges
    Range<std::uint8_t> octets;
    Range<std::uint64_t> frames;
    std::uint32_t slot = 0;
    std::uint32_t association = kNoNews;  // in `associations`
    std::uint32_t connection = kNoNews;   // in `connections`
  };

  std::vector<Told> events;
  std::vector<Association> associations;
  std::vector<Connection> connections;
  TimeNs last = 0;  // of the trace, where one of the events is kTraceEnd
  std::vector<std::uint8_t> octets;
  std::vector<std::uint64_t> frames;
  std::size_t pdus = 0;
  mms::DecodedPdus decoded;  // of all PDUs, or of none

  void decode() {
    decoded.reset(pdus, octets.size());
    for (const Told& told : events) {
      if (std::holds_alternative<PduUnit>(told.event)) decoded.add(told.octets.in(octets));
    }
  }
  // Copies what an event views.
  void keep_views(Told& told) {
    if (const auto* pdu = std::get_if<PduUnit>(&told.event)) {
      told.octets = append(octets, pdu->octets);
      told.frames = append(frames, pdu->frames);
      ++pdus;
    } else if (const auto* malformed = std::get_if<MalformedUnit>(&told.event)) {
      told.octets = append(octets, malformed->unit);
    }
  }
  // Views of the copies, once all of them are made. `pdu` counts the PDUs so far.
  void restore_views(Told& told, std::size_t& pdu) {
    if (auto* unit = std::get_if<PduUnit>(&told.event)) {
      unit->octets = told.octets.in(octets);
      unit->frames = told.frames.in(frames);
      if (decoded.size() != 0) unit->decoded = &decoded[pdu];
      ++pdu;
    } else if (auto* malformed = std::get_if<MalformedUnit>(&told.event)) {
      malformed->unit = told.octets.in(octets);
    }
  }
  bool full() const {
    return events.size() >= kBatchEvents || octets.size() >= kBatchOctets ||
           associations.size() >= kBatchAssociations;
  }
  void clear() {
    events.clear();
    associations.clear();
    connections.clear();
    pdus = 0;
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

// Notes with the last event what has changed of the association since it was last told of.
void Relay::add_news(const Association& association, bool always) {
  if (association.slot >= told_.size()) told_.resize(association.slot + 1);
  Told& told = told_[association.slot];
  Batch& batch = *filling_;
  if (always || told.association != association.version) {
    batch.events.back().association = static_cast<std::uint32_t>(batch.associations.size());
    batch.associations.push_back(association);
    told.association = association.version;
  }
  if (always || told.connection != association.connection->version) {
    batch.events.back().connection = static_cast<std::uint32_t>(batch.connections.size());
    batch.connections.push_back(*association.connection);
    told.connection = association.connection->version;
  }
}

void Relay::on(Association& association, const AssociationEvent& event) {
  Batch& batch = *filling_;
  Batch::Told& told = batch.events.emplace_back(
      Batch::Told{.event = event, .octets = {}, .frames = {}, .slot = association.slot});
  batch.keep_views(told);
  // Changes that PDUs make are rare and numbered; all other events are rare.
  add_news(association, !std::holds_alternative<PduUnit>(event));
  if (std::holds_alternative<ConnectionClose>(event)) told_[association.slot] = {};
  if (batch.full()) submit();
}

void Relay::on_trace_end(TimeNs last) {
  filling_->last = last;
  filling_->events.push_back(
      {.event = ConnectionClose{}, .octets = {}, .frames = {}, .slot = Batch::kTraceEnd});
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
  std::size_t pdu = 0;
  for (Batch::Told& told : batch.events) {
    if (told.slot == Batch::kTraceEnd) {
      target_.on_trace_end(batch.last);
      continue;
    }
    Mirror& mine = mirror(told.slot);
    if (told.association != Batch::kNoNews) {
      // What MMS has negotiated is known to this side only.
      MmsFacts mms = std::move(mine.association.mms);
      mine.association = std::move(batch.associations[told.association]);
      mine.association.mms = std::move(mms);
      mine.association.connection = &mine.connection;
    }
    if (told.connection != Batch::kNoNews) mine.connection = batch.connections[told.connection];
    batch.restore_views(told, pdu);
    target_.on(mine.association, told.event);
    if (std::holds_alternative<ConnectionClose>(told.event)) mirrors_[told.slot].reset();
  }
}

}  // namespace mmsa
