// MMS calls the side client that asks; both may ask, but only some questions are asked by clients
// alone (ISO 9506-1).
#include "osi/roles.h"

#include <algorithm>

#include "mmsanalyze/ber.h"

namespace mmsa::osi {
namespace {

// The service's tag number of a confirmed request or response, or 0 where it is not visible.
std::uint32_t service_number(Bytes pdu) {
  Trouble trouble(Layer::mms, pdu);
  if (pdu.size() < 2) return 0;
  // Only the first elements are looked at, so that a PDU whose end is missing will do.
  std::size_t at = 2;
  if (pdu[1] > 0x80) at += pdu[1] & 0x7Fu;
  if (at >= pdu.size()) return 0;
  ber::Reader reader(pdu.subspan(at), trouble);
  ber::Element element;
  if (!reader.match(ber::kInteger, element, "invokeID")) return 0;
  reader.match(ber::kSequence, element, "modifiers");
  const ber::Tag tag = reader.peek();
  return tag.tag_class() == ber::Class::context ? tag.number() : 0;
}

// ObtainFile makes the server a client of the file services: fileOpen, fileRead, fileClose,
// fileDirectory of either side say nothing.
bool is_file_service(Bytes pdu) {
  const std::uint32_t number = service_number(pdu);
  return number == 72 || number == 73 || number == 74 || number == 77;
}

}  // namespace

RoleHint hint_of(Step step) {
  switch (step) {
    case Step::connect_request:
    case Step::session_connect:
    case Step::associate_request:
    case Step::session_finish:
    case Step::release_request:
      return RoleHint::client;
    case Step::connect_confirm:
    case Step::session_accept:
    case Step::session_refuse:
    case Step::session_disconnect:
    case Step::session_not_finished:
    case Step::presentation_refuse:
    case Step::associate_response:
    case Step::release_response:
      return RoleHint::server;
    default:
      return RoleHint::none;
  }
}

RoleHint hint_of_pdu(Bytes pdu) {
  if (pdu.empty()) return RoleHint::none;
  switch (pdu[0]) {
    case 0xA0:
      return is_file_service(pdu) ? RoleHint::none : RoleHint::client;
    case 0xA1:
      return is_file_service(pdu) ? RoleHint::none : RoleHint::server;
    case 0x85:
    case 0xA8:
    case 0x8B:
      return RoleHint::client;
    case 0xA2:
    case 0xA3:
    case 0x86:
    case 0xA7:
    case 0xA9:
    case 0xAA:
    case 0x8C:
    case 0xAD:
      return RoleHint::server;
    default:
      return RoleHint::none;
  }
}

bool is_expected_port(std::uint16_t port, const StackOptions& options) {
  return port == 102 || port == 3782 ||
         std::find(options.ports.begin(), options.ports.end(), port) != options.ports.end();
}

Side server_by_port(const Connection& connection, const StackOptions& options) {
  const std::uint16_t a = connection.endpoint[0].port;
  const std::uint16_t b = connection.endpoint[1].port;
  const bool a_expected = is_expected_port(a, options);
  if (a_expected != is_expected_port(b, options)) return a_expected ? Side::a : Side::b;
  return a < b ? Side::a : Side::b;
}

}  // namespace mmsa::osi
