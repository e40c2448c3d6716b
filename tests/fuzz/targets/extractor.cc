// Names and octets of transferred files through the extractor: whatever they are, each becomes a
// regular file in the directory, with the octets that were given, and nothing else changes.
#include "files/extractor.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "files/comtrade.h"
#include "fuzz/input.h"
#include "fuzz/targets.h"

namespace mmsa::fuzz {
namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

// A directory of its own for each process, emptied after each input.
const std::string& directory() {
  static const std::string path = [] {
    std::string pattern = "/tmp/mmsa_fuzz_extract_XXXXXX";
    check(::mkdtemp(pattern.data()) != nullptr);
    return pattern;
  }();
  return path;
}

std::size_t remove_all(const std::string& path) {
  std::size_t count = 0;
  DIR* const dir = ::opendir(path.c_str());
  check(dir != nullptr);
  while (const dirent* entry = ::readdir(dir)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    ++count;
    check(::unlink((path + "/" + name).c_str()) == 0);
  }
  ::closedir(dir);
  return count;
}

void check_name(const std::string& name) {
  check(!name.empty() && name.size() <= 255);
  check(name.front() != '.' && name.front() != '-');
  for (const char c : name) check(c > ' ' && c < 0x7F && c != '/' && c != '\\');
}

}  // namespace

void fuzz_extractor(Bytes input) {
  Input in(input);
  std::size_t made = 0;
  {
    files::Extractor extractor(directory());
    for (int i = 0; i < 16 && !in.at_end(); ++i) {
      const std::uint8_t flags = in.u8();
      const Bytes wire = in.take(in.u8());
      const Bytes content = in.take(in.u8());
      check_name(files::safe_file_name(as_text(wire)));
      files::read_comtrade(as_text(content));
      files::comtrade_record(as_text(wire));
      const std::string name = extractor.create(as_text(wire));
      check_name(name);
      ++made;
      extractor.append(name, content.first(content.size() / 2));
      extractor.append(name, content.subspan(content.size() / 2));
      const std::string saved =
          (flags & 1) != 0 ? extractor.complete(name) : files::Extractor::partial(name);
      struct stat told {};
      check(::lstat((directory() + "/" + saved).c_str(), &told) == 0);
      check(S_ISREG(told.st_mode) && static_cast<std::size_t>(told.st_size) == content.size());
    }
  }
  check(remove_all(directory()) == made);
}

}  // namespace mmsa::fuzz
