#include "harness/runner/barrier.h"

#include <climits>
#include <unistd.h>

#include <linux/futex.h>
#include <sys/syscall.h>

namespace chicane {
namespace {

// Not std::atomic::wait: its futexes are private to one process.
void futex(TeamBarrier::Cell* cell, int operation, std::uint32_t value) {
  static_assert(sizeof(TeamBarrier::Cell) == 4 && TeamBarrier::Cell::is_always_lock_free);
  syscall(SYS_futex, cell, operation, value, nullptr, nullptr, 0);
}

}  // namespace

void TeamBarrier::arrive(Step step, std::uint32_t worker) {
  Cell* const arrived = cells_ + 2 + std::size_t{step} * workers_;
  arrived[worker].store(1);
  // Sequentially consistent: of two last arrivers at least one sees all flags.
  for (std::uint32_t i = 0; i < workers_; ++i)
    if (arrived[i].load() == 0) return;
  if (watch_ != nullptr && cells_[step].load() == 0) step == start ? watch_->begins() : watch_->ends();
  cells_[step].store(1);
  futex(&cells_[step], FUTEX_WAKE, INT_MAX);
}

void TeamBarrier::arrive_and_wait(Step step, std::uint32_t worker) {
  arrive(step, worker);
  while (cells_[step].load() == 0) futex(&cells_[step], FUTEX_WAIT, 0);
}

void TeamBarrier::complete(std::uint32_t worker) {
  arrive(start, worker);
  arrive(stop, worker);
}

}  // namespace chicane
