#include "output/output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace mmsa::output {
namespace {

namespace fs = std::filesystem;

// A folder that is gone after the test.
struct Folder {
  fs::path path;

  Folder() {
    std::string name = (fs::temp_directory_path() / "mmsa_output_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const char* name) const { return (path / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_CASE("a file appears under its name when it is whole, not before") {
  const Folder folder;
  const std::string path = folder.file("report.json");
  Output output(path);
  output.buffer() = std::string(200'000, 'x');
  output.flush_if_full();
  CHECK_FALSE(fs::exists(path));
  CHECK(output.buffer().empty());
  output.buffer() = "end\n";
  output.finish();
  CHECK(content(path) == std::string(200'000, 'x') + "end\n");
  CHECK(folder.files() == 1);
}

TEST_CASE("an output that is not finished leaves nothing, and the older file as it was") {
  const Folder folder;
  const std::string path = folder.file("report.json");
  std::ofstream(path) << "older";
  {
    Output output(path);
    output.buffer() = std::string(200'000, 'x');
    output.flush_if_full();
    CHECK(folder.files() == 2);
  }
  CHECK(content(path) == "older");
  CHECK(folder.files() == 1);
}

TEST_CASE("an older file is replaced") {
  const Folder folder;
  const std::string path = folder.file("report.json");
  std::ofstream(path) << std::string(5000, 'o');
  Output output(path);
  output.buffer() = "new";
  output.finish();
  CHECK(content(path) == "new");
}

TEST_CASE("little is kept until it is worth a write") {
  const Folder folder;
  Output output(folder.file("a"));
  output.buffer() = "x";
  output.flush_if_full();
  CHECK(output.buffer() == "x");
  output.finish();
}

TEST_CASE("a file that can not be made is told at once, with its path and the reason") {
  const Folder folder;
  const std::string path = folder.file("none/report.json");
  CHECK_THROWS_WITH(Output(path), Catch::Contains(path) && Catch::Contains("No such file"));
}

TEST_CASE("a full disk is told") {
  Output output("/dev/full");
  output.buffer() = "x";
  CHECK_THROWS_AS(output.finish(), OutputError);
}

TEST_CASE("a device is written in place") {
  {
    Output output("/dev/null");
    output.buffer() = "x";
    output.finish();
  }
  struct stat status {};
  REQUIRE(::stat("/dev/null", &status) == 0);
  CHECK(S_ISCHR(status.st_mode));
}

TEST_CASE("a folder is no place to write to") {
  const Folder folder;
  CHECK_THROWS_AS(Output(folder.path.string()), OutputError);
  CHECK(folder.files() == 0);
}

}  // namespace
}  // namespace mmsa::output
