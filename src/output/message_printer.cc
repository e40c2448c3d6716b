#include "output/message_printer.h"

#include <array>

#include "output/message_json.h"
#include "output/message_text.h"

namespace mmsa::output {
namespace {

class NdjsonPrinter : public MessagePrinter {
 public:
  NdjsonPrinter(Output& output, MessageKeys keys) : output_(output), json_(keys) {}
  void print(const iec61850::Exchange& exchange) override {
    json_.write(exchange, output_.buffer());
    output_.buffer().push_back('\n');
    output_.flush_if_full();
  }
  void finish() override {}

 private:
  Output& output_;
  MessageJson json_;
};

class JsonPrinter : public MessagePrinter {
 public:
  JsonPrinter(Output& output, MessageKeys keys) : output_(output), json_(keys) {}
  void print(const iec61850::Exchange& exchange) override {
    output_.buffer() += first_ ? "[\n" : ",\n";
    first_ = false;
    json_.write(exchange, output_.buffer());
    output_.flush_if_full();
  }
  void finish() override { output_.buffer() += first_ ? "[]\n" : "\n]\n"; }

 private:
  Output& output_;
  MessageJson json_;
  bool first_ = true;
};

class TextPrinter : public MessagePrinter {
 public:
  TextPrinter(Output& output, const MessageOptions& options) : output_(output), text_(options) {}
  void print(const iec61850::Exchange& exchange) override {
    text_.write(exchange, output_.buffer());
    output_.flush_if_full();
  }
  void finish() override {}

 private:
  Output& output_;
  MessageText text_;
};

constexpr std::array kFormats = {
    MessageFormat{
        "text", "one line for each message",
        [](Output& output, const MessageOptions& options) -> std::unique_ptr<MessagePrinter> {
          return std::make_unique<TextPrinter>(output, options);
        }},
    MessageFormat{
        "ndjson", "one JSON object a line, for jq and DuckDB",
        [](Output& output, const MessageOptions& options) -> std::unique_ptr<MessagePrinter> {
          return std::make_unique<NdjsonPrinter>(output, options.keys);
        }},
    MessageFormat{
        "json", "the same objects as one JSON array",
        [](Output& output, const MessageOptions& options) -> std::unique_ptr<MessagePrinter> {
          return std::make_unique<JsonPrinter>(output, options.keys);
        }},
};

}  // namespace

std::span<const MessageFormat> message_formats() { return kFormats; }

const MessageFormat* find_message_format(std::string_view name) {
  for (const MessageFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

std::string message_format_names() {
  std::string names;
  for (const MessageFormat& format : kFormats) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

}  // namespace mmsa::output
