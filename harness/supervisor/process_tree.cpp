#include "harness/supervisor/process_tree.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace chicane {
namespace {

// Beyond it, asking every thread for its children costs more than asking every process for its parent.
constexpr std::uint64_t many_threads = 64;

std::multimap<pid_t, pid_t> all_by_parent() {
  std::multimap<pid_t, pid_t> children;
  for (const pid_t pid : numbers_in("/proc")) {
    const auto text = read_proc("/proc/" + std::to_string(pid) + "/stat").value_or("");
    const auto name_end = text.rfind(')');  // the name itself may hold anything
    if (name_end == std::string::npos || name_end + 4 > text.size()) continue;
    children.emplace(std::atoi(text.c_str() + name_end + 4), pid);  // ") S 123 …"
  }
  return children;
}

}  // namespace

std::optional<std::string> read_proc(const std::string& path, int* error) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    if (error != nullptr) *error = errno;
    return std::nullopt;
  }
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t size = 0;
  while ((size = read(fd, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(size));
  if (size < 0 && error != nullptr) *error = errno;
  close(fd);
  if (size < 0) return std::nullopt;
  return text;
}

std::uint64_t number_after(std::string_view text, std::string_view label) {
  const auto at = text.find(label);
  return at == std::string_view::npos ? 0 : std::strtoull(text.data() + at + label.size(), nullptr, 10);
}

std::vector<pid_t> numbers_in(const std::string& folder) {
  std::vector<pid_t> numbers;
  DIR* const entries = opendir(folder.c_str());
  if (entries == nullptr) return numbers;
  while (const dirent* entry = readdir(entries))
    if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') numbers.push_back(std::atoi(entry->d_name));
  closedir(entries);
  return numbers;
}

std::vector<pid_t> ProcessTree::children_of(pid_t process, std::uint64_t threads) {
  std::vector<pid_t> children;
  const auto tasks = "/proc/" + std::to_string(process) + "/task";
  if (!by_parent_ &&
      (threads > many_threads || access((tasks + "/" + std::to_string(process) + "/children").c_str(), R_OK) != 0))
    by_parent_ = all_by_parent();
  if (by_parent_) {
    const auto [first, last] = by_parent_->equal_range(process);
    for (auto child = first; child != last; ++child) children.push_back(child->second);
    return children;
  }
  for (const pid_t task : numbers_in(tasks)) {
    const auto text = read_proc(tasks + "/" + std::to_string(task) + "/children").value_or("");
    const char* at = text.c_str();
    for (char* end = nullptr;; at = end) {
      const auto child = static_cast<pid_t>(std::strtol(at, &end, 10));
      if (end == at) break;
      children.push_back(child);
    }
  }
  return children;
}

std::vector<pid_t> ProcessTree::descendants_of(pid_t process) {
  auto all = children_of(process);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto more = children_of(all[i]);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace chicane
