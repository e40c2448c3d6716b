#include "scl/types.h"

#include "mmsanalyze/limits.h"

namespace mmsa::scl {
namespace {

// The next name of a path, without the index behind it; `path` is left with what follows.
Text take_name(Text& path) {
  const std::size_t dot = path.find('.');
  Text name = path.substr(0, dot);
  path = dot == Text::npos ? Text() : path.substr(dot + 1);
  return name.substr(0, name.find('('));
}

}  // namespace

Types::Types(const Document& document) {
  const Templates& templates = document.templates;
  index(templates.node_types, node_types_);
  index(templates.object_types, object_types_);
  index(templates.attribute_types, attribute_types_);
  for (const EnumType& type : templates.enum_types) enum_types_.try_emplace(type.id, &type);
  for (const StructType& type : templates.object_types) visit(type, 0);
  for (const StructType& type : templates.attribute_types) visit(type, 0);
}

void Types::index(const std::vector<StructType>& types, Map<StructType>& map) {
  for (const StructType& type : types) {
    map.try_emplace(type.id, &type);
    for (const TypeMember& member : type.members) {
      members_.try_emplace({&type, member.name}, &member);
    }
  }
}

Types::Content Types::visit(const StructType& type, int depth) {
  if (depth > limits::kMaxSclDepth) return {{}, false, true};
  const auto [found, first] = contents_.try_emplace(&type);
  if (!first) return found->second;
  Content content;
  for (const TypeMember& part : type.members) {
    content.constraints.insert(iec61850::fc_from(part.fc));
    visit_part(part, depth, content);
  }
  content.done = true;
  contents_[&type] = content;
  return content;
}

void Types::visit_part(const TypeMember& part, int depth, Content& content) {
  const StructType* const below = type_of(part);
  if (below == nullptr) {
    const bool leaf = part.kind == TypeMember::Kind::attribute && part.basic_type != "Struct";
    content.whole = content.whole && leaf;
    return;
  }
  const Content inner = visit(*below, depth + 1);
  if (!inner.done) cycles_.push_back(&part);
  content.whole = content.whole && inner.whole && inner.done;
  content.constraints = iec61850::FcSet(content.constraints.bits() | inner.constraints.bits());
}

const StructType* Types::type_of(const TypeMember& member) const {
  if (member.kind == TypeMember::Kind::data_object) return object_type(member.type);
  return member.basic_type == "Struct" ? attribute_type(member.type) : nullptr;
}

const TypeMember* Types::member(const StructType& type, Text name) const {
  const auto found = members_.find({&type, name});
  return found == members_.end() ? nullptr : found->second;
}

PathEnd Types::follow(const StructType& from, Text path) const {
  PathEnd end;
  end.in = &from;
  end.state = PathEnd::State::found;
  return follow(end, path);
}

PathEnd Types::follow(PathEnd end, Text path) const {
  for (int depth = 0; !path.empty() && end.state == PathEnd::State::found; ++depth) {
    const Text name = take_name(path);
    if (end.member != nullptr) {
      const StructType* const below = type_of(*end.member);
      const bool leaf =
          end.member->kind == TypeMember::Kind::attribute && end.member->basic_type != "Struct";
      if (below == nullptr) {
        end.state = leaf ? PathEnd::State::unknown : PathEnd::State::undefined;
        end.name = name;
        return end;
      }
      end.in = below;
    }
    const TypeMember* const next = depth > limits::kMaxSclDepth ? nullptr : member(*end.in, name);
    if (next == nullptr) {
      end.state =
          depth > limits::kMaxSclDepth ? PathEnd::State::undefined : PathEnd::State::unknown;
      end.name = name;
      return end;
    }
    end.member = next;
    if (!next->fc.empty()) end.fc = iec61850::fc_from(next->fc);
  }
  return end;
}

bool Types::may_have(const TypeMember& data_object, iec61850::Fc fc) const {
  using iec61850::Fc;
  const auto found = contents_.find(object_type(data_object.type));
  if (found == contents_.end() || !found->second.whole) return true;
  const iec61850::FcSet has = found->second.constraints;
  // A setting is declared under one of the two and has both.
  if (fc == Fc::SG || fc == Fc::SE) return has.has(Fc::SG) || has.has(Fc::SE);
  return has.has(fc);
}

}  // namespace mmsa::scl
