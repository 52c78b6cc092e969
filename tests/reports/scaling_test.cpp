#include "reports/scaling.h"

#include <gmock/gmock.h>

namespace chicane::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

Fit fitted() {
  Fit fit;
  fit.scenario = "counter/atomic";
  fit.with = "workers";
  fit.points = {{1, 1e6, false}, {2, 1.5e6, false}, {8, 1e6, true}};
  fit.contention = Fitted{0.25, 0.125, 0.5};
  fit.coherence = Fitted{0.0625, 0.03125, 0.125};
  fit.peak_size = 3.46;
  fit.peak_operations_per_second = 1.75e6;
  fit.serial_share = Fitted{0.5, 0.25, 0.75};
  fit.largest_misfit = 0.04;
  return fit;
}

TEST(ScalingInWords, HasTheLawItsPeakAndWhatIsOversubscribed) {
  EXPECT_EQ(words_of(fitted()),
            "contention σ 0.25 [0.12 … 0.5], coherence κ 0.0625 [0.031 … 0.12]; largest at 3.5 workers, 1.75 M/s; by "
            "Amdahl's law a serial share of 0.5 [0.25 … 0.75]; points are off by 4 % at most; 1 of 3 sizes are "
            "oversubscribed, so σ has waiting for a CPU in it");
}

TEST(ScalingInWords, APeakBeyondWhatWasMeasuredSaysSo) {
  auto fit = fitted();
  EXPECT_THAT(words_of(fit), Not(HasSubstr("were measured")));
  fit.peak_size = 12;
  EXPECT_THAT(words_of(fit), HasSubstr("(no more than 8 were measured)"));
}

TEST(ScalingInWords, WithoutALawOrAPeakItSaysWhy) {
  auto fit = fitted();
  fit.peak_size.reset();
  fit.why_no_peak = "κ may be 0";
  EXPECT_THAT(words_of(fit), HasSubstr("; no peak is told: κ may be 0;"));
  fit.why_not = "3 sizes";
  EXPECT_EQ(words_of(fit), "no law: 3 sizes");
}

TEST(ScalingInWords, AShareAboveAllIsNoShare) {
  auto fit = fitted();
  fit.serial_share = Fitted{12.3, 7.5, 27};
  EXPECT_THAT(words_of(fit), HasSubstr("no Amdahl's law: one worker alone does more than several"));
  EXPECT_THAT(words_of(fit), Not(HasSubstr("12.3")));
}

TEST(ScalingInWords, SmallFiguresHaveNoPowerOfTen) {
  auto fit = fitted();
  fit.coherence = Fitted{-0.0579, -0.12, 2e-05};
  EXPECT_THAT(words_of(fit), HasSubstr("κ -0.0579 [-0.12 … 0.00002]"));
}

TEST(ScalingInWords, NamesKindAndParameters) {
  auto fit = fitted();
  EXPECT_EQ(name_of(fit), "counter/atomic");
  fit.worker_kind = WorkerKind::process;
  fit.args = {{"job", 2}};
  EXPECT_EQ(name_of(fit), "counter/atomic (processes), job=2");
}

}  // namespace
}  // namespace chicane::reports
