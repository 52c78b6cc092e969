// Trials that never end by themselves.
#include <csignal>
#include <mutex>
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

}  // namespace
