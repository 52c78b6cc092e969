// One worker's run through a scenario's body, whoever its peers are: pins it, answers its callbacks, stamps the timed
// region, and completes its part when it fails, so that no peer waits for it forever.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/trial.h"
#include "harness/runner/stage.h"
#include "harness/runner/usage.h"

namespace chicane {

// What a worker did. Trivially copyable: worker processes write it into shared memory.
struct WorkerOutcome {
  std::uint64_t turns_done = 0;
  std::int64_t begin_ns = 0, end_ns = 0;  // now_ns(), inside the barriers; valid once `began`
  int first_cpu = -1, last_cpu = -1;
  std::int64_t first_migrations = -1, last_migrations = -1;  // counts of the thread's whole life; -1: unknown
  Usage at_begin, at_end;
  std::uint64_t peak_resident_bytes = 0;  // of a worker process
  std::uint64_t proportional_bytes = 0;   // of a worker process in the bench lane, when all had made their turns
  bool began = false;                     // its loop was started
  bool returned = false;                  // its body came back
  bool failed = false;                    // it threw, or never finished its loop: the ledger says why
};

// Where workers meet: start() before the first turn, stop() after the last. Each worker calls each exactly once, in
// this order, and both return when all have called.
class Rendezvous {
 public:
  virtual ~Rendezvous() = default;
  virtual void start() = 0;
  virtual void stop() = 0;
  // Somebody counts what is done between start() and stop(): the harness must do nothing there that it need not.
  virtual bool is_watched() const { return false; }
};

// Told by the worker that arrives last, from whatever thread or process it is: before any goes on into the timed
// region, and before any goes on behind it. By two that arrive last at once, twice.
class RegionWatch {
 public:
  virtual ~RegionWatch() = default;
  virtual void begins() = 0;
  virtual void ends() = 0;
};

// Runs worker `index` on this thread.
void run_worker(const Stage& stage, std::uint32_t index, Rendezvous& rendezvous, WorkerOutcome& outcome);

// First begin to last end over all workers, and what the kernel counted in it.
struct Region {
  std::int64_t begin_ns = 0, end_ns = 0;
  std::int64_t length_ns() const { return end_ns - begin_ns; }
};
Region timed_region(std::span<const WorkerOutcome> outcomes);  // empty (0, 0) when no worker began

std::vector<WorkerRecord> worker_records(const Stage& stage, std::span<const WorkerOutcome> outcomes);
std::vector<std::uint64_t> operations(std::span<const WorkerOutcome> outcomes);
bool any_failed(std::span<const WorkerOutcome> outcomes);

}  // namespace chicane
