// ConfirmedServiceRequest, ConfirmedServiceResponse and UnconfirmedService: ISO 9506-2 clause 7.
// The CHOICEs are made from the table; a number without a row is kept as an unknown element.
#include "mms/service_table.h"

#include <array>

#include "mms/services/services.h"
#include "mmsanalyze/mms.h"

namespace mmsa::mms {
namespace {

constexpr ServiceRow kConfirmed[] = {
    {0, "status", &kStatusRequest, &kStatusResponse},
    {1, "getNameList", &kGetNameListRequest, &kGetNameListResponse},
    {2, "identify", &kIdentifyRequest, &kIdentifyResponse},
    {3, "rename", &kRenameRequest, &kNull},
    {4, "read", &kReadRequest, &kReadResponse},
    {5, "write", &kWriteRequest, &kWriteResponse},
    {6, "getVariableAccessAttributes", &kGetVariableAccessAttributesRequest,
     &kGetVariableAccessAttributesResponse},
    {7, "defineNamedVariable", &kDefineNamedVariableRequest, &kNull},
    {8, "defineScatteredAccess", &kDefineScatteredAccessRequest, &kNull},
    {9, "getScatteredAccessAttributes", &kObjectName, &kGetScatteredAccessAttributesResponse},
    {10, "deleteVariableAccess", &kDeleteVariableAccessRequest, &kDeleteResponse},
    {11, "defineNamedVariableList", &kDefineNamedVariableListRequest, &kNull},
    {12, "getNamedVariableListAttributes", &kObjectName, &kGetNamedVariableListAttributesResponse},
    {13, "deleteNamedVariableList", &kDeleteNamedVariableListRequest, &kDeleteResponse},
    {14, "defineNamedType", &kDefineNamedTypeRequest, &kNull},
    {15, "getNamedTypeAttributes", &kObjectName, &kGetNamedTypeAttributesResponse},
    {16, "deleteNamedType", &kDeleteNamedTypeRequest, &kDeleteResponse},
    {17, "input", &kInputRequest, &kInputResponse},
    {18, "output", &kOutputRequest, &kNull},
    {19, "takeControl", &kTakeControlRequest, &kTakeControlResponse},
    {20, "relinquishControl", &kRelinquishControlRequest, &kNull},
    {21, "defineSemaphore", &kDefineSemaphoreRequest, &kNull},
    {22, "deleteSemaphore", &kObjectName, &kNull},
    {23, "reportSemaphoreStatus", &kObjectName, &kReportSemaphoreStatusResponse},
    {24, "reportPoolSemaphoreStatus", &kReportPoolSemaphoreStatusRequest,
     &kReportPoolSemaphoreStatusResponse},
    {25, "reportSemaphoreEntryStatus", &kReportSemaphoreEntryStatusRequest,
     &kReportSemaphoreEntryStatusResponse},
    {26, "initiateDownloadSequence", &kInitiateDownloadSequenceRequest, &kNull},
    {27, "downloadSegment", &kDownloadSegmentRequest, &kLoadSegmentResponse},
    {28, "terminateDownloadSequence", &kTerminateDownloadSequenceRequest, &kNull},
    {29, "initiateUploadSequence", &kInitiateUploadSequenceRequest,
     &kInitiateUploadSequenceResponse},
    {30, "uploadSegment", &kUploadSegmentRequest, &kLoadSegmentResponse},
    {31, "terminateUploadSequence", &kTerminateUploadSequenceRequest, &kNull},
    {32, "requestDomainDownload", &kRequestDomainDownloadRequest, &kNull},
    {33, "requestDomainUpload", &kRequestDomainUploadRequest, &kNull},
    {34, "loadDomainContent", &kLoadDomainContentRequest, &kNull},
    {35, "storeDomainContent", &kStoreDomainContentRequest, &kNull},
    {36, "deleteDomain", &kDeleteDomainRequest, &kNull},
    {37, "getDomainAttributes", &kGetDomainAttributesRequest, &kGetDomainAttributesResponse},
    {38, "createProgramInvocation", &kCreateProgramInvocationRequest, &kNull},
    {39, "deleteProgramInvocation", &kDeleteProgramInvocationRequest, &kNull},
    {40, "start", &kStartRequest, &kNull},
    {41, "stop", &kStopRequest, &kNull},
    {42, "resume", &kStartRequest, &kNull},
    {43, "reset", &kStopRequest, &kNull},
    {44, "kill", &kStopRequest, &kNull},
    {45, "getProgramInvocationAttributes", &kGetProgramInvocationAttributesRequest,
     &kGetProgramInvocationAttributesResponse},
    {46, "obtainFile", &kObtainFileRequest, &kNull},
    {47, "defineEventCondition", &kDefineEventConditionRequest, &kNull},
    {48, "deleteEventCondition", &kDeleteEventConditionRequest, &kUnsigned32},
    {49, "getEventConditionAttributes", &kObjectName, &kGetEventConditionAttributesResponse},
    {50, "reportEventConditionStatus", &kObjectName, &kReportEventConditionStatusResponse},
    {51, "alterEventConditionMonitoring", &kAlterEventConditionMonitoringRequest, &kNull},
    {52, "triggerEvent", &kTriggerEventRequest, &kNull},
    {53, "defineEventAction", &kDefineEventActionRequest, &kNull},
    {54, "deleteEventAction", &kDeleteEventActionRequest, &kUnsigned32},
    {55, "getEventActionAttributes", &kObjectName, &kGetEventActionAttributesResponse},
    {56, "reportEventActionStatus", &kObjectName, &kUnsigned32},
    {57, "defineEventEnrollment", &kDefineEventEnrollmentRequest, &kNull},
    {58, "deleteEventEnrollment", &kDeleteEventEnrollmentRequest, &kUnsigned32},
    {59, "alterEventEnrollment", &kAlterEventEnrollmentRequest, &kAlterEventEnrollmentResponse},
    {60, "reportEventEnrollmentStatus", &kObjectName, &kReportEventEnrollmentStatusResponse},
    {61, "getEventEnrollmentAttributes", &kGetEventEnrollmentAttributesRequest,
     &kGetEventEnrollmentAttributesResponse},
    {62, "acknowledgeEventNotification", &kAcknowledgeEventNotificationRequest, &kNull},
    {63, "getAlarmSummary", &kGetAlarmSummaryRequest, &kGetAlarmSummaryResponse},
    {64, "getAlarmEnrollmentSummary", &kGetAlarmEnrollmentSummaryRequest,
     &kGetAlarmEnrollmentSummaryResponse},
    {65, "readJournal", &kReadJournalRequest, &kReadJournalResponse},
    {66, "writeJournal", &kWriteJournalRequest, &kNull},
    {67, "initializeJournal", &kInitializeJournalRequest, &kUnsigned32},
    {68, "reportJournalStatus", &kObjectName, &kReportJournalStatusResponse},
    {69, "createJournal", &kCreateJournalRequest, &kNull},
    {70, "deleteJournal", &kDeleteJournalRequest, &kNull},
    {71, "getCapabilityList", &kGetCapabilityListRequest, &kGetCapabilityListResponse},
    {72, "fileOpen", &kFileOpenRequest, &kFileOpenResponse},
    {73, "fileRead", &kFileReadRequest, &kFileReadResponse},
    {74, "fileClose", &kFileCloseRequest, &kNull},
    {75, "fileRename", &kFileRenameRequest, &kNull},
    {76, "fileDelete", &kFileName, &kNull},
    {77, "fileDirectory", &kFileDirectoryRequest, &kFileDirectoryResponse},
    {78, "additionalService", &kAdditionalServiceRequest, &kAdditionalServiceResponse},
    // The 2003 edition. 79 is the tag of cs-request-detail.
    {80, "getDataExchangeAttributes", &kObjectName, &kGetDataExchangeAttributesResponse},
    {81, "exchangeData", &kExchangeDataRequest, &kExchangeDataResponse},
    {82, "defineAccessControlList", &kDefineAccessControlListRequest, &kNull},
    {83, "getAccessControlListAttributes", &kGetAccessControlListAttributesRequest,
     &kGetAccessControlListAttributesResponse},
    {84, "reportAccessControlledObjects", &kReportAccessControlledObjectsRequest,
     &kReportAccessControlledObjectsResponse},
    {85, "deleteAccessControlList", &kDeleteAccessControlListRequest, &kNull},
    {86, "changeAccessControl", &kChangeAccessControlRequest, &kChangeAccessControlResponse},
    {87, "reconfigureProgramInvocation", &kReconfigureProgramInvocationRequest, &kNull},
};

constexpr ServiceRow kUnconfirmed[] = {
    {Service::kInformationReport, "informationReport", &kInformationReport, nullptr},
    {Service::kUnsolicitedStatus, "unsolicitedStatus", &kStatusResponse, nullptr},
    {Service::kEventNotification, "eventNotification", &kEventNotification, nullptr},
    {Service::kUnconfirmedBase + 3, "additionalService", &kAny, nullptr},
};

// A hole in an array of fields: no element has its tag.
constexpr Field kNoField{"", ber::Tag(ber::Class::private_use, 0x3FFF'FFFF),
                         asn1::Tagging::implicit_tag, true, nullptr};

// The alternatives of a CHOICE, so that alternative n stands at index n. An IMPLICIT tag of a type
// that is itself a CHOICE is decoded as the EXPLICIT one that it is (X.680 31.2.7).
template <std::size_t kCount>
constexpr auto alternatives(std::span<const ServiceRow> rows, const Type* ServiceRow::*type) {
  std::array<Field, kCount> fields{};
  fields.fill(kNoField);
  for (const ServiceRow& row : rows) {
    const std::uint16_t tag = row.number % Service::kUnconfirmedBase;
    fields[tag] = implicit(row.name, tag, *(row.*type));
  }
  return fields;
}

constexpr std::size_t kConfirmedCount = std::size(kConfirmed) + 1;  // and the hole at 79
constexpr auto kRequests = alternatives<kConfirmedCount>(kConfirmed, &ServiceRow::request);
constexpr auto kResponses = alternatives<kConfirmedCount>(kConfirmed, &ServiceRow::response);
constexpr auto kUnconfirmedAlternatives =
    alternatives<std::size(kUnconfirmed)>(kUnconfirmed, &ServiceRow::request);

// The row number of each service number.
constexpr auto kRowOf = [] {
  std::array<std::uint8_t, kConfirmedCount> rows{};
  rows.fill(0xFF);
  for (std::uint8_t i = 0; i < std::size(kConfirmed); ++i) rows[kConfirmed[i].number] = i;
  return rows;
}();

constexpr Type services(const char* name, std::span<const Field> fields) {
  return {.name = name, .kind = Kind::choice, .fields = fields, .extensible = true};
}

}  // namespace

constexpr Type kConfirmedServiceRequest = services("ConfirmedServiceRequest", kRequests);
constexpr Type kConfirmedServiceResponse = services("ConfirmedServiceResponse", kResponses);
constexpr Type kUnconfirmedService = services("UnconfirmedService", kUnconfirmedAlternatives);

std::span<const ServiceRow> confirmed_services() { return kConfirmed; }
std::span<const ServiceRow> unconfirmed_services() { return kUnconfirmed; }

const ServiceRow* find_service(std::uint16_t service) {
  if (service < kRowOf.size()) {
    return kRowOf[service] == 0xFF ? nullptr : &kConfirmed[kRowOf[service]];
  }
  const std::size_t unconfirmed = std::size_t{service} - Service::kUnconfirmedBase;
  return service >= Service::kUnconfirmedBase && unconfirmed < std::size(kUnconfirmed)
             ? &kUnconfirmed[unconfirmed]
             : nullptr;
}

}  // namespace mmsa::mms
