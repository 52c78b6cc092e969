// Clocks, sleeping and yielding. Time is virtual: it passes a little with each step, and a sleep takes as long as it
// says without taking any.
#include <sched.h>
#include <unistd.h>

#include <sys/time.h>

#include "harness/explore/interpose/call.h"
#include "harness/explore/interpose/stands_for.h"

using namespace chicane::explore;

namespace {

timespec time_of(std::uint64_t ns) {
  return {static_cast<time_t>(ns / ns_per_second), static_cast<long>(ns % ns_per_second)};
}

void sleep_until(Call& call, std::uint64_t wakes_at) {
  Engine& self = engine();
  Thread& thread = call.thread();
  thread.wakes_at = wakes_at;
  self.point(thread, {.kind = OperationKind::sleep, .yields = true, .pc = call.pc()});
  thread.wakes_at = 0;
  if (self.now_ns < wakes_at) self.now_ns = wakes_at;
  self.saw(thread, 0, false);
  if (self.has_forked) {  // another process may be what it waits for, and has a clock of its own
    constexpr timespec a_little{0, 200'000};
    real().nanosleep(&a_little, nullptr);
  }
}

std::uint64_t ns_of(const timespec& time) {
  if (time.tv_sec < 0) return 0;
  return static_cast<std::uint64_t>(time.tv_sec) * ns_per_second + static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

CHICANE_EXPORT int sched_yield() {
  CHICANE_CALL(call, real().sched_yield());
  engine().point(call.thread(), {.kind = OperationKind::yield, .yields = true, .pc = call.pc()});
  engine().saw(call.thread(), 0, false);
  return 0;
}

CHICANE_EXPORT int nanosleep(const timespec* time, timespec* left) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().nanosleep(time, left));
  if (!is_time(time)) return call.fails_with(EINVAL);
  sleep_until(call, engine().now_ns + ns_of(*time));
  return 0;
}
CHICANE_EXPORT int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().clock_nanosleep(clock, flags, time, left));
  if (!is_time(time)) return EINVAL;
  sleep_until(call,
              (flags & TIMER_ABSTIME) != 0 ? deadline_of(engine(), clock, *time) : engine().now_ns + ns_of(*time));
  return 0;
}
CHICANE_EXPORT int usleep(useconds_t microseconds) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().usleep(microseconds));
  sleep_until(call, engine().now_ns + std::uint64_t{microseconds} * 1000);
  return 0;
}
CHICANE_EXPORT unsigned sleep(unsigned seconds) {
  const CancellationPoint may_end;
  CHICANE_CALL(call, real().sleep(seconds));
  sleep_until(call, engine().now_ns + seconds * ns_per_second);
  return 0;
}

CHICANE_EXPORT int clock_gettime(clockid_t clock, timespec* time) {
  CHICANE_TOLD told.writes(time);  // before the thread is inside the runtime: an access may be a step of its own
  CHICANE_CALL(call, real().clock_gettime(clock, time));
  *time = time_of(start_of(clock) + engine().read_clock());
  return 0;
}
CHICANE_EXPORT int gettimeofday(timeval* time, void* zone) {
  CHICANE_TOLD told.writes(time);
  CHICANE_CALL(call, real().gettimeofday(time, zone));
  const timespec now = time_of(realtime_start_ns + engine().read_clock());
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}
CHICANE_EXPORT time_t time(time_t* where) {
  CHICANE_TOLD if (where != nullptr) told.writes(where);
  CHICANE_CALL(call, real().time(where));
  const time_t now = time_of(realtime_start_ns + engine().read_clock()).tv_sec;
  if (where != nullptr) *where = now;
  return now;
}
