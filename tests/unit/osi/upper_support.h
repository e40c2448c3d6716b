// Session and above without the layers below: one TSDU after the other.
#pragma once

#include <stdexcept>

#include "osi/upper_layers.h"
#include "support.h"

namespace mmsa::osi::test {

struct Upper {
  StackOptions options;
  RecordingSink sink;
  UndecodedCounters undecoded;
  Shared shared{options, looks_like_mms, sink, undecoded, {}};
  Association association;
  UpperLayers layers{association, shared};
  TsduContent content;

  // Steps and PDUs as text: "CN AARQ A8/3".
  std::string decode(const Octets& tsdu, bool cut = false, Side sender = Side::a) {
    octets = tsdu;
    if (cut) {
      layers.decode_cut(sender, octets, content);
    } else {
      layers.decode(sender, octets, content);
    }
    std::string out;
    const auto add = [&out](const std::string& word) { out += (out.empty() ? "" : " ") + word; };
    for (const Step step : content.steps) add(name_of(step));
    for (const FoundPdu& pdu : content.pdus) {
      add(to_hex(pdu.octets.first(1)) + "/" + std::to_string(pdu.context));
    }
    if (content.foreign) add("foreign");
    return out;
  }
  std::string error() const {
    if (!content.error) return "none";
    return std::string(layer_name(content.error->layer)) + " " + content.error->field + " @" +
           std::to_string(content.error->offset);
  }

 private:
  Octets octets;  // the views in `content` point into it
};

inline std::size_t find(const Octets& in, const Octets& what) {
  return static_cast<std::size_t>(std::search(in.begin(), in.end(), what.begin(), what.end()) -
                                  in.begin());
}

inline Octets replace(Octets in, const Octets& what, const Octets& with) {
  const std::size_t at = find(in, what);
  if (at == in.size() || what.size() != with.size()) throw std::logic_error("nothing to replace");
  std::copy(with.begin(), with.end(), in.begin() + static_cast<std::ptrdiff_t>(at));
  return in;
}

}  // namespace mmsa::osi::test
