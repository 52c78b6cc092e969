// Hardware counters, where this host has them; and what is said where it has not.
#include "harness/runner/hardware_counters.h"

#include <cerrno>
#include <fcntl.h>
#include <latch>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/runner/known_loop.h"

namespace chicane {
namespace {

constexpr std::uint64_t loop_turns = 5'000'000;

TEST(HardwareCounters, CountTheInstructionsOfAKnownLoop) {
  HardwareCounters counters;
  known_loop(loop_turns);  // before they are started
  counters.begins();
  known_loop(loop_turns);
  counters.ends();
  known_loop(loop_turns);
  const auto values = counters.read();
  if (!has_known_loop || !values.contains("instructions"))
    GTEST_SKIP() << "no instructions here: " << counters.why_not();
  EXPECT_NEAR(values.at("instructions"), 2.0 * loop_turns, 0.02 * loop_turns);
  if (values.contains("cycles")) {
    EXPECT_GT(values.at("cycles"), 0.1 * loop_turns);
  }
  if (values.contains("branch_misses")) {
    EXPECT_LT(values.at("branch_misses"), 0.1 * loop_turns);
  }
}

TEST(HardwareCounters, AreOfThreadsThatWereThereOfThoseStartedSinceAndOfForkedProcesses) {
  std::latch go(1);
  std::thread before([&] {
    go.wait();
    known_loop(loop_turns);
  });
  HardwareCounters counters;
  counters.begins();
  go.count_down();
  before.join();
  std::thread([] { known_loop(loop_turns); }).join();
  if (const pid_t child = fork(); child == 0) {
    known_loop(loop_turns);
    _exit(0);
  } else {
    waitpid(child, nullptr, 0);
  }
  counters.ends();
  const auto values = counters.read();
  if (!has_known_loop || !values.contains("instructions"))
    GTEST_SKIP() << "no instructions here: " << counters.why_not();
  EXPECT_NEAR(values.at("instructions"), 3 * 2.0 * loop_turns, 0.06 * loop_turns);
}

TEST(HardwareCounters, WhereAllAreRefusedItSaysWhyOnce) {
  HardwareCounters counters([](perf_event_attr&, pid_t) { return -ENOSYS; });
  EXPECT_FALSE(counters.any());
  counters.begins();
  counters.ends();
  EXPECT_TRUE(counters.read().empty());
  EXPECT_EQ(counters.why_not(), "not available: the kernel has no perf_event_open, or a filter hides it");
}

TEST(HardwareCounters, OneThatIsRefusedIsLeftOut) {
  HardwareCounters counters([](perf_event_attr& counter, pid_t) {
    return counter.config == PERF_COUNT_HW_CACHE_MISSES ? -ENOENT : open("/dev/null", O_RDONLY | O_CLOEXEC);
  });
  EXPECT_TRUE(counters.any());
  EXPECT_EQ(counters.why_not(), "without cache_misses: this CPU, or this virtual machine, does not have it");
}

TEST(HardwareCounters, OneThatNeverRanIsNoZero) {
  HardwareCounters counters([](perf_event_attr&, pid_t) { return open("/dev/zero", O_RDONLY | O_CLOEXEC); });
  EXPECT_TRUE(counters.read().empty());
  EXPECT_EQ(counters.why_not(), "not available: no counter of the CPU was free for it");
}

TEST(HardwareCounters, ARefusalIsToldWithWhatTheUserCanChange) {
  EXPECT_EQ(why_refused(EACCES, 3), "perf_event_paranoid is 3, and lets programs count themselves up to 2");
  EXPECT_EQ(why_refused(EPERM, 2), "perf_event_open is refused, as by a container's filter");
  EXPECT_EQ(why_refused(EACCES, std::nullopt), "perf_event_open is refused, as by a container's filter");
  EXPECT_EQ(why_refused(EMFILE, 2), "perf_event_open: Too many open files");
}

}  // namespace
}  // namespace chicane
