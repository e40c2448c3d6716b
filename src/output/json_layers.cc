// What each layer below MMS, and the MMS Initiate, agreed on. Selectors are hex: they are octets,
// and only by habit text.
#include "output/facts.h"
#include "output/json_values.h"

namespace mmsa::output {
namespace {

Json cotp_json(const CotpFacts& cotp) {
  Json object = {{"request_seen", cotp.request_seen}, {"confirm_seen", cotp.confirm_seen}};
  if (cotp.request_seen || cotp.confirm_seen) {
    object["transport_class"] = cotp.transport_class;
    object["source_reference"] = cotp.source_reference;
    object["destination_reference"] = cotp.destination_reference;
  }
  put_positive(object, "proposed_tpdu_size", cotp.proposed_tpdu_size);
  put_positive(object, "tpdu_size", cotp.tpdu_size);
  put_hex(object, "calling_tsap", cotp.calling_tsap);
  put_hex(object, "called_tsap", cotp.called_tsap);
  put_optional(object, "disconnect_reason", cotp.disconnect_reason);
  put_optional(object, "reject_cause", cotp.reject_cause);
  return object;
}

Json session_json(const SessionFacts& session) {
  Json object = {{"connect_seen", session.connect_seen}, {"accept_seen", session.accept_seen}};
  put_hex(object, "calling_selector", session.calling_selector);
  put_hex(object, "called_selector", session.called_selector);
  if (session.version != 0) {
    Json versions = Json::array();
    if ((session.version & 1) != 0) versions.push_back(1);
    if ((session.version & 2) != 0) versions.push_back(2);
    object["versions"] = std::move(versions);
  }
  put_positive(object, "requirements", session.requirements);
  put_positive(object, "max_tsdu_calling", session.max_tsdu_calling);
  put_positive(object, "max_tsdu_called", session.max_tsdu_called);
  put_optional(object, "refuse_reason", session.refuse_reason);
  put_optional(object, "transport_disconnect", session.transport_disconnect);
  return object;
}

Json presentation_json(const PresentationFacts& presentation) {
  Json object = Json::object();
  put_hex(object, "calling_selector", presentation.calling_selector);
  put_hex(object, "called_selector", presentation.called_selector);
  put_hex(object, "responding_selector", presentation.responding_selector);
  Json contexts = Json::array();
  for (const PresentationContext& context : presentation.contexts) {
    Json row = {{"id", context.id}, {"abstract_syntax", json_text(context.abstract_syntax)}};
    Json transfer_syntaxes = Json::array();
    for (const std::string& oid : context.transfer_syntaxes) {
      transfer_syntaxes.push_back(json_text(oid));
    }
    row["transfer_syntaxes"] = std::move(transfer_syntaxes);
    put_optional(row, "result", context.result);
    put_optional(row, "reason", context.reason);
    contexts.push_back(std::move(row));
  }
  object["contexts"] = std::move(contexts);
  put_optional(object, "refuse_reason", presentation.refuse_reason);
  put_optional(object, "abort_reason", presentation.abort_reason);
  put_optional(object, "abort_event", presentation.abort_event);
  return object;
}

Json acse_json(const AcseFacts& acse) {
  Json object = Json::object();
  put_text(object, "application_context", acse.application_context);
  put_text(object, "calling_ap_title", acse.calling_ap_title);
  put_text(object, "called_ap_title", acse.called_ap_title);
  put_text(object, "responding_ap_title", acse.responding_ap_title);
  put_optional(object, "calling_ae_qualifier", acse.calling_ae_qualifier);
  put_optional(object, "called_ae_qualifier", acse.called_ae_qualifier);
  put_optional(object, "responding_ae_qualifier", acse.responding_ae_qualifier);
  put_optional(object, "result", acse.result);
  put_optional(object, "diagnostic_user", acse.diagnostic_user);
  put_optional(object, "diagnostic_provider", acse.diagnostic_provider);
  put_optional(object, "release_reason", acse.release_reason);
  put_optional(object, "abort_source", acse.abort_source);
  put_optional(object, "abort_diagnostic", acse.abort_diagnostic);
  return object;
}

void put_initiate(Json& object, const char* key,
                  const std::shared_ptr<const InitiateValues>& values) {
  if (!values) return;
  Json& row = object[key] = Json::object();
  put_optional(row, "local_detail", values->local_detail);
  row["max_outstanding_calling"] = values->max_outstanding_calling;
  row["max_outstanding_called"] = values->max_outstanding_called;
  put_optional(row, "nesting_level", values->nesting_level);
  row["version"] = values->version;
  row["parameter_cbb"] = json_text(values->parameter_cbb);
  row["services_supported"] = json_text(values->services_supported);
}

}  // namespace

void put_layers(Json& object, const AssociationResult& association) {
  object["cotp"] = cotp_json(*association.cotp);
  object["session"] = session_json(*association.session);
  object["presentation"] = presentation_json(*association.presentation);
  object["acse"] = acse_json(*association.acse);
  object["authentication"] = {
      {"mechanism", json_text(authentication_mechanism(*association.acse))}};
  put_initiate(object, "proposed", association.mms.proposed);
  put_initiate(object, "negotiated", association.mms.negotiated);
}

}  // namespace mmsa::output
