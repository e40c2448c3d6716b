#include "analysis/capture/no_mms.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/advice.h"
#include "analysis/wording.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::string_view kNoMms = "no-mms";

// In the order of precedence: the first that there is any of names the advice.
enum class Instead : std::uint8_t {
  nothing,
  filtered_out,
  cut,
  unreadable,
  not_opened,
  tls,
  s7comm,
  other_protocol,
  only_syns,
  other_ports,
  tunnel,
  no_tcp,
  no_ip,
  damaged,
};

struct Row {
  std::string_view name;
  Party party;
  Advice advice;
};

constexpr Row kRows[] = {
    {"nothing",
     Party::capture,
     {"Nothing was captured: the wrong network interface, a mirror port that is off, or a capture "
      "that was stopped at once.",
      "Look at the packet counter while capturing; choose the interface that is wired to the "
      "mirror port, and capture again while the client polls."}},
    {"filtered-out",
     Party::capture,
     {"The capture filter (-f) drops every packet.",
      "Analyse again without -f, or with a filter that lets the traffic through; where frames are "
      "tagged, a filter needs \"vlan and tcp port 102\"."}},
    {"cut",
     Party::capture,
     {"The capture program was told to keep only the beginning of each packet (snap length), and "
      "MMS stands behind what was kept.",
      "Capture again without a limit (tcpdump -s 0, or clear \"Limit each packet to\" in "
      "Wireshark's capture options)."}},
    {"unreadable",
     Party::unknown,
     {"There is ISO-on-TCP, but nothing in it can be decoded as MMS: the beginning of each message "
      "is missing, or it is another protocol over the same transport.",
      "Look at the frames in Wireshark. Where the capture began in the middle, name the "
      "presentation context with --pres-context."}},
    {"not-opened",
     Party::unknown,
     {"The connections got no further than TCP or COTP: no association was asked for, or the "
      "capture ended before.",
      "Look at the first connection: who stopped, and after which step? Capture for longer, and "
      "start before the client connects."}},
    {"tls",
     Party::unknown,
     {"The connections are encrypted with TLS (IEC 62351-3): what they carry can not be read.",
      "Capture in a test window in which they run without TLS, or use the logs of client and "
      "server. Whether TLS itself failed is told by its alerts in Wireshark."}},
    {"s7comm",
     Party::unknown,
     {"The server is a PLC that speaks S7comm, which uses port 102, too.",
      "If this should be an IED, compare its address with the SCD file: it belongs to a PLC. Else "
      "capture at the port of the IED."}},
    {"other-protocol",
     Party::unknown,
     {"Something else uses the MMS port: another service of the device, a remote desktop, a "
      "scanner, or a client that was pointed to the wrong address.",
      "Look at the first connection in Wireshark (Follow, TCP Stream), and compare the server's "
      "address with the SCD file."}},
    {"only-syns",
     Party::unknown,
     {"No connection came up, or none was used: the server is off or does not answer, or only the "
      "client's side of the network was captured.",
      "Ping the server from the client's place; look whether answers take another path; capture "
      "for longer, and in both directions."}},
    {"other-ports",
     Party::capture,
     {"The MMS traffic did not pass the capture point, or was not there at the time.",
      "Capture at the port of the IED while its client polls. If the IED serves MMS at an unusual "
      "port and the capture began in the middle, name the port with --port."}},
    {"tunnel",
     Party::capture,
     {"The traffic is in a tunnel or an encryption that is not taken apart, so that MMS may be in "
      "it.",
      "Capture before the tunnel or behind it, or let the mirror port deliver plain frames (SPAN, "
      "ERSPAN, VXLAN and GRE are understood)."}},
    {"no-tcp",
     Party::capture,
     {"MMS uses TCP, and none passed the capture point.",
      "Capture at the port of the IED while its client is connected; a switch sends TCP only to "
      "the two ports concerned, so a mirror port is needed."}},
    {"no-ip",
     Party::capture,
     {"Only frames without IP passed the capture point: multicast such as GOOSE reaches every "
      "port of a switch, MMS only those of client and server.",
      "Capture at a mirror port of the IED's or the client's port, not at any free port."}},
    {"damaged",
     Party::capture,
     {"The headers of the frames can not be read: they are cut off, or the file names a link type "
      "that its frames do not have.",
      "Open the capture in Wireshark. Where it shows nonsense, too, capture again with another "
      "program or interface."}},
};

struct Found {
  Instead what;
  std::string text;
};

struct Name {
  std::uint32_t kind;
  std::string_view name;
};

constexpr Name kEthertypes[] = {
    {0x0806, "ARP"},         {0x88b8, "GOOSE"},  {0x88b9, "GSE"},      {0x88ba, "sampled values"},
    {0x88f7, "PTP"},         {0x88cc, "LLDP"},   {0x88fb, "PRP"},      {0x8892, "PROFINET"},
    {0x88a4, "EtherCAT"},    {0x88e5, "MACsec"}, {0x888e, "802.1X"},   {0x88e1, "HomePlug"},
    {0x8863, "PPPoE setup"}, {0x9000, "loops"},  {0x893a, "IEEE 1905"}};

constexpr Name kProtocols[] = {{1, "ICMP"},   {2, "IGMP"},    {47, "GRE"},  {50, "ESP (IPsec)"},
                               {51, "AH"},    {58, "ICMPv6"}, {89, "OSPF"}, {112, "VRRP"},
                               {115, "L2TP"}, {132, "SCTP"},  {17, "UDP"}};

constexpr std::uint32_t kMacsec = 0x88e5;
// Protocols and UDP ports that carry other packets inside: IPsec, L2TP, GRE of versions that are
// not understood; Geneve, GRE in UDP, CAPWAP, TZSP, L2TP, IPsec over UDP, WireGuard, OpenVPN, GTP.
constexpr std::uint32_t kTunnelProtocols[] = {47, 50, 51, 115};
constexpr std::uint16_t kTunnelPorts[] = {6081, 4754,  5246, 5247, 37008, 1701,
                                          4500, 51820, 1194, 2152, 6635,  8472};

bool is_udp(std::uint32_t kind) { return (kind & 0xff) == kUdp; }

bool is_tunnel(std::uint32_t kind) {
  const auto port = static_cast<std::uint16_t>(kind >> 16);
  if (is_udp(kind)) {
    return std::find(std::begin(kTunnelPorts), std::end(kTunnelPorts), port) !=
           std::end(kTunnelPorts);
  }
  return std::find(std::begin(kTunnelProtocols), std::end(kTunnelProtocols), kind) !=
         std::end(kTunnelProtocols);
}

template <std::size_t N>
std::string_view name_of(const Name (&names)[N], std::uint32_t kind) {
  for (const Name& row : names) {
    if (row.kind == kind) return row.name;
  }
  return "";
}

std::string ethertype_text(std::uint32_t kind) {
  const std::string_view name = name_of(kEthertypes, kind);
  return name.empty() ? fmt::format("EtherType 0x{:04x}", kind) : std::string(name);
}

std::string protocol_text(std::uint32_t kind) {
  if (is_udp(kind) && kind != kUdp) return fmt::format("UDP port {}", kind >> 16);
  const std::string_view name = name_of(kProtocols, kind);
  return name.empty() ? fmt::format("IP protocol {}", kind) : std::string(name);
}

// "443 (3), 80": the most frequent first.
template <typename Text>
std::string kinds_text(const UndecodedCounters::Kinds& kinds, Text text) {
  constexpr std::size_t kMost = 4;
  std::vector<std::pair<std::uint32_t, std::uint64_t>> sorted(kinds.begin(), kinds.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, sorted.size()); ++i) {
    if (i > 0) out += ", ";
    out += text(sorted[i].first);
    if (sorted[i].second > 1) out += fmt::format(" ({})", sorted[i].second);
  }
  if (sorted.size() > kMost) out += fmt::format(" and {} more", sorted.size() - kMost);
  return out;
}

std::string port_text(std::uint32_t port) { return std::to_string(port); }

class Inventory {
 public:
  Inventory(const TraceFacts& facts, const std::deque<AssociationResult>& associations)
      : facts_(facts), associations_(associations) {}

  std::vector<Found> take() {
    look_at_capture();
    look_at_associations();
    look_at_tcp();
    look_below_tcp();
    // Most telling first; of equals in the order in which they were found.
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Found& a, const Found& b) { return a.what < b.what; });
    if (found_.empty()) add(Instead::nothing, "no packet that could be looked at");
    return std::move(found_);
  }

 private:
  void add(Instead what, std::string text) { found_.push_back({what, std::move(text)}); }

  std::uint64_t carrying(std::string_view what) const {
    return static_cast<std::uint64_t>(
        std::count_if(associations_.begin(), associations_.end(),
                      [&](const AssociationResult& a) { return a.carries == what; }));
  }

  void look_at_capture() {
    const CaptureResult& capture = facts_.capture;
    if (capture.packets > 0) return;
    if (capture.filtered > 0) {
      add(Instead::filtered_out,
          text::counted(capture.filtered, "packet") + " that the filter dropped");
    } else {
      add(Instead::nothing, "no packet");
    }
  }

  void look_at_associations() {
    if (const std::uint64_t tls = carrying("tls"); tls > 0) {
      add(Instead::tls, text::counted(tls, "TLS connection") + " to MMS ports");
    }
    if (const std::uint64_t s7 = carrying("s7comm"); s7 > 0) {
      add(Instead::s7comm, text::counted(s7, "connection") + " of S7comm");
    }
    if (const std::uint64_t other = carrying("other"); other > 0) {
      add(Instead::other_protocol,
          text::counted(other, "connection") + " of another protocol on MMS ports");
    }
    const bool passed = facts_.undecoded[Undecoded::presentation_other_context] +
                            facts_.undecoded[Undecoded::resync_octets] >
                        0;
    const std::uint64_t iso = carrying("iso-on-tcp") + carrying("mms");
    if (iso > 0 && passed) {
      add(Instead::unreadable,
          text::counted(iso, "connection") + " of ISO-on-TCP without readable MMS");
    } else if (iso > 0) {
      add(Instead::not_opened, text::counted(iso, "connection") + " that got no further than COTP");
    }
    const std::uint64_t nothing = carrying("nothing");
    if (nothing == 0) return;
    // Octets of cut packets are not delivered, so that their connections seem to be empty.
    if (facts_.capture.truncated > 0) {
      add(Instead::cut,
          text::counted(facts_.capture.truncated, "packet") + " whose end was cut off");
    } else {
      add(Instead::only_syns,
          text::counted(nothing, "connection") + " to MMS ports on which no data was captured");
    }
  }

  void look_at_tcp() {
    const UndecodedCounters& undecoded = facts_.undecoded;
    const auto& tls = undecoded.kinds(Undecoded::encrypted_octets);
    const auto& other = undecoded.kinds(Undecoded::other_tcp_octets);
    std::uint64_t known = associations_.size();
    for (const auto* kinds : {&tls, &other}) {
      for (const auto& [port, count] : *kinds) known += count;
    }
    if (!tls.empty()) add(Instead::other_ports, "TLS to port " + kinds_text(tls, port_text));
    if (!other.empty()) add(Instead::other_ports, "TCP to port " + kinds_text(other, port_text));
    if (facts_.connections > known) {
      add(Instead::other_ports, text::counted(facts_.connections - known, "TCP connection") +
                                    " to other ports without data");
    }
  }

  void look_below_tcp() {
    const UndecodedCounters& undecoded = facts_.undecoded;
    UndecodedCounters::Kinds tunnels;
    UndecodedCounters::Kinds plain;
    for (const auto& [kind, count] : undecoded.kinds(Undecoded::not_tcp)) {
      (is_tunnel(kind) ? tunnels : plain)[kind] += count;
    }
    if (!tunnels.empty()) add(Instead::tunnel, "packets of " + kinds_text(tunnels, protocol_text));
    if (undecoded[Undecoded::not_tcp] > 0 && (tunnels.empty() || !plain.empty())) {
      std::string text = text::counted(undecoded[Undecoded::not_tcp], "IP packet") + " without TCP";
      if (!plain.empty()) text += ": " + kinds_text(plain, protocol_text);
      add(Instead::no_tcp, std::move(text));
    }
    const auto& frames = undecoded.kinds(Undecoded::not_ip);
    if (undecoded[Undecoded::not_ip] > 0) {
      std::string text = text::counted(undecoded[Undecoded::not_ip], "frame") + " without IP";
      if (!frames.empty()) text += ": " + kinds_text(frames, ethertype_text);
      add(frames.contains(kMacsec) ? Instead::tunnel : Instead::no_ip, std::move(text));
    }
    const std::uint64_t unknown = undecoded[Undecoded::unknown_link_type];
    if (unknown > 0) {
      add(Instead::damaged,
          fmt::format("{} of link type {}, which is not understood",
                      text::counted(unknown, "frame"),
                      kinds_text(undecoded.kinds(Undecoded::unknown_link_type),
                                 [](std::uint32_t type) { return std::to_string(type); })));
    }
    const std::uint64_t damaged = undecoded[Undecoded::damaged_link] +
                                  undecoded[Undecoded::damaged_ip] +
                                  undecoded[Undecoded::damaged_tcp];
    if (damaged == 0) return;
    const bool cut = facts_.capture.truncated > 0;
    add(cut ? Instead::cut : Instead::damaged,
        text::counted(damaged, "packet") +
            (cut ? " cut off inside their headers" : " with headers that can not be read"));
  }

  const TraceFacts& facts_;
  const std::deque<AssociationResult>& associations_;
  std::vector<Found> found_;
};

}  // namespace

void raise_no_mms(FindingCollector& findings, const TraceFacts& facts,
                  const std::deque<AssociationResult>& associations) {
  constexpr std::size_t kTold = 4;
  constexpr std::size_t kFrames = 3;
  const std::vector<Found> found = Inventory(facts, associations).take();
  const Row& row = kRows[static_cast<std::size_t>(found.front().what)];
  std::vector<FrameRef> frames;
  for (const AssociationResult& association : associations) {
    if (frames.size() < kFrames) frames.push_back(association.opened);
  }
  const FrameRef first = frames.empty() ? FrameRef{0, facts.capture.first, 0} : frames.front();
  Finding* f = findings.raise(kNoMms, first)
                   .party(row.party)
                   .with("instead", row.name)
                   .with("packets", facts.capture.packets)
                   .with("tcp_connections", facts.connections)
                   .also(frames)
                   .put();
  if (f == nullptr) return;
  std::string instead;
  for (std::size_t i = 0; i < std::min(kTold, found.size()); ++i) {
    instead += (i > 0 ? "; " : "") + found[i].text;
  }
  f->message = fmt::format("No MMS message was found in {}. There was: {}.",
                           text::counted(facts.capture.packets, "packet"), instead);
  use_advice(*f, row.advice);
}

void explain_no_mms(std::vector<Finding>& findings) {
  const auto explains = [](const Finding& f) {
    return f.severity == Severity::error && f.rule.starts_with("association-");
  };
  if (std::none_of(findings.begin(), findings.end(), explains)) return;
  for (Finding& f : findings) {
    if (f.rule == kNoMms) f.severity = Severity::note;
  }
  std::stable_sort(findings.begin(), findings.end(), comes_before);
}

}  // namespace mmsa::analysis
