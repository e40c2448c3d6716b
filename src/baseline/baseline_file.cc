// The two kinds of files that a baseline is read from. nlohmann/json reads them; what is wrong in
// one is told with its place.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "baseline/baseline.h"
#include "text/text.h"

namespace mmsa::baseline {
namespace {

using Json = nlohmann::json;

// Of both versions the fingerprints are the same.
constexpr std::string_view kReportSchemas[] = {"mmsanalyze-report/2", "mmsanalyze-report/1"};
constexpr std::string_view kBaselineSchema = "mmsanalyze-baseline/1";

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw BaselineError(fmt::format("{}: {}", path, why));
}

Json parse(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, "the baseline can not be read");
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) fail(path, "the baseline can not be read");
  try {
    return Json::parse(content);
  } catch (const Json::parse_error& error) {
    const std::size_t at = std::min<std::size_t>(error.byte, content.size());
    const auto lines =
        std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    fail(path, fmt::format("line {}: not JSON; a baseline is a report in JSON or what "
                           "--write-baseline wrote",
                           lines + 1));
  }
}

std::string text_member(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

bool is_fingerprint(std::string_view text) {
  return text.size() == 18 && text.substr(0, 2) == "1:" &&
         text.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

bool is_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  return text.substr(5, 2) >= "01" && text.substr(5, 2) <= "12" && text.substr(8) >= "01" &&
         text.substr(8) <= "31";
}

BaselineEntry entry_from(const Json& object, const std::string& path, const std::string& where) {
  if (!object.is_object()) fail(path, where + ": not an object");
  BaselineEntry entry;
  entry.fingerprint = text_member(object, "fingerprint");
  entry.rule = text_member(object, "rule");
  entry.server = text_member(object, "server");
  entry.object = text_member(object, "object");
  const auto subject = object.find("subject");  // of a finding in a report
  if (subject != object.end() && subject->is_object()) {
    entry.server = text_member(*subject, "server");
  }
  if (!is_fingerprint(entry.fingerprint)) {
    fail(path, where + ": no fingerprint of the form 1:0123456789abcdef");
  }
  return entry;
}

// Findings of a report: those of one fingerprint are one entry.
void add_findings(Baseline& baseline, const Json& report) {
  const auto findings = report.find("findings");
  if (findings == report.end() || !findings->is_array()) {
    fail(baseline.path, "a report without findings[]");
  }
  std::map<std::string, std::size_t> place_of;
  for (std::size_t i = 0; i < findings->size(); ++i) {
    BaselineEntry entry = entry_from((*findings)[i], baseline.path, fmt::format("findings[{}]", i));
    const auto [place, is_new] = place_of.emplace(entry.fingerprint, baseline.entries.size());
    if (is_new) {
      baseline.entries.push_back(std::move(entry));
    } else {
      ++baseline.entries[place->second].count;
    }
  }
}

// A key that is misspelt must not be passed over: an "expire" would never expire.
void check_keys(const Json& object, const std::string& path, const std::string& where) {
  for (const auto& [key, value] : object.items()) {
    const bool text = key == "fingerprint" || key == "rule" || key == "server" || key == "object" ||
                      key == "reason" || key == "expires";
    if (text && !value.is_string()) fail(path, fmt::format("{}.{}: not a text", where, key));
    if (key == "count" && (!value.is_number_unsigned() || value.get<std::uint64_t>() == 0)) {
      fail(path, where + ".count: not a number above 0");
    }
    if (!text && key != "count") {
      fail(path, fmt::format("{}: no such key: {} (there are fingerprint, rule, server, object, "
                             "count, reason, expires)",
                             where, text::printable(key)));
    }
  }
}

void add_accepted(Baseline& baseline, const Json& document) {
  const auto accepted = document.find("accepted");
  if (accepted == document.end() || !accepted->is_array()) {
    fail(baseline.path, "a baseline without accepted[]");
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < accepted->size(); ++i) {
    const Json& object = (*accepted)[i];
    const std::string where = fmt::format("accepted[{}]", i);
    BaselineEntry entry = entry_from(object, baseline.path, where);
    check_keys(object, baseline.path, where);
    entry.count = object.value("count", std::uint64_t{1});
    entry.reason = text_member(object, "reason");
    entry.expires = text_member(object, "expires");
    if (!entry.expires.empty() && !is_date(entry.expires)) {
      fail(baseline.path, where + ".expires: not a date like 2027-03-31");
    }
    if (!seen.insert(entry.fingerprint).second) {
      fail(baseline.path, where + ": its fingerprint stands there twice");
    }
    baseline.entries.push_back(std::move(entry));
  }
}

}  // namespace

Baseline read(const std::string& path) {
  const Json document = parse(path);
  const std::string schema = document.is_object() ? text_member(document, "schema") : "";
  Baseline baseline;
  baseline.path = path;
  if (std::ranges::find(kReportSchemas, schema) != std::end(kReportSchemas)) {
    add_findings(baseline, document);
  } else if (schema == kBaselineSchema) {
    add_accepted(baseline, document);
  } else if (schema.empty()) {
    fail(path, "neither a report in JSON nor a baseline: it has no schema");
  } else {
    fail(path, fmt::format("its schema is {}; this program reads {} and {}: write the baseline "
                           "again with --write-baseline",
                           text::printable(schema), kReportSchemas[0], kBaselineSchema));
  }
  return baseline;
}

std::string text_of(const std::vector<BaselineEntry>& entries) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  // Texts from the wire need not be UTF-8: the fingerprint matches, the text is for people.
  const auto readable = [](const std::string& wire) { return text::printable(wire); };
  for (const BaselineEntry& entry : entries) {
    nlohmann::ordered_json object = {{"fingerprint", entry.fingerprint}, {"rule", entry.rule}};
    if (!entry.server.empty()) object["server"] = entry.server;
    if (!entry.object.empty()) object["object"] = readable(entry.object);
    object["count"] = entry.count;
    if (!entry.reason.empty()) object["reason"] = entry.reason;
    if (!entry.expires.empty()) object["expires"] = entry.expires;
    list.push_back(std::move(object));
  }
  const nlohmann::ordered_json document = {{"schema", kBaselineSchema},
                                           {"accepted", std::move(list)}};
  return document.dump(1) + "\n";
}

}  // namespace mmsa::baseline
