// Writes JSON into a string that is reused from record to record. Millions of records are printed
// in one run, so there is no tree in between; who writes keeps the order and the balance.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/text.h"

namespace mmsa::output {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  // `name` is one of ours, or an ASN.1 identifier: it needs no escapes.
  void key(std::string_view name) {
    char* at = quoted(name, 1);
    *at = ':';
    first_ = true;  // the value that follows takes no comma
  }

  void number(std::uint64_t value) {
    separate();
    text::append_number(out_, value);
  }
  void number(std::int64_t value) {
    separate();
    text::append_number(out_, value);
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  // A string from the wire.
  void string(std::string_view wire) {
    separate();
    text::append_json_string(out_, wire);
  }
  // Text that needs no escapes: names of our tables, hex, times.
  void plain_string(std::string_view safe) { quoted(safe, 0); }
  void hex(Bytes octets) {
    separate();
    out_.push_back('"');
    text::append_hex(out_, octets);
    out_.push_back('"');
  }
  void time(TimeNs time, int digits = 9) {
    separate();
    out_.push_back('"');
    text::append_rfc3339(out_, time, digits);
    out_.push_back('"');
  }
  // Seconds since 1970 with all nine digits.
  void seconds(TimeNs time) {
    separate();
    if (time < 0) out_.push_back('-');
    const TimeNs length = time < 0 ? -time : time;
    text::append_number(out_, length / kNsPerSecond);
    const std::size_t point = out_.size();
    text::append_number(out_, kNsPerSecond + length % kNsPerSecond);
    out_[point] = '.';
  }
  void endpoint(const Endpoint& endpoint) {
    separate();
    out_.push_back('"');
    text::append_endpoint(out_, endpoint);
    out_.push_back('"');
  }
  // A number or literal that is already JSON.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  // Where the caller appends one value to the buffer itself.
  std::string& value() {
    separate();
    return out_;
  }

 private:
  void open(char bracket) {
    separate();
    out_.push_back(bracket);
    first_ = true;
  }
  void close(char bracket) {
    out_.push_back(bracket);
    first_ = false;
  }
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }

  // In one step, since most of what is written is short. Returns the place behind the quotes, where
  // `room` octets are left.
  char* quoted(std::string_view safe, std::size_t room) {
    const std::size_t begin = out_.size();
    const std::size_t comma = first_ ? 0 : 1;
    first_ = false;
    out_.resize(begin + comma + safe.size() + 2 + room, '"');
    char* at = out_.data() + begin;
    *at = ',';  // or what the quote takes
    at += comma;
    *at++ = '"';
    std::copy(safe.begin(), safe.end(), at);
    at += safe.size();
    *at++ = '"';
    return at;
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace mmsa::output
