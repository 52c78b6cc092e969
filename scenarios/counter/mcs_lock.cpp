// The queue lock of Mellor-Crummey and Scott (1991): each worker waits on a flag of its own, so that a hand-over
// touches one waiter's cache line and not all of them. The interleaving that matters is a worker that has put itself at
// the end but is not linked yet, while the holder leaves: the holder sees that the end is not its own node and waits
// for the link. Without that wait, in a bad run, the newcomer is never called and waits for ever.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

#include "scenarios/counter/spin_locks.h"

struct McsNode {
  std::atomic<McsNode*> next{nullptr};
  std::atomic<bool> called{false};
};

class McsLock {
 public:
  void lock(McsNode& mine) {
    mine.next.store(nullptr, std::memory_order_relaxed);  // relaxed: published by the exchange
    mine.called.store(false, std::memory_order_relaxed);
    McsNode* before = last_.exchange(&mine, std::memory_order_acq_rel);
    if (before == nullptr) return;
    before->next.store(&mine, std::memory_order_release);
    wait_in_line(mine.called, false);
  }
  void unlock(McsNode& mine) {
    McsNode* own = &mine;
    if (last_.compare_exchange_strong(own, nullptr, std::memory_order_acq_rel)) return;
    McsNode* next;
    while ((next = mine.next.load(std::memory_order_acquire)) == nullptr) std::this_thread::yield();
    next->called.store(true, std::memory_order_release);
    next->called.notify_one();  // by its address alone: the waiter may have seen it and be gone
  }

 private:
  std::atomic<McsNode*> last_{nullptr};
};

struct McsCounter {
  McsLock lock;
  long total = 0;

  void work(chicane::Worker& worker) {
    McsNode mine;
    for (auto _ : worker) {
      lock.lock(mine);
      ++total;
      lock.unlock(mine);
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("counter/mcs-lock", McsCounter)
    .says("workers add to one counter under an MCS queue lock")
    .exactly_workers(2)      // a fair line of more workers than CPUs goes on at the pace of the scheduler's slices
    .time_limit_ms(120'000)  // and one of two does, where something else has their CPUs
    .by_hand("it is fair: the next in line must run, while an unfair lock lets the holder in again")
    .tag("more");
