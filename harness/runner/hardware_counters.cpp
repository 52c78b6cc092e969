#include "harness/runner/hardware_counters.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "harness/model/hardware.h"

namespace chicane {
namespace {

// In the order of hardware_events.
constexpr std::array<std::uint64_t, hardware_events.size()> configs{
    PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_BRANCH_MISSES, PERF_COUNT_HW_CACHE_MISSES};

// That an environment has started; each takes a descriptor an event.
constexpr std::size_t most_threads = 64;

// As the kernel writes it for the read_format below.
struct Reading {
  std::uint64_t value = 0, enabled_ns = 0, running_ns = 0;
};

std::vector<pid_t> own_threads() {
  std::vector<pid_t> threads;
  DIR* const tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return {0};  // the calling one
  while (const dirent* const entry = readdir(tasks))
    if (entry->d_name[0] != '.') threads.push_back(std::atoi(entry->d_name));
  closedir(tasks);
  return threads;
}

std::optional<int> paranoia() {
  std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
  int level = 0;
  return file >> level ? std::optional(level) : std::nullopt;
}

}  // namespace

std::string why_refused(int error, std::optional<int> paranoid) {
  constexpr int most_paranoid = 2;  // that lets a process count itself in user space
  switch (error) {
    case EACCES:
    case EPERM:
      if (paranoid && *paranoid > most_paranoid)
        return fmt::format("perf_event_paranoid is {}, and lets programs count themselves up to {}", *paranoid,
                           most_paranoid);
      return "perf_event_open is refused, as by a container's filter";
    case ENOSYS: return "the kernel has no perf_event_open, or a filter hides it";
    case ENOENT:
    case ENODEV:
    case EOPNOTSUPP: return "this CPU, or this virtual machine, does not have it";
    default: return fmt::format("perf_event_open: {}", std::strerror(error));
  }
}

int HardwareCounters::ask_kernel(perf_event_attr& counter, pid_t thread) {
  const auto descriptor =
      static_cast<int>(syscall(SYS_perf_event_open, &counter, thread, -1, -1, PERF_FLAG_FD_CLOEXEC));
  return descriptor < 0 ? -errno : descriptor;
}

HardwareCounters::HardwareCounters(Open open) {
  for (std::size_t event = 0; event < configs.size(); ++event) open_each(event, open);
}

HardwareCounters::~HardwareCounters() {
  for (std::size_t event = 0; event < configs.size(); ++event) close_each(event);
}

void HardwareCounters::open_each(std::size_t event, Open open) {
  perf_event_attr counter{};
  counter.size = sizeof counter;
  counter.type = PERF_TYPE_HARDWARE;
  counter.config = configs[event];
  counter.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  counter.disabled = 1;
  counter.inherit = 1;
  counter.exclude_kernel = 1;
  counter.exclude_hv = 1;
  const auto threads = own_threads();
  if (threads.size() > most_threads) {
    refused_[event] =
        fmt::format("{} threads are there before it begins, and counters for {} at most", threads.size(), most_threads);
    return;
  }
  for (const auto thread : threads) {
    const int descriptor = open(counter, thread);
    if (descriptor == -ESRCH) continue;  // it has just ended
    if (descriptor < 0) {
      refused_[event] = why_refused(-descriptor, paranoia());
      return close_each(event);
    }
    descriptors_[event].push_back(descriptor);
  }
}

void HardwareCounters::close_each(std::size_t event) {
  for (const int descriptor : descriptors_[event]) close(descriptor);
  descriptors_.erase(event);
}

void HardwareCounters::begins() {
  for (const auto& [event, descriptors] : descriptors_)
    for (const int descriptor : descriptors) ioctl(descriptor, PERF_EVENT_IOC_ENABLE, 0);
}

void HardwareCounters::ends() {
  for (const auto& [event, descriptors] : descriptors_)
    for (const int descriptor : descriptors) ioctl(descriptor, PERF_EVENT_IOC_DISABLE, 0);
}

std::map<std::string_view, double> HardwareCounters::read() {
  std::map<std::string_view, double> values;
  for (const auto& [event, descriptors] : descriptors_) {
    Reading all;
    for (const int descriptor : descriptors) {
      Reading one;
      if (::read(descriptor, &one, sizeof one) != sizeof one) continue;
      all.value += one.value, all.enabled_ns += one.enabled_ns, all.running_ns += one.running_ns;
    }
    // Code ran, so these two can't stand at 0: some virtual machines have counters that do.
    const bool stands_still =
        all.value == 0 && (configs[event] == PERF_COUNT_HW_INSTRUCTIONS || configs[event] == PERF_COUNT_HW_CPU_CYCLES);
    if (all.running_ns == 0 || stands_still)
      refused_[event] = all.running_ns == 0 ? "no counter of the CPU was free for it" : "its counter stands still";
    else
      values[hardware_events[event]] =
          static_cast<double>(all.value) * static_cast<double>(all.enabled_ns) / static_cast<double>(all.running_ns);
  }
  return values;
}

std::string HardwareCounters::why_not() const {
  std::map<std::string_view, std::vector<std::string_view>> events;  // by reason
  for (const auto& [event, reason] : refused_) events[reason].push_back(hardware_events[event]);
  std::vector<std::string> parts;
  for (const auto& [reason, without] : events)
    parts.push_back(without.size() == hardware_events.size()
                        ? fmt::format("not available: {}", reason)
                        : fmt::format("without {}: {}", fmt::join(without, ", "), reason));
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace chicane
