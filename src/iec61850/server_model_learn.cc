// How ServerModel learns. Only positive answers teach: a request is a wish. Answers that were cut
// off or malformed teach nothing, since a list without its end is a wrong list.
#include <algorithm>

#include "iec61850/rcb.h"
#include "iec61850/server_model.h"
#include "mms/service_error.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/limits.h"

namespace mmsa::iec61850 {
namespace {

constexpr std::string_view kCtlModel = "$ctlModel";
// Names of one Read that are worth a look: reads of many variables are polled again and again.
constexpr std::size_t kWatchedNames = 8;
// Reads of known names in a row after which a client is taken to be polling, and how many of its
// reads are looked at from then on: one in this many.
constexpr std::uint32_t kSettledAfter = 64;
constexpr std::uint32_t kSampled = 16;

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

}  // namespace

void ServerModel::learn(const MmsMessage& message, bool from_client, std::uint64_t association,
                        const RequestNote& note) {
  if (from_client || message.pdu.kind != PduKind::confirmed_response) return;
  if (message.request_view == nullptr) {
    if (message.request != nullptr) forget_what_may_differ(message.pdu.service, note.constraints);
    return;
  }
  switch (message.pdu.service) {
    case Service::kRead:
      if (note.teaches) learn_read(message);
      break;
    case Service::kWrite:
      learn_write(message);
      break;
    case Service::kGetNameList:
      learn_names(message);
      break;
    case Service::kGetVariableAccessAttributes:
      if (is_whole(message)) learn_type(message);
      break;
    case Service::kGetNamedVariableListAttributes:
      if (is_whole(message)) {
        learn_data_set(message.pdu.body.child("listOfVariable"),
                       first_name(message.request_view->tree()), association, message.frame);
      }
      break;
    case Service::kDefineNamedVariableList: {
      const RequestView& request = *message.request_view;
      if (request.pdu().error || message.request->cut) break;
      learn_data_set(request.pdu().body.child("listOfVariable"), first_name(request.tree()),
                     association, message.frame);
      break;
    }
    case Service::kDeleteNamedVariableList:
      forget_data_sets(message, association);
      break;
    default:
      break;
  }
}

bool ServerModel::may_learn_from(const MmsMessage& read, FcSet constraints) {
  const asn1::Tree& tree = read.tree;
  const bool sampled = settled_ < kSettledAfter || settled_ % kSampled == 0;
  ++settled_;
  if (!sampled && !constraints.has(Fc::CF) && !constraints.has(Fc::BR) &&
      !constraints.has(Fc::RP)) {
    return false;
  }
  bool teaches = false;
  const std::size_t names = std::min<std::size_t>(tree.objects.size(), kWatchedNames);
  for (std::size_t i = 0; i < names && !teaches; ++i) {
    const ObjectName name = object_name(tree.at(tree.objects[i]));
    if (sampled && !names_.contains(name.domain, name.item)) {
      teaches = true;
      settled_ = 0;
    } else {
      teaches = name.item.ends_with(kCtlModel) || rcb_item(name.item).has_value();
    }
  }
  return teaches;
}

void ServerModel::learn_read(const MmsMessage& message) {
  const asn1::Tree& request = message.request_view->tree();
  const asn1::Tree& answer = message.tree;
  // A list of variables has one result for each; a named list one name for all.
  if (request.objects.size() != answer.values.size()) return;
  for (std::size_t i = 0; i < request.objects.size(); ++i) {
    const asn1::NodeRef value = answer.at(answer.values[i]);
    if (data_type(value.node()) == DataType::failure) continue;
    const ObjectName name = object_name(request.at(request.objects[i]));
    if (name.scope != ObjectName::Scope::domain) continue;
    add_name(name.domain, name.item);
    if (name.item.ends_with(kCtlModel)) learn_ctl_model(name, value);
    learn_rcb(name, value);
  }
}

// Attributes of report control blocks that the server accepted.
void ServerModel::learn_write(const MmsMessage& message) {
  const asn1::Tree& request = message.request_view->tree();
  if (request.objects.size() != request.values.size()) return;
  std::size_t i = 0;
  const asn1::NodeRef results = message.pdu.body;
  for (asn1::NodeRef result = results.first_child(); result && i < request.objects.size();
       result = result.next_sibling(results), ++i) {
    if (result.node().role() == asn1::Role::failure) continue;
    learn_rcb(object_name(request.at(request.objects[i])), request.at(request.values[i]));
  }
}

void ServerModel::learn_rcb(const ObjectName& name, asn1::NodeRef value) {
  if (name.scope != ObjectName::Scope::domain) return;
  const auto item = rcb_item(name.item);
  if (!item) return;
  const auto keep = [&](RcbAttribute attribute, asn1::NodeRef text) {
    if (!text || text.bytes().size() > limits::kMaxReference) return;
    const std::string_view block = key(name.domain, item->block);
    const bool kept = attribute == RcbAttribute::RptID
                          ? report_data_sets_.set_rpt_id(block, text.text())
                          : report_data_sets_.set_data_set(block, text.text());
    full_ = full_ || !kept;
  };
  if (item->whole) {
    const RcbValues values = read_rcb(value, item->buffered);
    keep(RcbAttribute::RptID, values[RcbAttribute::RptID]);
    keep(RcbAttribute::DatSet, values[RcbAttribute::DatSet]);
  } else if (item->attribute == RcbAttribute::RptID || item->attribute == RcbAttribute::DatSet) {
    keep(item->attribute, value);
  }
}

// `LN$CF$DO$ctlModel` is kept under its control object, `LN$CO$DO`.
void ServerModel::learn_ctl_model(const ObjectName& name, asn1::NodeRef value) {
  Reference object = parse_reference(name);
  if (object.fc != Fc::CF || data_type(value.node()) != DataType::integer) return;
  object.fc = Fc::CO;
  object.path.remove_suffix(std::min(object.path.size(), kCtlModel.size()));
  if (object.path.empty()) return;
  std::string text;
  append_mms(text, object);
  if (text.size() > limits::kMaxReference) return;
  if (ctl_models_.size() >= limits::kMaxModelNames && !ctl_models_.contains(text)) {
    full_ = true;
    return;
  }
  ctl_models_[text] = value.integer();
}

void ServerModel::learn_names(const MmsMessage& message) {
  const asn1::NodeRef request = message.request_view->pdu().body;
  constexpr std::int64_t kDomain = 9;  // objectClass
  const asn1::NodeRef domain = request.child("objectScope").child("domainSpecific");
  const asn1::NodeRef list = message.pdu.body.child("listOfIdentifier");
  if (!domain) {
    if (request.child("objectClass").first_child().integer(-1) != kDomain) return;
    for (asn1::NodeRef name = list.first_child(); name; name = name.next_sibling(list)) {
      add_domain(name.text());
    }
    domains_listed_ = domains_listed_ || (is_whole(message) && !mms::more_follows(message.pdu));
    return;
  }
  for (asn1::NodeRef name = list.first_child(); name; name = name.next_sibling(list)) {
    add_name(domain.text(), name.text());
  }
}

void ServerModel::learn_type(const MmsMessage& message) {
  const ObjectName name = first_name(message.request_view->tree());
  if (name.scope != ObjectName::Scope::domain) return;
  if (name.domain.size() + name.item.size() > limits::kMaxReference) return;
  std::vector<TypeNode> nodes;
  read_type(message.pdu.body.child("typeSpecification"), nodes);
  if (nodes.empty()) return;
  LearntType& kept = types_[std::string(key(name.domain, name.item))];
  type_nodes_ -= kept.nodes.size();
  kept.nodes.clear();
  if (type_nodes_ + nodes.size() > limits::kMaxTypeNodes) {
    full_ = true;
    types_.erase(std::string(key(name.domain, name.item)));
    return;
  }
  for (TypeNode& node : nodes) node.name = intern(node.name);
  type_nodes_ += nodes.size();
  kept = {std::move(nodes), message.frame};
  add_name(name.domain, name.item);
}

std::string_view ServerModel::intern(std::string_view name) {
  name = name.substr(0, limits::kMaxReference);
  const auto found = component_names_.find(name);
  if (found != component_names_.end()) return *found;
  if (component_names_.size() >= limits::kMaxTypeNodes) {
    full_ = true;
    return {};
  }
  return *component_names_.emplace(name).first;
}

void ServerModel::learn_data_set(asn1::NodeRef list, const ObjectName& name,
                                 std::uint64_t association, FrameRef frame) {
  if (!list || name.scope == ObjectName::Scope::vmd) return;
  if (name.domain.size() + name.item.size() > limits::kMaxReference) return;
  const std::string set_key(data_set_key(name, association));
  const auto old = data_sets_.find(set_key);
  if (old != data_sets_.end()) {
    forget(old->second);
    data_sets_.erase(old);
  }
  DataSet set{.members = {}, .learnt = frame};
  for (asn1::NodeRef item = list.first_child(); item; item = item.next_sibling(list)) {
    if (members_ + set.members.size() >= limits::kMaxDataSetMembers) {
      full_ = true;
      return;
    }
    set.members.push_back(member_name(item));
    if (set.members.back().find("$SR$") != std::string::npos) set.tracks_services = true;
    const asn1::NodeRef member = item.child("name").first_child();
    if (member && member.node().role() == asn1::Role::object_name) {
      const ObjectName variable = object_name(member);
      if (variable.scope == ObjectName::Scope::domain) add_name(variable.domain, variable.item);
    }
  }
  if (data_sets_.size() >= limits::kMaxDataSets) {
    full_ = true;
    return;
  }
  members_ += set.members.size();
  data_sets_.emplace(set_key, std::move(set));
  if (name.scope == ObjectName::Scope::domain) add_name(name.domain, name.item);
}

// The server has accepted something, and the request that says what could not be kept.
void ServerModel::forget_what_may_differ(std::uint16_t service, FcSet constraints) {
  if (service == Service::kDefineNamedVariableList ||
      service == Service::kDeleteNamedVariableList) {
    data_sets_.clear();
    members_ = 0;
  } else if (service == Service::kWrite && (constraints.has(Fc::BR) || constraints.has(Fc::RP))) {
    report_data_sets_.clear();
  }
}

void ServerModel::forget(const DataSet& data_set) { members_ -= data_set.members.size(); }

// A server may delete fewer than asked and not say which: all that were named are forgotten then,
// unless it says that it deleted none.
void ServerModel::forget_data_sets(const MmsMessage& message, std::uint64_t association) {
  enum class Scope : std::int64_t { specific, aa_specific, domain, vmd };
  if (message.pdu.body.child("numberDeleted").unsigned_integer() == 0) return;
  const RequestView& request = *message.request_view;
  const auto scope = static_cast<Scope>(request.pdu().body.child("scopeOfDelete").integer(0));
  if (scope == Scope::specific) {
    for (const std::uint32_t index : request.tree().objects) {
      const auto found =
          data_sets_.find(data_set_key(object_name(request.tree().at(index)), association));
      if (found == data_sets_.end()) continue;
      forget(found->second);
      data_sets_.erase(found);
    }
    return;
  }
  const std::string owner = "#" + std::to_string(association);
  const std::string domain = std::string(request.pdu().body.child("domainName").text()) + "/";
  std::erase_if(data_sets_, [&](const auto& entry) {
    const bool own = entry.first.starts_with('@');
    const bool named = scope == Scope::vmd           ? !own
                       : scope == Scope::domain      ? entry.first.starts_with(domain)
                       : scope == Scope::aa_specific ? own && entry.first.ends_with(owner)
                                                     : false;
    if (named) forget(entry.second);
    return named;
  });
}

void ServerModel::add_name(std::string_view domain, std::string_view item) {
  if (domain.size() + item.size() >= limits::kMaxReference) return;
  add_domain(domain);
  const bool kept = names_.size() < limits::kMaxModelNames ? names_.insert(domain, item)
                                                           : names_.contains(domain, item);
  if (!kept) full_ = true;
}

void ServerModel::add_domain(std::string_view domain) {
  if (domain == last_domain_ || domain.empty() || domain.size() > limits::kMaxReference) return;
  if (domains_.size() >= limits::kMaxDataSets) {
    full_ = full_ || !domains_.contains(domain);
    return;
  }
  domains_.emplace(domain);
  last_domain_ = domain;
}

}  // namespace mmsa::iec61850
