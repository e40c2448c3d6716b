// Which ACSI service (IEC 61850-7-2) an MMS message carries, by the mapping of IEC 61850-8-1.
#pragma once

#include <cstdint>
#include <string_view>

#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

enum class Acsi : std::uint8_t {
  none,  // plain MMS, ICCP, or an answer whose request is not known
  Associate,
  Release,
  Abort,  // never of an MMS message: ACSE and session say it
  GetServerDirectory,
  GetLogicalDeviceDirectory,
  GetLogicalNodeDirectory,
  GetDataDefinition,
  GetAllDataValues,
  GetDataValues,
  SetDataValues,
  GetDataSetValues,
  SetDataSetValues,
  CreateDataSet,
  DeleteDataSet,
  GetDataSetDirectory,
  Report,
  GetBRCBValues,
  SetBRCBValues,
  GetURCBValues,
  SetURCBValues,
  GetLCBValues,
  SetLCBValues,
  GetLogStatusValues,
  QueryLogByTime,
  QueryLogAfter,
  SelectActiveSG,
  SelectEditSG,
  SetEditSGValue,
  ConfirmEditSGValues,
  GetEditSGValue,
  GetSGCBValues,
  GetGoCBValues,
  SetGoCBValues,
  GetGsCBValues,
  SetGsCBValues,
  GetMSVCBValues,
  SetMSVCBValues,
  GetUSVCBValues,
  SetUSVCBValues,
  Select,
  SelectWithValue,
  Operate,
  TimeActivatedOperate,
  Cancel,
  CommandTermination,
  LastApplError,
  GetFile,
  SetFile,
  DeleteFile,
  GetFileAttributeValues,
};
// Whether it is one of the services of control objects, LastApplError included.
constexpr bool is_control(Acsi service) {
  return service >= Acsi::Select && service <= Acsi::LastApplError;
}
std::string_view acsi_name(Acsi service);  // empty for none
// none where the name is not one of the above.
Acsi acsi_from(std::string_view name);

// Of requests, responses, errors, rejects and unconfirmed messages. Several variables in one
// message are judged by the first. An answer is judged by its request, which is decoded for the
// services where the request's content decides. docs/iec61850.md has the rules.
Acsi classify(const MmsMessage& message, bool from_client);

}  // namespace mmsa::iec61850
