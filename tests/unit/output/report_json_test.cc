#include "output/report_json.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "output/version.h"
#include "unit/output/sample_results.h"

namespace mmsa {
namespace {

using nlohmann::json;

std::string written(const Result& report) {
  std::string out;
  output::write_report_json(report, out);
  return out;
}

json parsed(const Result& report) { return json::parse(written(report)); }

TEST_CASE("the report names its schema and its tool first") {
  const std::string out = written(samples::empty());
  CHECK(out.find("\"schema\": \"mmsanalyze-report/2\"") < out.find("\"tool\""));
  CHECK(out.back() == '\n');
  const json tool = parsed(samples::empty())["tool"];
  CHECK(tool["name"] == "mmsanalyze");
  CHECK(tool["version"] == output::tool_version());
  CHECK_FALSE(output::tool_version().empty());
}

TEST_CASE("the summary counts findings by severity") {
  const json expected = {{"associations", 2}, {"connections", 9}, {"messages", 1839},
                         {"errors", 2},       {"warnings", 1},    {"notes", 1}};
  CHECK(parsed(samples::faulty())["summary"] == expected);
}

TEST_CASE("times are RFC 3339 with nine digits") {
  const json report = parsed(samples::faulty());
  CHECK(report["capture"]["first"] == "2024-02-21T10:00:00.000000000Z");
  CHECK(report["associations"][0]["opened"] == json({{"frame", 8},
                                                     {"time", "2024-02-21T10:00:00.030000000Z"},
                                                     {"kind", "initiate"},
                                                     {"how", "initiate"}}));
  CHECK(report["associations"][0]["closed"]["by"] == "client");
}

TEST_CASE("a capture without packets has no first and last time") {
  const json capture = parsed(samples::empty())["capture"];
  CHECK_FALSE(capture.contains("first"));
  CHECK_FALSE(capture.contains("last"));
}

TEST_CASE("latencies are milliseconds that keep the nanosecond") {
  const json services = parsed(samples::faulty())["associations"][0]["services"];
  CHECK(services[1]["latency_ms"] == json({{"samples", 20},
                                           {"min", 0.5},
                                           {"p50", 1.25},
                                           {"p95", 12.345678},
                                           {"p99", 90.000001},
                                           {"max", 2500.0}}));
  CHECK(written(samples::faulty()).find("\"p95\":12.345678,") != std::string::npos);
  CHECK_FALSE(services[2].contains("latency_ms"));
}

TEST_CASE("a response time given as double is rounded to six decimals") {
  const json steps = parsed(samples::faulty())["associations"][0]["controls"][0]["steps"];
  CHECK(steps[1]["response_ms"] == 0.123457);
}

TEST_CASE("the authentication is named and its value is not there") {
  Result report = samples::healthy();
  const auto mechanism = [&] {
    return parsed(report)["associations"][0]["authentication"]["mechanism"].get<std::string>();
  };
  AcseFacts& acse = report.associations[0].acse.edit();
  CHECK(mechanism() == "password");
  acse.mechanism = "1.2.3";
  CHECK(mechanism() == "1.2.3");
  acse.mechanism.clear();
  CHECK(mechanism() == "unnamed");
  acse.authentication_value_seen = false;
  CHECK(mechanism() == "none");
}

TEST_CASE("selectors are hex") {
  const json cotp = parsed(samples::healthy())["associations"][0]["cotp"];
  CHECK(cotp["calling_tsap"] == "0001");
  CHECK(cotp["called_tsap"] == "5453");
}

TEST_CASE("what is not known has no key") {
  const json refused = parsed(samples::faulty())["associations"][1];
  CHECK_FALSE(refused.contains("negotiated"));
  CHECK_FALSE(refused.contains("latency_ms"));
  CHECK(refused["context"] == json({{"source", "none"}}));
  const json file = parsed(samples::faulty())["associations"][0]["files"][0];
  CHECK(file["opened"]["frame"] == 50);
  CHECK_FALSE(file.contains("closed"));
  CHECK(written(samples::hostile()).find("null") == std::string::npos);
}

TEST_CASE("a finding carries its figures with their types") {
  const json finding = parsed(samples::faulty())["findings"][1];
  CHECK(finding["rule"] == "sample-error");
  CHECK(finding["severity"] == "error");
  CHECK(finding["count"] == 17);
  CHECK(finding["frames"] == json({1234, 1240}));
  CHECK(finding["last_time"] == "2024-02-21T10:02:33.000000000Z");
  CHECK(finding["party"] == "server");
  CHECK(finding["fingerprint"] == "1:0123456789abcdef");
  CHECK(finding["subject"]["kind"] == "association");
  CHECK(finding["subject"]["stream"] == 2);
  CHECK(finding["occurrences"][0]["frames"] == json({1234, 1240}));
  CHECK(finding["evidence"]["missing"] == 3);
  CHECK(finding["evidence"]["ratio"] == 0.25);
  CHECK(finding["evidence"]["buffered"] == true);
  CHECK(finding["evidence"]["rpt_id"] == "brcb 01");
}

TEST_CASE("a finding of the whole capture has no stream and no addresses") {
  const json finding = parsed(samples::faulty())["findings"][2];
  CHECK_FALSE(finding.contains("stream"));
  CHECK_FALSE(finding.contains("client"));
  CHECK_FALSE(finding.contains("time"));
  CHECK(finding["frames"].empty());
}

TEST_CASE("every counter of what was not decoded is there, zero or not") {
  const json undecoded = parsed(samples::faulty())["undecoded"];
  CHECK(undecoded.size() == kUndecodedTable.size());
  CHECK(undecoded["not_ip"] == 12);
  CHECK(undecoded["not_tcp"] == 0);
}

TEST_CASE("no octet of a hostile capture reaches the output") {
  const std::string out = written(samples::hostile());
  CHECK(std::all_of(out.begin(), out.end(),
                    [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  const json evidence = json::parse(out)["findings"][0]["evidence"];
  CHECK(evidence["nan"] == "NaN");
  CHECK(evidence["large"] == "-Infinity");
  // Octets that are no UTF-8 are read as ISO 8859-1; nothing is lost.
  CHECK(evidence["octets"] == "caf\xc3\xa9 \xc3\xbf\xc3\xbe\x1b[2J");
  CHECK(evidence["name"].get<std::string>().find("\xe2\x80\xae") != std::string::npos);
}

TEST_CASE("of many findings of one cause the first ones tell it, the rest refers to it") {
  const json report = parsed(samples::huge());
  std::map<std::size_t, std::size_t> in_full;
  std::size_t referring = 0;
  for (const json& finding : report["findings"]) {
    const auto cause = finding["cause_index"].get<std::size_t>();
    REQUIRE(cause < report["causes"].size());
    CHECK(report["causes"][cause]["rule"] == finding["rule"]);
    if (finding.contains("cause")) {
      CHECK(++in_full[cause] <= 10);
    } else {
      CHECK_FALSE(finding.contains("next_step"));
      CHECK_FALSE(report["causes"][cause]["cause"].get<std::string>().empty());
      ++referring;
    }
  }
  CHECK(referring > 0);
}

TEST_CASE("what is told in prose has a kind beside it") {
  const json association = parsed(samples::hostile())["associations"][0];
  CHECK(association["opened"]["kind"] == "refused");
  CHECK(association["files"][0]["outcome"]["kind"] == "failed");
  CHECK(association["controls"][0]["outcome"]["kind"] == "refused");
}

TEST_CASE("equal reports give equal octets, appended to what is there") {
  CHECK(written(samples::huge()) == written(samples::huge()));
  std::string out = "before";
  output::write_report_json(samples::empty(), out);
  CHECK(out == "before" + written(samples::empty()));
}

}  // namespace
}  // namespace mmsa
