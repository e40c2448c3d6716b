// Runs files through a fuzz target without libFuzzer:
//   fuzz_replay [--rss-mb=N] [--seconds=N] TARGET PATH...
// A PATH is a file or a folder of files. Each file is run once, after its name was told; a property
// that does not hold aborts, and so does a run that takes longer or needs more memory than allowed.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/properties.h"
#include "fuzz/targets.h"

namespace {

namespace fs = std::filesystem;

struct Limits {
  long rss_mb = 0;  // 0: none
  unsigned seconds = 0;
};

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

long peak_mb() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

// The input is copied to a block of its exact size, so that the sanitizer sees a read behind it.
void run(const mmsa::fuzz::Target& target, const fs::path& file, const Limits& limits) {
  std::ifstream stream(file, std::ios::binary);
  const std::string octets{std::istreambuf_iterator<char>(stream), {}};
  const std::vector<std::uint8_t> input(octets.begin(), octets.end());
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  alarm(limits.seconds);
  target.run(input);
  alarm(0);
  if (limits.rss_mb != 0) mmsa::fuzz::require(peak_mb() <= limits.rss_mb, "memory is limited");
}

// The value of an option `name`=N, or nothing.
const char* option_value(std::string_view argument, std::string_view name) {
  return argument.starts_with(name) ? argument.data() + name.size() : nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  Limits limits;
  int at = 1;
  for (; at < argc; ++at) {
    if (const char* megabytes = option_value(argv[at], "--rss-mb=")) {
      limits.rss_mb = std::atol(megabytes);
    } else if (const char* seconds = option_value(argv[at], "--seconds=")) {
      limits.seconds = static_cast<unsigned>(std::atol(seconds));
    } else {
      break;
    }
  }
  const mmsa::fuzz::Target* target = at < argc ? mmsa::fuzz::find_target(argv[at]) : nullptr;
  if (target == nullptr || at + 1 >= argc) {
    std::fputs("usage: fuzz_replay [--rss-mb=N] [--seconds=N] TARGET PATH...\n", stderr);
    return 2;
  }
  std::size_t count = 0;
  for (int i = at + 1; i < argc; ++i) {
    for (const fs::path& file : files_of(argv[i])) {
      run(*target, file, limits);
      ++count;
    }
  }
  std::printf("%zu inputs, %ld MB\n", count, peak_mb());
  return count == 0 ? 1 : 0;
}
