// SARIF 2.1.0 (OASIS standard, 2020).
#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "analysis/rules.h"
#include "output/ci_formats.h"
#include "output/facts.h"
#include "output/file_hash.h"
#include "output/json_values.h"
#include "output/text_sections.h"
#include "output/version.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using analysis::Rule;

std::string_view level(Severity severity) {
  return severity == Severity::note ? "note" : severity_name(severity);
}

// SARIF's texts are Unicode; octets of the wire that are not are shown escaped.
Json message(std::string_view text) { return {{"text", text::printable(text)}}; }

Json rule_json(const Rule& rule) {
  const std::string id(rule.id);
  std::string help = fmt::format("Raised when: {}\n", rule.raised_when);
  if (!rule.not_when.empty()) help += fmt::format("Not when: {}\n", rule.not_when);
  help += fmt::format("Likely cause: {}\nNext step: {}\nReference: {}", rule.cause, rule.next_step,
                      rule.reference);
  return {{"id", id},
          {"shortDescription", {{"text", rule.title}}},
          {"fullDescription", {{"text", rule.raised_when}}},
          {"help", {{"text", help}}},
          {"defaultConfiguration", {{"level", level(rule.severity)}}},
          {"properties", {{"tags", {std::string(analysis::topic_of_rule(rule.id))}}}}};
}

// Of a path as a URI reference (RFC 3986): what is not unreserved is written as %XX.
std::string uri_of(const std::string& path) {
  std::string out;
  for (const char c : path) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", octet);
    }
  }
  return out.starts_with('/') ? "file://" + out : out;
}

Json artifact_json(const CaptureFileResult& file) {
  Json object = {{"location", {{"uri", uri_of(relative_path(file.path))}}},
                 {"roles", {"analysisTarget"}}};
  if (const auto hash = sha256_of_file(file.path)) {
    object["length"] = hash->octets;
    object["hashes"] = {{"sha-256", hash->hex}};
  }
  return object;
}

class SarifWriter {
 public:
  explicit SarifWriter(const Result& report) : report_(report) {}

  Json document() {
    Json rules = Json::array();
    for (const Rule& rule : analysis::rules()) {
      rule_index_.emplace(rule.id, rules.size());
      rules.push_back(rule_json(rule));
    }
    Json artifacts = Json::array();
    for (const CaptureFileResult& file : report_.capture.files) {
      artifacts.push_back(artifact_json(file));
    }
    Json results = Json::array();
    for (const Finding& finding : report_.findings) results.push_back(result_json(finding));
    if (report_.baseline) {
      for (const BaselineEntry& entry : report_.baseline->gone) results.push_back(absent(entry));
    }
    Json run = {{"tool",
                 {{"driver",
                   {{"name", kToolName},
                    {"version", tool_version()},
                    {"semanticVersion", tool_version()},
                    {"rules", std::move(rules)}}}}},
                {"columnKind", "utf16CodeUnits"},
                {"artifacts", std::move(artifacts)},
                {"results", std::move(results)}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
  }

 private:
  // The file that a finding of the capture is about, else the first one.
  Json physical_location(const Finding* finding) const {
    const auto& files = report_.capture.files;
    std::size_t index = 0;
    for (std::size_t i = 0; finding != nullptr && i < files.size(); ++i) {
      if (!finding->subject.file.empty() && files[i].path == finding->subject.file) index = i;
    }
    Json location = {{"index", index}};
    if (index < files.size()) location["uri"] = uri_of(relative_path(files[index].path));
    return {{"artifactLocation", std::move(location)}};
  }

  Json location(const Finding& finding) const {
    Json object = {{"physicalLocation", physical_location(&finding)}};
    std::string name = finding.server;
    if (!finding.object.empty()) name += (name.empty() ? "" : " ") + finding.object;
    if (!name.empty()) {
      object["logicalLocations"] = {
          {{"fullyQualifiedName", text::printable(name)}, {"kind", "object"}}};
    }
    return object;
  }

  Json flow(const Finding& finding) const {
    Json steps = Json::array();
    for (const std::uint64_t frame : finding.frames) {
      steps.push_back({{"location",
                        {{"physicalLocation", physical_location(&finding)},
                         {"message", {{"text", fmt::format("frame {}", frame)}}}}}});
    }
    return {{{"threadFlows", {{{"locations", std::move(steps)}}}}}};
  }

  Json result_json(const Finding& finding) const {
    std::string text = finding.message;
    if (!finding.frames.empty()) text += " (" + frames_text(finding.frames, false) + ")";
    if (!finding.cause.empty()) text += " Likely cause: " + finding.cause;
    if (!finding.next_step.empty()) text += " Next step: " + finding.next_step;
    Json object = {{"ruleId", finding.rule},
                   {"level", level(finding.severity)},
                   {"message", message(text)},
                   {"locations", Json::array({location(finding)})},
                   {"partialFingerprints", {{"mmsanalyze/v1", finding.fingerprint}}},
                   {"occurrenceCount", finding.count}};
    const auto index = rule_index_.find(finding.rule);
    if (index != rule_index_.end()) object["ruleIndex"] = index->second;
    if (!finding.frames.empty()) object["codeFlows"] = flow(finding);
    if (finding.baseline != BaselineState::none) {
      object["baselineState"] = finding.baseline == BaselineState::known ? "unchanged" : "new";
    }
    object["properties"] = {{"party", party_name(finding.party)}};
    return object;
  }

  // What the baseline has and the capture has not.
  Json absent(const BaselineEntry& entry) const {
    Json object = {{"ruleId", text::printable(entry.rule)},
                   {"level", "none"},
                   {"kind", "pass"},
                   {"message", message(report_.baseline->proves_fixed
                                           ? "Fixed: accepted before, not found any more."
                                           : "Accepted before, not seen in this capture, which is "
                                             "not complete.")},
                   {"locations", Json::array({{{"physicalLocation", physical_location(nullptr)}}})},
                   {"partialFingerprints", {{"mmsanalyze/v1", entry.fingerprint}}},
                   {"baselineState", "absent"}};
    const auto index = rule_index_.find(entry.rule);
    if (index != rule_index_.end()) object["ruleIndex"] = index->second;
    return object;
  }

  const Result& report_;
  std::map<std::string_view, std::size_t> rule_index_;
};

}  // namespace

void write_sarif(const Result& report, const TextOptions&, std::string& out) {
  out += SarifWriter(report).document().dump(1, ' ', true);
  out += '\n';
}

}  // namespace mmsa::output
