#include "iec61850/attributes.h"

#include <span>

#include "iec61850/data_classes.h"
#include "iec61850/member_names.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/limits.h"
#include "text/text.h"

namespace mmsa::iec61850 {
namespace {

std::size_t count_children(asn1::NodeRef parent) {
  std::size_t count = 0;
  for (asn1::NodeRef c = parent.first_child(); c; c = c.next_sibling(parent)) ++count;
  return count;
}

std::size_t count_components(TypeRef type) {
  std::size_t count = 0;
  for (TypeRef c = first_component(type); c != nullptr; c = next_component(c, type)) ++count;
  return count;
}

// A type that a server told and the value that it sends may differ: another configuration since.
TypeRef fitting(TypeRef type, asn1::NodeRef value) {
  if (type == nullptr || type->type != data_type(value.node())) return nullptr;
  if (type->type != DataType::structure) return type;
  return count_components(type) == count_children(value) ? type : nullptr;
}

// Names of the members of a structure, and where they are from.
struct Layout {
  MemberNames names;
  bool guessed = false;
};

Layout layout_of(std::string_view ref, std::string_view holder, asn1::NodeRef structure) {
  // A member that has no name: what stands before it is a list, a report or something that holds
  // it.
  const std::size_t unnamed = ref.find('[');
  const ObjectName name = split_reference(ref.substr(0, unnamed));
  Reference reference = parse_item(name.domain, name.item);
  const bool of_report = reference.fc == Fc::RP || reference.fc == Fc::BR;
  if (unnamed != std::string_view::npos && of_report) reference = {};
  const std::size_t members = count_children(structure);
  Layout layout{.names = {}, .guessed = true};
  const std::span<const std::string_view> fixed =
      holder == "origin" ? originator_members() : standard_members(reference, members);
  if (!fixed.empty() && fixed.size() == members) {
    // The standard leaves no choice, so this is no guess.
    for (const std::string_view member : fixed) layout.names.push_back(member);
    layout.guessed = fixed.size() != layout.names.size();
    return layout;
  }
  layout.names = guess_members(reference, holder, structure);
  return layout;
}

bool is_quality(std::string_view name, asn1::NodeRef value) {
  return name == "q" && data_type(value.node()) == DataType::bit_string;
}

bool is_time(std::string_view name, asn1::NodeRef value) {
  return name == "t" && data_type(value.node()) == DataType::utc_time;
}

// "phsA" of "..$A$phsA"; empty where a data object or something above it ends the reference.
std::string_view holder_of(std::string_view ref) {
  const ObjectName name = split_reference(ref);
  const Reference reference = parse_item(name.domain, name.item);
  return reference.path.find('$') == std::string_view::npos ? std::string_view{} : reference.last();
}

}  // namespace

void AttributeSplitter::begin(std::string_view ref, TypeRef type, asn1::NodeRef value,
                              const Callback& callback) {
  ref_ = ref;
  callback_ = &callback;
  if (value) descend(value, type, holder_of(ref), {});
}

void AttributeSplitter::descend(asn1::NodeRef value, TypeRef type, std::string_view name,
                                Inherited inherited) {
  switch (data_type(value.node())) {
    case DataType::structure:
      return members(value, fitting(type, value), name, inherited);
    case DataType::array:
      return elements(value, fitting(type, value), inherited);
    default:
      (*callback_)({.ref = ref_,
                    .value = value,
                    .quality = inherited.quality,
                    .time = inherited.time,
                    .guessed = inherited.guessed});
  }
}

// The decoder bounds the nesting (limits::kMaxDepth).
void AttributeSplitter::members(asn1::NodeRef structure, TypeRef type, std::string_view name,
                                Inherited inherited) {
  Layout layout;
  if (type == nullptr) layout = layout_of(ref_, name, structure);
  const auto name_of = [&](TypeRef component, std::size_t i) {
    return component != nullptr ? component->name : layout.names[i];
  };
  const TypeRef first = type != nullptr ? first_component(type) : nullptr;
  asn1::NodeRef quality;
  asn1::NodeRef time;
  std::size_t others = 0;
  TypeRef component = first;
  std::size_t i = 0;
  for (asn1::NodeRef m = structure.first_child(); m; m = m.next_sibling(structure), ++i) {
    const std::string_view member = name_of(component, i);
    if (is_quality(member, m)) {
      quality = m;
    } else if (is_time(member, m)) {
      time = m;
    } else {
      ++others;
    }
    if (component != nullptr) component = next_component(component, type);
  }
  if (others > 0) {
    if (quality) inherited.quality = quality;
    if (time) inherited.time = time;
  }
  inherited.guessed = inherited.guessed || layout.guessed;

  const std::size_t end = ref_.size();
  component = first;
  i = 0;
  for (asn1::NodeRef m = structure.first_child(); m; m = m.next_sibling(structure), ++i) {
    const std::string_view member = name_of(component, i);
    const bool column = others > 0 && (is_quality(member, m) || is_time(member, m));
    if (!column) {
      if (member.empty()) {
        ref_.push_back('[');
        text::append_number(ref_, std::uint64_t{i});
        ref_.push_back(']');
      } else {
        ref_.push_back('$');
        ref_ += member;
      }
      descend(m, component, member, inherited);
      ref_.resize(end);
    }
    if (component != nullptr) component = next_component(component, type);
  }
}

void AttributeSplitter::elements(asn1::NodeRef array, TypeRef type, const Inherited& inherited) {
  const TypeRef element = type != nullptr ? first_component(type) : nullptr;
  const std::size_t end = ref_.size();
  std::uint64_t i = 0;
  for (asn1::NodeRef e = array.first_child(); e; e = e.next_sibling(array), ++i) {
    ref_.push_back('(');
    text::append_number(ref_, i);
    ref_.push_back(')');
    descend(e, element, {}, inherited);
    ref_.resize(end);
  }
}

}  // namespace mmsa::iec61850
