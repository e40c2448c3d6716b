// Where results go: standard output, or a file that appears under its name only when it is whole.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace mmsa::output {

// The result can not be written: full disk, no permission. what() is one line with the reason.
class OutputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The reader of our standard output has gone (`| head`): not an error, but nobody needs more.
class OutputClosed : public std::exception {};

class Output {
 public:
  // An empty path or "-" is standard output.
  explicit Output(std::string path);
  // Removes the temporary file where finish() was not reached.
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // A buffer to append to; call flush_if_full() between records.
  std::string& buffer() { return buffer_; }
  void flush_if_full() {
    if (buffer_.size() >= kFlushAt) flush();
  }
  // Writes the rest and gives the file its name.
  void finish();

 private:
  static constexpr std::size_t kFlushAt = 1 << 16;
  void flush();

  std::string path_;    // empty: standard output
  std::string target_;  // where path_ leads to
  std::string temporary_;
  int fd_ = 1;
  std::string buffer_;
};

}  // namespace mmsa::output
