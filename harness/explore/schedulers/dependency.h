// Which steps of a schedule matter to each other, and which of those that do could have come the other way round.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/explore/operation.h"

namespace chicane::explore {

// conflict() of operation.h, widened by what it need not know: the mutex that a wait gives back, the memory behind a
// block's first byte that its release takes away, whose allocation gets a released block, and the end of the program.
bool dependent(const Operation& a, const Operation& b);

class Dependency {
 public:
  static constexpr std::size_t most_steps = 4'096;
  static constexpr std::size_t most_threads = 32;
  struct Step {
    ThreadId thread = 0;
    Operation operation;
    std::uint32_t choice = 0;  // as given to performed()
  };

  void begin();
  // A step was taken. Afterwards races() are the earlier steps that are dependent on it and not ordered before it by
  // anything else: all those since the thread's own step before, because it was waiting to take this one, and the last
  // one before that. False: this schedule is too large, and nothing is known of it any more.
  bool performed(ThreadId thread, const Operation& operation, std::uint32_t choice);
  // The same for a step that the thread waits to take for ever; it is not taken.
  bool stuck(ThreadId thread, const Operation& operation);
  const std::vector<std::uint32_t>& races() const { return races_; }
  const Step& step(std::size_t index) const { return steps_[index]; }
  // Whether `thread` has taken a step after step `index` that happened before the last step, the order that the last
  // step's own races make not counted.
  bool helps_last(ThreadId thread, std::size_t index) const { return before_last_[thread] > index + 1; }

 private:
  using Clock = std::array<std::uint32_t, most_threads>;  // of each thread: its last known step, plus one
  static void join(Clock& into, const Clock& other);
  Clock find_races(ThreadId thread, const Operation& operation);  // gives what is known after the step

  std::vector<Step> steps_;
  std::vector<Clock> clocks_;  // of each step
  std::array<Clock, most_threads> threads_{};
  std::array<std::uint32_t, most_threads> last_step_{};  // plus one
  std::vector<std::uint32_t> races_;
  Clock before_last_{};
};

}  // namespace chicane::explore
