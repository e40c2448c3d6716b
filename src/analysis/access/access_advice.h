// What a DataAccessError (ISO 9506-2 clause 14.4.3) most likely means for an engineer, and what to
// do next, by the kind of object that was read or written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analysis/advice.h"
#include "iec61850/reference.h"
#include "iec61850/setting_group.h"

namespace mmsa::analysis {

// Codes that decide what is looked for.
struct AccessError {
  static constexpr std::int64_t kTemporarilyUnavailable = 2;
  static constexpr std::int64_t kObjectAccessDenied = 3;
  static constexpr std::int64_t kObjectUndefined = 4;
  static constexpr std::int64_t kInvalidAddress = 5;
  static constexpr std::int64_t kTypeInconsistent = 7;
  static constexpr std::int64_t kObjectAccessUnsupported = 9;
  static constexpr std::int64_t kObjectNonExistent = 10;
  static constexpr std::int64_t kObjectValueInvalid = 11;
};

// The server does not know the object: a similar name may be meant.
constexpr bool is_unknown_object(std::int64_t code) {
  return code == AccessError::kObjectNonExistent || code == AccessError::kObjectUndefined ||
         code == AccessError::kInvalidAddress;
}

Advice read_advice(const iec61850::Reference& object, std::int64_t code);

// `setting_groups`: of the logical device; `stream`: the connection that wrote.
Advice write_advice(const iec61850::Reference& object, std::int64_t code,
                    const iec61850::SettingGroupControl& setting_groups, std::uint32_t stream);

}  // namespace mmsa::analysis
