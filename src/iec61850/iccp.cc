#include "iec61850/iccp.h"

namespace mmsa::iec61850 {
namespace {

// Control centre, association and transfer set objects (IEC 60870-6-802 clauses 5 and 9). Local
// spellings put a number behind the transfer sets.
constexpr std::string_view kBeginnings[] = {
    "Bilateral_Table_ID",      "Supported_Features",
    "TASE2_Version",           "Next_DSTransfer_Set",
    "Next_TSTransfer_Set",     "Next_IMTransfer_Set",
    "DSTransfer_Set",          "DSTrans_",
    "DSConditions_Detected",   "Transfer_Set_Name",
    "Transfer_Set_Time_Stamp", "Transfer_Report_ACK",
    "Transfer_Report_NACK",    "Information_Message_",
    "Event_Code_Detected",
};

}  // namespace

bool is_iccp_name(std::string_view item) {
  if (item.find('_') == std::string_view::npos) return false;
  for (const std::string_view beginning : kBeginnings) {
    if (item.starts_with(beginning)) return true;
  }
  return false;
}

}  // namespace mmsa::iec61850
