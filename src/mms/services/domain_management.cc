// Domains and their transfer: ISO 9506-2 clause 11.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

constexpr NamedNumber kDomainStateNames[] = {
    {0, "non-existent"}, {1, "loading"}, {2, "ready"}, {3, "in-use"}, {4, "complete"},
    {5, "incomplete"},   {7, "d1"},      {8, "d2"},    {9, "d3"},     {10, "d4"},
    {11, "d5"},          {12, "d6"},     {13, "d7"},   {14, "d8"},    {15, "d9"},
};
constexpr Type kDomainState = enumeration("DomainState", kDomainStateNames);

// InitiateDownloadSequence-Request ::= SEQUENCE
constexpr Field kInitiateDownloadSequenceRequestFields[] = {
    implicit("domainName", 0, kIdentifier),
    implicit("listOfCapabilities", 1, kListOfVisibleString),
    implicit("sharable", 2, kBoolean),
};

// loadData CHOICE
constexpr Field kLoadDataAlternatives[] = {
    implicit("non-coded", 0, kOctetString),
    untagged("coded", ber::kExternal, kExternal),
};
constexpr Type kLoadData = asn1::choice("LoadData", kLoadDataAlternatives);
// DownloadSegment-Response and UploadSegment-Response ::= SEQUENCE
constexpr Field kLoadSegmentFields[] = {
    one_of("loadData", kLoadData), optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};

// TerminateDownloadSequence-Request ::= SEQUENCE
constexpr Field kTerminateDownloadSequenceRequestFields[] = {
    implicit("domainName", 0, kIdentifier),
    optional(implicit("discard", 1, kServiceError)),
};

// InitiateUploadSequence-Response ::= SEQUENCE
constexpr Field kInitiateUploadSequenceResponseFields[] = {
    implicit("ulsmID", 0, kInteger32),
    implicit("listOfCapabilities", 1, kListOfVisibleString),
};

// RequestDomainDownload-Request ::= SEQUENCE
constexpr Field kRequestDomainDownloadRequestFields[] = {
    implicit("domainName", 0, kIdentifier),
    optional(implicit("listOfCapabilities", 1, kListOfVisibleString)),
    implicit("sharable", 2, kBoolean),
    implicit("fileName", 4, kFileName),
};

// RequestDomainUpload-Request ::= SEQUENCE
constexpr Field kRequestDomainUploadRequestFields[] = {
    implicit("domainName", 0, kIdentifier),
    implicit("fileName", 1, kFileName),
};

// LoadDomainContent-Request ::= SEQUENCE
constexpr Field kLoadDomainContentRequestFields[] = {
    implicit("domainName", 0, kIdentifier),
    optional(implicit("listOfCapabilities", 1, kListOfVisibleString)),
    implicit("sharable", 2, kBoolean),
    implicit("fileName", 4, kFileName),
    optional(implicit("thirdParty", 5, kApplicationReference)),
};

// StoreDomainContent-Request ::= SEQUENCE
constexpr Field kStoreDomainContentRequestFields[] = {
    implicit("domainName", 0, kIdentifier),
    implicit("fileName", 1, kFileName),
    optional(implicit("thirdParty", 2, kApplicationReference)),
};

// GetDomainAttributes-Response ::= SEQUENCE
constexpr Field kGetDomainAttributesResponseFields[] = {
    implicit("listOfCapabilities", 0, kListOfVisibleString),
    implicit("state", 1, kDomainState),
    implicit("mmsDeletable", 2, kBoolean),
    implicit("sharable", 3, kBoolean),
    implicit("listOfProgramInvocations", 4, kListOfIdentifier),
    implicit("uploadInProgress", 5, kInteger8),
    optional(implicit("accessControlList", 6, kIdentifier)),
};

}  // namespace

constexpr Type kInitiateDownloadSequenceRequest =
    asn1::sequence("InitiateDownloadSequence-Request", kInitiateDownloadSequenceRequestFields);
constexpr Type kDownloadSegmentRequest = kIdentifier;  // domain name
constexpr Type kLoadSegmentResponse =
    asn1::sequence("DownloadSegment-Response", kLoadSegmentFields);
constexpr Type kTerminateDownloadSequenceRequest =
    asn1::sequence("TerminateDownloadSequence-Request", kTerminateDownloadSequenceRequestFields);
constexpr Type kInitiateUploadSequenceRequest = kIdentifier;  // domain name
constexpr Type kInitiateUploadSequenceResponse =
    asn1::sequence("InitiateUploadSequence-Response", kInitiateUploadSequenceResponseFields);
constexpr Type kUploadSegmentRequest = kInteger32;            // ulsmID
constexpr Type kTerminateUploadSequenceRequest = kInteger32;  // ulsmID
constexpr Type kRequestDomainDownloadRequest =
    asn1::sequence("RequestDomainDownload-Request", kRequestDomainDownloadRequestFields);
constexpr Type kRequestDomainUploadRequest =
    asn1::sequence("RequestDomainUpload-Request", kRequestDomainUploadRequestFields);
constexpr Type kLoadDomainContentRequest =
    asn1::sequence("LoadDomainContent-Request", kLoadDomainContentRequestFields);
constexpr Type kStoreDomainContentRequest =
    asn1::sequence("StoreDomainContent-Request", kStoreDomainContentRequestFields);
constexpr Type kDeleteDomainRequest = kIdentifier;         // domain name
constexpr Type kGetDomainAttributesRequest = kIdentifier;  // domain name
constexpr Type kGetDomainAttributesResponse =
    asn1::sequence("GetDomainAttributes-Response", kGetDomainAttributesResponseFields);

}  // namespace mmsa::mms
