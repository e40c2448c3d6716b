// The comparison as JSON, "mmsanalyze-diff/1": docs/diff.schema.json says what every key means.
#include "output/diff_output.h"
#include "output/json_values.h"
#include "output/version.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using diff::Comparison;
using diff::Difference;
using diff::NotSeen;

Json input_json(const DiffInput& input) {
  Json files = Json::array();
  for (const CaptureFileResult& file : input.capture.files) {
    Json object = {{"path", json_text(file.path)},
                   {"packets", file.packets},
                   {"complete", !file.cut_short && file.damage.empty()}};
    put_positive(object, "dropped", file.dropped);
    files.push_back(std::move(object));
  }
  Json object = {
      {"path", json_text(input.path)},      {"kind", input.is_report ? "report" : "capture"},
      {"files", std::move(files)},          {"packets", input.capture.packets},
      {"associations", input.associations}, {"messages", input.messages}};
  put_positive(object, "steps_left_out", input.left_out);
  return object;
}

Json who_json(const diff::Who& who) {
  return {{"stream", who.stream}, {"client", who.client}, {"server", who.server}};
}

Json difference_json(const Difference& difference) {
  Json object = {{"kind", diff::kind_name(difference.kind)},
                 {"subject", json_text(difference.subject)},
                 {"a", json_text(difference.a)},
                 {"b", json_text(difference.b)},
                 {"a_frames", difference.a_frames},
                 {"b_frames", difference.b_frames},
                 {"count", difference.count}};
  if (difference.a_who) object["a_association"] = who_json(*difference.a_who);
  if (difference.b_who) object["b_association"] = who_json(*difference.b_who);
  return object;
}

Json not_seen_json(const NotSeen& step) {
  return {{"subject", json_text(step.subject)},
          {"missing_in", step.in_b ? "b" : "a"},
          {"reason", step.reason},
          {"frame", step.frame}};
}

}  // namespace

void write_diff_json(const DiffResult& result, const TextOptions&, std::string& out) {
  const Comparison& comparison = result.comparison;
  Json object = {{"schema", "mmsanalyze-diff/1"},
                 {"tool", {{"name", kToolName}, {"version", tool_version()}}},
                 {"a", input_json(result.a)},
                 {"b", input_json(result.b)},
                 {"alike", comparison.alike()}};
  if (!comparison.differences.empty()) {
    object["first"] = difference_json(comparison.differences.front());
  }
  object["differences"] = list(comparison.differences, difference_json);
  object["differences_total"] = comparison.differences_total;
  object["not_seen"] = list(comparison.not_seen, not_seen_json);
  object["not_seen_total"] = comparison.not_seen_total;
  object["servers"] = list(comparison.servers, [](const diff::ServerPair& pair) {
    return Json{{"a", text::endpoint(pair.a)},
                {"b", text::endpoint(pair.b)},
                {"paired_by", diff::paired_by_name(pair.by)}};
  });
  object["associations_compared"] = comparison.pairs;
  object["steps_alike"] = comparison.alike_steps;
  out += object.dump(2, ' ', true);
  out += '\n';
}

}  // namespace mmsa::output
