// JUnit XML. The subset that GitLab's parser and the schema of Jenkins' xUnit plugin agree on.
#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "analysis/rules.h"
#include "output/ci_formats.h"
#include "output/facts.h"
#include "output/text_sections.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using analysis::Rule;

// What a capture shows of a server: without it, rules of the topic can not be judged.
struct Seen {
  bool association = false;
  bool requests = false;
  bool reports = false;
  bool control = false;
  bool files = false;

  bool shows(std::string_view topic) const {
    if (topic == "requests" || topic == "access") return requests;
    if (topic == "reports" || topic == "time") return reports;
    if (topic == "control") return control;
    if (topic == "files") return files;
    return association;
  }
};

std::map<std::string, Seen> seen_of_servers(const Result& report) {
  std::map<std::string, Seen> servers;
  for (const AssociationResult& association : report.associations) {
    Seen& seen = servers[association.server];
    seen.association = true;
    seen.requests |= !association.services.empty();
    seen.reports |= !association.report_control_blocks.empty();
    seen.control |= !association.controls.empty();
    seen.files |= !association.files.empty();
  }
  return servers;
}

bool fails(const Finding& finding, const TextOptions& options) {
  return options.fail_on && finding.severity >= *options.fail_on &&
         finding.baseline != BaselineState::known;
}

// All that a person needs, without a look at the other formats.
std::string body(const Finding& finding) {
  std::string out = finding.message;
  if (!finding.object.empty()) out += "\nobject: " + finding.object;
  if (finding.has_stream) {
    out += fmt::format("\nstream {}: {} -> {}", finding.stream, finding.client, finding.server);
  }
  if (!finding.frames.empty()) out += "\n" + frames_text(finding.frames, true);
  if (!finding.cause.empty()) out += "\ncause: " + finding.cause;
  if (!finding.next_step.empty()) out += "\nnext: " + finding.next_step;
  return out;
}

// XML has no control characters, whatever escape is used.
std::string xml_text(std::string_view wire) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t end = wire.find('\n'); end != std::string_view::npos;
       begin = end + 1, end = wire.find('\n', begin)) {
    out += text::printable(wire.substr(begin, end - begin)) + "\n";
  }
  return out + text::printable(wire.substr(begin));
}

class JunitWriter {
 public:
  JunitWriter(const Result& report, const TextOptions& options)
      : report_(report), options_(options) {
    for (const Finding& finding : report.findings) {
      by_case_[{finding.has_stream || !finding.server.empty() ? finding.server : "", finding.rule}]
          .push_back(&finding);
    }
  }

  void write(std::string& out) {
    pugi::xml_document document;
    pugi::xml_node suites = document.append_child("testsuites");
    suites.append_attribute("name") = "mmsanalyze";
    const auto servers = seen_of_servers(report_);
    std::vector<std::pair<std::string, Seen>> rows(servers.begin(), servers.end());
    rows.insert(rows.begin(), {"", Seen{true, true, true, true, true}});
    for (const auto& [server, seen] : rows) put_suite(suites, server, seen);
    std::ostringstream text;
    document.save(text, " ");
    out += text.str();
  }

 private:
  void put_suite(pugi::xml_node& suites, const std::string& server, const Seen& seen) {
    pugi::xml_node suite = suites.append_child("testsuite");
    const std::string name = server.empty() ? "capture" : server;
    suite.append_attribute("name") = name.c_str();
    pugi::xml_attribute tests = suite.append_attribute("tests");
    pugi::xml_attribute failures = suite.append_attribute("failures");
    suite.append_attribute("errors") = 0;
    pugi::xml_attribute skipped = suite.append_attribute("skipped");
    unsigned counts[3] = {};
    for (const Rule& rule : analysis::rules()) {
      const auto found = by_case_.find({server, rule.id});
      const bool has = found != by_case_.end();
      if (options_.disabled.contains(rule.id)) continue;
      // The capture's own suite has the rules that are about captures.
      if (server.empty() && !has && analysis::topic_of_rule(rule.id) != "capture") continue;
      pugi::xml_node test = suite.append_child("testcase");
      test.append_attribute("name") = std::string(rule.id).c_str();
      test.append_attribute("classname") = name.c_str();
      test.append_attribute("time") = 0;
      ++counts[0];
      if (has) counts[1] += put_findings(test, found->second);
      if (!has) counts[2] += put_absence(test, rule, seen, !server.empty());
    }
    tests = counts[0];
    failures = counts[1];
    skipped = counts[2];
  }

  // 1 where the case fails.
  unsigned put_findings(pugi::xml_node& test, const std::vector<const Finding*>& findings) {
    std::string failed;
    std::string passed;
    const Finding* first = nullptr;
    for (const Finding* finding : findings) {
      const bool fails = output::fails(*finding, options_);
      if (fails && first == nullptr) first = finding;
      std::string& text = fails ? failed : passed;
      if (!text.empty()) text += "\n\n";
      text += fmt::format("{}{}: {}", severity_name(finding->severity),
                          finding->baseline == BaselineState::known ? " (accepted)" : "",
                          body(*finding));
    }
    if (first != nullptr) {
      pugi::xml_node failure = test.append_child("failure");
      failure.append_attribute("message") = xml_text(first->message).c_str();
      failure.append_attribute("type") = std::string(severity_name(first->severity)).c_str();
      failure.text() = xml_text(failed).c_str();
    }
    if (!passed.empty()) test.append_child("system-out").text() = xml_text(passed).c_str();
    return first != nullptr ? 1 : 0;
  }

  // 1 where the rule can not be judged.
  unsigned put_absence(pugi::xml_node& test, const Rule& rule, const Seen& seen, bool of_server) {
    const std::string_view topic = analysis::topic_of_rule(rule.id);
    std::string why;
    if (of_server && !seen.shows(topic)) {
      why = fmt::format("not observable: nothing of the topic {} in the capture", topic);
    } else if (of_server && !proves_health(report_)) {
      why = "not observable: the capture is not complete";
    }
    if (why.empty()) return 0;
    test.append_child("skipped").append_attribute("message") = why.c_str();
    return 1;
  }

  const Result& report_;
  const TextOptions& options_;
  std::map<std::pair<std::string, std::string_view>, std::vector<const Finding*>> by_case_;
};

}  // namespace

void write_junit(const Result& report, const TextOptions& options, std::string& out) {
  JunitWriter(report, options).write(out);
}

}  // namespace mmsa::output
