#include "output/spool.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace mmsa::output {
namespace {

std::string folder() {
  const char* named = std::getenv("TMPDIR");
  return named == nullptr || *named == '\0' ? "/tmp" : named;
}

// Readable for its owner only, and without a name as soon as it is open, so that nothing of it is
// left whatever happens.
std::FILE* open_nameless() {
  std::string path = folder() + "/mmsanalyze-XXXXXX";
  const int descriptor = ::mkstemp(path.data());
  if (descriptor >= 0) ::unlink(path.c_str());
  std::FILE* const file = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w+b");
  if (file == nullptr) throw OutputError("no temporary file can be made in " + folder());
  return file;
}

}  // namespace

Spool::~Spool() {
  if (file_ != nullptr) std::fclose(file_);
}

void Spool::flush_if_full() {
  if (buffer_.size() < kInMemory) return;
  if (file_ == nullptr) file_ = open_nameless();
  if (std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) {
    throw OutputError("a temporary file can not be written: is the disk of " + folder() + " full?");
  }
  in_file_ += buffer_.size();
  buffer_.clear();
}

void Spool::leave_gap(std::uint32_t number) {
  gaps_.push_back({in_file_ + buffer_.size(), number});
}

void Spool::drain(Output& out, const std::function<void(std::uint32_t, std::string&)>& fill) {
  std::uint64_t at = 0;
  std::size_t gap = 0;
  const auto put = [&](const char* text, std::size_t size) {
    std::size_t done = 0;
    while (gap < gaps_.size() && gaps_[gap].at <= at + size) {
      const auto end = static_cast<std::size_t>(gaps_[gap].at - at);
      out.buffer().append(text + done, end - done);
      fill(gaps_[gap].number, out.buffer());
      done = end;
      ++gap;
    }
    out.buffer().append(text + done, size - done);
    at += size;
    out.flush_if_full();
  };
  if (file_ != nullptr) {
    std::rewind(file_);
    std::array<char, 1 << 16> block;
    for (std::uint64_t left = in_file_; left > 0;) {
      const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
      if (std::fread(block.data(), 1, wanted, file_) != wanted) {
        throw OutputError("the temporary file in /tmp can not be read");
      }
      put(block.data(), wanted);
      left -= wanted;
    }
  }
  put(buffer_.data(), buffer_.size());
  buffer_.clear();
  gaps_.clear();
}

}  // namespace mmsa::output
