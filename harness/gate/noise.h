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
  std::optional<double> throttled_s;  // in which a limit of the control group held back some CPU
  std::optional<double> now_s;
};
CpuSample sample_cpu(const std::string& root = "/");

// Share of all CPUs' time that others used, in percent; never below 0.
std::optional<double> foreign_cpu_percent(const CpuSample& begin, const CpuSample& end);

// Share of the time in which a limit of the control group held it back; nothing without such a group.
std::optional<double> throttled_percent(const CpuSample& begin, const CpuSample& end);

// In words, with their figures; empty when nothing stands out.
std::vector<std::string> noise_in_words(const Host& host, std::optional<double> foreign_percent,
                                        std::optional<double> throttled = std::nullopt);

}  // namespace chicane
