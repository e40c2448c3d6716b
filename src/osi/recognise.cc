// Recognition by structure. Other users of TPKT exist: RDP writes a CR without TSAPs, H.323 writes
// no COTP; neither writes what session layer does.
#include "osi/recognise.h"

#include <algorithm>

#include "mmsanalyze/limits.h"
#include "osi/contexts.h"
#include "osi/cotp.h"
#include "osi/session.h"
#include "osi/tpkt.h"

namespace mmsa::osi {
namespace {

// A CR or CC is never longer: its header is limited to 254 octets, user data to 32 (13.3.5).
constexpr std::size_t kMaxConnect = 300;

// LI, code, two references and the class of a CR or CC.
constexpr std::size_t kConnectFixed = 7;

// TPKT and DT header, and enough of a TSDU to know it by.
constexpr std::size_t kSessionPrefix = kMinTpkt + 6;

std::size_t tpkt_length(Bytes octets) {
  return static_cast<std::size_t>(octets[2]) << 8 | octets[3];
}

}  // namespace

Verdict recognise_tls(Bytes octets) {
  const std::size_t n = octets.size();
  // change_cipher_spec, alert, handshake, application_data
  if (n >= 1 && (octets[0] < 0x14 || octets[0] > 0x17)) return Verdict::no;
  if (n >= 2 && octets[1] != 3) return Verdict::no;
  if (n >= 3 && octets[2] > 4) return Verdict::no;
  if (n < 5) return Verdict::wait;
  const std::size_t length = static_cast<std::size_t>(octets[3]) << 8 | octets[4];
  // 2^14 and what older versions allow to add for compression and encryption.
  return length >= 1 && length <= (1u << 14) + 2048 ? Verdict::tls : Verdict::no;
}

Verdict recognise_start(Bytes octets) {
  if (octets.empty()) return Verdict::wait;
  if (const Verdict tls = recognise_tls(octets); tls != Verdict::no) return tls;
  switch (plausible_tpkt(octets)) {
    case Plausible::no:
      return Verdict::no;
    case Plausible::so_far:
      return Verdict::wait;
    case Plausible::yes:
      break;
  }
  const std::size_t length = tpkt_length(octets);
  const TpduShape* shape = tpdu_shape(octets[5]);
  if (length > kMaxConnect || (shape->code != TpduCode::cr && shape->code != TpduCode::cc)) {
    return Verdict::no;
  }
  if (octets.size() < length) return Verdict::wait;
  const Bytes tpdu = octets.subspan(kTpktHeader, length - kTpktHeader);
  Trouble trouble(Layer::cotp, tpdu);
  const Tpdu connect = decode_tpdu(tpdu, trouble);
  // A size that ISO 8073 does not allow makes no other protocol of it.
  if (trouble.error() && trouble.error()->problem != Errc::bad_value) return Verdict::no;
  const Bytes parameters = tpdu.subspan(kConnectFixed, std::size_t{1} + tpdu[0] - kConnectFixed);
  if (!parameters.empty()) {
    // ISO 8073 has no parameter codes below 0x80; what stands there is remote desktop's.
    return parameters[0] >= 0x80 ? Verdict::iso_on_tcp : Verdict::no;
  }
  if (shape->code == TpduCode::cr && connect.source_reference != 0) return Verdict::iso_on_tcp;
  // The bare CR of an old remote desktop client looks the same: known by what follows.
  const Bytes next = octets.subspan(length);
  const Plausible follows = plausible_tpkt(next);
  if (follows == Plausible::no) return Verdict::no;
  if (follows == Plausible::so_far || next.size() < kSessionPrefix) return Verdict::wait;
  return next[5] == 0xF0 && starts_like_session(next.subspan(kMinTpkt)) ? Verdict::iso_on_tcp
                                                                        : Verdict::no;
}

Verdict recognise_middle(Bytes octets, PduProbe looks_like_mms) {
  const Plausible header = plausible_tpkt(octets);
  if (header == Plausible::so_far) return Verdict::wait;
  if (header == Plausible::no) return Verdict::no;
  const TpduShape* shape = tpdu_shape(octets[5]);
  if (shape->code == TpduCode::cr || shape->code == TpduCode::cc) return recognise_start(octets);
  if (shape->code != TpduCode::dt) return Verdict::no;
  const std::size_t length = tpkt_length(octets);
  if (octets.size() < std::min(length, kSessionPrefix)) return Verdict::wait;
  const Bytes tsdu = octets.subspan(kMinTpkt).first(std::min(octets.size(), length) - kMinTpkt);
  if (starts_like_session(tsdu)) return Verdict::iso_on_tcp;
  if (!tsdu.empty() && is_mms_tag(tsdu[0]) && looks_like_mms(tsdu)) return Verdict::iso_on_tcp;
  // The middle of a fragmented TSDU: known by what follows. Only session over class 0 fragments.
  const bool fragment = (octets[6] & 0x80) == 0;
  if (!fragment || length > limits::kMaxWatchedOctets) return Verdict::no;
  if (octets.size() < length + kMinTpkt) return Verdict::wait;
  const Bytes next = octets.subspan(length);
  const bool chain = plausible_tpkt(next) == Plausible::yes && next[5] == 0xF0;
  return chain ? Verdict::iso_on_tcp : Verdict::no;
}

bool is_remote_desktop(Bytes tpkt) {
  constexpr std::size_t kParameters = 11;  // TPKT 4, LI, CR, two references, class
  constexpr std::string_view kCookie = "Cookie:";
  if (tpkt.size() <= kParameters || (tpkt[5] & 0xF0) != static_cast<int>(TpduCode::cr))
    return false;
  const Bytes rest = tpkt.subspan(kParameters);
  if (as_text(rest).starts_with(kCookie)) return true;
  // Type 1, flags, length 8 in little-endian order.
  return rest.size() == 8 && rest[0] == 1 && rest[2] == 8 && rest[3] == 0;
}

bool is_s7comm(Bytes tsdu) {
  if (tsdu.empty()) return false;
  // Protocol id; S7comm: ROSCTR, then a reserved zero; S7comm-plus: version. A short one counts as
  // far as it goes.
  if (tsdu[0] == 0x32) {
    const auto is = [&tsdu](std::size_t at, auto allowed) {
      return at >= tsdu.size() || allowed(tsdu[at]);
    };
    const auto zero = [](std::uint8_t octet) { return octet == 0; };
    return is(1, [](std::uint8_t o) { return (o >= 1 && o <= 3) || o == 7; }) && is(2, zero) &&
           is(3, zero);
  }
  return tsdu.size() >= 2 && tsdu[0] == 0x72 && (tsdu[1] <= 3 || tsdu[1] == 0xFE);
}

}  // namespace mmsa::osi
