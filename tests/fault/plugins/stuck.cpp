// Trials that never end by themselves.
#include <chrono>
#include <csignal>
#include <mutex>
#include <thread>
#include <unistd.h>

#include "fault.h"

namespace {

using fault::Healthy, fault::InTheLoop;

void spin() {
  for (;;) chicane::clobber();
}

FAULT("endless-loop", "computes without end", InTheLoop<[] { spin(); }>);
FAULT("endless-loop-without-signals", "blocks and ignores all signals, then computes without end", InTheLoop<[] {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, nullptr);
        for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_IGN);
        spin();
      }>);
FAULT("sleeps-forever", "waits for a signal that nobody sends", InTheLoop<[] {
        for (;;) pause();
      }>);
FAULT("stops-itself", "sends itself SIGSTOP", InTheLoop<[] { raise(SIGSTOP); }>);

struct Deadlock : Healthy {
  std::mutex first, second;
  std::atomic<int> holders{0};
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      auto& own = worker.index() == 0 ? first : second;
      auto& other = worker.index() == 0 ? second : first;
      const std::lock_guard hold(own);
      ++holders;
      while (holders < 2) chicane::clobber();
      const std::lock_guard both(other);
    }
  }
  void check(chicane::Check&) const {}
};
FAULT("deadlock", "two workers take two locks in both orders, each when the other has its first", Deadlock);

struct CheckHangs : Healthy {
  void check(chicane::Check&) const {
    for (;;) pause();
  }
};
FAULT("check-hangs", "its check never returns", CheckHangs);

struct DestructorHangs : Healthy {
  ~DestructorHangs() {
    for (;;) pause();
  }
};
FAULT("destructor-hangs", "its destructor never returns", DestructorHangs);

// No fault: how many turns a trial makes is counted out by another process, for which they were cheaper. Here they take
// 2.2 s, however many they are.
struct DearerThanCountedOut : Healthy {
  // Whoever counts out begins with one turn.
  explicit DearerThanCountedOut(const chicane::Setup& setup) {
    if (counts_out == unknown) counts_out = setup.turns() == 1 ? yes : no;
  }
  void work(chicane::Worker& worker) {
    const bool dear = worker.lane() == "bench" && counts_out == no;
    const std::chrono::microseconds turn(dear ? 2'200'000 / worker.turns() : 500);
    for (auto _ : worker) {
      std::this_thread::sleep_for(turn);
      total.fetch_add(1, std::memory_order_relaxed);
    }
  }

 private:
  enum { unknown, yes, no } static inline counts_out = unknown;
};
CHICANE_SCENARIO("slow/dearer-than-counted-out", DearerThanCountedOut)
    .says("a turn takes 0.5 ms while turns are counted out, and some 10 ms in the trial")
    .workers_are(chicane::threads | chicane::processes)
    .exactly_workers(2);

}  // namespace
