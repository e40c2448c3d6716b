// What an SCL document (IEC 61850-6, editions 1, 2 and 2.1) says about MMS, as it stands there: a
// plain model, every fact with its line. Substations, private and foreign elements are left out.
//
// All texts are views into the octets of the file, which the Document owns: they live as long as
// it. Attributes that are absent are empty texts; numbers that are absent have their default of the
// schema, or are std::nullopt where absence means something.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmsa::scl {

using Text = std::string_view;
// Of the start tag in the file, from 1.
using Line = std::uint32_t;

// --- Communication section ---

// A P element: "IP" "10.0.0.1", "OSI-TSEL" "0001", "OSI-AP-Title" "1,3,9999,23".
struct AddressPart {
  Text type;
  Text value;
  Line line = 0;
};

// An address of a control block that is published: GSE or SMV.
struct PublisherAddress {
  Text ld_inst;
  Text cb_name;
  std::vector<AddressPart> parts;
  Line line = 0;
};

struct ConnectedAp {
  Text ied_name;
  Text ap_name;
  std::vector<AddressPart> parts;
  std::vector<PublisherAddress> publishers;
  Line line = 0;

  // The value of the part of this type, empty where it is not told.
  Text part(Text wanted) const;
};

struct SubNetwork {
  Text name;
  Text type;  // "8-MMS"
  std::vector<ConnectedAp> access_points;
  Line line = 0;
};

// --- Services (6, 9.3): what an IED can do, and how much of it ---

struct ServiceLimit {
  Text name;  // "max", "modify", "rptID"
  Text value;
};

struct Service {
  Text name;  // "ConfDataSet", "ReportSettings", "DynDataSet"
  std::vector<ServiceLimit> limits;
  Line line = 0;

  Text limit(Text wanted) const;
};

// --- Logical nodes and their control blocks ---

// A member of a data set. Which of the texts are there says how deep it is: a whole logical node
// with an FC, a data object with an FC, an attribute.
struct Fcda {
  Text ld_inst;  // empty: the logical device of the data set
  Text prefix;
  Text ln_class;
  Text ln_inst;
  Text do_name;  // "A.phsA": sub data objects with dots
  Text da_name;  // "mag.f"
  Text fc;
  std::optional<std::uint32_t> ix;  // element of the array within do_name or da_name
  Line line = 0;
};

struct DataSet {
  Text name;
  std::vector<Fcda> members;
  Line line = 0;
};

// Whom an instance of a report control block is meant for.
struct ClientLn {
  Text ied_name;
  Text ap_ref;
  Text ld_inst;
  Text prefix;
  Text ln_class;
  Text ln_inst;
  Line line = 0;
};

struct ReportControl {
  Text name;
  Text dat_set;  // empty: to be set by the client
  Text rpt_id;   // empty: the reference of the block is used
  Text conf_rev;
  bool buffered = false;
  bool indexed = true;
  std::uint32_t buf_time = 0;    // ms
  std::uint32_t intg_pd = 0;     // ms
  std::uint32_t max = 1;         // instances (RptEnabled)
  std::vector<Text> trg_ops;     // those that are set: "dchg", "gi"
  std::vector<Text> opt_fields;  // those that are set: "seqNum", "entryID"
  std::vector<ClientLn> clients;
  Line line = 0;

  // The number at the end of an instance's name has two digits (6, 9.3.8).
  static constexpr std::uint32_t kMaxIndex = 99;
  // How many blocks the server has of it, and the name of each, `number` from 1: "brcbA01". The
  // first ClientLN is meant to use the first, and so on.
  std::uint32_t instances() const;
  std::string instance_name(std::uint32_t number) const;
};

struct LogControl {
  Text name;
  Text dat_set;
  Text log_name;
  bool enabled = true;
  std::uint32_t intg_pd = 0;  // ms
  Line line = 0;
};

struct Log {
  Text name;
  Line line = 0;
};

struct SettingControl {
  std::uint32_t groups = 0;  // numOfSGs
  std::uint32_t active = 1;
  Line line = 0;
};

// GOOSE or sampled values.
struct PublishedControl {
  Text name;
  Text dat_set;
  Text id;  // appID, smvID
  Text conf_rev;
  Line line = 0;
};

// Values that differ from the types' or are added to them: DOI, SDI and DAI elements with their Val
// elements, in document order. The children of a node follow it, up to `end`.
struct InstanceNode {
  enum class Kind : std::uint8_t { data_object, sub_data, attribute, value };
  Kind kind = Kind::data_object;
  Text name;                        // of a value: its text
  std::optional<std::uint32_t> ix;  // element of an array; of a value: its setting group (sGroup)
  Text val_kind;          // of an attribute: "Spec", "Conf", "RO", "Set"; empty: the type's
  std::uint32_t end = 0;  // index of the first node that is not below this one
  Line line = 0;
};

struct LogicalNode {
  Text prefix;
  Text ln_class;
  Text inst;
  Text type;  // lnType
  Text name;  // prefix, class and inst together, as in MMS: "QACSWI1", "LLN0"
  std::vector<DataSet> data_sets;
  std::vector<ReportControl> reports;
  std::vector<LogControl> log_controls;
  std::vector<Log> logs;
  std::vector<PublishedControl> gooses;
  std::vector<PublishedControl> sampled_values;
  std::optional<SettingControl> setting_control;
  std::vector<InstanceNode> instances;
  Line line = 0;
};

struct LogicalDevice {
  Text inst;
  Text ld_name;  // functional naming; empty: IED name and inst
  Text domain;   // its name in MMS, by either
  std::vector<LogicalNode> nodes;
  Line line = 0;
};

struct AccessPoint {
  Text name;
  bool server = false;
  Text server_at;  // the access point whose server is reached here too
  std::vector<LogicalDevice> devices;
  std::vector<LogicalNode> client_nodes;  // LN outside of any server
  Line line = 0;
};

struct Ied {
  Text name;
  Text type;
  Text manufacturer;
  Text config_version;
  Text desc;
  std::vector<Service> services;  // of the IED and its access points
  std::vector<AccessPoint> access_points;
  Line line = 0;
};

// --- Data type templates ---

// A member of a type: DO of an LNodeType, SDO or DA of a DOType, BDA of a DAType.
struct TypeMember {
  enum class Kind : std::uint8_t { data_object, attribute };
  Kind kind = Kind::data_object;
  Text name;
  Text type;        // id: of a DOType, DAType or EnumType; empty where bType says all
  Text basic_type;  // bType of an attribute: "INT32", "Struct", "Enum"
  Text fc;          // of DA: those of the parts of structures follow from it
  Text count;       // of an array: a number, or the name of the attribute that holds it
  Text val_kind;    // empty: "Set"
  Text value;       // the first Val that is for no setting group; empty: none
  Line line = 0;
};

// LNodeType, DOType or DAType.
struct StructType {
  Text id;
  Text ln_class;  // of LNodeType
  Text cdc;       // of DOType
  std::vector<TypeMember> members;
  Line line = 0;
};

struct EnumValue {
  std::int32_t ord = 0;
  Text name;
};

struct EnumType {
  Text id;
  std::vector<EnumValue> values;
  Line line = 0;
};

struct Templates {
  bool present = false;
  std::vector<StructType> node_types;
  std::vector<StructType> object_types;
  std::vector<StructType> attribute_types;
  std::vector<EnumType> enum_types;
  Line line = 0;
};

// --- The document ---

enum class Edition : std::uint8_t { one, two, two_one };

// The octets behind all texts.
struct Octets {
  std::vector<char> file;
  std::deque<std::string> composed;  // names made of several attributes
};

struct Document {
  Document() = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  Document(Document&&) = default;
  Document& operator=(Document&&) = default;

  std::string path;
  Text header_id;
  Text version;  // "2007B4"; empty for edition 1
  Edition edition = Edition::one;
  std::vector<SubNetwork> subnetworks;
  std::vector<Ied> ieds;
  Templates templates;
  // The line from which on nothing could be read; 0 where all was. What is not in such a document
  // may stand behind it.
  Line cut_at = 0;
  Octets octets;
};

}  // namespace mmsa::scl
