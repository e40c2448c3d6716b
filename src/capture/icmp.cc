// ICMP: RFC 792. ICMPv6: RFC 4443. What quotes a packet is what Wireshark 4.0 looks for connections
// in: the errors, but not the redirects.
#include "capture/icmp.h"

namespace mmsa::capture {
namespace {

constexpr std::size_t kHeader = 8;

void step_into(Cursor& cursor, bool quotes, Layer quoted) {
  if (!quotes || cursor.data.size() <= kHeader) return cursor.stop(Undecoded::not_tcp);
  cursor.quoted = true;
  cursor.go_on(quoted, kHeader);
}

}  // namespace

void step_icmp(Cursor& cursor) {
  constexpr std::uint8_t kUnreachable = 3;
  constexpr std::uint8_t kSourceQuench = 4;
  constexpr std::uint8_t kTimeExceeded = 11;
  constexpr std::uint8_t kParameterProblem = 12;
  const std::uint8_t type = cursor.data.empty() ? std::uint8_t{0} : cursor.data[0];
  step_into(cursor,
            type == kUnreachable || type == kSourceQuench || type == kTimeExceeded ||
                type == kParameterProblem,
            Layer::ipv4);
}

void step_icmp6(Cursor& cursor) {
  constexpr std::uint8_t kUnreachable = 1;
  constexpr std::uint8_t kParameterProblem = 4;  // between them: packet too big, time exceeded
  const std::uint8_t type = cursor.data.empty() ? std::uint8_t{0} : cursor.data[0];
  step_into(cursor, type >= kUnreachable && type <= kParameterProblem, Layer::ipv6);
}

}  // namespace mmsa::capture
