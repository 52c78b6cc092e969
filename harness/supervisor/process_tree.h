// What /proc says of a process and of those that it started. Processes come and go meanwhile: an answer is of a moment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace chicane {

// A file of /proc, whole. Nothing: it is gone, or may not be read; then `error`, if given, is errno.
std::optional<std::string> read_proc(const std::string& path, int* error = nullptr);

// The decimal number after a label ("\nThreads:"); 0 without one.
std::uint64_t number_after(std::string_view text, std::string_view label);

// The entries of a folder of /proc that are numbers, in no order; none when it is gone.
std::vector<pid_t> numbers_in(const std::string& folder);

// Children of processes, whatever session or group they chose. One look: made for a few questions, then thrown away.
class ProcessTree {
 public:
  // `threads`: of the process, as far as known. Asks each of its threads for its children; where the kernel does not
  // say (CONFIG_PROC_CHILDREN) or there are many threads, all processes are asked for their parents, once.
  std::vector<pid_t> children_of(pid_t process, std::uint64_t threads = 1);
  std::vector<pid_t> descendants_of(pid_t process);

 private:
  std::optional<std::multimap<pid_t, pid_t>> by_parent_;
};

}  // namespace chicane
