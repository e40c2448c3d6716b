#include "evidence/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
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

// A packet that is kept.
class Kept {
 public:
  explicit Kept(const Packet& from) : packet_(from), octets_(from.data.begin(), from.data.end()) {}
  // Its data is valid as long as this object.
  Packet packet() const {
    Packet out = packet_;
    out.data = Bytes(octets_);
    return out;
  }

 private:
  Packet packet_;  // but for its data
  std::vector<std::uint8_t> octets_;
};

// The file of one finding.
struct File {
  const Finding* finding = nullptr;
  std::string name;
  PcapngWriter writer;
  bool begun = false;
  std::uint64_t last = 0;     // frame that was written last
  std::size_t following = 0;  // frames that are to be written still
  std::vector<std::uint64_t> frames;
};

// What is remembered of one pair of endpoints.
struct Flow {
  std::deque<Kept> recent;                                     // the last kOpening frames
  std::map<std::uint32_t, std::deque<Kept>> opening;           // of an association, by stream
  std::vector<std::pair<std::uint64_t, std::uint32_t>> opens;  // frame, stream; ascending
  std::size_t next_open = 0;
  std::vector<File*> following;
};

class Writer {
 public:
  Writer(const Result& result, const std::string& folder) : result_(result), folder_(folder) {
    files_.resize(result.findings.size());
    for (std::size_t i = 0; i < files_.size(); ++i) {
      files_[i].finding = &result.findings[i];
      files_[i].name = fmt::format("{:04}-{}.pcapng", i + 1, result.findings[i].rule);
      file_of_[&result.findings[i]] = &files_[i];
    }
    for (const AssociationResult& association : result.associations) {
      flows_[key(association.client, association.server)].opens.emplace_back(
          association.opened.number, association.stream);
    }
    for (auto& [endpoints, flow] : flows_) std::sort(flow.opens.begin(), flow.opens.end());
    proofs_ = findings_of_frames(result.findings);
  }

  void on_packet(const Packet& packet, const Segment* segment) {
    const auto proof = proofs_.find(packet.frame.number);
    const bool proves = proof != proofs_.end();
    Flow* flow = segment != nullptr ? find_flow(*segment) : nullptr;
    if (flow != nullptr) follow(*flow, packet);
    if (proves) {
      for (const Finding* finding : proof->second) put_proof(*file_of_.at(finding), flow, packet);
    }
    if (flow != nullptr) remember(*flow, packet);
  }

  void write_manifest(const std::vector<std::string>& captures) {
    output::Json list = output::Json::array();
    for (const File& file : files_) list.push_back(entry(file));
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
  static std::string key(std::string_view a, std::string_view b) {
    return a < b ? fmt::format("{} {}", a, b) : fmt::format("{} {}", b, a);
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  Flow* find_flow(const Segment& segment) {
    const auto [place, is_new] = flow_of_.try_emplace(
        {std::min(segment.src, segment.dst), std::max(segment.src, segment.dst)}, nullptr);
    if (is_new) {
      const auto known = flows_.find(key(text::endpoint(segment.src), text::endpoint(segment.dst)));
      if (known != flows_.end()) place->second = &known->second;
    }
    return place->second;
  }

  // The frames after one that proves.
  void follow(Flow& flow, const Packet& packet) {
    for (File* file : flow.following) {
      put(*file, packet, false);
      --file->following;
    }
    std::erase_if(flow.following, [](const File* file) { return file->following == 0; });
  }

  void remember(Flow& flow, const Packet& packet) {
    flow.recent.emplace_back(packet);
    if (flow.recent.size() > kOpening) flow.recent.pop_front();
    while (flow.next_open < flow.opens.size() &&
           flow.opens[flow.next_open].first <= packet.frame.number) {
      flow.opening[flow.opens[flow.next_open].second] = flow.recent;
      ++flow.next_open;
    }
  }

  void put_proof(File& file, Flow* flow, const Packet& packet) {
    if (flow != nullptr) {
      if (!file.begun && file.finding->has_stream) {
        const auto opening = flow->opening.find(file.finding->stream);
        if (opening != flow->opening.end()) {
          for (const Kept& kept : opening->second) put(file, kept.packet(), false);
        }
      }
      const std::size_t before = flow->recent.size() > kAround ? flow->recent.size() - kAround : 0;
      for (std::size_t i = before; i < flow->recent.size(); ++i) {
        put(file, flow->recent[i].packet(), false);
      }
      if (file.following == 0) flow->following.push_back(&file);
      file.following = kAround;
    }
    put(file, packet, true);
  }

  void put(File& file, const Packet& packet, bool proves) {
    if (packet.frame.number <= file.last) return;
    std::string out;
    if (!file.begun) PcapngWriter::put_header(out, comment_of(*file.finding));
    std::string comment = fmt::format("frame {}", packet.frame.number);
    if (proves) comment += "\n" + comment_of(*file.finding);
    file.writer.put_packet(out, packet, comment);
    const auto mode = std::ios::binary | (file.begun ? std::ios::app : std::ios::trunc);
    std::ofstream stream(path(file.name), mode);
    stream.write(out.data(), static_cast<std::streamsize>(out.size()));
    if (!stream.flush()) throw output::OutputError(path(file.name) + ": can not be written");
    file.begun = true;
    file.last = packet.frame.number;
    file.frames.push_back(packet.frame.number);
  }

  output::Json entry(const File& file) const {
    const Finding& finding = *file.finding;
    output::Json object = {{"rule", finding.rule},
                           {"severity", severity_name(finding.severity)},
                           {"fingerprint", finding.fingerprint},
                           {"message", output::json_text(finding.message)},
                           {"proof", finding.frames}};
    output::put_text(object, "object", finding.object);
    if (!file.begun) return object;  // nothing in the capture stands for it
    object["file"] = file.name;
    object["original_frames"] = file.frames;
    if (const auto hash = output::sha256_of_file(path(file.name))) object["sha256"] = hash->hex;
    return object;
  }

  const Result& result_;
  std::string folder_;
  std::vector<File> files_;
  std::map<const Finding*, File*> file_of_;
  std::map<std::string, Flow> flows_;  // by both endpoints
  std::map<std::pair<Endpoint, Endpoint>, Flow*> flow_of_;
  std::map<std::uint64_t, std::vector<const Finding*>> proofs_;
};

}  // namespace

void write_evidence(const std::vector<std::string>& captures, const Result& result,
                    const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw output::OutputError(fmt::format("{}: {}", folder, error.message()));
  Writer writer(result, folder);
  capture::CaptureReader reader(captures);
  UndecodedCounters undecoded;
  capture::SegmentDecoder decoder(undecoded);
  Packet packet;
  Segment segment;
  while (reader.next(packet)) {
    writer.on_packet(packet, decoder.decode(packet, segment) ? &segment : nullptr);
  }
  writer.write_manifest(captures);
}

}  // namespace mmsa::evidence
