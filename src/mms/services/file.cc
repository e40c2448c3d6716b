// Files: obtainFile, fileOpen, fileRead, fileClose, fileRename, fileDelete, fileDirectory.
// ISO 9506-2 annex D.
#include "mms/services/services.h"

namespace mmsa::mms {
namespace {

// ObtainFile-Request ::= SEQUENCE
constexpr Field kObtainFileRequestFields[] = {
    optional(implicit("sourceFileServer", 0, kApplicationReference)),
    implicit("sourceFile", 1, kFileName),
    implicit("destinationFile", 2, kFileName),
};

// FileOpen-Request ::= SEQUENCE
constexpr Field kFileOpenRequestFields[] = {
    implicit("fileName", 0, kFileName),
    implicit("initialPosition", 1, kUnsigned32),
};
// FileOpen-Response ::= SEQUENCE
constexpr Field kFileOpenResponseFields[] = {
    implicit("frsmID", 0, kInteger32),
    implicit("fileAttributes", 1, kFileAttributes),
};

// FileRead-Response ::= SEQUENCE
constexpr Field kFileReadResponseFields[] = {
    implicit("fileData", 0, kOctetString),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT TRUE
};

// FileRename-Request ::= SEQUENCE
constexpr Field kFileRenameRequestFields[] = {
    implicit("currentFileName", 0, kFileName),
    implicit("newFileName", 1, kFileName),
};

// FileDirectory-Request ::= SEQUENCE
constexpr Field kFileDirectoryRequestFields[] = {
    optional(implicit("fileSpecification", 0, kFileName)),
    optional(implicit("continueAfter", 1, kFileName)),
};
// DirectoryEntry ::= SEQUENCE
constexpr Field kDirectoryEntryFields[] = {
    implicit("filename", 0, kFileName),
    implicit("fileAttributes", 1, kFileAttributes),
};
constexpr Type kDirectoryEntry = asn1::sequence("DirectoryEntry", kDirectoryEntryFields);
constexpr Field kDirectoryEntryElement[] = {untagged("DirectoryEntry", kDirectoryEntry)};
constexpr Type kListOfDirectoryEntry =
    asn1::sequence_of("SEQUENCE OF DirectoryEntry", kDirectoryEntryElement);
// FileDirectory-Response ::= SEQUENCE
constexpr Field kFileDirectoryResponseFields[] = {
    explicitly("listOfDirectoryEntry", 0, kListOfDirectoryEntry),
    optional(implicit("moreFollows", 1, kBoolean)),  // DEFAULT FALSE
};

}  // namespace

constexpr Type kObtainFileRequest = asn1::sequence("ObtainFile-Request", kObtainFileRequestFields);
constexpr Type kFileOpenRequest = asn1::sequence("FileOpen-Request", kFileOpenRequestFields);
constexpr Type kFileOpenResponse = asn1::sequence("FileOpen-Response", kFileOpenResponseFields);
constexpr Type kFileReadRequest = kInteger32;  // frsmID
constexpr Type kFileReadResponse = asn1::sequence("FileRead-Response", kFileReadResponseFields);
constexpr Type kFileCloseRequest = kInteger32;  // frsmID
constexpr Type kFileRenameRequest = asn1::sequence("FileRename-Request", kFileRenameRequestFields);
constexpr Type kFileDirectoryRequest =
    asn1::sequence("FileDirectory-Request", kFileDirectoryRequestFields);
constexpr Type kFileDirectoryResponse =
    asn1::sequence("FileDirectory-Response", kFileDirectoryResponseFields);

}  // namespace mmsa::mms
