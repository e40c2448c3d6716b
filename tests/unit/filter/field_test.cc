#include "filter/field.h"

#include <catch2/catch.hpp>
#include <set>

namespace mmsa::filter {
namespace {

TEST_CASE("a name is one field") {
  std::set<std::string> names;
  for (const Field& field : all_fields()) {
    INFO(field.name);
    CHECK(names.insert(field.name).second);
    CHECK((field.visit != nullptr) != !field.places.empty());
    CHECK(find_field(field.name) == &field);
  }
  CHECK(find_field("mms.nothing") == nullptr);
}

TEST_CASE("names are those that Wireshark makes of the same identifiers") {
  struct Row {
    const char* name;
    ValueType type;
  };
  constexpr Row kRows[] = {
      {"mms.confirmed_RequestPDU_element", ValueType::none},
      {"mms.initiate_RequestPDU_element", ValueType::none},
      {"mms.read_element", ValueType::none},
      {"mms.write", ValueType::integer},
      {"mms.Write_Response_item", ValueType::integer},
      {"mms.invokeID", ValueType::integer},
      {"mms.domainId", ValueType::string},
      {"mms.itemId", ValueType::string},
      {"mms.objectName_domain_specific_itemId", ValueType::string},
      {"mms.Data", ValueType::integer},
      {"mms.structure", ValueType::integer},
      {"mms.data_bit-string", ValueType::octets},
      {"mms.data.visible-string", ValueType::string},
      {"mms.utc_time", ValueType::string},
      {"mms.floating_point", ValueType::octets},
      {"mms.typeSpecification_bit-string", ValueType::integer},
      {"mms.variableAccessSpecificatn", ValueType::integer},
      {"mms.variableAccessSpecification", ValueType::integer},
      {"mms.getNameList-Request_continueAfter", ValueType::string},
      {"mms.negociatedMaxServOutstandingCalled", ValueType::integer},
      {"mms.ServiceSupportOptions.read", ValueType::boolean},
      {"mms.ReportedOptFlds.sequence.number", ValueType::boolean},
      {"mms.lastModified", ValueType::time},
      {"mms.accesst", ValueType::integer},
      {"mms.access", ValueType::integer},
  };
  for (const Row& row : kRows) {
    INFO(row.name);
    const Field* const field = find_field(row.name);
    REQUIRE(field != nullptr);
    CHECK(field->type == row.type);
  }
}

TEST_CASE("near names: the case, the suffix, the layer, a slip") {
  CHECK(near_fields("mms.domainid").starts_with("mms.domainId"));
  CHECK(near_fields("mms.getNameList").starts_with("mms.getNameList_element"));
  CHECK(near_fields("invokeID").starts_with("mms.invokeID"));
  CHECK(near_fields("tcp.prot").starts_with("tcp.port"));
  CHECK(near_fields("iec61850.accsi").starts_with("iec61850.acsi"));
  CHECK(near_fields("qwertyuiop").empty());
  CHECK(near_fields(std::string(100'000, 'x')).empty());
}

}  // namespace
}  // namespace mmsa::filter
