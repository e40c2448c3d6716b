// With -v: what each layer of an association proposed and agreed on.
#include <fmt/format.h>

#include <algorithm>

#include "output/facts.h"
#include "output/text_sections.h"
#include "text/text.h"

namespace mmsa::output {
namespace {

// The facts of one layer on one line: "session: version 2, selectors 0001 -> 0001".
class FactLine {
 public:
  explicit FactLine(std::string_view layer) : text_(layer) { text_ += ':'; }

  void add(const std::string& fact) {
    text_ += empty_ ? " " : ", ";
    text_ += fact;
    empty_ = false;
  }
  template <typename T>
  void add(std::string_view name, const std::optional<T>& value) {
    if (value) add(fmt::format("{} {}", name, *value));
  }
  // "name a -> b", "-" for what is absent.
  void add(std::string_view name, const std::string& from, const std::string& to) {
    if (from.empty() && to.empty()) return;
    add(fmt::format("{} {} -> {}", name, from.empty() ? "-" : from, to.empty() ? "-" : to));
  }
  void add(std::string_view name, std::uint64_t from, std::uint64_t to) {
    add(name, from == 0 ? "" : std::to_string(from), to == 0 ? "" : std::to_string(to));
  }

  void put(TextPage& page) const {
    if (!empty_) page.line(2, text_, 4);
  }

 private:
  std::string text_;
  bool empty_ = true;
};

// Octets that are text in practice are shown so, others as hex.
std::string selector(const std::string& octets) {
  const auto is_graphic = [](char c) { return c > ' ' && c <= '~'; };
  if (octets.empty()) return "";
  if (std::all_of(octets.begin(), octets.end(), is_graphic)) return "\"" + octets + "\"";
  std::string out;
  text::append_hex(out, as_bytes(octets));
  return out;
}

void put_cotp(TextPage& page, const CotpFacts& cotp) {
  FactLine line("COTP");
  if (cotp.request_seen || cotp.confirm_seen)
    line.add(fmt::format("class {}", cotp.transport_class));
  line.add("TPDU size", cotp.proposed_tpdu_size, cotp.tpdu_size);
  line.add("TSAP", selector(cotp.calling_tsap), selector(cotp.called_tsap));
  line.add("disconnect reason", cotp.disconnect_reason);
  line.add("reject cause", cotp.reject_cause);
  line.put(page);
}

void put_session(TextPage& page, const SessionFacts& session) {
  FactLine line("session");
  if ((session.version & 1) != 0) line.add("version 1");
  if ((session.version & 2) != 0) line.add("version 2");
  line.add("selectors", selector(session.calling_selector), selector(session.called_selector));
  line.add("TSDU size", session.max_tsdu_calling, session.max_tsdu_called);
  line.add("refuse reason", session.refuse_reason);
  line.put(page);
}

std::string result_text(const PresentationContext& context) {
  if (!context.result) return "unanswered";
  switch (*context.result) {
    case 0:
      return "accepted";
    case 1:
      return "rejected by the user";
    case 2:
      return "rejected by the provider";
    default:
      return fmt::format("result {}", *context.result);
  }
}

void put_presentation(TextPage& page, const PresentationFacts& presentation) {
  FactLine line("presentation");
  line.add("selectors", selector(presentation.calling_selector),
           selector(presentation.called_selector));
  for (const PresentationContext& context : presentation.contexts) {
    line.add(fmt::format("context {} is {} ({})", context.id, context.abstract_syntax,
                         result_text(context)));
  }
  line.add("refuse reason", presentation.refuse_reason);
  line.add("abort reason", presentation.abort_reason);
  line.put(page);
}

void put_acse(TextPage& page, const AcseFacts& acse) {
  FactLine line("ACSE");
  if (!acse.application_context.empty())
    line.add("application context " + acse.application_context);
  line.add("AP titles", acse.calling_ap_title, acse.called_ap_title);
  line.add("calling AE qualifier", acse.calling_ae_qualifier);
  line.add("called AE qualifier", acse.called_ae_qualifier);
  line.add("authentication " + authentication_mechanism(acse));
  line.add("result", acse.result);
  line.add("user diagnostic", acse.diagnostic_user);
  line.add("provider diagnostic", acse.diagnostic_provider);
  line.put(page);
}

void put_initiate(TextPage& page, std::string_view name,
                  const std::shared_ptr<const InitiateValues>& values) {
  if (!values) return;
  FactLine line(name);
  line.add("PDU size", values->local_detail);
  line.add(fmt::format("outstanding {} calling, {} called", values->max_outstanding_calling,
                       values->max_outstanding_called));
  line.add("nesting", values->nesting_level);
  line.add(fmt::format("version {}", values->version));
  if (!values->parameter_cbb.empty()) line.add("parameter CBB " + values->parameter_cbb);
  if (!values->services_supported.empty()) line.add("services " + values->services_supported);
  line.put(page);
}

void put_tcp(TextPage& page, const AssociationResult& association) {
  FactLine line("TCP");
  const auto add = [&](std::string_view name, const std::uint64_t(&counts)[2]) {
    if (counts[0] + counts[1] == 0) return;
    line.add(fmt::format("{} {} to the server, {} to the client", name, counts[0], counts[1]));
  };
  add("lost octets", association.lost_octets);
  add("retransmissions", association.retransmissions);
  add("duplicates", association.duplicates);
  line.put(page);
}

}  // namespace

void put_layers_text(TextWriter& writer) {
  if (writer.report.associations.empty()) return;
  writer.page.heading("NEGOTIATED");
  for (const AssociationResult& association : writer.report.associations) {
    TextPage& page = writer.page;
    page.line(0, association_title(writer, association), 2);
    FactLine line("association");
    if (!association.role_source.empty()) line.add("roles from " + association.role_source);
    if (association.context_source != "none") {
      line.add(fmt::format("MMS in presentation context {} ({})", association.mms_context,
                           association.context_source));
    }
    line.put(page);
    put_tcp(page, association);
    put_cotp(page, *association.cotp);
    put_session(page, *association.session);
    put_presentation(page, *association.presentation);
    put_acse(page, *association.acse);
    put_initiate(page, "MMS proposed", association.mms.proposed);
    put_initiate(page, "MMS negotiated", association.mms.negotiated);
  }
}

}  // namespace mmsa::output
