// What is known of one association while it is open: one tracker for each topic of the rule table.
#pragma once

#include "analysis/context.h"
#include "analysis/lazy.h"
#include "analysis/rules/access.h"
#include "analysis/rules/capture_quality.h"
#include "analysis/rules/control.h"
#include "analysis/rules/data_sets.h"
#include "analysis/rules/files.h"
#include "analysis/rules/lifecycle.h"
#include "analysis/rules/logs.h"
#include "analysis/rules/reports.h"
#include "analysis/rules/requests.h"
#include "analysis/rules/service_tracking.h"
#include "analysis/rules/setting_groups.h"
#include "analysis/rules/time_quality.h"

namespace mmsa::analysis {

struct Story {
  AssociationReport report;
  iec61850::ServerModel* model = nullptr;  // of the server; shared by its associations
  LossMemory loss[2];
  std::size_t outstanding = 0;  // requests given up when the connection ended

  LifecycleTracker lifecycle;
  CaptureQualityTracker capture_quality;
  RequestTracker requests;
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
