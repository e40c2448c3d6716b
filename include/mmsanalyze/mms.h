// An MMS PDU (ISO 9506-2 clause 7) as it is read by everything behind the decoder.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "mmsanalyze/asn1.h"
#include "mmsanalyze/decode_error.h"

namespace mmsa {

// The alternatives of MMSpdu; the numbers are the context tags.
enum class PduKind : std::uint8_t {
  confirmed_request = 0,
  confirmed_response = 1,
  confirmed_error = 2,
  unconfirmed = 3,
  reject = 4,
  cancel_request = 5,
  cancel_response = 6,
  cancel_error = 7,
  initiate_request = 8,
  initiate_response = 9,
  initiate_error = 10,
  conclude_request = 11,
  conclude_response = 12,
  conclude_error = 13,
  unknown = 14,
};
// "confirmed-RequestPDU", ...; "unknown" for the last.
std::string_view pdu_kind_name(PduKind kind);

// Service numbers: the context tags of ConfirmedServiceRequest, and those of UnconfirmedService
// from kUnconfirmedBase on, so that one number names a service.
struct Service {
  static constexpr std::uint16_t kUnconfirmedBase = 256;
  static constexpr std::uint16_t kNone = 0xFFFF;

  static constexpr std::uint16_t kStatus = 0;
  static constexpr std::uint16_t kGetNameList = 1;
  static constexpr std::uint16_t kIdentify = 2;
  static constexpr std::uint16_t kRename = 3;
  static constexpr std::uint16_t kRead = 4;
  static constexpr std::uint16_t kWrite = 5;
  static constexpr std::uint16_t kGetVariableAccessAttributes = 6;
  static constexpr std::uint16_t kDefineNamedVariableList = 11;
  static constexpr std::uint16_t kGetNamedVariableListAttributes = 12;
  static constexpr std::uint16_t kDeleteNamedVariableList = 13;
  static constexpr std::uint16_t kObtainFile = 46;
  static constexpr std::uint16_t kReadJournal = 65;
  static constexpr std::uint16_t kFileOpen = 72;
  static constexpr std::uint16_t kFileRead = 73;
  static constexpr std::uint16_t kFileClose = 74;
  static constexpr std::uint16_t kFileRename = 75;
  static constexpr std::uint16_t kFileDelete = 76;
  static constexpr std::uint16_t kFileDirectory = 77;
  static constexpr std::uint16_t kInformationReport = kUnconfirmedBase + 0;
  static constexpr std::uint16_t kUnsolicitedStatus = kUnconfirmedBase + 1;
  static constexpr std::uint16_t kEventNotification = kUnconfirmedBase + 2;

  // Those of ISO 9506-2 annex D and obtainFile.
  static constexpr bool is_file(std::uint16_t service) {
    return service == kObtainFile || (service >= kFileOpen && service <= kFileDirectory);
  }
};
// "read", "getNameList", "informationReport", ...; empty for kNone and numbers without a row.
std::string_view service_name(std::uint16_t service);

// What one MMS PDU says. Views into the PDU's octets and the tree's nodes.
struct MmsPdu {
  PduKind kind = PduKind::unknown;
  std::optional<std::uint32_t> invoke_id;  // originalInvokeID of errors, rejects and cancels too
  std::uint16_t service = Service::kNone;  // of requests, responses and unconfirmed PDUs
  asn1::NodeRef body;                      // of the service, or of the PDU where it has no service
  std::optional<DecodeError> error;
  std::uint8_t quirks = 0;
};

// A PDU with the nodes that it refers to: stays where it was decoded.
struct DecodedPdu {
  MmsPdu pdu;
  asn1::Tree tree;
};

// An ObjectName (ISO 9506-2 clause 7.5.3).
struct ObjectName {
  enum class Scope : std::uint8_t { vmd, domain, association } scope = Scope::vmd;
  std::string_view domain;  // of domain-specific names
  std::string_view item;
};
// Of a node with Role::object_name.
ObjectName object_name(asn1::NodeRef node);

}  // namespace mmsa
