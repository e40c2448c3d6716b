// SCL files to Documents. Entities are not expanded, nothing outside of the file is read.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "scl/document.h"
#include "scl/problems.h"

namespace mmsa::scl {

// Nothing of the file can be used. what() is one line that names the file and, where there is one,
// the line.
class SclError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads a file; "-" is standard input. Throws SclError where nothing of it is usable. What is
// damaged behind its beginning becomes a problem, and what stands before is used.
Document read_file(const std::string& path, Problems& problems);

// The same of octets that are in memory; `path` is what messages call them.
Document read_octets(std::string path, std::vector<char> octets, Problems& problems);

}  // namespace mmsa::scl
