// Races, and then the process ends within the same pass, in every way a process can.
#include <chicane/scenario.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <sched.h>
#include <unistd.h>

namespace {

enum Ending : long { null_write, abort_call, full_stack, quick_end, normal_exit, hang, own_handler };

long deeper(volatile long* caller) {
  volatile long here[64];
  here[0] = *caller + 1;
  if (here[0] < 0) return 0;
  return deeper(here) + here[1];
}

int* volatile nowhere = nullptr;

[[noreturn]] void end_as(long ending) {
  long start = 0;
  switch (ending) {
    case null_write: *nowhere = 1; break;
    case abort_call: std::abort();
    case full_stack: start = deeper(&start); break;
    case quick_end: std::_Exit(7);
    case normal_exit: std::exit(7);
    case own_handler:
      signal(SIGTERM, [](int) { _exit(8); });
      raise(SIGTERM);
      break;
    default: break;
  }
  for (;;) pause();
}

struct Endings {
  long total = 0;
  std::atomic<bool> first_done = false;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      // Relaxed: it must order nothing, else the two would not race.
      if (worker.index() == 1)
        while (!first_done.load(std::memory_order_relaxed)) sched_yield();
      const bool races = worker.arg(0) != 0;
      if (races || worker.index() == 1) ++total;
      if (worker.index() == 1) end_as(worker.arg(1));
      first_done.store(true, std::memory_order_relaxed);
    }
  }
};
CHICANE_SCENARIO("endings/all", Endings).axis("races", {0, 1}).axis("ending", {0, 1, 2, 3, 4, 5, 6}).exactly_workers(2);

}  // namespace
