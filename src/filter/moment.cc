// Moments as people write them.
#include <cmath>
#include <ctime>

#include "filter/selection.h"

namespace mmsa::filter {
namespace {

constexpr TimeNs kMinute = 60 * kNsPerSecond;
constexpr TimeNs kHour = 60 * kMinute;
constexpr TimeNs kDay = 24 * kHour;

// Takes pieces of a text from its front.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A number of exactly so many digits, at most `most`.
  bool take(std::size_t digits, int most, int& out) {
    if (rest_.size() < digits) return false;
    out = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      out = out * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return out <= most;
  }
  // ".8" as nanoseconds; digits beyond the ninth are read and dropped.
  bool take_fraction(TimeNs& out) {
    TimeNs unit = kNsPerSecond;
    bool any = false;
    out = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      unit /= 10;
      out += unit * (rest_.front() - '0');
      rest_.remove_prefix(1);
      any = true;
    }
    return any;
  }

 private:
  std::string_view rest_;
};

// "20:46", "20:46:31", "20:46:31.867"
bool take_clock(Reader& reader, Moment& moment) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  TimeNs fraction = 0;
  if (!reader.take(2, 23, hour) || !reader.take(':') || !reader.take(2, 59, minute)) return false;
  moment.minute_or_second = true;
  if (reader.take(':')) {
    if (!reader.take(2, 60, second)) return false;
    if (reader.take('.')) {
      if (!reader.take_fraction(fraction)) return false;
      moment.minute_or_second = false;
    }
  }
  moment.value += hour * kHour + minute * kMinute + second * kNsPerSecond + fraction;
  return true;
}

bool take_date(Reader& reader, TimeNs& out) {
  int year = 0;
  int month = 0;
  int day = 0;
  if (!reader.take(4, 9999, year) || !reader.take('-') || !reader.take(2, 12, month) ||
      !reader.take('-') || !reader.take(2, 31, day) || month == 0 || day == 0 || year < 1970) {
    return false;
  }
  std::tm date{};
  date.tm_year = year - 1900;
  date.tm_mon = month - 1;
  date.tm_mday = day;
  const std::time_t seconds = ::timegm(&date);
  constexpr std::int64_t kLatest = INT64_MAX / kNsPerSecond - 86'400 * 2;
  if (date.tm_mday != day || seconds > kLatest) return false;
  out = static_cast<TimeNs>(seconds) * kNsPerSecond;
  return true;
}

TimeNs offset_of_local(TimeNs time) {
  const std::time_t seconds = static_cast<std::time_t>(time / kNsPerSecond);
  std::tm local{};
  return localtime_r(&seconds, &local) != nullptr ? local.tm_gmtoff * kNsPerSecond : 0;
}

// "Z", "+01:00"; nothing: UTC, or local.
bool take_zone(Reader& reader, Moment& moment) {
  if (reader.done() || reader.take('Z') || reader.take('z')) return true;
  const bool ahead = reader.take('+');
  if (!ahead && !reader.take('-')) return false;
  int hours = 0;
  int minutes = 0;
  if (!reader.take(2, 23, hours) || !reader.take(':') || !reader.take(2, 59, minutes)) return false;
  const TimeNs offset = hours * kHour + minutes * kMinute;
  moment.value -= ahead ? offset : -offset;
  moment.local = false;
  return true;
}

std::optional<Moment> parse_absolute(std::string_view text, bool local) {
  Moment moment;
  Reader reader(text);
  if (!take_date(reader, moment.value)) return std::nullopt;
  if (!reader.take('T') && !reader.take('t') && !reader.take(' ')) return std::nullopt;
  if (!take_clock(reader, moment)) return std::nullopt;
  moment.local = local && reader.done();
  if (!take_zone(reader, moment) || !reader.done()) return std::nullopt;
  return moment;
}

std::optional<Moment> parse_time_of_day(std::string_view text, bool local) {
  Moment moment;
  moment.kind = Moment::Kind::time_of_day;
  moment.local = local;
  Reader reader(text);
  if (!take_clock(reader, moment) || !reader.done()) return std::nullopt;
  return moment;
}

std::optional<Moment> parse_relative(std::string_view text) {
  constexpr double kMost = 1e9;
  Moment moment;
  moment.kind = Moment::Kind::relative;
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string number(text);
  char* end = nullptr;
  const double seconds = std::strtod(number.c_str(), &end);
  if (*end != '\0' || end == number.c_str() || seconds > kMost) return std::nullopt;
  moment.value = static_cast<TimeNs>(std::llround(seconds * static_cast<double>(kNsPerSecond)));
  return moment;
}

}  // namespace

std::optional<Moment> Moment::parse(std::string_view text, bool local) {
  if (const auto absolute = parse_absolute(text, local)) return absolute;
  if (const auto clock = parse_time_of_day(text, local)) return clock;
  return parse_relative(text);
}

TimeNs Moment::resolve(TimeNs first) const {
  if (kind == Kind::relative) return first + value;
  if (kind == Kind::absolute) return local ? value - offset_of_local(value) : value;
  const TimeNs offset = local ? offset_of_local(first) : 0;
  const TimeNs midnight = (first + offset) / kDay * kDay;
  TimeNs time = midnight + value - offset;
  if (time < first - kDay / 2) time += kDay;
  return time;
}

}  // namespace mmsa::filter
