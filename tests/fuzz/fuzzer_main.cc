// libFuzzer's entry: mmsa_fuzz --target=NAME [libFuzzer's options] [CORPUS...]
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fuzz/targets.h"

namespace {

const mmsa::fuzz::Target* target = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view kOption = "--target=";
  for (int i = 1; i < *argc; ++i) {
    const std::string_view argument = (*argv)[i];
    if (argument.starts_with(kOption)) {
      target = mmsa::fuzz::find_target(argument.substr(kOption.size()));
    }
  }
  if (target == nullptr) {
    std::fputs("usage: mmsa_fuzz --target=NAME [libFuzzer's options] [CORPUS...]\n", stderr);
    for (const mmsa::fuzz::Target& each : mmsa::fuzz::targets()) {
      std::fprintf(stderr, "  %s\n", std::string(each.name).c_str());
    }
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->run({data, size});
  return 0;
}
