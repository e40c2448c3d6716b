// A display filter, and PDUs that it is asked about.
#include "filter/filter.h"

#include <algorithm>
#include <string>

#include "filter/filtered_sink.h"
#include "fuzz/input.h"
#include "fuzz/properties.h"
#include "fuzz/targets.h"
#include "iec61850/meaning.h"
#include "mms/message_decoder.h"
#include "support/association.h"

namespace mmsa::fuzz {
namespace {

// Regular expressions may take their million steps for each value: few PDUs are enough.
constexpr int kMostPdus = 16;

// Asks the filter and its negation.
class Asked : public iec61850::ExchangeSink {
 public:
  Asked(const filter::Filter& filter, const filter::Filter& negation)
      : filter_(filter), negation_(negation) {}

  void on(const Association&, const iec61850::Event& event) override {
    const auto* exchange = std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event);
    if (exchange == nullptr) return;
    const filter::Subject subject{*exchange, 0, nullptr, scratch_};
    const bool selected = filter_.matches(subject);
    require(filter_.matches(subject) == selected, "a filter answers the same every time");
    require(negation_.matches(subject) != selected, "a negation answers the opposite");
  }

 private:
  const filter::Filter& filter_;
  const filter::Filter& negation_;
  std::string scratch_;
};

void check_error(const filter::FilterError& error, std::string_view text) {
  require(error.column <= text.size() && error.length >= 1, "a fault lies in the filter");
  const std::string marked = error.marked(text);
  const std::size_t line = marked.find('\n');
  require(line != std::string::npos && marked.find('\n', line + 1) == std::string::npos,
          "a filter and its mark are two lines");
  require_printable(marked.substr(0, line));
  require(marked.find_first_not_of(" ^~", line + 1) == std::string::npos, "a mark is a mark");
}

void ask(const filter::Filter& filter, const filter::Filter& negation, Input& in) {
  iec61850::ServerModels models;
  Asked asked(filter, negation);
  iec61850::Meaning meaning(models, {&asked});
  mms::MessageDecoder decoder(meaning);
  test::TestAssociation fixture;
  fixture.association.carries = Association::Carries::mms;
  FrameRef frame{1, kNsPerSecond, 0};
  for (int i = 0; i < kMostPdus && !in.at_end(); ++i) {
    const std::uint8_t flags = in.u8();
    const std::size_t length = in.u16();
    frame = {frame.number + 1, frame.time + kNsPerMs, frame.clock + kNsPerMs};
    PduUnit unit;
    unit.octets = in.take(length);
    unit.sender = (flags & 1) != 0 ? Side::b : Side::a;
    unit.frame = frame;
    decoder.on(fixture.association, unit);
  }
}

}  // namespace

// The input is an octet with the length of the filter, the filter, and PDUs, each behind an octet
// of flags and two of its length.
void fuzz_filter(Bytes input) {
  Input in(input);
  const std::size_t length = in.u8();
  const std::string text(as_text(in.take(length)));
  try {
    const filter::Filter filter(text);
    const filter::Filter negation("not (" + text + ")");
    ask(filter, negation, in);
  } catch (const filter::FilterError& error) {
    // One more parenthesis may be one too many.
    if (error.column < text.size() ||
        std::string_view(error.what()).find("too many") == std::string_view::npos) {
      check_error(error, text);
    }
  }
}

}  // namespace mmsa::fuzz
