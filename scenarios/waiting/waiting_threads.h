// As many threads as are asked for, all waiting at once: none goes on before the last one is there. Where the host has
// no room for another thread, those that could be had are used, and the counter threads_at_once says how many.
#pragma once

#include <chicane/scenario.h>

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <latch>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "scenarios/waiting/memory_use.h"

struct WaitingThreads {
  std::size_t tasks;
  std::size_t started = 0, ended = 0;  // over all turns; `ended` under the mutex
  std::size_t most = 0;
  std::mutex mutex;

  explicit WaitingThreads(const chicane::Setup& setup) : tasks(static_cast<std::size_t>(setup.arg())) {}

  void work(chicane::Worker& worker) {
    all_wait([&worker, memory = MemoryUse()](std::size_t threads) { memory.report(worker, threads); });
    for (auto _ : worker) all_wait([](std::size_t) {});
    worker.count("threads_at_once", static_cast<double>(most), chicane::Counter::max);
    worker.count("tasks_per_second", static_cast<double>(most * worker.turns()), chicane::Counter::rate);
  }
  template <typename Look>
  void all_wait(const Look& look) {
    std::condition_variable came;
    std::size_t waiting = 0;
    std::latch open(1);
    std::vector<std::thread> threads;
    threads.reserve(tasks);
    try {
      while (threads.size() < tasks)
        threads.emplace_back([&] {
          {
            const std::lock_guard lock(mutex);
            ++waiting;
            came.notify_one();
          }
          open.wait();
          const std::lock_guard lock(mutex);
          ++ended;
        });
    } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): as far as it goes
    }
    {
      std::unique_lock lock(mutex);
      came.wait(lock, [&] { return waiting == threads.size(); });
    }
    look(threads.size());
    open.count_down();
    for (std::thread& thread : threads) thread.join();
    started += threads.size();
    most = std::max(most, threads.size());
  }
  void check(chicane::Check& check) const {
    check.equal("tasks that ended", ended, started);
    check.that("there was at least one thread", most > 0);
  }
};
