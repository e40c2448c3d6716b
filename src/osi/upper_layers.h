// Session, presentation and ACSE of one association: a TSDU -> the steps and the MMS PDUs in it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mmsanalyze/association.h"
#include "osi/join_buffer.h"
#include "osi/session.h"
#include "osi/shared.h"

namespace mmsa::osi {

class UpperLayers {
 public:
  // Both outlive this object.
  UpperLayers(Association& association, Shared& shared)
      : association_(association), shared_(shared) {}

  // Decodes a whole TSDU. `content` is cleared first; all facts are in the association when this
  // returns. `sender` matters to SSDUs in segments only.
  void decode(Side sender, Bytes tsdu, TsduContent& content);

  // Decodes a TSDU whose end is missing from the capture: what is there counts, nothing is
  // malformed.
  void decode_cut(Side sender, Bytes tsdu, TsduContent& content);

  // Octets of `sender` are missing: an SSDU that it had begun is lost.
  void forget_segments(Side sender) { ssdu_[index(sender)].reset(); }

  // Whether octets can be the beginning of a TSDU of this association.
  bool can_begin(Bytes tsdu) const;

 private:
  bool is_direct(Bytes tsdu) const;
  void decode_session(Side sender, Bytes tsdu, TsduContent& content);
  void decode_spdu_content(Side sender, const Spdu& spdu, Bytes tsdu, TsduContent& content);
  void on_connection_spdu(const Spdu& spdu, Bytes unit, TsduContent& content);
  void on_data(Side sender, const Spdu& spdu, Bytes tsdu, TsduContent& content);
  void on_typed_data(const Spdu& spdu, Bytes unit, TsduContent& content);
  void on_abort(const Spdu& spdu, Bytes unit, TsduContent& content);
  void decode_user_data(Ppdu kind, Bytes ppdu, Bytes unit, TsduContent& content);
  void on_pdvs(Bytes unit, TsduContent& content);
  void on_apdu(Bytes apdu, Bytes unit, TsduContent& content);
  void on_cut_user_data(Bytes octets, TsduContent& content);
  void add_pdus(Bytes octets, std::int64_t context, TsduContent& content);
  void keep_error(const Trouble& trouble, TsduContent& content);
  void mask_authentication(TsduContent& content);

  Association& association_;
  Shared& shared_;
  ContextAlteration alteration_;
  // The segments of an SSDU so far, where the enclosure item is used (X.225 7.11).
  std::optional<JoinBuffer> ssdu_[2];
  bool session_seen_ = false;
  bool direct_ = false;      // MMS right on COTP
  bool apdu_sound_ = false;  // the current TSDU's APDU was decoded, and nothing in it was odd
};

}  // namespace mmsa::osi
