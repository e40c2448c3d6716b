// What the tests of trackers share: an association whose messages are told to a tracker one by one,
// with what it leads to.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "analysis/context.h"
#include "unit/iec61850/wire.h"

namespace mmsa::analysis {

// Side a is the client. Each message is one frame, counted from 1, a millisecond after the last.
template <typename Tracker>
class Exchange : iec61850::ExchangeSink {
 public:
  Exchange() {
    connection_.endpoint[0] = {.address = {}, .port = 50'000};
    connection_.endpoint[1] = {.address = {}, .port = 102};
    association_.connection = &connection_;
    association_.client = Side::a;
  }

  // A request and its answer. A request of the server where `requester` says so.
  void ask(const wire::Octets& octets, Side requester = Side::a) {
    requester_ = requester;
    request_ = std::make_unique<wire::Pdu>(octets);
    pending_ = {};
    pending_.invoke_id = request_->pdu().invoke_id.value_or(0);
    pending_.service = request_->pdu().service;
    pending_.sender = requester;
    pending_.frame = next_frame();
    tell(*request_, requester, pending_.frame, false, true);
  }
  void answer(const wire::Octets& octets) {
    tell(wire::Pdu(octets), other(requester_), next_frame(), true, true);
  }
  // The answer to a request whose octets limits::kMaxHeldRequests did not let be kept.
  void answer_unkept(const wire::Octets& octets) {
    tell(wire::Pdu(octets), other(requester_), next_frame(), true, false);
  }
  void exchange(const wire::Octets& request, const wire::Octets& response,
                Side requester = Side::a) {
    ask(request, requester);
    answer(response);
  }
  // Without a request: a report, or an answer whose request is not in the capture.
  void indicate(const wire::Octets& octets, Side sender = Side::b) {
    tell(wire::Pdu(octets), sender, next_frame(), false, false);
  }
  void wait(TimeNs time) { now_ += time; }
  void lose(Side sender) { ++loss_[index(sender)].gaps; }
  void one_direction() { one_direction_ = true; }

  // Ends the association.
  void close(CloseKind kind = CloseKind::fin) {
    const FrameRef frame = next_frame();
    trace_end_ = {0, now_, now_};
    Context context = this->context();
    if constexpr (requires { tracker_.on_close(context, ConnectionClose{}); }) {
      tracker_.on_close(context, {.kind = kind, .by = Side::a, .frame = frame});
    } else if constexpr (requires { tracker_.on_close(context); }) {
      tracker_.on_close(context);
    }
    found_ = findings_.take_sorted();
  }
  const std::vector<Finding>& findings() const { return found_; }
  // The only finding.
  const Finding& only(std::string_view rule) const {
    REQUIRE(found_.size() == 1);
    REQUIRE(found_[0].rule == rule);
    return found_[0];
  }
  const AssociationResult& report() const { return report_; }
  // Frame of the last message.
  std::uint64_t frame() const { return frame_; }

 private:
  FrameRef next_frame() {
    now_ += kNsPerMs;
    return {++frame_, now_, now_};
  }
  Context context() {
    return {settings_, findings_,      association_, report_,    models_.of(association_),
            loss_,     one_direction_, {},           trace_end_, nullptr};
  }
  void tell(const wire::Pdu& pdu, Side sender, FrameRef frame, bool answers, bool knows_request) {
    MmsMessage message{.pdu = pdu.pdu(),
                       .tree = pdu.tree(),
                       .octets = pdu.octets(),
                       .sender = sender,
                       .frame = frame,
                       .frames = {}};
    if (answers) message.request = &pending_;
    if (knows_request) message.request_view = request_.get();
    if (knows_request && !answers) {
      pending_.note = meaning_.note_of_request(association_, message);
    }
    meaning_.on(association_, message);
  }
  void on(const Association&, const iec61850::Event& event) override {
    const iec61850::Exchange& exchange = std::get<0>(event);
    Context context = this->context();
    context.exchange = &exchange;
    context.asked = exchange.note();
    tracker_.on_message(context, exchange.message());
  }

  Settings settings_;
  FindingCollector findings_{settings_};
  Connection connection_;
  Association association_;
  AssociationResult report_;
  iec61850::ServerModels models_;
  iec61850::Meaning meaning_{models_, {this}};
  LossMemory loss_[2];
  bool one_direction_ = false;
  FrameRef trace_end_;
  Tracker tracker_;
  std::unique_ptr<wire::Pdu> request_;
  PendingRequest pending_;
  Side requester_ = Side::a;
  std::uint64_t frame_ = 0;
  TimeNs now_ = 1'700'000'000 * kNsPerSecond;
  std::vector<Finding> found_;
};

// A figure of a finding as text; "-" where it has none of this key.
inline std::string figure(const Finding& finding, std::string_view key) {
  for (const auto& [name, value] : finding.evidence) {
    if (name != key) continue;
    return std::visit(
        [](const auto& v) -> std::string {
          using Value = std::decay_t<decltype(v)>;
          if constexpr (std::is_same_v<Value, std::string>) {
            return v;
          } else if constexpr (std::is_same_v<Value, bool>) {
            return v ? "true" : "false";
          } else {
            return std::to_string(v);
          }
        },
        value);
  }
  return "-";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Messages that several tests need.
inline wire::Octets write_answer(std::string_view results) {
  return wire::response(wire::element("A5", wire::hex(results)));
}
// getNamedVariableListAttributes and its answer.
inline wire::Octets ask_members(std::string_view data_set) {
  return wire::request(wire::element("AC", wire::object_name(data_set)));
}
inline wire::Octets tell_members(std::initializer_list<std::string_view> members) {
  return wire::response(wire::element(
      "AC", wire::join({wire::hex("80 01 00"), wire::element("A1", wire::variables(members))})));
}
// confirmed-ErrorPDU: invokeID 5, errorClass of this tag with this code.
inline wire::Octets error(std::string_view error_class, std::string_view code) {
  return wire::element(
      "A2",
      wire::join(
          {wire::hex("80 01 05"),
           wire::element("A2", wire::element("A0", wire::element(error_class, wire::hex(code))))}));
}

}  // namespace mmsa::analysis
