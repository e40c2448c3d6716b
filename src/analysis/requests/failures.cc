// Requests that were refused as a whole: ServiceError (ISO 9506-2 clause 7.4.4) and Reject (7.5).
#include <fmt/format.h>

#include "analysis/access/access_advice.h"
#include "analysis/access/iccp_advice.h"
#include "analysis/access/near_miss.h"
#include "analysis/access/service_advice.h"
#include "analysis/requests/asked_names.h"
#include "analysis/requests/requests.h"
#include "analysis/wording.h"
#include "iec61850/control.h"
#include "iec61850/reference.h"
#include "mms/service_error.h"

namespace mmsa::analysis {
namespace {

// Members of a data set named in a finding.
constexpr std::size_t kMaxNamed = 5;
// A Read of so many variables may be too much for a message.
constexpr std::size_t kManyVariables = 10;

// A whole logical node, all of one functional constraint, a data set, or many variables at once.
bool is_large(const RequestView& request) {
  const asn1::Tree& tree = request.tree();
  if (tree.objects.size() >= kManyVariables) return true;
  for (const std::uint32_t index : tree.objects) {
    const iec61850::Reference object = iec61850::parse_reference(object_name(tree.at(index)));
    if (object.path.empty() || object.fc == iec61850::Fc::none) return true;
  }
  return false;
}

void tell_size(Finding& finding, const Context& context, const mms::ServiceErrorText& error) {
  const auto& negotiated = context.association.mms.negotiated;
  const std::int64_t size = negotiated != nullptr ? negotiated->local_detail.value_or(0) : 0;
  const bool certain = error.error_class == "service" && error.number == 3;
  if (size > 0) finding.evidence.set("negotiated_size", size);
  finding.cause = fmt::format(
      "The answer {} larger than the message size that was negotiated{}: the object is too large "
      "to be read as a whole.",
      certain ? "would be" : "would probably be",
      size > 0 ? fmt::format(" ({} octets)", size) : std::string());
  finding.next_step =
      "Read smaller parts (one data object at a time), or let the client propose a larger message "
      "size in Initiate.";
}

// The members of a definition that the capture never showed on the server.
void tell_missing_members(Finding& finding, const Context& context, const RequestView& request) {
  const asn1::Tree& tree = request.tree();
  std::string names;
  std::size_t missing = 0;
  ObjectName first;
  const std::size_t members = tree.objects.empty() ? 0 : tree.objects.size() - 1;
  for (std::size_t i = 1; i < tree.objects.size(); ++i) {
    const ObjectName name = object_name(tree.at(tree.objects[i]));
    const bool known = context.model.has_name(name.domain, name.item) ||
                       context.model.type_of(name.domain, name.item) != nullptr;
    if (known && members > 1) continue;
    if (missing++ == 0) first = name;
    if (missing > kMaxNamed) continue;
    if (!names.empty()) names += ", ";
    iec61850::append_object_name(names, name);
  }
  if (missing == 0) return;
  if (missing > kMaxNamed) names += fmt::format(" and {} more", missing - kMaxNamed);
  finding.evidence.set("missing_members", names);
  finding.message += fmt::format(" {}: {}.",
                                 missing == 1 && members == 1
                                     ? "Its only member"
                                     : "Members that the capture never showed on the server",
                                 names);
  if (missing == 1) {
    finding.cause = fmt::format("The member {} does not exist on the server.", names);
    tell_near_miss(finding, context.model, first.domain, first.item);
  }
}

// By its number where it has no name.
std::string code_text(const mms::ServiceErrorText& error) {
  return error.code.empty() ? std::to_string(error.number) : std::string(error.code);
}

FrameRef request_frame(const MmsMessage& message) {
  return message.request != nullptr ? message.request->frame : FrameRef();
}

bool is_non_existent(const mms::ServiceErrorText& error) {
  return error.error_class == "access" && error.number == ServiceErrorCode::kAccessNonExistent;
}

// Clients of ICCP begin with deleting the data sets that they are going to define: one note.
void raise_nothing_to_delete(Context& context, const MmsMessage& message, const std::string& name,
                             const std::string& error) {
  Finding* f = context.findings.raise("service-error", context.association, message.frame)
                   .with("service", service_name(message.service()))
                   .with("first", name)
                   .also(request_frame(message))
                   .put();
  if (f == nullptr) return;
  f->severity = Severity::note;
  f->message = fmt::format("{} data set{} that {} to be deleted {} not there ({}).", f->count,
                           plural(f->count), f->count == 1 ? "was" : "were",
                           f->count == 1 ? "was" : "were", error);
  f->cause = "The client clears up before it defines its data sets.";
  f->next_step = "Nothing, if it defines its data sets afterwards.";
}

}  // namespace

void RequestTracker::raise_service_error(Context& context, const MmsMessage& message) {
  const std::uint16_t service = message.service();
  if (Service::is_file(service)) return;               // file-failed
  if (context.exchange->control() != nullptr) return;  // control-rejected
  const auto error = mms::service_error(message.pdu);
  const std::string what =
      error ? fmt::format("{}/{}", error->error_class, code_text(*error)) : "undecodable error";
  AskedNames names;
  const RequestView* request = message.request_view;
  if (request != nullptr) names = asked_names(request->pdu(), request->tree());
  if (service == Service::kDeleteNamedVariableList && error && is_non_existent(*error) &&
      !context.report.is_iec61850) {
    raise_nothing_to_delete(context, message, names.first, what);
    return;
  }
  const mms::ServiceErrorText told = error.value_or(mms::ServiceErrorText());
  Finding* f = context.findings.raise("service-error", context.association, message.frame)
                   .object(names.first)
                   .with("service", service_text(service))
                   .with_if(error.has_value(), "error_class", told.error_class)
                   .with_if(error.has_value(), "error_code", code_text(told))
                   .with_if(told.additional_code.has_value(), "additional_code",
                            told.additional_code.value_or(0))
                   .with_if(!told.additional_description.empty(), "additional_description",
                            told.additional_description)
                   .also(request_frame(message))
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("{}{} failed: {}.", service_text(service),
                           names.first.empty() ? "" : " of " + names.text(), what);
  if (!error) return;
  tell_requester(*f, context, message);
  use_advice(*f, service_advice(service, *error));
  if (iccp_) {
    use_advice(*f, iccp_service_advice());
    return;
  }
  if (request == nullptr) return;
  if (service == Service::kRead && may_be_size(*error) && is_large(*request)) {
    tell_size(*f, context, *error);
  } else if (service == Service::kDefineNamedVariableList && error->error_class == "definition" &&
             error->number == ServiceErrorCode::kDefinitionObjectUndefined) {
    tell_missing_members(*f, context, *request);
  } else if (is_non_existent(*error)) {
    if (service == Service::kDeleteNamedVariableList) {
      f->severity = Severity::note;  // what was to be gone is gone
    } else if (service == Service::kGetNameList) {
      tell_near_domain(*f, context.model, names.first);
    } else if (const ObjectName name = iec61850::split_reference(names.first);
               name.scope == ObjectName::Scope::domain) {
      tell_near_miss(*f, context.model, name.domain, name.item);
    }
  }
}

// Says which frame is rejected: the request of its invoke id, or the last PDU of the other side
// where the reject names none.
void RequestTracker::raise_rejected(Context& context, const MmsMessage& message) {
  if (Service::is_file(message.service())) return;  // file-failed
  const auto reason = mms::reject_reason(message.pdu);
  const std::string pdu = reason ? std::string(reason->pdu) : "unknown";
  const std::string code = !reason                ? "undecodable reason"
                           : reason->code.empty() ? std::to_string(reason->number)
                                                  : std::string(reason->code);
  const LastPdu& last = last_pdu_[index(other(message.sender))];
  const bool named = message.request != nullptr;
  const FrameRef rejected = named ? message.request->frame : last.frame;
  const std::uint16_t service = named ? message.service() : Service::kNone;
  // One that breaks the encoding rules has its finding already.
  const std::string_view rejecter = context.name_of(message.sender);
  const std::string sentence = fmt::format("the {} rejected it in frame {}: {} ({})", rejecter,
                                           message.frame.number, code, pdu);
  if (Finding* malformed = tell_answer(context, other(message.sender), rejected,
                                       "rejected: " + code, message.frame, sentence)) {
    malformed->severity = Severity::error;
    return;
  }
  Finding* f = context.findings.raise("service-rejected", context.association, message.frame)
                   .with("rejected_pdu", pdu)
                   .with("reason", code)
                   .with_if(named, "service", service_text(service))
                   .with_if(!named, "probable_pdu", pdu_kind_name(last.kind))
                   .with_if(rejected.number != 0, "rejected_frame", rejected.number)
                   .also(rejected)
                   .put();
  if (f == nullptr || f->count > 1) return;
  std::string what = "a message that is not in the capture";
  if (named) {
    what = service_name(service).empty()
               ? fmt::format("a request for an unknown service in frame {}", rejected.number)
               : fmt::format("the {} request in frame {}", service_name(service), rejected.number);
  } else if (rejected.number != 0) {
    what = last.kind == PduKind::unknown
               ? fmt::format("a PDU, probably the undecodable one in frame {}", rejected.number)
               : fmt::format("a PDU, probably the {} in frame {}", pdu_kind_name(last.kind),
                             rejected.number);
  }
  f->message = fmt::format("The {} rejected {}: {} ({}).", rejecter, what, code, pdu);
  if (reason) use_advice(*f, reject_advice(*reason));
}

}  // namespace mmsa::analysis
