// What of the host may have spoilt a comparison. Reads /proc; what can't be read is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

// CPU time used so far, by all and by this process with the descendants that were waited for.
struct CpuSample {
  std::optional<double> busy_s, all_s;  // of all CPUs; without what a hypervisor took
  double own_s = 0;
};
CpuSample sample_cpu(const std::string& root = "/");

// Share of all CPUs' time that others used, in percent; never below 0.
std::optional<double> foreign_cpu_percent(const CpuSample& begin, const CpuSample& end);

// In words, with their figures; empty when nothing stands out.
std::vector<std::string> noise_in_words(const Host& host, std::optional<double> foreign_percent);

}  // namespace chicane
