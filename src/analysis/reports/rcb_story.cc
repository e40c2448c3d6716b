#include "analysis/reports/rcb_story.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/wording.h"
#include "iec61850/names.h"
#include "iec61850/value_text.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::RcbAttribute;

// Steps kept of one block's story.
constexpr std::size_t kMaxSteps = 64;
// Characters of one step after which what is configured begins another.
constexpr std::size_t kMaxDetail = 1000;
// Blocks followed in one association; more than any IED has.
constexpr std::size_t kMaxBlocks = 4096;

std::string attribute_value(RcbAttribute attribute, asn1::NodeRef value) {
  std::string out(iec61850::rcb_attribute_name(attribute));
  out += '=';
  if (attribute == RcbAttribute::OptFlds) {
    iec61850::append_opt_flds(out, BitString(value.bytes()));
  } else if (attribute == RcbAttribute::TrgOps) {
    iec61850::append_trg_ops(out, BitString(value.bytes()));
  } else {
    iec61850::append_value(out, value);
  }
  return out;
}

// What a write of this attribute means to a person.
std::string_view step_name(RcbAttribute attribute, bool value) {
  switch (attribute) {
    case RcbAttribute::RptEna:
      return value ? "enable" : "disable";
    case RcbAttribute::Resv:
      return value ? "reserve" : "release";
    case RcbAttribute::ResvTms:
      return "reserve";
    case RcbAttribute::GI:
      return "general interrogation";
    case RcbAttribute::PurgeBuf:
      return "purge buffer";
    case RcbAttribute::EntryID:
      return "resynchronise";
    default:
      return "configure";
  }
}

void add_step(RcbState& block, RcbStep step) {
  std::vector<RcbStep>& story = block.report.story;
  // Attributes that are configured one after the other are one step.
  if (!story.empty() && story.size() == block.report.steps) {
    RcbStep& last = story.back();
    if (last.what == "configure" && step.what == "configure" && last.ok && step.ok &&
        last.detail.size() < kMaxDetail) {
      last.detail += ", " + step.detail;
      return;
    }
  }
  ++block.report.steps;
  if (story.size() < kMaxSteps) story.push_back(std::move(step));
}

iec61850::RcbClient client_of(const Context& context, std::string& text) {
  const Association& a = context.association;
  text = text::endpoint(a.connection->endpoint[index(a.client)]);
  return {text, a.connection->stream};
}

}  // namespace

// What other associations were told of the block.
void RcbTracker::sync(RcbState& block) {
  const iec61850::ReportControl& known = *block.control;
  if (!block.rpt_id && known.rpt_id) set_rpt_id(block, *known.rpt_id);
}

RcbState* RcbTracker::find_block(Context& context, std::string_view domain,
                                 const iec61850::RcbItem& item) {
  std::string reference(domain);
  reference += '/';
  reference += item.block;
  const auto known = by_reference_.find(reference);
  if (known != by_reference_.end()) return known->second;
  iec61850::ReportControl* const control =
      blocks_.size() < kMaxBlocks ? context.report_controls->of(reference, item.buffered) : nullptr;
  if (control == nullptr) {
    ++not_followed_;
    return nullptr;
  }
  RcbState& state = blocks_.emplace_back();
  state.reference = reference;
  state.buffered = item.buffered;
  state.control = control;
  state.report.reference = reference;
  state.report.buffered = item.buffered;
  by_reference_.emplace(std::move(reference), &state);
  index_rpt_id(state);
  sync(state);
  return &state;
}

void RcbTracker::index_rpt_id(RcbState& block) {
  by_rpt_id_.emplace(std::hash<std::string_view>{}(block.effective_rpt_id()), &block);
}

void RcbTracker::set_rpt_id(RcbState& block, std::string_view rpt_id) {
  block.report.rpt_id = rpt_id;
  if (block.rpt_id && *block.rpt_id == rpt_id) return;
  const auto [begin, end] =
      by_rpt_id_.equal_range(std::hash<std::string_view>{}(block.effective_rpt_id()));
  for (auto at = begin; at != end; ++at) {
    if (at->second != &block) continue;
    by_rpt_id_.erase(at);
    break;
  }
  if (!block.rpt_id) std::erase(enabled_unnamed_, &block);
  block.rpt_id = std::string(rpt_id);
  index_rpt_id(block);
  ++version_;
}

void RcbTracker::set_here(RcbState& block, bool here) {
  if (block.here == here) return;
  block.here = here;
  enabled_here_ += here ? 1u : ~std::size_t{0};
  if (!here) {
    std::erase(enabled_unnamed_, &block);
  } else if (!block.rpt_id) {
    enabled_unnamed_.push_back(&block);
  }
  ++version_;
}

void RcbTracker::touch(const RcbState& state, FrameRef frame) {
  if (first_touch_.number != 0) return;
  first_touch_ = frame;
  first_touched_ = state.reference;
}

void RcbTracker::on_message(Context& context, const MmsMessage& message, RcbListener& listener) {
  const std::uint16_t service = message.service();
  if (service != Service::kRead && service != Service::kWrite) return;
  if (message.pdu.kind == PduKind::confirmed_request) {
    if (service == Service::kWrite) on_write_request(context, message, listener);
  } else if (message.pdu.kind == PduKind::confirmed_response && message.request_view != nullptr) {
    if (service == Service::kWrite) {
      on_write_answer(context, message, listener);
    } else {
      on_read_answer(context, message);
    }
  }
}

void RcbTracker::on_write_request(Context& context, const MmsMessage& message,
                                  RcbListener& listener) {
  for (const iec61850::Item& written : context.exchange->items()) {
    const ObjectName name = written.name();
    const auto item = iec61850::rcb_item(name.item);
    if (!item || item->attribute != RcbAttribute::RptEna) continue;
    if (!written.value || !written.value.boolean()) continue;
    enable_tried_ = true;
    RcbState* const state = find_block(context, name.domain, *item);
    if (state == nullptr) continue;
    sync(*state);
    set_here(*state, true);
    listener.on_enabling(context, *state, message.frame);
  }
}

void RcbTracker::on_write_answer(Context& context, const MmsMessage& message,
                                 RcbListener& listener) {
  for (const iec61850::Item& written : context.exchange->items()) {
    const ObjectName name = written.name();
    const auto item = iec61850::rcb_item(name.item);
    if (!item || item->attribute == RcbAttribute::none || !written.value) continue;
    RcbState* const state = find_block(context, name.domain, *item);
    if (state == nullptr) continue;
    touch(*state, message.frame);
    written_ = true;
    if (written.error) {
      refused(*state, item->attribute, written.value, *written.error, message.frame);
    } else {
      accepted(context, *state, item->attribute, written.value, message, listener);
    }
  }
  if (!refusals_.empty()) raise_refusals(context, message);
}

void RcbTracker::raise_refusals(Context& context, const MmsMessage& message) {
  // A write is about one block as a rule; those of several are told block by block.
  std::stable_sort(refusals_.begin(), refusals_.end(), [](const auto& a, const auto& b) {
    return a.first->reference < b.first->reference;
  });
  std::vector<RcbRefusal> of_block;
  for (std::size_t i = 0; i < refusals_.size(); ++i) {
    of_block.push_back(std::move(refusals_[i].second));
    if (i + 1 < refusals_.size() && refusals_[i + 1].first == refusals_[i].first) continue;
    raise_refused(context, *refusals_[i].first, of_block, message);
    of_block.clear();
  }
  refusals_.clear();
}

void RcbTracker::accepted(Context& context, RcbState& state, RcbAttribute attribute,
                          asn1::NodeRef value, const MmsMessage& message, RcbListener& listener) {
  learn(state, attribute, value);
  note_takeover(context, state, attribute, value, message);
  std::string client;
  context.report_controls->written(*state.control, attribute, value, client_of(context, client),
                                   message.frame);
  const std::string what(step_name(attribute, value.boolean()));
  add_step(state, {.frame = message.frame,
                   .what = what,
                   .detail = attribute_value(attribute, value),
                   .ok = true,
                   .error = {}});
  switch (attribute) {
    case RcbAttribute::RptEna:
      if (value.boolean()) {
        state.enabled = true;
        set_here(state, true);
        state.enabled_at = message.frame;
        const Association& a = context.association;
        state.report.holder = text::endpoint(a.connection->endpoint[index(a.client)]);
      } else {
        if (state.enabled) listener.on_disabled(context, state, message.frame);
        state.enabled = false;
        set_here(state, false);
        state.pending_enable = {};
      }
      break;
    case RcbAttribute::GI:
      if (value.boolean()) ++state.report.general_interrogations;
      break;
    case RcbAttribute::PurgeBuf:
      if (value.boolean()) check_purge(context, state, message);
      break;
    default:
      break;
  }
}

// A client that empties the buffer whenever it comes, and never says where it was.
void RcbTracker::check_purge(Context& context, RcbState& state, const MmsMessage& message) {
  const iec61850::ReportControl& block = *state.control;
  if (block.purging_streams < 2 || block.entry_ids_written + block.entry_ids_refused > 0) return;
  Finding* f = context.findings.raise("rcb-purged-at-reconnect", context.association, message.frame)
                   .between_hosts()
                   .object(state.reference)
                   .also(message.request->frame)
                   .put();
  if (f == nullptr) return;
  f->message = fmt::format(
      "The client purged the buffer (PurgeBuf) in {} connections and never wrote an EntryID: what "
      "the server "
      "kept for it is thrown away.",
      block.purging_streams);
  f->evidence.set("connections", static_cast<std::int64_t>(block.purging_streams));
}

void RcbTracker::refused(RcbState& state, RcbAttribute attribute, asn1::NodeRef value,
                         std::int64_t error, FrameRef frame) {
  RcbRefusal refusal{.attribute = attribute,
                     .value = value,
                     .error = error,
                     .detail = attribute_value(attribute, value),
                     .accepted_before = {},
                     .enabled_here = state.enabled};
  for (const RcbStep& step : state.report.story) {
    if (!step.ok) continue;
    if (!refusal.accepted_before.empty()) refusal.accepted_before += ", ";
    refusal.accepted_before += fmt::format("{} (frame {})", step.what, step.frame.number);
  }
  add_step(state, {.frame = frame,
                   .what = std::string(step_name(attribute, value.boolean())),
                   .detail = refusal.detail,
                   .ok = false,
                   .error = iec61850::access_error_name(error)});
  iec61850::ReportControls::refused(*state.control, attribute, frame);
  refused_ = true;
  if (attribute == RcbAttribute::RptEna && value.boolean() && !state.enabled) {
    set_here(state, false);
    state.pending_enable = {};
  }
  refusals_.emplace_back(&state, std::move(refusal));
}

void RcbTracker::read_attribute(Context& context, RcbState& state, RcbAttribute attribute,
                                asn1::NodeRef value, FrameRef frame) {
  if (!value || value.node().role() == asn1::Role::failure) return;
  learn(state, attribute, value);
  std::string client;
  iec61850::ReportControls::read(*state.control, attribute, value, client_of(context, client),
                                 frame);
  if (attribute == RcbAttribute::Owner && !state.control->owner.empty()) {
    state.report.holder = state.control->owner;
  }
}

void RcbTracker::learn(RcbState& state, RcbAttribute attribute, asn1::NodeRef value) {
  if (!value || value.node().role() == asn1::Role::failure) return;
  switch (attribute) {
    case RcbAttribute::RptID:
      set_rpt_id(state, value.text());
      break;
    case RcbAttribute::DatSet:
      state.report.data_set = value.text();
      break;
    case RcbAttribute::RptEna:
      if (state.enabled || state.enabled_elsewhere == value.boolean()) break;
      state.enabled_elsewhere = value.boolean();
      ++version_;
      break;
    default:
      break;
  }
}

void RcbTracker::on_read_answer(Context& context, const MmsMessage& message) {
  for (const iec61850::Item& read : context.exchange->items()) {
    if (read.error || !read.value) continue;
    const ObjectName name = read.name();
    if (const auto item = iec61850::rcb_item(name.item)) {
      read_block(context, name.domain, *item, read.value, message.frame);
    } else {
      read_blocks(context, name, read.value, message.frame);
    }
  }
}

// One attribute, or the whole block: its members are named by the type that the server told, else
// by their order and types.
void RcbTracker::read_block(Context& context, std::string_view domain,
                            const iec61850::RcbItem& item, asn1::NodeRef value, FrameRef frame) {
  RcbState* const found = find_block(context, domain, item);
  if (found == nullptr) return;
  RcbState& state = *found;
  // Who only reads an Owner or a ConfRev is not after reports.
  if (item.whole || item.attribute == RcbAttribute::RptEna) touch(state, frame);
  if (!item.whole) {
    read_attribute(context, state, item.attribute, value, frame);
    return;
  }
  const iec61850::TypeRef type = context.model.type_of(domain, item.block);
  if (type != nullptr && iec61850::matches(type, value)) {
    asn1::NodeRef member = value.first_child();
    for (iec61850::TypeRef named = iec61850::first_component(type); named != nullptr && member;
         named = iec61850::next_component(named, type), member = member.next_sibling(value)) {
      read_attribute(context, state, iec61850::rcb_attribute(named->name), member, frame);
    }
    return;
  }
  const iec61850::RcbValues values = iec61850::read_rcb(value, item.buffered);
  for (std::size_t a = 0; a < iec61850::kRcbAttributes; ++a) {
    const auto attribute = static_cast<RcbAttribute>(a);
    read_attribute(context, state, attribute, values[attribute], frame);
  }
}

// `LN$BR` or `LN$RP`: all blocks of a logical node, whose names only the type tells.
void RcbTracker::read_blocks(Context& context, const ObjectName& name, asn1::NodeRef value,
                             FrameRef frame) {
  const iec61850::Reference reference = iec61850::parse_item({}, name.item);
  if (reference.fc != iec61850::Fc::BR && reference.fc != iec61850::Fc::RP) return;
  if (reference.ln.empty() || !reference.path.empty()) return;
  const iec61850::TypeRef type = context.model.type_of(name.domain, name.item);
  if (type == nullptr || !iec61850::matches(type, value)) return;
  asn1::NodeRef member = value.first_child();
  std::string block;
  for (iec61850::TypeRef named = iec61850::first_component(type); named != nullptr && member;
       named = iec61850::next_component(named, type), member = member.next_sibling(value)) {
    block.assign(name.item);
    block += '$';
    block += named->name;
    const auto item = iec61850::rcb_item(block);
    if (item && item->whole) read_block(context, name.domain, *item, member, frame);
  }
}

void RcbTracker::on_close(Context& context, bool reports_seen, FrameRef opened, FrameRef closed) {
  for (const RcbState& block : blocks_) raise_takeovers(context, block);
  if (not_followed_ > 0) {
    Finding* f = context.findings.raise("limit-reached", closed)
                     .with("limit", "report control blocks of an association")
                     .with("count", not_followed_)
                     .put();
    if (f != nullptr) {
      f->message = fmt::format(
          "{} accesses to report control blocks beyond {} of one association were not followed.",
          not_followed_, kMaxBlocks);
    }
  }
  constexpr TimeNs kLongAssociation = 60 * kNsPerSecond;
  const bool enabled_elsewhere = std::any_of(blocks_.begin(), blocks_.end(),
                                             [](const RcbState& b) { return b.enabled_elsewhere; });
  if (reports_seen || enable_tried_ || enabled_elsewhere || context.one_direction) return;
  const bool long_enough = elapsed(opened, closed) > kLongAssociation;
  if (first_touch_.number != 0 && (written_ || long_enough)) {
    Finding* f = context.findings.raise("reports-not-enabled", context.association, first_touch_)
                     .object(first_touched_)
                     .with("blocks", blocks_.size())
                     .put();
    if (f == nullptr) return;
    f->message = fmt::format(
        "The client looked at or configured {} report control block{}, but enabled none.",
        blocks_.size(), plural(blocks_.size()));
    if (refused_) return;
    f->cause = fmt::format(
        "The client's configuration for reports is incomplete: {}, and never wrote RptEna.",
        written_ ? "it set blocks up without any refusal" : "it read blocks");
    f->next_step = "Activate reporting for this IED in the client.";
  } else if (context.report.is_iec61850 && elapsed(opened, closed) > kLongAssociation) {
    Finding* f = context.findings.raise("reports-not-enabled", context.association, opened).put();
    if (f == nullptr) return;
    f->severity = Severity::note;
    f->message = fmt::format("No report was sent in {} of this association.",
                             duration_text(elapsed(opened, closed)));
    f->cause = "The client only polls, or engineering access.";
    f->next_step = "Nothing, if it is meant to poll. Otherwise activate reporting in the client.";
  }
}

}  // namespace mmsa::analysis
