// ISO 8327-1 clause 8.2: SPDU = SI, LI, parameters; a length is one octet, or FF and two octets.
// Parameters (PI) may stand in groups (PGI); their order is not relied on.
#include "osi/session.h"

#include <algorithm>
#include <array>

#include "mmsanalyze/limits.h"

namespace mmsa::osi {
namespace {

constexpr std::uint8_t kReasonCode = 0x32;
constexpr std::uint8_t kUserData = 0xC1;
constexpr std::uint8_t kExtendedUserData = 0xC2;

struct Parameter {
  std::uint8_t pi;
  const char* name;
  std::uint8_t length;  // the only length allowed, 0 for any
};
constexpr std::array<Parameter, 16> kParameters = {{
    {0x01, "Connection Identifier", 0},
    {0x05, "Connect/Accept Item", 0},
    {0x10, "Token Item", 1},
    {0x11, "Transport Disconnect", 1},
    {0x13, "Protocol Options", 1},
    {0x14, "Session User Requirements", 2},
    {0x15, "TSDU Maximum Size", 4},
    {0x16, "Version Number", 1},
    {0x19, "Enclosure Item", 1},
    {0x1A, "Token Setting Item", 1},
    {0x31, "Reflect Parameter Values", 0},
    {0x32, "Reason Code", 0},
    {0x33, "Calling Session Selector", 0},
    {0x34, "Called/Responding Session Selector", 0},
    {0xC1, "User Data", 0},
    {0xC2, "Extended User Data", 0},
}};

const Parameter* find_parameter(std::uint8_t pi) {
  const auto row = std::find_if(kParameters.begin(), kParameters.end(),
                                [pi](const Parameter& p) { return p.pi == pi; });
  return row == kParameters.end() ? nullptr : &*row;
}

// All SPDUs of 8.3, so that unused ones are told apart from octets that are no SPDU.
bool is_si(std::uint8_t octet) {
  static constexpr std::array<std::uint8_t, 33> kSis = {
      0x01, 0x02, 0x05, 0x07, 0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x0E, 0x0F,
      0x10, 0x15, 0x16, 0x19, 0x1A, 0x21, 0x22, 0x29, 0x2A, 0x2D, 0x30,
      0x31, 0x32, 0x35, 0x39, 0x3A, 0x3D, 0x3E, 0x40, 0x11, 0x12, 0x1D};
  return std::find(kSis.begin(), kSis.end(), octet) != kSis.end();
}

bool is_used(Si si) {
  switch (si) {
    case Si::give_tokens_or_data:
    case Si::please_tokens:
    case Si::not_finished:
    case Si::finish:
    case Si::disconnect:
    case Si::refuse:
    case Si::connect:
    case Si::accept:
    case Si::abort:
    case Si::abort_accept:
    case Si::typed_data:
      return true;
  }
  return false;
}

// What a PPDU begins with: CP and CPA, CPR and ARP, user data, ARU.
bool begins_ppdu(Bytes octets) {
  if (octets.size() < 2) return false;
  const std::uint8_t tag = octets[0];
  return tag == 0x31 || tag == 0x30 || tag == 0x60 || tag == 0x61 || tag == 0xA0;
}

struct Length {
  std::size_t value = 0;
  std::size_t octets = 0;  // 1 or 3; 0 where it is cut off
};
Length read_length(Bytes octets) {
  if (octets.empty()) return {};
  if (octets[0] != 0xFF) return {octets[0], 1};
  if (octets.size() < 3) return {};
  return {static_cast<std::size_t>(octets[1]) << 8 | octets[2], 3};
}

class ParameterReader {
 public:
  ParameterReader(Bytes tsdu_rest, Trouble& trouble, Spdu& spdu)
      : tsdu_end_(tsdu_rest.data() + tsdu_rest.size()), trouble_(trouble), spdu_(spdu) {}

  // True where user data was taken up to the end of the TSDU, whatever the lengths say.
  bool took_rest() const { return took_rest_; }

  void read(Bytes part, bool group) {
    while (!part.empty() && !trouble_.stopped() && !took_rest_) {
      const std::uint8_t* const begin = part.data();
      const Parameter* const parameter = find_parameter(part[0]);
      const char* const name = parameter != nullptr ? parameter->name : "PI";
      const Length length = read_length(part.subspan(1));
      const Bytes value = part.subspan(1 + length.octets);
      if (length.octets != 0 && !group && is_wrapped(*begin, value, length.value)) {
        take_rest(value.data());
        return;
      }
      if (length.octets == 0 || length.value > value.size()) {
        trouble_.fail(Errc::truncated, name, begin);
        return;
      }
      take(*begin, parameter, value.first(length.value), begin);
      part = value.subspan(length.value);
    }
  }

 private:
  // Stacks that never write the three-octet form write the length modulo 256, or 0. What is right
  // is known from the TSDU: user data is its last parameter.
  bool is_wrapped(std::uint8_t pi, Bytes value, std::size_t length) const {
    if (pi != kUserData && pi != kExtendedUserData) return false;
    const auto rest = static_cast<std::size_t>(tsdu_end_ - value.data());
    if (length == rest) return false;
    if (length != 0 && (rest < 256 || length != (rest & 0xFF))) return false;
    return begins_ppdu({value.data(), rest});
  }
  void take_rest(const std::uint8_t* from) {
    spdu_.user_data = Bytes(from, tsdu_end_);
    took_rest_ = true;
  }

  void take(std::uint8_t pi, const Parameter* parameter, Bytes value, const std::uint8_t* begin) {
    if (parameter == nullptr) return;  // 8.2: unknown ones are skipped
    if (parameter->length != 0 && value.size() != parameter->length) {
      trouble_.note(Errc::bad_length, parameter->name, begin);
      return;
    }
    switch (pi) {
      case 0x05:
        read(value, true);
        break;
      case 0x11:
        spdu_.transport_disconnect = value[0];
        break;
      case 0x14:
        spdu_.requirements = static_cast<std::uint16_t>(value[0] << 8 | value[1]);
        break;
      case 0x15:
        spdu_.max_tsdu = std::uint32_t{value[0]} << 24 | std::uint32_t{value[1]} << 16 |
                         std::uint32_t{value[2]} << 8 | value[3];
        break;
      case 0x16:
        spdu_.version = value[0];
        break;
      case 0x19:
        spdu_.enclosure = value[0];
        break;
      case kReasonCode:  // RF; a PREPARE or an exception report has the same PI
        if (spdu_.si == Si::refuse) take_reason(value, begin);
        break;
      case 0x33:
        spdu_.calling_selector = value;
        break;
      case 0x34:
        spdu_.called_selector = value;
        break;
      case kUserData:
      case kExtendedUserData:
        spdu_.user_data = value;
        break;
      default:
        break;
    }
  }
  void take_reason(Bytes value, const std::uint8_t* begin) {
    if (value.empty()) {
      trouble_.note(Errc::bad_length, "Reason Code", begin);
      return;
    }
    spdu_.reason = value[0];
    if (value.size() > 1) spdu_.user_data = value.subspan(1);
  }

  const std::uint8_t* tsdu_end_;
  Trouble& trouble_;
  Spdu& spdu_;
  bool took_rest_ = false;
};

// GT and PT are followed by another SPDU of the same TSDU (6.3.7, basic concatenation). A lone
// 01 LI before user data is a DT whose GT the stack left out.
bool is_token_spdu(Bytes behind) { return behind.empty() || is_si(behind[0]); }

}  // namespace

Bytes decode_spdu(Bytes octets, bool first, Trouble& trouble, Spdu& spdu) {
  spdu = {};
  if (!is_si(octets[0])) {
    trouble.fail(Errc::bad_value, "SI", octets.data());
    return {};
  }
  spdu.si = static_cast<Si>(octets[0]);
  spdu.is_used = is_used(spdu.si);
  const Length length = read_length(octets.subspan(1));
  if (length.octets == 0) {
    trouble.fail(Errc::truncated, "LI", octets.data() + std::min<std::size_t>(1, octets.size()));
    return {};
  }
  const Bytes rest = octets.subspan(1 + length.octets);
  std::size_t part = length.value;
  const bool carries_user_parameter =
      spdu.si != Si::give_tokens_or_data && spdu.si != Si::please_tokens;
  // LI modulo 256, see is_wrapped.
  if (carries_user_parameter && rest.size() > 254 && part == (rest.size() & 0xFF)) {
    part = rest.size();
  }
  if (part > rest.size()) {
    trouble.note(Errc::truncated, "LI", octets.data() + 1);
    part = rest.size();
  }
  if (!spdu.is_used) return {};
  ParameterReader reader(rest, trouble, spdu);
  reader.read(rest.first(part), false);
  const Bytes behind = rest.subspan(part);
  if (trouble.stopped() || reader.took_rest()) return {};
  if (!carries_user_parameter) {
    if (spdu.si == Si::please_tokens || (first && is_token_spdu(behind))) return behind;
    spdu.is_data = true;
    spdu.user_data = behind;
    return {};
  }
  if (spdu.si == Si::typed_data) {
    spdu.user_data = behind;
  } else if (!behind.empty()) {
    trouble.note(Errc::bad_length, "LI", octets.data() + 1);
  }
  return {};
}

std::optional<Step> step_of(Si si) {
  switch (si) {
    case Si::connect:
      return Step::session_connect;
    case Si::accept:
      return Step::session_accept;
    case Si::refuse:
      return Step::session_refuse;
    case Si::finish:
      return Step::session_finish;
    case Si::disconnect:
      return Step::session_disconnect;
    case Si::not_finished:
      return Step::session_not_finished;
    case Si::abort:
      return Step::session_abort;
    case Si::abort_accept:
      return Step::session_abort_accept;
    default:
      return std::nullopt;
  }
}

void store(const Spdu& spdu, SessionFacts& facts) {
  const auto keep = [](const std::optional<Bytes>& octets, std::string& out) {
    if (octets) out = as_text(*octets).substr(0, limits::kMaxSelector);
  };
  if (spdu.transport_disconnect) facts.transport_disconnect = spdu.transport_disconnect;
  if (spdu.si == Si::refuse) facts.refuse_reason = spdu.reason;
  if (spdu.si != Si::connect && spdu.si != Si::accept) return;
  const bool accept = spdu.si == Si::accept;
  if (!accept || !facts.connect_seen) {
    keep(spdu.calling_selector, facts.calling_selector);
    keep(spdu.called_selector, facts.called_selector);
  }
  if (spdu.version) facts.version = *spdu.version;
  if (spdu.requirements) facts.requirements = *spdu.requirements;
  if (spdu.max_tsdu) {
    facts.max_tsdu_calling = *spdu.max_tsdu >> 16;
    facts.max_tsdu_called = *spdu.max_tsdu & 0xFFFF;
  }
  (accept ? facts.accept_seen : facts.connect_seen) = true;
}

bool starts_like_session(Bytes tsdu) {
  if (tsdu.size() < 2) return false;
  switch (static_cast<Si>(tsdu[0])) {
    case Si::give_tokens_or_data:
    case Si::please_tokens: {
      if (tsdu[1] > 6) return false;
      const std::size_t next = std::size_t{2} + tsdu[1];
      if (tsdu.size() < next + 2) return false;
      const Bytes data = tsdu.subspan(next);
      if (data[0] == 0x61 || data[0] == 0x60) return true;  // no GT
      if (data[0] == 0x21) return true;
      if (data[0] != 0x01 || data[1] > 6) return false;
      const std::size_t user_data = std::size_t{2} + data[1];
      return data.size() <= user_data || begins_ppdu(data.subspan(user_data)) ||
             data.size() == user_data + 1;
    }
    case Si::connect:
    case Si::accept:
    case Si::refuse:
    case Si::finish:
    case Si::disconnect:
    case Si::not_finished:
    case Si::abort:
    case Si::abort_accept: {
      if (tsdu[1] == 0) return tsdu.size() == 2;
      const std::size_t at = tsdu[1] == 0xFF ? 4 : 2;
      return tsdu.size() > at + 1 && find_parameter(tsdu[at]) != nullptr;
    }
    case Si::typed_data:
      return tsdu[1] <= 6;
  }
  return false;
}

}  // namespace mmsa::osi
