// What an engineer makes of a refused or failed command: the likely cause and the next step for
// each AddCause (IEC 61850-7-2 clause 20.5.2.9) and, where the server gave none, for each
// DataAccessError.
#pragma once

#include <cstdint>
#include <string_view>

namespace mmsa::analysis {

// Those that decide between rules.
struct AddCause {
  static constexpr std::int64_t kUnknown = 0;
  static constexpr std::int64_t kNotSupported = 1;
  static constexpr std::int64_t kSelectFailed = 3;
  static constexpr std::int64_t kParameterChange = 6;  // of edition 1 for 26, too
  static constexpr std::int64_t kNotSelected = 18;
  static constexpr std::int64_t kNone = 25;
  static constexpr std::int64_t kInconsistentParameters = 26;
};

struct ControlAdvice {
  std::int64_t code = 0;
  std::string_view cause;
  std::string_view next_step;
};

// Null for codes without advice. `test` is the Test flag of the command.
const ControlAdvice* add_cause_advice(std::int64_t add_cause, bool test);
const ControlAdvice* access_error_advice(std::int64_t error);

}  // namespace mmsa::analysis
