#include "iec61850/learning.h"

#include <algorithm>
#include <array>

#include "iec61850/rcb.h"
#include "mms/service_error.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {
namespace {

// Names of one Read that are compared with the known ones: reads of many variables are polled again
// and again.
constexpr std::size_t kWatchedNames = 8;
// No timeout of a control is longer than a day; octets that claim it are no timeout.
constexpr std::uint64_t kMaxTimeout = 86'400'000;

ObjectName first_name(const asn1::Tree& tree) {
  return tree.objects.empty() ? ObjectName{} : object_name(tree.at(tree.objects[0]));
}

// listOfVariable ::= SEQUENCE OF { variableSpecification, alternateAccess OPTIONAL }
std::string member_name(asn1::NodeRef variable) {
  std::string text;
  append_variable(text, variable);
  if (text.size() > limits::kMaxReference) text.clear();
  return text;
}

bool is_whole(const MmsMessage& message) { return !message.cut && !message.pdu.error; }

// --- attributes of a control object's configuration: `LN$CF$DO$..` ---

struct ControlAttribute {
  std::string_view name;
  Known<std::int64_t> ControlFacts::*fact;
  bool is_timeout;  // INT32U in milliseconds; else the enumeration ctlModel
};
constexpr ControlAttribute kControlAttributes[] = {
    {"ctlModel", &ControlFacts::ctl_model, false},
    {"sboTimeout", &ControlFacts::sbo_timeout, true},
    {"operTimeout", &ControlFacts::oper_timeout, true}};

const ControlAttribute* control_attribute(std::string_view name) {
  for (const ControlAttribute& attribute : kControlAttributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

std::optional<std::int64_t> control_value(const ControlAttribute& attribute, asn1::NodeRef value) {
  const DataType type = data_type(value.node());
  if (!attribute.is_timeout) {
    return type == DataType::integer ? std::optional(value.integer()) : std::nullopt;
  }
  if (type != DataType::unsigned_integer && type != DataType::integer) return std::nullopt;
  return static_cast<std::int64_t>(std::min(value.unsigned_integer(), kMaxTimeout));
}

// --- attributes of report control blocks ---

bool set_text(Known<std::string>& fact, asn1::NodeRef value, Source source) {
  if (value.bytes().size() > limits::kMaxReference) return false;
  return fact.set(std::string(value.text()), source);
}

// Whether RptID or DatSet is another now.
bool set_block(BlockFacts& block, RcbAttribute attribute, asn1::NodeRef value, Source source) {
  switch (attribute) {
    case RcbAttribute::RptID:
      return set_text(block.rpt_id, value, source);
    case RcbAttribute::DatSet:
      return set_text(block.dat_set, value, source);
    case RcbAttribute::ConfRev:
      block.conf_rev.set(value.unsigned_integer(), source);
      return false;
    case RcbAttribute::OptFlds:
      block.opt_flds.set(low_bits(BitString(value.bytes())), source);
      return false;
    case RcbAttribute::TrgOps:
      block.trg_ops.set(low_bits(BitString(value.bytes())), source);
      return false;
    case RcbAttribute::BufTm:
      block.buf_tm.set(value.unsigned_integer(), source);
      return false;
    case RcbAttribute::IntgPd:
      block.intg_pd.set(value.unsigned_integer(), source);
      return false;
    default:
      return false;
  }
}

// One answer, as it is gone through.
class Learner {
 public:
  explicit Learner(const Exchange& exchange)
      : exchange_(exchange),
        message_(exchange.message()),
        model_(exchange.model()),
        association_(exchange.association().connection->stream),
        source_{.frame = message_.frame} {}

  void learn();

 private:
  void learn_items();
  void learn_value(std::string_view domain, std::string_view item, asn1::NodeRef value);
  void learn_parts(std::string_view domain, std::string_view item, asn1::NodeRef value);
  void learn_control(std::string_view domain, const Reference& reference, asn1::NodeRef value);
  void learn_block(std::string_view domain, const RcbItem& item, asn1::NodeRef value);
  void learn_names();
  void learn_type();
  void learn_data_set(asn1::NodeRef list_of_variable, const ObjectName& name);
  void forget_what_may_differ();
  void forget_data_sets();

  const Exchange& exchange_;
  const MmsMessage& message_;
  ServerModel& model_;
  std::uint64_t association_;
  Source source_;
};

void Learner::learn() {
  if (message_.request_view == nullptr) {
    if (message_.request != nullptr) forget_what_may_differ();
    return;
  }
  switch (message_.pdu.service) {
    case Service::kRead:
    case Service::kWrite:
      if (exchange_.note().teaches) learn_items();
      break;
    case Service::kGetNameList:
      learn_names();
      break;
    case Service::kGetVariableAccessAttributes:
      if (is_whole(message_)) learn_type();
      break;
    case Service::kGetNamedVariableListAttributes:
      if (is_whole(message_)) {
        learn_data_set(message_.pdu.body.child("listOfVariable"),
                       first_name(message_.request_view->tree()));
      }
      break;
    case Service::kDefineNamedVariableList: {
      const RequestView& request = *message_.request_view;
      if (request.pdu().error || message_.request->cut) break;
      learn_data_set(request.pdu().body.child("listOfVariable"), first_name(request.tree()));
      break;
    }
    case Service::kDeleteNamedVariableList:
      forget_data_sets();
      break;
    default:
      break;
  }
}

// What was read, and what was written and accepted.
void Learner::learn_items() {
  const bool read = message_.pdu.service == Service::kRead;
  bool any = false;
  for (const Item& item : exchange_.items()) {
    if (item.error || !item.value) continue;
    any = true;
    const ObjectName name = item.name();
    if (name.scope != ObjectName::Scope::domain) continue;
    // Elements of arrays, and members without a name, are no names.
    if (read && name.item.find_first_of("([") == std::string_view::npos) {
      model_.put_name(name.domain, name.item);
    }
    learn_value(name.domain, name.item, item.value);
  }
  const ObjectName list = split_reference(exchange_.data_set());
  if (read && any && list.scope == ObjectName::Scope::domain) {
    model_.put_name(list.domain, list.item);
  }
}

void Learner::learn_value(std::string_view domain, std::string_view item, asn1::NodeRef value) {
  const Reference reference = parse_item(domain, item);
  switch (reference.fc) {
    case Fc::none:  // a whole logical node, where it is no data set
      if (reference.path.empty()) learn_parts(domain, item, value);
      return;
    case Fc::CF:
      if (control_attribute(reference.last()) != nullptr) {
        learn_control(domain, reference, value);
      } else {
        learn_parts(domain, item, value);
      }
      return;
    case Fc::BR:
    case Fc::RP:
      if (const auto block = rcb_item(item)) {
        learn_block(domain, *block, value);
      } else {
        learn_parts(domain, item, value);
      }
      return;
    default:
      return;
  }
}

// The parts of a structure, as the server has described it.
void Learner::learn_parts(std::string_view domain, std::string_view item, asn1::NodeRef value) {
  if (data_type(value.node()) != DataType::structure) return;
  const TypeRef type = model_.type_of(domain, item);
  if (type == nullptr || !matches(type, value)) return;
  std::string part(item);
  part += '$';
  const std::size_t size = part.size();
  asn1::NodeRef member = value.first_child();
  for (TypeRef named = first_component(type); named != nullptr && member;
       named = next_component(named, type), member = member.next_sibling(value)) {
    part.resize(size);
    part += named->name;
    if (part.size() <= limits::kMaxReference) learn_value(domain, part, member);
  }
}

// `LN$CF$DO$ctlModel` is kept under its control object, `LN$CO$DO`.
void Learner::learn_control(std::string_view domain, const Reference& reference,
                            asn1::NodeRef value) {
  const ControlAttribute& attribute = *control_attribute(reference.last());
  const auto told = control_value(attribute, value);
  if (!told || reference.path.size() <= attribute.name.size() + 1) return;
  Reference object = reference;
  object.domain = {};
  object.fc = Fc::CO;
  object.path.remove_suffix(attribute.name.size() + 1);
  std::string text;
  append_mms(text, object);
  if (ControlFacts* const facts = model_.control_to_fill(domain, text)) {
    (facts->*attribute.fact).set(*told, source_);
  }
  if (attribute.fact != &ControlFacts::sbo_timeout) return;
  text.insert(0, "/").insert(0, domain);
  if (auto* const known = model_.controls().of(text)) known->sbo_timeout = *told * kNsPerMs;
}

// One attribute, or the whole block: its members are named by the type that the server told, else
// by their order and types.
void Learner::learn_block(std::string_view domain, const RcbItem& item, asn1::NodeRef value) {
  if (!item.whole && item.attribute == RcbAttribute::none) return;
  std::string reference(domain);
  reference.append("/").append(item.block);
  BlockFacts* const block = model_.block_to_fill(reference, item.buffered);
  if (block == nullptr) return;
  if (!item.whole) {
    if (has_type(item.attribute, data_type(value.node())) &&
        set_block(*block, item.attribute, value, source_)) {
      model_.note_block_changed(reference, *block);
    }
    return;
  }
  const TypeRef type = model_.type_of(domain, item.block);
  const bool described = type != nullptr && type->type == DataType::structure &&
                         first_component(type) != nullptr && matches(type, value);
  if (described) return learn_parts(domain, item.block, value);
  const RcbValues values = read_rcb(value, item.buffered);
  bool changed = false;
  for (std::size_t a = 0; a < kRcbAttributes; ++a) {
    const auto attribute = static_cast<RcbAttribute>(a);
    if (values[attribute] && set_block(*block, attribute, values[attribute], source_)) {
      changed = true;
    }
  }
  if (changed) model_.note_block_changed(reference, *block);
}

void Learner::learn_names() {
  const asn1::NodeRef request = message_.request_view->pdu().body;
  constexpr std::int64_t kDomain = 9;  // objectClass
  const asn1::NodeRef domain = request.child("objectScope").child("domainSpecific");
  const asn1::NodeRef list = message_.pdu.body.child("listOfIdentifier");
  if (!domain) {
    if (request.child("objectClass").first_child().integer(-1) != kDomain) return;
    for (asn1::NodeRef name = list.first_child(); name; name = name.next_sibling(list)) {
      model_.put_domain(name.text());
    }
    if (is_whole(message_) && !mms::more_follows(message_.pdu)) model_.put_all_domains_listed();
    return;
  }
  for (asn1::NodeRef name = list.first_child(); name; name = name.next_sibling(list)) {
    model_.put_name(domain.text(), name.text());
  }
}

void Learner::learn_type() {
  const ObjectName name = first_name(message_.request_view->tree());
  if (name.scope != ObjectName::Scope::domain) return;
  std::vector<TypeNode> nodes;
  read_type(message_.pdu.body.child("typeSpecification"), nodes);
  model_.put_type(name.domain, name.item, std::move(nodes), source_);
}

void Learner::learn_data_set(asn1::NodeRef list, const ObjectName& name) {
  if (!list) return;
  DataSet set{.members = {}, .source = source_};
  for (asn1::NodeRef item = list.first_child(); item; item = item.next_sibling(list)) {
    set.members.push_back(member_name(item));
    const asn1::NodeRef member = item.child("name").first_child();
    if (member && member.node().role() == asn1::Role::object_name) {
      const ObjectName variable = object_name(member);
      if (variable.scope == ObjectName::Scope::domain) {
        model_.put_name(variable.domain, variable.item);
      }
    }
  }
  model_.put_data_set(name, association_, std::move(set));
}

// The server has accepted something, and the request that says what could not be kept.
void Learner::forget_what_may_differ() {
  const std::uint16_t service = message_.pdu.service;
  const FcSet constraints = exchange_.note().constraints;
  if (service == Service::kDefineNamedVariableList ||
      service == Service::kDeleteNamedVariableList) {
    model_.forget_data_sets(ServerModel::Owner::everybody, association_, {});
  } else if (service == Service::kWrite) {
    if (constraints.has(Fc::BR) || constraints.has(Fc::RP)) model_.forget_blocks();
    if (constraints.has(Fc::CF)) model_.forget_controls();
  }
}

// A server may delete fewer than asked and not say which: all that were named are forgotten then,
// unless it says that it deleted none.
void Learner::forget_data_sets() {
  enum class Scope : std::int64_t { specific, aa_specific, domain, vmd };
  if (message_.pdu.body.child("numberDeleted").unsigned_integer() == 0) return;
  const RequestView& request = *message_.request_view;
  switch (static_cast<Scope>(request.pdu().body.child("scopeOfDelete").integer(0))) {
    case Scope::specific:
      for (const std::uint32_t index : request.tree().objects) {
        model_.forget_data_set(object_name(request.tree().at(index)), association_);
      }
      return;
    case Scope::aa_specific:
      return model_.forget_data_sets(ServerModel::Owner::association, association_, {});
    case Scope::domain:
      return model_.forget_data_sets(ServerModel::Owner::domain, association_,
                                     request.pdu().body.child("domainName").text());
    case Scope::vmd:
      return model_.forget_data_sets(ServerModel::Owner::vmd, association_, {});
  }
}

// Whether an access to this name, or to a part of it, can hold what control objects or report
// control blocks are configured to do.
bool configures(std::string_view item) {
  const Reference reference = parse_item({}, item);
  switch (reference.fc) {
    case Fc::none:
      return reference.path.empty() && is_logical_node(item);
    case Fc::CF:  // deeper attributes than those of a data object are of something else
      return reference.path.find('$') == std::string_view::npos ||
             control_attribute(reference.last()) != nullptr;
    case Fc::BR:
    case Fc::RP:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool may_teach(ServerModel& model, const MmsMessage& request, FcSet constraints) {
  const asn1::Tree& tree = request.tree;
  const bool read = request.pdu.service == Service::kRead;
  const bool sampled = read && model.samples_read();
  // Names of whole logical nodes have no constraint, like those of data sets.
  const bool may_configure = constraints.has(Fc::CF) || constraints.has(Fc::BR) ||
                             constraints.has(Fc::RP) || constraints.has(Fc::none);
  if (!sampled && !may_configure) return false;
  const std::size_t names = may_configure
                                ? tree.objects.size()
                                : std::min<std::size_t>(tree.objects.size(), kWatchedNames);
  for (std::size_t i = 0; i < names; ++i) {
    const ObjectName name = object_name(tree.at(tree.objects[i]));
    if (may_configure && configures(name.item)) return true;
    if (sampled && i < kWatchedNames && !model.has_name(name.domain, name.item)) {
      model.found_new_name();
      return true;
    }
  }
  return false;
}

void learn(const Exchange& exchange) {
  if (exchange.from_client() || exchange.message().pdu.kind != PduKind::confirmed_response) {
    return;
  }
  Learner(exchange).learn();
}

}  // namespace mmsa::iec61850
