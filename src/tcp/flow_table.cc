// Which connection a segment belongs to, and which connections are still remembered.
#include "tcp/flow_table.h"

#include <algorithm>
#include <utility>

#include "mmsanalyze/limits.h"
#include "tcp/connection_index.h"
#include "tcp/intrusive_list.h"
#include "tcp/live_connection.h"

namespace mmsa::tcp {
namespace {

// Expired holes of connections without traffic are looked for this often, and as many connections
// at a time, so that it costs the same for each segment however many there are.
constexpr std::uint64_t kSegmentsPerRound = 64;
constexpr int kConnectionsPerRound = 64;

}  // namespace

struct FlowTable::Impl {
  Impl(StreamConsumerFactory& consumers, UndecodedCounters& undecoded)
      : factory(consumers), state(undecoded) {}

  void feed(const Segment& segment);
  LiveConnection* find(const KeyedSegment& keyed, const Segment& segment);
  LiveConnection* add(const ConnectionKey& key, std::uint32_t stream);
  LiveConnection* reopen(LiveConnection& old);
  LiveConnection* resolve_held(LiveConnection& connection);
  void feed_to(LiveConnection& connection, const Segment& segment, bool sender_is_low);
  void hold(LiveConnection& connection, const Segment& segment, bool sender_is_low);
  void close(LiveConnection& connection, CloseKind kind);
  void evict();
  void relink(LiveConnection& connection, bool had_ended);
  void look_after_idle();
  void relieve(LiveConnection& current);

  StreamConsumerFactory& factory;
  TableState state;
  ConnectionIndex index;
  // The connection idle longest comes first.
  IntrusiveList<LiveConnection, &LiveConnection::by_age> alive;
  IntrusiveList<LiveConnection, &LiveConnection::by_age> ended;
  IntrusiveList<LiveConnection, &LiveConnection::by_trouble> troubled;
  LiveConnection* recent = nullptr;  // of the segment before
  std::uint64_t segments = 0;
  std::uint32_t streams = 0;
  std::uint64_t connections = 0;
  std::uint64_t evicted = 0;
};

FlowTable::FlowTable(StreamConsumerFactory& factory, UndecodedCounters& undecoded)
    : impl_(std::make_unique<Impl>(factory, undecoded)) {}
FlowTable::~FlowTable() = default;

void FlowTable::feed(const Segment& segment) { impl_->feed(segment); }
std::uint64_t FlowTable::connections() const { return impl_->connections; }
std::uint64_t FlowTable::evicted() const { return impl_->evicted; }

void FlowTable::finish() {
  auto all = impl_->index.all();
  std::sort(all.begin(), all.end(), [](const LiveConnection* a, const LiveConnection* b) {
    return a->info().stream < b->info().stream;
  });
  for (LiveConnection* connection : all) impl_->close(*connection, CloseKind::capture_end);
}

void FlowTable::Impl::feed(const Segment& segment) {
  state.now = segment.frame.clock;
  const KeyedSegment keyed = key_of(segment);
  LiveConnection* connection = find(keyed, segment);
  if (connection == nullptr) connection = add(keyed.key, streams++);
  // Wireshark gives a connection that an ICMP error quotes a number, too, and a quoted SYN may even
  // be of a new connection; but it does not remember the sequence number of what is quoted.
  if (segment.quoted) return;
  if (connection->opened()) {
    const Side sender = connection->side_of(keyed.sender_is_low);
    if (connection->holds() && connection->agrees_with_held(segment, sender)) {
      connection = resolve_held(*connection);
    } else if (connection->is_doubtful(segment, sender)) {
      hold(*connection, segment, keyed.sender_is_low);
      return;
    } else if (connection->holds() && segment.payload_length() != 0) {
      connection->drop_held();  // the connection goes on without it
    }
  }
  feed_to(*connection, segment, keyed.sender_is_low);
  if (state.buffered > limits::kMaxBufferedTotal) relieve(*connection);
  if (++segments % kSegmentsPerRound == 0) look_after_idle();
}

void FlowTable::Impl::feed_to(LiveConnection& connection, const Segment& segment,
                              bool sender_is_low) {
  if (!connection.opened()) connection.open(segment, sender_is_low, factory);
  recent = &connection;
  const bool had_ended = connection.ended();
  (had_ended ? ended : alive).move_to_back(connection);
  connection.feed(segment, connection.side_of(sender_is_low));
  relink(connection, had_ended);
}

void FlowTable::Impl::hold(LiveConnection& connection, const Segment& segment, bool sender_is_low) {
  connection.hold(segment, sender_is_low);
  relink(connection, connection.ended());
  if (state.buffered > limits::kMaxBufferedTotal) relieve(connection);
}

// Another segment agrees with the one that is held: it is fed, to the connection that it is of,
// which is returned.
LiveConnection* FlowTable::Impl::resolve_held(LiveConnection& connection) {
  const bool another = connection.held_is_of_another();
  const std::unique_ptr<HeldSegment> held = connection.take_held();
  LiveConnection* target = another ? reopen(connection) : &connection;
  feed_to(*target, held->segment, held->sender_is_low);
  return target;
}

// The connection that the segment belongs to, unless it begins another one between the same
// endpoints.
LiveConnection* FlowTable::Impl::find(const KeyedSegment& keyed, const Segment& segment) {
  LiveConnection* connection =
      recent != nullptr && recent->key() == keyed.key ? recent : index.find(keyed.key);
  if (connection == nullptr ||
      !connection->reopened_by(segment, connection->side_of(keyed.sender_is_low))) {
    return connection;
  }
  if (segment.has_ack()) return reopen(*connection);
  close(*connection, CloseKind::reused);
  return nullptr;
}

// The next connection between the same endpoints, whose SYN was not captured. Wireshark counts only
// those whose SYN was: the stream keeps its number.
LiveConnection* FlowTable::Impl::reopen(LiveConnection& old) {
  const ConnectionKey key = old.key();
  const std::uint32_t stream = old.info().stream;
  close(old, CloseKind::reused);
  return add(key, stream);
}

LiveConnection* FlowTable::Impl::add(const ConnectionKey& key, std::uint32_t stream) {
  if (index.size() >= limits::kMaxConnections) evict();
  ++connections;
  auto owned = std::make_unique<LiveConnection>(state, key, stream);
  LiveConnection* connection = owned.get();
  index.insert(std::move(owned));
  alive.push_back(*connection);
  return connection;
}

void FlowTable::Impl::close(LiveConnection& connection, CloseKind kind) {
  (connection.ended() ? ended : alive).remove(connection);
  connection.close(kind);
  if (troubled.contains(connection)) troubled.remove(connection);
  if (recent == &connection) recent = nullptr;
  index.erase(ConnectionKey(connection.key()));
}

void FlowTable::Impl::evict() {
  if (!ended.empty()) {
    close(*ended.front(), CloseKind::evicted);
    return;
  }
  if (alive.front()->opened()) ++evicted;
  close(*alive.front(), CloseKind::evicted);
}

// Puts the connection where it belongs after its state may have changed.
void FlowTable::Impl::relink(LiveConnection& connection, bool had_ended) {
  if (had_ended != connection.ended()) {
    alive.remove(connection);
    ended.push_back(connection);
  }
  if (connection.troubled() == troubled.contains(connection)) return;
  if (connection.troubled()) {
    troubled.push_back(connection);
  } else {
    troubled.remove(connection);
  }
}

void FlowTable::Impl::look_after_idle() {
  for (int i = 0; i < kConnectionsPerRound && !troubled.empty(); ++i) {
    LiveConnection& connection = *troubled.front();
    troubled.move_to_back(connection);
    const bool had_ended = connection.ended();
    connection.check_deadlines();
    relink(connection, had_ended);
  }
  while (!ended.empty() && state.now - ended.front()->last_active() > limits::kClosedLinger) {
    close(*ended.front(), CloseKind::capture_end);
  }
}

// Too much is held in all connections together.
void FlowTable::Impl::relieve(LiveConnection& current) {
  while (state.buffered > limits::kMaxBufferedTotal && !troubled.empty()) {
    LiveConnection& connection = *troubled.front();
    const bool had_ended = connection.ended();
    connection.give_up_holes();
    relink(connection, had_ended);
  }
  if (state.buffered > limits::kMaxBufferedTotal) current.drop_tails();
}

}  // namespace mmsa::tcp
