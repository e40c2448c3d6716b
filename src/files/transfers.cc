#include "files/transfers.h"

#include <algorithm>

namespace mmsa::files {

using iec61850::append_file_name;
using iec61850::FileTransfer;
using iec61850::FileTransfers;

namespace {

// Octets kept of a name; file systems allow 255 for each component.
constexpr std::size_t kMaxName = 512;

void shorten(std::string& name) {
  if (name.size() > kMaxName) name.resize(kMaxName);
}

}  // namespace

bool Transfer::complete() const {
  if (!file.complete() || file.position != 0) return false;
  // Some servers do not say, which is 0.
  return file.size.value_or(0) == 0 || file.octets >= *file.size;
}

Transfers::Story& Transfers::story_of(const Association& association) {
  const Connection& connection = *association.connection;
  Story& story = stories_[connection.stream];
  story.client = association.client;
  story.where = {.server = connection.endpoint[index(association.server())],
                 .client = connection.endpoint[index(association.client)],
                 .stream = connection.stream};
  return story;
}

void Transfers::on(const Association& association, const iec61850::Event& event) {
  if (const auto* told = std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event)) {
    const iec61850::Exchange& exchange = *told;
    if (exchange.file() != nullptr && exchange.file()->answer) {
      on_exchange(story_of(association), exchange);
    }
    return;
  }
  const auto known = stories_.find(association.connection->stream);
  if (known == stories_.end()) return;
  if (const auto* gap = std::get_if<GapEvent>(&event)) {
    known->second.files.lose(gap->sender);
  } else if (std::holds_alternative<ConnectionClose>(event)) {
    close(known->second);
    stories_.erase(known);
  }
}

void Transfers::on_exchange(Story& story, const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  const iec61850::FileView& view = *exchange.file();
  if (view.service == Service::kFileDirectory) list(story, exchange);
  const FileTransfers::Step& step = story.files.see(message, view);
  for (const FileTransfer& unclosed : step.unclosed) finish(story, unclosed);
  switch (step.what) {
    case FileTransfers::What::block:
      if (!message.cut && !message.pdu.error) on_block(story, *step.transfer, view.data);
      break;
    case FileTransfers::What::closed:
    case FileTransfers::What::open_failed:
      finish(story, *step.transfer);
      break;
    default:
      break;
  }
}

// Octets are written as they come, and kept only where they may be a configuration.
void Transfers::on_block(Story& story, const FileTransfer& file, Bytes octets) {
  auto open = std::ranges::find_if(story.open, [&](const Open& o) {
    return o.requester == file.requester && o.frsm_id == file.frsm_id;
  });
  if (open == story.open.end()) {
    story.open.push_back(
        {.requester = file.requester, .frsm_id = file.frsm_id, .name = {}, .head = {}});
    open = story.open.end() - 1;
  }
  if (extractor_ != nullptr) {
    if (!open->made) open->name = extractor_->create(file.name);
    open->made = true;
    if (!open->name.empty()) extractor_->append(open->name, octets);
  }
  const ComtradePart part = comtrade_part(file.name);
  if (part != ComtradePart::configuration && part != ComtradePart::combined) return;
  // A hole would make other lines of two.
  if (!file.holes.empty() || file.position != 0) return;
  const std::size_t room = std::min(kMaxHead - std::min(kMaxHead, open->head.size()),
                                    kMaxHeads - std::min(kMaxHeads, heads_));
  const Bytes kept = octets.first(std::min(octets.size(), room));
  open->head += as_text(kept);
  heads_ += kept.size();
}

void Transfers::finish(Story& story, FileTransfer file) {
  Transfer transfer{.where = story.where,
                    .file = std::move(file),
                    .to_client = true,
                    .saved_as = {},
                    .comtrade = {}};
  transfer.to_client = transfer.file.requester == story.client;
  const auto open = std::ranges::find_if(story.open, [&](const Open& o) {
    return o.requester == transfer.file.requester && o.frsm_id == transfer.file.frsm_id;
  });
  if (open != story.open.end()) {
    if (!open->name.empty()) {
      transfer.saved_as =
          transfer.complete() ? extractor_->complete(open->name) : Extractor::partial(open->name);
    }
    transfer.comtrade = open->head.empty() ? std::nullopt : read_comtrade(open->head);
    heads_ -= open->head.size();
    story.open.erase(open);
  }
  if (transfers_.size() >= kMaxTransfers) {
    ++left_out_;
    return;
  }
  shorten(transfer.file.name);
  if (transfer.comtrade) {
    records_.insert_or_assign(
        {story.where.server, std::string(comtrade_record(transfer.file.name))}, *transfer.comtrade);
  }
  transfers_.push_back(std::move(transfer));
}

void Transfers::list(const Story& story, const iec61850::Exchange& exchange) {
  const MmsMessage& message = exchange.message();
  if (message.pdu.kind != PduKind::confirmed_response) return;
  std::string directory;
  append_file_name(directory, exchange.file()->name);
  shorten(directory);
  const asn1::NodeRef entries = message.pdu.body.child("listOfDirectoryEntry");
  for (asn1::NodeRef e = entries.first_child(); e; e = e.next_sibling(entries)) {
    if (listed_.size() >= kMaxListed) {
      ++left_out_;
      continue;
    }
    Listed& listed = listed_.emplace_back();
    listed.where = story.where;
    listed.frame = message.frame;
    listed.directory = directory;
    append_file_name(listed.name, e.child("filename"));
    shorten(listed.name);
    const asn1::NodeRef attributes = e.child("fileAttributes");
    if (const auto size = attributes.child("sizeOfFile")) listed.size = size.unsigned_integer();
    listed.last_modified = attributes.child("lastModified").text();
  }
}

void Transfers::close(Story& story) {
  for (FileTransfer& file : story.files.take_open()) finish(story, std::move(file));
}

const Comtrade* Transfers::comtrade(const Transfer& transfer) const {
  if (comtrade_part(transfer.file.name) == ComtradePart::none) return nullptr;
  const auto found =
      records_.find({transfer.where.server, std::string(comtrade_record(transfer.file.name))});
  return found == records_.end() ? nullptr : &found->second;
}

}  // namespace mmsa::files
