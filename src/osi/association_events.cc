// What is told to the sink, and that client and server are known before the first of it.
#include "osi/association_stack.h"

namespace mmsa::osi {

void AssociationStack::settle_roles(Side sender, RoleHint hint) {
  if (roles_settled_) return;
  roles_settled_ = true;
  const Connection& connection = *association_.connection;
  if (connection.syn_seen) {
    association_.client = Side::a;
    association_.role_source = RoleSource::syn;
  } else if (hint != RoleHint::none) {
    association_.client = hint == RoleHint::client ? sender : other(sender);
    association_.role_source = RoleSource::requests;
  } else {
    association_.client = other(server_by_port(connection, shared_.options));
    association_.role_source = RoleSource::port;
  }
  for (const EarlyGap& early : early_gaps_) {
    shared_.sink.on(association_, GapEvent{early.sender, early.gap});
  }
  early_gaps_ = std::vector<EarlyGap>();
}

void AssociationStack::tell_step(Side sender, Step step, FrameRef frame) {
  // A session or presentation that turned up after all.
  if (!is_ours()) association_.carries = Association::Carries::iso_on_tcp;
  settle_roles(sender, hint_of(step));
  shared_.sink.on(association_, StepEvent{step, sender, frame});
}

void AssociationStack::tell_malformed(Side sender, const DecodeError& error, Bytes unit,
                                      FrameRef frame) {
  if (!is_ours()) return;
  settle_roles(sender, RoleHint::none);
  shared_.sink.on(association_, MalformedUnit{error, unit, frame, sender});
}

void AssociationStack::tell(Side sender, const TsduContent& content, const Direction& direction,
                            FrameRef frame, bool cut) {
  for (const Step step : content.steps) tell_step(sender, step, frame);
  for (const FoundPdu& found : content.pdus) {
    association_.carries = Association::Carries::mms;
    settle_roles(sender, hint_of_pdu(found.octets));
    shared_.sink.on(association_, PduUnit{found.octets, sender, frame, direction.frames, cut,
                                          found.context, acknowledged_by(sender), nullptr});
  }
  if (content.error) tell_malformed(sender, *content.error, content.unit, frame);
}

// A refusal may come before anything else: at a port where MMS is expected it is told all the same.
void AssociationStack::on_fin(Side sender, FrameRef frame) {
  if (!is_ours() && !is_expected_and_silent()) return;
  settle_roles(sender, RoleHint::none);
  shared_.sink.on(association_, FinEvent{sender, frame});
}

void AssociationStack::on_rst(Side sender, FrameRef frame) {
  if (!is_ours() && !is_expected_and_silent()) return;
  settle_roles(sender, RoleHint::none);
  shared_.sink.on(association_, RstEvent{sender, frame});
}

void AssociationStack::on_window_stall(const WindowStall& stall) {
  if (!is_ours()) return;
  settle_roles(stall.receiver, RoleHint::none);
  shared_.sink.on(association_, stall);
}

void AssociationStack::on_close(const ConnectionClose& close) {
  if (association_.carries == Association::Carries::nothing &&
      (directions_[0].octets_seen || directions_[1].octets_seen)) {
    association_.carries = Association::Carries::other;
    count_undecoded(unclassified_octets_);
  }
  for (const std::size_t i : {0u, 1u}) {
    FramingOctets& octets = association_.octets[i];
    octets = directions_[i].count;
    octets.unfinished = directions_[i].waiting;
    if (!is_ours()) octets = {.foreign = octets.sum()};
  }
  // Whoever was told of this association before waits for its end.
  if (!association_.expected_here && !roles_settled_) return;
  settle_roles(Side::a, RoleHint::none);
  shared_.sink.on(association_, close);
}

}  // namespace mmsa::osi
