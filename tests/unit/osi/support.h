// What the tests of osi/ share: annotated hex, BER and TPKT builders, a sink that writes down what
// it is told, and a stand-in for the TCP stage.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mmsanalyze/association.h"
#include "osi/contexts.h"
#include "osi/stack.h"

namespace mmsa::osi::test {

using Octets = std::vector<std::uint8_t>;

// "03 00 00 16  # comment to the end of the line"
inline Octets hex(std::string_view text) {
  Octets out;
  int high = -1;
  bool comment = false;
  for (const char c : text) {
    if (c == '\n') comment = false;
    if (c == '#') comment = true;
    if (comment) continue;
    const std::size_t digit = std::string_view("0123456789ABCDEF").find(c);
    if (digit == std::string_view::npos) continue;
    if (high < 0) {
      high = static_cast<int>(digit);
    } else {
      out.push_back(static_cast<std::uint8_t>(high * 16 + static_cast<int>(digit)));
      high = -1;
    }
  }
  return out;
}

inline Octets join(std::initializer_list<Octets> parts) {
  Octets out;
  for (const Octets& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

// Identifier, the shortest definite length, content.
inline Octets tlv(std::uint8_t identifier, const Octets& content) {
  Octets out = {identifier};
  const std::size_t n = content.size();
  if (n < 0x80) {
    out.push_back(static_cast<std::uint8_t>(n));
  } else if (n < 0x100) {
    out.insert(out.end(), {0x81, static_cast<std::uint8_t>(n)});
  } else {
    out.insert(out.end(),
               {0x82, static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n & 0xFF)});
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

inline Octets tpkt(const Octets& tpdu) {
  const std::size_t n = tpdu.size() + 4;
  return join(
      {{3, 0, static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n & 0xFF)}, tpdu});
}
// One DT; `more`: the TSDU goes on.
inline Octets dt(const Octets& user_data, bool more = false) {
  return tpkt(join({{0x02, 0xF0, static_cast<std::uint8_t>(more ? 0x00 : 0x80)}, user_data}));
}
// A TSDU over several DTs of at most `size` octets of user data.
inline Octets fragments(const Octets& tsdu, std::size_t size) {
  Octets out;
  for (std::size_t at = 0; at < tsdu.size(); at += size) {
    const std::size_t n = std::min(size, tsdu.size() - at);
    const auto from = tsdu.begin() + static_cast<std::ptrdiff_t>(at);
    out =
        join({out, dt(Octets(from, from + static_cast<std::ptrdiff_t>(n)), at + n < tsdu.size())});
  }
  return out;
}
// PDV-list with one value; user data; GT + DT.
inline Octets pdv(std::uint8_t context, const Octets& value, std::uint8_t encoding = 0xA0) {
  return tlv(0x30, join({{0x02, 0x01, context}, tlv(encoding, value)}));
}
inline Octets user_data(std::uint8_t context, const Octets& value) {
  return tlv(0x61, pdv(context, value));
}
inline Octets data_tsdu(const Octets& ppdu) { return join({{1, 0, 1, 0}, ppdu}); }
inline Octets mms(std::uint8_t context, const Octets& pdu) {
  return dt(data_tsdu(user_data(context, pdu)));
}
// SPDU with a parameter list; LI in its three-octet form from 255 on.
inline Octets spdu(std::uint8_t si, const Octets& parameters) {
  Octets out = {si};
  const std::size_t n = parameters.size();
  if (n < 255) {
    out.push_back(static_cast<std::uint8_t>(n));
  } else {
    out.insert(out.end(),
               {0xFF, static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n & 0xFF)});
  }
  return join({out, parameters});
}

// MMS PDUs, of which osi/ looks at little more than the tag.
inline Octets request(std::uint8_t invoke_id = 1) {
  return {0xA0, 0x05, 0x02, 0x01, invoke_id, 0x82, 0x00};  // identify
}
inline Octets response(std::uint8_t invoke_id = 1, std::size_t extra = 0) {
  return tlv(0xA1, join({{0x02, 0x01, invoke_id}, tlv(0xA4, Octets(extra + 2, 0x84))}));
}
inline Octets report() { return {0xA3, 0x06, 0xA0, 0x04, 0xA1, 0x00, 0xA0, 0x00}; }
inline Octets initiate_request() {
  return hex(
      "A8 26 80 03 00 FA 00 81 01 03 82 01 03 83 01 08"
      "A4 16 80 01 01 81 03 05 F1 00 82 0C 03 EE 1C 00 00 04 08 00 00 79 EF 18");
}
inline Octets initiate_response() {
  Octets out = initiate_request();
  out[0] = 0xA9;
  return out;
}

inline Octets connect_request() {
  return tpkt(hex("11 E0 00 00 00 07 00  C0 01 0D  C2 02 00 01  C1 02 00 02"));
}
inline Octets connect_confirm() {
  return tpkt(hex("11 D0 00 07 00 09 00  C0 01 0A  C1 02 00 02  C2 02 00 01"));
}

// Context definition: identifier, abstract syntax, BER.
inline Octets context_item(std::uint8_t id, const Octets& syntax) {
  return tlv(0x30, join({{0x02, 0x01, id}, tlv(0x06, syntax), hex("30 04 06 02 51 01")}));
}
inline const Octets kAcseOid = {0x52, 0x01, 0x00, 0x01};
inline const Octets kMmsOid = {0x28, 0xCA, 0x22, 0x02, 0x01};

struct Opening {
  std::uint8_t acse = 1;
  std::uint8_t mms = 3;
  Octets aarq_extra;  // between the context name and the user-information
};
inline Octets external(std::uint8_t context, const Octets& value) {
  return tlv(0xBE, tlv(0x28, join({{0x02, 0x01, context}, tlv(0xA0, value)})));
}
inline Octets aarq(const Opening& o = {}) {
  return tlv(0x60, join({hex("A1 07 06 05 28 CA 22 02 03"), o.aarq_extra,
                         external(o.mms, initiate_request())}));
}
inline Octets aare(const Opening& o = {}) {
  return tlv(0x61, join({hex("A1 07 06 05 28 CA 22 02 03  A2 03 02 01 00  A3 05 A1 03 02 01 00"),
                         external(o.mms, initiate_response())}));
}
inline Octets cp(const Opening& o = {}) {
  return tlv(0x31, join({hex("A0 03 80 01 01"),
                         tlv(0xA2, join({hex("81 04 00 00 00 02  82 04 00 00 00 01"),
                                         tlv(0xA4, join({context_item(o.acse, kAcseOid),
                                                         context_item(o.mms, kMmsOid)})),
                                         user_data(o.acse, aarq(o))}))}));
}
inline Octets cpa(const Opening& o = {}) {
  return tlv(0x31,
             join({hex("A0 03 80 01 01"), tlv(0xA2, join({hex("83 04 00 00 00 01"
                                                              "A5 12 30 07 80 01 00 81 02 51 01"
                                                              "      30 07 80 01 00 81 02 51 01"),
                                                          user_data(o.acse, aare(o))}))}));
}
inline Octets cn(const Octets& ppdu) {
  return spdu(0x0D, join({hex("05 06 13 01 00 16 01 02  14 02 00 02  33 02 00 02  34 02 00 01"),
                          spdu(0xC1, ppdu)}));
}
inline Octets ac(const Octets& ppdu) {
  return spdu(0x0E,
              join({hex("05 06 13 01 00 16 01 02  14 02 00 02  34 02 00 01"), spdu(0xC1, ppdu)}));
}
inline Octets finish() { return spdu(0x09, spdu(0xC1, user_data(1, hex("62 03 80 01 00")))); }
inline Octets disconnect() { return spdu(0x0A, spdu(0xC1, user_data(1, hex("63 03 80 01 00")))); }

inline const char* name_of(Step step) {
  static constexpr const char* kNames[] = {"CR",  "CC",  "DR",   "DC",   "ER",   "CN",   "AC",
                                           "RF",  "FN",  "DN",   "NF",   "AB",   "AA",   "CPR",
                                           "ARU", "ARP", "AARQ", "AARE", "RLRQ", "RLRE", "ABRT"};
  return kNames[static_cast<std::size_t>(step)];
}

inline std::string to_hex(Bytes octets) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const std::uint8_t octet : octets) {
    out += kDigits[octet >> 4];
    out += kDigits[octet & 15];
  }
  return out;
}

// Writes one line for each call: side, what. `frames` adds frame numbers.
class RecordingSink : public AssociationSink {
 public:
  bool frames = false;
  std::vector<std::string> lines;
  std::vector<Octets> units;  // of on_malformed
  Association last;           // as it was at the last call
  bool closed = false;

  void on(Association& association, const AssociationEvent& event) override {
    std::visit([&](const auto& kind) { on_event(association, kind); }, event);
  }

  void on_event(Association& a, const StepEvent& event) {
    const auto& [step, sender, frame] = event;
    add(a, sender, name_of(step), frame);
  }
  void on_event(Association& a, const PduUnit& pdu) {
    std::string text = "pdu " +
                       to_hex(pdu.octets.first(std::min<std::size_t>(5, pdu.octets.size()))) + "/" +
                       std::to_string(pdu.octets.size()) + " ctx " + std::to_string(pdu.context) +
                       (pdu.cut ? " cut" : "");
    if (frames) {
      text += " in";
      for (const std::uint64_t frame : pdu.frames) text += " " + std::to_string(frame);
    }
    add(a, pdu.sender, text, pdu.frame);
  }
  void on_event(Association& a, const MalformedUnit& unit) {
    units.emplace_back(unit.unit.begin(), unit.unit.end());
    add(a, unit.sender,
        "malformed " + std::string(layer_name(unit.error.layer)) + " " + unit.error.field + " @" +
            std::to_string(unit.error.offset),
        unit.frame);
  }
  void on_event(Association& a, const GapEvent& event) {
    const auto& [sender, gap] = event;
    add(a, sender, "gap " + std::to_string(gap.length), {});
  }
  void on_event(Association& a, const FinEvent& event) {
    const auto& [sender, frame] = event;
    add(a, sender, "fin", frame);
  }
  void on_event(Association& a, const RstEvent& event) {
    const auto& [sender, frame] = event;
    add(a, sender, "rst", frame);
  }
  void on_event(Association& a, const WindowStall& stall) {
    add(a, stall.receiver, "stall", stall.closed);
  }
  void on_event(Association& a, const ConnectionClose& close) {
    closed = true;
    add(a, close.by, "close", close.frame);
  }

 private:
  void add(Association& a, Side sender, const std::string& what, FrameRef frame) {
    std::string line = (sender == a.client ? "C " : "S ") + what;
    if (frames) line += " #" + std::to_string(frame.number);
    lines.push_back(line);
    last = a;
  }
};

inline bool looks_like_mms(Bytes octets) {
  if (octets.size() < 2 || !is_mms_tag(octets[0])) return false;
  std::size_t header = 2;
  std::size_t length = octets[1];
  if (length == 0x81 && octets.size() > 2) {
    header = 3;
    length = octets[2];
  } else if (length == 0x82 && octets.size() > 3) {
    header = 4;
    length = static_cast<std::size_t>(octets[2]) << 8 | octets[3];
  } else if (length >= 0x80) {
    return false;
  }
  return header + length <= octets.size() && (length == 0 || octets[header] != 0xFF);
}

// One TCP connection: keeps what is not consumed, as the TCP stage does. Each segment is a frame.
class Wire : public FrameIndex {
 public:
  struct Setup {
    std::uint16_t port_a = 50000;
    std::uint16_t port_b = 102;
    bool syn = true;
    StackOptions options{};
  };

  Wire() : Wire(Setup{}) {}
  explicit Wire(const Setup& setup)
      : options(setup.options), factory(options, looks_like_mms, sink, undecoded) {
    connection.endpoint[0].port = setup.port_a;
    connection.endpoint[1].port = setup.port_b;
    connection.syn_seen = connection.syn_ack_seen = setup.syn;
    consumer = factory.open(connection);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  // Whatever a test is about: every octet is accounted for, once.
  ~Wire() {
    if (!closed_) close();
  }

  void segment(Side side, const Octets& octets) {
    Flow& flow = flows_[index(side)];
    flow.shown += octets.size();
    ++frame_;
    const std::uint64_t end = flow.begin + flow.pending.size();
    flow.carriers.push_back({end, end + octets.size(), frame_});
    flow.pending.insert(flow.pending.end(), octets.begin(), octets.end());
    current_ = side;
    // An exact copy, so that the address sanitizer sees reads behind its end.
    const Octets available(flow.pending);
    const std::size_t used = consumer->on_data(side, available, flow.begin, *this);
    flow.pending.erase(flow.pending.begin(),
                       flow.pending.begin() + static_cast<std::ptrdiff_t>(used));
    flow.begin += used;
  }
  void client(const Octets& octets) { segment(Side::a, octets); }
  void server(const Octets& octets) { segment(Side::b, octets); }

  void gap(Side side, std::uint64_t length) {
    Flow& flow = flows_[index(side)];
    StreamGap gap;
    gap.offset = flow.begin + flow.pending.size();
    gap.length = length;
    current_ = side;
    const Octets leftover(flow.pending);
    consumer->on_gap(side, gap, leftover, *this);
    flow.pending.clear();
    flow.begin = gap.offset + length;
  }
  void close() {
    closed_ = true;
    sink.closed = false;
    consumer->on_close({CloseKind::capture_end, Side::a, {frame_, 0}});
    if (!sink.closed) return;
    for (const std::size_t side : {0u, 1u}) {
      CHECK(sink.last.octets[side].sum() == flows_[side].shown);
    }
  }

  // The association up to the Initiate response.
  void open(const Opening& o = {}) {
    client(connect_request());
    server(connect_confirm());
    client(dt(cn(cp(o))));
    server(dt(ac(cpa(o))));
  }

  // The lines since the last call, joined by " | ".
  std::string take() {
    std::string out;
    for (const std::string& line : sink.lines) out += (out.empty() ? "" : " | ") + line;
    sink.lines.clear();
    return out;
  }
  std::uint64_t count(Undecoded what) const { return undecoded[what]; }

  FrameRef frames_of(std::uint64_t begin, std::uint64_t end,
                     std::vector<std::uint64_t>& frames) const override {
    std::uint64_t last = 0;
    for (const Carrier& carrier : flows_[index(current_)].carriers) {
      if (carrier.end <= begin || carrier.begin >= end) continue;
      frames.push_back(carrier.frame);
      last = std::max(last, carrier.frame);
    }
    return {last, 0};
  }

  Connection connection;
  StackOptions options;
  UndecodedCounters undecoded;
  RecordingSink sink;
  StackFactory factory;
  std::unique_ptr<StreamConsumer> consumer;

 private:
  struct Carrier {
    std::uint64_t begin, end, frame;
  };
  struct Flow {
    std::uint64_t begin = 0;
    std::uint64_t shown = 0;  // octets in all
    Octets pending;
    std::vector<Carrier> carriers;
  };
  Flow flows_[2];
  std::uint64_t frame_ = 0;
  Side current_ = Side::a;
  bool closed_ = false;
};

}  // namespace mmsa::osi::test
