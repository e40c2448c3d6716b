// Formats for CI servers. Private to the format table; what each of them is good for stands there.
#pragma once

#include <functional>
#include <string>

#include "mmsanalyze/result.h"
#include "output/report_text.h"

namespace mmsa::output {

// The JUnit XML that GitLab and Jenkins read: one test case for each server and rule, so that there
// is something that passes. Failed: a finding at or above --fail-on that the baseline does not
// accept. Skipped: nothing of the kind was to be seen in the capture.
void write_junit(const Result& report, const TextOptions& options, std::string& out);

// SARIF 2.1.0 (OASIS): the rules with their help, results with the frames as code flows.
void write_sarif(const Result& report, const TextOptions& options, std::string& out);

// GitLab's code quality report: one object for each finding.
void write_gitlab(const Result& report, const TextOptions& options, std::string& out);

// Workflow commands of GitHub Actions: at most ten annotations, then a summary in Markdown.
void write_github(const Result& report, const TextOptions& options, std::string& out);
// The summary alone, for the file that GITHUB_STEP_SUMMARY names.
void write_markdown_summary(const Result& report, const TextOptions& options, std::string& out);

}  // namespace mmsa::output
