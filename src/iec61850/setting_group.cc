#include "iec61850/setting_group.h"

namespace mmsa::iec61850 {
namespace {

std::optional<std::uint64_t> unsigned_of(asn1::NodeRef value) {
  const DataType type = data_type(value.node());
  if (type != DataType::unsigned_integer && type != DataType::integer) return std::nullopt;
  return value.unsigned_integer();
}

void learn(SettingGroupControl& block, SgcbAttribute attribute, asn1::NodeRef value) {
  if (attribute == SgcbAttribute::num_of_sg) block.groups = unsigned_of(value);
  if (attribute == SgcbAttribute::act_sg) block.active = unsigned_of(value);
}

}  // namespace

SgcbAttribute sgcb_attribute(const Reference& reference) {
  if (reference.fc != Fc::SP || reference.data_object() != "SGCB") return SgcbAttribute::none;
  const std::string_view attribute = reference.last();
  if (reference.path == "SGCB") return SgcbAttribute::block;
  if (attribute == "NumOfSG") return SgcbAttribute::num_of_sg;
  if (attribute == "ActSG") return SgcbAttribute::act_sg;
  if (attribute == "EditSG") return SgcbAttribute::edit_sg;
  if (attribute == "CnfEdit") return SgcbAttribute::cnf_edit;
  return SgcbAttribute::other;
}

const SettingGroupControl& SettingGroups::of(std::string_view domain) const {
  static const SettingGroupControl kUnknown;
  const auto known = blocks_.find(domain);
  return known == blocks_.end() ? kUnknown : known->second;
}

SettingGroupControl* SettingGroups::make(std::string_view domain) {
  const auto known = blocks_.find(domain);
  if (known != blocks_.end()) return &known->second;
  full_ = blocks_.size() >= kMaxBlocks;
  return full_ ? nullptr : &blocks_.try_emplace(std::string(domain)).first->second;
}

void SettingGroups::written(const Reference& object, asn1::NodeRef value, const Endpoint& client,
                            std::uint32_t stream, FrameRef frame) {
  const SgcbAttribute attribute = sgcb_attribute(object);
  if (attribute == SgcbAttribute::none || !value) return;
  SettingGroupControl* const block = make(object.domain);
  if (block == nullptr) return;
  learn(*block, attribute, value);
  if (attribute == SgcbAttribute::edit_sg) {
    const std::uint64_t group = unsigned_of(value).value_or(0);
    block->editor = {};
    if (group != 0) block->editor = {client, stream, group, frame, {}};
  } else if (attribute == SgcbAttribute::cnf_edit) {
    block->editor = {};  // the server closes the group when it has taken the values
  }
}

void SettingGroups::read(const Reference& object, asn1::NodeRef value) {
  const SgcbAttribute attribute = sgcb_attribute(object);
  if (attribute == SgcbAttribute::none || !value) return;
  SettingGroupControl* const block = make(object.domain);
  if (block == nullptr) return;
  if (attribute != SgcbAttribute::block) return learn(*block, attribute, value);
  if (data_type(value.node()) != DataType::structure) return;
  // NumOfSG, ActSG, EditSG, CnfEdit, LActTm: the order of IEC 61850-8-1 clause 16.
  const asn1::NodeRef number = value.first_child();
  learn(*block, SgcbAttribute::num_of_sg, number);
  if (number) learn(*block, SgcbAttribute::act_sg, number.next_sibling(value));
}

void SettingGroups::disconnected(std::uint32_t stream, FrameRef frame) {
  for (auto& [domain, block] : blocks_) {
    if (block.edited_by(stream)) block.editor.disconnected = frame;
  }
}

}  // namespace mmsa::iec61850
