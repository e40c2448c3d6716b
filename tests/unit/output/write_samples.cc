// write_samples DIR: writes the sample reports as JSON, to be checked against the schema, and as
// text, to be looked at.
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "output/formats.h"
#include "unit/output/sample_results.h"

int main(int argc, char** argv) {
  using namespace mmsa::samples;  // NOLINT: a program of one function
  if (argc != 2) {
    std::fputs("usage: write_samples DIR\n", stderr);
    return 2;
  }
  const std::pair<const char*, mmsa::Result> reports[] = {
      {"empty", empty()}, {"healthy", healthy()}, {"faulty", faulty()}, {"hostile", hostile()}};
  for (const auto& [name, report] : reports) {
    for (const mmsa::output::ReportFormat& format : mmsa::output::report_formats()) {
      std::string out;
      format.write(report, {}, out, [] {});
      std::ofstream file(std::string(argv[1]) + "/" + name + "." + std::string(format.name),
                         std::ios::binary);
      file << out;
      if (!file.flush()) return 1;
    }
  }
  return 0;
}
