#include "harness/supervisor/host.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <sched.h>
#include <set>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <sys/utsname.h>

#include "harness/model/files.h"
#include "harness/model/mixing.h"

namespace chicane {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> line_of(const std::string& path) {
  auto text = read_file(path);
  if (!text) return std::nullopt;
  return text->substr(0, text->find('\n'));
}

// The value of a "key : value" line.
std::string value_of(const std::string& text, std::string_view key, char separator) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key)) continue;
    const auto at = line.find(separator);
    if (at == std::string::npos) continue;
    const auto start = line.find_first_not_of(" \t\"", at + 1);
    if (start == std::string::npos) return "";
    return line.substr(start, line.find_last_not_of(" \t\"") - start + 1);
  }
  return "";
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto start = text.find_first_of("0123456789");
  if (start != std::string_view::npos) std::from_chars(text.data() + start, text.data() + text.size(), value);
  return value;
}

// "0-3,8" has 5.
std::uint32_t list_size(const std::string& list) {
  std::uint32_t count = 0;
  std::istringstream ranges(list);
  for (std::string range; std::getline(ranges, range, ',');) {
    const auto dash = range.find('-');
    count += dash == std::string::npos
                 ? 1
                 : static_cast<std::uint32_t>(number_in(range.substr(dash + 1)) - number_in(range.substr(0, dash)) + 1);
  }
  return count;
}

std::vector<Cache> caches(const std::string& root, int cpu) {
  std::vector<Cache> result;
  for (int index = 0;; ++index) {
    const auto folder = fmt::format("{}sys/devices/system/cpu/cpu{}/cache/index{}/", root, cpu, index);
    const auto level = line_of(folder + "level");
    if (!level) return result;
    const auto size = line_of(folder + "size").value_or("");
    Cache cache;
    cache.level = static_cast<std::uint32_t>(number_in(*level));
    cache.type = line_of(folder + "type").value_or("");
    cache.size_bytes = number_in(size) * (size.ends_with('K') ? 1024 : size.ends_with('M') ? 1024 * 1024 : 1);
    cache.shared_by_cpus = list_size(line_of(folder + "shared_cpu_list").value_or(""));
    result.push_back(cache);
  }
}

std::string virtual_machine(const std::string& root, const std::string& cpu_flags) {
  if (const auto hypervisor = line_of(root + "sys/hypervisor/type")) return *hypervisor;
  if ((" " + cpu_flags + " ").find(" hypervisor ") == std::string::npos) return "none";
  const auto vendor = line_of(root + "sys/class/dmi/id/sys_vendor").value_or("");
  return vendor.empty() ? "virtual machine" : fmt::format("virtual machine ({})", vendor);
}

std::string virtualization(const std::string& root, const std::string& cpu_flags) {
  auto machine = virtual_machine(root, cpu_flags);
  std::error_code error;
  if (!fs::exists(root + ".dockerenv", error) && !fs::exists(root + "run/.containerenv", error)) return machine;
  return machine == "none" ? "container" : "container in a " + machine;
}

std::optional<std::string> pressure_line(const std::string& root) {
  const auto text = read_file(root + "proc/pressure/cpu");
  if (!text || !text->starts_with("some")) return std::nullopt;
  return text->substr(0, text->find('\n'));
}

double load_average(const std::string& root) {
  const auto text = line_of(root + "proc/loadavg");
  return text ? std::strtod(text->c_str(), nullptr) : 0;
}

}  // namespace

std::vector<int> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

Host read_host(const std::string& root) {
  Host host;
  host.id = "h0";
  const auto cpus = usable_cpus();
  host.cores = static_cast<std::uint32_t>(cpus.size());
  const auto cpuinfo = read_file(root + "proc/cpuinfo").value_or("");
  host.cpu = value_of(cpuinfo, "model name", ':');
  std::set<std::string> sockets;
  const auto folder = root + "sys/devices/system/cpu/";
  for (const int cpu : cpus)
    if (const auto package = line_of(fmt::format("{}cpu{}/topology/physical_package_id", folder, cpu)))
      sockets.insert(*package);
  host.sockets = static_cast<std::uint32_t>(sockets.size());
  if (const auto siblings = line_of(fmt::format("{}cpu{}/topology/thread_siblings_list", folder, cpus.front())))
    host.threads_per_core = list_size(*siblings);
  host.caches = caches(root, cpus.front());
  host.memory_bytes = number_in(value_of(read_file(root + "proc/meminfo").value_or(""), "MemTotal", ':')) * 1024;
  utsname names{};
  if (uname(&names) == 0) host.kernel = fmt::format("{} {}", names.sysname, names.release);
  host.os = value_of(read_file(root + "etc/os-release").value_or(""), "PRETTY_NAME", '=');
  host.governor = line_of(fmt::format("{}cpu{}/cpufreq/scaling_governor", folder, cpus.front()));
  if (const auto no_turbo = line_of(folder + "intel_pstate/no_turbo"))
    host.turbo = *no_turbo == "0";
  else if (const auto boost = line_of(folder + "cpufreq/boost"))
    host.turbo = *boost == "1";
  host.virtualization = virtualization(root, value_of(cpuinfo, "flags", ':'));
  host.virtualized = host.virtualization != "none";
  if (const auto aslr = line_of(root + "proc/sys/kernel/randomize_va_space"))
    host.aslr = static_cast<int>(number_in(*aslr));
  host.fingerprint = host_fingerprint(host);
  return host;
}

std::string host_fingerprint(const Host& host) {
  const double gibibytes = std::round(static_cast<double>(host.memory_bytes) / (1024.0 * 1024 * 1024));
  const auto text = fmt::format("{}|{}|{}|{}|{}", host.cpu, host.cores, gibibytes, host.kernel, host.virtualization);
  return fmt::format("{:016x}", fnv1a(text));
}

LoadSample sample_load(const std::string& root) {
  LoadSample sample;
  sample.when = std::chrono::steady_clock::now();
  sample.load_1min = load_average(root);
  if (const auto pressure = pressure_line(root))
    if (const auto at = pressure->find("total="); at != std::string::npos)
      sample.pressure_us = number_in(std::string_view(*pressure).substr(at));
  if (const auto stat = line_of(root + "proc/stat"); stat && stat->starts_with("cpu ")) {
    std::istringstream fields(stat->substr(4));
    std::uint64_t all = 0, steal = 0, value = 0;
    for (int i = 0; i < 8 && fields >> value; ++i) {  // user nice system idle iowait irq softirq steal
      all += value;
      if (i == 7) steal = value;
    }
    sample.all_ticks = all;
    sample.steal_ticks = steal;
  }
  return sample;
}

HostLoad load_now(const std::string& root) {
  HostLoad load;
  load.load_1min = load_average(root);
  if (const auto pressure = pressure_line(root))
    if (const auto at = pressure->find("avg10="); at != std::string::npos)
      load.cpu_pressure_some_percent = std::strtod(pressure->c_str() + at + 6, nullptr);
  return load;
}

HostLoad load_between(const LoadSample& begin, const LoadSample& end) {
  HostLoad load;
  load.load_1min = end.load_1min;
  const auto elapsed = std::chrono::duration<double, std::micro>(end.when - begin.when).count();
  if (begin.pressure_us && end.pressure_us && elapsed > 0)
    load.cpu_pressure_some_percent = 100 * static_cast<double>(*end.pressure_us - *begin.pressure_us) / elapsed;
  if (begin.all_ticks && end.all_ticks && *end.all_ticks > *begin.all_ticks)
    load.steal_percent = 100 * static_cast<double>(*end.steal_ticks - *begin.steal_ticks) /
                         static_cast<double>(*end.all_ticks - *begin.all_ticks);
  return load;
}

}  // namespace chicane
