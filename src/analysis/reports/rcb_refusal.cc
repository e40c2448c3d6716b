// Refused writes to report control blocks: who holds the block, or what else stands against it.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/reports/rcb_story.h"
#include "analysis/wording.h"
#include "iec61850/names.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

using iec61850::RcbAttribute;
using iec61850::RcbHolder;

// DataAccessError (ISO 9506-2 clause 14.3).
constexpr std::int64_t kTemporarilyUnavailable = 2;
constexpr std::int64_t kObjectAccessDenied = 3;
constexpr std::int64_t kTypeInconsistent = 7;
constexpr std::int64_t kObjectAccessUnsupported = 9;
constexpr std::int64_t kObjectNonExistent = 10;
constexpr std::int64_t kObjectValueInvalid = 11;

// Attributes that a client writes to get hold of reports; the others configure.
bool is_taking(RcbAttribute attribute) {
  switch (attribute) {
    case RcbAttribute::RptEna:
    case RcbAttribute::Resv:
    case RcbAttribute::ResvTms:
    case RcbAttribute::GI:
    case RcbAttribute::PurgeBuf:
    case RcbAttribute::EntryID:
      return true;
    default:
      return false;
  }
}

// Gives back what the client has: where it has nothing a refusal does no harm.
bool is_release(const RcbRefusal& refusal) {
  switch (refusal.attribute) {
    case RcbAttribute::RptEna:
    case RcbAttribute::Resv:
    case RcbAttribute::GI:
    case RcbAttribute::PurgeBuf:
      return !refusal.value.boolean();
    case RcbAttribute::ResvTms:
      return refusal.value.integer() == 0;
    default:
      return false;
  }
}

// X.690 allows any octet but 0 for TRUE; some servers take 0x01 only.
bool is_odd_true(const RcbRefusal& refusal) {
  const asn1::NodeRef value = refusal.value;
  return data_type(value.node()) == DataType::boolean && value.bytes().size() == 1 &&
         value.bytes()[0] > 1;
}

void append(std::string& list, std::string_view text) {
  if (!list.empty()) list += ", ";
  list += text;
}

// Further attributes that were refused for the same reason.
void add_attribute(Finding& finding, const std::string& detail) {
  for (auto& [name, value] : finding.evidence) {
    if (name != "attributes") continue;
    auto& list = std::get<std::string>(value);
    if (list.find(detail) == std::string::npos) append(list, detail);
    return;
  }
}

void blame_holder(Finding& finding, const RcbHolder& holder, std::string_view client) {
  const bool itself = host_of(holder.client) == host_of(client);
  finding.message += fmt::format(" The block is held by {} (stream {}) since frame {}.",
                                 holder.client, holder.stream, holder.since.number);
  finding.evidence.set("holder", holder.client);
  finding.evidence.set("holder_stream", static_cast<std::int64_t>(holder.stream));
  finding.evidence.set("held_since_frame", static_cast<std::int64_t>(holder.since.number));
  FindingCollector::add_frame(finding, holder.since.number);
  if (holder.disconnected.number != 0) {
    finding.evidence.set("holder_disconnected_frame",
                         static_cast<std::int64_t>(holder.disconnected.number));
    finding.cause = fmt::format(
        "The connection of {} ended in frame {}, and the server seems not to have released the "
        "block since.",
        holder.client, holder.disconnected.number);
    finding.next_step =
        "Wait until the reservation runs out (ResvTms), or until the server notices that the "
        "connection is gone (its TCP keep-alive); let clients write RptEna = FALSE before they "
        "leave.";
    return;
  }
  finding.cause =
      itself ? fmt::format("The same host has the block in another connection, stream {}.",
                           holder.stream)
             : fmt::format("{} has enabled or reserved the block: it serves one client at a time.",
                           holder.client);
  finding.next_step = "Give each client its own instance of the block (01, 02, ...).";
}

// Of a block whose DatSet is known to be empty.
std::string no_data_set_text(const iec61850::ReportControl& block, std::uint32_t stream) {
  const auto& told = block.dat_set_told;
  const std::string_view how = !told.written ? "DatSet was read empty"
                               : told.stream == stream
                                   ? "this client's empty DatSet was accepted"
                                   : "another client's empty DatSet was accepted";
  return fmt::format("The block has no data set: {} in frame {}.", how, told.frame.number);
}

void blame_error(Finding& finding, const RcbRefusal& refusal, const RcbState& state,
                 const iec61850::ServerModel& model, bool taking, std::uint32_t stream) {
  const iec61850::ReportControl& block = *state.control;
  switch (refusal.error) {
    case kObjectNonExistent: {
      if (state.rpt_id || state.control->conf_rev) {  // the block was read
        const bool data_set = refusal.attribute == RcbAttribute::DatSet;
        finding.cause = data_set ? "The data set does not exist in this server."
                                 : "The block exists, but has no attribute of this name.";
        finding.next_step = data_set ? "Compare the name with the data sets of the server."
                                     : "Read the block: its members are the attributes it has.";
        break;
      }
      const ObjectName name = iec61850::split_reference(state.reference);
      const std::string near = model.nearest(name.domain, name.item);
      finding.cause = "The server has no report control block, or no attribute, of this name.";
      finding.next_step = "Correct the name in the client; instances end in two digits.";
      if (!near.empty()) {
        finding.evidence.set("near_miss", near);
        finding.next_step = fmt::format("The server has {}: correct the name in the client.", near);
      }
      break;
    }
    case kTypeInconsistent:
      finding.cause = "The value has another type than the attribute.";
      finding.next_step =
          "Compare the type that the client writes with the server's type of the "
          "block (GetVariableAccessAttributes).";
      if (is_odd_true(refusal)) {
        finding.evidence.set("true_encoded_as", fmt::format("0x{:02X}", refusal.value.bytes()[0]));
        finding.cause = fmt::format(
            "The value has another type than the attribute, or the server does not take TRUE "
            "encoded as 0x{:02X}: X.690 allows any octet but 0, some servers want 0x01.",
            refusal.value.bytes()[0]);
        finding.next_step = "Let the client encode TRUE as 0x01.";
      }
      break;
    case kObjectAccessUnsupported:
      finding.cause = "This server does not support writing this attribute of a block.";
      finding.next_step = "Set it in the SCL of the server, and do not write it.";
      break;
    case kObjectValueInvalid:
      if (refusal.attribute == RcbAttribute::EntryID) {
        finding.cause = "The entry is no longer in the buffer: the server will send all it has.";
        finding.next_step =
            "Expect repeated or lost events; enlarge the buffer or reconnect "
            "sooner.";
      } else if (refusal.attribute == RcbAttribute::DatSet) {
        finding.cause = "The data set does not exist in this server, or can not be reported.";
        finding.next_step = "Compare the name with the data sets of the server.";
      } else {
        finding.cause = "The value is outside of what the server supports.";
        finding.next_step = "Compare the value with the range in the server's documentation.";
      }
      break;
    case kTemporarilyUnavailable:
    case kObjectAccessDenied:
      if (refusal.attribute == RcbAttribute::GI && !state.enabled) {
        finding.cause = "GI is written while the block is not enabled by this client.";
        finding.next_step = "Let the client write RptEna = TRUE first, then GI.";
      } else if (taking && block.dat_set && block.dat_set->empty()) {
        finding.cause = no_data_set_text(block, stream);
        finding.next_step = "Write DatSet before RptEna, or configure it in the server.";
      } else if (block.dat_set && !block.dat_set->empty()) {
        finding.cause =
            "A client that this capture does not show holds the block, or this client "
            "is not allowed to change it.";
        finding.next_step =
            "Read Owner, RptEna and Resv of the block, and its access rights in "
            "the server.";
      } else {
        finding.cause =
            "A client that this capture does not show holds the block, its data set is "
            "empty, or this client is not allowed to change it.";
        finding.next_step = "Read Owner, RptEna and DatSet of the block.";
      }
      break;
    default:
      finding.cause = "The server does not say more than the error.";
      finding.next_step = "Read the block, and look into the log of the server.";
      break;
  }
}

// Gets the block for this client, where it is accepted.
bool takes(RcbAttribute attribute, asn1::NodeRef value) {
  switch (attribute) {
    case RcbAttribute::RptEna:
    case RcbAttribute::Resv:
      return value.boolean();
    case RcbAttribute::ResvTms:
      return value.integer() > 0;
    default:
      return false;
  }
}

}  // namespace

void RcbTracker::note_takeover(const Context& context, RcbState& state, RcbAttribute attribute,
                               asn1::NodeRef value, const MmsMessage& message) {
  if (!takes(attribute, value)) return;
  const Association& a = context.association;
  iec61850::ReportControl& block = *state.control;
  const RcbHolder* const holder =
      iec61850::ReportControls::holder_against(block, a.connection->stream);
  if (holder == nullptr || holder->disconnected.number != 0) return;
  std::string client = text::endpoint(a.connection->endpoint[index(a.client)]);
  // Several connections of one client: Owner names its address only.
  if (host_of(holder->client) == host_of(client)) return;
  if (block.takeovers.size() >= iec61850::kMaxTakeovers) return;
  block.takeovers.push_back({.holder = *holder,
                             .enabled = holder == &block.enabled_by,
                             .client = std::move(client),
                             .attribute = attribute,
                             .request = message.request->frame,
                             .answer = message.frame});
}

// The holder's own connection is whole: no release was missed.
void RcbTracker::raise_takeovers(Context& context, const RcbState& state) {
  const LossMemory(&loss)[2] = context.loss;
  if (context.one_direction ||
      loss[0].gaps + loss[1].gaps + loss[0].damages + loss[1].damages > 0) {
    return;
  }
  for (const auto& takeover : state.control->takeovers) {
    if (takeover.holder.stream != context.association.connection->stream) continue;
    const std::string_view attribute = iec61850::rcb_attribute_name(takeover.attribute);
    const FrameRef since = takeover.holder.since;
    Finding* f =
        context.findings.raise("rcb-reservation-ignored", context.association, takeover.answer)
            .object(state.reference)
            .with("attribute", attribute)
            .with("taken_by", takeover.client)
            .with("held_since_frame", since.number)
            .also(takeover.request)
            .also(since)
            .put();
    if (f == nullptr || f->count > 1) continue;
    f->message = fmt::format(
        "{} of {} was accepted, though this client has {} the block since frame {} and was "
        "connected.",
        attribute, takeover.client, takeover.enabled ? "enabled" : "reserved", since.number);
    if (takeover.enabled) {
      f->cause =
          "The server gives a block that reports to one client to another: the first one gets no "
          "more reports, and nothing tells it.";
    }
  }
}

void RcbTracker::raise_refused(Context& context, RcbState& state,
                               std::span<const RcbRefusal> refused, const MmsMessage& message) {
  const RcbRefusal& first = refused.front();
  const iec61850::ReportControl& block = *state.control;
  const Association& a = context.association;
  const std::string client = text::endpoint(a.connection->endpoint[index(a.client)]);
  bool taking = false;
  bool only_releases = true;
  std::string details;
  for (const RcbRefusal& refusal : refused) {
    taking = taking || is_taking(refusal.attribute);
    only_releases = only_releases && is_release(refusal);
    append(details, refusal.detail);
  }
  const bool busy = first.error == kTemporarilyUnavailable || first.error == kObjectAccessDenied;
  const bool own = first.enabled_here;
  const RcbHolder* const holder =
      busy && !own ? iec61850::ReportControls::holder_against(block, a.connection->stream)
                   : nullptr;
  const bool owned =
      busy && !own && holder == nullptr && !block.owner.empty() && block.owner != host_of(client);
  const bool unseen = busy && !own && holder == nullptr && block.enabled_unseen.number != 0;
  const bool held = holder != nullptr || owned || unseen;
  // A block that does not exist is one fault, whatever was written to it.
  const bool absent = first.error == kObjectNonExistent && !state.rpt_id && !block.conf_rev;
  const auto draft = [&](std::string_view rule) {
    return context.findings.raise(rule, context.association, message.frame)
        .object(state.reference)
        .with("error", iec61850::access_error_name(first.error))
        .also(message.request->frame);
  };
  Finding* f = held               ? draft("rcb-enable-failed").with("held", true).put()
               : taking || absent ? draft("rcb-enable-failed").put()
                                  : draft("write-failed").put();
  if (f == nullptr) return;
  if (f->count > 1) {
    for (const RcbRefusal& refusal : refused) add_attribute(*f, refusal.detail);
    return;
  }
  f->message = fmt::format("{} {} refused: {}.", details, refused.size() == 1 ? "was" : "were",
                           iec61850::access_error_name(first.error));
  f->evidence.set("attributes", details);
  if (!first.accepted_before.empty()) f->evidence.set("accepted_before", first.accepted_before);
  if (only_releases && !state.enabled) {
    f->severity = Severity::note;
    f->cause = "The client gives back a block that it does not hold: no harm is done.";
    f->next_step = "None needed.";
  } else if (busy && own) {
    f->message +=
        fmt::format(" This client has the block enabled since frame {}.", state.enabled_at.number);
    f->cause =
        "The block is enabled by this client itself: its attributes can only be changed while "
        "it is disabled.";
    f->next_step = "Let the client write RptEna = FALSE first, in a request of its own.";
  } else if (holder != nullptr) {
    blame_holder(*f, *holder, client);
  } else if (owned) {
    f->evidence.set("holder", block.owner);
    f->evidence.set("owner_read_frame", static_cast<std::int64_t>(block.owner_read.number));
    f->message += fmt::format(" The block is held by {} (Owner, read in frame {}).", block.owner,
                              block.owner_read.number);
    f->cause = fmt::format("The server names {} as the owner of the block.", block.owner);
    f->next_step = "Give each client its own instance of the block (01, 02, ...).";
  } else if (unseen) {
    f->cause = fmt::format(
        "The block is enabled (RptEna was read in frame {}) by a client that this capture does not "
        "show.",
        block.enabled_unseen.number);
    f->next_step = "Read Owner of the block; give each client its own instance (01, 02, ...).";
  } else {
    blame_error(*f, first, state, context.model, taking, a.connection->stream);
  }
}

}  // namespace mmsa::analysis
