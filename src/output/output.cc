#include "output/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace mmsa::output {
namespace {

// The file that a symbolic link leads to is replaced, not the link: /dev/stdout is one, and a file
// of a temporary name has no place beside it.
std::string behind_links(const std::string& path) {
  char* resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string target = resolved;
  std::free(resolved);
  return target;
}

}  // namespace

Output::Output(std::string path) : path_(std::move(path)) {
  if (path_ == "-") path_.clear();
  buffer_.reserve(kFlushAt * 2);
  if (path_.empty()) return;
  target_ = path_;
  struct stat existing {};
  const bool exists = ::stat(path_.c_str(), &existing) == 0;
  if (exists && !S_ISREG(existing.st_mode)) {
    // A device or a pipe can not be replaced by a rename: written in place.
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    if (exists) target_ = behind_links(path_);
    temporary_ = target_ + ".XXXXXX";
    fd_ = ::mkstemp(temporary_.data());
    if (fd_ >= 0) {
      const mode_t mask = ::umask(0);
      ::umask(mask);
      ::fchmod(fd_, exists ? existing.st_mode & 0777 : 0666 & ~mask);
    } else {
      temporary_.clear();
    }
  }
  if (fd_ < 0) throw OutputError(path_ + ": " + std::strerror(errno));
}

Output::~Output() {
  if (!path_.empty() && fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void Output::flush() {
  std::size_t done = 0;
  while (done < buffer_.size()) {
    const ssize_t n = ::write(fd_, buffer_.data() + done, buffer_.size() - done);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno == EPIPE) {
      throw OutputClosed();
    } else if (errno != EINTR) {
      throw OutputError((path_.empty() ? "standard output" : path_) + ": " + std::strerror(errno));
    }
  }
  buffer_.clear();
}

void Output::finish() {
  flush();
  if (path_.empty()) return;
  const int fd = fd_;
  fd_ = -1;
  if (::close(fd) != 0) throw OutputError(path_ + ": " + std::strerror(errno));
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    throw OutputError(path_ + ": " + std::strerror(errno));
  }
  temporary_.clear();
}

}  // namespace mmsa::output
