// The JSON of `mmsanalyze scl`, docs/scl.schema.json.
#include <fmt/format.h>

#include "output/json_writer.h"
#include "output/scl_output.h"
#include "output/version.h"

namespace mmsa::output {
namespace {

using scl::Text;

class SclJson {
 public:
  SclJson(std::string& out, const std::function<void()>& flush) : json_(out), flush_(flush) {}

  void write(const std::vector<scl::Reading>& readings) {
    json_.begin_object();
    plain("schema", "mmsanalyze-scl/1");
    json_.key("tool");
    json_.begin_object();
    plain("name", kToolName);
    plain("version", tool_version());
    json_.end_object();
    array("files", readings, [this](const scl::Reading& reading) { write_file(reading); });
    json_.end_object();
  }

 private:
  // --- members of objects ---

  void plain(std::string_view key, std::string_view safe) {
    json_.key(key);
    json_.plain_string(safe);
  }
  void string(std::string_view key, std::string_view text) {
    json_.key(key);
    json_.string(text);
  }
  // Left out where the file does not tell it.
  void optional(std::string_view key, std::string_view text) {
    if (!text.empty()) string(key, text);
  }
  void number(std::string_view key, std::uint64_t value) {
    json_.key(key);
    json_.number(value);
  }
  void boolean(std::string_view key, bool value) {
    json_.key(key);
    json_.boolean(value);
  }
  template <typename List, typename Write>
  void array(std::string_view key, const List& list, Write write) {
    json_.key(key);
    json_.begin_array();
    for (const auto& item : list) {
      write(item);
      flush_();
    }
    json_.end_array();
  }
  void texts(std::string_view key, const std::vector<Text>& list) {
    array(key, list, [this](Text text) { json_.string(text); });
  }

  // --- the file ---

  void write_file(const scl::Reading& reading) {
    const scl::Document& document = reading.document;
    const scl::Overview overview(reading);
    json_.begin_object();
    string("file", document.path);
    plain("edition", edition_name(document.edition));
    optional("version", document.version);
    optional("id", document.header_id);
    if (document.cut_at != 0) number("cut_at", document.cut_at);
    json_.key("summary");
    json_.begin_object();
    for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
      number(fmt::format("{}s", severity_name(severity)), reading.problems.count(severity));
    }
    number("left_out", reading.problems.left_out());
    json_.end_object();
    array("problems", reading.problems.list(),
          [this](const scl::Problem& problem) { write_problem(problem); });
    json_.key("servers");
    json_.begin_array();
    for (const scl::Ied& ied : document.ieds) {
      if (scl::has_server(ied)) write_server(reading, overview, ied);
    }
    json_.end_array();
    array("clients", overview.clients(),
          [this, &overview](const scl::Client& client) { write_client(overview, client); });
    json_.end_object();
  }

  void write_problem(const scl::Problem& problem) {
    const scl::ProblemRow& row = scl::row(problem.kind);
    json_.begin_object();
    plain("rule", row.id);
    plain("severity", severity_name(row.severity));
    number("line", problem.line);
    if (problem.other_line != 0) number("other_line", problem.other_line);
    number("count", problem.count);
    optional("where", problem.where);
    string("message", problem.message);
    string("next_step", row.next_step);
    json_.end_object();
  }

  void write_addresses(const scl::Overview& overview, Text ied_name) {
    static constexpr struct {
      std::string_view key;
      Text type;
    } kParts[] = {
        {"ip", "IP"},
        {"port", "MMS-Port"},
        {"tsel", "OSI-TSEL"},
        {"ssel", "OSI-SSEL"},
        {"psel", "OSI-PSEL"},
        {"ap_title", "OSI-AP-Title"},
        {"ae_qualifier", "OSI-AE-Qualifier"},
    };
    array("addresses", overview.addresses(ied_name), [this](const scl::Address& address) {
      json_.begin_object();
      string("access_point", address.connected->ap_name);
      string("subnetwork", address.network->name);
      for (const auto& part : kParts) optional(part.key, address.connected->part(part.type));
      number("line", address.connected->line);
      json_.end_object();
    });
  }

  // --- servers ---

  void write_server(const scl::Reading& reading, const scl::Overview& overview,
                    const scl::Ied& ied) {
    json_.begin_object();
    string("ied", ied.name);
    optional("manufacturer", ied.manufacturer);
    optional("type", ied.type);
    optional("config_version", ied.config_version);
    optional("desc", ied.desc);
    number("line", ied.line);
    write_addresses(overview, ied.name);
    array("services", ied.services, [this](const scl::Service& service) {
      json_.begin_object();
      string("name", service.name);
      array("limits", service.limits, [this](const scl::ServiceLimit& limit) {
        json_.begin_object();
        string("name", limit.name);
        string("value", limit.value);
        json_.end_object();
      });
      number("line", service.line);
      json_.end_object();
    });
    json_.key("devices");
    json_.begin_array();
    for (const scl::AccessPoint& access_point : ied.access_points) {
      for (const scl::LogicalDevice& device : access_point.devices) {
        write_device(access_point, device);
      }
    }
    json_.end_array();
    write_blocks(reading, ied);
    json_.end_object();
  }

  void write_device(const scl::AccessPoint& access_point, const scl::LogicalDevice& device) {
    json_.begin_object();
    string("domain", device.domain);
    string("inst", device.inst);
    optional("ld_name", device.ld_name);
    string("access_point", access_point.name);
    array("nodes", device.nodes, [this](const scl::LogicalNode& node) { json_.string(node.name); });
    number("line", device.line);
    json_.end_object();
  }

  void write_blocks(const scl::Reading& reading, const scl::Ied& ied) {
    const auto each = [this, &ied](std::string_view key, auto write) {
      json_.key(key);
      json_.begin_array();
      scl::for_each_node(
          ied, [this, &write](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
            write(device, node);
            flush_();
          });
      json_.end_array();
    };
    each("data_sets", [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const scl::DataSet& set : node.data_sets) {
        write_data_set(reading, ied, device, node, set);
      }
    });
    each("report_blocks", [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const scl::ReportControl& control : node.reports) {
        write_report_block(device, node, control);
      }
    });
    each("log_blocks", [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const scl::LogControl& control : node.log_controls) {
        write_log_block(device, node, control);
      }
    });
    each("goose_blocks", [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const auto& control : node.gooses) write_published("GO", device, node, control);
    });
    each("sampled_value_blocks",
         [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
           for (const auto& control : node.sampled_values) {
             write_published("MS", device, node, control);
           }
         });
    each("setting_groups", [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      if (node.setting_control) write_setting_group(device, node);
    });
    each("controls", [&](const scl::LogicalDevice& device, const scl::LogicalNode& node) {
      for (const scl::Control& control : scl::controls_of(reading.types, device, node)) {
        json_.begin_object();
        string("name", control.name);
        optional("ctl_model", control.model);
        optional("sbo_timeout_ms", control.sbo_timeout);
        json_.end_object();
      }
    });
  }

  std::string reference(const scl::LogicalDevice& device, const scl::LogicalNode& node,
                        Text name) const {
    return fmt::format("{}/{}${}", device.domain, node.name, name);
  }

  void data_set(const scl::LogicalDevice& device, const scl::LogicalNode& node, Text name) {
    if (!name.empty()) string("data_set", reference(device, node, name));
  }

  void write_data_set(const scl::Reading& reading, const scl::Ied& ied,
                      const scl::LogicalDevice& device, const scl::LogicalNode& node,
                      const scl::DataSet& set) {
    json_.begin_object();
    string("name", reference(device, node, set.name));
    array("members", set.members, [&](const scl::Fcda& member) {
      json_.string(scl::member_reference(reading.lookup, reading.types, ied, device, member));
    });
    number("line", set.line);
    json_.end_object();
  }

  void write_report_block(const scl::LogicalDevice& device, const scl::LogicalNode& node,
                          const scl::ReportControl& control) {
    json_.begin_object();
    string("name", scl::block_reference(device, node, control));
    boolean("buffered", control.buffered);
    data_set(device, node, control.dat_set);
    optional("rpt_id", control.rpt_id);
    optional("conf_rev", control.conf_rev);
    number("buf_tm_ms", control.buf_time);
    number("intg_pd_ms", control.intg_pd);
    texts("trg_ops", control.trg_ops);
    texts("opt_flds", control.opt_fields);
    json_.key("instances");
    json_.begin_array();
    for (std::uint32_t number = 1; number <= control.instances(); ++number) {
      json_.string(control.instance_name(number));
    }
    json_.end_array();
    write_clients(control);
    number("line", control.line);
    json_.end_object();
  }

  void write_clients(const scl::ReportControl& control) {
    std::uint32_t instance = 0;
    array("clients", control.clients, [this, &instance, &control](const scl::ClientLn& client) {
      json_.begin_object();
      string("ied", client.ied_name);
      optional("access_point", client.ap_ref);
      string("ln", scl::node_name(client.prefix, client.ln_class, client.ln_inst));
      if (++instance <= control.instances()) {
        string("instance", control.instance_name(instance));
      }
      number("line", client.line);
      json_.end_object();
    });
  }

  void write_log_block(const scl::LogicalDevice& device, const scl::LogicalNode& node,
                       const scl::LogControl& control) {
    json_.begin_object();
    string("name", fmt::format("{}/{}$LG${}", device.domain, node.name, control.name));
    data_set(device, node, control.dat_set);
    optional("log", control.log_name);
    boolean("enabled", control.enabled);
    number("intg_pd_ms", control.intg_pd);
    number("line", control.line);
    json_.end_object();
  }

  void write_published(const char* constraint, const scl::LogicalDevice& device,
                       const scl::LogicalNode& node, const scl::PublishedControl& control) {
    json_.begin_object();
    string("name", fmt::format("{}/{}${}${}", device.domain, node.name, constraint, control.name));
    data_set(device, node, control.dat_set);
    optional("id", control.id);
    optional("conf_rev", control.conf_rev);
    number("line", control.line);
    json_.end_object();
  }

  void write_setting_group(const scl::LogicalDevice& device, const scl::LogicalNode& node) {
    json_.begin_object();
    string("name", fmt::format("{}/{}$SP$SGCB", device.domain, node.name));
    number("groups", node.setting_control->groups);
    number("active", node.setting_control->active);
    number("line", node.setting_control->line);
    json_.end_object();
  }

  void write_client(const scl::Overview& overview, const scl::Client& client) {
    json_.begin_object();
    string("ied", client.name);
    boolean("described", client.ied != nullptr);
    if (client.ied != nullptr) number("line", client.ied->line);
    write_addresses(overview, client.name);
    array("blocks", client.blocks, [this](const std::string& block) { json_.string(block); });
    json_.end_object();
  }

  JsonWriter json_;
  const std::function<void()>& flush_;
};

}  // namespace

void write_scl_json(const std::vector<scl::Reading>& readings, const TextOptions&, std::string& out,
                    const std::function<void()>& flush) {
  SclJson(out, flush).write(readings);
  out += '\n';
}

}  // namespace mmsa::output
