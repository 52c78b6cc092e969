// What right answers that are slower than the best of their panel do more of, by their own figures: where its time may
// be. Figures, no causes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/speed_panels.h"

namespace chicane::reports {

struct SlowerThanBest {
  const SpeedSeries* series = nullptr;
  const SpeedPoint* point = nullptr;
  TimeRatio times;                // over the best's
  std::vector<std::string> more;  // "5.8 context switches an operation (0.005)"; empty: nothing that was counted
};

struct BesideBest {
  std::int64_t x = 0;
  const SpeedSeries* best = nullptr;
  std::vector<SlowerThanBest> slower;  // by more than a tenth, and with an interval of the ratio above 1
};

// At the largest x that is not oversubscribed and has two right answers, else at the smallest that has. Nothing where
// there is none, or nobody is slower.
std::optional<BesideBest> beside_best(const SpeedPanel& panel);

// "mutex-pool takes 8.1 times as long as tbb-arena (5.9–10.2), with 5.8 context switches an operation (0.005)."
std::string words_of(const SlowerThanBest& slower, const SpeedSeries& best);

}  // namespace chicane::reports
