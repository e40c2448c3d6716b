// ServiceError (ISO 9506-2 clause 7.4.4), class file; and the classes that servers use besides.
#include "analysis/files/file_advice.h"

#include <array>

#include "analysis/access/access_advice.h"

namespace mmsa::analysis {
namespace {

// By code of class file.
constexpr std::array<Advice, 10> kFileErrors{{
    {"The device could not carry out the file service and does not say why. Often the file was "
     "already closed, or its number (frsmID) is not that of an open file.",
     "Look at the file services before this one; then look into the device's event log."},
    {"More than one file fits the name.", "Give the whole name with its path."},
    {"Another client has the file open, or the device is still writing it.",
     "Close the other tool; after a fault record was triggered wait a minute and try again."},
    {"The device does not accept the form of the name: slashes, backslashes or characters.",
     "List the directory and use the name exactly as it is listed there."},
    {"The device does not accept what the file contains.",
     "Check that this kind of file may be sent to the device."},
    {"The reading was to begin behind the end of the file.",
     "Read the size in the directory first; the file may have become shorter."},
    {"The client lacks the right for this file, or the file is write-protected.",
     "Check the access rights in the device, and whether clients may do this with this file."},
    {"There is no file of this name: another path or spelling, or it was overwritten by newer "
     "records.",
     "List the directory and use the name exactly as it is listed there, with its slashes."},
    {"A file of this name exists already.", "Delete the old file or choose another name."},
    {"The memory of the device is full.", "Delete files that are no longer needed."},
}};

// kFileErrors[6]
constexpr std::int64_t kAccessDenied = 6;
constexpr Advice kDirectoryDenied{
    "The client lacks the right to list this directory.",
    "Check the access rights in the device, and whether clients may list it."};
constexpr Advice kFailedThoughOpen{
    "The device could not go on with the file, which is open, and does not say why.",
    "Fetch the file again; if it fails at the same place, look into the device's event log."};

}  // namespace

Advice file_advice(std::uint16_t service, const mms::ServiceErrorText& error, bool open) {
  if (error.error_class == "file" && service == Service::kFileDirectory &&
      error.number == kAccessDenied) {
    return kDirectoryDenied;
  }
  if (error.error_class == "file" && error.number == 0 && open) return kFailedThoughOpen;
  const auto number = static_cast<std::size_t>(error.number);
  if (error.error_class == "file") {
    return error.number >= 0 && number < kFileErrors.size() ? kFileErrors[number] : Advice{};
  }
  if (error.error_class == "resource") {
    return {
        "The device has no more room for an open file: too many are open, or were never "
        "closed (file-unclosed).",
        "Disconnect the clients that fetch files: the device then closes theirs."};
  }
  if (error.error_class == "access" && error.number == AccessError::kObjectAccessDenied) {
    return kFileErrors[6];
  }
  // object-access-unsupported and object-non-existent of class access.
  if (error.error_class == "access" && error.number == 1) {
    return {"The device does not support this file service, or not for this file.",
            "Take the service out of the client's configuration."};
  }
  if (error.error_class == "access" && error.number == 2) return kFileErrors[7];
  if (service == Service::kObtainFile) {
    return {"The device could not fetch the file from the client.",
            "Look at its FileOpen and FileRead requests to the client, and at the client's file "
            "directory."};
  }
  return {};
}

}  // namespace mmsa::analysis
