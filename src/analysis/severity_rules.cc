#include "analysis/severity_rules.h"

#include <fmt/format.h>

#include <charconv>

#include "analysis/rules.h"
#include "iec61850/near_name.h"

namespace mmsa::analysis {
namespace {

constexpr std::string_view kForm = "not RULE=LEVEL or RULE[key=value]=LEVEL";
constexpr std::string_view kLevel = "not error, warning or note";

// "RULE", "[key=value]" without its brackets, "LEVEL".
struct Parts {
  std::string_view rule;
  std::string_view qualifier;
  std::string_view level;
  bool qualified = false;
};

// Values may hold any character: the bracket that closes is the last one.
std::optional<Parts> split(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Parts parts{.rule = text.substr(0, equals), .qualifier = {}, .level = text.substr(equals + 1)};
  const std::size_t open = parts.rule.find('[');
  if (open == std::string_view::npos) return parts;
  if (!parts.rule.ends_with(']')) return std::nullopt;
  parts.qualifier = parts.rule.substr(open + 1, parts.rule.size() - open - 2);
  parts.rule = parts.rule.substr(0, open);
  parts.qualified = true;
  return parts;
}

// The one that was probably meant: the beginning of one, or a misspelt one; none where all are too
// far off.
template <typename Range, typename NameOf>
std::string_view nearest(std::string_view name, const Range& candidates, NameOf name_of) {
  std::string_view best;
  std::size_t work = 0;
  std::size_t least = std::max<std::size_t>(2, name.size() / 2);
  for (const auto& candidate : candidates) {
    const std::string_view other = name_of(candidate);
    if (!name.empty() && other.starts_with(name)) return other;
    const std::size_t distance = iec61850::edit_distance(name, other, least, work);
    if (distance > least || (distance == least && !best.empty())) continue;
    least = distance;
    best = other;
  }
  return best;
}

std::string did_you_mean(std::string_view near) {
  return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

std::string no_such_rule(std::string_view rule) {
  const std::string_view near = nearest(rule, rules(), [](const Rule& r) { return r.id; });
  return fmt::format("no such rule: {} (see mmsanalyze rules){}", rule, did_you_mean(near));
}

std::string no_such_key(const Rule& rule, std::string_view key) {
  const auto name_of = [](const EvidenceKey& k) { return k.key; };
  if (rule.evidence.empty()) return fmt::format("{} has no evidence to name", rule.id);
  const std::string_view near = nearest(key, rule.evidence, name_of);
  if (!near.empty()) {
    return fmt::format("{} is no evidence of {}{}", key, rule.id, did_you_mean(near));
  }
  std::string all;
  for (const EvidenceKey& each : rule.evidence) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", each.key);
  }
  return fmt::format("{} is no evidence of {} (there are {})", key, rule.id, all);
}

const EvidenceKey* find_key(const Rule& rule, std::string_view key) {
  for (const EvidenceKey& each : rule.evidence) {
    if (each.key == key) return &each;
  }
  return nullptr;
}

// A code has its name beside it.
std::string name_key_of(std::string_view key) { return fmt::format("{}_name", key); }

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return number;
}

// Whether evidence of this key can ever have that value.
bool can_be(const Rule& rule, const EvidenceKey& key, std::string_view value) {
  switch (key.type) {
    case EvidenceType::flag:
      return value == "true" || value == "false";
    case EvidenceType::integer:
    case EvidenceType::number:
      return number_of(value).has_value() || find_key(rule, name_key_of(key.key)) != nullptr;
    case EvidenceType::text:
      break;
  }
  return true;
}

bool equals(const EvidenceValue& value, std::string_view text) {
  return std::visit(
      [&](const auto& each) {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::same_as<T, std::string>) {
          return each == text;
        } else if constexpr (std::same_as<T, bool>) {
          return text == (each ? "true" : "false");
        } else {
          return number_of(text) == static_cast<double>(each);
        }
      },
      value);
}

}  // namespace

std::optional<Severity> severity_of(std::string_view name) {
  for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
    if (severity_name(severity) == name) return severity;
  }
  return std::nullopt;
}

std::string SeverityRules::add(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return fmt::format("{}: {}", kForm, text);
  const Rule* rule = find_rule(parts->rule);
  if (rule == nullptr) return no_such_rule(parts->rule);
  Entry entry{.rule = std::string(rule->id), .key = {}, .value = {}};
  if (parts->qualified) {
    const std::size_t equals = parts->qualifier.find('=');
    if (equals == std::string_view::npos) return fmt::format("{}: {}", kForm, text);
    entry.key = parts->qualifier.substr(0, equals);
    entry.value = parts->qualifier.substr(equals + 1);
    const EvidenceKey* key = find_key(*rule, entry.key);
    if (key == nullptr) return no_such_key(*rule, entry.key);
    if (!can_be(*rule, *key, entry.value)) {
      return fmt::format("{} of {} is {}, not {}", key->key, rule->id,
                         key->type == EvidenceType::flag ? "true or false" : "a number",
                         entry.value);
    }
  }
  const auto severity = severity_of(parts->level);
  if (!severity) return fmt::format("{}: {}", kLevel, text);
  entry.severity = *severity;
  entries_.push_back(std::move(entry));
  return {};
}

bool SeverityRules::applies(const Entry& entry, const Finding& finding) {
  if (entry.rule != finding.rule) return false;
  if (entry.key.empty()) return true;
  for (const std::string& key : {entry.key, name_key_of(entry.key)}) {
    const EvidenceValue* value = finding.evidence.find(key);
    if (value != nullptr && equals(*value, entry.value)) return true;
  }
  return false;
}

std::optional<Severity> SeverityRules::of(const Finding& finding) const {
  const Entry* best = nullptr;
  for (const Entry& entry : entries_) {
    if (!applies(entry, finding)) continue;
    if (best == nullptr || !entry.key.empty() || best->key.empty()) best = &entry;
  }
  return best == nullptr ? std::nullopt : std::optional(best->severity);
}

}  // namespace mmsa::analysis
