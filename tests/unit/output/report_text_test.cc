#include "output/report_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <sstream>
#include <vector>

#include "output/text_page.h"
#include "text/text.h"
#include "unit/output/sample_results.h"

namespace mmsa {
namespace {

using Catch::Matchers::Contains;
using output::TextOptions;

std::string written(const Result& report, const TextOptions& options = {}) {
  std::string out;
  output::write_report_text(report, options, out);
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TextOptions verbose() {
  TextOptions options;
  options.verbose = true;
  return options;
}

TEST_CASE(
    "the first line is the verdict, the second says how many problems there are and in what") {
  const std::vector<std::string> faulty = lines_of(written(samples::faulty()));
  CHECK(faulty[0] ==
        "2 causes of errors and 1 of warnings, on 1 of 2 servers; first: sample-refused.");
  CHECK(
      faulty[1] ==
      "2 errors, 1 warning, 1 note in 2 associations: 1839 messages, 12.3 s, capture.pcapng and 1 "
      "more");
  const std::vector<std::string> healthy = lines_of(written(samples::healthy()));
  CHECK(healthy[0] == "No problems found.");
  CHECK(healthy[1] ==
        "0 errors, 0 warnings, 1 note in 1 association: 40 messages, 12.3 s, capture.pcapng");
}

TEST_CASE("a healthy capture is told to be so, with its notes below") {
  const std::string out = written(samples::healthy());
  const std::size_t verdict = out.find("No problems found.\n");
  REQUIRE(verdict != std::string::npos);
  CHECK(out.find("NOTE sample-closed") > verdict);
  CHECK(out.find("ERROR") == std::string::npos);
}

TEST_CASE("a capture without MMS is not called healthy") {
  const std::string out = written(samples::empty());
  CHECK_THAT(out,
             Catch::StartsWith("No MMS message was found in 0 packets.\n"
                               "0 errors, 0 warnings in 0 associations: 0 messages, no packets, "
                               "nothing.pcap\n"));
  CHECK_THAT(out, !Contains("No problems"));
  CHECK_THAT(out, !Contains("ASSOCIATIONS"));
}

TEST_CASE("a faulty capture is not called healthy") {
  CHECK_THAT(written(samples::faulty()), !Contains("No problems"));
}

TEST_CASE("the table of associations gives the ends, the p95 and the problems of each") {
  const std::vector<std::string> lines = lines_of(written(samples::faulty()));
  const auto header = std::find(lines.begin(), lines.end(), "ASSOCIATIONS") + 1;
  REQUIRE(header < lines.end());
  CHECK_THAT(*header, Contains("stream") && Contains("opened") && Contains("problems"));
  const std::string& busy = header[1];
  CHECK_THAT(busy, Contains("10.0.0.3:50000") && Contains("10.0.0.1:102") && Contains("initiate") &&
                       Contains("conclude by client") && Contains(" 40 ") && Contains("12.3"));
  CHECK_THAT(busy, Contains(" 1  -  1460 octets lost"));
  const std::string& refused = header[2];
  CHECK_THAT(refused, Contains("[2001:") && Contains("]:102") && Contains(" refused "));
}

TEST_CASE("findings stand worst first under their association") {
  const std::string out = written(samples::faulty());
  const std::size_t first = out.find("ERROR sample-refused  IED1LD0/LLN0$BR$brcb01\n");
  const std::size_t second = out.find("ERROR sample-error");
  const std::size_t note = out.find("NOTE sample-reduced");
  const std::size_t of_capture = out.find("the capture\n");
  CHECK(first < second);
  CHECK(second < note);
  CHECK(note < of_capture);  // the note shares the group of the error
  CHECK(of_capture < out.find("WARNING sample-cut-short"));
}

TEST_CASE("a finding has its sentence, frames, figures, cause and next step") {
  Result report = samples::healthy();
  report.findings[0].message = "Nothing.";
  CHECK_THAT(written(report),
             Contains("stream 0: 10.0.0.3:50000 -> 10.0.0.1:102\n"
                      "  NOTE sample-closed\n"
                      "    Nothing.\n"
                      "    frames 1234, 1240  10:00:01.000\n"
                      "    evidence: missing=3, ratio=0.25, buffered=true, rpt_id=\"brcb 01\"\n"
                      "    cause: The buffer of the server overflowed.\n"
                      "    next: Raise the size of the buffer.\n"));
}

TEST_CASE("the same cause many times is told once") {
  CHECK_THAT(written(samples::faulty()),
             Contains("frames 1234, 1240  (17 times, 10:00:01.000 to 10:02:33.000)\n"));
}

TEST_CASE("services are listed with their response times") {
  const std::vector<std::string> lines = lines_of(written(samples::faulty()));
  const auto row = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("  getNamedVariableListAttributes") == 0;
  });
  REQUIRE(row != lines.end());
  std::istringstream cells(*row);
  std::vector<std::string> words{std::istream_iterator<std::string>(cells), {}};
  CHECK(words == std::vector<std::string>{"getNamedVariableListAttributes", "5", "4", "0", "1",
                                          "1.250", "12.3", "90.0", "2500"});
  CHECK_THAT(written(samples::faulty()), Contains("identify (by server)"));
}

TEST_CASE("a report control block has a row and its story") {
  const std::string out = written(samples::faulty());
  CHECK_THAT(out,
             Contains("    frame 20  10:00:00.100  reserved  ResvTms=10\n"
                      "    frame 22  10:00:00.120  enabled  refused: temporarily-unavailable\n"
                      "    12 reports in 14 segments, first in frame 30, last in frame 1240\n"));
  CHECK_THAT(out, Contains("0..10, 0..3"));
  // Its association has ended: nobody holds it any more.
  CHECK_THAT(out, !Contains("10.0.0.9:50001"));
}

TEST_CASE("controls, files and the other lists name outcome and frames") {
  const std::string out = written(samples::faulty());
  CHECK_THAT(out,
             Contains("  10:00:00.400  IED1LD0/CSWI1$CO$Pos=true: refused, AddCause "
                      "blocked-by-interlocking, after 20.0 ms\n"
                      "      (sbo-with-enhanced-security, by station-control SCADA, ctlNum 7)\n"
                      "      SelectWithValue frame 40 ok in 1.2 ms, Operate frame 42 +20.0 ms "
                      "refused: object-access-denied\n      in 0.1 ms\n"));
  CHECK_THAT(out,
             Contains("10:00:00.500  get  COMTRADE/rec1.cfg: incomplete, octets 0..4000 of 4096 "
                      "in 4 reads; opened in\n      frame 50\n"));
  CHECK_THAT(out, Contains("IED1LD0/LLN0$ds1: 1 member, from getNamedVariableListAttributes\n"));
  CHECK_THAT(out, Contains("frame 60  10:00:00.600  SelectActiveSG 2  IED1LD0/LLN0$SP$SGCB: ok\n"));
  CHECK_THAT(out, Contains("IED1LD0/LLN0$EventLog: 1 query, 120 entries, 0 errors\n"));
}

TEST_CASE("what was passed over and what the files are stands at the end") {
  const std::string out = written(samples::faulty());
  CHECK_THAT(out, Contains("12  frames that carry no IP"));
  CHECK_THAT(out, !Contains("IP packets that carry no TCP"));
  CHECK_THAT(out, Contains("second.pcap.gz (pcap): 10 packets, 4 dropped while capturing, ends "
                           "inside a packet, the last\n    packet is cut\n"));
  CHECK_THAT(out, Contains("2024-02-21 10:00:00.000 UTC to 2024-02-21 10:00:12.345 UTC, 12.3 s\n"));
}

TEST_CASE("sections without content are left out") {
  const std::string out = written(samples::healthy());
  for (const char* title : {"REPORT CONTROL BLOCKS", "CONTROLS", "FILES", "DATA SETS",
                            "SETTING GROUPS", "LOGS", "NOT DECODED", "NEGOTIATED"}) {
    CHECK_THAT(out, !Contains(title));
  }
}

TEST_CASE("verbose adds what was negotiated and the members of data sets") {
  const std::string out = written(samples::faulty(), verbose());
  CHECK_THAT(out, Contains("  COTP: class 0, TPDU size 8192 -> 1024, TSAP 0001 -> \"TS\"\n"));
  CHECK_THAT(out, Contains("context 3 is 1.0.9506.2.1 (accepted)"));
  CHECK_THAT(out, Contains("authentication password"));
  CHECK_THAT(out, Contains("  MMS negotiated: PDU size 32000, outstanding 3 calling, 3 called, "
                           "version 1"));
  CHECK_THAT(out, Contains("TCP: lost octets 1460 to the server, 0 to the client\n"));
  CHECK_THAT(out, Contains("    IED1LD0/GGIO1$ST$Ind1\n"));
}

TEST_CASE("quiet leaves the summary, the errors and the warnings") {
  TextOptions options;
  options.quiet = true;
  const std::string out = written(samples::faulty(), options);
  CHECK_THAT(out, Contains("ERROR sample-error") && Contains("WARNING sample-cut-short"));
  CHECK_THAT(out, !Contains("NOTE") && !Contains("ASSOCIATIONS") && !Contains("CAPTURE\n"));
  CHECK(lines_of(written(samples::healthy(), options)).size() == 2);
}

TEST_CASE("of a station the causes are told, each once; verbose shows everything") {
  const std::string out = written(samples::huge());
  CHECK(count_of(out, "WARNING sample-failed") == 1);
  CHECK_THAT(out, Contains("  WARNING sample-failed  70 findings\n"));
  CHECK_THAT(out, Contains("frames 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 and 28 more"));
  CHECK_THAT(out, !Contains("CONTROLS") && !Contains("REPORT CONTROL BLOCKS"));
  CHECK(lines_of(out).size() < 60);

  const std::string all = written(samples::huge(), verbose());
  CHECK(count_of(all, "WARNING sample-failed") == 70);
  CHECK(count_of(all, "Pos=true: refused") == 60 * 55);
  CHECK_THAT(all, Contains("1000 in all, the first 55 were kept\n"));
  CHECK_THAT(all, !Contains("(-v or"));
}

// Several servers, one fault on many of them and one on one.
Result station() {
  Result report = samples::healthy();
  const AssociationResult pattern = report.associations.front();
  const Finding fault = samples::faulty().findings.front();
  report.associations.clear();
  report.findings.clear();
  for (std::uint32_t i = 0; i < 150; ++i) {
    AssociationResult each = pattern;
    each.stream = i;
    each.server = "10.0.1." + std::to_string(i) + ":102";
    report.associations.push_back(each);
    Finding finding = fault;
    finding.stream = i;
    finding.server = each.server;
    finding.rule = "sample-many";
    if (i < 140) report.findings.push_back(finding);
    finding.rule = "sample-one";
    if (i == 149) report.findings.push_back(finding);
  }
  return samples::concluded(report);
}

TEST_CASE(
    "a fault of many servers is one cause, with how many and which; that of one is not hidden") {
  const std::string out = written(station());
  CHECK_THAT(out, Catch::StartsWith("2 causes of errors, on 141 of 150 servers; first: sample-many "
                                    "(on 140 servers).\n"));
  CHECK_THAT(out, Contains("ERROR  sample-many       140      140  server"));
  CHECK_THAT(out, Contains("ERROR  sample-one          1        1  server"));
  CHECK_THAT(out, Contains("  ERROR sample-many  140 findings on 140 servers\n"));
  CHECK_THAT(out, Contains("servers: 10.0.1.0:102, 10.0.1.100:102"));
  CHECK_THAT(out, Contains(" and 134 more\n"));
  CHECK_THAT(
      out, Contains("... and 111 more with problems: 110 mainly sample-many, 1 mainly sample-one\n"
                    "... and 9 servers without problems (-v lists them)\n"));
  CHECK(lines_of(out).size() < 150);
}

TEST_CASE("some findings of one cause are listed one by one") {
  Result report = samples::faulty();
  Finding second = report.findings.front();
  second.object = "IED1LD0/LLN0$BR$brcb02";
  report.findings.push_back(second);
  const std::string out = written(samples::concluded(report));
  CHECK_THAT(out, Contains("  ERROR sample-refused  2 findings, 2 objects\n"));
  CHECK_THAT(out, Contains("    IED1LD0/LLN0$BR$brcb01: frames 1234, 1240  10:00:01.000\n"
                           "    IED1LD0/LLN0$BR$brcb02: frames 1234, 1240  10:00:01.000\n"));
}

TEST_CASE("an association with problems is listed however many there are") {
  const std::vector<std::string> lines = lines_of(written(samples::huge()));
  const auto header = std::find(lines.begin(), lines.end(), "ASSOCIATIONS") + 1;
  REQUIRE(header + 21 < lines.end());
  CHECK_THAT(header[20], Catch::StartsWith("    59 ") && Catch::Contains(" 70  1460 octets lost"));
  CHECK(header[21] == "... and 40 more (-v or --format json shows all)");
}

TEST_CASE("no line is wider than asked for, unless it is one long name") {
  const std::size_t width = GENERATE(as<std::size_t>{}, 72, 80, 100, 173);
  for (const Result& report : {samples::healthy(), samples::faulty(), samples::hostile()}) {
    for (const bool all : {false, true}) {
      TextOptions options;
      options.width = width;
      options.verbose = all;
      for (const std::string& line : lines_of(written(report, options))) {
        CAPTURE(line);
        const std::size_t text = line.find_first_not_of(' ');
        const bool one_word = line.find(' ', text) == std::string::npos;
        REQUIRE((one_word || output::display_width(line) <= width));
      }
    }
  }
}

TEST_CASE("nothing of a hostile capture steers the terminal") {
  for (const std::string& line : lines_of(written(samples::hostile(), verbose()))) {
    CAPTURE(line);
    REQUIRE(text::is_utf8(line));
    // Only the backslash is told in another way by printable(): there it starts every escape.
    std::string without = line;
    without.erase(std::remove(without.begin(), without.end(), '\\'), without.end());
    REQUIRE(text::printable(without) == without);
  }
}

TEST_CASE("colours are there only where asked for") {
  TextOptions options;
  CHECK_THAT(written(samples::faulty(), options), !Contains("\x1b"));
  options.color = true;
  CHECK_THAT(written(samples::faulty(), options),
             Contains("\x1b[1;31mERROR\x1b[0m sample-error") && Contains("\x1b[1mFINDINGS\x1b[0m"));
}

TEST_CASE("relative times count from the first packet") {
  TextOptions options;
  options.time = GENERATE(output::TimeMode::relative, output::TimeMode::delta);
  CHECK_THAT(written(samples::faulty(), options), Contains("frame 20  0.100 s  reserved") &&
                                                      Contains("(17 times, 1.000 s to 153.000 s)"));
}

}  // namespace
}  // namespace mmsa
