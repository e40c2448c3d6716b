#include "progress.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace mmsa {
namespace {

// One line, once the work has taken longer than a second.
void show_progress(std::uint64_t done, std::uint64_t total) {
  using Clock = std::chrono::steady_clock;
  static const Clock::time_point started = Clock::now();
  static Clock::time_point shown = started;
  const Clock::time_point now = Clock::now();
  if (now - started < std::chrono::seconds(1) || now - shown < std::chrono::milliseconds(200)) {
    return;
  }
  shown = now;
  if (total > 0) {
    std::fprintf(stderr, "\r%3d %%", static_cast<int>(done * 100 / total));
  } else {
    std::fprintf(stderr, "\r%llu MB", static_cast<unsigned long long>(done >> 20));
  }
}

}  // namespace

Progress progress_for_terminal() { return ::isatty(STDERR_FILENO) == 1 ? show_progress : nullptr; }

void end_progress() {
  if (::isatty(STDERR_FILENO) == 1) std::fputs("\r\033[K", stderr);
}

}  // namespace mmsa
