// Setting groups (IEC 61850-7-2 clause 16, mapped by IEC 61850-8-1 clause 16): which one a logical
// device has active, and who edits one, over all associations with a server. Values without
// wording.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "iec61850/reference.h"
#include "mmsanalyze/data.h"
#include "mmsanalyze/flow.h"
#include "mmsanalyze/packet.h"

namespace mmsa::iec61850 {

// Attributes of the setting group control block, `LLN0$SP$SGCB$..`.
enum class SgcbAttribute : std::uint8_t {
  none,
  block,
  num_of_sg,
  act_sg,
  edit_sg,
  cnf_edit,
  other
};
SgcbAttribute sgcb_attribute(const Reference& reference);

// Of one logical device.
struct SettingGroupControl {
  // A client that has a group open for editing; number 0 of `since`: nobody.
  struct Editor {
    Endpoint client;
    std::uint32_t stream = 0;
    std::uint64_t group = 0;
    FrameRef since;
    FrameRef disconnected;  // its connection ended before it had finished
  };
  std::optional<std::uint64_t> groups;  // NumOfSG
  std::optional<std::uint64_t> active;  // ActSG, as last read or written
  Editor editor;

  bool edited_by(std::uint32_t stream) const {
    return editor.since.number != 0 && editor.stream == stream;
  }
  // By whom it is edited, where that is another connection than this one; null: not seen.
  const Editor* other_editor(std::uint32_t stream) const {
    return editor.since.number != 0 && editor.stream != stream ? &editor : nullptr;
  }
};

// Of one server.
class SettingGroups {
 public:
  // A write that was accepted.
  void written(const Reference& object, asn1::NodeRef value, const Endpoint& client,
               std::uint32_t stream, FrameRef frame);
  // An attribute of the block, or the block, that was read.
  void read(const Reference& object, asn1::NodeRef value);
  // The connection of a client ended: a server should end its editing.
  void disconnected(std::uint32_t stream, FrameRef frame);

  // Of a logical device; one of which nothing is known where it was not met.
  const SettingGroupControl& of(std::string_view domain) const;
  // A logical device was not kept, because there were too many.
  bool full() const { return full_; }

 private:
  SettingGroupControl* make(std::string_view domain);

  // Logical devices with setting groups: more than any server has.
  static constexpr std::size_t kMaxBlocks = 4096;

  std::map<std::string, SettingGroupControl, std::less<>> blocks_;
  bool full_ = false;
};

}  // namespace mmsa::iec61850
