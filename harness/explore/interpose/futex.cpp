// syscall(SYS_futex, …), as libstdc++'s atomic waiting, semaphores and latches call it. Other system calls go through.
#include <cstdarg>
#include <unistd.h>

#include <linux/futex.h>
#include <sys/syscall.h>

#include "harness/explore/interpose/call.h"

using namespace chicane::explore;

namespace {

struct FutexCall {
  std::uintptr_t word;
  int operation;
  std::uint32_t value;
  const timespec* time;
  std::uintptr_t second_word;
  std::uint32_t third_value;
};

// Relative for FUTEX_WAIT, absolute for FUTEX_WAIT_BITSET.
std::uint64_t deadline(const FutexCall& futex, bool absolute) {
  Engine& self = engine();
  if (futex.time == nullptr) return 0;
  if (absolute)
    return deadline_of(self, (futex.operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                       *futex.time);
  return self.now_ns + static_cast<std::uint64_t>(futex.time->tv_sec) * ns_per_second +
         static_cast<std::uint64_t>(futex.time->tv_nsec) + 1;
}

long done(Call& call, int result) { return result == 0 ? 0 : call.fails_with(result); }

long futex(Call& call, const FutexCall& asked) {
  Engine& self = engine();
  Thread& thread = call.thread();
  switch (asked.operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
      return done(call, self.futex_wait(thread, asked.word, asked.value, ~0U, deadline(asked, false), call.pc()));
    case FUTEX_WAIT_BITSET:
      return done(
          call, self.futex_wait(thread, asked.word, asked.value, asked.third_value, deadline(asked, true), call.pc()));
    case FUTEX_WAKE: return self.futex_wake(thread, asked.word, asked.value, ~0U, call.pc());
    case FUTEX_WAKE_BITSET: return self.futex_wake(thread, asked.word, asked.value, asked.third_value, call.pc());
    case FUTEX_CMP_REQUEUE:
      if (*reinterpret_cast<const std::uint32_t*>(asked.word) != asked.third_value) return call.fails_with(EAGAIN);
      [[fallthrough]];
    case FUTEX_REQUEUE:
      // Where a time stands otherwise, these have the number of waiters to move.
      return self.futex_requeue(thread, asked.word, asked.value,
                                static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(asked.time)),
                                asked.second_word, call.pc());
    default:
      ++self.outcome().statistics.uncontrolled;
      return call.fails_with(ENOSYS);  // priority inheritance and wake-op: not modelled
  }
}

}  // namespace

CHICANE_EXPORT long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  if (number != SYS_futex || current == nullptr)
    return real().syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  Call call(*current, __builtin_return_address(0), __builtin_frame_address(0));
  return futex(call, {static_cast<std::uintptr_t>(arguments[0]), static_cast<int>(arguments[1]),
                      static_cast<std::uint32_t>(arguments[2]), reinterpret_cast<const timespec*>(arguments[3]),
                      static_cast<std::uintptr_t>(arguments[4]), static_cast<std::uint32_t>(arguments[5])});
}
