#include "mms/service_table.h"

#include <catch2/catch.hpp>

#include "mmsanalyze/mms.h"

namespace mmsa {
namespace {

TEST_CASE("every confirmed service of ISO 9506-2 has its row") {
  std::uint16_t expected = 0;
  for (const mms::ServiceRow& row : mms::confirmed_services()) {
    if (expected == 79) ++expected;  // the tag of cs-request-detail
    INFO(row.name);
    CHECK(row.number == expected);
    CHECK(row.request != nullptr);
    CHECK(row.response != nullptr);
    CHECK(mms::find_service(row.number) == &row);
    CHECK(service_name(row.number) == row.name);
    ++expected;
  }
  CHECK(expected == 88);
}

TEST_CASE("unconfirmed services") {
  CHECK(service_name(Service::kInformationReport) == "informationReport");
  CHECK(service_name(Service::kUnsolicitedStatus) == "unsolicitedStatus");
  CHECK(service_name(Service::kEventNotification) == "eventNotification");
  CHECK(mms::unconfirmed_services().size() == 4);
}

TEST_CASE("numbers without a row have no name") {
  for (const std::uint16_t number : {std::uint16_t{79}, std::uint16_t{88}, std::uint16_t{255},
                                     std::uint16_t{260}, Service::kNone}) {
    INFO(number);
    CHECK(mms::find_service(number) == nullptr);
    CHECK(service_name(number).empty());
  }
}

TEST_CASE("names of the services that other stages ask for") {
  CHECK(service_name(Service::kRead) == "read");
  CHECK(service_name(Service::kWrite) == "write");
  CHECK(service_name(Service::kObtainFile) == "obtainFile");
  CHECK(service_name(Service::kReadJournal) == "readJournal");
  CHECK(service_name(Service::kFileDirectory) == "fileDirectory");
}

TEST_CASE("names of PDUs") {
  CHECK(pdu_kind_name(PduKind::confirmed_request) == "confirmed-RequestPDU");
  CHECK(pdu_kind_name(PduKind::reject) == "rejectPDU");
  CHECK(pdu_kind_name(PduKind::conclude_error) == "conclude-ErrorPDU");
  CHECK(pdu_kind_name(PduKind::unknown) == "unknown");
}

}  // namespace
}  // namespace mmsa
