#include "analysis/access/logs.h"

#include <algorithm>
#include <string>

#include "iec61850/reference.h"

namespace mmsa::analysis {
namespace {

// Logs listed of one association; a server has some.
constexpr std::size_t kMaxLogs = 256;

LogReport* find_log(Context& context, const asn1::Tree& request) {
  std::string name;
  if (!request.objects.empty()) {
    iec61850::append_object_name(name, object_name(request.at(request.objects[0])));
  }
  auto& logs = context.report.logs;
  const auto known = std::find_if(logs.begin(), logs.end(),
                                  [&](const LogReport& log) { return log.name == name; });
  if (known != logs.end()) return &*known;
  if (logs.size() >= kMaxLogs) return nullptr;
  logs.push_back({.name = name});
  return &logs.back();
}

}  // namespace

void LogTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.service() != Service::kReadJournal || message.request_view == nullptr) return;
  LogReport* log = find_log(context, message.request_view->tree());
  if (log == nullptr) return;
  if (message.pdu.kind == PduKind::confirmed_request) {
    ++log->queries;
  } else if (message.pdu.kind == PduKind::confirmed_response) {
    const asn1::NodeRef entries = message.pdu.body.child("listOfJournalEntry");
    for (asn1::NodeRef e = entries.first_child(); e; e = e.next_sibling(entries)) ++log->entries;
  } else {
    ++log->errors;
  }
}

}  // namespace mmsa::analysis
