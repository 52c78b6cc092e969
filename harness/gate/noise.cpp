#include "harness/gate/noise.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

#include "harness/model/files.h"

namespace chicane {
namespace {

constexpr double much_foreign_percent = 5, much_steal_percent = 1, much_throttled_percent = 1;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Folders of this process's control group, of version 2 and of version 1's controller "cpu" (cgroups(7)). What a
// container sees as the root is its own group, whatever path the kernel tells.
std::vector<std::string> cpu_groups(const std::string& root) {
  std::vector<std::string> folders;
  std::istringstream lines(read_file(root + "proc/self/cgroup").value_or(""));
  for (std::string line; std::getline(lines, line);) {  // "0::/user.slice" or "4:cpu,cpuacct:/jobs/7"
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = line.substr(first + 1, second - first - 1), path = line.substr(second + 1);
    if (controllers.empty())
      folders.push_back(path);
    else if (("," + controllers + ",").find(",cpu,") != std::string::npos)
      folders.push_back("/" + controllers + path);
  }
  folders.insert(folders.end(), {"", "/cpu"});
  return folders;
}

// Version 2 counts microseconds, version 1 nanoseconds.
std::optional<double> throttled_seconds(const std::string& root) {
  for (const auto& folder : cpu_groups(root)) {
    const auto text = read_file(root + "sys/fs/cgroup" + folder + "/cpu.stat");
    if (!text) continue;
    for (const auto& [word, unit] : {std::pair{"throttled_usec ", 1e-6}, {"throttled_time ", 1e-9}})
      if (const auto at = text->find(word); at != std::string::npos)
        return std::strtod(text->c_str() + at + std::strlen(word), nullptr) * unit;
  }
  return std::nullopt;
}

}  // namespace

CpuSample sample_cpu(const std::string& root) {
  CpuSample sample;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    if (getrusage(who, &usage) == 0) sample.own_s += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  sample.now_s = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  sample.throttled_s = throttled_seconds(root);
  const auto text = read_file(root + "proc/stat");
  if (!text) return sample;
  // cpu user nice system idle iowait irq softirq steal …: the first line is the sum over CPUs (proc(5)).
  std::istringstream line(text->substr(0, text->find('\n')));
  std::string word;
  line >> word;
  double ticks[8] = {};
  for (auto& tick : ticks)
    if (!(line >> tick)) return sample;
  const double per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  const double idle = ticks[3] + ticks[4];
  double all = 0;
  for (const double tick : ticks) all += tick;
  sample.all_s = all / per_second;
  sample.busy_s = (all - idle - ticks[7]) / per_second;
  return sample;
}

std::optional<double> foreign_cpu_percent(const CpuSample& begin, const CpuSample& end) {
  if (!begin.all_s || !end.all_s || *end.all_s <= *begin.all_s) return std::nullopt;
  const double foreign = (*end.busy_s - *begin.busy_s) - (end.own_s - begin.own_s);
  return std::max(0.0, foreign / (*end.all_s - *begin.all_s) * 100);
}

std::optional<double> throttled_percent(const CpuSample& begin, const CpuSample& end) {
  if (!begin.throttled_s || !end.throttled_s || !begin.now_s || !end.now_s || *end.now_s <= *begin.now_s)
    return std::nullopt;
  return (*end.throttled_s - *begin.throttled_s) / (*end.now_s - *begin.now_s) * 100;
}

std::vector<std::string> noise_in_words(const Host& host, std::optional<double> foreign_percent,
                                        std::optional<double> throttled) {
  std::vector<std::string> words;
  if (foreign_percent && *foreign_percent > much_foreign_percent) {
    auto text = fmt::format("other processes used {:.0f} % of the CPUs' time", *foreign_percent);
    if (host.during.cpu_pressure_some_percent)
      text += fmt::format(" (CPU pressure {:.0f} %)", *host.during.cpu_pressure_some_percent);
    words.push_back(std::move(text));
  }
  if (host.during.steal_percent && *host.during.steal_percent > much_steal_percent)
    words.push_back(fmt::format("the hypervisor took {:.1f} % of the CPUs' time (steal)", *host.during.steal_percent));
  if (throttled && *throttled > much_throttled_percent)
    words.push_back(fmt::format("a limit of the control group held it back for {:.0f} % of the time", *throttled));
  if (host.governor && *host.governor != "performance")
    words.push_back(fmt::format("the CPU frequency governor is '{}'", *host.governor));
  if (host.turbo && *host.turbo) words.push_back("turbo frequencies are on, which depend on heat and on other cores");
  return words;
}

}  // namespace chicane
