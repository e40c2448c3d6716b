// What a trace teaches about servers: the members of their data sets, control models, types and
// names. Fed with all messages of its associations; bounded by limits.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "iec61850/command.h"
#include "iec61850/name_set.h"
#include "iec61850/reference.h"
#include "iec61850/request_note.h"
#include "iec61850/setting_group.h"
#include "iec61850/type_tree.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

struct DataSet {
  // "IED1LD0/GGIO1$ST$Ind1"; elements of arrays as "LD/GGIO9$MX$Har$ar(3)$mag$f". Empty where a
  // member is no named variable.
  std::vector<std::string> members;
  FrameRef learnt;               // the answer that told or confirmed it
  bool tracks_services = false;  // has members with FC SR
};

// A type and the answer that described it.
struct TypeSource {
  TypeRef type = nullptr;  // null where it was not told; valid until the next learn()
  FrameRef frame;
};

class ServerModel {
 public:
  // `names` holds the texts for all servers, and outlives them.
  explicit ServerModel(NameTable& names) : names_(names) {}

  // Every message of an association with this server. `association` tells the owners of
  // association specific data sets apart. A Read that teaches nothing new costs some comparisons.
  // `note` is that of the request which the message is or answers.
  void learn(const MmsMessage& message, bool from_client, std::uint64_t association,
             const RequestNote& note);
  // Whether the answer to this Read of a client may tell something new. Clients that poll ask for
  // the same over and over: then only some of their reads are looked at.
  bool may_learn_from(const MmsMessage& read, FcSet constraints);

  // By `LD/LN$name`, with '.' too, or by `@name` of the association. Null where its members were
  // not seen. Valid until the next learn().
  const DataSet* data_set(std::string_view name, std::uint64_t association) const;
  // "LD/LN$FC$DO" of a member, empty where not known. Valid until the next learn().
  std::string_view member(std::string_view data_set, std::uint64_t association,
                          std::uint32_t index) const;

  // The data set of the reports with this RptID, as the reads and writes of their control blocks
  // told; empty where it was not told, or where several blocks share the RptID and differ.
  std::string_view report_data_set(std::string_view rpt_id) const;

  // ctlModel of the control object `LN$CO$DO`, from a Read of `LN$CF$DO$ctlModel`.
  std::optional<std::int64_t> ctl_model(std::string_view domain, std::string_view object) const;

  // The type of a variable: told for itself or as a component of another. Null where it was not
  // told. Valid until the next learn().
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

  // The server has listed all its logical devices, and this one is not among them.
  bool lacks_domain(std::string_view domain) const {
    return domains_listed_ && !domains_.contains(domain);
  }
  // Like nearest(); empty where none is near.
  std::string nearest_domain(std::string_view domain) const;
  // "IED1CTRL, IED1MEAS and 3 more"; empty where none is known.
  std::string domain_names() const;

  // A limit was reached: some of what the trace tells is not kept.
  bool full() const { return full_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <typename T>
  using Map = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  using Set = std::unordered_set<std::string, Hash, std::equal_to<>>;

  void learn_read(const MmsMessage& message);
  void learn_write(const MmsMessage& message);
  void learn_rcb(const ObjectName& name, asn1::NodeRef value);
  void learn_ctl_model(const ObjectName& name, asn1::NodeRef value);
  void learn_names(const MmsMessage& message);
  void learn_type(const MmsMessage& message);
  void learn_data_set(asn1::NodeRef list_of_variable, const ObjectName& name,
                      std::uint64_t association, FrameRef frame);
  void forget_what_may_differ(std::uint16_t service, FcSet constraints);
  void forget_data_sets(const MmsMessage& message, std::uint64_t association);
  void forget(const DataSet& data_set);
  void add_name(std::string_view domain, std::string_view item);
  void add_domain(std::string_view domain);
  std::string_view intern(std::string_view name);

  // Keys: "LD/item", and "@name#association" for association specific data sets.
  std::string_view key(std::string_view domain, std::string_view item) const;
  std::string_view data_set_key(const ObjectName& name, std::uint64_t association) const;

  Map<DataSet> data_sets_;
  std::size_t members_ = 0;  // of all data sets
  Map<std::int64_t> ctl_models_;
  struct RcbNames {
    std::string rpt_id;  // empty: the block's reference is used
    std::string dat_set;
  };
  Map<RcbNames> rcb_names_;                    // by reference of the block
  mutable Map<std::string> report_data_sets_;  // by RptID; made anew when a block changed
  mutable bool report_data_sets_valid_ = false;
  struct LearntType {
    std::vector<TypeNode> nodes;
    FrameRef frame;
  };
  Map<LearntType> types_;
  std::size_t type_nodes_ = 0;
  Set component_names_;  // what TypeNode::name views
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
