// Every file is opened below the descriptor of the directory, by a name of one component, never
// through a link and never one that exists: what was there before stays as it is.
#include "files/extractor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mmsa::files {
namespace {

constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxExtension = 16;
// Names with a number that are tried where there is a file of the name: of a capture that is
// extracted twice into one directory, or of a file that was transferred again and again.
constexpr unsigned kMaxTries = 100'000;

[[noreturn]] void fail(const std::string& what) {
  throw ExtractError("--extract: " + what + ": " + std::strerror(errno));
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '+' || c == '@' || c == '~' || c == '#' || c == ',' ||
         c == '=';
}

// "FRA1-2.cfg", the second of "FRA1.cfg".
std::string numbered(const std::string& name, unsigned number) {
  if (number < 2) return name;
  const std::size_t dot = name.rfind('.');
  const std::size_t at = dot == std::string::npos || dot == 0 ? name.size() : dot;
  return name.substr(0, at) + "-" + std::to_string(number) + name.substr(at);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

std::string safe_file_name(std::string_view wire) {
  // The root of a path says nothing.
  while (!wire.empty() && (wire.front() == '/' || wire.front() == '\\')) wire.remove_prefix(1);
  std::string name;
  for (const char c : wire) name.push_back(is_plain(c) ? c : '_');
  // Neither hidden, nor an option of a program, nor "." and "..".
  if (!name.empty() && (name.front() == '.' || name.front() == '-')) name.front() = '_';
  while (!name.empty() && name.back() == '.') name.back() = '_';
  if (name.empty()) return "unnamed";
  if (name.size() > kMaxName) {
    const std::size_t dot = name.rfind('.');
    const std::string extension = dot != std::string::npos && name.size() - dot <= kMaxExtension
                                      ? name.substr(dot)
                                      : std::string{};
    name = name.substr(0, kMaxName - extension.size()) + extension;
  }
  return name;
}

Extractor::Extractor(const std::string& directory) : directory_(directory) {
  if (::mkdir(directory.c_str(), 0777) != 0 && errno != EEXIST) fail(directory);
  fd_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd_ < 0) fail(directory);
}

Extractor::~Extractor() {
  if (fd_ >= 0) ::close(fd_);
}

std::string Extractor::create(std::string_view wire_name) {
  if (made_ >= kMaxFiles) {
    ++left_out_;
    return {};
  }
  const std::string safe = safe_file_name(wire_name);
  unsigned& number = next_[safe];  // those before it are taken
  for (++number; number <= kMaxTries; ++number) {
    std::string name = numbered(safe, number);
    struct stat ignored {};
    if (::fstatat(fd_, name.c_str(), &ignored, AT_SYMLINK_NOFOLLOW) == 0) continue;
    const Descriptor file(::openat(fd_, partial(name).c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (file.get() >= 0) {
      ++made_;
      return name;
    }
    if (errno != EEXIST && errno != ELOOP) fail(directory_ + "/" + partial(name));
  }
  errno = EEXIST;
  fail(directory_ + "/" + safe);
}

void Extractor::append(const std::string& name, Bytes octets) {
  const Descriptor file(
      ::openat(fd_, partial(name).c_str(), O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC));
  if (file.get() < 0) fail(directory_ + "/" + partial(name));
  while (!octets.empty()) {
    const ssize_t written = ::write(file.get(), octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(directory_ + "/" + partial(name));
    octets = octets.subspan(static_cast<std::size_t>(written));
  }
}

// link() fails where there is something of this name, which rename() would replace.
std::string Extractor::complete(const std::string& name) {
  const std::string before = partial(name);
  if (::linkat(fd_, before.c_str(), fd_, name.c_str(), 0) == 0) {
    ::unlinkat(fd_, before.c_str(), 0);
    return name;
  }
  if (errno == EEXIST) return before;
  // A file system without hard links.
  struct stat ignored {};
  if (::fstatat(fd_, name.c_str(), &ignored, AT_SYMLINK_NOFOLLOW) == 0) return before;
  if (::renameat(fd_, before.c_str(), fd_, name.c_str()) != 0) fail(directory_ + "/" + name);
  return name;
}

}  // namespace mmsa::files
