// Counters for everything that was passed over. Silence is never health: whatever is not decoded
// is counted under one of these names and stands in the report's `undecoded`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

namespace mmsa {

enum class Undecoded : std::uint8_t {
  unknown_link_type,
  not_ip,
  not_tcp,
  damaged_link,
  damaged_ip,
  damaged_tcp,
  fragments_incomplete,
  prp_hsr_duplicates,
  other_tcp_octets,
  encrypted_octets,
  resync_octets,
  overlap_conflicts,
  cotp_unknown,
  session_unknown,
  presentation_other_context,
  kCount,
};

struct UndecodedRow {
  std::string_view name;  // the key in JSON
  std::string_view text;  // what it counts
};

// In the order of the enumerators.
inline constexpr std::array<UndecodedRow, static_cast<std::size_t>(Undecoded::kCount)>
    kUndecodedTable = {{
        {"unknown_link_type", "frames of a link type that is not understood"},
        {"not_ip", "frames that carry no IP (GOOSE, sampled values, PTP, ARP, ...)"},
        {"not_tcp", "IP packets that carry no TCP"},
        {"damaged_link", "frames whose link header is cut off or contradicts itself"},
        {"damaged_ip", "IP packets whose header is cut off or contradicts itself"},
        {"damaged_tcp", "TCP segments whose header is cut off or contradicts itself"},
        {"fragments_incomplete", "IP fragments whose datagram never became whole"},
        {"prp_hsr_duplicates", "frames that repeat a frame of the other PRP or HSR LAN"},
        {"other_tcp_octets", "octets of TCP connections that carry no ISO-on-TCP"},
        {"encrypted_octets", "octets of TLS connections"},
        {"resync_octets", "octets skipped while looking for the next TPKT"},
        {"overlap_conflicts", "retransmitted octets that differ from the first copy"},
        {"cotp_unknown", "TPDUs of a kind that ISO 8073 class 0 does not have"},
        {"session_unknown", "SPDUs that are not used below MMS"},
        {"presentation_other_context", "PDVs of contexts that are neither MMS nor ACSE"},
    }};

// More kinds of one counter than this are not told apart: nobody would read them.
inline constexpr std::size_t kMaxUndecodedKinds = 64;

inline constexpr std::uint8_t kUdp = 17;
constexpr std::uint32_t udp_kind(std::uint16_t port) { return std::uint32_t{port} << 16 | kUdp; }

class UndecodedCounters {
 public:
  // How often each kind of it was met: the EtherType of frames without IP, the IP protocol of
  // packets without TCP (that of UDP with the destination port in its upper half, see udp_kind()),
  // the link type of frames of an unknown one, the server port of connections that carry nothing
  // of ours.
  using Kinds = std::map<std::uint32_t, std::uint64_t>;

  void add(Undecoded what, std::uint64_t count = 1) {
    counts_[static_cast<std::size_t>(what)] += count;
  }
  void add_kind(Undecoded what, std::uint32_t kind) {
    Kinds& kinds = kinds_[static_cast<std::size_t>(what)];
    if (kinds.size() < kMaxUndecodedKinds || kinds.contains(kind)) ++kinds[kind];
  }
  std::uint64_t operator[](Undecoded what) const { return counts_[static_cast<std::size_t>(what)]; }
  const Kinds& kinds(Undecoded what) const { return kinds_[static_cast<std::size_t>(what)]; }

 private:
  std::array<std::uint64_t, kUndecodedTable.size()> counts_{};
  std::array<Kinds, kUndecodedTable.size()> kinds_;
};

}  // namespace mmsa
