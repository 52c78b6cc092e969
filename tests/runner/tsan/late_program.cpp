// Leaks a thread (with the argument "leak") and prints what the late sink gets.
#include <cstdio>
#include <dlfcn.h>
#include <string_view>

#include <fmt/core.h>

#include "harness/runner/lanes/tsan_reports.h"
#include "tests/runner/tsan/samples.h"

int main(int count, char** arguments) {
  using namespace chicane;
  collect_tsan_reports({});
  set_late_report_sink([](const CollectedFinding& late) {
    const auto& stacks = late.finding.evidence.stacks;
    bool in_sample = false;
    for (const auto& stack : stacks)
      for (const auto& frame : stack.stack) in_sample = in_sample || frame.function == "leaked_thread";
    fmt::print("late: {} x{}: {}{}\n", name(late.finding.kind), late.count, late.finding.evidence.message,
               in_sample ? ", created in leaked_thread" : "");
    std::fflush(stdout);
  });
  void* const library = dlopen(CHICANE_SAMPLES_FILE, RTLD_NOW | RTLD_NODELETE);
  const bool leak = count > 1 && std::string_view(arguments[1]) == "leak";
  SampleState state;
  const auto sample =
      reinterpret_cast<Sample>(dlsym(library, leak ? "leaked_thread" : "threads_that_end_in_every_way"));
  if (sample == nullptr) return 1;
  sample(&state);
  std::vector<std::string> notes;
  fmt::print("taken: {}\n", take_tsan_findings(notes).size());
  return 0;
}
