// The program: parses the command line, runs the command, and is the only place that catches.
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "commands.h"
#include "options.h"
#include "output/output.h"
#include "progress.h"
#include "text/text.h"

namespace mmsa {
namespace {

int fail(const char* what) {
  end_progress();
  // Names of files and the like may hold what steers a terminal.
  std::fprintf(stderr, "mmsanalyze: %s\n", text::printable(what).c_str());
  return kFailed;
}

}  // namespace
}  // namespace mmsa

int main(int argc, char** argv) {
  // write() tells it instead: a reader that has gone, a file of the size that ulimit allows.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    mmsa::Options options;
    if (const auto status = mmsa::parse_options(argc, argv, options)) return *status;
    return options.command->run(options);
  } catch (const mmsa::output::OutputClosed&) {
    return mmsa::kOk;  // `| head` has seen enough
  } catch (const std::bad_alloc&) {
    return mmsa::fail("out of memory");
  } catch (const std::exception& error) {
    return mmsa::fail(error.what());
  }
}
