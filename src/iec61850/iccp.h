// ICCP (TASE.2, IEC 60870-6-503 and -802) shares the port, the stack and the services of MMS with
// IEC 61850; it is told by the names that IEC 60870-6-802 fixes.
#pragma once

#include <string_view>

namespace mmsa::iec61850 {

// "Bilateral_Table_ID", "Next_DSTransfer_Set", "DSTransfer_Set01", ...: names that only ICCP has.
bool is_iccp_name(std::string_view item);

}  // namespace mmsa::iec61850
