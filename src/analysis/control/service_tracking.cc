#include "analysis/control/service_tracking.h"

#include <algorithm>
#include <string>

#include "analysis/limit.h"
#include "iec61850/names.h"
#include "mmsanalyze/data.h"
#include "text/text.h"

namespace mmsa::analysis {
namespace {

constexpr std::string_view kTracking = "$SR$";
// Pairs of service and error listed: some 40 services with 12 errors, of which a server has a few.
constexpr std::size_t kMaxTracked = 256;

// The common attributes that all tracking data begin with: objRef, serviceType, errorCode.
bool is_tracking_data(asn1::NodeRef value) {
  if (!value || data_type(value.node()) != DataType::structure) return false;
  const asn1::NodeRef object = value.first_child();
  const asn1::NodeRef service = object ? object.next_sibling(value) : object;
  const asn1::NodeRef error = service ? service.next_sibling(value) : service;
  return error && data_type(object.node()) == DataType::visible_string &&
         data_type(service.node()) == DataType::integer &&
         data_type(error.node()) == DataType::integer;
}

}  // namespace

void ServiceTrackingTracker::on_message(Context& context, const MmsMessage& message) {
  if (message.pdu.service != Service::kInformationReport) return;
  const iec61850::ReportHeader* header = context.exchange->report_header();
  if (header == nullptr) return;
  const iec61850::DataSet* data_set = context.exchange->report_data_set();
  if (data_set != nullptr ? !data_set->tracks_services
                          : !header->has(iec61850::OptFlds::kDataReference)) {
    return;
  }
  for (const iec61850::ReportEntry& entry : context.exchange->report_entries()) {
    if (context.exchange->entry_name(entry).find(kTracking) == std::string_view::npos) continue;
    if (is_tracking_data(entry.value)) count(context, entry.value, message.frame);
  }
}

void ServiceTrackingTracker::count(Context& context, asn1::NodeRef value, FrameRef frame) {
  const asn1::NodeRef object = value.first_child();
  const asn1::NodeRef service = object.next_sibling(value);
  const std::int64_t error = service.next_sibling(value).integer();
  const std::string name =
      text::name_or_number(iec61850::service_type_name(service.integer()), service.integer());
  const std::string result =
      error == 0 ? std::string()
                 : text::name_or_number(iec61850::tracking_error_name(error), error);
  auto& tracked = context.report.service_tracking;
  auto known = std::find_if(tracked.begin(), tracked.end(), [&](const ServiceTrackingResult& t) {
    return t.service == name && t.error == result;
  });
  if (known == tracked.end()) {
    if (tracked.size() >= kMaxTracked) {
      return tell_limit(context, "tracked services", frame,
                        "A tracked service was not listed, because there are too many pairs of "
                        "service and error");
    }
    known = tracked.insert(tracked.end(), ServiceTrackingResult{});
    known->service = name;
    known->error = result;
    known->first = frame;
  }
  ++known->count;
  known->last_object = object.text();
}

}  // namespace mmsa::analysis
