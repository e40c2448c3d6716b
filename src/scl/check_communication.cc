// Addresses: two for one, of nobody, none.
#include <fmt/format.h>

#include <map>
#include <set>

#include "scl/check.h"

namespace mmsa::scl {
namespace {

// What tells two servers behind one IP address apart: TSAP and what follows it, and the port.
std::string selectors(const ConnectedAp& access_point) {
  std::string out;
  for (const char* type : {"OSI-TSEL", "OSI-SSEL", "OSI-PSEL", "MMS-Port"}) {
    out.append(access_point.part(type)).append("/");
  }
  return out;
}

// Of a template that nobody has filled in.
bool is_placeholder(Text ip) { return ip.empty() || ip == "0.0.0.0" || ip == "::"; }

class CommunicationCheck {
 public:
  explicit CommunicationCheck(const Checked& checked) : checked_(checked) {}

  void run() {
    bool any = false;
    for (const SubNetwork& network : checked_.document.subnetworks) {
      std::map<Text, const ConnectedAp*> of_address;
      for (const ConnectedAp& access_point : network.access_points) {
        any = true;
        check_owner(access_point);
        check_address(access_point, network, of_address);
        // One that only publishes is reached without an IP address.
        if (!access_point.part("IP").empty() || !access_point.publishers.empty()) {
          addressed_.emplace(access_point.ied_name, access_point.ap_name);
        }
      }
    }
    if (checked_.document.cut_at != 0) return;
    if (any) {
      check_servers();
    } else {
      checked_.problems.add(ProblemKind::addresses_missing, 1, "",
                            "no Communication section: the file tells no addresses");
    }
  }

 private:
  // A file of one IED names others that it does not describe.
  bool describes_all() const {
    return checked_.document.cut_at == 0 && checked_.document.ieds.size() > 1;
  }

  void check_owner(const ConnectedAp& connected) {
    const Ied* const ied = checked_.lookup.ied(connected.ied_name);
    if (ied == nullptr) {
      if (describes_all()) {
        checked_.problems.add(
            ProblemKind::address_of_nobody, connected.line, "",
            fmt::format("ConnectedAP of IED {}, which does not exist", quoted(connected.ied_name)));
      }
    } else if (checked_.lookup.access_point(*ied, connected.ap_name) == nullptr &&
               checked_.document.cut_at == 0) {
      checked_.problems.add(
          ProblemKind::address_of_nobody, connected.line, std::string(ied->name),
          fmt::format("ConnectedAP of access point {}, which this IED does not have",
                      quoted(connected.ap_name)),
          ied->line);
    }
  }

  void check_address(const ConnectedAp& connected, const SubNetwork& network,
                     std::map<Text, const ConnectedAp*>& of_address) {
    const Text ip = connected.part("IP");
    if (is_placeholder(ip)) return;
    const auto [found, first] = of_address.try_emplace(ip, &connected);
    const ConnectedAp& other = *found->second;
    if (first || other.ied_name == connected.ied_name) return;
    const bool apart = selectors(other) != selectors(connected);
    checked_.problems.add(
        apart ? ProblemKind::address_told_apart : ProblemKind::address_shared, connected.line,
        std::string(connected.ied_name),
        fmt::format("has {} of {}, in subnetwork {}{}", ip, quoted(other.ied_name),
                    quoted(network.name), apart ? "; their selectors or ports differ" : ""),
        other.line);
  }

  void check_servers() {
    for (const Ied& ied : checked_.document.ieds) {
      for (const AccessPoint& other : ied.access_points) {  // through which a server is reached too
        if (!other.server_at.empty() && addressed_.contains({ied.name, other.name})) {
          addressed_.emplace(ied.name, other.server_at);
        }
      }
    }
    for (const Ied& ied : checked_.document.ieds) {
      for (const AccessPoint& access_point : ied.access_points) {
        if (!access_point.server || addressed_.contains({ied.name, access_point.name})) continue;
        checked_.problems.add(
            ProblemKind::server_without_address, access_point.line, std::string(ied.name),
            fmt::format("the server of access point {} has no IP address", access_point.name));
      }
    }
  }

  const Checked& checked_;
  std::set<std::pair<Text, Text>> addressed_;  // IED and access point
};

}  // namespace

void check_communication(const Checked& checked) { CommunicationCheck(checked).run(); }

}  // namespace mmsa::scl
