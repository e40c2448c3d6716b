// Data type templates: types that do not exist, that contain themselves, words that are none.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "scl/check.h"

namespace mmsa::scl {
namespace {

using iec61850::Fc;

// 6, table 45, and those that edition 2.1 added.
constexpr Text kBasicTypes[] = {
    "BOOLEAN",   "INT8",        "INT16",       "INT24",       "INT32",        "INT64",
    "INT128",    "INT8U",       "INT16U",      "INT24U",      "INT32U",       "INT64U",
    "FLOAT32",   "FLOAT64",     "Enum",        "Dbpos",       "Tcmd",         "Quality",
    "Timestamp", "VisString32", "VisString64", "VisString65", "VisString129", "VisString255",
    "Octet6",    "Octet16",     "Octet64",     "Unicode255",  "Struct",       "EntryTime",
    "EntryID",   "Check",       "ObjRef",      "Currency",    "PhyComAddr",   "TrgOps",
    "OptFlds",   "SvOptFlds",   "LogOptFlds",
};

bool is_basic_type(Text name) {
  return std::find(std::begin(kBasicTypes), std::end(kBasicTypes), name) != std::end(kBasicTypes);
}

class TypeCheck {
 public:
  explicit TypeCheck(const Checked& checked) : checked_(checked) {}

  void run() {
    const Templates& templates = checked_.document.templates;
    for (const StructType& type : templates.node_types) check(type, "LNodeType");
    for (const StructType& type : templates.object_types) check(type, "DOType");
    for (const StructType& type : templates.attribute_types) check(type, "DAType");
    tell_duplicates(templates.node_types, "LNodeType");
    tell_duplicates(templates.object_types, "DOType");
    tell_duplicates(templates.attribute_types, "DAType");
    tell_duplicates(templates.enum_types, "EnumType");
    for (const TypeMember* member : checked_.types.cycles()) {
      checked_.problems.add(ProblemKind::type_cycle, member->line, "",
                            fmt::format("{} is of type {}, which contains it", quoted(member->name),
                                        quoted(member->type)));
    }
  }

 private:
  void check(const StructType& type, const char* kind) {
    const std::string where = fmt::format("{} {}", kind, quoted(type.id));
    for (const TypeMember& member : type.members) {
      tell_duplicate(type, member, where);
      check_words(member, where);
      if (checked_.document.cut_at == 0) check_type(member, where);
    }
  }

  void tell_duplicate(const StructType& type, const TypeMember& member, const std::string& where) {
    const TypeMember* const first = checked_.types.member(type, member.name);
    // A setting may be declared as SG and as SE.
    if (first == &member || first->fc != member.fc) return;
    checked_.problems.add(ProblemKind::duplicate_name, member.line, where,
                          quoted(member.name) + " is there already", first->line);
  }

  void check_words(const TypeMember& member, const std::string& where) {
    if (member.kind != TypeMember::Kind::attribute) return;
    if (!is_basic_type(member.basic_type)) {
      checked_.problems.add(ProblemKind::type_unknown_word, member.line, where,
                            fmt::format("bType {} of {} is no basic type",
                                        quoted(member.basic_type), quoted(member.name)));
    }
    if (!member.fc.empty() && iec61850::fc_from(member.fc) == Fc::none) {
      checked_.problems.add(ProblemKind::type_unknown_word, member.line, where,
                            fmt::format("fc {} of {} is no functional constraint",
                                        quoted(member.fc), quoted(member.name)));
    }
  }

  void check_type(const TypeMember& member, const std::string& where) {
    if (member.kind == TypeMember::Kind::data_object) {
      if (checked_.types.object_type(member.type) == nullptr) missing("DOType", member, where);
    } else if (member.basic_type == "Struct") {
      if (checked_.types.attribute_type(member.type) == nullptr) missing("DAType", member, where);
    } else if (member.basic_type == "Enum") {
      check_enum(member, where);
    }
  }

  void check_enum(const TypeMember& member, const std::string& where) {
    const EnumType* const type = checked_.types.enum_type(member.type);
    if (type == nullptr) {
      missing("EnumType", member, where);
    } else if (!member.value.empty() && !has_literal(*type, member.value)) {
      checked_.problems.add(
          ProblemKind::value_not_in_enum, member.line, where,
          fmt::format("{} of {} is no literal of EnumType {}", quoted(member.value),
                      quoted(member.name), quoted(member.type)));
    }
  }

  void missing(const char* kind, const TypeMember& member, const std::string& where) {
    checked_.problems.add_once(
        ProblemKind::type_missing, fmt::format("{} {}", kind, member.type), member.line, where,
        fmt::format("{} {} of {} does not exist", kind, quoted(member.type), quoted(member.name)));
  }

  template <typename T>
  void tell_duplicates(const std::vector<T>& types, const char* kind) {
    std::unordered_map<Text, Line> lines;
    for (const T& type : types) {
      const auto [found, first] = lines.try_emplace(type.id, type.line);
      if (first) continue;
      checked_.problems.add(ProblemKind::duplicate_name, type.line, "",
                            fmt::format("{} {} is there already", kind, quoted(type.id)),
                            found->second);
    }
  }

  const Checked& checked_;
};

}  // namespace

bool has_literal(const EnumType& type, Text value) {
  return std::any_of(type.values.begin(), type.values.end(), [value](const EnumValue& known) {
    return known.name == value || std::to_string(known.ord) == value;
  });
}

void check_types(const Checked& checked) { TypeCheck(checked).run(); }

}  // namespace mmsa::scl
