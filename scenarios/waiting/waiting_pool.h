// Eight waits as eight tasks of a pool of fixed size: the state of waiting/pool-of-2 and waiting/pool-of-3. The pool is
// there before the first turn. Each turn forgets the results before it submits, and looks at them after wait().
#pragma once

#include <chicane/scenario.h>

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "scenarios/pools/mutex_pool.h"
#include "scenarios/waiting/waits.h"

template <std::size_t threads>
struct WaitingInPool {
  struct Environment {
    MutexPool pool{threads};
  };

  MutexPool& pool;
  Waits waits;
  std::uint64_t wrong = 0;

  WaitingInPool(Environment& environment, const chicane::Setup& setup)
      : pool(environment.pool), waits(std::chrono::milliseconds(setup.arg())) {}

  void work(chicane::Worker& worker) {
    Overlap overlap(worker);
    for (auto _ : worker) {
      waits.forget();
      for (std::size_t i = 0; i < Waits::size; ++i) pool.submit([this, i] { waits.find(i); });
      pool.wait();
      wrong += !waits.right();
    }
    overlap.report(waits.wait());
  }
  void check(chicane::Check& check) const { check.equal("wrong results", wrong, 0); }
};
