#include "reports/beside_best.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BesideTheBest : public testing::Test {
 protected:
  Summary& add(const std::string& name, std::uint32_t workers, double time, double width = 0.02) {
    if (std::ranges::find(run.scenarios, "pools/" + name, &Scenario::id) == run.scenarios.end()) {
      Scenario scenario;
      scenario.id = "pools/" + name;
      run.scenarios.push_back(scenario);
    }
    Summary summary;
    summary.scenario = "pools/" + name;
    summary.parameters.workers = workers;
    summary.oversubscribed = workers > 2;
    summary.right = true;
    Estimate estimate;
    estimate.median = time, estimate.low = time * (1 - width), estimate.high = time * (1 + width), estimate.rounds = 12;
    summary.measures["wall_ns_per_operation"] = estimate;
    run.summaries.push_back(summary);
    return run.summaries.back();
  }
  static void measure(Summary& summary, const std::string& name, double value) {
    summary.measures[name].median = value;
  }
  std::vector<std::string> said() {
    const auto panels = speed_panels(run);
    std::vector<std::string> words;
    if (const auto found = beside_best(panels.at(0)))
      for (const auto& slower : found->slower) words.push_back(words_of(slower, *found->best));
    return words;
  }
  chicane::Run run;  // "Run" is also a test's method
};

TEST_F(BesideTheBest, WhoIsSlowerIsToldWithWhatItDoesMoreOf) {
  auto& best = add("arena", 2, 2000);
  measure(best, "operations", 10'000);
  measure(best, "voluntary_switches", 40);
  measure(best, "involuntary_switches", 10);
  measure(best, "minor_faults", 2);
  measure(best, "major_faults", 0);
  measure(best, "cpu_ns_per_operation", 4000);
  auto& slow = add("mutex", 2, 20'000);
  measure(slow, "operations", 1000);
  measure(slow, "voluntary_switches", 4000);
  measure(slow, "involuntary_switches", 1800);
  measure(slow, "minor_faults", 2);
  measure(slow, "major_faults", 0);
  measure(slow, "cpu_ns_per_operation", 25'000);
  EXPECT_THAT(said(), ElementsAre("mutex takes 10 times as long as arena (9.6–10), with 5.8 context switches (0.005), "
                                  "25.0 µs of CPU time (4.00 µs) an operation."));
}

TEST_F(BesideTheBest, WithinATenthOrWithIntervalsThatMeetNobodyIs) {
  add("arena", 2, 2000);
  add("near", 2, 2150);
  add("noisy", 2, 2600, 0.4);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BesideTheBest, WhereNothingThatWasCountedDiffersItSaysSo) {
  add("arena", 2, 2000);
  add("slow", 2, 5000);
  EXPECT_THAT(said(), ElementsAre(HasSubstr("nothing that was counted tells why")));
}

TEST_F(BesideTheBest, WrongAnswersAreNeitherBestNorSlower) {
  add("arena", 2, 2000).right = false;
  add("slow", 2, 5000);
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(BesideTheBest, TheMostWorkersThatHaveCoresAreCompared) {
  for (const std::uint32_t workers : {1, 2, 4}) {
    add("arena", workers, 1000);
    add("slow", workers, workers == 2 ? 3000 : 7000);
  }
  EXPECT_THAT(said(), ElementsAre(HasSubstr("3 times")));
  chicane::Run only_over;
  std::swap(run, only_over);
  add("arena", 4, 1000);
  add("slow", 4, 7000);
  EXPECT_THAT(said(), ElementsAre(HasSubstr("7 times"))) << "where there are no others";
}

}  // namespace
}  // namespace chicane::reports
