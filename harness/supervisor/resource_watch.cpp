#include "harness/supervisor/resource_watch.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <sys/stat.h>

namespace chicane {
namespace {

constexpr std::chrono::milliseconds most_pause{1000};
constexpr int pause_for_each_look = 100;  // times what the look took

// Beyond it, asking every thread for its children costs more than asking every process for its parent.
constexpr std::uint64_t many_threads = 64;

std::string read_small(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t n; (n = read(fd, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  close(fd);
  return text;
}

std::uint64_t number_after(std::string_view text, std::string_view label) {
  const auto at = text.find(label);
  return at == std::string_view::npos ? 0 : std::strtoull(text.data() + at + label.size(), nullptr, 10);
}

template <typename Each>
void each_number_in(const std::string& folder, Each each) {
  DIR* const entries = opendir(folder.c_str());
  if (entries == nullptr) return;
  while (const dirent* entry = readdir(entries))
    if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') each(std::atoi(entry->d_name));
  closedir(entries);
}

std::uint64_t open_files(const std::string& process) {
  const auto folder = process + "/fd";
  struct stat facts{};
  if (stat(folder.c_str(), &facts) == 0 && facts.st_size > 0) return static_cast<std::uint64_t>(facts.st_size);
  std::uint64_t count = 0;  // Linux before 6.2 does not say
  each_number_in(folder, [&](int) { ++count; });
  return count;
}

using Parents = std::multimap<pid_t, pid_t>;  // children by parent
Parents all_parents() {
  Parents parents;
  each_number_in("/proc", [&](pid_t pid) {
    const auto text = read_small("/proc/" + std::to_string(pid) + "/stat");
    const auto name_end = text.rfind(')');  // the name itself may hold anything
    if (name_end == std::string::npos || name_end + 4 > text.size()) return;
    parents.emplace(std::atoi(text.c_str() + name_end + 4), pid);  // ") S 123 …"
  });
  return parents;
}

class Walk {
 public:
  ResourceUse from(pid_t root, bool with_root) {
    std::vector<pid_t> left;
    if (with_root)
      left.push_back(root);
    else
      children_of(root, 1, left);
    while (!left.empty()) {
      const auto pid = left.back();
      left.pop_back();
      const auto process = "/proc/" + std::to_string(pid);
      const auto status = read_small(process + "/status");
      if (status.empty()) continue;  // it has ended
      const auto threads = number_after(status, "\nThreads:");
      ++use_.processes;
      use_.threads += threads;
      use_.memory_bytes += number_after(status, "\nVmRSS:") * 1024;
      use_.files += open_files(process);
      children_of(pid, threads, left);
    }
    return use_;
  }

 private:
  void children_of(pid_t pid, std::uint64_t threads, std::vector<pid_t>& into) {
    const auto tasks = "/proc/" + std::to_string(pid) + "/task";
    if (!by_parent_ &&
        (threads > many_threads || access((tasks + "/" + std::to_string(pid) + "/children").c_str(), R_OK) != 0))
      by_parent_ = all_parents();
    if (by_parent_) {
      const auto [first, last] = by_parent_->equal_range(pid);
      for (auto child = first; child != last; ++child) into.push_back(child->second);
      return;
    }
    each_number_in(tasks, [&](int task) {
      const auto text = read_small(tasks + "/" + std::to_string(task) + "/children");
      const char* at = text.c_str();
      for (char* end = nullptr;; at = end) {
        const auto child = static_cast<pid_t>(std::strtol(at, &end, 10));
        if (end == at) return;
        into.push_back(child);
      }
    });
  }

  ResourceUse use_;
  std::optional<Parents> by_parent_;
};

}  // namespace

ResourceUse resource_use(pid_t root, bool with_root) { return Walk().from(root, with_root); }

std::optional<LimitHit> ResourceWatch::look(std::uint64_t output_bytes) {
  const auto beyond = [this](Resource resource, std::uint64_t reached) -> std::optional<LimitHit> {
    const auto limit = limits_.of(resource);
    if (limit == 0 || reached <= limit) return std::nullopt;
    return LimitHit{resource, limit, reached};
  };
  if (auto hit = beyond(Resource::output, output_bytes)) return hit;
  const auto start = Clock::now();
  if (start < next_ || !limits_.any()) return std::nullopt;
  const auto use = resource_use(root_, with_root_);
  const auto now = Clock::now();
  next_ = now + std::clamp<Clock::duration>((now - start) * pause_for_each_look, least_pause, most_pause);
  if (auto hit = beyond(Resource::processes, use.processes)) return hit;
  if (auto hit = beyond(Resource::threads, use.threads)) return hit;
  if (auto hit = beyond(Resource::files, use.files)) return hit;
  return beyond(Resource::memory, use.memory_bytes);  // last: it is what too many of the others lead to
}

}  // namespace chicane
