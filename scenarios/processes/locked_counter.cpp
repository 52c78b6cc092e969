// The counter of processes/unlocked-counter under a mutex that lies beside it in the shared memory and was made for use
// between processes. Safe as counter/locked is: no access to `total` is outside the lock.
// std::mutex would not do: it is made for the threads of one process, and between processes a waiter may never be
// woken, or glibc aborts. That, or lost increments without the lock, is a bad run.
#include <chicane/process_shared.h>
#include <chicane/scenario.h>

#include <mutex>

struct LockedSharedCounter {
  chicane::ProcessMutex mutex;
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::lock_guard lock(mutex);
      ++total;
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("processes/locked-counter", LockedSharedCounter)
    .says("worker processes add to one counter in shared memory under a process-shared mutex")
    .workers_are(chicane::processes)
    .operation("one increment")
    .tag("more");
