#include "evidence/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "capture/segment_decoder.h"
#include "evidence/comments.h"
#include "evidence/pcapng_writer.h"
#include "mmsanalyze/undecoded.h"
#include "output/file_hash.h"
#include "output/json_values.h"
#include "output/output.h"
#include "output/version.h"
#include "text/text.h"

namespace mmsa::evidence {
namespace {

constexpr std::size_t kAround = 5;    // frames before and after one that proves
constexpr std::size_t kOpening = 16;  // frames from SYN to the initiate-ResponsePDU: ten usually

using Frames = std::set<std::uint64_t>;

// What is remembered of one pair of endpoints while the frames are chosen.
struct Flow {
  std::deque<std::uint64_t> recent;                            // the last kOpening frames
  std::vector<std::pair<std::uint64_t, std::uint32_t>> opens;  // frame, stream; ascending
  std::size_t next_open = 0;
  std::vector<std::uint64_t> opening;  // of the association that runs
  struct Following {
    Frames* frames;
    std::size_t left;
  };
  std::vector<Following> following;
};

std::string key(std::string_view a, std::string_view b) {
  return a < b ? fmt::format("{} {}", a, b) : fmt::format("{} {}", b, a);
}

// First reading: which frames go into the file of each finding. Numbers only.
class Choice {
 public:
  Choice(const Result& result, std::vector<Frames>& frames)
      : frames_(frames), first_(result.findings.data()) {
    frames.resize(result.findings.size());
    for (const AssociationResult& association : result.associations) {
      flows_[key(association.client, association.server)].opens.emplace_back(
          association.opened.number, association.stream);
    }
    for (auto& [endpoints, flow] : flows_) std::sort(flow.opens.begin(), flow.opens.end());
    proofs_ = findings_of_frames(result.findings);
  }

  void on_packet(std::uint64_t frame, const Segment* segment) {
    Flow* flow = segment != nullptr ? find_flow(*segment) : nullptr;
    if (flow != nullptr) {
      for (Flow::Following& each : flow->following) {
        each.frames->insert(frame);
        --each.left;
      }
      std::erase_if(flow->following, [](const Flow::Following& each) { return each.left == 0; });
    }
    const auto proof = proofs_.find(frame);
    if (proof != proofs_.end()) {
      for (const Finding* finding : proof->second) {
        add_proof(frames_[static_cast<std::size_t>(finding - first_)], flow, frame);
      }
    }
    if (flow != nullptr) remember(*flow, frame);
  }

 private:
  Flow* find_flow(const Segment& segment) {
    const std::pair ends{std::min(segment.src, segment.dst), std::max(segment.src, segment.dst)};
    const auto [place, is_new] = flow_of_.try_emplace(ends, nullptr);
    if (is_new) {
      const auto known = flows_.find(key(text::endpoint(segment.src), text::endpoint(segment.dst)));
      if (known != flows_.end()) place->second = &known->second;
    }
    return place->second;
  }

  static void add_proof(Frames& frames, Flow* flow, std::uint64_t frame) {
    frames.insert(frame);
    if (flow == nullptr) return;
    frames.insert(flow->opening.begin(), flow->opening.end());
    const std::size_t before = std::min(flow->recent.size(), kAround);
    frames.insert(flow->recent.end() - static_cast<std::ptrdiff_t>(before), flow->recent.end());
    for (Flow::Following& each : flow->following) {
      if (each.frames != &frames) continue;
      each.left = kAround;
      return;
    }
    flow->following.push_back({&frames, kAround});
  }

  static void remember(Flow& flow, std::uint64_t frame) {
    flow.recent.push_back(frame);
    if (flow.recent.size() > kOpening) flow.recent.pop_front();
    while (flow.next_open < flow.opens.size() && flow.opens[flow.next_open].first <= frame) {
      flow.opening.assign(flow.recent.begin(), flow.recent.end());
      ++flow.next_open;
    }
  }

  std::vector<Frames>& frames_;  // of each finding
  const Finding* first_;
  std::map<std::string, Flow> flows_;  // by both endpoints
  std::map<std::pair<Endpoint, Endpoint>, Flow*> flow_of_;
  std::map<std::uint64_t, std::vector<const Finding*>> proofs_;
};

// The file of one finding.
struct File {
  std::string name;
  PcapngWriter writer;
  bool begun = false;
};

// Second reading: writes them.
class Writer {
 public:
  Writer(const Result& result, const std::vector<Frames>& frames, const std::string& folder)
      : result_(result), frames_(frames), folder_(folder), files_(frames.size()) {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      files_[i].name = fmt::format("{:04}-{}.pcapng", i + 1, result.findings[i].rule);
      for (const std::uint64_t frame : frames[i]) files_of_[frame].push_back(i);
    }
  }

  void on_packet(const Packet& packet) {
    const auto files = files_of_.find(packet.frame.number);
    if (files == files_of_.end()) return;
    for (const std::size_t i : files->second) put(i, packet);
  }

  void write_manifest(const std::vector<std::string>& captures) {
    output::Json list = output::Json::array();
    for (std::size_t i = 0; i < files_.size(); ++i) list.push_back(entry(i));
    output::Json sources = output::Json::array();
    for (const std::string& capture : captures) {
      output::Json source = {{"path", output::json_text(capture)}};
      if (const auto hash = output::sha256_of_file(capture)) {
        source["octets"] = hash->octets;
        source["sha256"] = hash->hex;
      }
      sources.push_back(std::move(source));
    }
    const output::Json document = {
        {"schema", "mmsanalyze-evidence/1"},
        {"tool", {{"name", output::kToolName}, {"version", output::tool_version()}}},
        {"captures", std::move(sources)},
        {"findings", std::move(list)}};
    output::Output out(path("manifest.json"));
    out.buffer() = document.dump(1, ' ', true) + "\n";
    out.finish();
  }

 private:
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  static bool proves(const Finding& finding, std::uint64_t frame) {
    const auto has = [frame](const std::vector<std::uint64_t>& frames) {
      return std::binary_search(frames.begin(), frames.end(), frame);
    };
    return has(finding.frames) ||
           std::any_of(finding.occurrences.begin(), finding.occurrences.end(),
                       [&](const Occurrence& each) { return has(each.frames); });
  }

  void put(std::size_t i, const Packet& packet) {
    const Finding& finding = result_.findings[i];
    File& file = files_[i];
    std::string out;
    if (!file.begun) PcapngWriter::put_header(out, comment_of(finding));
    std::string comment = fmt::format("frame {}", packet.frame.number);
    if (proves(finding, packet.frame.number)) comment += ": " + comment_of(finding);
    file.writer.put_packet(out, packet, comment);
    const auto mode = std::ios::binary | (file.begun ? std::ios::app : std::ios::trunc);
    std::ofstream stream(path(file.name), mode);
    stream.write(out.data(), static_cast<std::streamsize>(out.size()));
    if (!stream.flush()) throw output::OutputError(path(file.name) + ": can not be written");
    file.begun = true;
  }

  output::Json entry(std::size_t i) const {
    const File& file = files_[i];
    const Finding& finding = result_.findings[i];
    output::Json object = {{"rule", finding.rule},
                           {"severity", severity_name(finding.severity)},
                           {"fingerprint", finding.fingerprint},
                           {"message", output::json_text(finding.message)},
                           {"proof", finding.frames}};
    output::put_text(object, "object", finding.object);
    if (!file.begun) return object;  // nothing in the capture stands for it
    object["file"] = file.name;
    object["original_frames"] = frames_[i];
    if (const auto hash = output::sha256_of_file(path(file.name))) object["sha256"] = hash->hex;
    return object;
  }

  const Result& result_;
  const std::vector<Frames>& frames_;  // of each finding
  std::string folder_;
  std::vector<File> files_;
  std::map<std::uint64_t, std::vector<std::size_t>> files_of_;  // by frame
};

}  // namespace

void write_evidence(const std::vector<std::string>& captures, const Result& result,
                    const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw output::OutputError(fmt::format("{}: {}", folder, error.message()));
  std::vector<Frames> frames;
  Choice choice(result, frames);
  UndecodedCounters undecoded;
  capture::SegmentDecoder decoder(undecoded);
  Packet packet;
  Segment segment;
  for (capture::CaptureReader reader(captures); reader.next(packet);) {
    choice.on_packet(packet.frame.number, decoder.decode(packet, segment) ? &segment : nullptr);
  }
  Writer writer(result, frames, folder);
  for (capture::CaptureReader reader(captures); reader.next(packet);) writer.on_packet(packet);
  writer.write_manifest(captures);
}

}  // namespace mmsa::evidence
