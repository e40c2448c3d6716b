#include "analysis/wording.h"

#include <fmt/format.h>

#include <cmath>

namespace mmsa::analysis {

double seconds_between(FrameRef from, FrameRef to) {
  if (from.number == 0 || to.number == 0) return 0;
  // Milliseconds are what a person compares; they also keep the printed figure short.
  return std::round(static_cast<double>(elapsed(from, to)) / 1e6) / 1e3;
}

FrameRef first_of(std::initializer_list<FrameRef> frames) {
  for (const FrameRef& frame : frames) {
    if (frame.number != 0) return frame;
  }
  return {};
}

double milliseconds_between(FrameRef from, FrameRef to) {
  if (from.number == 0 || to.number == 0) return 0;
  return std::round(static_cast<double>(elapsed(from, to)) / 1e3) / 1e3;
}

std::string duration_text(TimeNs time) {
  const double seconds = static_cast<double>(time) / 1e9;
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1e3);
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  if (seconds < 600) return fmt::format("{:.0f} s", seconds);
  // Three digits at most; one decimal, but no ".0".
  const auto units = [](double count, std::string_view unit) {
    const double tenths = std::round(count * 10) / 10;
    return fmt::format("{:.{}f} {}", tenths, tenths < 100 && tenths != std::floor(tenths) ? 1 : 0,
                       unit);
  };
  constexpr double kHour = 3600;
  constexpr double kDay = 24 * kHour;
  constexpr double kYear = 365.25 * kDay;
  if (seconds < kHour - 3) return units(seconds / 60, "min");
  if (seconds < 2 * kDay) return units(seconds / kHour, "h");
  if (seconds < 2 * kYear) return units(seconds / kDay, "days");
  return units(seconds / kYear, "years");
}

std::string idle_text(FrameRef last, FrameRef now) {
  if (last.number == 0 || now.number < last.number) return {};
  return fmt::format(", {} after the last MMS message", duration_text(elapsed(last, now)));
}

std::string object_text(const ObjectName& name) {
  std::string out;
  if (name.scope == ObjectName::Scope::domain) {
    out += name.domain;
    out += '/';
  } else if (name.scope == ObjectName::Scope::association) {
    out += '@';
  }
  out += name.item;
  return out;
}

std::string_view close_name(CloseKind kind) {
  switch (kind) {
    case CloseKind::fin:
      return "fin";
    case CloseKind::rst:
      return "rst";
    case CloseKind::reused:
      return "port reused";
    case CloseKind::evicted:
      return "evicted";
    case CloseKind::capture_end:
      return "open at the end";
  }
  return "";
}

}  // namespace mmsa::analysis
