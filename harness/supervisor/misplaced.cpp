#include "harness/supervisor/misplaced.h"

#include <utility>

#include <fmt/format.h>

namespace chicane {
namespace {
constexpr int most_tries = 60;
}

bool was_misplaced(const ProcessOutcome& outcome) {
  if (outcome.timed_out || outcome.stopped) return false;
  // The exit status is 66 for anything, and the words often end in a crash.
  const auto said = [&](const char* words) { return outcome.stderr_tail.find(words) != std::string::npos; };
  return said("ThreadSanitizer: memory layout is incompatible") ||
         (said("ThreadSanitizer: CHECK failed: tsan_platform_linux.cpp") && said("personality("));
}

Result<ProcessOutcome> run_placed(ProcessRequest request, const std::atomic<bool>& stop) {
  bool spoke = false;  // then its end has to do with what it runs
  request.on_result_line = [&spoke, sink = std::move(request.on_result_line)](std::string_view line, bool whole) {
    spoke = true;
    if (sink) sink(line, whole);
  };
  for (int tries = 0; tries < most_tries; ++tries) {
    auto outcome = run_process(request, stop);
    if (!outcome || spoke || !was_misplaced(*outcome)) return outcome;
  }
  return failure(
      fmt::format("ThreadSanitizer found no room in memory in {} processes: the kernel spreads libraries too far "
                  "(vm.mmap_rnd_bits), and personality(), which it needs then, is refused; set vm.mmap_rnd_bits to 28 "
                  "on the host, or permit personality()",
                  most_tries));
}

}  // namespace chicane
