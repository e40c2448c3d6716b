#include "analysis/requests/paging.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "analysis/requests/asked_names.h"
#include "analysis/wording.h"
#include "mms/service_error.h"

namespace mmsa::analysis {
namespace {

// Behind what the page was to begin; the octets of the element, or none.
Bytes continued_after(const MmsPdu& request) {
  if (const asn1::NodeRef after = request.body.child("continueAfter")) return after.bytes();
  return request.body.child("entryToStartAfter").child("entrySpecification").bytes();
}

// An element with just this content: its length stands before it. Names of more than 127 octets,
// whose length is longer, are not looked for.
bool holds(std::string_view body, std::string_view element) {
  for (std::size_t at = body.find(element); at != std::string_view::npos;
       at = body.find(element, at + 1)) {
    if (at > 0 && static_cast<std::uint8_t>(body[at - 1]) == element.size()) return true;
  }
  return false;
}

}  // namespace

void PagingTracker::on_message(Context& context, const MmsMessage& message) {
  const std::uint16_t service = message.pdu.service;
  if (message.pdu.kind != PduKind::confirmed_response || message.request_view == nullptr) return;
  if (message.cut || message.pdu.error || !mms::more_follows(message.pdu)) return;
  const Bytes after = continued_after(message.request_view->pdu());
  const std::string_view body = as_text(message.pdu.body.bytes());
  const std::uint64_t hash = std::hash<std::string_view>{}(body);
  auto page = std::find_if(pages_.begin(), pages_.end(),
                           [&](const Page& p) { return p.service == service; });
  if (page == pages_.end()) {
    page = pages_.insert(pages_.end(), Page{});
    page->service = service;
  }
  const Page before = *page;
  page->hash = hash;
  page->frame = message.frame;
  // The same page, and in it the very name behind which it was to begin.
  if (after.empty() || before.hash != hash || before.frame.number == 0 ||
      !holds(body, as_text(after))) {
    page->repeated = 0;
    return;
  }
  ++page->repeated;
  const AskedNames names = asked_names(message.request_view->pdu(), message.request_view->tree());
  const std::string title(service_name(service));
  Finding* f = context.findings.raise("list-loop", context.association, message.frame)
                   .object(names.first)
                   .party(context.party_of(message.sender))
                   .with("service", title)
                   .also(before.frame)
                   .also(message.request->frame)
                   .put();
  if (f == nullptr) return;
  f->evidence.set("repeated", f->count);
  f->message = fmt::format(
      "The {} sent the same page of {}{} again, {} time{}, each with moreFollows: the list never "
      "ends.",
      context.name_of(message.sender), title, names.first.empty() ? "" : " of " + names.first,
      f->count, plural(f->count));
}

}  // namespace mmsa::analysis
