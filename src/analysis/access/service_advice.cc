#include "analysis/access/service_advice.h"

#include "analysis/access/access_advice.h"
#include "mmsanalyze/mms.h"

namespace mmsa::analysis {
namespace {

constexpr std::uint16_t kAny = Service::kNone;
constexpr std::int64_t kAnyCode = -1;

struct Row {
  std::string_view error_class;
  std::int64_t code;
  std::uint16_t service;
  Advice advice;
};

// The first row that fits.
constexpr Row kRows[] = {
    {"access",
     2,
     Service::kGetNameList,
     {"The server has no logical device of this name.",
      "Ask the server for its logical devices (getNameList of domains) and correct the name in the "
      "client."}},
    {"access",
     2,
     Service::kReadJournal,
     {"The server has no log of this name.",
      "Read LogRef of the log control block and use the name given there."}},
    {"access",
     2,
     Service::kGetNamedVariableListAttributes,
     {"The server has no data set of this name.",
      "List the data sets of the logical device (getNameList) and correct the name; a data set "
      "that a client defined is gone after a restart."}},
    {"access",
     2,
     Service::kDeleteNamedVariableList,
     {"There is no data set of this name to delete.",
      "Nothing, if the client only clears up before it defines its data sets."}},
    {"access",
     2,
     kAny,
     {"The server has no object of this name: wrong spelling, or another configuration in it.",
      "Compare the name with what the server lists, or with the configuration that is loaded in "
      "it."}},
    {"access",
     3,
     Service::kDeleteNamedVariableList,
     {"The data set is part of the configuration, or in use by a control block: it can not be "
      "deleted.",
      "Take the DatSet out of the control block first; leave configured data sets alone."}},
    {"definition",
     1,
     Service::kDefineNamedVariableList,
     {"A member of the new data set does not exist on the server.",
      "Compare the names of the members with what the server has."}},
    {"definition",
     2,
     Service::kDefineNamedVariableList,
     {"A member of the new data set has an address that does not fit it.",
      "Look at array elements and components among the members."}},
    {"definition",
     5,
     Service::kDefineNamedVariableList,
     {"A data set of this name exists already.",
      "Read its members and use it as it is, delete it first, or choose another name."}},
    {"definition",
     5,
     kAny,
     {"An object of this name exists already.", "Use it as it is, or choose another name."}},
    {"definition",
     3,
     kAny,
     {"The server does not support the type in the definition.", "Use another type."}},
    {"resource",
     4,
     kAny,
     {"The server can not do this service, or no further one of this kind.",
      "Look up in the server's conformance statement how many it allows."}},
    {"resource",
     kAnyCode,
     Service::kDefineNamedVariableList,
     {"The server has no room for a further data set, or for so many members.",
      "Delete data sets that are not needed; look up the limits in its conformance statement."}},
    {"resource",
     kAnyCode,
     kAny,
     {"The server has no memory or processing time left for this request.",
      "Ask for less at a time; count the clients that are connected."}},
    {"service",
     1,
     kAny,
     {"The request does not fit what went before: a step of the sequence is missing.",
      "Compare the order of the requests with the standard's."}},
    {"service",
     2,
     kAny,
     {"The object is in a state that does not allow this service now.",
      "Read the state of the object, and try again later."}},
    {"service",
     4,
     Service::kGetNameList,
     {"The server does not know the name behind which the list was to be continued.",
      "Start the list again without continueAfter."}},
    {"service",
     5,
     Service::kDeleteNamedVariableList,
     {"The data set is in use by a control block, or is part of the configuration.",
      "Disable the control block and take its DatSet out first; leave configured data sets "
      "alone."}},
    {"service",
     5,
     kAny,
     {"Another object depends on this one.", "Look for the control block that uses it."}},
    {"service-preempt",
     kAnyCode,
     kAny,
     {"The request was broken off: it was cancelled, timed out in the server, or deadlocked.",
      "See whether the client cancelled it; if not, look at the load of the server."}},
    {"time-resolution",
     kAnyCode,
     kAny,
     {"The server can not work with so fine a time.", "Use a coarser time."}},
};

// "others" holds numbers of the vendor's own. Some servers answer services so that they lack.
constexpr Advice kNotImplemented{
    "The server does not implement this service.",
    "Take the service out of what the client asks for; its conformance statement says what the "
    "server can do."};

}  // namespace

bool is_not_implemented(const mms::ServiceErrorText& error) {
  if (error.error_class == "access") return error.number == ServiceErrorCode::kAccessUnsupported;
  return error.error_class == "others" ||
         (error.error_class == "resource" && (error.number == 4 || error.number == 5));
}

bool may_be_size(const mms::ServiceErrorText& error) {
  if (error.error_class == "service") return error.number == 0 || error.number == 3;
  return error.error_class == "resource" && error.number <= 2;
}

Advice service_advice(std::uint16_t service, const mms::ServiceErrorText& error) {
  for (const Row& row : kRows) {
    if (row.error_class != error.error_class) continue;
    if (row.code != kAnyCode && row.code != error.number) continue;
    if (row.service != kAny && row.service != service) continue;
    return row.advice;
  }
  if (error.error_class == "access") {
    switch (error.number) {
      case 1:
        return service == Service::kRead || service == Service::kWrite
                   ? read_advice({}, AccessError::kObjectAccessUnsupported)
                   : kNotImplemented;
      case 3:
        return read_advice({}, AccessError::kObjectAccessDenied);
      case 4:
        return read_advice({}, 0);
      default:
        return {};
    }
  }
  return is_not_implemented(error) ? kNotImplemented : Advice{};
}

Advice reject_advice(const mms::RejectText& reason) {
  struct RejectRow {
    std::string_view code;
    Advice advice;
  };
  static constexpr RejectRow kReject[] = {
      {"unrecognized-service", kNotImplemented},
      {"unrecognized-modifier",
       {"The receiver does not support the modifier of the request.", "Send it without."}},
      {"invalid-invokeID",
       {"The request has a number that is still in use.", "See invoke-id-reused."}},
      {"invalid-argument",
       {"The receiver does not accept what the request asks for.",
        "Compare the request with the object that it names; send the frame to both vendors."}},
      {"invalid-modifier",
       {"The receiver does not accept the modifier of the request.", "Send it without."}},
      {"max-serv-outstanding-exceeded",
       {"More requests were open at a time than agreed.",
        "Lower the parallel requests of the client to the number agreed in Initiate."}},
      {"max-recursion-exceeded",
       {"The request is nested deeper than agreed.", "Use flatter structures."}},
      {"value-out-of-range",
       {"A value in the request is out of its range.", "Look at the values of the request."}},
      {"unknown-pdu-type",
       {"The receiver does not know this kind of PDU, or could not decode it.",
        "Send the rejected frame to the vendor of its sender."}},
      {"invalid-pdu",
       {"The receiver could not decode the PDU: it is not formed as the standard says.",
        "Send the rejected frame to the vendor of its sender."}},
  };
  for (const RejectRow& row : kReject) {
    if (row.code == reason.code) return row.advice;
  }
  return {};
}

}  // namespace mmsa::analysis
