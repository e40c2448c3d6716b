#include "iec61850/report_control.h"

#include <algorithm>

#include "iec61850/report.h"
#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::iec61850 {
std::string owner_text(Bytes owner) {
  constexpr std::size_t kIpv4 = 4;
  constexpr std::size_t kIpv6 = 16;
  if (owner.size() != kIpv4 && owner.size() != kIpv6) return {};
  if (std::all_of(owner.begin(), owner.end(), [](std::uint8_t o) { return o == 0; })) return {};
  IpAddress address;
  address.is_v6 = owner.size() == kIpv6;
  std::copy(owner.begin(), owner.end(), address.octets.begin());
  std::string text;
  text::append_address(text, address);
  return text;
}

ReportControl* ReportControls::of(std::string_view reference, bool buffered) {
  const auto known = blocks_.find(reference);
  if (known != blocks_.end()) return &known->second;
  if (blocks_.size() >= limits::kMaxReportControls) return nullptr;
  ReportControl& block = blocks_[std::string(reference)];
  block.reference = reference;
  block.buffered = buffered;
  return &block;
}

const ReportControl* ReportControls::find(std::string_view reference) const {
  const auto known = blocks_.find(reference);
  return known == blocks_.end() ? nullptr : &known->second;
}

void ReportControls::learn(ReportControl& block, RcbAttribute attribute, asn1::NodeRef value) {
  switch (attribute) {
    case RcbAttribute::RptID:
      block.rpt_id = std::string(value.text());
      break;
    case RcbAttribute::DatSet:
      block.dat_set = std::string(value.text());
      break;
    case RcbAttribute::ConfRev:
      block.conf_rev = value.unsigned_integer();
      break;
    case RcbAttribute::OptFlds:
      block.opt_flds = low_bits(BitString(value.bytes()));
      break;
    case RcbAttribute::TrgOps:
      block.trg_ops = low_bits(BitString(value.bytes()));
      break;
    case RcbAttribute::BufTm:
      block.buf_tm = value.unsigned_integer();
      break;
    case RcbAttribute::IntgPd:
      block.intg_pd = value.unsigned_integer();
      break;
    case RcbAttribute::ResvTms:
      block.resv_tms = value.integer();
      break;
    default:
      break;
  }
}

void ReportControls::written(ReportControl& block, RcbAttribute attribute, asn1::NodeRef value,
                             RcbClient client, FrameRef frame) {
  learn(block, attribute, value);
  const RcbHolder holder{std::string(client.endpoint), client.stream, frame, {}};
  if (attribute == RcbAttribute::RptEna || attribute == RcbAttribute::Resv ||
      attribute == RcbAttribute::ResvTms) {
    taken_by_[client.stream].insert(&block);
  }
  switch (attribute) {
    case RcbAttribute::RptEna:
      if (!block.lives.empty() && block.enabled_by.held()) block.lives.back().to = frame;
      block.enabled_unseen = {};
      if (!value.boolean()) {
        block.enabled_by = {};
        block.position = {};
        break;
      }
      // Enabled once more by who has it: since the first time.
      if (!block.enabled_by.held() || block.enabled_by.stream != client.stream) {
        block.enabled_by = holder;
      }
      ++block.life_count;
      if (block.lives.size() < kMaxLives) block.lives.push_back({client.stream, frame, {}});
      break;
    case RcbAttribute::Resv:
      block.reserved_by = value.boolean() ? holder : RcbHolder{};
      break;
    case RcbAttribute::ResvTms:
      block.reserved_by = value.integer() > 0 ? holder : RcbHolder{};
      break;
    case RcbAttribute::EntryID: {
      const Bytes id = value.bytes();
      const bool named = std::any_of(id.begin(), id.end(), [](std::uint8_t o) { return o != 0; });
      ++block.entry_ids_written;
      block.position = {.frame = frame, .refused = false, .named = named};
      break;
    }
    case RcbAttribute::DatSet:
      block.dat_set_told = {.frame = frame, .stream = client.stream, .written = true};
      break;
    case RcbAttribute::PurgeBuf:
      if (!value.boolean()) break;
      block.purged = true;
      if (block.purges == 0 || block.last_purge != client.stream) ++block.purging_streams;
      ++block.purges;
      block.last_purge = client.stream;
      break;
    default:
      break;
  }
}

void ReportControls::refused(ReportControl& block, RcbAttribute attribute, FrameRef frame) {
  if (attribute != RcbAttribute::EntryID) return;
  ++block.entry_ids_refused;
  block.position = {.frame = frame, .refused = true, .named = block.position.named};
}

void ReportControls::read(ReportControl& block, RcbAttribute attribute, asn1::NodeRef value,
                          RcbClient client, FrameRef frame) {
  // Who wrote a data set stays known while it is read back.
  const bool dat_set = attribute == RcbAttribute::DatSet &&
                       (block.dat_set_told.frame.number == 0 || block.dat_set != value.text());
  learn(block, attribute, value);
  if (dat_set) {
    block.dat_set_told = {.frame = frame, .stream = client.stream, .written = false};
  } else if (attribute == RcbAttribute::ConfRev) {
    block.conf_rev_told = frame;
  } else if (attribute == RcbAttribute::Owner) {
    block.owner = owner_text(value.bytes());
    block.owner_read = frame;
  } else if (attribute == RcbAttribute::RptEna) {
    const bool enabled = value.boolean();
    const bool seen = block.enabled_by.held();
    block.enabled_unseen = enabled && !seen ? frame : FrameRef{};
    // Disabled by a client that the capture does not show, or by the server.
    if (!enabled && seen && block.enabled_by.stream != client.stream) block.enabled_by = {};
  } else if (attribute == RcbAttribute::Resv || attribute == RcbAttribute::ResvTms) {
    // Released in the same way.
    const bool free = attribute == RcbAttribute::Resv ? !value.boolean() : value.integer() == 0;
    if (free && block.reserved_by.stream != client.stream) block.reserved_by = {};
  }
}

void ReportControls::disconnected(std::uint32_t stream, FrameRef frame) {
  const auto taken = taken_by_.find(stream);
  if (taken == taken_by_.end()) return;
  for (ReportControl* const block : taken->second) {
    for (RcbHolder* holder : {&block->enabled_by, &block->reserved_by}) {
      if (holder->held() && holder->stream == stream) holder->disconnected = frame;
    }
    if (!block->lives.empty() && block->lives.back().stream == stream &&
        block->lives.back().to.number == 0) {
      block->lives.back().to = frame;
    }
  }
  taken_by_.erase(taken);
}

const RcbHolder* ReportControls::holder_against(const ReportControl& block, std::uint32_t stream) {
  for (const RcbHolder* holder : {&block.enabled_by, &block.reserved_by}) {
    if (holder->held() && holder->stream != stream) return holder;
  }
  return nullptr;
}

}  // namespace mmsa::iec61850
