#include "iec61850/reference.h"

#include <algorithm>
#include <array>

#include "iec61850/ln_classes.h"

namespace mmsa::iec61850 {
namespace {

struct FcRow {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array<FcRow, 21> kFcs{{
    {"", ""},
    {"ST", "status"},
    {"MX", "measurand"},
    {"CO", "control"},
    {"SP", "setpoint"},
    {"SV", "substitution"},
    {"CF", "configuration"},
    {"DC", "description"},
    {"SG", "setting group"},
    {"SE", "setting group editable"},
    {"SR", "service tracking"},
    {"OR", "operate received"},
    {"BL", "blocking"},
    {"EX", "extended definition"},
    {"BR", "buffered report control"},
    {"RP", "unbuffered report control"},
    {"LG", "log control"},
    {"GO", "GOOSE control"},
    {"GS", "GSSE control"},
    {"MS", "multicast sampled value control"},
    {"US", "unicast sampled value control"},
}};

constexpr std::size_t letters_index(char first, char second) {
  return static_cast<std::size_t>(first - 'A') * 26 + static_cast<std::size_t>(second - 'A');
}

// Every name is looked at: two letters tell the row at once.
constexpr std::array<Fc, 26 * 26> kFcByLetters = [] {
  std::array<Fc, 26 * 26> table{};
  for (std::size_t i = 1; i < kFcs.size(); ++i) {
    table[letters_index(kFcs[i].name[0], kFcs[i].name[1])] = static_cast<Fc>(i);
  }
  return table;
}();

constexpr std::size_t kClassLength = 4;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_character(char c) {
  return is_upper(c) || is_digit(c) || (c >= 'a' && c <= 'z') || c == '_';
}

std::string_view without_instance(std::string_view ln) {
  while (!ln.empty() && is_digit(ln.back())) ln.remove_suffix(1);
  return ln;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) text = text.substr(0, nul);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

void append_replaced(std::string& out, std::string_view text, char from, char to) {
  for (const char c : text) out.push_back(c == from ? to : c);
}

bool same_spelling(std::string_view text, std::string_view name) {
  if (text.size() != name.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != name[i] && !(text[i] == '.' && name[i] == '$')) return false;
  }
  return true;
}

// accessSelection, or selectAccess of the last level.
void append_selection(std::string& out, asn1::NodeRef selection) {
  const std::string_view kind = selection ? selection.name() : std::string_view{};
  if (kind == "component") {
    out.push_back('$');
    out += selection.text();
  } else if (kind == "index") {
    out += "(" + std::to_string(selection.unsigned_integer()) + ")";
  } else if (kind == "indexRange") {
    const std::uint64_t low = selection.child("lowIndex").unsigned_integer();
    const std::uint64_t count = selection.child("numberOfElements").unsigned_integer();
    out += "(" + std::to_string(low) + ".." + std::to_string(low + count - 1) + ")";
  } else if (kind == "allElements") {
    out += "(*)";
  }
}

// AlternateAccess as the ending of a reference: "(3)$mag$f". The first selection of each level.
void append_alternate_access(std::string& out, asn1::NodeRef access) {
  for (asn1::NodeRef node = access.first_child(); node;) {
    if (node.name() == "named") {  // { componentName, access }
      const asn1::NodeRef name = node.first_child();
      node = name ? name.next_sibling(node) : name;
    } else if (node.name() == "selectAlternateAccess") {  // { accessSelection, alternateAccess }
      append_selection(out, node.first_child());
      node = node.child("alternateAccess").first_child();
    } else {
      append_selection(out, node);
      return;
    }
  }
}

}  // namespace

std::string_view fc_name(Fc fc) { return kFcs[static_cast<std::size_t>(fc)].name; }
std::string_view fc_meaning(Fc fc) { return kFcs[static_cast<std::size_t>(fc)].meaning; }

Fc fc_from(std::string_view name) {
  if (name.size() != 2 || !is_upper(name[0]) || !is_upper(name[1])) return Fc::none;
  return kFcByLetters[letters_index(name[0], name[1])];
}

FcSet constraints_of(const asn1::Tree& tree) {
  FcSet set;
  for (const std::uint32_t index : tree.objects) {
    set.insert(parse_item({}, object_name(tree.at(index)).item).fc);
  }
  return set;
}

std::string_view Reference::ln_class() const {
  if (ln.ends_with("LLN0")) return ln.substr(ln.size() - kClassLength);
  const std::string_view name = without_instance(ln);
  return name.size() < kClassLength ? std::string_view{} : name.substr(name.size() - kClassLength);
}

Reference parse_item(std::string_view domain, std::string_view item) {
  Reference reference{.domain = domain};
  const std::size_t first = item.find('$');
  reference.ln = item.substr(0, first);
  if (first == std::string_view::npos) return reference;
  const std::string_view rest = item.substr(first + 1);
  // Two capitals are an FC; a data set or log of such a name could not be told from one.
  if (rest.size() >= 2 && (rest.size() == 2 || rest[2] == '$')) {
    reference.fc = fc_from(rest.substr(0, 2));
  }
  if (reference.fc == Fc::none) {
    reference.path = rest;
  } else if (rest.size() > 3) {
    reference.path = rest.substr(3);
  }
  return reference;
}

ObjectName split_reference(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('@')) {
    return {.scope = ObjectName::Scope::association, .domain = {}, .item = text.substr(1)};
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {.domain = {}, .item = text};
  return {.scope = ObjectName::Scope::domain,
          .domain = text.substr(0, slash),
          .item = text.substr(slash + 1)};
}

bool is_logical_node(std::string_view name) {
  for (const char c : name) {
    if (!is_name_character(c)) return false;
  }
  if (name.ends_with("LLN0")) return true;
  const std::string_view with_class = without_instance(name);
  if (with_class.size() < kClassLength) return false;
  return is_ln_class(with_class.substr(with_class.size() - kClassLength));
}

bool is_iec61850_item(std::string_view item) {
  const std::size_t first = item.find('$');
  if (first == std::string_view::npos) return is_logical_node(item);
  return first > 0 && parse_item({}, item).fc != Fc::none;
}

bool is_list_item(std::string_view item) {
  const std::size_t first = item.find('$');
  return first != std::string_view::npos && first + 1 < item.size() &&
         is_logical_node(item.substr(0, first));
}

void append_mms(std::string& out, const Reference& reference) {
  if (!reference.domain.empty()) {
    out += reference.domain;
    out.push_back('/');
  }
  out += reference.ln;
  if (reference.fc != Fc::none) {
    out.push_back('$');
    out += fc_name(reference.fc);
  }
  if (!reference.path.empty()) {
    out.push_back('$');
    out += reference.path;
  }
}

void append_acsi(std::string& out, const Reference& reference) {
  if (!reference.domain.empty()) {
    out += reference.domain;
    out.push_back('/');
  }
  out += reference.ln;
  if (!reference.path.empty()) {
    out.push_back('.');
    append_replaced(out, reference.path, '$', '.');
  }
  if (reference.fc != Fc::none) {
    out += " [";
    out += fc_name(reference.fc);
    out.push_back(']');
  }
}

void append_object_name(std::string& out, const ObjectName& name) {
  if (name.scope == ObjectName::Scope::association) out.push_back('@');
  if (name.scope == ObjectName::Scope::domain) {
    out += name.domain;
    out.push_back('/');
  }
  out += name.item;
}

asn1::NodeRef access_specification(const MmsPdu& pdu) {
  return pdu.service == Service::kRead ? pdu.body.child("variableAccessSpecification").first_child()
                                       : pdu.body.first_child();
}

bool names_a_list(asn1::NodeRef access_specification) {
  return access_specification && access_specification.name() == "variableListName";
}

void append_variable(std::string& out, asn1::NodeRef variable) {
  const asn1::NodeRef name = variable.child("name").first_child();
  if (!name || name.node().role() != asn1::Role::object_name) return;
  append_object_name(out, object_name(name));
  append_alternate_access(out, variable.child("alternateAccess"));
}

std::string normalised(std::string_view text, std::string_view domain) {
  text = trimmed(text);
  if (text.starts_with('@')) return std::string(text);
  Fc fc = Fc::none;
  if (text.ends_with(']')) {
    const std::size_t open = text.rfind('[');
    if (open != std::string_view::npos) {
      fc = fc_from(text.substr(open + 1, text.size() - open - 2));
      if (fc != Fc::none) text = trimmed(text.substr(0, open));
    }
  }
  ObjectName name = split_reference(text);
  std::string item;
  append_replaced(item, name.item, '.', '$');
  Reference reference = parse_item(name.domain.empty() ? domain : name.domain, item);
  if (reference.fc == Fc::none) reference.fc = fc;
  std::string out;
  append_mms(out, reference);
  return out;
}

bool names_item(std::string_view text, std::string_view domain, std::string_view item) {
  const ObjectName name = split_reference(text);
  return (name.domain.empty() || name.domain == domain) && same_spelling(name.item, item);
}

std::optional<ControlItem> control_item(std::string_view item) {
  struct Row {
    std::string_view name;
    ControlComponent component;
  };
  constexpr Row kComponents[] = {{"Oper", ControlComponent::oper},
                                 {"SBOw", ControlComponent::sbow},
                                 {"SBO", ControlComponent::sbo},
                                 {"Cancel", ControlComponent::cancel}};
  // `LN$CO$DO` comes before the component, which is never one of the first three names.
  std::size_t begin = 0;
  for (std::size_t names = 0; begin < item.size(); ++names) {
    const std::size_t end = std::min(item.find('$', begin), item.size());
    const std::string_view name = item.substr(begin, end - begin);
    for (const Row& row : kComponents) {
      if (names < 3 || name != row.name) continue;
      const ControlItem found{.component = row.component,
                              .object = item.substr(0, begin - 1),
                              .member = item.substr(std::min(end + 1, item.size()))};
      const Reference object = parse_item({}, found.object);
      if (object.ln.empty() || object.fc != Fc::CO || object.path.empty()) return std::nullopt;
      return found;
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace mmsa::iec61850
