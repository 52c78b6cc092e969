// chicane/open_loop.h: requests that come when they come, whether or not the one before has been answered.
//
//   chicane::Arrivals arrivals(worker, 50'000);   // one each 50 µs
//   for (auto _ : worker) {
//     const auto due = arrivals.wait();
//     service.call();
//     worker.lap(due);
//   }
//
// A worker that makes its next request only when the last one is done makes none while the service stalls: the stall is
// one slow request, though all who would have come meanwhile had waited too (coordinated omission). Here latency counts
// from the moment at which a request was due, so that requests behind a stall have their waiting in it (Gil Tene, How
// NOT to Measure Latency; wrk2). What the loop itself is late counts, too.
#ifndef CHICANE_OPEN_LOOP_H
#define CHICANE_OPEN_LOOP_H

#include <chicane/scenario.h>

#include <chrono>
#include <cstdint>
#include <thread>

namespace chicane {
inline namespace v1 {

// One worker's requests, evenly spaced. Where latencies are not recorded (all lanes but bench), it never waits: other
// lanes want turns, not time.
class Arrivals {
 public:
  Arrivals(Worker& worker, std::int64_t every_ns) : worker_(worker), every_ns_(every_ns) {}

  // Waits until the next request is due, and says when that was: now, or longer ago when earlier ones took too long.
  // The first one is due at once.
  std::int64_t wait() {
    if (!worker_.records_latency()) return 0;
    const auto now = worker_.now();
    due_ = due_ == 0 ? now : due_ + every_ns_;
    if (due_ - now > wakes_up_late_ns)
      std::this_thread::sleep_for(std::chrono::nanoseconds(due_ - now - wakes_up_late_ns));
    while (worker_.now() < due_) clobber();
    return due_;
  }

 private:
  // A sleeper wakes up late: by Linux's timer slack of 50 µs, and the way to a CPU. The rest is waited out awake.
  static constexpr std::int64_t wakes_up_late_ns = 100'000;
  Worker& worker_;
  std::int64_t every_ns_;
  std::int64_t due_ = 0;
};

}  // namespace v1
}  // namespace chicane

#endif
