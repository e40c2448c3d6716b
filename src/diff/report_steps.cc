#include "diff/report_steps.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "diff/pairing.h"
#include "text/text.h"

namespace mmsa::diff {
namespace {

using Json = nlohmann::json;

// A key that is not there is null, whatever the report's version.
const Json& at(const Json& object, const char* key) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

// Of a name, a number, or an object that has a name or a kind.
std::string text_of(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return text::printable(value.get_ref<const std::string&>());
  for (const char* key : {"kind", "name"}) {
    if (at(value, key).is_string()) return text_of(at(value, key));
  }
  return text::printable(value.dump(-1, ' ', true));
}

std::uint64_t number_of(const Json& value) {
  return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

struct LayerKey {
  const char* section;
  const char* key;
  OpeningLayer layer;
  bool answered;
  Fact fact;
};
// Outcomes first: what they refuse needs no other difference.
constexpr LayerKey kLayerKeys[] = {
    {"session", "refuse_reason", OpeningLayer::session, true, Fact::session_answer},
    {"presentation", "refuse_reason", OpeningLayer::presentation, true, Fact::presentation_answer},
    {"acse", "result", OpeningLayer::acse, true, Fact::acse_answer},
    {"opened", "how", OpeningLayer::initiate, true, Fact::initiate_answer},
    {"cotp", "proposed_tpdu_size", OpeningLayer::transport, false, Fact::proposed_tpdu_size},
    {"cotp", "calling_tsap", OpeningLayer::transport, false, Fact::calling_tsap},
    {"cotp", "called_tsap", OpeningLayer::transport, false, Fact::called_tsap},
    {"cotp", "tpdu_size", OpeningLayer::transport, true, Fact::tpdu_size},
    {"session", "calling_selector", OpeningLayer::session, false, Fact::calling_session_selector},
    {"session", "called_selector", OpeningLayer::session, false, Fact::called_session_selector},
    {"session", "versions", OpeningLayer::session, true, Fact::session_version},
    {"session", "requirements", OpeningLayer::session, true, Fact::functional_units},
    {"presentation", "calling_selector", OpeningLayer::presentation, false,
     Fact::calling_presentation_selector},
    {"presentation", "called_selector", OpeningLayer::presentation, false,
     Fact::called_presentation_selector},
    {"presentation", "contexts", OpeningLayer::presentation, true, Fact::context_results},
    {"presentation", "responding_selector", OpeningLayer::presentation, true,
     Fact::responding_presentation_selector},
    {"acse", "calling_ap_title", OpeningLayer::acse, false, Fact::calling_ap_title},
    {"acse", "called_ap_title", OpeningLayer::acse, false, Fact::called_ap_title},
    {"acse", "calling_ae_qualifier", OpeningLayer::acse, false, Fact::calling_ae_qualifier},
    {"acse", "called_ae_qualifier", OpeningLayer::acse, false, Fact::called_ae_qualifier},
    {"authentication", "mechanism", OpeningLayer::acse, false, Fact::authentication},
    {"acse", "application_context", OpeningLayer::acse, true, Fact::application_context},
    {"acse", "responding_ap_title", OpeningLayer::acse, true, Fact::responding_ap_title},
    {"acse", "responding_ae_qualifier", OpeningLayer::acse, true, Fact::responding_ae_qualifier},
    {"proposed", "local_detail", OpeningLayer::initiate, false, Fact::pdu_size},
    {"proposed", "max_outstanding_calling", OpeningLayer::initiate, false,
     Fact::outstanding_calling},
    {"proposed", "max_outstanding_called", OpeningLayer::initiate, false, Fact::outstanding_called},
    {"proposed", "nesting_level", OpeningLayer::initiate, false, Fact::nesting_level},
    {"proposed", "version", OpeningLayer::initiate, false, Fact::mms_version},
    {"proposed", "parameter_cbb", OpeningLayer::initiate, false, Fact::parameter_cbb},
    {"proposed", "services_supported", OpeningLayer::initiate, false, Fact::services_supported},
    {"negotiated", "local_detail", OpeningLayer::initiate, true, Fact::pdu_size},
    {"negotiated", "max_outstanding_calling", OpeningLayer::initiate, true,
     Fact::outstanding_calling},
    {"negotiated", "max_outstanding_called", OpeningLayer::initiate, true,
     Fact::outstanding_called},
    {"negotiated", "nesting_level", OpeningLayer::initiate, true, Fact::nesting_level},
    {"negotiated", "version", OpeningLayer::initiate, true, Fact::mms_version},
    {"negotiated", "parameter_cbb", OpeningLayer::initiate, true, Fact::parameter_cbb},
    {"negotiated", "services_supported", OpeningLayer::initiate, true, Fact::services_supported},
};
constexpr std::string_view kLayerNames[kOpeningLayers] = {
    "TCP connection",          "COTP connection", "session connection",
    "presentation connection", "ACSE associate",  "MMS Initiate"};

class AssociationReader {
 public:
  AssociationReader(const Json& json, Vocabulary& vocabulary)
      : json_(json), vocabulary_(vocabulary) {}

  AssociationSteps read() {
    out_.stream = static_cast<std::uint32_t>(number_of(at(json_, "stream")));
    out_.client = read_endpoint(text_of(at(json_, "client"))).value_or(Endpoint{});
    out_.server = read_endpoint(text_of(at(json_, "server"))).value_or(Endpoint{});
    out_.first_frame = number_of(at(at(json_, "opened"), "frame"));
    out_.last_frame = number_of(at(at(json_, "closed"), "frame"));
    out_.start_seen = !text_of(at(at(json_, "opened"), "how")).starts_with("before");
    read_losses();
    if (out_.start_seen) read_opening();
    read_close();
    for (const Json& block : at(json_, "report_control_blocks")) read_block(block);
    for (const Json& control : at(json_, "controls")) read_control(control);
    for (const Json& file : at(json_, "files")) read_file(file);
    for (const Json& group : at(json_, "setting_groups")) read_setting_group(group);
    for (const Json& data_set : at(json_, "data_sets")) read_data_set(data_set);
    for (const Json& service : at(json_, "services")) read_service(service);
    std::stable_sort(out_.steps.begin(), out_.steps.end(),
                     [](const Step& a, const Step& b) { return a.frame < b.frame; });
    return std::move(out_);
  }

 private:
  Step step(std::string_view service, std::string_view objects, std::uint64_t frame) {
    Step step;
    step.service = vocabulary_.of(service);
    step.key = vocabulary_.of(std::string(service).append(" ").append(objects));
    step.sent = vocabulary_.of("");
    step.frame = frame;
    return step;
  }
  Text facts(const FactWriter& writer) { return vocabulary_.of(writer.text()); }
  static void put(FactWriter& writer, Fact fact, const Json& value) {
    const std::string text = text_of(value);
    if (!text.empty()) writer.add(fact, text);
  }

  void read_losses() {
    for (const Json& octets : at(json_, "lost_octets")) {
      if (number_of(octets) > 0) out_.holes.push_back({});  // nobody knows where
    }
  }

  void read_opening() {
    FactWriter sent[kOpeningLayers];
    FactWriter answered[kOpeningLayers];
    for (const LayerKey& row : kLayerKeys) {
      const auto layer = static_cast<std::size_t>(row.layer);
      put(row.answered ? answered[layer] : sent[layer], row.fact,
          at(at(json_, row.section), row.key));
    }
    for (std::size_t i = 0; i < kOpeningLayers; ++i) {
      if (sent[i].empty() && answered[i].empty()) continue;
      Step& layer = out_.opening[i];
      layer.service = layer.key = vocabulary_.of(kLayerNames[i]);
      layer.frame = out_.first_frame;
      layer.sent = facts(sent[i]);
      layer.answered = facts(answered[i]);
    }
  }

  void read_close() {
    const Json& closed = at(json_, "closed");
    const std::string how = text_of(at(closed, "how"));
    const std::string by = text_of(at(closed, "by"));
    out_.end_seen = !by.empty();
    if (!out_.end_seen) return;
    FactWriter writer;
    writer.add(Fact::end, how + " by the " + by);
    out_.close.service = out_.close.key = vocabulary_.of("end of the association");
    out_.close.frame = out_.last_frame;
    out_.close.sent = facts(writer);
  }

  void read_block(const Json& block) {
    std::string name = text_of(at(block, "reference"));
    if (name.empty()) name = text_of(at(block, "rpt_id"));
    for (const Json& event : at(block, "story")) {
      Step done = step(text_of(at(event, "what")), name, number_of(at(event, "frame")));
      FactWriter sent;
      // The place where a client goes on reading is an EntryID.
      if (text_of(at(event, "what")) != "resync") {
        put(sent, Fact::block_attribute, at(event, "detail"));
      }
      done.sent = facts(sent);
      FactWriter answered;
      answered.add(Fact::answer, at(event, "ok") == false ? text_of(at(event, "error")) : "ok");
      done.answered = facts(answered);
      out_.steps.push_back(done);
    }
    if (number_of(at(block, "reports")) == 0) return;
    Step told = step("Report", name, number_of(at(at(block, "first_report"), "frame")));
    FactWriter sent;
    put(sent, Fact::report_data_set, at(block, "data_set"));
    told.sent = facts(sent);
    out_.told.push_back(told);
  }

  void read_control(const Json& control) {
    const Json& steps = at(control, "steps");
    if (!steps.is_array() || steps.empty()) return;
    Step done = step(text_of(at(steps.front(), "what")), text_of(at(control, "object")),
                     number_of(at(steps.front(), "frame")));
    done.answer_frame = number_of(at(steps.back(), "frame"));
    FactWriter sent;
    put(sent, Fact::ctl_val, at(control, "ctl_val"));
    put(sent, Fact::origin, at(control, "originator"));
    put(sent, Fact::test, at(control, "test"));
    done.sent = facts(sent);
    FactWriter answered;
    put(answered, Fact::answer, at(control, "outcome"));
    done.answered = facts(answered);
    FactWriter followed;
    put(followed, Fact::last_appl_error, at(control, "add_cause"));
    done.followed = facts(followed);
    out_.steps.push_back(done);
  }

  void read_file(const Json& file) {
    Step done = step("file " + text_of(at(file, "direction")), text_of(at(file, "name")),
                     number_of(at(at(file, "opened"), "frame")));
    FactWriter answered;
    put(answered, Fact::answer, at(file, "outcome"));
    done.answered = facts(answered);
    out_.steps.push_back(done);
  }

  void read_setting_group(const Json& group) {
    Step done = step(text_of(at(group, "what")), text_of(at(group, "object")),
                     number_of(at(group, "frame")));
    FactWriter answered;
    put(answered, Fact::answer, at(group, "result"));
    done.answered = facts(answered);
    out_.steps.push_back(done);
  }

  void read_data_set(const Json& data_set) {
    std::string members;
    for (const Json& member : at(data_set, "members")) {
      if (!members.empty()) members += ", ";
      members += text_of(member);
    }
    Step told = step("data set", text_of(at(data_set, "name")), 0);
    FactWriter sent;
    sent.add(Fact::members, members);
    told.sent = facts(sent);
    out_.told.push_back(told);
  }

  void read_service(const Json& service) {
    Step told =
        step(text_of(at(service, "service")), "of the " + text_of(at(service, "sender")), 0);
    FactWriter sent;
    sent.add(Fact::used, "used");
    told.sent = facts(sent);
    FactWriter answered;
    answered.add(Fact::answer, number_of(at(service, "unanswered")) > 0 ? "some without an answer"
                               : number_of(at(service, "errors")) > 0   ? "some with errors"
                                                                        : "ok");
    told.answered = facts(answered);
    out_.told.push_back(told);
  }

  const Json& json_;
  Vocabulary& vocabulary_;
  AssociationSteps out_;
};

// The median is all that is there: as many answers of it as make it count.
void read_response_times(const Json& association, const Endpoint& server, Vocabulary& vocabulary,
                         CaptureSteps& out) {
  constexpr std::uint64_t kEnough = 3;
  for (const Json& service : at(association, "services")) {
    const Json& latency = at(service, "latency_ms");
    if (!at(latency, "p50").is_number()) continue;
    auto& times = out.response_times[{server, vocabulary.of(text_of(at(service, "service")))}];
    const auto median = static_cast<TimeNs>(std::llround(at(latency, "p50").get<double>() * 1e6));
    const std::uint64_t samples = std::min(number_of(at(latency, "samples")), kEnough);
    for (std::uint64_t i = 0; i < samples; ++i) times.add(median);
  }
}

}  // namespace

CaptureSteps steps_of_report(const Json& report, Vocabulary& vocabulary) {
  CaptureSteps out;
  for (const Json& association : at(report, "associations")) {
    out.associations.push_back(AssociationReader(association, vocabulary).read());
    read_response_times(association, out.associations.back().server, vocabulary, out);
  }
  for (const Json& server : at(report, "servers")) {
    const auto endpoint = read_endpoint(text_of(at(server, "server")));
    if (!endpoint) continue;
    for (const Json& device : at(server, "logical_devices")) {
      out.devices[*endpoint].insert(text_of(device));
    }
  }
  out.messages = number_of(at(at(report, "summary"), "messages"));
  return out;
}

}  // namespace mmsa::diff
