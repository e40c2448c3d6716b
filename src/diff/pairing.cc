#include "diff/pairing.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace mmsa::diff {
namespace {

bool read_address(std::string text, IpAddress& address) {
  address = {};
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  if (::inet_pton(AF_INET, text.c_str(), address.octets.data()) == 1) return true;
  address.is_v6 = true;
  return ::inet_pton(AF_INET6, text.c_str(), address.octets.data()) == 1;
}

bool fits(const Endpoint& wanted, const Endpoint& endpoint) {
  return wanted.address == endpoint.address &&
         (wanted.port == 0 || endpoint.port == 0 || wanted.port == endpoint.port);
}

bool is_mapped(const std::vector<AddressMap>& map, const Endpoint& a, const Endpoint& b) {
  return std::any_of(map.begin(), map.end(),
                     [&](const AddressMap& m) { return fits(m.a, a) && fits(m.b, b); });
}

template <typename Of>
std::vector<Endpoint> in_order(const CaptureSteps& capture, Of of) {
  std::vector<Endpoint> found;
  for (const AssociationSteps& association : capture.associations) {
    const Endpoint& endpoint = of(association);
    if (std::find(found.begin(), found.end(), endpoint) == found.end()) found.push_back(endpoint);
  }
  return found;
}

using Devices = std::set<std::string, std::less<>>;
const Devices& devices_of(const CaptureSteps& capture, const Endpoint& server) {
  static const Devices kNone;
  const auto known = capture.devices.find(server);
  return known == capture.devices.end() ? kNone : known->second;
}
std::size_t shared_devices(const Devices& a, const Devices& b) {
  return static_cast<std::size_t>(
      std::count_if(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); }));
}

class Pairer {
 public:
  Pairer(const CaptureSteps& a, const CaptureSteps& b, const std::vector<AddressMap>& map)
      : a_(a), b_(b), map_(map) {}

  Pairing run() {
    left_a_ = in_order(a_, [](const AssociationSteps& s) { return s.server; });
    left_b_ = in_order(b_, [](const AssociationSteps& s) { return s.server; });
    pair_servers();
    for (const ServerPair& pair : pairing_.servers) pair_clients(pair.a, pair.b);
    // Servers without a partner.
    for (const Endpoint& server : left_a_) leave(a_, server, true);
    for (const Endpoint& server : left_b_) leave(b_, server, false);
    std::stable_sort(pairing_.associations.begin(), pairing_.associations.end(),
                     [](const AssociationPair& x, const AssociationPair& y) {
                       return x.a.value_or(~std::size_t{0}) < y.a.value_or(~std::size_t{0});
                     });
    return std::move(pairing_);
  }

 private:
  template <typename Fit>
  void pair_where(PairedBy by, Fit fit) {
    for (auto a = left_a_.begin(); a != left_a_.end();) {
      const auto b = std::find_if(left_b_.begin(), left_b_.end(),
                                  [&](const Endpoint& other) { return fit(*a, other); });
      if (b == left_b_.end()) {
        ++a;
        continue;
      }
      pairing_.servers.push_back({*a, *b, by});
      a = left_a_.erase(a);
      left_b_.erase(b);
    }
  }

  // An address that stands for other logical devices in the other capture is another server's, as
  // long as one with the same logical devices is there.
  void pair_servers() {
    pair_where(PairedBy::map,
               [&](const Endpoint& a, const Endpoint& b) { return is_mapped(map_, a, b); });
    pair_where(PairedBy::address, [&](const Endpoint& a, const Endpoint& b) {
      const Devices& of_a = devices_of(a_, a);
      const Devices& of_b = devices_of(b_, b);
      return a == b && (of_a.empty() || of_b.empty() || shared_devices(of_a, of_b) > 0);
    });
    pair_where(PairedBy::logical_devices, [&](const Endpoint& a, const Endpoint& b) {
      const std::size_t shared = shared_devices(devices_of(a_, a), devices_of(b_, b));
      return shared > 0 && std::none_of(left_b_.begin(), left_b_.end(), [&](const Endpoint& c) {
               return shared_devices(devices_of(a_, a), devices_of(b_, c)) > shared;
             });
    });
    pair_where(PairedBy::address, [](const Endpoint& a, const Endpoint& b) { return a == b; });
    const bool only_one = left_a_.size() == 1 && left_b_.size() == 1;
    // As many on both sides: more likely the same ones than others.
    if (left_a_.size() != left_b_.size()) return;
    pair_where(only_one ? PairedBy::only_one : PairedBy::order,
               [](const Endpoint&, const Endpoint&) { return true; });
  }

  static std::vector<std::size_t> associations_of(const CaptureSteps& capture,
                                                  const Endpoint& server, const IpAddress* client) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < capture.associations.size(); ++i) {
      const AssociationSteps& association = capture.associations[i];
      if (association.server != server) continue;
      if (client == nullptr || association.client.address == *client) found.push_back(i);
    }
    return found;
  }

  static std::vector<IpAddress> clients_of(const CaptureSteps& capture, const Endpoint& server) {
    std::vector<IpAddress> found;
    for (const AssociationSteps& association : capture.associations) {
      const IpAddress& address = association.client.address;
      if (association.server == server &&
          std::find(found.begin(), found.end(), address) == found.end()) {
        found.push_back(address);
      }
    }
    return found;
  }

  void pair_clients(const Endpoint& server_a, const Endpoint& server_b) {
    std::vector<IpAddress> left_a = clients_of(a_, server_a);
    std::vector<IpAddress> left_b = clients_of(b_, server_b);
    const auto take = [&](auto fit) {
      for (auto a = left_a.begin(); a != left_a.end();) {
        const auto b = std::find_if(left_b.begin(), left_b.end(),
                                    [&](const IpAddress& other) { return fit(*a, other); });
        if (b == left_b.end()) {
          ++a;
          continue;
        }
        pair_associations(associations_of(a_, server_a, &*a), associations_of(b_, server_b, &*b));
        a = left_a.erase(a);
        left_b.erase(b);
      }
    };
    take([&](const IpAddress& a, const IpAddress& b) { return is_mapped(map_, {a, 0}, {b, 0}); });
    take([](const IpAddress& a, const IpAddress& b) { return a == b; });
    take([](const IpAddress&, const IpAddress&) { return true; });
    for (const IpAddress& client : left_a) {
      pair_associations(associations_of(a_, server_a, &client), {});
    }
    for (const IpAddress& client : left_b) {
      pair_associations({}, associations_of(b_, server_b, &client));
    }
  }

  // In order. A capture that begins in the middle of its first association may have missed some
  // before it, one that ends in the middle of its last some behind.
  void pair_associations(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    const bool late_a = !a.empty() && !a_.associations[a.front()].start_seen;
    const bool late_b = !b.empty() && !b_.associations[b.front()].start_seen;
    const bool open_a = !a.empty() && !a_.associations[a.back()].end_seen;
    const bool open_b = !b.empty() && !b_.associations[b.back()].end_seen;
    const std::size_t skip_a = a.size() > b.size() && late_b && !open_b ? a.size() - b.size() : 0;
    const std::size_t skip_b = b.size() > a.size() && late_a && !open_a ? b.size() - a.size() : 0;
    for (std::size_t i = 0; i < skip_a; ++i) add(a[i], std::nullopt, true);
    for (std::size_t i = 0; i < skip_b; ++i) add(std::nullopt, b[i], true);
    std::size_t i = skip_a;
    std::size_t j = skip_b;
    while (i < a.size() && j < b.size()) add(a[i++], b[j++], false);
    while (i < a.size()) add(a[i++], std::nullopt, open_b);
    while (j < b.size()) add(std::nullopt, b[j++], open_a);
  }

  void leave(const CaptureSteps& capture, const Endpoint& server, bool of_a) {
    for (const std::size_t i : associations_of(capture, server, nullptr)) {
      of_a ? add(i, std::nullopt, false) : add(std::nullopt, i, false);
    }
  }

  void add(std::optional<std::size_t> a, std::optional<std::size_t> b, bool may_be_missed) {
    pairing_.associations.push_back({a, b, may_be_missed});
  }

  const CaptureSteps& a_;
  const CaptureSteps& b_;
  const std::vector<AddressMap>& map_;
  std::vector<Endpoint> left_a_;
  std::vector<Endpoint> left_b_;
  Pairing pairing_;
};

}  // namespace

std::optional<Endpoint> read_endpoint(std::string_view text) {
  Endpoint endpoint;
  if (read_address(std::string(text), endpoint.address)) return endpoint;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  const auto read = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (read.ec != std::errc() || read.ptr != port.data() + port.size()) return std::nullopt;
  if (!read_address(std::string(text.substr(0, colon)), endpoint.address)) return std::nullopt;
  return endpoint;
}

std::optional<AddressMap> read_address_map(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto a = read_endpoint(text.substr(0, equals));
  const auto b = read_endpoint(text.substr(equals + 1));
  if (!a || !b) return std::nullopt;
  return AddressMap{*a, *b};
}

std::string_view paired_by_name(PairedBy by) {
  constexpr std::string_view kNames[] = {"map", "address", "logical-devices", "only-one", "order"};
  return kNames[static_cast<std::size_t>(by)];
}

Pairing pair_up(const CaptureSteps& a, const CaptureSteps& b, const std::vector<AddressMap>& map) {
  return Pairer(a, b, map).run();
}

}  // namespace mmsa::diff
