// ISO 9506-2 clauses 14.6 (Read), 14.7 (Write) and 14.14 (DeleteNamedVariableList). Result i of an
// answer belongs to variable i of its request, or to member i of the data set that it names.
#include "analysis/access/access.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/access/access_advice.h"
#include "analysis/access/iccp_advice.h"
#include "analysis/access/near_miss.h"
#include "analysis/wording.h"
#include "iec61850/names.h"
#include "iec61850/value_text.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::Fc;
using iec61850::Reference;

// Characters of a value or of a list of names inside a finding; of names beyond it the number is
// told.
constexpr std::size_t kMaxValueText = 120;
// Objects whose Read failed, so that their parts are not told again; beyond it they are.
// Nothing is lost by that but a note that the one follows from the other.
constexpr std::size_t kMaxFailedReads = 4096;

// Failures that a rule of their own tells: selecting (Read of SBO), and the writes that control.
bool is_control(std::uint16_t service, std::string_view item) {
  const auto control = iec61850::control_item(item);
  if (!control) return false;
  const bool select = control->component == iec61850::ControlComponent::sbo;
  return service == Service::kRead ? select : !select;
}

bool names_rcb_attribute(const iec61850::Item& item) {
  const auto rcb = iec61850::rcb_item(item.name().item);
  return rcb && rcb->attribute != iec61850::RcbAttribute::none;
}

// What the capture knows of the groups that a refused write is about: who edits one, how many there
// are.
void tell_setting_groups(Finding& finding, const Reference& object, std::int64_t code,
                         const iec61850::SettingGroupControl& groups, std::uint32_t stream) {
  const auto attribute = iec61850::sgcb_attribute(object);
  if (attribute == iec61850::SgcbAttribute::none && object.fc != Fc::SE) return;
  if (code == AccessError::kObjectValueInvalid && groups.groups) {
    finding.evidence.set("groups", static_cast<std::int64_t>(*groups.groups));
    return;
  }
  const iec61850::SettingGroupControl::Editor* const editor = groups.other_editor(stream);
  if (editor == nullptr) return;
  const std::string client = text::endpoint(editor->client);
  finding.evidence.set("edited_by", client);
  finding.evidence.set("edited_by_stream", static_cast<std::int64_t>(editor->stream));
  FindingCollector::add_frame(finding, editor->since.number);
  finding.cause = fmt::format("{} opened group {} for editing in frame {}", client, editor->group,
                              editor->since.number);
  if (editor->disconnected.number == 0) {
    finding.cause += " and has not finished.";
    finding.next_step = fmt::format(
        "Let {} confirm (CnfEdit) or give up (EditSG = 0), or disconnect it; then write EditSG "
        "again.",
        client);
    return;
  }
  FindingCollector::add_frame(finding, editor->disconnected.number);
  finding.cause += fmt::format(
      "; its connection ended in frame {}, and the device did not end the "
      "editing.",
      editor->disconnected.number);
  finding.next_step =
      "Wait until the device ends the editing by itself (ResvTms), or end it at the device; let "
      "that client write EditSG = 0 before it disconnects.";
}

void tell_types(Finding& finding, iec61850::TypeRef type, asn1::NodeRef value) {
  const std::string_view written = data_type_name(data_type(value.node()));
  finding.evidence.set("written_type", std::string(written));
  if (type == nullptr || type->type == DataType::failure) return;
  const std::string_view expected = data_type_name(type->type);
  finding.evidence.set("type", std::string(expected));
  if (expected == written) return;
  finding.cause = fmt::format("The object is of type {}, and {} was written.", expected, written);
}

}  // namespace

void AccessTracker::on_message(Context& context, const MmsMessage& message) {
  const std::uint16_t service = message.pdu.service;
  if (service != Service::kRead && service != Service::kWrite &&
      service != Service::kDeleteNamedVariableList) {
    return;
  }
  if (message.pdu.kind == PduKind::confirmed_response) {
    if (message.request != nullptr && message.request->service != service) return;
    if (service == Service::kRead) {
      on_read_answer(context, message);
    } else if (service == Service::kWrite) {
      on_write_answer(context, message);
    } else {
      on_delete_answer(context, message);
    }
  }
}

void AccessTracker::on_read_answer(Context& context, const MmsMessage& message) {
  check_count(context, message, message.tree.values.size());
  if (context.asked.constraints.has(Fc::SP)) learn_setting_groups(context, message);
  if (message.tree.failures == 0 || context.one_direction) return;
  tell_failures(context, message, message.tree.failures);
}

void AccessTracker::on_write_answer(Context& context, const MmsMessage& message) {
  const std::size_t failed = message.tree.values.size();  // a success is no Data
  check_count(context, message, context.exchange->items().size());
  if (context.asked.constraints.has(Fc::SP)) learn_setting_groups(context, message);
  if (failed == 0 || context.one_direction) return;
  tell_failures(context, message, failed);
}

void AccessTracker::check_count(Context& context, const MmsMessage& message, std::size_t results) {
  if (message.request == nullptr || message.cut || message.pdu.error) return;
  const iec61850::RequestNote& asked = context.asked;
  if (asked.results == 0 || asked.results == results) return;
  const std::string_view service = service_name(message.pdu.service);
  Finding* f = context.findings.raise("response-mismatch", context.association, message.frame)
                   .with("service", service)
                   .with("asked", asked.results)
                   .with("results", results)
                   .also(message.request->frame)
                   .put();
  if (f == nullptr || f->count > 1) return;
  if (!asked.data_set) {
    f->message = fmt::format("A {} of {} object{} was answered with {} result{}.", service,
                             asked.results, plural(asked.results), results, plural(results));
    return;
  }
  f->severity = Severity::warning;
  f->message = fmt::format("A data set that had {} member{} was read with {} result{}.",
                           asked.results, plural(asked.results), results, plural(results));
  f->cause =
      "The data set was changed by another client, or by a new configuration, since its "
      "members were last told.";
  f->next_step =
      "Ask for the members of the data set again (getNamedVariableListAttributes) and "
      "compare them with the client's.";
}

// The failures of one request with the same error are one finding, of the first object that failed.
void AccessTracker::tell_failures(Context& context, const MmsMessage& message, std::size_t failed) {
  const bool write = message.pdu.service == Service::kWrite;
  const std::span<const iec61850::Item> items = context.exchange->items();
  // The topic reports tells of attributes of a block in writes that begin with one.
  const bool of_block = write && !items.empty() && names_rcb_attribute(items.front());
  std::vector<Failure> groups;  // by code
  for (std::size_t i = 0; i < items.size(); ++i) {
    const iec61850::Item& item = items[i];
    if (!item.error && !write) continue;
    const ObjectName name = item.name();
    if (!item.error || is_control(message.pdu.service, name.item)) continue;
    if (of_block && names_rcb_attribute(item)) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Failure& other) {
      return other.code == *item.error;
    });
    if (group != groups.end()) {
      ++group->alike;
      if (group->others.size() > kMaxValueText || item.ref.empty()) continue;
      group->others += fmt::format("{}{}", group->others.empty() ? "" : ", ", item.ref);
      ++group->named;
      continue;
    }
    groups.push_back({.position = i,
                      .results = items.size(),
                      .failed = failed,
                      .code = *item.error,
                      .object = std::string(item.ref),
                      .data_set = std::string(context.exchange->data_set()),
                      .value = item.value});
  }
  for (Failure& failure : groups) {
    const std::size_t unnamed = failure.alike - 1 - failure.named;
    if (failure.named != 0 && unnamed != 0) failure.others += fmt::format(" and {} more", unnamed);
    if (write) {
      write_failed(context, message, failure);
    } else {
      read_failed(context, message, failure);
    }
  }
}

void AccessTracker::learn_setting_groups(Context& context, const MmsMessage& message) {
  const bool write = message.pdu.service == Service::kWrite;
  const Association& a = context.association;
  for (const iec61850::Item& item : context.exchange->items()) {
    if (item.error || !item.value) continue;
    const Reference object = iec61850::parse_reference(item.name());
    if (write) {
      context.model.setting_groups().written(object, item.value,
                                             a.connection->endpoint[index(a.client)],
                                             a.connection->stream, message.frame);
    } else {
      context.model.setting_groups().read(object, item.value);
    }
  }
}

FindingDraft AccessTracker::draft(Context& context, const MmsMessage& message,
                                  const Failure& failure, std::string_view rule) {
  return context.findings.raise(rule, context.association, message.frame)
      .object(failure.object)
      .also(message.request != nullptr ? message.request->frame : FrameRef{})
      .with("error", iec61850::access_error_name(failure.code))
      .with("failed", failure.failed)
      .with("of", failure.results)
      .with_if(!failure.others.empty(), "others", failure.others)
      .with_if(!failure.data_set.empty(), "data_set", failure.data_set)
      .with_if(!failure.data_set.empty(), "index", failure.position);
}

void AccessTracker::describe(Finding& finding, const MmsMessage& message, const Failure& failure,
                             std::string_view verb) {
  finding.message =
      fmt::format("{} could not be {}: {}", failure.object.empty() ? "An object" : failure.object,
                  verb, iec61850::access_error_name(failure.code));
  if (!failure.data_set.empty()) {
    finding.message +=
        fmt::format(" (index {} in data set {})", failure.position, failure.data_set);
  } else if (failure.object.empty() && message.request == nullptr) {
    finding.message += " (its request is not in the capture)";
  } else if (failure.results > 1) {
    finding.message +=
        fmt::format(" ({} of {} objects of this request failed)", failure.failed, failure.results);
  }
  finding.message += '.';
  if (failure.alike > 1) {
    finding.message +=
        fmt::format(" The same for {} other{} of this request{}{}.", failure.alike - 1,
                    plural(failure.alike - 1), failure.others.empty() ? "" : ": ", failure.others);
  }
}

// The logical node, constraint or data object above this one whose Read failed before with the same
// error: what fails there is this part of it. Empty where there is none; remembers this one then.
std::string AccessTracker::failed_whole(const Failure& failure) {
  if (failure.object.empty() || is_unknown_object(failure.code)) return {};
  const std::string code = std::to_string(failure.code) + ' ';
  for (std::size_t end = failure.object.rfind('$'); end != std::string::npos && end != 0;
       end = failure.object.rfind('$', end - 1)) {
    std::string whole = failure.object.substr(0, end);
    if (failed_reads_.contains(code + whole)) return whole;
  }
  if (failed_reads_.size() < kMaxFailedReads) failed_reads_.insert(code + failure.object);
  return {};
}

void AccessTracker::read_failed(Context& context, const MmsMessage& message,
                                const Failure& failure) {
  const std::string whole = failed_whole(failure);
  if (!whole.empty()) {
    Finding* f = draft(context, message, failure, "read-failed").object(whole).put();
    if (f != nullptr) f->evidence.set("part", failure.object);
    return;
  }
  Finding* f = draft(context, message, failure, "read-failed").put();
  if (f == nullptr || f->count > 1) return;
  describe(*f, message, failure, "read");
  const ObjectName name = iec61850::split_reference(failure.object);
  const Reference object = iec61850::parse_reference(name);
  tell_requester(*f, context, message);
  use_advice(*f, read_advice(object, failure.code));
  if (iccp_) use_advice(*f, iccp_access_advice(failure.code));
  if (is_unknown_object(failure.code)) tell_near_miss(*f, context.model, name.domain, name.item);
}

void AccessTracker::write_failed(Context& context, const MmsMessage& message,
                                 const Failure& failure) {
  Finding* f = draft(context, message, failure, "write-failed").put();
  if (f == nullptr || f->count > 1) return;
  describe(*f, message, failure, "written");
  const ObjectName name = iec61850::split_reference(failure.object);
  const Reference object = iec61850::parse_reference(name);
  if (failure.value) {
    std::string text;
    iec61850::append_value(text, failure.value, {.reference = object, .max_length = kMaxValueText});
    f->evidence.set("value", text);
  }
  tell_requester(*f, context, message);
  const iec61850::SettingGroupControl& groups = context.model.setting_groups().of(name.domain);
  const std::uint32_t stream = context.association.connection->stream;
  use_advice(*f, write_advice(object, failure.code, groups, stream));
  tell_setting_groups(*f, object, failure.code, groups, stream);
  if (iccp_) use_advice(*f, iccp_access_advice(failure.code));
  if (is_unknown_object(failure.code)) tell_near_miss(*f, context.model, name.domain, name.item);
  if (failure.code == AccessError::kTypeInconsistent && failure.value) {
    tell_types(*f, context.model.type_of(name.domain, name.item), failure.value);
  }
}

// Clients of ICCP begin with deleting the data sets that they are going to define: one note.
void AccessTracker::raise_cleared(Context& context, const MmsMessage& message,
                                  const std::string& name) {
  Finding* f = context.findings.raise("delete-without-effect", context.association, message.frame)
                   .with("outcome", "not-found")
                   .with_if(!name.empty(), "first", name)
                   .also(message.request != nullptr ? message.request->frame : FrameRef{})
                   .put();
  if (f == nullptr) return;
  f->severity = Severity::note;
  f->message = fmt::format("{} deletion{} found nothing to delete{}.", f->count, plural(f->count),
                           name.empty() || f->count > 1 ? "" : ": " + name);
  f->cause =
      "The server has no data set of this name: the client clears up before it defines its own.";
  f->next_step = "Nothing, if it defines its data sets afterwards.";
}

void AccessTracker::on_delete_answer(Context& context, const MmsMessage& message) {
  if (message.cut || message.pdu.error) return;
  const std::uint64_t matched = message.pdu.body.child("numberMatched").unsigned_integer();
  const std::uint64_t deleted = message.pdu.body.child("numberDeleted").unsigned_integer();
  std::uint64_t asked = 0;
  std::string names;
  std::string object;
  if (message.request_view != nullptr) {
    const asn1::Tree& request = message.request_view->tree();
    // Names decide only where scopeOfDelete is "specific", its default.
    const asn1::NodeRef scope = message.request_view->pdu().body.child("scopeOfDelete");
    if (scope.integer(0) == 0) asked = request.objects.size();
    for (std::size_t i = 0; i < request.objects.size(); ++i) {
      if (names.size() > kMaxValueText) {
        names += fmt::format(" and {} more", request.objects.size() - i);
        break;
      }
      if (!names.empty()) names += ", ";
      iec61850::append_object_name(names, object_name(request.at(request.objects[i])));
    }
    if (request.objects.size() == 1) object = names;
  }
  if (deleted >= matched && deleted >= asked) return;
  if (matched == 0 && !context.report.is_iec61850) {
    raise_cleared(context, message, object);
    return;
  }
  const bool found = deleted < matched;
  Finding* f = context.findings.raise("delete-without-effect", context.association, message.frame)
                   .object(object)
                   .with("outcome", found ? "not-deleted" : "not-found")
                   .with_if(asked != 0, "asked", asked)
                   .with("matched", matched)
                   .with("deleted", deleted)
                   .with_if(object.empty() && !names.empty(), "names", names)
                   .also(message.request != nullptr ? message.request->frame : FrameRef{})
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("{} was to be deleted, but {} of {} {} deleted.",
                           names.empty() ? "A data set" : names, deleted, std::max(asked, matched),
                           deleted == 1 ? "was" : "were");
  if (found) return;
  const iec61850::DataSet* known =
      object.empty() ? nullptr
                     : context.model.data_set(object, context.association.connection->stream);
  if (known != nullptr) {
    f->cause = fmt::format(
        "The server says that it has no data set of this name that could be deleted, though frame "
        "{} showed it.",
        known->source.frame.number);
    f->next_step =
        "Ask for the data set again (getNamedVariableListAttributes): one of the configuration can "
        "not be deleted by clients, one that a client defined ends with its association where it "
        "is association specific.";
    return;
  }
  f->severity = Severity::note;  // what was to be gone is gone
  f->cause = "The device has no data set of this name that could be deleted.";
  f->next_step =
      "Nothing, if the client only clears up before it defines its data sets. Otherwise list the "
      "data sets of the logical device (getNameList) and compare the names.";
}

}  // namespace mmsa::analysis
