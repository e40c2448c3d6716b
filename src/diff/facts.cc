#include "diff/facts.h"

#include <fmt/format.h>

#include <iterator>

namespace mmsa::diff {
namespace {

struct KindRow {
  Kind kind;
  std::string_view name;
  std::string_view title;
};
constexpr KindRow kKinds[] = {
    {Kind::association, "association", "association"},
    {Kind::connection, "connection", "TCP connection"},
    {Kind::transport, "transport", "COTP"},
    {Kind::session, "session", "session layer"},
    {Kind::presentation, "presentation", "presentation layer"},
    {Kind::acse, "acse", "ACSE"},
    {Kind::initiate, "initiate", "MMS Initiate"},
    {Kind::close, "close", "end of the association"},
    {Kind::service, "service", "service used"},
    {Kind::step, "step", "step"},
    {Kind::objects, "objects", "objects asked for"},
    {Kind::order, "order", "order of steps"},
    {Kind::answer, "answer", "answer"},
    {Kind::type, "type", "type"},
    {Kind::value, "value", "setting"},
    {Kind::names, "names", "what the server tells of itself"},
    {Kind::data_set, "data-set", "data set"},
    {Kind::control_block, "control-block", "control block"},
    {Kind::control, "control", "control parameters"},
    {Kind::add_cause, "add-cause", "outcome of a command"},
    {Kind::report, "report", "reports"},
    {Kind::malformed, "malformed", "malformed message"},
    {Kind::response_time, "response-time", "response time"},
};
constexpr bool in_order() {
  std::size_t i = 0;
  for (const KindRow& row : kKinds) {
    if (static_cast<std::size_t>(row.kind) != i++) return false;
  }
  return i == static_cast<std::size_t>(Kind::response_time) + 1;
}
static_assert(in_order());

constexpr FactRow kFacts[] = {
    {Fact::handshake, Kind::connection, "handshake", "none"},
    {Fact::carries, Kind::connection, "carries", "nothing"},
    {Fact::cotp_answer, Kind::transport, "answer to the CR", "none"},
    {Fact::transport_class, Kind::transport, "transport class", "none"},
    {Fact::proposed_tpdu_size, Kind::transport, "proposed TPDU size", "none"},
    {Fact::tpdu_size, Kind::transport, "TPDU size", "none"},
    {Fact::calling_tsap, Kind::transport, "calling TSAP", "none"},
    {Fact::called_tsap, Kind::transport, "called TSAP", "none"},
    {Fact::session_answer, Kind::session, "answer to the CN", "none"},
    {Fact::session_version, Kind::session, "version", "none"},
    {Fact::functional_units, Kind::session, "functional units", "none"},
    {Fact::calling_session_selector, Kind::session, "calling selector", "none"},
    {Fact::called_session_selector, Kind::session, "called selector", "none"},
    {Fact::presentation_answer, Kind::presentation, "answer to the CP", "none"},
    {Fact::calling_presentation_selector, Kind::presentation, "calling selector", "none"},
    {Fact::called_presentation_selector, Kind::presentation, "called selector", "none"},
    {Fact::responding_presentation_selector, Kind::presentation, "responding selector", "none"},
    {Fact::contexts, Kind::presentation, "proposed contexts", "none"},
    {Fact::context_results, Kind::presentation, "results of the contexts", "none"},
    {Fact::acse_answer, Kind::acse, "answer to the AARQ", "none"},
    {Fact::application_context, Kind::acse, "application context", "none"},
    {Fact::calling_ap_title, Kind::acse, "calling AP title", "none"},
    {Fact::called_ap_title, Kind::acse, "called AP title", "none"},
    {Fact::responding_ap_title, Kind::acse, "responding AP title", "none"},
    {Fact::calling_ae_qualifier, Kind::acse, "calling AE qualifier", "none"},
    {Fact::called_ae_qualifier, Kind::acse, "called AE qualifier", "none"},
    {Fact::responding_ae_qualifier, Kind::acse, "responding AE qualifier", "none"},
    {Fact::authentication, Kind::acse, "authentication", "none"},
    {Fact::initiate_answer, Kind::initiate, "answer to the Initiate", "none"},
    {Fact::pdu_size, Kind::initiate, "PDU size", "none"},
    {Fact::outstanding_calling, Kind::initiate, "outstanding requests of the client", "none"},
    {Fact::outstanding_called, Kind::initiate, "outstanding requests of the server", "none"},
    {Fact::nesting_level, Kind::initiate, "nesting level", "none"},
    {Fact::mms_version, Kind::initiate, "version", "none"},
    {Fact::parameter_cbb, Kind::initiate, "parameter CBB", "none"},
    {Fact::services_supported, Kind::initiate, "services supported", "none"},
    {Fact::end, Kind::close, "ended", "not"},
    {Fact::end_answer, Kind::close, "confirmed", "not"},
    {Fact::answer, Kind::answer, "answer", "none"},
    {Fact::item_error, Kind::answer, "answer", "ok"},
    {Fact::sent_type, Kind::type, "type sent", "none"},
    {Fact::answered_type, Kind::type, "type answered", "none"},
    {Fact::setting, Kind::value, "value", "none"},
    {Fact::names, Kind::names, "names", "none"},
    {Fact::type_description, Kind::names, "type", "none"},
    {Fact::identity, Kind::names, "identity", "none"},
    {Fact::members, Kind::data_set, "members", "none"},
    {Fact::block_attribute, Kind::control_block, "attribute", "none"},
    {Fact::ctl_val, Kind::control, "ctlVal", "none"},
    {Fact::origin, Kind::control, "origin", "none"},
    {Fact::ctl_num, Kind::control, "ctlNum", "as in the Select"},
    {Fact::control_time, Kind::control, "T", "as in the Select"},
    {Fact::oper_tm, Kind::control, "operTm", "none"},
    {Fact::test, Kind::control, "Test", "none"},
    {Fact::check, Kind::control, "Check", "none"},
    {Fact::selected, Kind::answer, "answer to the Select", "none"},
    {Fact::last_appl_error, Kind::add_cause, "LastApplError", "none"},
    {Fact::termination, Kind::add_cause, "CommandTermination", "none"},
    {Fact::opt_flds, Kind::report, "OptFlds", "none"},
    {Fact::report_data_set, Kind::report, "DatSet", "none"},
    {Fact::conf_rev, Kind::report, "ConfRev", "none"},
    {Fact::report_members, Kind::report, "members of the data set", "none"},
    {Fact::member_type, Kind::type, "type reported", "none"},
    {Fact::damage, Kind::malformed, "malformed", "not"},
    {Fact::response_class, Kind::response_time, "median", "none"},
    {Fact::used, Kind::service, "used", "never"},
};
constexpr bool facts_in_order() {
  std::size_t i = 0;
  for (const FactRow& row : kFacts) {
    if (static_cast<std::size_t>(row.fact) != i++) return false;
  }
  return i == static_cast<std::size_t>(Fact::used) + 1;
}
static_assert(facts_in_order());

}  // namespace

std::string_view kind_name(Kind kind) { return kKinds[static_cast<std::size_t>(kind)].name; }
std::string_view kind_title(Kind kind) { return kKinds[static_cast<std::size_t>(kind)].title; }
const FactRow& row(Fact fact) { return kFacts[static_cast<std::size_t>(fact)]; }

std::vector<FactView> facts_of(std::string_view text) {
  std::vector<FactView> facts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t middle = text.find(FactWriter::kMiddle, at + 1);
    if (middle == std::string_view::npos) break;
    const std::size_t end = text.find(FactWriter::kEnd, middle + 1);
    if (end == std::string_view::npos) break;
    facts.push_back({static_cast<Fact>(static_cast<std::uint8_t>(text[at])),
                     text.substr(at + 1, middle - at - 1),
                     text.substr(middle + 1, end - middle - 1)});
    at = end + 1;
  }
  return facts;
}

Text Vocabulary::of(std::string_view text) {
  const auto known = numbers_.find(text);
  if (known != numbers_.end()) return known->second;
  if (octets_ + text.size() <= kMaxOctets) return add(std::string(text));
  full_ = true;
  std::string mark =
      fmt::format("(too much to keep: {:016x})", std::hash<std::string_view>{}(text));
  const auto marked = numbers_.find(mark);
  return marked != numbers_.end() ? marked->second : add(std::move(mark));
}

Text Vocabulary::add(std::string text) {
  octets_ += text.size();
  const auto number = static_cast<Text>(texts_.size());
  texts_.push_back(numbers_.emplace(std::move(text), number).first->first);
  return number;
}

}  // namespace mmsa::diff
