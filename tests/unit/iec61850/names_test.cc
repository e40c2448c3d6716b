#include "iec61850/names.h"

#include <catch2/catch.hpp>

#include "wire.h"

namespace mmsa::iec61850 {
namespace {

TEST_CASE("codes have the names of the standard") {
  CHECK(add_cause_name(0) == "unknown");
  CHECK(add_cause_name(10) == "blocked-by-interlocking");
  CHECK(add_cause_name(18) == "object-not-selected");
  CHECK(add_cause_name(27) == "locked-by-other-client");
  CHECK(control_error_name(2) == "timeout-test-not-ok");
  CHECK(or_cat_name(3) == "remote-control");
  CHECK(or_cat_name(8) == "process");
  CHECK(ctl_model_name(4) == "sbo-with-enhanced-security");
  CHECK(sbo_class_name(1) == "operate-many");
  CHECK(behaviour_name(1) == "on");
  CHECK(behaviour_name(5) == "off");
  CHECK(health_name(3) == "Alarm");
  CHECK(direction_name(2) == "backward");
  CHECK(service_type_name(22) == "Report");
  CHECK(service_type_name(46) == "Operate");
  CHECK(service_type_name(54) == "InternalChange");
  CHECK(tracking_error_name(12) == "failed-due-to-server-constraint");
}

TEST_CASE("codes outside a table have no name") {
  CHECK(add_cause_name(28).empty());
  CHECK(add_cause_name(-22).empty());  // of a vendor
  CHECK(behaviour_name(0).empty());
  CHECK(ctl_model_name(5).empty());
  CHECK(service_type_name(55).empty());
  CHECK(tracking_error_name(INT64_MIN).empty());
  CHECK(health_name(INT64_MAX).empty());
}

std::string quality(std::string_view content) {
  const wire::Octets octets = wire::hex(content);
  std::string text;
  append_quality(text, BitString(octets));
  return text;
}

TEST_CASE("quality is told in words") {
  CHECK(quality("03 00 00") == "good");
  CHECK(quality("03 41 00") == "invalid oldData");
  CHECK(quality("03 C0 10") == "questionable test");
  CHECK(quality("03 80 00") == "reserved");
  CHECK(quality("03 00 28") == "good substituted operatorBlocked");
  CHECK(quality("04 40 00") == "invalid");  // 12 bits
  CHECK(quality("") == "good");
}

std::string bits(void (*append)(std::string&, const BitString&), std::string_view content) {
  const wire::Octets octets = wire::hex(content);
  std::string text;
  append(text, BitString(octets));
  return text;
}

TEST_CASE("set bits are listed by name") {
  CHECK(bits(append_opt_flds, "06 7A 80") ==
        "sequence-number,report-time-stamp,reason-for-inclusion,data-set-name,buffer-overflow,"
        "conf-revision");
  CHECK(bits(append_trg_ops, "02 44") == "data-change,general-interrogation");
  CHECK(bits(append_trg_ops, "02 00") == "none");
  CHECK(bits(append_reason_code, "01 02") == "application-trigger");
  CHECK(bits(append_reason_code, "00 01") == "bit 7");
  CHECK(bits(append_check, "06 C0") == "synchrocheck,interlock-check");
}

}  // namespace
}  // namespace mmsa::iec61850
