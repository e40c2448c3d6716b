// What is known of a server: names, types, data sets, control models, configuration of its report
// control blocks, each with where it is known from. A store that answers; learning.h fills it from
// a capture, scl/ from SCL files. Bounded by limits.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "iec61850/command.h"
#include "iec61850/name_set.h"
#include "iec61850/reference.h"
#include "iec61850/report_data_sets.h"
#include "iec61850/setting_group.h"
#include "iec61850/source.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/flow.h"
#include "text/string_map.h"

namespace mmsa::iec61850 {

struct DataSet {
  // "IED1LD0/GGIO1$ST$Ind1"; elements of arrays as "LD/GGIO9$MX$Har$ar(3)$mag$f". Empty where a
  // member is no named variable.
  std::vector<std::string> members;
  Source source;                 // the answer that told or confirmed it
  bool tracks_services = false;  // has members with FC SR
  bool configures = false;       // has members with FC CF, BR or RP: reading it teaches
};

// A type and what described it.
struct TypeSource {
  TypeRef type = nullptr;  // null where it was not told; valid until the model learns again
  FrameRef frame;
};

// What a control object is configured to do: attributes of `LN$CF$DO`.
struct ControlFacts {
  Known<std::int64_t> ctl_model;
  Known<std::int64_t> sbo_timeout;   // milliseconds
  Known<std::int64_t> oper_timeout;  // milliseconds
};

// The configuration of a report control block, as last read or written.
struct BlockFacts {
  bool buffered = false;
  Known<std::string> rpt_id;  // empty: the block's reference is used
  Known<std::string> dat_set;
  Known<std::uint64_t> conf_rev;
  Known<std::uint16_t> opt_flds;  // low_bits()
  Known<std::uint16_t> trg_ops;
  Known<std::uint64_t> buf_tm;   // milliseconds
  Known<std::uint64_t> intg_pd;  // milliseconds
};

class ServerModel {
 public:
  // `names` holds the texts for all servers, and outlives them.
  explicit ServerModel(NameTable& names) : names_(names) {}

  // --- what is known; views and pointers are valid until the model learns again ---

  // By `LD/LN$name`, with '.' too, or by `@name` of the association. Null where its members were
  // not seen.
  const DataSet* data_set(std::string_view name, std::uint64_t association) const;
  // "LD/LN$FC$DO" of a member, empty where not known.
  std::string_view member(std::string_view data_set, std::uint64_t association,
                          std::uint32_t index) const;

  // The data set of the reports with this RptID, as the reads and writes of their control blocks
  // told; empty where it was not told, or where several blocks share the RptID and differ.
  std::string_view report_data_set(std::string_view rpt_id) const {
    return report_data_sets_.of(rpt_id);
  }

  // Of the control object `LN$CO$DO`; null where nothing is known.
  const ControlFacts* control(std::string_view domain, std::string_view object) const;
  std::optional<std::int64_t> ctl_model(std::string_view domain, std::string_view object) const;

  // Of the block "LD/LN$BR$rcb01"; null where nothing is known.
  const BlockFacts* block(std::string_view reference) const;

  // The type of a variable: told for itself or as a component of another. Null where it was not
  // told.
  TypeRef type_of(std::string_view domain, std::string_view item) const {
    return type_source(domain, item).type;
  }
  TypeSource type_source(std::string_view domain, std::string_view item) const;

  // The name seen that is most like `domain`/`item` and is not it; empty where none is near, and
  // when this was asked for so often that the search stops (limits::kMaxNearestWork).
  std::string nearest(std::string_view domain, std::string_view item) const;
  bool has_name(std::string_view domain, std::string_view item) const;

  // What its control objects did, whichever client commanded them.
  ControlObjects& controls() { return controls_; }
  SettingGroups& setting_groups() { return setting_groups_; }

  // Domains that the server has: it listed them, or a name of theirs. In order.
  const std::set<std::string, std::less<>>& logical_devices() const { return domains_; }

  // The server has listed all its logical devices.
  bool domains_listed() const { return domains_listed_; }
  // ... and this one is not among them.
  bool lacks_domain(std::string_view domain) const {
    return domains_listed_ && !domains_.contains(domain);
  }
  // Like nearest(); empty where none is near.
  std::string nearest_domain(std::string_view domain) const;
  // "IED1CTRL, IED1MEAS and 3 more"; empty where none is known.
  std::string domain_names() const;

  // A limit was reached: some of what is told is not kept.
  bool full() const { return full_; }

  // --- what is put in ---

  // The answer to a Read of names that the model does not know may teach something. Clients that
  // poll ask for the same over and over: then only some of their reads are looked at. Counts the
  // reads.
  bool samples_read();
  void found_new_name() { settled_ = 0; }

  void put_name(std::string_view domain, std::string_view item);
  void put_domain(std::string_view domain);
  void put_all_domains_listed() { domains_listed_ = true; }
  // Names of the nodes may be views into a message: they are copied.
  void put_type(std::string_view domain, std::string_view item, std::vector<TypeNode> nodes,
                Source source);
  void put_data_set(const ObjectName& name, std::uint64_t association, DataSet set);
  // Made where it is new; null beyond the cap.
  ControlFacts* control_to_fill(std::string_view domain, std::string_view object);
  BlockFacts* block_to_fill(std::string_view reference, bool buffered);
  // RptID or DatSet of the block is another now.
  void note_block_changed(std::string_view reference, const BlockFacts& block);

  void forget_data_set(const ObjectName& name, std::uint64_t association);
  enum class Owner : std::uint8_t { everybody, association, domain, vmd };
  void forget_data_sets(Owner owner, std::uint64_t association, std::string_view domain);
  void forget_blocks();
  void forget_controls() { control_facts_.clear(); }

 private:
  template <typename T>
  using Map = text::StringMap<T>;

  template <typename T>
  T* to_fill(Map<T>& map, std::string_view key, std::size_t most);
  std::string_view intern(std::string_view name);

  // Keys: "LD/item", and "@name#association" for association specific data sets.
  std::string_view key(std::string_view domain, std::string_view item) const;
  std::string_view data_set_key(const ObjectName& name, std::uint64_t association) const;

  Map<DataSet> data_sets_;
  std::size_t members_ = 0;          // of all data sets
  Map<ControlFacts> control_facts_;  // by "LD/LN$CO$DO"
  Map<BlockFacts> blocks_;           // by reference
  ReportDataSets report_data_sets_;
  struct KnownType {
    std::vector<TypeNode> nodes;
    Source source;
  };
  Map<KnownType> types_;
  std::size_t type_nodes_ = 0;
  text::StringSet component_names_;  // what TypeNode::name views
  NameSet names_;
  std::set<std::string, std::less<>> domains_;
  bool domains_listed_ = false;
  std::string last_domain_;    // that was added: most often the next one's
  std::uint32_t settled_ = 0;  // reads in a row whose names were all known

  mutable std::string key_;
  mutable std::size_t nearest_work_ = 0;
  bool full_ = false;
  ControlObjects controls_;
  SettingGroups setting_groups_;
};

// The models of all servers of a trace.
class ServerModels {
 public:
  // Of the association's server.
  ServerModel& of(const Association& association) {
    const Endpoint& server = association.connection->endpoint[index(association.server())];
    return models_.try_emplace(server, names_).first->second;
  }
  // Calls f(server, model) for each.
  template <typename F>
  void for_each(F&& f) const {
    for (const auto& [server, model] : models_) f(server, model);
  }
  // Models of which some is not kept.
  std::size_t full() const;

 private:
  NameTable names_;
  std::map<Endpoint, ServerModel> models_;
};

}  // namespace mmsa::iec61850
