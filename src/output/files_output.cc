#include "output/files_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "output/csv_writer.h"
#include "output/json_writer.h"
#include "output/text_page.h"
#include "output/time_text.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using files::Comtrade;
using files::Listed;
using files::Transfer;
using files::Transfers;
using Flush = std::function<void()>;

constexpr std::string_view kToClient = "server-to-client";
constexpr std::string_view kToServer = "client-to-server";

std::string_view direction(const Transfer& transfer) {
  return transfer.to_client ? kToClient : kToServer;
}

// GeneralizedTime in UTC, "20261122084715Z" or "20261122084715.123Z", as RFC 3339; what is written
// otherwise stays.
std::string date_text(std::string_view wire) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  bool known =
      wire.size() >= 15 && wire.back() == 'Z' && std::ranges::all_of(wire.substr(0, 14), is_digit);
  if (known && wire.size() > 15) {
    known = wire[14] == '.' && wire.size() > 16 &&
            std::ranges::all_of(wire.substr(15, wire.size() - 16), is_digit);
  }
  if (!known) return std::string(wire);
  const auto part = [&](std::size_t at, std::size_t size) { return wire.substr(at, size); };
  return fmt::format("{}-{}-{}T{}:{}:{}", part(0, 4), part(4, 2), part(6, 2), part(8, 2),
                     part(10, 2), wire.substr(12));
}

// Octets in a second between the frames of its opening and its end; none where that is not known.
std::optional<double> rate_of(const Transfer& transfer) {
  const iec61850::FileTransfer& file = transfer.file;
  if (!file.open_seen() || file.octets == 0) return std::nullopt;
  const TimeNs time = elapsed(file.opened, file.last);
  if (time <= 0) return std::nullopt;
  return static_cast<double>(file.octets) * 1e9 / static_cast<double>(time);
}

// --- JSON ---

void write_where(JsonWriter& json, const files::Where& where) {
  json.key("server");
  json.endpoint(where.server);
  json.key("client");
  json.endpoint(where.client);
  json.key("stream");
  json.number(std::uint64_t{where.stream});
}

// What a person asks of both ends: whether the capture has them, and where.
void write_moment(JsonWriter& json, const char* key, const FrameRef& frame, const char* kind,
                  const char* otherwise) {
  json.key(key);
  json.begin_object();
  json.key("kind");
  json.plain_string(frame.number != 0 ? kind : otherwise);
  if (frame.number != 0) {
    json.key("frame");
    json.number(frame.number);
    json.key("time");
    json.time(frame.time);
  }
  json.end_object();
}

void write_comtrade(JsonWriter& json, const Comtrade& record) {
  json.key("comtrade");
  json.begin_object();
  const auto text = [&](const char* key, const std::string& value) {
    if (value.empty()) return;
    json.key(key);
    json.string(value);
  };
  text("station", record.station);
  text("device", record.device);
  text("revision", record.revision);
  if (record.channels_known) {
    json.key("channels");
    json.number(std::uint64_t{record.analogue} + record.digital);
    json.key("analogue");
    json.number(std::uint64_t{record.analogue});
    json.key("digital");
    json.number(std::uint64_t{record.digital});
  }
  text("start", record.start);
  text("trigger", record.trigger);
  json.end_object();
}

void write_date(JsonWriter& json, std::string_view wire) {
  if (wire.empty()) return;
  json.key("last_modified");
  json.string(date_text(wire));
}

void write_transfer(JsonWriter& json, const Transfers& transfers, const Transfer& transfer) {
  const iec61850::FileTransfer& file = transfer.file;
  json.begin_object();
  json.key("kind");
  json.plain_string("transfer");
  write_where(json, transfer.where);
  if (!file.name.empty()) {
    json.key("name");
    json.string(file.name);
  }
  json.key("direction");
  json.plain_string(direction(transfer));
  if (file.size) {
    json.key("size");
    json.number(*file.size);
  }
  write_date(json, file.last_modified);
  json.key("position");
  json.number(file.position);
  json.key("octets");
  json.number(file.octets);
  json.key("blocks");
  json.number(file.reads);
  json.key("complete");
  json.boolean(transfer.complete());
  json.key("missing");
  json.begin_array();
  for (const iec61850::MissingOctets& missing : file.missing()) {
    json.begin_object();
    json.key("at");
    json.number(missing.at);
    if (missing.octets) {
      json.key("octets");
      json.number(*missing.octets);
    }
    json.end_object();
  }
  json.end_array();
  write_moment(json, "opened", file.opened, "opened", "not-captured");
  write_moment(json, "closed", file.closed, "closed", "not-closed");
  if (!file.error.empty()) {
    json.key("error");
    json.string(file.error);
    json.key("error_frame");
    json.number(file.failed.number);
  }
  if (const auto rate = rate_of(transfer)) {
    json.key("octets_per_s");
    json.raw(fmt::format("{:.0f}", *rate));
  }
  if (const Comtrade* record = transfers.comtrade(transfer)) write_comtrade(json, *record);
  if (!transfer.saved_as.empty()) {
    json.key("saved_as");
    json.plain_string(transfer.saved_as);
  }
  json.end_object();
}

void write_listed(JsonWriter& json, const Listed& listed) {
  json.begin_object();
  json.key("kind");
  json.plain_string("listed");
  write_where(json, listed.where);
  json.key("frame");
  json.number(listed.frame.number);
  json.key("time");
  json.time(listed.frame.time);
  json.key("directory");
  json.string(listed.directory);
  json.key("name");
  json.string(listed.name);
  if (listed.size) {
    json.key("size");
    json.number(*listed.size);
  }
  write_date(json, listed.last_modified);
  json.end_object();
}

void write_ndjson(const Transfers& transfers, const TextOptions&, std::string& out,
                  const Flush& flush) {
  for (const Transfer& transfer : transfers.transfers()) {
    JsonWriter json(out);
    write_transfer(json, transfers, transfer);
    out.push_back('\n');
    flush();
  }
  for (const Listed& listed : transfers.listed()) {
    JsonWriter json(out);
    write_listed(json, listed);
    out.push_back('\n');
    flush();
  }
}

void write_json(const Transfers& transfers, const TextOptions&, std::string& out,
                const Flush& flush) {
  out += "{\"schema\":\"mmsanalyze-files/1\",\"transfers\":[";
  bool first = true;
  for (const Transfer& transfer : transfers.transfers()) {
    out += first ? "\n" : ",\n";
    first = false;
    JsonWriter json(out);
    write_transfer(json, transfers, transfer);
    flush();
  }
  out += "],\n\"listed\":[";
  first = true;
  for (const Listed& listed : transfers.listed()) {
    out += first ? "\n" : ",\n";
    first = false;
    JsonWriter json(out);
    write_listed(json, listed);
    flush();
  }
  out += "],\n\"left_out\":";
  text::append_number(out, transfers.left_out());
  out += "}\n";
}

// --- CSV ---

void write_csv(const Transfers& transfers, const TextOptions&, std::string& out,
               const Flush& flush) {
  CsvWriter csv(out);
  out +=
      "kind,server,client,stream,frame,time,directory,name,direction,size,last_modified,position,"
      "octets,blocks,complete,missing_octets,closed_frame,error,octets_per_s,station,saved_as\r\n";
  const auto number = [&](std::optional<std::uint64_t> value) {
    std::string& cell = csv.value();
    if (value) text::append_number(cell, *value);
  };
  const auto moment = [&](const FrameRef& frame) {
    number(frame.number != 0 ? std::optional(frame.number) : std::nullopt);
    std::string& cell = csv.value();
    if (frame.number != 0) text::append_rfc3339(cell, frame.time);
  };
  const auto where = [&](std::string_view kind, const files::Where& place) {
    csv.plain(kind);
    text::append_endpoint(csv.value(), place.server);
    text::append_endpoint(csv.value(), place.client);
    number(place.stream);
  };
  for (const Transfer& transfer : transfers.transfers()) {
    const iec61850::FileTransfer& file = transfer.file;
    const auto missing = file.missing();
    where("transfer", transfer.where);
    moment(file.opened);
    csv.plain({});
    csv.text(file.name);
    csv.plain(direction(transfer));
    number(file.size);
    csv.text(date_text(file.last_modified));
    number(file.position);
    number(file.octets);
    number(file.reads);
    csv.plain(transfer.complete() ? "true" : "false");
    number(missing.size() == 1 ? missing.front().octets : std::nullopt);
    number(file.closed.number != 0 ? std::optional(file.closed.number) : std::nullopt);
    csv.text(file.error);
    const auto rate = rate_of(transfer);
    csv.plain(rate ? fmt::format("{:.0f}", *rate) : std::string());
    const Comtrade* record = transfers.comtrade(transfer);
    csv.text(record != nullptr ? std::string_view(record->station) : std::string_view{});
    csv.plain(transfer.saved_as);
    csv.end_row();
    flush();
  }
  for (const Listed& listed : transfers.listed()) {
    where("listed", listed.where);
    moment(listed.frame);
    csv.text(listed.directory);
    csv.text(listed.name);
    csv.plain({});
    number(listed.size);
    csv.text(date_text(listed.last_modified));
    for (int i = 0; i < 10; ++i) csv.plain({});
    csv.end_row();
    flush();
  }
}

// --- text ---

std::string outcome(const Transfer& transfer) {
  const iec61850::FileTransfer& file = transfer.file;
  if (!file.error.empty()) {
    return fmt::format("failed in frame {}: {}", file.failed.number, file.error);
  }
  if (transfer.complete()) return "complete";
  std::string text;
  const auto missing = file.missing();
  if (!missing.empty()) {
    text = missing.size() == 1 && missing.front().octets
               ? fmt::format("{} octets at {} not captured", *missing.front().octets,
                             missing.front().at)
               : fmt::format("octets at {} not captured", missing.front().at);
    if (missing.size() > 1) text += fmt::format(" and at {} more places", missing.size() - 1);
  } else if (!file.open_seen()) {
    text = "its opening is not captured";
  } else if (file.position != 0) {
    text = fmt::format("read from octet {}", file.position);
  } else if (file.reads == 0) {
    text = "opened, nothing read";
  } else if (!file.at_end) {
    text = "not read to its end";
  } else {
    text = "ended before its size";
  }
  if (file.closed.number == 0) text += ", not closed";
  return text;
}

std::string rate_text(const Transfer& transfer) {
  const auto rate = rate_of(transfer);
  if (!rate) return "-";
  if (*rate >= 1e6) return fmt::format("{:.1f} MB/s", *rate / 1e6);
  if (*rate >= 1e3) return fmt::format("{:.1f} kB/s", *rate / 1e3);
  return fmt::format("{:.0f} B/s", *rate);
}

void write_records(TextPage& page, const Transfers& transfers) {
  std::map<std::pair<Endpoint, std::string_view>, const Transfer*> data_of;
  for (const Transfer& transfer : transfers.transfers()) {
    if (files::comtrade_part(transfer.file.name) != files::ComtradePart::data) continue;
    data_of[{transfer.where.server, files::comtrade_record(transfer.file.name)}] = &transfer;
  }
  Table table({{"Record"},
               {"Station"},
               {"Device"},
               {"Channels", Table::Align::right},
               {"Start"},
               {"Trigger"},
               {"Data"}});
  for (const Transfer& transfer : transfers.transfers()) {
    if (!transfer.comtrade) continue;
    const Comtrade& record = *transfer.comtrade;
    const std::string_view name = files::comtrade_record(transfer.file.name);
    std::string data = "not transferred";
    if (files::comtrade_part(transfer.file.name) == files::ComtradePart::combined) {
      data = transfer.complete() ? "complete" : "incomplete";
    }
    const auto other = data_of.find({transfer.where.server, name});
    if (other != data_of.end()) {
      data = fmt::format("{} octets, {}", other->second->file.octets, outcome(*other->second));
    }
    table.add_row(
        {std::string(name), record.station, record.device,
         record.channels_known ? fmt::format("{} + {}", record.analogue, record.digital) : "-",
         record.start, record.trigger, data});
  }
  if (table.empty()) return;
  page.heading("Disturbance records (COMTRADE; channels: analogue + digital)");
  page.table(2, table);
}

void write_text(const Transfers& transfers, const TextOptions& options, std::string& out,
                const Flush& flush) {
  using Align = Table::Align;
  TextPage page(options.width, options.color, out);
  if (transfers.transfers().empty() && transfers.listed().empty()) {
    page.line(0, "No file transfer and no listing of a directory.");
    return;
  }
  const bool saved = std::ranges::any_of(transfers.transfers(),
                                         [](const Transfer& t) { return !t.saved_as.empty(); });
  if (!transfers.transfers().empty()) {
    page.heading("File transfers");
    std::vector<Table::Column> columns = {{"File"},
                                          {"Server"},
                                          {"To"},
                                          {"Size", Align::right},
                                          {"Octets", Align::right},
                                          {"Rate", Align::right, Table::Fit::drops},
                                          {"Opened", Align::right},
                                          {"Outcome", Align::left, Table::Fit::wraps}};
    if (saved) columns.insert(columns.end() - 1, {"Saved as"});
    Table table(columns);
    for (const Transfer& transfer : transfers.transfers()) {
      const iec61850::FileTransfer& file = transfer.file;
      std::vector<std::string> cells = {
          file.name.empty() ? "(opened before the capture)" : file.name,
          text::endpoint(transfer.where.server),
          transfer.to_client ? "client" : "server",
          file.size ? std::to_string(*file.size) : "-",
          std::to_string(file.octets),
          rate_text(transfer),
          file.open_seen() ? fmt::format("frame {}", file.opened.number) : "-",
          outcome(transfer)};
      if (saved) {
        cells.insert(cells.end() - 1, transfer.saved_as.empty() ? "-" : transfer.saved_as);
      }
      table.add_row(std::move(cells));
    }
    page.table(2, table);
    flush();
    write_records(page, transfers);
  }
  if (!transfers.listed().empty()) {
    page.heading("Directories");
    Table table({{"Server"},
                 {"Directory"},
                 {"File"},
                 {"Size", Align::right},
                 {"Modified"},
                 {"Frame", Align::right}});
    for (const Listed& listed : transfers.listed()) {
      table.add_row({text::endpoint(listed.where.server),
                     listed.directory.empty() ? "/" : listed.directory, listed.name,
                     listed.size ? std::to_string(*listed.size) : "-",
                     listed.last_modified.empty() ? "-" : date_text(listed.last_modified),
                     std::to_string(listed.frame.number)});
    }
    page.table(2, table);
  }
  if (transfers.left_out() > 0) {
    page.blank();
    page.line(0, fmt::format("{} more are not told: there are too many.", transfers.left_out()));
  }
}

constexpr FileFormat kFormats[] = {
    {"text", write_text},
    {"csv", write_csv},
    {"ndjson", write_ndjson},
    {"json", write_json},
};

}  // namespace

const FileFormat* find_file_format(std::string_view name) {
  for (const FileFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

std::string file_format_names() {
  std::string names;
  for (const FileFormat& format : kFormats) {
    if (!names.empty()) names += ", ";
    names += format.name;
  }
  return names;
}

}  // namespace mmsa::output
