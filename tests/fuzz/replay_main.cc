// Runs files through fuzz targets without libFuzzer: fuzz_replay TARGET PATH...
// A PATH is a file or a folder of files. Each file is run once; a property that does not hold
// aborts, after the name of the file was told.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/targets.h"

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Copied to a block of its exact size, so that the sanitizer sees a read behind it.
void run(const mmsa::fuzz::Target& target, const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string octets{std::istreambuf_iterator<char>(stream), {}};
  const std::vector<std::uint8_t> input(octets.begin(), octets.end());
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  target.run(input);
}

}  // namespace

int main(int argc, char** argv) {
  const mmsa::fuzz::Target* target = argc >= 3 ? mmsa::fuzz::find_target(argv[1]) : nullptr;
  if (target == nullptr) {
    std::fputs("usage: fuzz_replay TARGET PATH...\n", stderr);
    return 2;
  }
  std::size_t count = 0;
  for (int i = 2; i < argc; ++i) {
    for (const fs::path& file : files_of(argv[i])) {
      run(*target, file);
      ++count;
    }
  }
  std::printf("%zu inputs\n", count);
  return count == 0 ? 1 : 0;
}
