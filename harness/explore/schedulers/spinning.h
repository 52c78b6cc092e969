// Which threads spin and have no reason to go on yet: what keeps a search over all schedules finite.
#pragma once

#include <array>
#include <cstdint>

#include "harness/explore/scheduler.h"

namespace chicane::explore {

class Spinning {
 public:
  void begin() { threads_ = {}; }
  void performed(ThreadId thread, const Operation& operation);
  // Of the first 64 alternatives, those that may go on, as bits. All are excluded where everybody spins.
  std::uint64_t rested(const ThreadChoice& choice) const;

 private:
  static constexpr std::size_t most_threads = 32;  // those above are never held back
  static constexpr std::uint32_t most_yields = 2;  // while another that could go on has no turn
  struct Thread {
    bool idle = false;         // has yielded, and nobody has changed anything since
    std::uintptr_t place = 0;  // where: yielding elsewhere is no loop, and may be done at once
    std::uint32_t yields = 0;
    std::array<std::uint32_t, most_threads> yields_of_others{};  // as this thread took its last step
  };
  std::array<Thread, most_threads> threads_{};
};

}  // namespace chicane::explore
