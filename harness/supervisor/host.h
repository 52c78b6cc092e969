// Facts of this host that decide what a figure is worth. Reads /proc, /sys and uname; what can't be read is absent.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/model/run.h"

namespace chicane {

// CPUs this process may run on, ascending.
std::vector<int> usable_cpus();

// `root`: "/" but in tests.
Host read_host(const std::string& root = "/");

// What of a host makes two timings comparable: CPU, cores, memory (in GiB), kernel, virtualization. 16 hex digits.
std::string host_fingerprint(const Host& host);

// Cumulative counters of the moment; two of them give the load between.
struct LoadSample {
  std::chrono::steady_clock::time_point when;
  double load_1min = 0;
  std::optional<std::uint64_t> pressure_us;  // /proc/pressure/cpu, "some"
  std::optional<std::uint64_t> steal_ticks, all_ticks;
};
LoadSample sample_load(const std::string& root = "/");

// Before: pressure as the kernel's 10 s average. During: over the time between the samples.
HostLoad load_now(const std::string& root = "/");
HostLoad load_between(const LoadSample& begin, const LoadSample& end);

}  // namespace chicane
