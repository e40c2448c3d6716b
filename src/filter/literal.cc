#include "filter/literal.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <ctime>

namespace mmsa::filter {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes decimal digits, at most `most`, from the front.
std::optional<int> take_number(std::string_view& text, std::size_t most) {
  std::size_t digits = 0;
  int number = 0;
  while (digits < text.size() && digits < most && is_digit(text[digits])) {
    number = number * 10 + (text[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Nanoseconds of ".123", nothing taken where there is no fraction.
TimeNs take_fraction(std::string_view& text) {
  if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return 0;
  text.remove_prefix(1);
  TimeNs unit = kNsPerSecond / 10;
  TimeNs fraction = 0;
  while (!text.empty() && is_digit(text.front())) {
    fraction += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return fraction;
}

constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool take_date(std::string_view& text, std::tm& parts) {
  for (int month = 0; month < 12; ++month) {
    if (!text.starts_with(kMonths[month])) continue;
    text.remove_prefix(3);
    while (take(text, ' ')) {
    }
    const auto day = take_number(text, 2);
    if (!day || !take(text, ", ")) return false;
    const auto year = take_number(text, 4);
    if (!year) return false;
    parts.tm_mday = *day;
    parts.tm_mon = month;
    parts.tm_year = *year - 1900;
    return true;
  }
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return false;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return false;
  const auto day = take_number(text, 2);
  if (!day) return false;
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  return *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31;
}

bool take_time_of_day(std::string_view& text, std::tm& parts) {
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return false;
  const auto minute = take_number(text, 2);
  if (!minute) return false;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  if (take(text, ':')) {
    const auto second = take_number(text, 2);
    if (!second) return false;
    parts.tm_sec = *second;
  }
  return parts.tm_hour < 24 && parts.tm_min < 60 && parts.tm_sec <= 60;
}

// Within what nanoseconds since 1970 can hold.
bool in_range(std::int64_t seconds) { return seconds > -9'223'372'036 && seconds < 9'223'372'036; }

}  // namespace

std::optional<std::int64_t> read_integer(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.starts_with("0b") || text.starts_with("0B")) {
    base = 2;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  std::int64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || result.ec != std::errc() || result.ptr != text.data() + text.size() ||
      text.front() == '-') {
    return std::nullopt;
  }
  return negative ? -number : number;
}

std::optional<TimeNs> read_duration(std::string_view text) {
  const bool negative = take(text, '-');
  if (!negative) take(text, '+');
  std::int64_t seconds = 0;
  if (text.empty() || text.front() != '.') {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (result.ec != std::errc() || result.ptr == text.data() || seconds < 0 ||
        !in_range(seconds)) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
  }
  const TimeNs fraction = take_fraction(text);
  if (!text.empty()) return std::nullopt;  // a point without digits too
  const TimeNs duration = seconds * kNsPerSecond + fraction;
  return negative ? -duration : duration;
}

std::optional<TimeNs> read_time(std::string_view text) {
  if (const auto epoch = read_duration(text)) return epoch;
  std::tm parts{};
  if (!take_date(text, parts)) return std::nullopt;
  TimeNs fraction = 0;
  if (take(text, ' ') || take(text, 'T')) {
    if (!take_time_of_day(text, parts)) return std::nullopt;
    fraction = take_fraction(text);
  }
  const bool utc = take(text, 'Z') || take(text, " UTC") || take(text, "UTC");
  if (!text.empty()) return std::nullopt;
  parts.tm_isdst = -1;
  const std::time_t seconds = utc ? ::timegm(&parts) : std::mktime(&parts);
  if (!in_range(seconds)) return std::nullopt;
  return static_cast<TimeNs>(seconds) * kNsPerSecond + fraction;
}

std::optional<std::string> read_octets(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  std::string octets;
  char separator = '\0';
  while (!text.empty()) {
    const int high = hex_digit(text[0]);
    if (high < 0) return std::nullopt;
    const int low = text.size() > 1 ? hex_digit(text[1]) : -1;
    octets.push_back(static_cast<char>(low < 0 ? high : high * 16 + low));
    text.remove_prefix(low < 0 ? 1 : 2);
    if (text.empty()) break;
    if (text[0] == ':' || text[0] == '-' || text[0] == '.') {
      if (separator != '\0' && separator != text[0]) return std::nullopt;
      separator = text[0];
      text.remove_prefix(1);
    } else if (low < 0) {
      return std::nullopt;  // half an octet in the middle
    }
  }
  if (octets.empty()) return std::nullopt;
  return octets;
}

std::optional<Network> read_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Network network;
  int most = 32;
  if (::inet_pton(AF_INET, address.c_str(), network.address.octets.data()) != 1) {
    if (::inet_pton(AF_INET6, address.c_str(), network.address.octets.data()) != 1) {
      return std::nullopt;
    }
    network.address.is_v6 = true;
    most = 128;
  }
  network.prefix = most;
  if (slash == std::string_view::npos) return network;
  const std::string_view bits = text.substr(slash + 1);
  const auto result = std::from_chars(bits.data(), bits.data() + bits.size(), network.prefix);
  if (bits.empty() || result.ec != std::errc() || result.ptr != bits.data() + bits.size() ||
      network.prefix < 0 || network.prefix > most) {
    return std::nullopt;
  }
  return network;
}

bool read_generalized_time(std::string_view text, TimeNs& time) {
  std::tm parts{};
  int values[6] = {};
  const std::size_t digits[6] = {4, 2, 2, 2, 2, 2};
  for (int i = 0; i < 6; ++i) {
    const auto number = take_number(text, digits[i]);
    if (!number) {
      if (i < 4) return false;  // minutes and seconds may be left out
      break;
    }
    values[i] = *number;
  }
  parts.tm_year = values[0] - 1900;
  parts.tm_mon = values[1] - 1;
  parts.tm_mday = values[2];
  parts.tm_hour = values[3];
  parts.tm_min = values[4];
  parts.tm_sec = values[5];
  const TimeNs fraction = take_fraction(text);
  std::int64_t seconds = ::timegm(&parts);
  if (text.starts_with('+') || text.starts_with('-')) {
    const bool east = text.front() == '+';
    text.remove_prefix(1);
    const auto hours = take_number(text, 2);
    const auto minutes = take_number(text, 2);
    const int offset = hours.value_or(0) * 3600 + minutes.value_or(0) * 60;
    seconds += east ? -offset : offset;
  }
  if (!in_range(seconds)) return false;
  time = seconds * kNsPerSecond + fraction;
  return true;
}

}  // namespace mmsa::filter
