// Messages of one association, and which filters select the last one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "filter/filter.h"
#include "support/association.h"
#include "unit/iec61850/wire.h"

namespace mmsa::filter::test {

class Messages : public iec61850::ExchangeSink {
 public:
  void ask(const wire::Octets& octets) {
    request_ = std::make_unique<wire::Pdu>(octets);
    pending_ = {};
    pending_.invoke_id = request_->pdu().invoke_id.value_or(0);
    pending_.service = request_->pdu().service;
    pending_.sender = mmsa::test::kClient;
    last_ = request_.get();
    answer_ = false;
    pending_.frame = frame();
    pending_.note = meaning_.note_of_request(association_.association, message());
    tell();
  }
  void answer(const wire::Octets& octets) {
    ++number_;
    own_ = std::make_unique<wire::Pdu>(octets);
    last_ = own_.get();
    answer_ = true;
    tell();
  }
  void indicate(const wire::Octets& octets) {
    answer(octets);
    answer_ = false;
    tell();
  }

  // Whether the filter selects the last message.
  bool selects(std::string_view text) {
    filter_ = std::make_unique<Filter>(text);
    tell();
    filter_.reset();
    return selected_;
  }

  void on(const Association&, const iec61850::Event& event) override {
    if (filter_ == nullptr) return;
    std::string scratch;
    selected_ = filter_->matches({std::get<0>(event), 0, nullptr, scratch});
  }

 private:
  FrameRef frame() const {
    const TimeNs time = static_cast<TimeNs>(number_) * kNsPerSecond;
    return {number_, time, time};
  }
  MmsMessage message() const {
    MmsMessage message{
        .pdu = last_->pdu(),
        .tree = last_->tree(),
        .octets = last_->octets(),
        .sender = answer_ || last_ != request_.get() ? mmsa::test::kServer : mmsa::test::kClient,
        .frame = frame(),
        .frames = {}};
    if (answer_) message.request = &pending_;
    if (answer_ || last_ == request_.get()) message.request_view = request_.get();
    return message;
  }
  void tell() { meaning_.on(association_.association, message()); }

  iec61850::ServerModels models_;
  iec61850::Meaning meaning_{models_, {this}};
  mmsa::test::TestAssociation association_;
  std::unique_ptr<wire::Pdu> request_;
  std::unique_ptr<wire::Pdu> own_;
  const wire::Pdu* last_ = nullptr;
  bool answer_ = false;
  PendingRequest pending_;
  std::uint64_t number_ = 1;
  std::unique_ptr<Filter> filter_;
  bool selected_ = false;
};

}  // namespace mmsa::filter::test
