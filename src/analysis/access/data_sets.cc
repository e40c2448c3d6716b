#include "analysis/access/data_sets.h"

#include <algorithm>

#include "analysis/limit.h"
#include "iec61850/reference.h"

namespace mmsa::analysis {
namespace {

// Listed of one association; a client that connects again and again lists them each time, so that
// those of all associations are a multiple of what the model keeps of a server (limits.h).
constexpr std::size_t kMaxDataSets = 1000;
constexpr std::size_t kMaxMembers = 16'384;
constexpr std::string_view kNotListed =
    "data sets, or their members, were not listed; reports are read with them all the same";

}  // namespace

DataSetResult* DataSetTracker::find(Context& context, const std::string& name, FrameRef frame) {
  auto& sets = context.report.data_sets;
  const auto known = std::find_if(sets.begin(), sets.end(),
                                  [&](const DataSetResult& set) { return set.name == name; });
  if (known != sets.end()) return &*known;
  if (sets.size() >= kMaxDataSets) {
    tell_limit(context, "data sets listed", frame, kNotListed);
    return nullptr;
  }
  sets.push_back({.name = name, .members = {}, .source = {}});
  return &sets.back();
}

void DataSetTracker::on_message(Context& context, const MmsMessage& message) {
  const std::uint16_t service = message.pdu.service;
  if (service != Service::kGetNamedVariableListAttributes &&
      service != Service::kDefineNamedVariableList &&
      service != Service::kDeleteNamedVariableList) {
    return;
  }
  if (message.pdu.kind != PduKind::confirmed_response || message.request_view == nullptr) return;
  const asn1::Tree& request = message.request_view->tree();
  if (request.objects.empty()) return;
  const bool deleted = service == Service::kDeleteNamedVariableList;
  // Which of several were deleted is not said unless all were.
  if (deleted &&
      message.pdu.body.child("numberDeleted").unsigned_integer() < request.objects.size()) {
    return;
  }
  std::string name;
  // The other objects of a definition are its members.
  const std::size_t names = deleted ? request.objects.size() : 1;
  for (std::size_t i = 0; i < names; ++i) {
    name.clear();
    iec61850::append_object_name(name, object_name(request.at(request.objects[i])));
    DataSetResult* set = find(context, name, message.frame);
    if (set == nullptr) return;
    set->source = service_name(service);
    if (deleted) continue;
    const iec61850::DataSet* told =
        context.model.data_set(name, context.association.connection->stream);
    members_ -= set->members.size();
    set->members.clear();
    if (told == nullptr) continue;
    if (members_ + told->members.size() > kMaxMembers) {
      tell_limit(context, "data sets listed", message.frame, kNotListed);
      continue;
    }
    set->members = told->members;
    members_ += set->members.size();
  }
}

}  // namespace mmsa::analysis
