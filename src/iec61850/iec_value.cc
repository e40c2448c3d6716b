#include "iec61850/iec_value.h"

#include "iec61850/names.h"

namespace mmsa::iec61850 {
namespace {

// CDC DPC: a switch position of the logical nodes that have one, and the double points of GGIO, IEC
// 61850-7-4. Two bits of anything else are two bits.
bool is_double_point(const Reference& reference, std::string_view attribute,
                     const BitString& bits) {
  if (bits.size() != 2 || (attribute != "stVal" && attribute != "subVal")) return false;
  const std::string_view ln_class = reference.ln_class();
  const std::string_view data_object = reference.data_object();
  if (ln_class == "GGIO") return data_object.starts_with("DPCSO");
  return data_object == "Pos" && (ln_class == "XCBR" || ln_class == "XSWI" || ln_class == "CSWI");
}

IecValue of_bits(const Reference& reference, std::string_view attribute, const BitString& bits) {
  using Kind = IecValue::Kind;
  if (attribute == "q" || attribute == "subQ" ||
      (attribute.empty() && bits.size() == Quality::kBits)) {
    return {Kind::quality, {}};
  }
  if (is_double_point(reference, attribute, bits)) return {Kind::named, dbpos_name(bits)};
  // Sampled values have other optional fields.
  if (attribute == "OptFlds" && reference.fc != Fc::MS && reference.fc != Fc::US) {
    return {Kind::opt_flds, {}};
  }
  if (attribute == "TrgOps") return {Kind::trg_ops, {}};
  if (attribute == "Check") return {Kind::check, {}};
  return {};
}

std::string_view code_name(const Reference& reference, std::string_view attribute,
                           std::int64_t code) {
  if (attribute == "stVal" || attribute == "ctlVal") {
    const std::string_view data_object = reference.data_object();
    if (data_object == "Beh" || data_object == "Mod") return behaviour_name(code);
    if (data_object == "Health" || data_object == "PhyHealth") return health_name(code);
    return {};
  }
  if (attribute == "ctlModel") return ctl_model_name(code);
  if (attribute == "orCat") return or_cat_name(code);
  if (attribute == "sboClass") return sbo_class_name(code);
  if (attribute == "AddCause") return add_cause_name(code);
  if (attribute.starts_with("dir") &&
      (attribute == "dirGeneral" || attribute == "dirNeut" || attribute.starts_with("dirPhs"))) {
    return direction_name(code);
  }
  if (reference.fc != Fc::SR) return {};
  if (attribute == "serviceType") return service_type_name(code);
  return attribute == "errorCode" ? tracking_error_name(code) : std::string_view{};
}

}  // namespace

IecValue iec_value(const Reference& reference, std::string_view attribute, asn1::NodeRef value) {
  switch (data_type(value.node())) {
    case DataType::bit_string:
      return of_bits(reference, attribute, BitString(value.bytes()));
    case DataType::integer: {
      const std::string_view name = code_name(reference, attribute, value.integer());
      return name.empty() ? IecValue{} : IecValue{IecValue::Kind::named, name};
    }
    default:
      return {};
  }
}

}  // namespace mmsa::iec61850
