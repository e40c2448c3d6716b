// Event actions: ISO 9506-2 clause 18.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// DefineEventAction-Request ::= SEQUENCE
constexpr Field kDefineEventActionRequestFields[] = {
    explicitly("eventActionName", 0, kObjectName),
    optional(implicit("listOfModifier", 1, kListOfModifier)),
    explicitly("confirmedServiceRequest", 2, kConfirmedServiceRequest),
    optional(implicit("cs-extension", 79, kAny)),
};

// DeleteEventAction-Request ::= CHOICE
constexpr Field kDeleteEventActionRequestAlternatives[] = {
    implicit("specific", 0, kListOfObjectName),
    implicit("aa-specific", 1, kNull),
    implicit("domain", 3, kIdentifier),
    implicit("vmd", 4, kNull),
};

// GetEventActionAttributes-Response ::= SEQUENCE
constexpr Field kGetEventActionAttributesResponseFields[] = {
    optional(implicit("mmsDeletable", 0, kBoolean)),  // DEFAULT FALSE
    implicit("listOfModifier", 1, kListOfModifier),
    explicitly("confirmedServiceRequest", 2, kConfirmedServiceRequest),
    optional(implicit("accessControlList", 3, kIdentifier)),
    optional(implicit("cs-extension", 79, kAny)),
};

}  // namespace

constexpr Type kDefineEventActionRequest =
    asn1::sequence("DefineEventAction-Request", kDefineEventActionRequestFields);
constexpr Type kDeleteEventActionRequest =
    asn1::choice("DeleteEventAction-Request", kDeleteEventActionRequestAlternatives);
constexpr Type kGetEventActionAttributesResponse =
    asn1::sequence("GetEventActionAttributes-Response", kGetEventActionAttributesResponseFields);

}  // namespace mmsa::mms
