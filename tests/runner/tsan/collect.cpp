#include "tests/runner/tsan/collect.h"

#include <dlfcn.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/runner/tsan/samples.h"

namespace chicane {

Collected collect(const char* sample) {
  static void* const library = dlopen(CHICANE_SAMPLES_FILE, RTLD_NOW | RTLD_NODELETE);
  EXPECT_NE(library, nullptr) << dlerror();
  static SampleState state;
  Collected all;
  take_tsan_findings(all.notes);  // those of other tests
  all.notes.clear();
  collect_tsan_reports(
      {{"state", reinterpret_cast<std::uintptr_t>(&state), sizeof state, {{"total", 0, sizeof state.total}}}});
  const auto function = reinterpret_cast<Sample>(dlsym(library, sample));
  EXPECT_NE(function, nullptr) << sample;
  if (function != nullptr) function(&state);
  all.findings = take_tsan_findings(all.notes);
  return all;
}

Finding only(const Collected& all) {
  EXPECT_THAT(all.findings, testing::SizeIs(1));
  return all.findings.empty() ? Finding() : all.findings[0].finding;
}

std::string functions(const Stack& stack) {
  std::string all;
  for (const auto& frame : stack) all += frame.function + " < ";
  return all;
}

}  // namespace chicane
