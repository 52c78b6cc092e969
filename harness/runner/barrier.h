// The rendezvous of a team, in memory that all its members see: threads, or processes over a shared mapping.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/runner/worker.h"

namespace chicane {

// Two steps, start and stop, that open once all workers have arrived. A worker that is gone is completed by somebody
// else, even when it died in the middle of arriving: each has a flag of its own, and a step opens when all are set.
class TeamBarrier {
 public:
  using Cell = std::atomic<std::uint32_t>;
  static std::size_t bytes(std::uint32_t workers) { return (2 + 2 * std::size_t{workers}) * sizeof(Cell); }
  // `memory`: bytes(workers) zeroed bytes, aligned for Cell. A view: copies act on the same barrier. `watch`: none, or
  // told before a step opens.
  TeamBarrier(void* memory, std::uint32_t workers, RegionWatch* watch = nullptr)
      : cells_(static_cast<Cell*>(memory)), workers_(workers), watch_(watch) {}

  enum Step : std::uint32_t { start, stop };
  void arrive_and_wait(Step step, std::uint32_t worker);
  void complete(std::uint32_t worker);  // both steps, for a worker that is gone; may be called again
  bool is_watched() const { return watch_ != nullptr; }

 private:
  void arrive(Step step, std::uint32_t worker);
  Cell* cells_;  // open[2], arrived[2][workers]
  std::uint32_t workers_;
  RegionWatch* watch_;
};

class TeamRendezvous final : public Rendezvous {
 public:
  TeamRendezvous(TeamBarrier barrier, std::uint32_t worker) : barrier_(barrier), worker_(worker) {}
  void start() override { barrier_.arrive_and_wait(TeamBarrier::start, worker_); }
  void stop() override { barrier_.arrive_and_wait(TeamBarrier::stop, worker_); }
  bool is_watched() const override { return barrier_.is_watched(); }

 private:
  TeamBarrier barrier_;
  std::uint32_t worker_;
};

}  // namespace chicane
