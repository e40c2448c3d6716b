#include "analysis/access/logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "analysis/limit.h"
#include "analysis/wording.h"
#include "iec61850/reference.h"
#include "iec61850/value_text.h"
#include "mmsanalyze/data.h"

namespace mmsa::analysis {
namespace {

// Logs listed of one association; a server has some, thousands would make listing them quadratic.
constexpr std::size_t kMaxLogs = 256;
// A day in the year 2073: half of what 16 bits count, and no time that a log holds.
constexpr std::uint16_t kWrappedDays = 0x7FFF;

LogResult* find_log(Context& context, const asn1::Tree& request, FrameRef frame) {
  std::string name;
  if (!request.objects.empty()) {
    iec61850::append_object_name(name, object_name(request.at(request.objects[0])));
  }
  auto& logs = context.report.logs;
  const auto known = std::find_if(logs.begin(), logs.end(),
                                  [&](const LogResult& log) { return log.name == name; });
  if (known != logs.end()) return &*known;
  if (logs.size() >= kMaxLogs) {
    tell_limit(context, "logs", frame, "queries of further logs were not counted");
    return nullptr;
  }
  logs.push_back({.name = name});
  return &logs.back();
}

}  // namespace

// Times of a ReadJournal request (ISO 9506-2 clause 20.4) that leave nothing between them.
void LogTracker::check_range(Context& context, const MmsMessage& message) {
  const asn1::NodeRef begin =
      message.pdu.body.child("rangeStartSpecification").child("startingTime");
  const asn1::NodeRef end = message.pdu.body.child("rangeStopSpecification").child("endingTime");
  BinaryTime from;
  BinaryTime to;
  if (!begin || !end || !read_binary_time(begin.bytes(), from) ||
      !read_binary_time(end.bytes(), to)) {
    return;
  }
  if (!from.has_date || !to.has_date || from.time() <= to.time()) return;
  std::string name;
  if (!message.tree.objects.empty()) {
    iec61850::append_object_name(name, object_name(message.tree.at(message.tree.objects[0])));
  }
  std::string first;
  std::string last;
  iec61850::append_binary_time(first, begin.bytes());
  iec61850::append_binary_time(last, end.bytes());
  Finding* f = context.findings.raise("range-empty", context.association, message.frame)
                   .object(name)
                   .with("range_start", first)
                   .with("range_end", last)
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format(
      "The range of this query begins at {} and ends before, at {}: it is empty by its own bounds.",
      first, last);
  if (from.days <= kWrappedDays) return;
  f->cause =
      "The client wanted a time before 1984-01-01, where these times begin: the count of days "
      "wrapped around and became a date far ahead.";
  f->next_step = "Let the query begin at 1984-01-01 or later.";
}

void LogTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.pdu.kind == PduKind::confirmed_request && !message.cut && !message.pdu.error) {
    check_range(context, message);
  }
  if (message.service() != Service::kReadJournal || message.request_view == nullptr) return;
  LogResult* log = find_log(context, message.request_view->tree(), message.frame);
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
