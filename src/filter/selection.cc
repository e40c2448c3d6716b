#include "filter/selection.h"

#include <algorithm>
#include <set>

#include "text/glob.h"
#include "text/text.h"

namespace mmsa::filter {
namespace {

bool is_same_address(std::string_view wanted, std::string_view endpoint) {
  return wanted == endpoint || wanted == host_of(endpoint);
}

bool any_address(const std::vector<std::string>& wanted, std::string_view endpoint) {
  return wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](const std::string& w) {
           return is_same_address(w, endpoint);
         });
}

bool selects_report(const Selection& selection, const iec61850::Exchange& exchange) {
  const iec61850::ReportHeader& header = *exchange.report_header();
  if (selection.selects_object(header.rpt_id)) return true;
  if (header.dat_set && selection.selects_object(*header.dat_set)) return true;
  const auto entries = exchange.report_entries();
  return std::any_of(entries.begin(), entries.end(), [&](const iec61850::ReportEntry& entry) {
    return selection.selects_object(exchange.entry_name(entry));
  });
}

// Every name in the message, or in the request that it answers.
bool selects_names(const Selection& selection, const MmsMessage& message) {
  const asn1::Tree& tree =
      message.request_view != nullptr ? message.request_view->tree() : message.tree;
  std::string name;
  for (const std::uint32_t index : tree.objects) {
    name.clear();
    iec61850::append_object_name(name, object_name(tree.at(index)));
    if (selection.selects_object(name)) return true;
  }
  return false;
}

bool selects_message_object(const Selection& selection, const iec61850::Exchange& exchange) {
  if (exchange.report_header() != nullptr) return selects_report(selection, exchange);
  const iec61850::ControlView* control = exchange.control();
  if (control != nullptr) {
    const std::string object = std::string(control->domain) + "/" + std::string(control->object);
    if (selection.selects_object(object)) return true;
  }
  if (const iec61850::FileView* file = exchange.file(); file != nullptr && file->name) {
    std::string name;
    iec61850::append_file_name(name, file->name);
    if (selection.selects_object(name)) return true;
  }
  if (selection.selects_object(exchange.data_set())) return true;
  const auto items = exchange.items();
  const bool of_items = std::any_of(items.begin(), items.end(), [&](const iec61850::Item& item) {
    return selection.selects_object(item.ref);
  });
  return of_items || selects_names(selection, exchange.message());
}

template <typename Row, typename Name>
void keep_named(std::vector<Row>& rows, const Selection& selection, Name name) {
  std::erase_if(rows, [&](const Row& row) { return !selection.selects_object(name(row)); });
}

bool selects_block(const Selection& selection, const RcbResult& block) {
  return selection.selects_object(block.reference) || selection.selects_object(block.rpt_id) ||
         selection.selects_object(block.data_set);
}

// What an association has of the objects. True where there is anything.
bool keep_objects(AssociationResult& a, const Selection& selection) {
  std::erase_if(a.report_control_blocks,
                [&](const RcbResult& block) { return !selects_block(selection, block); });
  keep_named(a.controls, selection, [](const ControlResult& c) { return c.object; });
  keep_named(a.files, selection, [](const FileResult& f) { return f.name; });
  keep_named(a.data_sets, selection, [](const DataSetResult& d) { return d.name; });
  keep_named(a.setting_groups, selection, [](const SettingGroupStep& s) { return s.object; });
  keep_named(a.logs, selection, [](const LogResult& l) { return l.name; });
  keep_named(a.service_tracking, selection,
             [](const ServiceTrackingResult& t) { return t.last_object; });
  a.controls_total = a.controls.size();
  a.files_total = a.files.size();
  return !a.report_control_blocks.empty() || !a.controls.empty() || !a.files.empty() ||
         !a.data_sets.empty() || !a.setting_groups.empty() || !a.logs.empty() ||
         !a.service_tracking.empty();
}

bool selects_finding(const Selection& selection, const Finding& finding) {
  if (finding.subject.kind == Subject::Kind::capture) return true;
  if (!selection.selects_ends(finding.stream, finding.client, finding.server)) return false;
  if (!selection.objects.empty() && !selection.selects_object(finding.object)) return false;
  if (finding.count > finding.occurrences.size()) {
    return selection.selects_span(finding.time, finding.last_time);
  }
  return finding.occurrences.empty() ||
         std::any_of(finding.occurrences.begin(), finding.occurrences.end(),
                     [&](const Occurrence& o) { return selection.selects_time(o.frame.time); });
}

bool selects_incident(const Selection& selection, const Incident& incident) {
  const auto any = [](const std::vector<std::string>& wanted,
                      const std::vector<std::string>& there) {
    return wanted.empty() || std::any_of(there.begin(), there.end(), [&](const std::string& each) {
             return any_address(wanted, each) ||
                    std::any_of(wanted.begin(), wanted.end(),
                                [&](const std::string& w) { return host_of(w) == each; });
           });
  };
  const auto of_stream = [&](const IncidentStep& step) {
    return step.has_stream && std::find(selection.streams.begin(), selection.streams.end(),
                                        step.stream) != selection.streams.end();
  };
  return any(selection.servers, incident.servers) && any(selection.clients, incident.clients) &&
         (selection.streams.empty() ||
          std::any_of(incident.steps.begin(), incident.steps.end(), of_stream)) &&
         selection.selects_span(incident.first, incident.last);
}

std::uint64_t message_count(const AssociationResult& association) {
  std::uint64_t count = 0;
  for (const auto& [kind, messages] : association.messages) count += messages;
  return count;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view reference) {
  if (reference.empty()) return false;
  if (text::matches_glob(pattern, reference)) return true;
  // Below an object: at each of its borders.
  for (std::size_t at = reference.find_first_of("/$"); at != std::string_view::npos;
       at = reference.find_first_of("/$", at + 1)) {
    if (text::matches_glob(pattern, reference.substr(0, at))) return true;
  }
  return false;
}

void Selection::begin(TimeNs first) {
  if (from) first_ = from->resolve(first);
  if (to) last_ = to->resolve(first) + (to->minute_or_second ? kNsPerSecond - 1 : 0);
}

bool Selection::selects_ends(std::uint32_t stream, std::string_view client,
                             std::string_view server) const {
  if (!streams.empty() && std::find(streams.begin(), streams.end(), stream) == streams.end()) {
    return false;
  }
  return any_address(clients, client) && any_address(servers, server);
}

bool Selection::selects_object(std::string_view reference) const {
  return objects.empty() || std::any_of(objects.begin(), objects.end(), [&](const std::string& g) {
           return glob_matches(g, reference);
         });
}

bool Selection::selects(const iec61850::Exchange& exchange) const {
  const MmsMessage& message = exchange.message();
  if (!selects_time(message.frame.time)) return false;
  const Association& association = exchange.association();
  const Connection& connection = *association.connection;
  if (!streams.empty() || !clients.empty() || !servers.empty()) {
    if (!selects_ends(connection.stream,
                      text::endpoint(connection.endpoint[index(association.client)]),
                      text::endpoint(connection.endpoint[index(association.server())]))) {
      return false;
    }
  }
  return objects.empty() || selects_message_object(*this, exchange);
}

void select(Result& result, const Selection& selection) {
  if (selection.empty()) return;
  std::set<std::uint32_t> told;  // streams with a finding about the objects
  for (const Finding& finding : result.findings) {
    if (finding.has_stream && selection.selects_object(finding.object)) {
      told.insert(finding.stream);
    }
  }
  std::erase_if(result.associations, [&](AssociationResult& a) {
    if (!selection.selects_ends(a.stream, a.client, a.server)) return true;
    if (!selection.selects_span(a.opened.time, std::max(a.opened.time, a.closed.time))) return true;
    if (selection.objects.empty()) return false;
    return !keep_objects(a, selection) && !told.contains(a.stream);
  });
  // Incidents know findings by their numbers.
  std::vector<std::size_t> place(result.findings.size(), SIZE_MAX);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    if (!selects_finding(selection, result.findings[i])) continue;
    place[i] = findings.size();
    findings.push_back(std::move(result.findings[i]));
  }
  result.findings = std::move(findings);
  std::erase_if(result.incidents,
                [&](const Incident& i) { return !selects_incident(selection, i); });
  result.incidents_total = result.incidents.size();
  for (Incident& incident : result.incidents) {
    std::vector<std::size_t> kept;
    for (const std::size_t number : incident.findings) {
      if (place[number] != SIZE_MAX) kept.push_back(place[number]);
    }
    incident.findings = std::move(kept);
  }
  result.messages = 0;
  for (const AssociationResult& a : result.associations) result.messages += message_count(a);
  result.selection = selection.text;
}

void SelectedSink::on(const Association& association, const iec61850::Event& event) {
  const auto* exchange = std::get_if<std::reference_wrapper<const iec61850::Exchange>>(&event);
  if (exchange == nullptr || selection_.selects(exchange->get())) next_.on(association, event);
}

}  // namespace mmsa::filter
