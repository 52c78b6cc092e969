// A lock like the counter of an office: draw a number, wait until it is called. fetch_add gives every worker a number
// of its own in any interleaving, and they come in in the order of their numbers: fair, unlike counter/spin-lock. The
// price: when the next in line has lost its CPU, nobody else goes in; so waiters sleep after a while. If
// drawing were a load and a store, a bad run would have two workers with one number inside at once.
#include <chicane/scenario.h>

#include <atomic>

#include "scenarios/counter/guarded_counter.h"
#include "scenarios/counter/spin_locks.h"

class TicketLock {
 public:
  void lock() {
    // Relaxed: the number orders nothing, the acquire of its call does.
    const unsigned mine = next_.fetch_add(1, std::memory_order_relaxed);
    for (unsigned called; (called = called_.load(std::memory_order_acquire)) != mine;) wait_in_line(called_, called);
  }
  void unlock() {
    called_.store(called_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    called_.notify_all();
  }

 private:
  std::atomic<unsigned> next_{0};
  std::atomic<unsigned> called_{0};  // changed by the holder alone
};

using CounterUnderTicketLock = GuardedCounter<TicketLock>;

CHICANE_SCENARIO("counter/ticket-lock", CounterUnderTicketLock)
    .says("workers add to one counter under a ticket lock")
    .exactly_workers(2)      // a fair line of more workers than CPUs goes on at the pace of the scheduler's slices
    .time_limit_ms(120'000)  // and one of two does, where something else has their CPUs
    .by_hand("it is fair: the next in line must run, while an unfair lock lets the holder in again")
    .tag("more");
