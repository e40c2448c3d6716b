#include "filter/field.h"

#include <algorithm>

#include "iec61850/near_name.h"

namespace mmsa::filter {
namespace {

constexpr std::size_t kMostNear = 5;
// Further apart than this, a name is another word.
constexpr std::size_t kFarthest = 6;

std::vector<Field> make_fields() {
  std::vector<Field> fields;
  add_asn1_fields(fields);
  add_own_fields(fields);
  std::sort(fields.begin(), fields.end(),
            [](const Field& a, const Field& b) { return a.name < b.name; });
  return fields;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

}  // namespace

std::span<const Field> all_fields() {
  static const std::vector<Field>& fields = *new std::vector<Field>(make_fields());
  return fields;
}

const Field* find_field(std::string_view name) {
  const std::span<const Field> fields = all_fields();
  const auto found = std::lower_bound(
      fields.begin(), fields.end(), name,
      [](const Field& field, std::string_view wanted) { return field.name < wanted; });
  return found != fields.end() && found->name == name ? &*found : nullptr;
}

std::string near_fields(std::string_view name) {
  // Case is the commonest slip, then `_element` left out, then the layer.
  const std::string wanted = lowered(name.substr(0, 80));
  // The layer says little: it is the same in hundreds of names.
  const std::size_t own = wanted.size() - (wanted.rfind('.') + 1);
  const std::size_t farthest = std::min(kFarthest, 1 + own / 4);
  struct Near {
    std::size_t distance;
    const Field* field;
  };
  std::vector<Near> near;
  std::size_t work = 0;
  for (const Field& field : all_fields()) {
    const std::string candidate = lowered(field.name);
    std::size_t distance = iec61850::edit_distance(wanted, candidate, kFarthest, work);
    if (candidate.size() > wanted.size() && wanted.size() >= 4 &&
        (candidate.starts_with(wanted) || candidate.ends_with("." + wanted))) {
      distance = std::min<std::size_t>(distance, 1);
    }
    if (distance <= farthest) near.push_back({distance, &field});
  }
  std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
    return a.distance != b.distance ? a.distance < b.distance
                                    : a.field->name.size() < b.field->name.size();
  });
  std::string names;
  for (std::size_t i = 0; i < near.size() && i < kMostNear; ++i) {
    if (i > 0) names += ", ";
    names += near[i].field->name;
  }
  return names;
}

bool visit(const Field& field, const Subject& subject, const Visitor& visitor) {
  return field.visit != nullptr ? field.visit(subject, visitor)
                                : visit_places(field, subject, visitor);
}

}  // namespace mmsa::filter
