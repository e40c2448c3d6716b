// What a message means to IEC 61850, said once: everything behind this stage is given the same
// Exchange, and none of it parses names, reads report headers, pairs names with values or remembers
// requests again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "iec61850/acsi.h"
#include "iec61850/control.h"
#include "iec61850/file_view.h"
#include "iec61850/named_objects.h"
#include "iec61850/reference.h"
#include "iec61850/report.h"
#include "iec61850/request_note.h"
#include "iec61850/server_model.h"
#include "mmsanalyze/events.h"

namespace mmsa::iec61850 {

// A variable that a Read, a Write or an InformationReport is about, with what is said of it. Result
// i of an answer belongs to variable i of its request, or to member i of the data set that the
// request names (ISO 9506-2 clauses 14.6 and 14.7).
struct Item {
  // "LD/LN$FC$DO", with its alternate access: "LD/GGIO9$MX$Har$ar(3)$mag$f"; "LD/LN$name[2]" of a
  // data set whose members are not known; empty where nothing is known.
  std::string_view ref;
  asn1::NodeRef value;  // of a request: what is written; of an answer: what was read or written
  std::optional<std::int64_t> error;  // DataAccessError of an answer

  // Domain and item of `ref`.
  ObjectName name() const { return split_reference(ref); }
};

// One message and what it means. Each part is worked out when it is first asked for. Everything is
// valid until the next message.
class Exchange {
 public:
  const Association& association() const { return *association_; }
  const MmsMessage& message() const { return *message_; }
  bool from_client() const { return message_->from_client(*association_); }
  // Of the association's server, this message included.
  ServerModel& model() const { return *model_; }
  // Of a confirmed request, and of its answer.
  const RequestNote& note() const { return note_; }

  Acsi acsi() const;
  // Of requests, answers and InformationReports that are no IEC 61850 report. Of an answer whose
  // request is not known, or does not fit it, the items have no names; of one that refuses the
  // request as a whole they are those of the request, without errors.
  std::span<const Item> items() const;
  // The data set that a Read or Write names, "LD/LN$name", else empty.
  std::string_view data_set() const;
  // What a message of another service is about; nothing of those that have items.
  const NamedObjects& named() const;
  // Whether the server did all that was asked for. Of answers, and of what ends a command; not
  // known where the end of the answer is missing.
  std::optional<bool> ok() const;
  // Null where the message is no report.
  const ReportHeader* report_header() const;
  // The members of the report; empty where it is none.
  std::span<const ReportEntry> report_entries() const;
  // Of the report, by its DatSet or its RptID; null where it is none, or its members are not known.
  const DataSet* report_data_set() const;
  // "LD/LN$FC$DO" of a member of the report, as it says itself or as its data set does; empty where
  // neither is known.
  std::string_view entry_name(const ReportEntry& entry) const;
  // Null where the message is not about a control object.
  const ControlView* control() const;
  // Null where the message belongs to no file service.
  const FileView* file() const;

 private:
  friend class Meaning;
  enum Part : std::uint8_t {
    kAcsi = 1,
    kItems = 2,
    kReportHeader = 4,
    kReportEntries = 8,
    kControl = 16,
    kFile = 32,
    kReportDataSet = 64,
    kNamed = 128,
  };
  bool begin(Part part) const {
    const bool first = (worked_out_ & part) == 0;
    worked_out_ = static_cast<std::uint8_t>(worked_out_ | part);
    return first;
  }
  void work_out_items() const;
  void add_item(std::string_view ref, asn1::NodeRef value, std::optional<std::int64_t> error) const;

  const Association* association_ = nullptr;
  const MmsMessage* message_ = nullptr;
  ServerModel* model_ = nullptr;
  RequestNote note_;

  mutable std::uint8_t worked_out_ = 0;
  mutable bool is_report_ = false;
  mutable bool is_control_ = false;
  mutable bool is_file_ = false;
  mutable Acsi acsi_ = Acsi::none;
  mutable ReportHeader header_;
  mutable ControlView control_;
  mutable FileView file_;
  mutable const DataSet* report_data_set_ = nullptr;
  // Reused from message to message.
  mutable std::vector<ReportEntry> entries_;
  mutable std::vector<Item> items_;
  mutable std::string refs_;
  mutable std::string data_set_;
  mutable NamedObjects named_;
};

// What the sinks are told.
using Event =
    std::variant<std::reference_wrapper<const Exchange>, StepEvent, MalformedUnit, GapEvent,
                 FinEvent, RstEvent, WindowStall, UnansweredRequest, ConnectionClose>;

class ExchangeSink {
 public:
  virtual ~ExchangeSink() = default;
  virtual void on(const Association& association, const Event& event) = 0;
  virtual void on_trace_end(TimeNs /*last*/) {}
};

// The stage: teaches the models what a message says of its server, then gives it to the sinks.
class Meaning : public MmsSink {
 public:
  // The sinks are called in this order. They and the models outlive this object.
  Meaning(ServerModels& models, std::vector<ExchangeSink*> sinks)
      : models_(models), sinks_(std::move(sinks)) {}

  void on(const Association& association, const MmsEvent& event) override;
  std::uint64_t note_of_request(const Association& association, const MmsMessage& request) override;
  void on_trace_end(TimeNs last) override;

 private:
  void on_message(const Association& association, const MmsMessage& message);
  void tell(const Association& association, const Event& event);
  ServerModel& model_of(const Association& association);
  RequestNote note_of(const Association& association, const MmsMessage& request);

  ServerModels& models_;
  std::vector<ExchangeSink*> sinks_;
  std::vector<ServerModel*> model_of_slot_;  // by Association::slot
  Exchange exchange_;
  std::optional<RequestNote> noted_;  // of the request that is told next
  std::string buffer_;
};

}  // namespace mmsa::iec61850
