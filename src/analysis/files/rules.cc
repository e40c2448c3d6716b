// Rules about file transfer.
#include "analysis/rules_topics.h"

namespace mmsa::analysis {
namespace {

constexpr EvidenceKey kFileFailed[] = {
    discriminating("service", EvidenceType::text, "FileOpen, FileRead, ..."),
    {"new_name", EvidenceType::text, "of FileRename"},
    {"destination", EvidenceType::text, "of ObtainFile"},
    {"position", EvidenceType::integer, "where FileOpen was to begin"},
    discriminating("error_class", EvidenceType::text,
                   "class of the ServiceError; reject: a rejectPDU"),
    discriminating("error_code", EvidenceType::text, "code of the ServiceError, or rejectReason"),
};
constexpr EvidenceKey kFileUnclosed[] = {
    {"opened_in_frame", EvidenceType::integer, "frame of FileOpen"},
    {"octets", EvidenceType::integer, "octets transferred"},
    {"size", EvidenceType::integer, "octets of the file, as announced"},
    discriminating("read_to_end", EvidenceType::flag, "the file was read to its end"),
    {"error", EvidenceType::text, "what broke off the transfer"},
};

constexpr Rule kRules[] = {
    {
        .id = "file-failed",
        .severity = Severity::error,
        .title = "A file service failed",
        .raised_when = "A file service was refused or failed: directory, open, read, close, "
                       "delete, rename or obtain. The finding gives the file name and the error.",
        .not_when = "Transfers that the client ended early on purpose by closing the file.",
        .cause = "The file is not there under this name, the client may not read it, or the IED "
                 "allows only one file open at a time.",
        .next_step =
            "List the directory first and use the name exactly as listed there, with its slashes. "
            "file-busy: close the other tool or wait. file-access-denied: check the access rights.",
        .reference = "ISO 9506-2 file services (ServiceError class file), IEC 61850-8-1 clause 23",
        .evidence = kFileFailed,
    },
    {
        .id = "file-unclosed",
        .severity = Severity::note,
        .title = "A file was opened and never closed",
        .raised_when = "A file transfer has a FileOpen but no FileClose until the association "
                       "ended, or until the file was read to its end and long after.",
        .not_when = "Transfers that are going on when the capture ends, and closes that lie in a "
                    "hole of it.",
        .cause =
            "The client forgets to close, or broke off the transfer after an error or a timeout.",
        .next_step =
            "Disconnect the client: the server then closes its files. If later transfers fail with "
            "file-busy or a resource error, this is why; tell the client's vendor.",
        .reference = "ISO 9506-2 FileOpen, FileRead, FileClose; IEC 61850-8-1 clause 23 (GetFile)",
        .party = Party::client,
        .evidence = kFileUnclosed,
    },
};
static_assert(complete(kRules));

}  // namespace

std::span<const Rule> file_rules() { return kRules; }

}  // namespace mmsa::analysis
