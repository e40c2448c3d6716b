#include "iec61850/data_classes.h"

#include <algorithm>
#include <span>

#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {
namespace {

// What an attribute looks like on the wire.
enum class Shape : std::uint8_t {
  boolean,
  code,    // INT8 of an enumeration
  number,  // of either sign
  octets,
  text,
  quality,
  time,
  status,    // of stVal: BOOLEAN, integer, two bits of a double point, text
  setting,   // any primitive value
  analogue,  // AnalogueValue: i, f or both
  vector,    // mag, ang
  originator,
  step_position,  // ValWithTrans
  phase,          // CMV inside WYE, DEL, SEQ
};

struct Attribute {
  std::string_view name;
  Shape shape;
  bool optional = false;
};
constexpr bool kOptional = true;

// --- attributes that are structures ---

constexpr Attribute kAnalogueInteger[] = {{"i", Shape::number}};
constexpr Attribute kAnalogue[] = {{"i", Shape::number, kOptional}, {"f", Shape::setting}};
constexpr Attribute kVector[] = {{"mag", Shape::analogue}, {"ang", Shape::analogue, kOptional}};
constexpr Attribute kOriginator[] = {{"orCat", Shape::code}, {"orIdent", Shape::octets}};
constexpr Attribute kStepPosition[] = {{"posVal", Shape::code},
                                       {"transInd", Shape::boolean, kOptional}};
constexpr Attribute kComplexMeasurement[] = {{"instCVal", Shape::vector, kOptional},
                                             {"cVal", Shape::vector},
                                             {"range", Shape::code, kOptional},
                                             {"rangeAng", Shape::code, kOptional},
                                             {"q", Shape::quality},
                                             {"t", Shape::time}};
// With one vector it is cVal, which is mandatory.
constexpr Attribute kComplexMeasurementOnly[] = {{"cVal", Shape::vector},
                                                 {"range", Shape::code, kOptional},
                                                 {"rangeAng", Shape::code, kOptional},
                                                 {"q", Shape::quality},
                                                 {"t", Shape::time}};

// --- FC ST ---

constexpr Attribute kStatus[] = {{"origin", Shape::originator, kOptional},
                                 {"ctlNum", Shape::number, kOptional},
                                 {"stVal", Shape::status},
                                 {"q", Shape::quality},
                                 {"t", Shape::time},
                                 {"stSeld", Shape::boolean, kOptional}};
constexpr Attribute kStep[] = {{"origin", Shape::originator, kOptional},
                               {"ctlNum", Shape::number, kOptional},
                               {"valWTr", Shape::step_position},
                               {"q", Shape::quality},
                               {"t", Shape::time},
                               {"stSeld", Shape::boolean, kOptional}};
constexpr Attribute kActivation[] = {{"general", Shape::boolean},
                                     {"phsA", Shape::boolean, kOptional},
                                     {"phsB", Shape::boolean, kOptional},
                                     {"phsC", Shape::boolean, kOptional},
                                     {"neut", Shape::boolean, kOptional},
                                     {"q", Shape::quality},
                                     {"t", Shape::time},
                                     {"originSrc", Shape::originator, kOptional}};
constexpr Attribute kDirectional[] = {{"general", Shape::boolean},
                                      {"dirGeneral", Shape::code},
                                      {"phsA", Shape::boolean, kOptional},
                                      {"dirPhsA", Shape::code, kOptional},
                                      {"phsB", Shape::boolean, kOptional},
                                      {"dirPhsB", Shape::code, kOptional},
                                      {"phsC", Shape::boolean, kOptional},
                                      {"dirPhsC", Shape::code, kOptional},
                                      {"neut", Shape::boolean, kOptional},
                                      {"dirNeut", Shape::code, kOptional},
                                      {"q", Shape::quality},
                                      {"t", Shape::time}};
constexpr Attribute kCounter[] = {{"actVal", Shape::number},
                                  {"frVal", Shape::number, kOptional},
                                  {"frTm", Shape::time, kOptional},
                                  {"q", Shape::quality},
                                  {"t", Shape::time}};
constexpr Attribute kSecurity[] = {{"cnt", Shape::number},
                                   {"sev", Shape::code},
                                   {"t", Shape::time},
                                   {"addr", Shape::octets, kOptional},
                                   {"addInfo", Shape::text, kOptional}};

// --- FC MX ---

constexpr Attribute kSample[] = {
    {"instMag", Shape::analogue}, {"q", Shape::quality}, {"t", Shape::time}};
constexpr Attribute kMeasurement[] = {{"mag", Shape::analogue},
                                      {"range", Shape::code, kOptional},
                                      {"q", Shape::quality},
                                      {"t", Shape::time}};
constexpr Attribute kMeasurementInst[] = {{"instMag", Shape::analogue},
                                          {"mag", Shape::analogue},
                                          {"range", Shape::code, kOptional},
                                          {"q", Shape::quality},
                                          {"t", Shape::time}};
constexpr Attribute kSetPoint[] = {{"origin", Shape::originator, kOptional},
                                   {"ctlNum", Shape::number, kOptional},
                                   {"mxVal", Shape::analogue},
                                   {"q", Shape::quality},
                                   {"t", Shape::time},
                                   {"stSeld", Shape::boolean, kOptional}};
constexpr Attribute kDelta[] = {
    {"phsAB", Shape::phase}, {"phsBC", Shape::phase}, {"phsCA", Shape::phase}};
constexpr Attribute kStar[] = {{"phsA", Shape::phase},
                               {"phsB", Shape::phase, kOptional},
                               {"phsC", Shape::phase, kOptional},
                               {"neut", Shape::phase, kOptional},
                               {"net", Shape::phase, kOptional},
                               {"res", Shape::phase, kOptional}};
constexpr Attribute kSequence[] = {
    {"c1", Shape::phase}, {"c2", Shape::phase}, {"c3", Shape::phase}, {"seqT", Shape::code}};

// --- others ---

constexpr Attribute kSubstitution[] = {{"subEna", Shape::boolean},
                                       {"subVal", Shape::setting},
                                       {"subQ", Shape::quality},
                                       {"subID", Shape::text, kOptional}};
constexpr Attribute kSubstitutedMagnitude[] = {{"subEna", Shape::boolean},
                                               {"subMag", Shape::analogue},
                                               {"subQ", Shape::quality},
                                               {"subID", Shape::text, kOptional}};
constexpr Attribute kSubstitutedVector[] = {{"subEna", Shape::boolean},
                                            {"subCVal", Shape::vector},
                                            {"subQ", Shape::quality},
                                            {"subID", Shape::text, kOptional}};
constexpr Attribute kAnalogueSetting[] = {{"setMag", Shape::analogue}};
constexpr Attribute kSetting[] = {{"setVal", Shape::setting}};
// Tracking services of IEC 61850-7-2 clause 15; what follows depends on the service.
constexpr Attribute kTracking[] = {{"objRef", Shape::text},
                                   {"serviceType", Shape::code},
                                   {"errorCode", Shape::code},
                                   {"originatorID", Shape::octets, kOptional},
                                   {"t", Shape::time}};

struct DataClass {
  std::uint32_t constraints;  // as FcSet::bits()
  std::span<const Attribute> attributes;
  // Further members may follow, whose names are not known.
  bool open = false;
  // Null where the members tell enough.
  bool (*is_of)(const Reference& reference) = nullptr;
};

constexpr std::uint32_t with(std::initializer_list<Fc> constraints) {
  std::uint32_t bits = 0;
  for (const Fc fc : constraints) bits |= 1u << static_cast<unsigned>(fc);
  return bits;
}

// IEC 61850-7-4: Op, OpEx, OpCls, Tr and the like of the protection functions.
bool is_activation(const Reference& reference) {
  const std::string_view name = reference.data_object();
  return name.starts_with("Op") || name == "Tr";
}
// TotWh, SupVArh, DmdWh, CntRs and the like.
bool is_counter(const Reference& reference) {
  const std::string_view name = reference.data_object();
  return name.starts_with("CntRs") || name.ends_with("Wh") || name.ends_with("VArh") ||
         name.ends_with("VAh");
}
// TCTR, TVTR and the sensors.
bool is_sensor(const Reference& reference) { return reference.ln_class().starts_with('T'); }
// Phase to phase values.
bool is_delta(const Reference& reference) {
  const std::string_view name = reference.data_object();
  return name.starts_with("PPV") || name.starts_with("HaPPV") || name.starts_with("AvPPV") ||
         name.starts_with("MaxPPV") || name.starts_with("MinPPV");
}

// The first that fits is taken.
constexpr DataClass kClasses[] = {
    {with({Fc::ST}), kActivation, false, is_activation},
    {with({Fc::ST}), kCounter, false, is_counter},
    {with({Fc::ST}), kStatus},
    {with({Fc::ST}), kStep},
    {with({Fc::ST}), kDirectional},
    {with({Fc::ST}), kActivation},
    {with({Fc::ST}), kCounter},
    {with({Fc::ST}), kSecurity},
    {with({Fc::MX}), kSample, false, is_sensor},
    {with({Fc::MX}), kMeasurement},
    {with({Fc::MX}), kMeasurementInst},
    {with({Fc::MX}), kComplexMeasurementOnly},
    {with({Fc::MX}), kComplexMeasurement},
    {with({Fc::MX}), kSetPoint},
    {with({Fc::MX}), kDelta, false, is_delta},
    {with({Fc::MX}), kSequence},
    {with({Fc::MX}), kStar},
    {with({Fc::SV}), kSubstitution},
    {with({Fc::SV}), kSubstitutedMagnitude},
    {with({Fc::SV}), kSubstitutedVector},
    {with({Fc::SP, Fc::SG, Fc::SE}), kAnalogueSetting},
    {with({Fc::SP, Fc::SG, Fc::SE}), kSetting},
    {with({Fc::SR}), kTracking, true},
};

// What an attribute that is a structure holds, by its name.
struct Holder {
  std::string_view name;
  Shape shape;
};
constexpr Holder kHolders[] = {
    {"mag", Shape::analogue},
    {"instMag", Shape::analogue},
    {"ang", Shape::analogue},
    {"mxVal", Shape::analogue},
    {"setMag", Shape::analogue},
    {"subMag", Shape::analogue},
    {"ctlVal", Shape::analogue},
    {"cVal", Shape::vector},
    {"instCVal", Shape::vector},
    {"subCVal", Shape::vector},
    {"origin", Shape::originator},
    {"originSrc", Shape::originator},
    {"valWTr", Shape::step_position},
    {"phsA", Shape::phase},
    {"phsB", Shape::phase},
    {"phsC", Shape::phase},
    {"neut", Shape::phase},
    {"net", Shape::phase},
    {"res", Shape::phase},
    {"phsAB", Shape::phase},
    {"phsBC", Shape::phase},
    {"phsCA", Shape::phase},
    {"c1", Shape::phase},
    {"c2", Shape::phase},
    {"c3", Shape::phase},
};

bool fits(std::span<const Attribute> attributes, bool open, asn1::NodeRef structure,
          MemberNames* names);

bool fits_structure(Shape shape, asn1::NodeRef node, MemberNames* names) {
  if (data_type(node.node()) != DataType::structure) return false;
  switch (shape) {
    case Shape::analogue: {
      const asn1::NodeRef first = node.first_child();
      const bool integer_only =
          first && !first.next_sibling(node) && data_type(first.node()) != DataType::floating_point;
      return integer_only ? fits(kAnalogueInteger, false, node, names)
                          : fits(kAnalogue, false, node, names);
    }
    case Shape::vector:
      return fits(kVector, false, node, names);
    case Shape::originator:
      return fits(kOriginator, false, node, names);
    case Shape::step_position:
      return fits(kStepPosition, false, node, names);
    case Shape::phase:
      return fits(kComplexMeasurementOnly, false, node, names) ||
             fits(kComplexMeasurement, false, node, names);
    default:
      return false;
  }
}

bool is_number(DataType type) {
  return type == DataType::integer || type == DataType::unsigned_integer;
}

bool has_shape(asn1::NodeRef node, Shape shape) {
  const DataType type = data_type(node.node());
  switch (shape) {
    case Shape::boolean:
      return type == DataType::boolean;
    case Shape::code:
    case Shape::number:
      return is_number(type);
    case Shape::octets:
      return type == DataType::octet_string;
    case Shape::text:
      return type == DataType::visible_string || type == DataType::mms_string;
    case Shape::quality:
      return may_be_quality(node.node());
    case Shape::time:
      return type == DataType::utc_time;
    case Shape::status:
      return type == DataType::boolean || is_number(type) || type == DataType::visible_string ||
             type == DataType::mms_string ||
             (type == DataType::bit_string && !may_be_quality(node.node()));
    case Shape::setting:
      return type != DataType::structure && type != DataType::array;
    default:
      return fits_structure(shape, node, nullptr);
  }
}

// Whether `member` and those behind it are the attributes from `at` on. One that is optional may be
// there or not: INS begins with a number, which may not be taken for the ctlNum of INC. Recursion
// goes as deep as a class has attributes.
bool fits_from(std::span<const Attribute> attributes, bool open, asn1::NodeRef structure,
               asn1::NodeRef member, MemberNames* names) {
  if (!member) return std::ranges::all_of(attributes, &Attribute::optional);
  if (attributes.empty()) return open;
  const Attribute& first = attributes.front();
  const auto rest = attributes.subspan(1);
  if (has_shape(member, first.shape)) {
    const std::size_t before = names != nullptr ? names->size() : 0;
    if (names != nullptr) names->push_back(first.name);
    if (fits_from(rest, open, structure, member.next_sibling(structure), names)) return true;
    if (names != nullptr) names->resize(before);
  }
  return first.optional && fits_from(rest, open, structure, member, names);
}

bool fits(std::span<const Attribute> attributes, bool open, asn1::NodeRef structure,
          MemberNames* names) {
  if (names != nullptr) names->resize(0);
  return fits_from(attributes, open, structure, structure.first_child(), names);
}

// A member of a data set that is not known: data sets hold status and measurements.
bool may_be_any(const Reference& reference, const DataClass& row) {
  return reference.fc == Fc::none && (row.constraints & with({Fc::ST, Fc::MX})) != 0;
}

}  // namespace

MemberNames guess_members(const Reference& reference, std::string_view holder,
                          asn1::NodeRef structure) {
  MemberNames names;
  for (const Holder& row : kHolders) {
    if (row.name == holder && fits_structure(row.shape, structure, &names)) return names;
  }
  for (const DataClass& row : kClasses) {
    if (!FcSet(row.constraints).has(reference.fc) && !may_be_any(reference, row)) continue;
    if (row.is_of != nullptr && !row.is_of(reference)) continue;
    if (fits(row.attributes, row.open, structure, &names)) return names;
  }
  names.resize(0);
  return names;
}

}  // namespace mmsa::iec61850
