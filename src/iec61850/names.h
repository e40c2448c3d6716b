// Names for the coded values of IEC 61850-7-2 and -7-3, as tables. A code without a row gives an
// empty name: callers print its number.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {

// IEC 61850-7-2 clause 20.5.2.9 and 8-1 clause 20.8. Negative codes are the vendors' own.
std::string_view add_cause_name(std::int64_t code);
// Error of LastApplError, IEC 61850-8-1 clause 20.8.
std::string_view control_error_name(std::int64_t code);
std::string_view or_cat_name(std::int64_t code);
std::string_view ctl_model_name(std::int64_t code);
std::string_view sbo_class_name(std::int64_t code);
// DataAccessError of ISO 9506-2 clause 14.4.3: "object-access-denied", "error 42" where it has no
// name there.
std::string access_error_name(std::int64_t code);

// Beh, Mod (IEC 61850-7-4 annex A) and Health.
std::string_view behaviour_name(std::int64_t code);
std::string_view health_name(std::int64_t code);
// dirGeneral and dirPhs of fault directions, IEC 61850-7-3.
std::string_view direction_name(std::int64_t code);

// Service tracking, IEC 61850-7-2 clause 15: serviceType and errorCode of FC SR.
std::string_view service_type_name(std::int64_t code);
std::string_view tracking_error_name(std::int64_t code);

// Quality, IEC 61850-7-3 clause 6.2: bits as far as they are there.
struct Quality {
  enum class Validity : std::uint8_t { good, invalid, reserved, questionable };
  explicit Quality(const BitString& bits);
  Validity validity() const {
    return static_cast<Validity>((bits_[0] ? 2 : 0) + (bits_[1] ? 1 : 0));
  }
  bool good() const { return validity() == Validity::good; }
  bool test() const { return bits_[11]; }
  bool operator_blocked() const { return bits_[12]; }
  bool substituted() const { return bits_[10]; }
  bool old_data() const { return bits_[7]; }

  static constexpr std::size_t kBits = 13;

 private:
  bool bits_[kBits] = {};
};

std::string_view validity_name(Quality::Validity validity);
// Names of bits 2 to 9, detailQual.
std::span<const std::string_view> quality_detail_names();
// "good", "invalid oldData test".
void append_quality(std::string& out, const BitString& bits);
// "intermediate-state", "off", "on", "bad-state" of two bits.
std::string_view dbpos_name(const BitString& bits);

// Names of bits 0, 1, ... of the bit-strings.
std::span<const std::string_view> opt_fld_names();
std::span<const std::string_view> reason_names();
std::span<const std::string_view> trg_op_names();
std::span<const std::string_view> check_names();

// Set bits by name, comma between; "none" where no bit is set; bits without a name by number.
void append_opt_flds(std::string& out, const BitString& bits);
void append_trg_ops(std::string& out, const BitString& bits);
void append_reason_code(std::string& out, const BitString& bits);
void append_check(std::string& out, const BitString& bits);

}  // namespace mmsa::iec61850
