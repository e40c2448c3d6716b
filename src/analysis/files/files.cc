// A file is opened, read until nothing follows, and closed; frsmID is the number of the open file.
// ObtainFile lets the server do the same towards the client on the same association.
#include "analysis/files/files.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/files/file_advice.h"
#include "analysis/wording.h"
#include "mms/service_error.h"

namespace mmsa::analysis {
namespace {

using iec61850::FileView;

// Transfers listed of one association; all are counted.
constexpr std::size_t kMaxListed = 1000;
// Files open at a time; servers allow some tens.
constexpr std::size_t kMaxOpen = 256;

// "FileOpen", as people write the services.
std::string_view service_title(std::uint16_t service) {
  switch (service) {
    case Service::kObtainFile:
      return "ObtainFile";
    case Service::kFileOpen:
      return "FileOpen";
    case Service::kFileRead:
      return "FileRead";
    case Service::kFileClose:
      return "FileClose";
    case Service::kFileRename:
      return "FileRename";
    case Service::kFileDelete:
      return "FileDelete";
    case Service::kFileDirectory:
      return "FileDirectory";
    default:
      return "A file service";
  }
}

std::string failure_text(const MmsMessage& message) {
  if (const auto error = mms::service_error(message.pdu)) {
    if (error->code.empty()) return fmt::format("{}/{}", error->error_class, error->number);
    // The codes of class file say themselves what they are about, but for one.
    if (error->error_class == "file" && error->number != 0) return std::string(error->code);
    return fmt::format("{}/{}", error->error_class, error->code);
  }
  if (const auto reason = mms::reject_reason(message.pdu)) {
    return fmt::format("rejected: {}", reason->code.empty() ? std::to_string(reason->number)
                                                            : std::string(reason->code));
  }
  return "an error that can not be decoded";
}

}  // namespace

void FileTracker::on_message(Context& context, const MmsMessage& message) {
  const std::uint16_t service = message.service();
  if (!Service::is_file(service)) return;
  // FileRead is most of a transfer: nothing of its request is needed but the number.
  if (message.pdu.kind == PduKind::confirmed_request) return;
  if (context.exchange->file() == nullptr) return;
  const FileView& view = *context.exchange->file();
  if (message.request != nullptr && message.request_view == nullptr) {
    for (Transfer& transfer : open_) transfer.unsure = true;
  }
  if (message.pdu.kind == PduKind::confirmed_response) {
    if (message.request != nullptr && message.request->service == service) {
      on_answer(context, message, view);
    }
  } else {
    on_failure(context, message, view);
  }
}

FileTracker::Transfer* FileTracker::find(Side requester, std::int64_t frsm_id) {
  const auto known = std::find_if(open_.begin(), open_.end(), [&](const Transfer& t) {
    return t.requester == requester && t.frsm_id == frsm_id;
  });
  return known == open_.end() ? nullptr : &*known;
}

FileTracker::Transfer& FileTracker::transfer(Context& context, const MmsMessage& message,
                                             std::int64_t frsm_id) {
  const Side requester = message.request->sender;
  if (Transfer* known = find(requester, frsm_id)) return *known;
  if (open_.size() >= kMaxOpen) finish(context, open_.front(), "unclosed");
  Transfer& transfer = open_.emplace_back();
  transfer.frsm_id = frsm_id;
  transfer.requester = requester;
  transfer.last = message.frame;
  transfer.gaps = context.loss[0].gaps + context.loss[1].gaps;
  transfer.report.name = fmt::format("(opened before the capture, frsmID {})", frsm_id);
  transfer.report.direction = requester == context.association.client ? "get" : "set";
  return transfer;
}

void FileTracker::on_answer(Context& context, const MmsMessage& message, const FileView& view) {
  switch (view.service) {
    case Service::kFileOpen:
      on_open(context, message, view);
      break;
    case Service::kFileRead: {
      if (!view.frsm_id) break;
      Transfer& read = transfer(context, message, *view.frsm_id);
      ++read.report.reads;
      read.report.octets += view.data_octets.value_or(0);
      read.at_end = !view.more_follows.value_or(true);
      read.last = message.frame;
      break;
    }
    case Service::kFileClose: {
      if (!view.frsm_id) break;
      Transfer& closed = transfer(context, message, *view.frsm_id);
      closed.report.closed = message.frame;
      last_closed_ = {closed.frsm_id, closed.requester, closed.report.name};
      std::string outcome = closed.at_end ? "complete" : "incomplete";
      if (!closed.error.empty()) outcome = "failed: " + closed.error;
      finish(context, closed, std::move(outcome));
      break;
    }
    default:
      break;
  }
}

void FileTracker::on_open(Context& context, const MmsMessage& message, const FileView& view) {
  if (!view.frsm_id) return;
  if (Transfer* before = find(message.request->sender, *view.frsm_id)) {
    // The number is free again on the server's side: the close lies in a hole, or was left out and
    // the server gave up the file.
    if (before->report.opened.number != 0 && !lost_since(context, *before)) {
      raise_unclosed(context, *before, message.frame);
    }
    finish(context, *before, "unclosed");
  }
  Transfer& opened = transfer(context, message, *view.frsm_id);
  opened.report.name.clear();
  iec61850::append_file_name(opened.report.name, view.name);
  if (message.request_view == nullptr) {
    opened.report.name = fmt::format("(name not kept, frsmID {})", *view.frsm_id);
  }
  opened.report.size = view.size;
  opened.report.position = view.position.value_or(0);
  opened.report.opened = message.request->frame;
}

std::string FileTracker::name_of(const MmsMessage& message, const FileView& view) {
  std::string name;
  iec61850::append_file_name(name, view.name);
  if (!name.empty() || !view.frsm_id || message.request == nullptr) return name;
  if (const Transfer* open = find(message.request->sender, *view.frsm_id)) return open->report.name;
  const bool just_closed =
      last_closed_.frsm_id == *view.frsm_id && last_closed_.requester == message.request->sender;
  return just_closed ? last_closed_.name : name;
}

void FileTracker::on_failure(Context& context, const MmsMessage& message, const FileView& view) {
  const std::string name = name_of(message, view);
  const std::string error = failure_text(message);
  bool is_open = false;
  if (message.request != nullptr) {
    if (Transfer* open = view.frsm_id ? find(message.request->sender, *view.frsm_id) : nullptr) {
      is_open = open->report.opened.number != 0;
      open->error = error;
      open->last = message.frame;
    } else if (view.service == Service::kFileOpen) {
      Transfer failed;
      failed.report.name = name;
      failed.report.direction =
          message.request->sender == context.association.client ? "get" : "set";
      failed.report.opened = message.request->frame;
      finish(context, failed, "failed: " + error);
    }
  }
  const std::string_view service = service_title(view.service);
  Finding* f = context.findings.raise("file-failed", context.association, name,
                                      fmt::format("{} {}", service, error), message.frame);
  if (f == nullptr) return;
  if (message.request != nullptr) FindingCollector::add_frame(*f, message.request->frame.number);
  if (f->count > 1) return;
  f->message = name.empty() ? fmt::format("{} failed: {}.", service, error)
                            : fmt::format("{} of {} failed: {}.", service, name, error);
  set_evidence(*f, "service", std::string(service));
  if (view.second_name) {
    std::string second;
    iec61850::append_file_name(second, view.second_name);
    set_evidence(*f, view.service == Service::kFileRename ? "new_name" : "destination", second);
  }
  if (view.position.value_or(0) != 0) {
    set_evidence(*f, "position", static_cast<std::int64_t>(*view.position));
  }
  const auto detail = mms::service_error(message.pdu);
  if (!detail) {
    f->cause = "The other side does not support this file service, or does not accept its form.";
    f->next_step = "Take this service out of the client's configuration.";
    return;
  }
  set_evidence(*f, "error_class", std::string(detail->error_class));
  set_evidence(*f, "error_code",
               detail->code.empty() ? std::to_string(detail->number) : std::string(detail->code));
  use_advice(*f, file_advice(view.service, *detail, is_open));
}

// Takes a transfer off the open ones, if it is one, and lists it.
void FileTracker::finish(Context& context, Transfer& transfer, std::string outcome) {
  transfer.report.outcome = std::move(outcome);
  ++context.report.files_total;
  if (context.report.files.size() < kMaxListed) {
    context.report.files.push_back(std::move(transfer.report));
  }
  const auto place =
      std::find_if(open_.begin(), open_.end(), [&](const Transfer& t) { return &t == &transfer; });
  if (place != open_.end()) open_.erase(place);
}

bool FileTracker::lost_since(const Context& context, const Transfer& transfer) {
  return transfer.unsure || context.loss[0].gaps + context.loss[1].gaps != transfer.gaps;
}

void FileTracker::raise_unclosed(Context& context, const Transfer& transfer, FrameRef end) {
  const FileResult& file = transfer.report;
  Finding* f = context.findings.raise("file-unclosed", context.association, file.name,
                                      transfer.at_end ? "read" : "broken off", transfer.last);
  if (f == nullptr) return;
  FindingCollector::add_frame(*f, file.opened.number);
  if (f->count > 1) return;
  f->message = fmt::format(
      "{} was opened{} and never closed, though the association went on for {}.", file.name,
      transfer.at_end ? ", read to its end" : "", duration_text(elapsed(transfer.last, end)));
  set_evidence(*f, "opened_in_frame", static_cast<std::int64_t>(file.opened.number));
  set_evidence(*f, "octets", static_cast<std::int64_t>(file.octets));
  if (file.size) set_evidence(*f, "size", static_cast<std::int64_t>(*file.size));
  set_evidence(*f, "read_to_end", transfer.at_end);
  if (!transfer.error.empty()) {
    set_evidence(*f, "error", transfer.error);
    f->cause = "The client broke off the transfer after an error and left the file open.";
  } else if (transfer.at_end) {
    f->cause = "The client forgets to close the files that it has fetched.";
  } else {
    f->cause = "The transfer was broken off: the client was stopped or lost the connection.";
  }
  f->next_step =
      "Let the client close each file. Most devices close them when the association ends; where a "
      "later FileOpen fails for lack of room, this is why.";
}

void FileTracker::on_close(Context& context, const ConnectionClose& close) {
  while (!open_.empty()) {
    Transfer& transfer = open_.front();
    // Shortly before the end of the capture the close may still come.
    const bool may_go_on =
        close.kind == CloseKind::capture_end &&
        elapsed(transfer.last, context.trace_end) <= context.settings.no_response;
    if (transfer.report.opened.number != 0 && !may_go_on && !context.one_direction &&
        close.kind != CloseKind::evicted && !lost_since(context, transfer)) {
      raise_unclosed(context, transfer, close.frame);
    }
    std::string outcome = "unclosed";
    if (!transfer.error.empty()) {
      outcome = "failed: " + transfer.error;
    } else if (may_go_on && !transfer.at_end) {
      outcome = "incomplete";
    }
    finish(context, transfer, std::move(outcome));
  }
}

}  // namespace mmsa::analysis
