// One StreamConsumer for each TCP connection. It stays a few octets until the connection is one of
// ours: a capture holds a hundred thousand others.
#include "osi/stack.h"

#include <algorithm>

#include "mmsanalyze/limits.h"
#include "osi/association_stack.h"
#include "osi/recognise.h"
#include "osi/roles.h"
#include "osi/shared.h"

namespace mmsa::osi {
namespace {

class Stack : public StreamConsumer {
 public:
  Stack(const Connection& connection, Shared& shared) : connection_(connection), shared_(shared) {
    if (is_expected_port(connection.endpoint[0].port, shared.options) ||
        is_expected_port(connection.endpoint[1].port, shared.options)) {
      make_association(true);
    }
  }

  std::size_t on_data(Side sender, Bytes available, std::uint64_t offset,
                      const FrameIndex& frames) override {
    if (association_ != nullptr) return association_->on_data(sender, available, offset, frames);
    switch (watch(sender, available)) {
      case Verdict::iso_on_tcp:
        make_association(false);
        return association_->on_data(sender, available, offset, frames);
      case Verdict::wait:
        return 0;
      case Verdict::tls:
        tls_ = true;
        break;
      case Verdict::no:
        break;
    }
    pass_over(sender, available.size());
    return available.size();
  }

  void on_gap(Side sender, const StreamGap& gap, Bytes leftover,
              const FrameIndex& frames) override {
    if (association_ != nullptr) {
      association_->on_gap(sender, gap, leftover, frames);
      return;
    }
    pass_over(sender, leftover.size());
    watches_[index(sender)].whole = false;
  }

  void on_fin(Side sender, FrameRef frame) override {
    if (association_ != nullptr) association_->on_fin(sender, frame);
  }
  void on_rst(Side sender, FrameRef frame) override {
    if (association_ != nullptr) association_->on_rst(sender, frame);
  }
  void on_window_stall(const WindowStall& stall) override {
    if (association_ != nullptr) association_->on_window_stall(stall);
  }
  void on_close(const ConnectionClose& close) override {
    if (association_ != nullptr) {
      association_->on_close(close);
    } else if (passed_over_) {
      shared_.undecoded.add_kind(what_is_passed_over(), server_port());
    }
  }

 private:
  struct Watch {
    std::uint64_t passed_over = 0;
    std::uint32_t octets = 0;
    std::uint8_t segments = 0;
    bool whole = true;  // nothing was passed over
    bool given_up = false;
  };

  static AssociationStack::Before before(const Watch& watch) {
    return {.passed_over = watch.passed_over, .whole = watch.whole};
  }

  Verdict watch(Side sender, Bytes available) {
    Watch& watch = watches_[index(sender)];
    if (tls_ || watch.given_up) return Verdict::no;
    // The SYN may only have been seen later than the first octets: asked each time.
    const bool at_start = watch.whole && (connection_.syn_seen || connection_.syn_ack_seen);
    Verdict verdict =
        at_start ? recognise_start(available) : recognise_middle(available, shared_.looks_like_mms);
    if (verdict == Verdict::wait && available.size() > limits::kMaxWatchedOctets)
      verdict = Verdict::no;
    if (verdict == Verdict::no && at_start) {
      watches_[0].given_up = watches_[1].given_up = true;
    }
    return verdict;
  }

  void pass_over(Side sender, std::size_t octets) {
    Watch& watch = watches_[index(sender)];
    if (octets > 0) watch.whole = false;
    watch.passed_over += octets;
    passed_over_ = passed_over_ || octets > 0;
    if (!watch.given_up) {
      watch.octets +=
          static_cast<std::uint32_t>(std::min<std::size_t>(octets, limits::kMaxWatchedOctets));
      watch.given_up = ++watch.segments >= limits::kMaxWatchedSegments ||
                       watch.octets >= limits::kMaxWatchedOctets;
    }
    shared_.undecoded.add(what_is_passed_over(), octets);
  }

  Undecoded what_is_passed_over() const {
    return tls_ ? Undecoded::encrypted_octets : Undecoded::other_tcp_octets;
  }

  // Clients take high ports.
  std::uint16_t server_port() const {
    const Endpoint(&ends)[2] = connection_.endpoint;
    if (connection_.opener) return ends[index(other(*connection_.opener))].port;
    return std::min(ends[0].port, ends[1].port);
  }

  void make_association(bool expected_here) {
    association_ = std::make_unique<AssociationStack>(
        connection_, shared_, expected_here, std::array{before(watches_[0]), before(watches_[1])});
  }

  const Connection& connection_;
  Shared& shared_;
  std::unique_ptr<AssociationStack> association_;
  Watch watches_[2];
  bool tls_ = false;
  bool passed_over_ = false;  // octets, of either side
};

}  // namespace

StackFactory::StackFactory(const StackOptions& options, PduProbe looks_like_mms,
                           AssociationSink& sink, UndecodedCounters& undecoded)
    : shared_(new Shared{options, looks_like_mms, sink, undecoded, {}}) {}

StackFactory::~StackFactory() = default;

std::unique_ptr<StreamConsumer> StackFactory::open(const Connection& connection) {
  return std::make_unique<Stack>(connection, *shared_);
}

}  // namespace mmsa::osi
