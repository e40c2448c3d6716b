#define PCRE2_CODE_UNIT_WIDTH 8
#include "filter/regex.h"

#include <pcre2.h>

#include <new>
#include <stdexcept>

namespace mmsa::filter {
namespace {

// Steps of one search: a pattern that is searched in a reasonable way needs a few for each octet of
// the largest PDU; one that backtracks without end would stop the program.
constexpr std::uint32_t kMostSteps = 1'000'000;

}  // namespace

struct Regex::State {
  pcre2_code* code = nullptr;
  pcre2_match_data* match = nullptr;
  pcre2_match_context* limits = nullptr;

  ~State() {
    pcre2_match_context_free(limits);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
  }
};

Regex::Regex(const std::string& pattern) : state_(std::make_unique<State>()) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  state_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                               PCRE2_CASELESS | PCRE2_NEVER_UTF, &error, &offset, nullptr);
  if (state_->code == nullptr) {
    PCRE2_UCHAR message[256] = {};
    pcre2_get_error_message(error, message, sizeof message);
    throw std::invalid_argument(std::string(reinterpret_cast<const char*>(message)) +
                                " at its octet " + std::to_string(offset));
  }
  state_->match = pcre2_match_data_create(1, nullptr);
  state_->limits = pcre2_match_context_create(nullptr);
  if (state_->match == nullptr || state_->limits == nullptr) throw std::bad_alloc();
  pcre2_set_match_limit(state_->limits, kMostSteps);
}

Regex::~Regex() = default;

bool Regex::search(Bytes octets) const {
  static constexpr std::uint8_t kNothing = 0;
  const std::uint8_t* const begin = octets.empty() ? &kNothing : octets.data();
  const int result =
      pcre2_match(state_->code, begin, octets.size(), 0, 0, state_->match, state_->limits);
  if (result < 0 && result != PCRE2_ERROR_NOMATCH) ++given_up_;
  return result >= 0;
}

}  // namespace mmsa::filter
