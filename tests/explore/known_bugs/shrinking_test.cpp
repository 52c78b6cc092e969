// Schedules that show known bugs, found and shrunk as the lane does it: what is left is short, and repeats.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "harness/explore/search/search.h"
#include "tests/explore/cases/case.h"

namespace chicane::explore {
namespace {

class OneCase : public Subject {
 public:
  explicit OneCase(const Case& entry) {
    body_.context = reinterpret_cast<void*>(entry.run);
    body_.main = [](void* run) { reinterpret_cast<void (*)()>(run)(); };
  }
  void run(Scheduler& scheduler, std::uint64_t seed, const Options& options, SharedLocations& learned,
           Recording& recording, const Ended& ended) override {
    const Outcome outcome = run_schedule(body_, scheduler, seed, options, learned, recording);
    ended(outcome, recording);
  }

 private:
  Body body_;
};

struct Expected {
  const char* name;
  FindingKind kind;
  std::uint64_t forced;  // choices that the shortest schedule known here forces
};
// One more is allowed: it is found by trying, not by proof.
const Expected expected[] = {
    {"reorder_3_bad", FindingKind::wrong_result, 2},
    {"reorder_20_bad", FindingKind::wrong_result, 2},
    {"twostage_bad", FindingKind::wrong_result, 1},
    {"wronglock_bad", FindingKind::wrong_result, 1},
    {"bluetooth_driver_bad", FindingKind::wrong_result, 2},
    {"read_and_write_locked_apart_bad", FindingKind::wrong_result, 1},
    {"treiber_aba_bad", FindingKind::wrong_result, 1},
    {"work_stealing_steal_bad", FindingKind::wrong_result, 1},
    {"double_checked_bad", FindingKind::wrong_result, 1},
    {"atomic_load_then_store_bad", FindingKind::wrong_result, 1},
    {"three_meetings_bad", FindingKind::wrong_result, 3},
    {"deadlock01_bad", FindingKind::deadlock, 1},
    {"din_phil3_sat", FindingKind::deadlock, 2},
    {"din_phil5_sat", FindingKind::deadlock, 4},
    {"wait_with_if_bad", FindingKind::wrong_result, 2},
};

class Shrinking : public testing::TestWithParam<Expected> {};

TEST_P(Shrinking, LeavesFewForcedChoicesThatRepeat) {
  const Case* entry = first_case;
  while (entry != nullptr && std::string_view(entry->name) != GetParam().name) entry = entry->next;
  ASSERT_NE(entry, nullptr);
  OneCase subject(*entry);
  SearchLimits limits;
  limits.budget = std::chrono::seconds(20);
  limits.shrink_time = std::chrono::seconds(20);
  limits.quiet_schedules = 200;
  bool seen = false;
  Options options;
  search(subject, {.schedules = 3'000}, options, limits, [&](const Sighting& sighting) {
    if (sighting.outcome.findings.at(sighting.which).kind != GetParam().kind || seen) return;
    seen = true;
    EXPECT_TRUE(sighting.reproduced);
    EXPECT_TRUE(sighting.repeatable);
    EXPECT_LE(sighting.forced_after, GetParam().forced + 1);
    if (std::getenv("CHICANE_TELL") != nullptr)
      std::printf("%-36s forced %3lu -> %lu\n", entry->name, sighting.forced_before, sighting.forced_after);
  });
  EXPECT_TRUE(seen);
}

INSTANTIATE_TEST_SUITE_P(Published, Shrinking, testing::ValuesIn(expected),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace chicane::explore
