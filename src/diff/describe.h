// One message -> the name of its step and the facts that count in it.
#pragma once

#include <string>

#include "diff/facts.h"
#include "iec61850/meaning.h"

namespace mmsa::diff {

// What finds the same step in the other capture.
struct StepName {
  std::string service;   // "GetDataValues", "getNameList"
  std::string objects;   // "IED1LD0/XCBR1$ST$Pos, ..."; empty where it is about none
  bool repeats = false;  // asking again for the same changes nothing: polling
};
// Of a confirmed request, and of what comes unasked.
void name_step(const iec61850::Exchange& exchange, StepName& name);

// What a request sends.
void describe_request(const iec61850::Exchange& exchange, FactWriter& facts);
// What a response, an error or a reject says; of lists that come in parts only that it came.
void describe_answer(const iec61850::Exchange& exchange, FactWriter& facts);
// Why a confirmed-ErrorPDU, rejectPDU or initiate-ErrorPDU refuses: "error: access,
// object-non-existent". Empty where the PDU is none of them.
std::string refusal_text(const MmsPdu& pdu);

// "AddCause 10 (blocked-by-interlocking), error unknown": of LastApplError and terminations.
std::string cause_text(const iec61850::LastApplError& error);

// Appends the names of a list, ", " between.
void append_names(std::string& out, asn1::NodeRef list_of_identifier);

}  // namespace mmsa::diff
