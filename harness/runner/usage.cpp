#include "harness/runner/usage.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>

namespace chicane {

std::int64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

std::uint64_t process_age_ns() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text, '\0');
  const auto name_end = text.rfind(')');  // the name itself may hold blanks and brackets
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) rest >> skipped;
  std::uint64_t start_ticks = 0;  // since boot
  if (!(rest >> start_ticks)) return 0;
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  const double age = static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9 -
                     static_cast<double>(start_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return age > 0 ? static_cast<std::uint64_t>(age * 1e9) : 0;
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

namespace {
std::uint64_t bytes_in(const char* file, std::string_view member) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(member)) return std::stoull(line.substr(member.size())) * 1024;
  return 0;
}
}  // namespace

std::uint64_t peak_resident_bytes() { return bytes_in("/proc/self/status", "VmHWM:"); }
std::uint64_t anonymous_bytes() { return bytes_in("/proc/self/smaps_rollup", "Anonymous:"); }

void MemoryGrowth::halt() {
  const auto now = anonymous_bytes();
  known_ = known_ && since_ != 0 && now != 0;
  bytes_ += static_cast<std::int64_t>(now) - static_cast<std::int64_t>(since_);
}

std::uint64_t proportional_bytes() { return bytes_in("/proc/self/smaps_rollup", "Pss:"); }

}  // namespace chicane
