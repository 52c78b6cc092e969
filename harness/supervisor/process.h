// One supervised child process: its own session, its descriptors captured with a bound, its wall time limited.
// Safe to use from several threads at once, each with processes of its own. Linux only (pidfd).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>

#include "harness/model/error.h"
#include "harness/supervisor/limits.h"

namespace chicane {

// Looks at a process from outside while it runs; called on the thread that supervises it.
class ProcessObserver {
 public:
  static constexpr int most_limits = 4;

  virtual ~ProcessObserver() = default;
  // Several times a second. True: it will never end by itself, and is ended now.
  virtual bool is_stuck(pid_t process) = 0;
  // Its wall-time limit is reached. True: it gets on, and is given as much time again, at most `most_limits` in all.
  virtual bool gets_on(pid_t process, std::chrono::nanoseconds limit) = 0;
  // Its time is over; it is ended afterwards.
  virtual void at_limit(pid_t process) = 0;
};

struct ProcessRequest {
  std::vector<std::string> command;                    // an absolute path first
  std::string keeper;                                  // chicane-keeper's file; empty: without one
  std::map<std::string, std::string> set_environment;  // on top of the driver's own
  std::vector<std::string> unset_environment;          // names, or "PREFIX_*"
  std::chrono::nanoseconds wall_limit{std::chrono::seconds(30)};
  ResourceLimits limits;                              // of it and all that it starts; none at first
  std::size_t output_bound_bytes = 64 * 1024;         // kept of each stream: its last bytes
  std::size_t result_bound_bytes = 64 * 1024 * 1024;  // of one line and of all lines together on descriptor 3
  std::size_t result_bound_lines = 100'000;
  // Called for every whole line on descriptor 3 that is not empty, without its newline, as it comes; an unended last
  // line comes with `whole` false.
  std::function<void(std::string_view line, bool whole)> on_result_line;
  ProcessObserver* observer = nullptr;  // not owned; null: nobody looks
};

struct ProcessOutcome {
  std::optional<int> exit_code;  // by exit
  std::optional<int> signal;     // by a signal
  bool timed_out = false;        // the wall-time limit ended it
  bool stuck = false;            // the observer saw that it would never end, and it was ended at once
  std::optional<LimitHit> limit_hit;
  bool stopped = false;       // `stop` ended it
  bool result_flood = false;  // more result bytes or lines than the bounds; the rest was dropped
  std::chrono::nanoseconds duration{0};
  std::chrono::nanoseconds wall_limit{0};  // what it was given in the end
  std::string stdout_tail, stderr_tail;
  std::uint64_t stdout_bytes = 0, stderr_bytes = 0;
  rusage usage{};
  pid_t pid = -1;                 // of the process itself, also under a keeper
  std::uint32_t left_behind = 0;  // processes that it had left running, and that its keeper ended
};

// Runs the process to its end; when `stop` becomes true it is killed at once. With a keeper, everything that it started
// is gone when this returns, and also soon after the driver's own death; without one, only what is left of its process
// group is killed. Fails only when the process can't be started.
Result<ProcessOutcome> run_process(const ProcessRequest& request, const std::atomic<bool>& stop);

}  // namespace chicane
