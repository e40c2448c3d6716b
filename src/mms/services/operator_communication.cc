// Operator communication: ISO 9506-2 clause 17.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// Input-Request ::= SEQUENCE
constexpr Field kInputRequestFields[] = {
    implicit("operatorStationName", 0, kIdentifier),
    optional(implicit("echo", 1, kBoolean)),  // DEFAULT TRUE
    optional(implicit("listOfPromptData", 2, kListOfVisibleString)),
    optional(implicit("inputTimeOut", 3, kUnsigned32)),
};

// Output-Request ::= SEQUENCE
constexpr Field kOutputRequestFields[] = {
    implicit("operatorStationName", 0, kIdentifier),
    implicit("listOfOutputData", 1, kListOfVisibleString),
};

}  // namespace

constexpr Type kInputRequest = asn1::sequence("Input-Request", kInputRequestFields);
constexpr Type kInputResponse = kVisibleString;  // what the operator entered
constexpr Type kOutputRequest = asn1::sequence("Output-Request", kOutputRequestFields);

}  // namespace mmsa::mms
