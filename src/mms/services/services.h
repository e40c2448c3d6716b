// The request and response types of all services, one source file for each group of clauses of
// ISO 9506-2. Which service has which is the service table (mms/service_table.cc).
#pragma once

#include "mms/types.h"

namespace mmsa::mms {

// vmd_support.cc
extern const Type kStatusRequest;
extern const Type kStatusResponse;
extern const Type kGetNameListRequest;
extern const Type kGetNameListResponse;
extern const Type kIdentifyRequest;
extern const Type kIdentifyResponse;
extern const Type kRenameRequest;
extern const Type kGetCapabilityListRequest;
extern const Type kGetCapabilityListResponse;

// domain_management.cc
extern const Type kInitiateDownloadSequenceRequest;
extern const Type kDownloadSegmentRequest;
extern const Type kLoadSegmentResponse;
extern const Type kTerminateDownloadSequenceRequest;
extern const Type kInitiateUploadSequenceRequest;
extern const Type kInitiateUploadSequenceResponse;
extern const Type kUploadSegmentRequest;
extern const Type kTerminateUploadSequenceRequest;
extern const Type kRequestDomainDownloadRequest;
extern const Type kRequestDomainUploadRequest;
extern const Type kLoadDomainContentRequest;
extern const Type kStoreDomainContentRequest;
extern const Type kDeleteDomainRequest;
extern const Type kGetDomainAttributesRequest;
extern const Type kGetDomainAttributesResponse;

// program_invocation.cc
extern const Type kCreateProgramInvocationRequest;
extern const Type kDeleteProgramInvocationRequest;
extern const Type kStartRequest;
extern const Type kStopRequest;
extern const Type kGetProgramInvocationAttributesRequest;
extern const Type kGetProgramInvocationAttributesResponse;
extern const Type kReconfigureProgramInvocationRequest;

// variable_access.cc
extern const Type kReadRequest;
extern const Type kReadResponse;
extern const Type kWriteRequest;
extern const Type kWriteResponse;
extern const Type kInformationReport;
extern const Type kGetVariableAccessAttributesRequest;
extern const Type kGetVariableAccessAttributesResponse;
extern const Type kDefineNamedVariableRequest;
extern const Type kDefineScatteredAccessRequest;
extern const Type kGetScatteredAccessAttributesResponse;
extern const Type kDeleteVariableAccessRequest;

// named_variable_list.cc
extern const Type kDefineNamedVariableListRequest;
extern const Type kGetNamedVariableListAttributesResponse;
extern const Type kDeleteNamedVariableListRequest;
extern const Type kDefineNamedTypeRequest;
extern const Type kGetNamedTypeAttributesResponse;
extern const Type kDeleteNamedTypeRequest;

// data_exchange.cc
extern const Type kGetDataExchangeAttributesResponse;
extern const Type kExchangeDataRequest;
extern const Type kExchangeDataResponse;
extern const Type kDefineAccessControlListRequest;
extern const Type kGetAccessControlListAttributesRequest;
extern const Type kGetAccessControlListAttributesResponse;
extern const Type kReportAccessControlledObjectsRequest;
extern const Type kReportAccessControlledObjectsResponse;
extern const Type kDeleteAccessControlListRequest;
extern const Type kChangeAccessControlRequest;
extern const Type kChangeAccessControlResponse;

// semaphore.cc
extern const Type kTakeControlRequest;
extern const Type kTakeControlResponse;
extern const Type kRelinquishControlRequest;
extern const Type kDefineSemaphoreRequest;
extern const Type kReportSemaphoreStatusResponse;
extern const Type kReportPoolSemaphoreStatusRequest;
extern const Type kReportPoolSemaphoreStatusResponse;
extern const Type kReportSemaphoreEntryStatusRequest;
extern const Type kReportSemaphoreEntryStatusResponse;

// operator_communication.cc
extern const Type kInputRequest;
extern const Type kInputResponse;
extern const Type kOutputRequest;

// event_condition.cc
extern const Type kDefineEventConditionRequest;
extern const Type kDeleteEventConditionRequest;
extern const Type kGetEventConditionAttributesResponse;
extern const Type kReportEventConditionStatusResponse;
extern const Type kAlterEventConditionMonitoringRequest;
extern const Type kTriggerEventRequest;

// event_action.cc
extern const Type kDefineEventActionRequest;
extern const Type kDeleteEventActionRequest;
extern const Type kGetEventActionAttributesResponse;

// event_enrollment.cc
extern const Type kDefineEventEnrollmentRequest;
extern const Type kDeleteEventEnrollmentRequest;
extern const Type kGetEventEnrollmentAttributesRequest;
extern const Type kGetEventEnrollmentAttributesResponse;
extern const Type kReportEventEnrollmentStatusResponse;
extern const Type kAlterEventEnrollmentRequest;
extern const Type kAlterEventEnrollmentResponse;
extern const Type kAcknowledgeEventNotificationRequest;
extern const Type kGetAlarmSummaryRequest;
extern const Type kGetAlarmSummaryResponse;
extern const Type kGetAlarmEnrollmentSummaryRequest;
extern const Type kGetAlarmEnrollmentSummaryResponse;
extern const Type kEventNotification;

// journal.cc
extern const Type kReadJournalRequest;
extern const Type kReadJournalResponse;
extern const Type kWriteJournalRequest;
extern const Type kInitializeJournalRequest;
extern const Type kReportJournalStatusResponse;
extern const Type kCreateJournalRequest;
extern const Type kDeleteJournalRequest;

// file.cc
extern const Type kObtainFileRequest;
extern const Type kFileOpenRequest;
extern const Type kFileOpenResponse;
extern const Type kFileReadRequest;
extern const Type kFileReadResponse;
extern const Type kFileCloseRequest;
extern const Type kFileRenameRequest;
extern const Type kFileDirectoryRequest;
extern const Type kFileDirectoryResponse;

// additional_service.cc
extern const Type kAdditionalServiceRequest;
extern const Type kAdditionalServiceResponse;

}  // namespace mmsa::mms
