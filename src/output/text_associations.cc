// The table of associations, and the response times of their services.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "output/text_sections.h"

namespace mmsa::output {
namespace {

using Align = Table::Align;
using Fit = Table::Fit;

// Errors and warnings of each stream.
std::map<std::uint32_t, std::uint64_t> problems_by_stream(const Result& report) {
  std::map<std::uint32_t, std::uint64_t> problems;
  for (const Finding& finding : report.findings) {
    if (finding.has_stream && finding.severity != Severity::note) ++problems[finding.stream];
  }
  return problems;
}

// Which associations to list: where there are too many those with problems come first. The order of
// streams stays.
std::vector<bool> chosen(const Result& report,
                         const std::map<std::uint32_t, std::uint64_t>& problems,
                         std::size_t limit) {
  std::vector<bool> choice(report.associations.size());
  for (const bool with_problems : {true, false}) {
    for (std::size_t i = 0; i < choice.size() && limit > 0; ++i) {
      if (problems.contains(report.associations[i].stream) != with_problems) continue;
      choice[i] = true;
      --limit;
    }
  }
  return choice;
}

std::string closed_text(const AssociationResult& association) {
  if (association.closed_by.empty()) return association.closed_how;
  return association.closed_how + " by " + association.closed_by;
}

// "refused": the reason behind the colon is told by a finding, in full.
std::string opened_text(const AssociationResult& association) {
  const std::string how = association.opened_how.substr(0, association.opened_how.find(':'));
  const bool is_mms = association.carries == "mms" || association.carries.empty();
  if (is_mms) return how;
  return (how.empty() ? "(" : how + " (") + association.carries + ")";
}

std::uint64_t message_count(const AssociationResult& association) {
  std::uint64_t count = 0;
  for (const auto& [kind, messages] : association.messages) count += messages;
  return count;
}

std::uint64_t both(const std::uint64_t (&directions)[2]) { return directions[0] + directions[1]; }

// "1460 octets lost, 2 sent again"
std::string tcp_text(const AssociationResult& association) {
  std::string out;
  const std::uint64_t lost = both(association.lost_octets);
  const std::uint64_t again = both(association.retransmissions);
  if (lost > 0) out = counted(lost, "octet") + " lost";
  if (again > 0) out += fmt::format("{}{} sent again", out.empty() ? "" : ", ", again);
  return out.empty() ? "-" : out;
}

std::string latency_cell(const LatencyResult& latency, TimeNs value) {
  return latency.samples == 0 ? "-" : milliseconds_text(value);
}

void put_service_table(TextWriter& writer, const AssociationResult& association) {
  Table table({{"service"},
               {"requests", Align::right},
               {"ok", Align::right},
               {"errors", Align::right},
               {"no reply", Align::right},
               {"p50 ms", Align::right, Fit::drops},
               {"p95 ms", Align::right},
               {"p99 ms", Align::right, Fit::drops},
               {"max ms", Align::right}});
  for (const ServiceResult& service : association.services) {
    const LatencyResult& latency = service.latency;
    // Clients send nearly all requests; only the others are worth a word.
    table.add_row({service.sender == "server" ? service.service + " (by server)" : service.service,
                   std::to_string(service.requests), std::to_string(service.ok),
                   std::to_string(service.errors), std::to_string(service.unanswered),
                   latency_cell(latency, latency.p50), latency_cell(latency, latency.p95),
                   latency_cell(latency, latency.p99), latency_cell(latency, latency.max)});
  }
  writer.page.table(2, table);
}

}  // namespace

void put_associations(TextWriter& writer) {
  const auto& associations = writer.report.associations;
  if (associations.empty()) return;
  // What TCP lost and sent again is worth its columns only where there is any.
  const bool lossy = std::any_of(associations.begin(), associations.end(), [](const auto& a) {
    return both(a.lost_octets) + both(a.retransmissions) > 0;
  });
  std::vector<Table::Column> columns = {{"stream", Align::right},
                                        {"client"},
                                        {"server"},
                                        {"opened", Align::left, Fit::drops},
                                        {"closed"},
                                        {"messages", Align::right},
                                        {"p95 ms", Align::right, Fit::drops},
                                        {"problems", Align::right},
                                        {"name", Align::left, Fit::drops}};
  if (lossy) columns.push_back({"TCP", Align::left, Fit::wraps});
  Table table(std::move(columns));
  const auto problems = problems_by_stream(writer.report);
  const std::size_t limit = writer.options.verbose ? associations.size() : kShownRows;
  const std::vector<bool> shown = chosen(writer.report, problems, limit);
  for (std::size_t i = 0; i < associations.size(); ++i) {
    if (!shown[i]) continue;
    const AssociationResult& association = associations[i];
    const auto found = problems.find(association.stream);
    const std::string_view name = name_in(writer.report.names, association.server);
    std::vector<std::string> cells = {std::to_string(association.stream),
                                      association.client,
                                      association.server,
                                      opened_text(association),
                                      closed_text(association),
                                      std::to_string(message_count(association)),
                                      latency_cell(association.latency, association.latency.p95),
                                      found == problems.end() ? "-" : std::to_string(found->second),
                                      name.empty() ? "-" : std::string(name)};
    if (lossy) cells.push_back(tcp_text(association));
    table.add_row(std::move(cells));
  }
  writer.page.heading("ASSOCIATIONS");
  writer.page.table(0, table);
  put_rest(writer, 0, associations.size() - std::min(limit, associations.size()));
}

// Where there are several: which are well, which are not, and what is mainly wrong with each.
void put_servers(TextWriter& writer) {
  const Result& report = writer.report;
  if (report.servers.size() < 2 || writer.options.quiet) return;
  Table table({{"server"},
               {"name", Align::left, Fit::drops},
               {"assoc.", Align::right, Fit::drops},
               {"messages", Align::right, Fit::drops},
               {"errors", Align::right},
               {"warnings", Align::right},
               {"mainly"}});
  std::size_t shown = 0;
  std::size_t healthy = 0;
  std::size_t left = 0;
  std::map<std::string_view, std::size_t> left_by_rule;
  for (const ServerResult& server : report.servers) {
    const bool problems = server.main_cause.has_value();
    if (!writer.options.verbose && shown >= kShownServers) {
      ++(problems ? left : healthy);
      if (problems) ++left_by_rule[report.causes[*server.main_cause].rule];
      continue;
    }
    // Of a station that is well, no list is needed.
    if (!writer.options.verbose && !problems && is_station(writer)) {
      ++healthy;
      continue;
    }
    ++shown;
    const std::string_view name = name_in(report.names, server.server);
    table.add_row({server.server, name.empty() ? "-" : std::string(name),
                   std::to_string(server.associations), std::to_string(server.messages),
                   std::to_string(server.errors), std::to_string(server.warnings),
                   problems ? std::string(report.causes[*server.main_cause].rule) : "-"});
  }
  writer.page.heading("SERVERS");
  if (!table.empty()) writer.page.table(0, table);
  if (left > 0) {
    std::string text = fmt::format("... and {} more with problems:", left);
    for (const auto& [rule, servers] : left_by_rule) {
      text += fmt::format("{} {} mainly {}", text.ends_with(':') ? "" : ",", servers, rule);
    }
    writer.page.line(0, text, 4);
  }
  if (healthy > 0) {
    writer.page.line(0, fmt::format("{}{} without problems (-v lists them)",
                                    table.empty() ? "" : "... and ", counted(healthy, "server")));
  }
}

void put_services(TextWriter& writer) {
  std::vector<const AssociationResult*> with_services;
  for (const AssociationResult& association : writer.report.associations) {
    if (!association.services.empty()) with_services.push_back(&association);
  }
  if (with_services.empty()) return;
  const std::size_t shown =
      writer.options.verbose ? with_services.size() : std::min(with_services.size(), kShownRows);
  writer.page.heading("SERVICES AND RESPONSE TIMES");
  for (const AssociationResult* association : std::span(with_services).first(shown)) {
    writer.page.line(0, association_title(writer, *association), 2);
    put_service_table(writer, *association);
  }
  put_rest(writer, 0, with_services.size() - shown);
}

}  // namespace mmsa::output
