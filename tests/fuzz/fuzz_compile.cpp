// Compiles any bytes as a site with its imports (`--- NAME` lines split the files), in memory and through
// every stage. Checks that there is no crash or hang, and that the places of diagnostics are inside their
// files.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "support/over_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tunec;
  const test::Run run = test::compile_in_memory(
      test::files_from({reinterpret_cast<const char*>(data), size}));
  const std::string fault = test::ill_manners(run.compilation->reporter, run.compilation->sources);
  if (fault.empty()) return 0;
  std::fprintf(stderr, "law broken: %s\n", fault.c_str());
  std::abort();
}
