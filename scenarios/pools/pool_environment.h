// The pool that a scenario's axis "threads" asks for: built once a trial, before anything is timed.
#pragma once

#include <chicane/scenario.h>

#include <algorithm>
#include <cstddef>

#include "scenarios/pools/mutex_pool.h"

struct PoolEnvironment {
  explicit PoolEnvironment(const chicane::Setup& setup)
      : threads(static_cast<std::size_t>(setup.arg())), pool(threads) {}

  // How many of the first tasks of a map wait for each other, so that two threads really take part where there are two.
  std::ptrdiff_t meeting() const { return static_cast<std::ptrdiff_t>(std::min<std::size_t>(threads, 2)); }

  std::size_t threads;
  MutexPool pool;
};
