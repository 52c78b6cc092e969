#include "harness/statistics/fairness.h"

#include <vector>

#include <gmock/gmock.h>

namespace chicane {
namespace {

WorkerRecord worker(std::uint64_t operations, std::int64_t begin_ns, std::int64_t end_ns, std::uint32_t role = 0) {
  WorkerRecord record;
  record.role = role;
  record.operations = operations;
  record.begin_ns = begin_ns;
  record.end_ns = end_ns;
  return record;
}

TEST(Fairness, OfEqualWorkersIsOne) {
  const std::vector workers{worker(100, 0, 1000), worker(100, 50, 1050), worker(200, 0, 2000)};
  const auto measures = fairness_measures(workers);
  EXPECT_DOUBLE_EQ(measures.at("fairness_jain"), 1);
  EXPECT_DOUBLE_EQ(measures.at("rate_max_over_min"), 1);
}

TEST(Fairness, OfOneFastWorkerAmongManyIsNearOneByTheirNumber) {
  std::vector<WorkerRecord> workers(9, worker(100, 0, 1'000'000));
  workers.push_back(worker(100, 0, 1));
  const auto measures = fairness_measures(workers);
  EXPECT_NEAR(measures.at("fairness_jain"), 0.1, 1e-5);
  EXPECT_DOUBLE_EQ(measures.at("rate_max_over_min"), 1'000'000);
}

TEST(Fairness, IsJainsIndexOfRates) {
  // Rates 1 and 3: (1 + 3)² / (2 · (1 + 9)).
  const auto measures = fairness_measures(std::vector{worker(10, 0, 30), worker(10, 0, 10)});
  EXPECT_DOUBLE_EQ(measures.at("fairness_jain"), 0.8);
  EXPECT_DOUBLE_EQ(measures.at("rate_max_over_min"), 3);
}

TEST(Fairness, ComparesWorkersOfOneRoleAndTellsOfTheLeastFairOne) {
  const std::vector workers{worker(10, 0, 10, 0), worker(10, 0, 10, 0), worker(10, 0, 1000, 1), worker(10, 0, 2000, 1)};
  EXPECT_DOUBLE_EQ(fairness_measures(workers).at("rate_max_over_min"), 2);
}

TEST(Fairness, IsNotToldOfOneWorkerOrOfOneThatDidNothing) {
  EXPECT_TRUE(fairness_measures({}).empty());
  EXPECT_TRUE(fairness_measures(std::vector{worker(10, 0, 10)}).empty());
  EXPECT_TRUE(fairness_measures(std::vector{worker(10, 0, 10, 0), worker(10, 0, 10, 1)}).empty());
  EXPECT_TRUE(fairness_measures(std::vector{worker(10, 0, 10), worker(0, 0, 10)}).empty());
  EXPECT_TRUE(fairness_measures(std::vector{worker(10, 0, 10), worker(10, 5, 5)}).empty());
}

}  // namespace
}  // namespace chicane
