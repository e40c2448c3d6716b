#include "analysis/files/files.h"

#include <fmt/format.h>

#include "analysis/files/file_advice.h"
#include "analysis/limit.h"
#include "analysis/wording.h"
#include "mms/service_error.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::FileTransfer;
using iec61850::FileTransfers;
using iec61850::FileView;

// Transfers listed of one association: more nobody reads. AssociationResult::files_total counts
// all, and the outputs say both.
constexpr std::size_t kMaxListed = 1000;

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

// Its name, or why there is none.
std::string title_of(const FileTransfer& transfer) {
  if (!transfer.name.empty() || transfer.frsm_id == FileTransfer::kNoNumber) return transfer.name;
  return fmt::format("({}, frsmID {})",
                     transfer.open_seen() ? "name not kept" : "opened before the capture",
                     transfer.frsm_id);
}

// What a negative answer says: class and code of its ServiceError, or its rejectReason.
struct FileError {
  std::string error_class;
  std::string code;
};
FileError file_error(const MmsPdu& pdu) {
  if (const auto error = mms::service_error(pdu)) {
    return {std::string(error->error_class), text::name_or_number(error->code, error->number)};
  }
  const auto reason = mms::reject_reason(pdu);
  return reason ? FileError{"reject", text::name_or_number(reason->code, reason->number)}
                : FileError{};
}

std::string outcome_of(const FileTransfer& transfer) {
  if (!transfer.error.empty()) return "failed: " + transfer.error;
  if (transfer.closed.number == 0) return "unclosed";
  return transfer.at_end && transfer.missing().empty() ? "complete" : "incomplete";
}

}  // namespace

void FileTracker::on_message(Context& context, const MmsMessage& message) {
  // FileRead is most of a transfer: nothing of its request is needed but the number.
  if (!Service::is_file(message.service())) return;
  if (message.pdu.kind == PduKind::confirmed_request) return;
  if (context.exchange->file() == nullptr) return;
  const FileView& view = *context.exchange->file();
  note_losses(context);
  const FileTransfers::Step& step = transfers_.see(message, view);
  for (const FileTransfer& transfer : step.unclosed) {
    if (step.crowded_out && &transfer == &step.unclosed.back()) {
      tell_limit(context, "open files", message.frame,
                 "An open file was given up, because too many were open");
    } else if (transfer.open_seen() && !transfer.unsure) {
      raise_unclosed(context, transfer, message.frame);
    }
    list(context, transfer, "unclosed");
  }
  if (message.pdu.kind != PduKind::confirmed_response) on_failure(context, message, view);
  if (step.what == FileTransfers::What::closed || step.what == FileTransfers::What::open_failed) {
    list(context, *step.transfer, outcome_of(*step.transfer));
  }
}

void FileTracker::note_losses(const Context& context) {
  for (const Side side : {Side::a, Side::b}) {
    const std::uint64_t gaps = context.loss[index(side)].gaps;
    if (gaps != gaps_[index(side)]) transfers_.lose(side);
    gaps_[index(side)] = gaps;
  }
}

void FileTracker::on_failure(Context& context, const MmsMessage& message, const FileView& view) {
  const FileTransfer* open = nullptr;
  if (message.request != nullptr && view.frsm_id) {
    open = transfers_.find(message.request->sender, *view.frsm_id);
  }
  const std::string name = open ? title_of(*open) : transfers_.name_of(message, view);
  const std::string_view service = service_title(view.service);
  // Of FileDirectory it is where the list goes on.
  const bool renamed = view.service == Service::kFileRename;
  std::string second;
  if (renamed || view.service == Service::kObtainFile) {
    iec61850::append_file_name(second, view.second_name);
  }
  const FileError error = file_error(message.pdu);
  const std::uint64_t position = view.position.value_or(0);
  Finding* f = context.findings.raise("file-failed", context.association, message.frame)
                   .object(name)
                   .also(message.request != nullptr ? message.request->frame : FrameRef{})
                   .with("service", service)
                   .with_if(!second.empty(), renamed ? "new_name" : "destination", second)
                   .with_if(position != 0, "position", position)
                   .with_if(!error.code.empty(), "error_class", error.error_class)
                   .with_if(!error.code.empty(), "error_code", error.code)
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format("{}{} failed: {}.", service, name.empty() ? "" : " of " + name,
                           iec61850::file_error_code(message.pdu));
  if (const auto detail = mms::service_error(message.pdu)) {
    use_advice(*f, file_advice(view.service, *detail, open != nullptr && open->open_seen()));
    return;
  }
  f->cause = "The other side does not support this file service, or does not accept its form.";
  f->next_step = "Take this service out of the client's configuration.";
}

void FileTracker::list(Context& context, const FileTransfer& transfer, std::string outcome) {
  ++context.report.files_total;
  if (context.report.files.size() >= kMaxListed) return;
  context.report.files.push_back(
      {.name = title_of(transfer),
       .direction = transfer.requester == context.association.client ? "get" : "set",
       .size = transfer.size,
       .position = transfer.position,
       .octets = transfer.octets,
       .reads = transfer.reads,
       .opened = transfer.opened,
       .closed = transfer.closed,
       .outcome = std::move(outcome)});
}

void FileTracker::raise_unclosed(Context& context, const FileTransfer& transfer, FrameRef end) {
  Finding* f = context.findings.raise("file-unclosed", context.association, transfer.last)
                   .object(title_of(transfer))
                   .also(transfer.opened)
                   .with("opened_in_frame", transfer.opened.number)
                   .with("octets", transfer.octets)
                   .with_if(transfer.size.has_value(), "size", transfer.size.value_or(0))
                   .with("read_to_end", transfer.at_end)
                   .with_if(!transfer.error.empty(), "error", transfer.error)
                   .put();
  if (f == nullptr || f->count > 1) return;
  f->message = fmt::format(
      "{} was opened{} and never closed, though the association went on for {}.", f->object,
      transfer.at_end ? ", read to its end" : "", duration_text(elapsed(transfer.last, end)));
  f->cause = !transfer.error.empty()
                 ? "The client broke off the transfer after an error and left the file open."
             : transfer.at_end
                 ? "The client forgets to close the files that it has fetched."
                 : "The transfer was broken off: the client was stopped or lost the connection.";
  f->next_step =
      "Let the client close each file. Most devices close them when the association ends; where a "
      "later FileOpen fails for lack of room, this is why.";
}

void FileTracker::on_close(Context& context, const ConnectionClose& close) {
  note_losses(context);
  for (const FileTransfer& transfer : transfers_.take_open()) {
    // Shortly before the end of the capture the close may still come.
    const bool may_go_on =
        close.kind == CloseKind::capture_end &&
        elapsed(transfer.last, context.trace_end) <= context.settings.no_response;
    if (transfer.open_seen() && !may_go_on && !context.one_direction &&
        close.kind != CloseKind::evicted && !transfer.unsure) {
      raise_unclosed(context, transfer, close.frame);
    }
    const bool going_on = may_go_on && !transfer.at_end && transfer.error.empty();
    list(context, transfer, going_on ? "incomplete" : outcome_of(transfer));
  }
}

}  // namespace mmsa::analysis
