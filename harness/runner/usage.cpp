#include "harness/runner/usage.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <time.h>

#include <sys/resource.h>

namespace chicane {

std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

Usage Usage::now() {
  Usage usage;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage raw{};
    getrusage(who, &raw);
    for (const auto& time : {raw.ru_utime, raw.ru_stime})
      usage.cpu_ns += time.tv_sec * std::int64_t{1'000'000'000} + time.tv_usec * std::int64_t{1'000};
    usage.voluntary_switches += raw.ru_nvcsw;
    usage.involuntary_switches += raw.ru_nivcsw;
    usage.minor_faults += raw.ru_minflt;
    usage.major_faults += raw.ru_majflt;
  }
  return usage;
}

namespace {
constexpr std::int64_t Usage::* members[] = {&Usage::cpu_ns, &Usage::voluntary_switches, &Usage::involuntary_switches,
                                             &Usage::minor_faults, &Usage::major_faults};
template <typename Operation>
Usage combined(const Usage& a, const Usage& b, Operation operation) {
  Usage result;
  for (const auto member : members) result.*member = operation(a.*member, b.*member);
  return result;
}
}  // namespace

Usage& Usage::operator+=(const Usage& other) { return *this = combined(*this, other, std::plus<>()); }
Usage Usage::operator-(const Usage& other) const { return combined(*this, other, std::minus<>()); }
Usage Usage::least(const Usage& a, const Usage& b) {
  return combined(a, b, [](auto x, auto y) { return std::min(x, y); });
}
Usage Usage::most(const Usage& a, const Usage& b) {
  return combined(a, b, [](auto x, auto y) { return std::max(x, y); });
}

std::uint64_t peak_resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  return 0;
}

}  // namespace chicane
