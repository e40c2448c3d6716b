#include "analysis/access/asked_objects.h"

#include "iec61850/rcb.h"
#include "iec61850/reference.h"

namespace mmsa::analysis {

AskedObjects::AskedObjects(const Context& context, const RequestView* request) {
  if (request == nullptr) return;
  tree_ = &request->tree();
  specification_ = iec61850::access_specification(request->pdu());
  if (!tree_->objects.empty()) first_ = object_name(tree_->at(tree_->objects[0]));
  if (iec61850::names_a_list(specification_)) {
    iec61850::append_object_name(data_set_, first_);
    members_ = context.model.data_set(data_set_, context.association.connection->stream);
  } else {
    variable_ = specification_.first_child();
  }
}

void AskedObjects::next() {
  ++position_;
  if (variable_) variable_ = variable_.next_sibling(specification_);
}

std::string AskedObjects::object() const {
  std::string name;
  if (variable_) {
    iec61850::append_variable(name, variable_);
  } else if (members_ != nullptr && position_ < members_->members.size()) {
    name = members_->members[position_];
  } else if (!data_set_.empty()) {
    name = data_set_ + "[" + std::to_string(position_) + "]";
  }
  return name;
}

asn1::NodeRef AskedObjects::value() const {
  if (tree_ == nullptr || position_ >= tree_->values.size()) return {};
  return tree_->at(tree_->values[position_]);
}

bool AskedObjects::told_as_rcb(std::string_view item) const {
  if (!variable_ || !iec61850::rcb_item(first_.item)) return false;
  const auto rcb = iec61850::rcb_item(item);
  return rcb && rcb->attribute != iec61850::RcbAttribute::none;
}

}  // namespace mmsa::analysis
