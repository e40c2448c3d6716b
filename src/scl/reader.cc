#include "scl/reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "mmsanalyze/limits.h"
#include "scl/element_reader.h"
#include "scl/xml.h"

namespace mmsa::scl {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] void fail(const std::string& path) {
  throw SclError(path + ": " + std::strerror(errno));
}

// All of a plain file, so that it is held once.
std::size_t first_piece(std::FILE* file) {
  constexpr std::size_t kPiece = 1u << 16;
  struct stat told {};
  if (::fstat(::fileno(file), &told) != 0 || !S_ISREG(told.st_mode)) return kPiece;
  return std::min(static_cast<std::size_t>(told.st_size), limits::kMaxSclOctets) + 1;
}

std::vector<char> octets_of(const std::string& path) {
  const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) fail(path);
  std::vector<char> octets;
  std::size_t size = 0;
  for (std::size_t piece = first_piece(file.get());; piece = size) {
    if (size > limits::kMaxSclOctets) {
      throw SclError(
          fmt::format("{}: is larger than {} MB", path, limits::kMaxSclOctets / 1'000'000));
    }
    octets.resize(size + piece);
    const std::size_t read = std::fread(octets.data() + size, 1, piece, file.get());
    size += read;
    if (read < piece) break;
  }
  if (std::ferror(file.get()) != 0) fail(path);
  octets.resize(size);
  return octets;
}

Edition edition_of(pugi::xml_node root) {
  if (attribute(root, "version").empty()) return Edition::one;
  const Text release = attribute(root, "release");
  return release.empty() || release < Text("4") ? Edition::two : Edition::two_one;
}

}  // namespace

Text ElementReader::compose(Text first, Text second, Text third) {
  if (first.empty() && third.empty()) return second;
  if (!take(first.size() + second.size() + third.size())) return {};
  std::string text;
  text.reserve(first.size() + second.size() + third.size());
  text.append(first).append(second).append(third);
  return octets_.composed.emplace_back(std::move(text));
}

bool ElementReader::take(std::size_t octets) {
  taken_ += octets;
  full_ = full_ || taken_ > limits::kMaxSclModel;
  return !full_;
}

Document read_octets(std::string path, std::vector<char> octets, Problems& problems) {
  Document document;
  document.path = std::move(path);
  document.octets.file = std::move(octets);
  Xml xml(document.path, document.octets.file, problems);
  document.cut_at = xml.cut_at();
  document.edition = edition_of(xml.root());
  ElementReader reader(xml, document.octets);
  document.version =
      reader.compose(attribute(xml.root(), "version"), attribute(xml.root(), "revision"),
                     attribute(xml.root(), "release"));
  for (const pugi::xml_node child : xml.root().children()) {
    const Text name = reader.name(child);
    if (name == "Header") document.header_id = attribute(child, "id");
    if (name == "Communication") read_communication(reader, child, document);
    if (name == "IED") read_ied(reader, child, document);
    if (name == "DataTypeTemplates") read_templates(reader, child, document.templates);
    if (reader.full() && document.cut_at == 0) {
      document.cut_at = reader.line(child);
      problems.add(ProblemKind::too_large, document.cut_at, "",
                   "more than is kept of one file stands here; what is behind it is not read");
    }
  }
  return document;
}

Document read_file(const std::string& path, Problems& problems) {
  return read_octets(path == "-" ? "standard input" : path, octets_of(path), problems);
}

}  // namespace mmsa::scl
