// What is known of one association while it is open: one tracker for each topic of the rule table.
#pragma once

#include "analysis/access/access.h"
#include "analysis/access/data_sets.h"
#include "analysis/access/logs.h"
#include "analysis/access/setting_groups.h"
#include "analysis/association/lifecycle.h"
#include "analysis/capture/capture_quality.h"
#include "analysis/context.h"
#include "analysis/control/control.h"
#include "analysis/control/service_tracking.h"
#include "analysis/files/files.h"
#include "analysis/lazy.h"
#include "analysis/reports/reports.h"
#include "analysis/requests/paging.h"
#include "analysis/requests/requests.h"
#include "analysis/time/time_quality.h"

namespace mmsa::analysis {

struct Story {
  AssociationResult report;
  iec61850::ServerModel* model = nullptr;  // of the server; shared by its associations
  iec61850::ReportControls* report_controls = nullptr;
  ServerClock* clock = nullptr;  // likewise
  LossMemory loss[2];
  DamageMemory damage;
  ServerLoad* load = nullptr;         // of the server; shared by its associations
  bool is_iccp = false;               // TASE.2 (IEC 60870-6); report.is_iec61850 is false then
  std::uint32_t messages_judged = 0;  // by their names: IEC 61850 or ICCP

  LifecycleTracker lifecycle;
  CaptureQualityTracker capture_quality;
  RequestTracker requests;
  PagingTracker paging;
  ControlTracker controls;
  Lazy<ReportTracker> reports;
  AccessTracker access;
  Lazy<FileTracker> files;
  DataSetTracker data_sets;
  LogTracker logs;
  SettingGroupTracker setting_groups;
  ServiceTrackingTracker service_tracking;
  TimeQualityTracker time_quality;
};

}  // namespace mmsa::analysis
