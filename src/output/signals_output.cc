#include "output/signals_output.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "iec61850/names.h"
#include "iec61850/reference.h"
#include "iec61850/value_text.h"
#include "output/csv_writer.h"
#include "output/json_writer.h"
#include "output/node_json.h"
#include "output/spool.h"
#include "output/text_page.h"
#include "text/glob.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using iec61850::IecValue;
using signals::Value;

// Whole milliseconds have no exact fraction of 2^-24: microseconds, rounded.
void append_stamp(std::string& out, const UtcTime& time) {
  constexpr TimeNs kNsPerMicrosecond = 1000;
  text::append_rfc3339(out, time.time() + kNsPerMicrosecond / 2, 6);
}

// What the device says of its clock where that is not well: "clockNotSynchronized".
void append_stamp_quality(std::string& out, const UtcTime& time) {
  const auto flag = [&](std::uint8_t bit, std::string_view name) {
    if ((time.quality & bit) == 0) return;
    if (!out.empty() && out.back() != ',') out.push_back(' ');
    out += name;
  };
  flag(UtcTime::kClockFailure, "clockFailure");
  flag(UtcTime::kClockNotSynchronized, "clockNotSynchronized");
}
bool has_stamp_quality(const UtcTime& time) {
  return (time.quality & (UtcTime::kClockFailure | UtcTime::kClockNotSynchronized)) != 0;
}

// The value as IEC 61850 names it; false where it has no name there.
bool append_iec(std::string& out, const Value& value) {
  const BitString bits(value.value.bytes());
  switch (value.iec.kind) {
    case IecValue::Kind::none:
      return false;
    case IecValue::Kind::named:
      out += value.iec.name;
      break;
    case IecValue::Kind::quality:
      iec61850::append_quality(out, bits);
      break;
    case IecValue::Kind::opt_flds:
      iec61850::append_opt_flds(out, bits);
      break;
    case IecValue::Kind::trg_ops:
      iec61850::append_trg_ops(out, bits);
      break;
    case IecValue::Kind::check:
      iec61850::append_check(out, bits);
      break;
  }
  return true;
}

void append_milliseconds(std::string& out, TimeNs time) {
  fmt::format_to(std::back_inserter(out), "{:.3f}", static_cast<double>(time) / 1e6);
}

// --- JSON ---

class JsonRows {
 public:
  explicit JsonRows(Spool& spool) : spool_(spool) {}
  // Without what ends the record.
  void write(const Value& value, std::uint32_t delay, bool has_delay);

 private:
  Spool& spool_;
  std::string text_;
};

void JsonRows::write(const Value& value, std::uint32_t delay, bool has_delay) {
  JsonWriter json(spool_.buffer());
  const auto text = [&](const char* key, auto&& append) {
    text_.clear();
    append(text_);
    json.key(key);
    json.plain_string(text_);
  };
  json.begin_object();
  json.key("frame");
  json.number(value.frame.number);
  json.key("time");
  json.time(value.frame.time);
  json.key("ts");
  json.seconds(value.frame.time);
  json.key("stream");
  json.number(std::uint64_t{value.stream});
  json.key("server");
  json.endpoint(value.server);
  json.key("ref");
  json.string(value.ref);
  json.key("type");
  json.plain_string(data_type_name(data_type(value.value.node())));
  json.key("value");
  write_plain_value(json, value.value);
  if (value.iec.kind != IecValue::Kind::none) {
    text("iec", [&](std::string& out) { append_iec(out, value); });
  }
  if (value.quality) {
    text("quality", [&](std::string& out) {
      iec61850::append_quality(out, BitString(value.quality.bytes()));
    });
  }
  if (value.time) {
    text("t", [&](std::string& out) { append_stamp(out, *value.time); });
    if (has_stamp_quality(*value.time)) {
      text("t_quality", [&](std::string& out) { append_stamp_quality(out, *value.time); });
    }
  }
  if (has_delay) {
    json.key("delay_ms");
    json.value();
    spool_.leave_gap(delay);
  }
  if (value.entry_time) {
    json.key("entry_time");
    json.time(*value.entry_time, 3);
  }
  json.key("source");
  json.plain_string(source_name(value.source));
  if (value.reason) {
    json.key("reason");
    json.begin_array();
    const auto names = iec61850::reason_names();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((*value.reason >> i & 1u) != 0) json.plain_string(names[i]);
    }
    json.end_array();
  }
  if (!value.rpt_id.empty()) {
    json.key("rpt_id");
    json.string(value.rpt_id);
  }
  json.key("guessed");
  json.boolean(value.guessed);
  json.end_object();
}

class NdjsonSignals : public SignalPrinter {
 public:
  using SignalPrinter::SignalPrinter;

 protected:
  void print(const Value& value, std::uint32_t number) override {
    rows_.write(value, number, number != kNoDelay);
    spool_.buffer().push_back('\n');
    spool_.flush_if_full();
  }
  void end(const signals::Clocks& clocks) override {
    spool_.drain(output_, [&](std::uint32_t number, std::string& out) {
      append_milliseconds(out, delay(clocks, number));
    });
  }

 private:
  Spool spool_;
  JsonRows rows_{spool_};
};

void write_block_delay(JsonWriter& json, const signals::BlockDelay& block) {
  const LatencyResult delays = block.delays.report();
  const auto milliseconds = [&](const char* key, TimeNs time) {
    json.key(key);
    append_milliseconds(json.value(), time);
  };
  json.begin_object();
  json.key("server");
  json.endpoint(block.server);
  json.key("rpt_id");
  json.string(block.rpt_id);
  json.key("events");
  json.number(delays.samples);
  milliseconds("min_ms", delays.min);
  milliseconds("p50_ms", delays.p50);
  milliseconds("p95_ms", delays.p95);
  milliseconds("p99_ms", delays.p99);
  milliseconds("max_ms", delays.max);
  json.end_object();
}

class JsonSignals : public SignalPrinter {
 public:
  using SignalPrinter::SignalPrinter;

 protected:
  void print(const Value& value, std::uint32_t number) override {
    if (!first_) spool_.buffer() += ",\n";
    first_ = false;
    rows_.write(value, number, number != kNoDelay);
    spool_.flush_if_full();
  }
  void end(const signals::Clocks& clocks) override {
    std::string& out = output_.buffer();
    out += "{\"schema\":\"mmsanalyze-signals/1\",\"values\":[\n";
    spool_.drain(output_, [&](std::uint32_t number, std::string& text) {
      append_milliseconds(text, delay(clocks, number));
    });
    out += "],\n\"delays\":";
    JsonWriter json(out);
    json.begin_array();
    for (const signals::BlockDelay* block : table_.delays()) write_block_delay(json, *block);
    json.end_array();
    out += ",\n\"unnamed\":";
    text::append_number(out, unnamed_);
    out += "}\n";
  }

 private:
  Spool spool_;
  JsonRows rows_{spool_};
  bool first_ = true;
};

// --- CSV ---

constexpr std::string_view kCsvHeader =
    "time,ts,server,ref,value,iec,quality,t,t_quality,delay_ms,entry_time,frame,stream,source,"
    "reason,rpt_id,type,guessed\r\n";

class CsvSignals : public SignalPrinter {
 public:
  CsvSignals(Output& output, const SignalOptions& options) : SignalPrinter(output, options) {
    spool_.buffer() += kCsvHeader;
  }

 protected:
  void print(const Value& value, std::uint32_t number) override;
  void end(const signals::Clocks& clocks) override {
    spool_.drain(output_, [&](std::uint32_t number, std::string& out) {
      append_milliseconds(out, delay(clocks, number));
    });
  }

 private:
  void print_value(CsvWriter& csv, const Value& value);

  Spool spool_;
  std::string text_;
};

void CsvSignals::print_value(CsvWriter& csv, const Value& value) {
  const DataType type = data_type(value.value.node());
  if (type == DataType::visible_string || type == DataType::mms_string) {
    return csv.text(value.value.text());
  }
  // As in JSON, without its quotes.
  text_.clear();
  JsonWriter json(text_);
  write_plain_value(json, value.value);
  std::string_view plain = text_;
  if (plain.starts_with('"')) plain = plain.substr(1, plain.size() - 2);
  csv.plain(plain == "null" ? std::string_view{} : plain);
}

void CsvSignals::print(const Value& value, std::uint32_t number) {
  CsvWriter csv(spool_.buffer());
  text::append_rfc3339(csv.value(), value.frame.time);
  {
    text_.clear();
    JsonWriter seconds(text_);
    seconds.seconds(value.frame.time);
    csv.plain(text_);
  }
  text::append_endpoint(csv.value(), value.server);
  csv.text(value.ref);
  print_value(csv, value);
  text_.clear();
  append_iec(text_, value);
  csv.text(text_);
  std::string& quality = csv.value();
  if (value.quality) iec61850::append_quality(quality, BitString(value.quality.bytes()));
  std::string& stamp = csv.value();
  if (value.time) append_stamp(stamp, *value.time);
  std::string& stamp_quality = csv.value();
  if (value.time) append_stamp_quality(stamp_quality, *value.time);
  csv.plain({});
  if (number != kNoDelay) spool_.leave_gap(number);
  std::string& entry_time = csv.value();
  if (value.entry_time) text::append_rfc3339(entry_time, *value.entry_time, 3);
  text::append_number(csv.value(), value.frame.number);
  text::append_number(csv.value(), std::uint64_t{value.stream});
  csv.plain(source_name(value.source));
  std::string& reason = csv.value();
  if (value.reason) {
    const auto names = iec61850::reason_names();
    bool first = true;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((*value.reason >> i & 1u) == 0) continue;
      if (!first) reason.push_back(' ');
      first = false;
      reason += names[i];
    }
  }
  csv.text(value.rpt_id);
  csv.plain(data_type_name(data_type(value.value.node())));
  csv.plain(value.guessed ? "true" : "false");
  csv.end_row();
  spool_.flush_if_full();
}

// --- text ---

// Eight heights; a flat line is drawn low.
void append_curve(std::string& out, const signals::Curve& curve) {
  static constexpr std::array<std::string_view, 8> kHeights = {"▁", "▂", "▃", "▄",
                                                               "▅", "▆", "▇", "█"};
  double least = curve[0];
  double most = curve[0];
  for (std::size_t i = 0; i < curve.size(); ++i) {
    least = std::min(least, curve[i]);
    most = std::max(most, curve[i]);
  }
  if (most <= least) return;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const double height = (curve[i] - least) / (most - least) * 7.0;
    out += kHeights[std::min<std::size_t>(7, static_cast<std::size_t>(height + 0.5))];
  }
}

class TextSignals : public SignalPrinter {
 public:
  using SignalPrinter::SignalPrinter;

 protected:
  void print(const Value&, std::uint32_t) override {}
  void end(const signals::Clocks& clocks) override;

 private:
  void write_signals(TextPage& page);
  void write_delays(TextPage& page);
};

void TextSignals::write_signals(TextPage& page) {
  using Align = Table::Align;
  const TimeText times(options_.text.time, first_time_, last_time_);
  std::vector<const signals::Signal*> list = table_.signals();
  if (options_.changes_only) {
    std::erase_if(list, [](const signals::Signal* s) { return s->changes == 0; });
  }
  bool guessed = false;
  for (std::size_t i = 0; i < list.size();) {
    const Endpoint server = list[i]->server;
    page.heading("Signals of " + text::endpoint(server));
    std::vector<Table::Column> columns = {{"Signal"},
                                          {"First"},
                                          {"Last"},
                                          {"Values", Align::right},
                                          {"Changes", Align::right},
                                          {"Bad", Align::right},
                                          {"Last at", Align::right, Table::Fit::drops}};
    if (options_.terminal) columns.push_back({"", Align::left, Table::Fit::drops});
    Table table(columns);
    for (; i < list.size() && list[i]->server == server; ++i) {
      const signals::Signal& signal = *list[i];
      guessed = guessed || signal.guessed;
      std::vector<std::string> cells = {signal.ref + (signal.guessed ? " ?" : ""),
                                        signal.first,
                                        signal.last,
                                        std::to_string(signal.values),
                                        std::to_string(signal.changes),
                                        signal.bad == 0 ? "-" : std::to_string(signal.bad),
                                        times.time(signal.last_frame.time)};
      if (options_.terminal) {
        cells.emplace_back();
        if (signal.curve.size() > 1) append_curve(cells.back(), signal.curve);
      }
      table.add_row(std::move(cells));
    }
    page.table(2, table);
    output_.flush_if_full();
  }
  if (list.empty()) page.line(0, "No values of signals.");
  if (guessed) {
    page.blank();
    page.line(0,
              "?  names guessed by common data classes of IEC 61850-7-3: the capture does not show "
              "the types of these variables.");
  }
}

void TextSignals::write_delays(TextPage& page) {
  using Align = Table::Align;
  const auto blocks = table_.delays();
  if (blocks.empty()) return;
  page.heading("From event to client");
  Table table({{"Server"},
               {"Report"},
               {"Events", Align::right},
               {"Least", Align::right},
               {"Median", Align::right},
               {"95 %", Align::right},
               {"99 %", Align::right},
               {"Most", Align::right}});
  for (const signals::BlockDelay* block : blocks) {
    const LatencyResult d = block->delays.report();
    table.add_row({text::endpoint(block->server), block->rpt_id, std::to_string(d.samples),
                   duration_text(d.min), duration_text(d.p50), duration_text(d.p95),
                   duration_text(d.p99), duration_text(d.max)});
  }
  page.table(2, table);
}

void TextSignals::end(const signals::Clocks&) {
  // A table that is read elsewhere need not suit a window; references are never shortened.
  constexpr std::size_t kNoWindow = 1000;
  TextPage page(options_.terminal ? options_.text.width : kNoWindow, options_.text.color,
                output_.buffer());
  write_signals(page);
  write_delays(page);
  if (unnamed_ > 0) {
    page.blank();
    page.line(0, fmt::format("{} value{} without a name left out: the request that names {} was "
                             "not captured.",
                             unnamed_, unnamed_ == 1 ? "" : "s", unnamed_ == 1 ? "it" : "them"));
  }
  if (table_.left_out() > 0) {
    page.blank();
    page.line(0, fmt::format("{} values of further signals are not in the table, which ends at {} "
                             "signals; --format csv has them.",
                             table_.left_out(), signals::kMaxSignals));
  }
}

template <typename Printer>
std::unique_ptr<SignalPrinter> make(Output& output, const SignalOptions& options) {
  return std::make_unique<Printer>(output, options);
}

constexpr SignalFormat kFormats[] = {
    {"text", make<TextSignals>},
    {"csv", make<CsvSignals>},
    {"ndjson", make<NdjsonSignals>},
    {"json", make<JsonSignals>},
};

}  // namespace

// A pattern with '.' is one of "LD/LN.DO.attribute", as people write it, else of the MMS spelling.
bool SignalPrinter::selects(std::string_view ref) {
  const std::string& pattern = options_.object;
  if (pattern.empty()) return true;
  if (text::matches_glob(pattern, ref)) return true;
  if (pattern.find('.') == std::string::npos) return false;
  acsi_.clear();
  const ObjectName name = iec61850::split_reference(ref);
  iec61850::append_acsi(acsi_, iec61850::parse_item(name.domain, name.item));
  return text::matches_glob(pattern, std::string_view(acsi_).substr(0, acsi_.rfind(" [")));
}

std::uint32_t SignalPrinter::block_of(const Value& value) {
  const std::pair<Endpoint, std::string> key(value.server, value.rpt_id);
  const auto [at, added] = block_of_.emplace(key, static_cast<std::uint32_t>(blocks_.size()));
  if (added) blocks_.push_back({value.server, key.second});
  return at->second;
}

void SignalPrinter::on(const Value& value) {
  if (!selects(value.ref)) return;
  const bool differs = table_.add(value);
  if (options_.changes_only && !differs) return;
  if (!any_) first_time_ = last_time_ = value.frame.time;
  any_ = true;
  first_time_ = std::min(first_time_, value.frame.time);
  last_time_ = std::max(last_time_, value.frame.time);
  std::uint32_t number = kNoDelay;
  if (value.delay && delays_.size() < kNoDelay) {
    number = static_cast<std::uint32_t>(delays_.size());
    delays_.push_back({*value.delay, value.frame.time, block_of(value)});
  }
  print(value, number);
}

TimeNs SignalPrinter::delay(const signals::Clocks& clocks, std::uint32_t number) const {
  const Delay& delay = delays_[number];
  return delay.raw - clocks.correction(blocks_[delay.block].server, delay.captured);
}

void SignalPrinter::finish(const signals::Clocks& clocks, std::uint64_t unnamed) {
  unnamed_ = unnamed;
  for (std::uint32_t i = 0; i < delays_.size(); ++i) {
    const Block& block = blocks_[delays_[i].block];
    table_.add_delay(block.server, block.rpt_id, delay(clocks, i));
  }
  end(clocks);
}

const SignalFormat* find_signal_format(std::string_view name) {
  for (const SignalFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

std::string signal_format_names() {
  std::string names;
  for (const SignalFormat& format : kFormats) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

}  // namespace mmsa::output
