#include "iec61850/acsi.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

using namespace std::string_view_literals;
using wire::element;
using wire::hex;
using wire::join;
using wire::Message;
using wire::Octets;
using wire::read;
using wire::request;
using wire::text_element;
using wire::write;

struct Row {
  std::string_view acsi;  // empty: no service of IEC 61850
  Octets octets;
};

// Read and Write of one variable.
Octets write_true(std::string_view name) { return write({name}, hex("83 01 01")); }

// A recognition rule of PROTOCOL 4.2 in each row.
std::vector<Row> request_rows() {
  return {
      {"GetServerDirectory", hex("A0 0E 02 01 01 A1 09 A0 03 80 01 09 A1 02 80 00")},
      {"GetLogicalDeviceDirectory",
       request(
           element("A1", join({hex("A0 03 80 01 00"), element("A1", text_element("81", "LD"))})))},
      {"GetLogicalNodeDirectory",
       request(
           element("A1", join({hex("A0 03 80 01 02"), element("A1", text_element("81", "LD"))})))},
      {"GetLogicalNodeDirectory", request(hex("A1 09 A0 03 80 01 02 A1 02 82 00"))},
      {"GetLogicalNodeDirectory",
       request(
           element("A1", join({hex("A0 03 80 01 08"), element("A1", text_element("81", "LD"))})))},
      {"", request(hex("A1 09 A0 03 80 01 00 A1 02 80 00"))},  // variables of the VMD
      {"", request(hex("A1 09 A0 03 80 01 0A A1 02 80 00"))},  // program invocations
      {"GetDataDefinition", request(element("A6", element("A0", wire::object_name("LD/XCBR1"))))},
      {"", request(element("A6", element("A0", wire::object_name("LD/Transfer_Set_Name"))))},
      {"GetAllDataValues", read({"LD/XCBR1"})},
      {"GetAllDataValues", read({"LD/XCBR1$ST"})},
      {"GetDataValues", read({"LD/XCBR1$ST$Pos$stVal"})},
      {"GetDataValues", read({"LD/CSWI1$CO$Pos$Oper$ctlVal"})},
      {"GetDataValues", read({"LD/LLN0$SP$SGCBx"})},
      {"", read({"ICC1/Transfer_Set_Name"})},
      {"", read({"Supported_Features"})},
      {"SetDataValues", write_true("LD/GGIO1$SV$Ind1$subEna")},
      {"SetDataValues", write_true("LD/GGIO1$CF$Ind1$x")},
      {"Operate", write_true("LD/CSWI1$CO$Pos$Oper$ctlVal")},
      {"", write_true("ICC1/Transfer_Set_Time_Stamp")},
      {"GetDataSetValues", wire::read_list("LD/LLN0$ds")},
      {"GetDataSetValues", wire::read_list("@ds")},
      {"SetDataSetValues", wire::write_list("LD/LLN0$ds", hex("83 01 01"))},
      {"", wire::read_list("ICC1/DS_1")},
      {"CreateDataSet",
       request(element("AB", join({wire::object_name("LD/LLN0$ds"),
                                   element("A0", wire::variables({"LD/A$ST$x"}))})))},
      {"", request(element("AB", join({wire::object_name("ICC1/DS_1"),
                                       element("A0", wire::variables({"ICC1/Point_1"}))})))},
      {"GetDataSetDirectory", request(element("AC", wire::object_name("LD/LLN0$ds")))},
      {"DeleteDataSet", request(element("AD", element("A1", wire::object_name("LD/LLN0$ds"))))},
      {"DeleteDataSet", request(hex("AD 03 80 01 01"))},  // all of the association
      {"GetBRCBValues", read({"LD/LLN0$BR$rcb01"})},
      {"GetBRCBValues", read({"LD/LLN0$BR$rcb01$RptEna"})},
      {"SetBRCBValues", write_true("LD/LLN0$BR$rcb01$RptEna")},
      {"GetURCBValues", read({"LD/LLN0$RP$rcb01$Resv"})},
      {"SetURCBValues", write_true("LD/LLN0$RP$rcb01$GI")},
      {"GetLCBValues", read({"LD/LLN0$LG$log"})},
      {"GetLogStatusValues", read({"LD/LLN0$LG$log$OldEntrTm", "LD/LLN0$LG$log$NewEntrTm"})},
      {"SetLCBValues", write_true("LD/LLN0$LG$log$LogEna")},
      {"SelectActiveSG", write({"LD/LLN0$SP$SGCB$ActSG"}, hex("86 01 02"))},
      {"SelectEditSG", write({"LD/LLN0$SP$SGCB$EditSG"}, hex("86 01 02"))},
      {"ConfirmEditSGValues", write_true("LD/LLN0$SP$SGCB$CnfEdit")},
      {"SetEditSGValue", write({"LD/PTOC1$SE$StrVal$setMag$f"}, hex("87 05 08 00 00 00 00"))},
      {"GetEditSGValue", read({"LD/PTOC1$SE$StrVal"})},
      {"GetEditSGValue", read({"LD/PTOC1$SG$StrVal"})},
      {"GetSGCBValues", read({"LD/LLN0$SP$SGCB"})},
      {"GetSGCBValues", read({"LD/LLN0$SP$SGCB$ActSG"})},
      {"GetDataValues", read({"LD/GGIO1$SP$NumVal"})},
      {"GetGoCBValues", read({"LD/LLN0$GO$gcb"})},
      {"SetGoCBValues", write_true("LD/LLN0$GO$gcb$GoEna")},
      {"GetMSVCBValues", read({"LD/LLN0$MS$cb"})},
      {"SetMSVCBValues", write_true("LD/LLN0$MS$cb$SvEna")},
      {"GetUSVCBValues", read({"LD/LLN0$US$cb"})},
      {"SetUSVCBValues", write_true("LD/LLN0$US$cb$SvEna")},
      {"Select", read({"LD/GGIO1$CO$SPCSO2$SBO"})},
      {"SetDataValues", write_true("LD/GGIO1$CO$SPCSO2$SBO")},
      {"SelectWithValue", write_true("LD/GGIO1$CO$SPCSO2$SBOw")},
      {"Operate", write_true("LD/GGIO1$CO$SPCSO2$Oper")},
      {"Cancel", write_true("LD/GGIO1$CO$SPCSO2$Cancel")},
      {"TimeActivatedOperate",  // { ctlVal, operTm }
       write({"LD/GGIO1$CO$SPCSO2$Oper"}, hex("A2 0D 83 01 01 91 08 65 D6 61 33 53 74 BC 00"))},
      {"Operate",  // operTm 0 is "now"
       write({"LD/GGIO1$CO$SPCSO2$Oper"}, hex("A2 0D 83 01 01 91 08 00 00 00 00 00 00 00 00"))},
      {"QueryLogByTime",
       request(element("BF 41", join({element("A0", wire::object_name("LD/LLN0$log")),
                                      hex("A1 08 80 06 01 E2 B2 70 3D 32")})))},
      {"QueryLogAfter",
       request(element(
           "BF 41", join({element("A0", wire::object_name("LD/LLN0$log")),
                          hex("A5 12 80 06 01 E2 B2 70 3D 32 81 08 00 00 00 00 00 00 00 01")})))},
      {"", request(element("BF 41", element("A0", wire::object_name("D/journal"))))},
      {"GetFile", hex("A0 07 02 01 04 9F 49 01 00")},
      {"GetFile", hex("A0 07 02 01 05 9F 4A 01 00")},
      {"SetFile", request(element("BF 2E", join({element("A1", text_element("19", "a")),
                                                 element("A2", text_element("19", "b"))})))},
      {"DeleteFile", request(element("BF 4C", text_element("19", "a")))},
      {"GetFileAttributeValues", hex("A0 12 02 01 02 BF 4D 0C A0 0A 19 08 {COMTRADE}")},
      {"", request(element("BF 4B", join({element("A0", text_element("19", "a")),
                                          element("A1", text_element("19", "b"))})))},
      {"", hex("A0 05 02 01 01 82 00")},     // identify
      {"", hex("A0 06 02 01 01 80 01 00")},  // status
      {"Release", hex("8B 00")},
      {"", hex("85 01 05")},  // cancel-RequestPDU
  };
}

TEST_CASE("each service is recognised by its request") {
  for (const Row& row : request_rows()) {
    const Message message(row.octets);
    INFO("expected " << row.acsi << " of service " << service_name(message->pdu.service));
    CHECK_FALSE(message->pdu.error);
    CHECK(acsi_name(classify(*message, true)) == row.acsi);
  }
}

TEST_CASE("answers and errors have the service of their request") {
  const Octets ok = hex("A1 0A 02 01 05 A4 05 A1 03 83 01 01");
  CHECK(classify(*Message(ok, read({"LD/LLN0$BR$rcb01$RptEna"})), false) == Acsi::GetBRCBValues);
  CHECK(classify(*Message(ok, read({"ICC1/Point"})), false) == Acsi::none);
  CHECK(classify(*Message(ok), false) == Acsi::none);  // whose request nobody saw
  const Octets error = hex("A2 0A 80 01 05 A2 05 A0 03 87 01 02");
  CHECK(classify(
            *Message(error, request(element("A6", element("A0", wire::object_name("LD/XCBR1"))))),
            false) == Acsi::GetDataDefinition);
  const Octets reject = hex("A4 06 80 01 05 81 01 01");
  CHECK(classify(*Message(reject, write_true("LD/GGIO1$CO$SPCSO2$Oper")), false) == Acsi::Operate);
}

TEST_CASE("a file that the server reads is a SetFile") {
  const Octets file_read = hex("A0 07 02 01 04 9F 49 01 00");
  CHECK(classify(*Message(file_read), true) == Acsi::GetFile);
  CHECK(classify(*Message(file_read), false) == Acsi::SetFile);
  const Octets answer = hex("A1 0E 02 01 04 BF 49 08 80 03 01 02 03 81 01 00");
  CHECK(classify(*Message(answer, file_read), false) == Acsi::GetFile);
  CHECK(classify(*Message(answer, file_read), true) == Acsi::SetFile);
}

TEST_CASE("information reports are told apart by name and content") {
  const Octets rpt_id_and_opt_flds = hex("8A 02 {id} 84 03 06 00 00 84 02 07 80 83 01 01");
  const Octets oper = hex("A2 03 83 01 00");
  const Row rows[] = {
      {"Report", wire::report(rpt_id_and_opt_flds)},
      // ICCP and plain MMS may have a list of that name.
      {"", wire::report(hex("86 01 01 86 01 02"))},
      {"", wire::report(hex("8A 02 {id}"))},
      {"CommandTermination", wire::information_report({"LD/CSWI1$CO$Pos$Oper"}, oper)},
      {"CommandTermination",
       wire::information_report({"LastApplError", "LD/CSWI1$CO$Pos$Oper"}, join({oper, oper}))},
      {"LastApplError", wire::information_report({"LastApplError"}, oper)},
      // Lists of variables that are no termination.
      {"", wire::information_report({"LD/CSWI1$ST$Pos"}, oper)},
      {"", wire::information_report({"LD/CSWI1$CO$Pos$SBOw"}, oper)},
      {"", wire::information_report({"LD/CSWI1$ST$Pos$Oper"}, oper)},
      {"", wire::information_report({"ICC1/Transfer_Set_Name", "ICC1/DSConditions_Detected"},
                                    join({oper, oper}))},
  };
  for (const Row& row : rows) {
    const Message message(row.octets);
    INFO("expected " << row.acsi);
    CHECK_FALSE(message->pdu.error);
    CHECK(acsi_name(classify(*message, false)) == row.acsi);
  }
}

TEST_CASE("names of services are found again") {
  for (int i = 1; i <= static_cast<int>(Acsi::GetFileAttributeValues); ++i) {
    const auto service = static_cast<Acsi>(i);
    CHECK(acsi_from(acsi_name(service)) == service);
  }
  CHECK(acsi_from("") == Acsi::none);
  CHECK(acsi_from("operate") == Acsi::none);
}

TEST_CASE("messages that end anywhere are classified without harm") {
  for (const Row& row : request_rows()) {
    for (std::size_t length = 0; length < row.octets.size(); ++length) {
      const Message message(
          Octets(row.octets.begin(), row.octets.begin() + static_cast<std::ptrdiff_t>(length)));
      const Acsi service = classify(*message, true);
      CHECK(static_cast<int>(service) <= static_cast<int>(Acsi::GetFileAttributeValues));
    }
  }
}

}  // namespace
}  // namespace mmsa::iec61850
