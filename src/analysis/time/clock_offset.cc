#include "analysis/time/clock_offset.h"

#include <fmt/format.h>

#include "analysis/advice.h"
#include "analysis/wording.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

// Less is the network, or a report that waited.
constexpr TimeNs kLeastOffset = kNsPerSecond;
constexpr TimeNs kMinute = 60 * kNsPerSecond;
constexpr TimeNs kHour = 60 * kMinute;
constexpr TimeNs kDay = 24 * kHour;
// Time zones are whole quarters of an hour, within this of UTC.
constexpr TimeNs kZoneStep = kHour / 4;
constexpr TimeNs kMostZone = 14 * kHour;
// A clock that is set to another time zone may drift besides.
constexpr TimeNs kZoneSpread = kMinute;
// GPS and TAI are ahead of UTC by these leap seconds (since 2017).
constexpr TimeNs kGps = 18 * kNsPerSecond;
constexpr TimeNs kTai = 37 * kNsPerSecond;

constexpr Advice kNeverSet{
    "The server's clock was never set, or lost its time when it was switched off. Or the clock of "
    "the capturing computer is ahead.",
    "See in the two dates which clock is wrong. The server's: set it and give it a time source; "
    "until then its event times are worth nothing. The capturing computer's: set it."};
constexpr Advice kDaysAhead{
    "The clock of the capturing computer was never set or lost its time, or the server's was set "
    "to a wrong date.",
    "See in the two dates which clock is wrong, and set it."};
// Blocks may collect changes for so long (BufTm) without anyone knowing.
constexpr TimeNs kMostBufTm = kMinute;
constexpr Advice kSomeSeconds{
    "The server's clock or that of the capturing computer is off: no time source, or a wrong one. "
    "Or the blocks of the server collect changes for this long before they report (BufTm).",
    "See whether all servers differ by the same amount: then set the clock of the capturing "
    "computer. If only this one does, check its time source and BufTm of its blocks."};
constexpr Advice kZone{
    "A time zone or daylight saving time is wrong, at the server or at the capturing computer: "
    "times in IEC 61850 are UTC.",
    "See whether all servers differ by the same amount: then correct the capturing computer. If "
    "only this one does, correct its time zone; its clock must run in UTC."};
constexpr Advice kLeapSeconds{
    "The server sends GPS or TAI time as if it were UTC: the leap seconds are missing.",
    "Correct the setting of the time source or of its receiver in the device."};
constexpr Advice kDrift{
    "The clock of the capturing computer or the server's is off: no time source, or a wrong one.",
    "See whether all servers differ by the same amount: then set the clock of the capturing "
    "computer. If only this one does, check its time source."};

bool near(TimeNs a, TimeNs b, TimeNs spread) { return a - b <= spread && b - a <= spread; }

std::string date_text(TimeNs time) {
  std::string text;
  text::append_rfc3339(text, time, 0);
  return text.substr(0, 10);
}

const Advice& advice_for(TimeNs behind) {
  const TimeNs size = behind < 0 ? -behind : behind;
  if (size > kDay) return behind > 0 ? kNeverSet : kDaysAhead;
  if (near(-behind, kGps, kLeastOffset) || near(-behind, kTai, kLeastOffset)) return kLeapSeconds;
  const TimeNs zone = (size + kZoneStep / 2) / kZoneStep * kZoneStep;
  if (zone != 0 && zone <= kMostZone && near(size, zone, kZoneSpread)) return kZone;
  return behind > 0 && behind <= kMostBufTm ? kSomeSeconds : kDrift;
}

}  // namespace

void raise_clock_offset(Context& context) {
  if (context.clock == nullptr) return;
  const auto offset = context.clock->offset();
  if (!offset) return;
  const TimeNs behind = offset->behind;
  const TimeNs size = behind < 0 ? -behind : behind;
  if (size <= kLeastOffset) return;
  Finding* f =
      context.findings.raise("clock-offset", context.association, offset->first).of_server().put();
  if (f == nullptr) return;
  f->count = 1;  // the clock is one
  f->message = fmt::format("The server's clock is {} {} the capture's", duration_text(size),
                           behind > 0 ? "behind" : "ahead of");
  if (size > kDay) {
    f->message += fmt::format(": in frame {} it shows {}, and the capture {}", offset->first.number,
                              date_text(offset->shown), date_text(offset->first.time));
  }
  f->message += offset->changed
                    ? fmt::format("; so up to frame {}, it was set meanwhile.", offset->last.number)
                    : ".";
  f->evidence.set("offset_s", static_cast<double>(-behind / kNsPerMs) / 1e3);
  f->evidence.set("samples", offset->samples);
  use_advice(*f, advice_for(behind));
}

}  // namespace mmsa::analysis
