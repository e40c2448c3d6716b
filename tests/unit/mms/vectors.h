// The annotated PDUs of vectors/*.txt. A vector is
//   == name
//   octets in hex, "text" and # comments
//   --
//   the nodes, as test::dump() writes them
// followed by an empty line. A '!' before the name: tshark can not decode it.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/hex.h"

namespace mmsa::test {

struct Vector {
  std::string name;
  std::vector<std::uint8_t> octets;
  std::string nodes;
};

inline std::vector<Vector> read_vectors() {
  std::vector<Vector> vectors;
  for (const auto& file : std::filesystem::directory_iterator(MMSA_VECTORS)) {
    std::ifstream stream(file.path());
    std::string line;
    std::string text;
    bool nodes = false;
    while (std::getline(stream, line)) {
      if (line.starts_with("== ")) {
        vectors.push_back({file.path().stem().string() + ": " + line.substr(3), {}, {}});
        text.clear();
        nodes = false;
      } else if (line == "--" && !nodes) {
        vectors.back().octets = hex(text);
        nodes = true;
      } else if (nodes && !line.empty()) {
        vectors.back().nodes += line + "\n";
      } else {
        text += line + "\n";
      }
    }
  }
  return vectors;
}

}  // namespace mmsa::test
