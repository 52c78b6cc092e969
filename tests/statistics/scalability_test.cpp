#include "harness/statistics/scalability.h"

#include <cmath>
#include <random>
#include <vector>

#include <gmock/gmock.h>

namespace chicane {
namespace {

using testing::HasSubstr;

struct Law {
  double lambda, sigma, kappa;
  double at(double n) const { return lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)); }
};

template <typename Noise>
std::vector<FitPoint> points_of(const Law& law, const std::vector<std::uint32_t>& sizes, Noise noise) {
  std::vector<FitPoint> points;
  for (const auto size : sizes) points.push_back({size, law.at(size) * noise(), false});
  return points;
}
std::vector<FitPoint> exact_points(const Law& law) {
  return points_of(law, {1, 2, 3, 4, 6, 8}, [] { return 1.0; });
}

bool holds(const Fitted& fitted, double truth) { return fitted.low <= truth && truth <= fitted.high; }

TEST(Scalability, FindsTheLawThatPointsLieOn) {
  for (const Law& law : {Law{1e6, 0.05, 0.002}, Law{3.5, 0.6, 0}, Law{1e9, 0, 0.1}, Law{2e-3, 0, 0}}) {
    const auto fit = fit_universal(exact_points(law));
    ASSERT_TRUE(fit);
    EXPECT_NEAR(fit->one_alone.value, law.lambda, 1e-6 * law.lambda);
    EXPECT_NEAR(fit->contention.value, law.sigma, 1e-6);
    EXPECT_NEAR(fit->coherence.value, law.kappa, 1e-6);
    EXPECT_LT(fit->largest_misfit, 1e-6);
    EXPECT_NEAR(fit->throughput(5), law.at(5), 1e-6 * law.at(5));
  }
}

TEST(Scalability, AmdahlsSerialShareIsThatOfPointsOnHisLaw) {
  const auto fit = fit_amdahl(exact_points({1e6, 0.25, 0}));
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->contention.value, 0.25, 1e-6);
  EXPECT_EQ(fit->coherence.value, 0);
}

// 1,000 sets of points for each row; the law differs from set to set. The share of intervals that hold the truth is
// within 2.9 standard errors of 95 % when it lies between 93 and 97 %.
TEST(Scalability, IntervalsHoldTheTruthIn95PercentOfSyntheticSets) {
  const std::vector<std::uint32_t> on_two_cores{1, 2, 3, 4, 6, 8}, on_sixteen{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
  struct Row {
    const std::vector<std::uint32_t>& sizes;
    double noise;
    double largest_kappa;
    std::uint64_t seed;
  };
  for (const auto& [sizes, noise, largest_kappa, seed] :
       {Row{on_two_cores, 0.01, 0.05, 1}, Row{on_two_cores, 0.05, 0.05, 2}, Row{on_two_cores, 0.1, 0.05, 3},
        Row{on_sixteen, 0.05, 0.005, 4}}) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    int lambda_in = 0, sigma_in = 0, kappa_in = 0, serial_in = 0;
    constexpr int sets = 1000;
    for (int set = 0; set < sets; ++set) {
      const Law law{std::pow(10, std::uniform_real_distribution<double>(1, 8)(random)),
                    std::uniform_real_distribution<double>(0, 0.5)(random),
                    std::uniform_real_distribution<double>(0, largest_kappa)(random)};
      const auto noisy = [&] { return std::exp(noise * normal(random)); };
      const auto fit = fit_universal(points_of(law, sizes, noisy));
      if (fit) {
        lambda_in += holds(fit->one_alone, law.lambda);
        sigma_in += holds(fit->contention, law.sigma);
        kappa_in += holds(fit->coherence, law.kappa);
      }
      const Law amdahl{law.lambda, law.sigma, 0};
      const auto serial = fit_amdahl(points_of(amdahl, sizes, noisy));
      serial_in += serial && holds(serial->contention, law.sigma);
    }
    const auto near_95 = testing::AllOf(testing::Ge(0.93 * sets), testing::Le(0.97 * sets));
    EXPECT_THAT(lambda_in, near_95) << noise << " " << sizes.size();
    EXPECT_THAT(sigma_in, near_95) << noise << " " << sizes.size();
    EXPECT_THAT(kappa_in, near_95) << noise << " " << sizes.size();
    EXPECT_THAT(serial_in, near_95) << noise << " " << sizes.size();
  }
}

TEST(Scalability, IsNotFittedToTooFewPoints) {
  auto points = exact_points({1e6, 0.1, 0.01});
  points.resize(3);
  EXPECT_FALSE(fit_universal(points));
  EXPECT_TRUE(fit_amdahl(points));
}

TEST(Scalability, WhereThePointsFollowNoLawThereIsNone) {
  std::vector<FitPoint> points{{1, 5, false},     {2, 9000, false}, {3, 2, false},
                               {4, 70000, false}, {6, 1, false},    {8, 4e5, false}};
  EXPECT_FALSE(fit_universal(points));
}

// A run of one scenario, measured at these points.
Run run_of(const std::vector<FitPoint>& points, const std::string& with = "workers") {
  Run run;
  Scenario scenario;
  scenario.id = "counter/any";
  scenario.scales_with = with;
  run.scenarios = {scenario};
  Host host;
  host.cores = 2;
  run.hosts = {host};
  for (const auto& point : points) {
    Summary summary;
    summary.scenario = scenario.id;
    if (with == "workers")
      summary.parameters.workers = point.size;
    else
      summary.parameters.args[with] = point.size;
    summary.oversubscribed = point.size > 2 && with == "workers";
    summary.measures["operations_per_second"] = {point.operations_per_second, {}, {}, 20};
    run.summaries.push_back(summary);
  }
  return run;
}

TEST(FitScaling, FindsThePeakOfWhatHasOne) {
  for (const auto* with : {"workers", "threads"}) {
    const Law law{1e6, 0.1, 0.1};
    const auto fits = fit_scaling(run_of(exact_points(law), with));
    ASSERT_EQ(fits.size(), 1u);
    const auto& fit = fits[0];
    EXPECT_EQ(fit.why_not, "");
    EXPECT_EQ(fit.with, with);
    ASSERT_TRUE(fit.peak_size) << fit.why_no_peak;
    EXPECT_NEAR(*fit.peak_size, 3, 1e-3);  // √(0.9 / 0.1)
    EXPECT_NEAR(*fit.peak_operations_per_second, law.at(3), 1);
    EXPECT_TRUE(fit.serial_share);
    EXPECT_FALSE(fit.points[1].oversubscribed);
    EXPECT_TRUE(fit.points[2].oversubscribed);
  }
}

TEST(FitScaling, DoesNotExtrapolateWhereCoherenceMayBeNothing) {
  auto points = exact_points({1e6, 0.2, 0});
  for (std::size_t i = 0; i < points.size(); ++i) points[i].operations_per_second *= i % 2 == 0 ? 1.02 : 0.98;
  const auto fit = fit_scaling(run_of(points)).at(0);
  EXPECT_EQ(fit.why_not, "");
  EXPECT_FALSE(fit.peak_size);
  EXPECT_THAT(fit.why_no_peak, HasSubstr("spans 0"));
}

TEST(FitScaling, SaysWhyThereIsNone) {
  auto points = exact_points({1e6, 0.1, 0.01});
  auto wrong = run_of(points);
  wrong.summaries[2].right = false;
  wrong.summaries[2].why_not_ranked = "data_race was found";
  EXPECT_THAT(fit_scaling(wrong).at(0).why_not, HasSubstr("data_race was found"));
  points.resize(5);
  EXPECT_EQ(fit_scaling(run_of(points)).at(0).why_not, "it was measured at 5 sizes, and a fit takes 6");
}

TEST(FitScaling, IsOfScenariosThatSayWhatTheyScaleWithAndOfEachKindOfWorkerByItself) {
  auto run = run_of(exact_points({1e6, 0.1, 0.01}));
  for (auto summary : std::vector(run.summaries)) {
    summary.parameters.worker_kind = WorkerKind::process;
    run.summaries.push_back(summary);
  }
  const auto fits = fit_scaling(run);
  ASSERT_EQ(fits.size(), 2u);
  EXPECT_EQ(fits[1].worker_kind, WorkerKind::process);
  EXPECT_EQ(fits[1].points.size(), 6u);
  run.scenarios[0].scales_with.clear();
  EXPECT_TRUE(fit_scaling(run).empty());
}

}  // namespace
}  // namespace chicane
