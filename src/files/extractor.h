// Writes transferred files into one directory, whatever the names that the wire gives them.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "mmsanalyze/bytes.h"

namespace mmsa::files {

// The directory can not be opened, or a file in it can not be written. what() is one line.
class ExtractError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A name for the directory of a name on the wire: one component, printable ASCII, at most 200
// characters, nothing that a shell or a file system gives a meaning. "COMTRADE/FRA1.cfg" becomes
// "COMTRADE_FRA1.cfg".
std::string safe_file_name(std::string_view wire);

class Extractor {
 public:
  // Makes the directory where there is none. Throws ExtractError.
  explicit Extractor(const std::string& directory);
  ~Extractor();
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  // Makes a new file "NAME.partial" and returns NAME, which differs from the safe name where
  // there is one of it already. Empty once kMaxFiles were made. Throws ExtractError.
  std::string create(std::string_view wire_name);
  // Appends to the file that create() named. Throws ExtractError.
  void append(const std::string& name, Bytes octets);
  // Gives the file its name and returns the one it has: "NAME", or "NAME.partial" where that can
  // not be, because somebody made a NAME meanwhile.
  std::string complete(const std::string& name);

  static std::string partial(const std::string& name) { return name + ".partial"; }
  // Files that were not made because there are so many.
  std::uint64_t left_out() const { return left_out_; }

 private:
  // A capture can be made to begin a million transfers.
  static constexpr std::uint64_t kMaxFiles = 65'536;

  std::string directory_;
  int fd_ = -1;
  std::map<std::string, unsigned> next_;  // number of a name that was made, by safe name
  std::uint64_t made_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace mmsa::files
