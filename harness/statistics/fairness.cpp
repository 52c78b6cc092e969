#include "harness/statistics/fairness.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace chicane {

Values fairness_measures(std::span<const WorkerRecord> workers) {
  std::map<std::uint32_t, std::vector<double>> rates;  // by role
  for (const auto& worker : workers) {
    const auto ns = worker.end_ns - worker.begin_ns;
    if (ns <= 0 || worker.operations == 0) return {};
    rates[worker.role].push_back(static_cast<double>(worker.operations) / static_cast<double>(ns));
  }
  Values measures;
  double jain = 2, ratio = 0;
  for (const auto& [role, own] : rates) {
    if (own.size() < 2) continue;
    double sum = 0, squares = 0;
    for (const double rate : own) sum += rate, squares += rate * rate;
    jain = std::min(jain, sum * sum / (static_cast<double>(own.size()) * squares));
    const auto [least, most] = std::ranges::minmax(own);
    ratio = std::max(ratio, most / least);
  }
  if (ratio == 0) return measures;
  measures["fairness_jain"] = std::min(jain, 1.0);
  measures["rate_max_over_min"] = ratio;
  return measures;
}

}  // namespace chicane
