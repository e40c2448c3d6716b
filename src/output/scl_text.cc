// The text of `mmsanalyze scl`.
#include <fmt/format.h>

#include <map>

#include "output/scl_output.h"
#include "output/text_page.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

using scl::Text;

// Of a list, unless -v asks for all of it.
constexpr std::size_t kShown = 8;

struct SeverityText {
  Style style;
  std::string_view tag;
};
SeverityText severity_text(Severity severity) {
  switch (severity) {
    case Severity::error:
      return {Style::error, "ERROR"};
    case Severity::warning:
      return {Style::warning, "WARNING"};
    case Severity::note:
      break;
  }
  return {Style::note, "NOTE"};
}

class SclText {
 public:
  SclText(const TextOptions& options, std::string& out, const std::function<void()>& flush)
      : options_(options), page_(options.width, options.color, out), flush_(flush) {}

  void write(const scl::Reading& reading) {
    put_summary(reading);
    put_problems(reading.problems);
    if (options_.quiet) return;
    const scl::Overview overview(reading);
    put_servers(reading, overview);
    put_clients(overview);
  }

 private:
  std::size_t shown(std::size_t size) const {
    return options_.verbose ? size : std::min(size, kShown);
  }
  void put_rest(std::size_t indent, std::size_t size, std::string_view what) {
    if (shown(size) < size) {
      page_.line(indent, fmt::format("... and {} more {} (-v shows all)", size - kShown, what));
    }
  }

  void put_summary(const scl::Reading& reading) {
    const scl::Document& document = reading.document;
    std::size_t servers = 0;
    std::size_t data_sets = 0;
    std::size_t blocks = 0;
    std::size_t instances = 0;
    for (const scl::Ied& ied : document.ieds) {
      servers += scl::has_server(ied) ? 1 : 0;
      scl::for_each_node(ied, [&](const scl::LogicalDevice&, const scl::LogicalNode& node) {
        data_sets += node.data_sets.size();
        blocks += node.reports.size();
        for (const scl::ReportControl& control : node.reports) instances += control.instances();
      });
    }
    page_.line(
        0,
        fmt::format(
            "{}: SCL edition {}{}{}{}: {}, {} with a server; {}, {} with {}", document.path,
            edition_name(document.edition), document.version.empty() ? "" : " (", document.version,
            document.version.empty() ? "" : ")", text::counted(document.ieds.size(), "IED"),
            servers, text::counted(data_sets, "data set"),
            text::counted(blocks, "report control block"), text::counted(instances, "instance")),
        2);
    if (document.cut_at != 0) {
      page_.line(0,
                 fmt::format("Only what stands before line {} was read; nothing is called missing.",
                             document.cut_at),
                 2);
    }
  }

  // --- what is wrong ---

  void put_problems(const scl::Problems& problems) {
    page_.heading("CONTRADICTIONS");
    const std::size_t told = problems.count(Severity::error) + problems.count(Severity::warning) +
                             (options_.quiet ? 0 : problems.count(Severity::note));
    if (told == 0) page_.tagged_line(2, Style::good, "None.", "");
    const std::vector<scl::Problem>& list = problems.list();
    for (std::size_t begin = 0; begin < list.size();) {
      std::size_t end = begin;
      while (end < list.size() && list[end].kind == list[begin].kind) ++end;
      const scl::ProblemRow& row = scl::row(list[begin].kind);
      if (!options_.quiet || row.severity > Severity::note) put_kind(row, list, begin, end);
      begin = end;
    }
    if (problems.left_out() > 0) {
      page_.line(2, fmt::format("{} more were counted and not kept: at most {} of one kind are.",
                                problems.left_out(), scl::Problems::kMaxOfKind));
    }
  }

  void put_kind(const scl::ProblemRow& row, const std::vector<scl::Problem>& list,
                std::size_t begin, std::size_t end) {
    const SeverityText severity = severity_text(row.severity);
    page_.tagged_line(2, severity.style, severity.tag, row.id, 4);
    const std::size_t size = end - begin;
    for (std::size_t i = begin; i < begin + shown(size); ++i) put_problem(list[i]);
    put_rest(4, size, "of them");
    page_.line(4, fmt::format("next: {}", row.next_step), 2);
    flush_();
  }

  void put_problem(const scl::Problem& problem) {
    std::string text = fmt::format("line {}: {}{}{}", problem.line, problem.where,
                                   problem.where.empty() ? "" : ": ", problem.message);
    if (problem.other_line != 0) text += fmt::format(" (line {})", problem.other_line);
    if (problem.count > 1) text += fmt::format(" ({} places)", problem.count);
    page_.line(4, text, 2);
  }

  // --- servers ---

  void put_servers(const scl::Reading& reading, const scl::Overview& overview) {
    page_.heading("SERVERS");
    for (const scl::Ied& ied : reading.document.ieds) {
      if (!scl::has_server(ied)) continue;
      std::string title(ied.name);
      for (const Text text : {ied.manufacturer, ied.type, ied.config_version}) {
        if (!text.empty()) title.append(", ").append(text);
      }
      page_.line(2, fmt::format("{} (line {})", title, ied.line), 2);
      put_addresses(overview, ied.name);
      put_devices(ied);
      put_blocks(ied);
      put_data_sets(reading, ied);
      put_controls(reading, ied);
      flush_();
    }
  }

  void put_addresses(const scl::Overview& overview, Text ied_name) {
    static constexpr struct {
      Text type;
      Text title;
    } kParts[] = {
        {"MMS-Port", "port"}, {"OSI-TSEL", "TSEL"},         {"OSI-SSEL", "SSEL"},
        {"OSI-PSEL", "PSEL"}, {"OSI-AP-Title", "AP-title"}, {"OSI-AE-Qualifier", "AE-qualifier"},
    };
    for (const scl::Address& address : overview.addresses(ied_name)) {
      const Text ip = address.connected->part("IP");
      std::string text = fmt::format("address {}", ip.empty() ? "without IP" : ip);
      for (const auto& part : kParts) {
        const Text value = address.connected->part(part.type);
        if (!value.empty()) text += fmt::format(", {} {}", part.title, value);
      }
      page_.line(
          4,
          fmt::format("{}; access point {}, subnetwork {} (line {})", text,
                      address.connected->ap_name, address.network->name, address.connected->line),
          2);
    }
  }

  void put_devices(const scl::Ied& ied) {
    std::string text;
    for (const scl::AccessPoint& access_point : ied.access_points) {
      for (const scl::LogicalDevice& device : access_point.devices) {
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", device.domain,
                            text::counted(device.nodes.size(), "logical node"));
      }
    }
    if (!text.empty()) page_.line(4, fmt::format("logical devices: {}", text), 2);
    scl::for_each_node(ied, [this](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      if (!node.setting_control) return;
      page_.line(4, fmt::format("setting groups: {} of {}, number {} active (line {})",
                                node.setting_control->groups, device.domain,
                                node.setting_control->active, node.setting_control->line));
    });
  }

  // "brcbA01..05"
  static std::string instances_text(const scl::ReportControl& control) {
    if (!control.indexed) return "";
    if (control.instances() <= 1) return fmt::format("{:02}", control.instances());
    return fmt::format("01..{:02}", control.instances());
  }

  void put_blocks(const scl::Ied& ied) {
    scl::for_each_node(ied, [this](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const scl::ReportControl& control : node.reports) put_block(device, node, control);
      for (const scl::LogControl& control : node.log_controls) {
        page_.line(4,
                   fmt::format("log {}$LG${}: {} (line {})", scl::node_reference(device, node),
                               control.name, data_set_text(control.dat_set), control.line),
                   2);
      }
      put_published(device, node, node.gooses, "GOOSE", "$GO$");
      put_published(device, node, node.sampled_values, "sampled values", "$MS$");
    });
  }

  static std::string data_set_text(Text name) {
    return name.empty() ? "no data set" : fmt::format("data set {}", name);
  }

  void put_block(const scl::LogicalDevice& device, const scl::LogicalNode& node,
                 const scl::ReportControl& control) {
    std::string text = fmt::format("reports {}{}: {}", scl::block_reference(device, node, control),
                                   instances_text(control), data_set_text(control.dat_set));
    std::uint32_t number = 0;
    for (const scl::ClientLn& client : control.clients) {
      if (++number > control.instances()) {
        text += fmt::format(", none for {}", client.ied_name);
      } else if (control.indexed) {
        text += fmt::format(", {:02} for {}", number, client.ied_name);
      } else {
        text += fmt::format(", for {}", client.ied_name);
      }
    }
    if (number < control.instances())
      text += fmt::format(", {} free", control.instances() - number);
    page_.line(4, fmt::format("{} (line {})", text, control.line), 2);
  }

  void put_published(const scl::LogicalDevice& device, const scl::LogicalNode& node,
                     const std::vector<scl::PublishedControl>& controls, const char* what,
                     const char* constraint) {
    for (const scl::PublishedControl& control : controls) {
      page_.line(
          4,
          fmt::format("{} {}{}{}: {} (line {})", what, scl::node_reference(device, node),
                      constraint, control.name, data_set_text(control.dat_set), control.line),
          2);
    }
  }

  void put_data_sets(const scl::Reading& reading, const scl::Ied& ied) {
    scl::for_each_node(ied, [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const scl::DataSet& set : node.data_sets) {
        page_.line(4,
                   fmt::format("data set {}${}, {} (line {})", scl::node_reference(device, node),
                               set.name, text::counted(set.members.size(), "member"), set.line),
                   2);
        for (std::size_t i = 0; i < shown(set.members.size()); ++i) {
          page_.line(6,
                     fmt::format("{:>2} {}", i + 1,
                                 scl::member_reference(reading.lookup, reading.types, ied, device,
                                                       set.members[i])),
                     3);
        }
        put_rest(6, set.members.size(), "members");
        flush_();
      }
    });
  }

  // By control model: how commands have to be given.
  void put_controls(const scl::Reading& reading, const scl::Ied& ied) {
    std::map<Text, std::vector<std::string>> of_model;
    scl::for_each_node(ied, [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (scl::Control& control : scl::controls_of(reading.types, device, node)) {
        of_model[control.model].push_back(std::move(control.name));
      }
    });
    for (const auto& [model, names] : of_model) {
      std::string text;
      for (std::size_t i = 0; i < shown(names.size()); ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : ", ", names[i]);
      }
      if (shown(names.size()) < names.size()) {
        text += fmt::format(", and {} more (-v shows all)", names.size() - kShown);
      }
      page_.line(
          4, fmt::format("control {}: {}", model.empty() ? "without a told ctlModel" : model, text),
          2);
    }
  }

  // --- clients ---

  void put_clients(const scl::Overview& overview) {
    if (overview.clients().empty()) return;
    page_.heading("CLIENTS");
    for (const scl::Client& client : overview.clients()) {
      page_.line(2, client.ied == nullptr
                        ? fmt::format("{} (not in this file)", client.name)
                        : fmt::format("{} (line {})", client.name, client.ied->line));
      put_addresses(overview, client.name);
      for (std::size_t i = 0; i < shown(client.blocks.size()); ++i) {
        page_.line(4, fmt::format("reports {}", client.blocks[i]));
      }
      put_rest(4, client.blocks.size(), "blocks");
      if (client.blocks.empty()) page_.line(4, "no report control block is meant for it");
      flush_();
    }
  }

  const TextOptions& options_;
  TextPage page_;
  const std::function<void()>& flush_;
};

}  // namespace

void write_scl_text(const std::vector<scl::Reading>& readings, const TextOptions& options,
                    std::string& out, const std::function<void()>& flush) {
  bool first = true;
  for (const scl::Reading& reading : readings) {
    if (!first) out += "\n";
    first = false;
    SclText(options, out, flush).write(reading);
  }
}

}  // namespace mmsa::output
