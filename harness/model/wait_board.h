// What a runner keeps in its own memory for whoever looks at it from outside when it is stuck: which of its threads
// belong to the harness, whether turns are done, and how condition variables were notified. The runner writes it, the
// supervisor reads a copy out of the process; its address stands in the runner's `started` event. Plain data of one
// fixed layout, because the two may be of different builds.
#pragma once

#include <cstdint>

namespace chicane {

struct WaitBoard {
  static constexpr std::uint32_t magic_value = 0x43684b32;
  static constexpr std::uint32_t most_harness_threads = 16;
  static constexpr std::uint32_t most_conditions = 1024;

  // One condition variable. All of it is written with atomic operations, by any thread.
  struct Condition {
    std::uint64_t address = 0;        // 0: free
    std::uint64_t notifications = 0;  // calls of signal and broadcast
    std::uint64_t unheard = 0;        // of them, those that came while nobody waited
    std::uint32_t waiting = 0;        // threads that have called wait and have not come back
    std::uint32_t last_unheard = 0;   // the last notification was one of the unheard
    std::int32_t last_notifier = 0;   // thread id
    std::uint32_t reserved = 0;
  };

  struct State {  // of the scenario
    std::uint64_t address = 0;
    std::uint64_t bytes = 0;
  };

  std::uint32_t magic = magic_value;
  std::uint32_t keeps_conditions = 0;  // 0: this lane keeps no account of notifications
  std::uint32_t harness_thread_count = 0;
  std::uint32_t catches_signals = 0;  // the runner has handlers of its own for what would end it
  State state;
  std::uint64_t progress = 0;  // moves while workers get on with their turns; 0: nobody has told
  std::int32_t harness_threads[most_harness_threads] = {};  // thread ids: a sanitizer's, a watcher's
  Condition conditions[most_conditions] = {};
};
static_assert(sizeof(WaitBoard::Condition) == 40 && sizeof(WaitBoard) == 40 + 4 * 16 + 40 * 1024);

}  // namespace chicane
