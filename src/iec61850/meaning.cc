#include "iec61850/meaning.h"

#include "iec61850/learning.h"
#include "mmsanalyze/data.h"

namespace mmsa::iec61850 {
namespace {

std::uint32_t children(asn1::NodeRef parent) {
  std::uint32_t count = 0;
  for (asn1::NodeRef c = parent.first_child(); c; c = c.next_sibling(parent)) ++count;
  return count;
}

// Result i of an answer to a Write is a failure or a NULL; of one to a Read a failure or Data.
asn1::NodeRef results_of(const MmsMessage& answer) {
  return answer.pdu.service == Service::kRead ? answer.pdu.body.child("listOfAccessResult")
                                              : answer.pdu.body;
}

// A list that may not be deleted, or is not there, is answered all the same: by how many were.
bool deleted_all(asn1::NodeRef answer) {
  const std::uint64_t deleted = answer.child("numberDeleted").unsigned_integer();
  return deleted > 0 && deleted >= answer.child("numberMatched").unsigned_integer();
}

bool is_access(std::uint16_t service) {
  return service == Service::kRead || service == Service::kWrite;
}

}  // namespace

Acsi Exchange::acsi() const {
  if (begin(kAcsi)) acsi_ = classify(*message_, from_client());
  return acsi_;
}

const ReportHeader* Exchange::report_header() const {
  if (begin(kReportHeader)) {
    header_ = {};
    is_report_ = read_report_header(*message_, header_);
  }
  return is_report_ ? &header_ : nullptr;
}

std::span<const ReportEntry> Exchange::report_entries() const {
  if (report_header() == nullptr) return {};
  if (begin(kReportEntries)) read_report_entries(*message_, header_, entries_);
  return entries_;
}

const DataSet* Exchange::report_data_set() const {
  if (report_header() == nullptr) return nullptr;
  if (begin(kReportDataSet)) {
    const std::string_view name =
        header_.dat_set ? *header_.dat_set : model_->report_data_set(header_.rpt_id);
    report_data_set_ =
        name.empty() ? nullptr : model_->data_set(name, association_->connection->stream);
  }
  return report_data_set_;
}

std::string_view Exchange::entry_name(const ReportEntry& entry) const {
  if (!entry.data_reference.empty()) return entry.data_reference;
  const DataSet* data_set = report_data_set();
  if (data_set == nullptr || entry.member >= data_set->members.size()) return {};
  return data_set->members[entry.member];
}

const ControlView* Exchange::control() const {
  if (begin(kControl)) is_control_ = read_control(*message_, control_);
  return is_control_ ? &control_ : nullptr;
}

const FileView* Exchange::file() const {
  if (begin(kFile)) {
    file_ = {};
    is_file_ = read_file(*message_, file_);
  }
  return is_file_ ? &file_ : nullptr;
}

std::string_view Exchange::data_set() const {
  items();
  return data_set_;
}

const NamedObjects& Exchange::named() const {
  if (begin(kNamed)) {
    const bool has_items =
        message_->pdu.service == Service::kInformationReport || is_access(message_->service());
    named_.read(has_items ? nullptr : message_);
  }
  return named_;
}

std::optional<bool> Exchange::ok() const {
  switch (message_->pdu.kind) {
    case PduKind::confirmed_response:
      if (message_->tree.failures > 0) return false;
      // A select may be refused by an empty answer.
      if (is_control(acsi()) && control() != nullptr && !control()->success) return false;
      if (message_->cut || message_->pdu.error) return std::nullopt;
      return message_->pdu.service != Service::kDeleteNamedVariableList ||
             deleted_all(message_->pdu.body);
    case PduKind::cancel_response:
    case PduKind::initiate_response:
    case PduKind::conclude_response:
      return true;
    case PduKind::confirmed_error:
    case PduKind::reject:
    case PduKind::cancel_error:
    case PduKind::initiate_error:
    case PduKind::conclude_error:
      return false;
    case PduKind::unconfirmed:
      if (acsi() == Acsi::LastApplError) return false;
      if (acsi() == Acsi::CommandTermination && control() != nullptr) return control()->success;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::span<const Item> Exchange::items() const {
  if (begin(kItems)) {
    items_.clear();
    refs_.clear();
    data_set_.clear();
    work_out_items();
    // The text has stopped growing: views of it stay.
    std::size_t at = 0;
    for (Item& item : items_) {
      const std::size_t size = item.ref.size();
      item.ref = std::string_view(refs_).substr(at, size);
      at += size;
    }
  }
  return items_;
}

// `ref` only counts its octets for now, which were appended to refs_.
void Exchange::add_item(std::string_view ref, asn1::NodeRef value,
                        std::optional<std::int64_t> error) const {
  items_.push_back({ref, value, error});
}

void Exchange::work_out_items() const {
  const MmsMessage& message = *message_;
  const asn1::Tree& tree = message.tree;
  const bool answer = message.pdu.kind == PduKind::confirmed_response;
  const bool told = message.pdu.service == Service::kInformationReport;
  if (!told && !is_access(message.service())) return;
  // As a whole: nothing is said of each variable.
  const bool refused =
      message.pdu.kind == PduKind::confirmed_error || message.pdu.kind == PduKind::reject;
  if (refused && message.request_view == nullptr) return;
  if (!told && message.pdu.kind != PduKind::confirmed_request && !answer && !refused) return;
  if (answer && message.request != nullptr && message.request->service != message.pdu.service) {
    return;
  }

  // Who names the variables: the message itself, or its request.
  const bool known = !answer || message.request_view != nullptr;
  const bool by_request = (answer && known) || refused;
  const asn1::Tree& names = by_request ? message.request_view->tree() : tree;
  const MmsPdu& named_by = by_request ? message.request_view->pdu() : message.pdu;
  asn1::NodeRef specification;
  if (known) specification = access_specification(named_by);
  const DataSet* members = nullptr;
  const bool by_list = names_a_list(specification);
  if (by_list && !names.objects.empty()) {
    append_object_name(data_set_, object_name(names.at(names.objects[0])));
    members = model_->data_set(data_set_, association_->connection->stream);
  }
  asn1::NodeRef variable = by_list || !known ? asn1::NodeRef{} : specification.first_child();

  asn1::NodeRef results;
  asn1::NodeRef result;
  std::size_t count = refused ? names.values.size() : answer ? 0 : tree.values.size();
  if (answer) {
    results = results_of(message);
    result = results.first_child();
    count = children(results);
  } else if (by_list && members != nullptr) {
    count = std::max(count, members->members.size());
  }
  // Names that do not fit the results name none of them.
  const bool fits = !answer || note_.results == 0 || note_.results == count || message.cut ||
                    message.pdu.error.has_value();
  for (std::size_t i = 0; i < count || (!answer && variable); ++i) {
    const std::size_t begin = refs_.size();
    if (variable) {
      if (fits) append_variable(refs_, variable);
      variable = variable.next_sibling(specification);
    } else if (!fits || data_set_.empty()) {
      // nothing is known
    } else if (members != nullptr && i < members->members.size()) {
      refs_ += members->members[i];
    } else {
      refs_ += data_set_;
      refs_ += '[';
      refs_ += std::to_string(i);
      refs_ += ']';
    }
    asn1::NodeRef value;
    std::optional<std::int64_t> error;
    if (answer) {
      if (result.node().role() == asn1::Role::failure) {
        error = result.integer();
      } else if (message.pdu.service == Service::kRead) {
        value = result;
      }
      if (message.pdu.service == Service::kWrite && known && fits && i < names.values.size()) {
        value = names.at(names.values[i]);
      }
      result = result.next_sibling(results);
    } else if (i < names.values.size()) {
      value = names.at(names.values[i]);
      if (value.node().role() == asn1::Role::failure) {
        error = value.integer();
        value = {};
      }
    }
    add_item(std::string_view(refs_).substr(begin), value, error);
  }
}

// --- the stage ---

ServerModel& Meaning::model_of(const Association& association) {
  if (association.slot >= model_of_slot_.size()) model_of_slot_.resize(association.slot + 1);
  ServerModel*& model = model_of_slot_[association.slot];
  if (model == nullptr) model = &models_.of(association);
  return *model;
}

RequestNote Meaning::note_of(const Association& association, const MmsMessage& request) {
  RequestNote note{.constraints = constraints_of(request.tree)};
  if (!is_access(request.pdu.service)) return note;
  ServerModel& model = model_of(association);
  if (request.from_client(association)) {
    note.teaches = may_teach(model, request, note.constraints);
  }
  if (request.cut || request.pdu.error) return note;
  const asn1::NodeRef specification = access_specification(request.pdu);
  if (request.pdu.service == Service::kWrite) {
    note.results = static_cast<std::uint32_t>(request.tree.values.size());
  } else if (!names_a_list(specification)) {
    note.results = children(specification);
  } else if (!request.tree.objects.empty()) {
    buffer_.clear();
    append_object_name(buffer_, object_name(request.tree.at(request.tree.objects[0])));
    const DataSet* set = model.data_set(buffer_, association.connection->stream);
    if (set != nullptr) {
      note.results = static_cast<std::uint32_t>(set->members.size());
      note.teaches = note.teaches || set->configures;
    }
    note.data_set = true;
  }
  return note;
}

std::uint64_t Meaning::note_of_request(const Association& association, const MmsMessage& request) {
  noted_ = note_of(association, request);
  return noted_->bits();
}

void Meaning::on_message(const Association& association, const MmsMessage& message) {
  Exchange& exchange = exchange_;
  exchange.association_ = &association;
  exchange.message_ = &message;
  exchange.model_ = &model_of(association);
  exchange.worked_out_ = 0;
  if (message.pdu.kind == PduKind::confirmed_request) {
    exchange.note_ = noted_ ? *noted_ : note_of(association, message);
  } else {
    exchange.note_ =
        message.request != nullptr ? RequestNote::of(message.request->note) : RequestNote{};
  }
  noted_.reset();
  learn(exchange);
  tell(association, std::cref(exchange));
}

void Meaning::tell(const Association& association, const Event& event) {
  for (ExchangeSink* sink : sinks_) sink->on(association, event);
}

void Meaning::on(const Association& association, const MmsEvent& event) {
  std::visit(ByKind{[&](const MmsMessage& message) { on_message(association, message); },
                    [&](const ConnectionClose& close) {
                      tell(association, close);
                      // The slot may be another server's next.
                      if (association.slot < model_of_slot_.size()) {
                        model_of_slot_[association.slot] = nullptr;
                      }
                    },
                    [&](const auto& other) { tell(association, other); }},
             event);
}

void Meaning::on_trace_end(TimeNs last) {
  for (ExchangeSink* sink : sinks_) sink->on_trace_end(last);
}

}  // namespace mmsa::iec61850
