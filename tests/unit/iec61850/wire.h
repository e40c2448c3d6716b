// MMS messages for the tests: octets from hex or put together element by element, decoded, with the
// request that an answer belongs to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mms/pdu.h"
#include "mmsanalyze/events.h"

namespace wire {

using Octets = std::vector<std::uint8_t>;

// Hex with blanks; everything between { and } is text.
inline Octets hex(std::string_view text) {
  Octets octets;
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{') {
      for (++i; i < text.size() && text[i] != '}'; ++i) {
        octets.push_back(static_cast<std::uint8_t>(text[i]));
      }
      continue;
    }
    if (c == ' ' || c == '\n') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      octets.push_back(static_cast<std::uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return octets;
}

// An element: identifier octets in hex, content. The length is computed.
inline Octets element(std::string_view tag, const Octets& content) {
  Octets octets = hex(tag);
  const std::size_t length = content.size();
  if (length >= 0x100) {
    octets.push_back(0x82);
    octets.push_back(static_cast<std::uint8_t>(length >> 8));
  } else if (length >= 0x80) {
    octets.push_back(0x81);
  }
  octets.push_back(static_cast<std::uint8_t>(length));
  octets.insert(octets.end(), content.begin(), content.end());
  return octets;
}
inline Octets text_element(std::string_view tag, std::string_view text) {
  return element(tag, Octets(text.begin(), text.end()));
}
inline Octets join(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// domain-specific [1] { domainId, itemId }; names without '/' are vmd-specific, "@name"
// aa-specific.
inline Octets object_name(std::string_view name) {
  if (name.starts_with('@')) return text_element("82", name.substr(1));
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return text_element("80", name);
  return element("A1", join({text_element("1A", name.substr(0, slash)),
                             text_element("1A", name.substr(slash + 1))}));
}
// { name [0] ObjectName }
inline Octets variable(std::string_view name) {
  return element("30", element("A0", object_name(name)));
}
inline Octets variables(std::initializer_list<std::string_view> names) {
  Octets all;
  for (const std::string_view name : names) {
    const Octets one = variable(name);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

inline Octets request(const Octets& service) {
  return element("A0", join({hex("02 01 05"), service}));  // invokeID 5
}
inline Octets response(const Octets& service) {
  return element("A1", join({hex("02 01 05"), service}));
}
inline Octets read(std::initializer_list<std::string_view> names) {
  return request(element("A4", element("A1", element("A0", variables(names)))));
}
inline Octets read_list(std::string_view name) {
  return request(element("A4", element("A1", element("A1", object_name(name)))));
}
inline Octets read_response(const Octets& results) {
  return response(element("A4", element("A1", results)));
}
inline Octets write(std::initializer_list<std::string_view> names, const Octets& data) {
  return request(element("A5", join({element("A0", variables(names)), element("A0", data)})));
}
inline Octets write_list(std::string_view name, const Octets& data) {
  return request(element("A5", join({element("A1", object_name(name)), element("A0", data)})));
}
inline Octets information_report(std::initializer_list<std::string_view> names,
                                 const Octets& results) {
  return element("A3",
                 element("A0", join({element("A0", variables(names)), element("A0", results)})));
}
inline Octets report(const Octets& results) {
  return element("A3",
                 element("A0", join({element("A1", object_name("RPT")), element("A0", results)})));
}

// One decoded PDU.
class Pdu : public mmsa::RequestView {
 public:
  explicit Pdu(Octets octets) : octets_(std::move(octets)) {
    pdu_ = mmsa::mms::decode_pdu(octets_, tree_);
  }
  Pdu(const Pdu&) = delete;
  Pdu& operator=(const Pdu&) = delete;
  const mmsa::MmsPdu& pdu() const override { return pdu_; }
  const mmsa::asn1::Tree& tree() const override { return tree_; }
  const Octets& octets() const { return octets_; }

 private:
  Octets octets_;
  mmsa::asn1::Tree tree_;
  mmsa::MmsPdu pdu_;
};

// A message, and its request where it is an answer.
class Message {
 public:
  explicit Message(Octets octets, std::uint64_t frame = 1)
      : pdu_(std::move(octets)),
        message_{.pdu = pdu_.pdu(),
                 .tree = pdu_.tree(),
                 .octets = pdu_.octets(),
                 .frame = {frame, 0},
                 .frames = {}} {
    if (pdu_.pdu().kind == mmsa::PduKind::confirmed_request) message_.request_view = &pdu_;
  }
  Message(Octets octets, Octets request, std::uint64_t request_frame = 1)
      : Message(std::move(octets), request_frame + 1) {
    request_ = std::make_unique<Pdu>(std::move(request));
    pending_.invoke_id = request_->pdu().invoke_id.value_or(0);
    pending_.service = request_->pdu().service;
    pending_.frame = {request_frame, 0};
    pending_.octets = request_->octets();
    message_.request = &pending_;
    message_.request_view = request_.get();
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  const mmsa::MmsMessage& operator*() const { return message_; }
  const mmsa::MmsMessage* operator->() const { return &message_; }

 private:
  Pdu pdu_;
  std::unique_ptr<Pdu> request_;
  mmsa::PendingRequest pending_;
  mmsa::MmsMessage message_;
};

}  // namespace wire
