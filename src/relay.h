// Carries what osi/ tells over to a second thread, which analyses: about half of the work each. MMS
// is decoded by the thread that has time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "mmsanalyze/events.h"

namespace mmsa {

// An AssociationSink that copies what it is told into batches and repeats them, in order, to
// another one. The target sees associations and connections of its own, which are brought up to
// date with the events that it sees: no object is shared by the threads but the batches.
//
// Where the second thread is behind, PDUs are decoded (PduUnit::decoded) before they are handed
// over.
//
// Short captures fit into one batch and never start the thread; on a machine with one processor it
// is never started. The target can not tell.
class Relay : public AssociationSink {
 public:
  // `target` outlives the relay, and is called by one thread at a time.
  explicit Relay(AssociationSink& target,
                 unsigned processors = std::thread::hardware_concurrency());
  // Without finish() what was not repeated yet is dropped.
  ~Relay() override;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  void on(Association& association, const AssociationEvent& event) override;
  void on_trace_end(TimeNs last) override;

  // Comes back when the target was told everything. This and all calls above throw what the target
  // has thrown meanwhile.
  void finish();

 private:
  struct Batch;
  // The target's association in a slot.
  struct Mirror {
    Association association;
    Connection connection;
  };
  // What was last told of the association in a slot. Versions count up from 0.
  struct Told {
    static constexpr std::uint32_t kNothing = 0xFFFF'FFFF;
    std::uint32_t association = kNothing;  // Association::version
    std::uint32_t connection = kNothing;   // Connection::version
  };

  void add_news(const Association& association, bool always);
  void submit();
  void start();
  void replay_here();
  void replay(Batch& batch);
  void run();
  void stop();
  Mirror& mirror(std::uint32_t slot);

  // Of the thread that tells.
  AssociationSink& target_;
  std::unique_ptr<Batch> filling_;
  std::vector<Told> told_;  // by slot
  bool threaded_ = false;
  std::thread thread_;

  // Of the thread that repeats.
  std::vector<std::unique_ptr<Mirror>> mirrors_;  // by slot

  // Of both, under the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Batch>> full_;
  std::vector<std::unique_ptr<Batch>> empty_;
  bool ending_ = false;   // nothing more will come
  bool dropped_ = false;  // what waits is not wanted
  std::exception_ptr failure_;
};

}  // namespace mmsa
