// Watches one trial's process for being stuck: ends it early where that is proven, and says what it was stuck in. Used
// by the thread that supervises the process; what it holds with ptrace runs again before a call returns.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include <sys/types.h>

#include "harness/model/finding.h"
#include "harness/supervisor/process.h"
#include "harness/supervisor/stuck/look.h"

namespace chicane::stuck {

class Watch final : public ProcessObserver {
 public:
  // Called with the runner's `started` event.
  void board_is_at(std::uint64_t address) { board_ = address; }

  // Its threads are a scheduler's, which parks those that are not to run: memory beside the word that one sleeps on is
  // no lock's, though it may look like one. The scheduler itself sees who waits for whom; here only the time counts.
  void is_controlled() { controlled_ = true; }

  bool is_stuck(pid_t process) override;
  // Workers have told of progress in the last quarter of that time, or since it was last looked.
  bool gets_on(pid_t process, std::chrono::nanoseconds limit) override;
  void at_limit(pid_t process) override;

  // Why the trial did not end; nothing: it was not looked at, or had ended by then.
  std::optional<Finding> take_finding() { return std::move(finding_); }

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t board_ = 0;
  bool controlled_ = false;
  Clock::time_point next_ = Clock::now() + first_look;
  std::optional<Look> before_;
  std::optional<Clock::time_point> last_progress_;
  bool gets_on_ = false;  // when its limit was last reached: then it is too slow, and no livelock
  std::optional<Finding> finding_;

  // Most trials end before anybody looks at them. A look costs a few system calls for each thread.
  static constexpr std::chrono::milliseconds first_look{200};
  static constexpr std::chrono::milliseconds between_looks{100};
};

}  // namespace chicane::stuck
