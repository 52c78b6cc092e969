#include "harness/explore/schedulers/spinning.h"

#include <algorithm>

namespace chicane::explore {

void Spinning::performed(ThreadId thread, const Operation& operation) {
  if (operation.yields) {
    if (thread < most_threads) {
      threads_[thread].idle = true;
      threads_[thread].place = operation.pc;
      ++threads_[thread].yields;
    }
  } else if (changes(operation.kind)) {
    for (ThreadId other = 0; other < most_threads; ++other)
      if (other != thread) threads_[other].idle = false;
  }
  if (thread < most_threads)
    for (ThreadId other = 0; other < most_threads; ++other)
      threads_[thread].yields_of_others[other] = threads_[other].yields;
}

std::uint64_t Spinning::rested(const ThreadChoice& choice) const {
  const std::size_t count = std::min<std::size_t>(choice.enabled.size(), 64);
  std::uint64_t rested = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Pending& pending = choice.enabled[i];
    bool tired = false;
    if (pending.operation.yields && pending.thread < most_threads &&
        threads_[pending.thread].place == pending.operation.pc) {
      const Thread& state = threads_[pending.thread];
      tired = state.idle;
      for (const Pending& other : choice.enabled)
        if (!other.operation.yields && other.thread < most_threads && other.thread != pending.thread &&
            state.yields >= threads_[other.thread].yields_of_others[pending.thread] + most_yields)
          tired = true;
    }
    if (!tired) rested |= std::uint64_t{1} << i;
  }
  return rested;
}

}  // namespace chicane::explore
