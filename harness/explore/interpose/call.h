// One call of the code under test into the C library: null thread: it is none of ours, the real function is called.
#pragma once

#include <cerrno>
#include <cstdint>
#include <pthread.h>

#include "harness/explore/abi/export.h"
#include "harness/explore/engine.h"
#include "harness/explore/modules.h"
#include "harness/explore/real.h"

namespace chicane::explore {

// The thread is inside the runtime while this lives, and its errno is kept.
class Call {
 public:
  Call(Thread& thread, void* returns_to, void* frame)
      : thread_(thread),
        inside_(thread),
        error_(errno),
        // Where no function of the code under test is left (exit handlers), what looks like one on the stack is stale.
        pc_(thread.depth == 0
                ? reinterpret_cast<std::uintptr_t>(returns_to)
                : code_location(returns_to, frame, thread.slot->pooled ? thread.slot->stack_top : ~std::uintptr_t{0})) {
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { errno = error_; }
  Thread& thread() { return thread_; }
  std::uintptr_t pc() const { return pc_; }
  int fails_with(int error) {  // for functions that return -1 and set errno
    if (error == 0) return 0;
    error_ = error;
    return -1;
  }

 private:
  Thread& thread_;
  Inside inside_;
  int error_;
  std::uintptr_t pc_;
};

// Begins a replaced function: REAL is evaluated and returned when the caller is not under control.
#define CHICANE_CALL(call, real_call)              \
  Thread* const calling_thread = current;          \
  if (calling_thread == nullptr) return real_call; \
  Call call(*calling_thread, __builtin_return_address(0), __builtin_frame_address(0))

// Where a thread that pthread_cancel was called for ends: after a call that may wait. The first local of such a call.
void end_if_cancelled();
struct CancellationPoint {
  ~CancellationPoint() noexcept(false) { end_if_cancelled(); }
};

// Virtual time. Clocks start at these values in each schedule.
inline constexpr std::uint64_t ns_per_second = 1'000'000'000;
inline constexpr std::uint64_t monotonic_start_ns = 1'000 * ns_per_second;
inline constexpr std::uint64_t realtime_start_ns = 1'767'225'600 * ns_per_second;  // 2026-01-01

inline bool is_realtime(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == 5 /* REALTIME_COARSE */ || clock == 11 /* TAI */;
}
inline std::uint64_t start_of(clockid_t clock) { return is_realtime(clock) ? realtime_start_ns : monotonic_start_ns; }

// A point of virtual time that is not 0, for an absolute time of a clock. What has passed already is now.
inline std::uint64_t deadline_of(const Engine& engine, clockid_t clock, const timespec& absolute) {
  const std::int64_t at = absolute.tv_sec < 0               ? 0
                          : absolute.tv_sec > 4'000'000'000 ? std::int64_t{4'000'000'000} * 1'000'000'000
                                                            : absolute.tv_sec * 1'000'000'000 + absolute.tv_nsec;
  const std::int64_t virtual_ns = at - static_cast<std::int64_t>(start_of(clock));
  const auto now = static_cast<std::int64_t>(engine.now_ns);
  return static_cast<std::uint64_t>(virtual_ns > now ? virtual_ns : now > 0 ? now : 1);
}
inline bool is_time(const timespec* time) {
  return time != nullptr && time->tv_nsec >= 0 && time->tv_nsec < 1'000'000'000;
}

}  // namespace chicane::explore
