// A file is opened, read until nothing follows, and closed; frsmID is the number of the open file.
// ObtainFile lets the server do the same towards the client on the same association.
#include "iec61850/file_transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mms/service_error.h"

namespace mmsa::iec61850 {

std::vector<MissingOctets> FileTransfer::missing() const {
  if (holes.empty()) return {};
  std::optional<std::uint64_t> octets_missing;
  if (const auto left = short_by(); left && at_end) {
    if (*left <= 0) return {};  // the holes held other messages
    octets_missing = static_cast<std::uint64_t>(*left);
  }
  std::vector<MissingOctets> out;
  for (const std::uint64_t at : holes) out.push_back({at, {}});
  if (out.size() == 1) out.front().octets = octets_missing;
  return out;
}

const FileTransfers::Step& FileTransfers::see(const MmsMessage& message, const FileView& view) {
  step_ = {};
  if (message.request != nullptr && message.request_view == nullptr) {
    for (FileTransfer& transfer : open_) transfer.unsure = true;
  }
  if (message.pdu.kind != PduKind::confirmed_response) {
    on_failure(message, view);
  } else if (message.request == nullptr || message.request->service == view.service) {
    switch (view.service) {
      case Service::kFileOpen:
        on_open(message, view);
        break;
      case Service::kFileRead:
        on_block(message, view);
        break;
      case Service::kFileClose:
        on_close(message, view);
        break;
      default:
        break;
    }
  }
  return step_;
}

void FileTransfers::lose(Side sender) {
  for (FileTransfer& transfer : open_) {
    transfer.unsure = true;
    if (transfer.requester == sender || transfer.at_end) continue;
    const bool noted = !transfer.holes.empty() && transfer.holes.back() == transfer.octets;
    if (!noted && transfer.holes.size() < kMaxHoles) transfer.holes.push_back(transfer.octets);
  }
}

FileTransfer* FileTransfers::find(Side requester, std::int64_t frsm_id) {
  const auto known = std::ranges::find_if(open_, [&](const FileTransfer& t) {
    return t.requester == requester && t.frsm_id == frsm_id;
  });
  return known == open_.end() ? nullptr : &*known;
}

std::string FileTransfers::name_of(const MmsMessage& message, const FileView& view) {
  std::string name;
  append_file_name(name, view.name);
  if (!name.empty() || !view.frsm_id || message.request == nullptr) return name;
  const Side requester = message.request->sender;
  if (const FileTransfer* open = find(requester, *view.frsm_id)) return open->name;
  const bool just_closed = over_.frsm_id == *view.frsm_id && over_.requester == requester;
  return just_closed ? over_.name : name;
}

// The open transfer of this number; one whose FileOpen was not captured begins here.
FileTransfer& FileTransfers::transfer(const MmsMessage& message, Side requester,
                                      std::int64_t frsm_id) {
  if (FileTransfer* known = find(requester, frsm_id)) return *known;
  if (open_.size() >= kMaxOpen) {
    step_.unclosed.push_back(take(open_.front()));
    step_.crowded_out = true;
  }
  FileTransfer& transfer = open_.emplace_back();
  transfer.frsm_id = frsm_id;
  transfer.requester = requester;
  transfer.last = message.frame;
  return transfer;
}

FileTransfer FileTransfers::take(const FileTransfer& transfer) {
  const auto place = open_.begin() + (&transfer - open_.data());
  FileTransfer taken = std::move(*place);
  open_.erase(place);
  return taken;
}

void FileTransfers::on_open(const MmsMessage& message, const FileView& view) {
  if (!view.frsm_id || message.request == nullptr) return;
  const Side requester = message.request->sender;
  // The number is free again on the server's side: the close lies in a hole, or was left out and
  // the server gave up the file.
  if (const FileTransfer* before = find(requester, *view.frsm_id)) {
    step_.unclosed.push_back(take(*before));
  }
  FileTransfer& opened = transfer(message, requester, *view.frsm_id);
  append_file_name(opened.name, view.name);
  opened.position = view.position.value_or(0);
  opened.size = view.size;
  opened.last_modified = view.last_modified;
  opened.opened = message.request->frame;
  step_.what = What::opened;
  step_.transfer = &opened;
}

void FileTransfers::on_block(const MmsMessage& message, const FileView& view) {
  FileTransfer* read = nullptr;
  if (view.frsm_id && message.request != nullptr) {
    read = &transfer(message, message.request->sender, *view.frsm_id);
  } else if (message.request == nullptr && open_.size() == 1 &&
             open_.front().requester != message.sender) {
    read = &open_.front();  // its request was not captured: there is no other file
  }
  if (read == nullptr) return;
  step_.what = What::block;
  step_.transfer = read;
  step_.offset = read->octets;
  ++read->reads;
  read->last = message.frame;
  if (message.cut || message.pdu.error) {
    lose(message.sender);  // of its octets only the first ones are there, or none
    return;
  }
  read->octets += view.data_octets.value_or(0);
  read->at_end = !view.more_follows.value_or(true);
}

void FileTransfers::on_close(const MmsMessage& message, const FileView& view) {
  if (!view.frsm_id || message.request == nullptr) return;
  FileTransfer& closed = transfer(message, message.request->sender, *view.frsm_id);
  closed.closed = closed.last = message.frame;
  over_ = take(closed);
  step_.what = What::closed;
  step_.transfer = &over_;
}

void FileTransfers::on_failure(const MmsMessage& message, const FileView& view) {
  if (message.request == nullptr) return;
  const Side requester = message.request->sender;
  FileTransfer* const open = view.frsm_id ? find(requester, *view.frsm_id) : nullptr;
  if (open != nullptr) {
    open->failed = open->last = message.frame;
    open->error = file_error_code(message.pdu);
    step_.what = What::failed;
    step_.transfer = open;
  } else if (view.service == Service::kFileOpen) {
    over_ = {};
    append_file_name(over_.name, view.name);
    over_.requester = requester;
    over_.frsm_id = FileTransfer::kNoNumber;
    over_.opened = message.request->frame;
    over_.failed = over_.last = message.frame;
    over_.error = file_error_code(message.pdu);
    step_.what = What::open_failed;
    step_.transfer = &over_;
  }
}

std::string file_error_code(const MmsPdu& pdu) {
  if (const auto error = mms::service_error(pdu)) {
    if (error->code.empty()) return fmt::format("{}/{}", error->error_class, error->number);
    if (error->error_class == "file" && error->number != 0) return std::string(error->code);
    return fmt::format("{}/{}", error->error_class, error->code);
  }
  if (const auto reason = mms::reject_reason(pdu)) {
    return fmt::format("rejected: {}", reason->code.empty() ? std::to_string(reason->number)
                                                            : std::string(reason->code));
  }
  return "an error that can not be decoded";
}

}  // namespace mmsa::iec61850
