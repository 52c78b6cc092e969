// One body over all pools: tasks of five kinds, of which an axis chooses one. A pool has submit(), which takes a
// function, also from within a task, and wait(), which comes back when all tasks have ended.
#pragma once

#include <chicane/scenario.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <stdexcept>
#include <vector>

// For .says() and .axis("kind", …): what the values mean.
#define CHICANE_TASK_KINDS "(kind 1: result by a future, 2: tiny, 3: skewed, 4: nested, 5: some throw)"

// What tasks do is the same on all pools.
inline constexpr std::size_t tasks_of_a_kind = 64;  // of tiny ones, four times as many
inline constexpr std::uint64_t skewed_units = 1000;
inline std::uint64_t loop_of(std::uint64_t units) {
  std::uint64_t total = 0;
  for (std::uint64_t i = 0; i < units; ++i) chicane::keep(++total);
  return total;
}
inline std::uint64_t one_in_four_throws(std::uint64_t number) {
  if (number % 4 == 0) throw std::runtime_error("one task in four fails on purpose");
  return 1;
}

template <typename Pool>
struct KindsOfTask {
  struct Environment {
    explicit Environment(const chicane::Setup& setup) : pool(static_cast<std::size_t>(setup.arg(1))) {}
    Pool pool;
  };

  Pool& pool;
  std::size_t size;  // tasks; few where each step is one of a search
  std::atomic<std::uint64_t> sum{0};
  std::uint64_t wrong = 0;

  KindsOfTask(Environment& environment, const chicane::Setup& setup)
      : pool(environment.pool), size(setup.lane() == "explore" ? 4 : tasks_of_a_kind) {}

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      sum = 0;
      switch (worker.arg()) {
        case 1: with_results(); break;
        case 2: tiny(); break;
        case 3: skewed(); break;
        case 4: nested(); break;
        default: throwing(); break;
      }
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong turns", wrong, 0); }

 private:
  // A task whose result, or exception, comes by a future.
  template <typename Function>
  std::future<std::uint64_t> future_of(Function task) {
    auto packaged = std::make_shared<std::packaged_task<std::uint64_t()>>(std::move(task));
    auto result = packaged->get_future();
    pool.submit([packaged] { (*packaged)(); });
    return result;
  }

  void with_results() {
    std::vector<std::future<std::uint64_t>> results;
    for (std::uint64_t i = 0; i < size; ++i) results.push_back(future_of([i] { return i * i; }));
    std::uint64_t squares = 0;
    for (auto& result : results) squares += result.get();
    wrong += squares != (size - 1) * size * (2 * size - 1) / 6;
    pool.wait();
  }
  void tiny() {
    for (std::size_t i = 0; i < 4 * size; ++i) pool.submit([this] { ++sum; });
    pool.wait();
    wrong += sum != 4 * size;
  }
  // The first task takes as long as all others together: it is well shared when nobody waits behind it.
  void skewed() {
    const std::uint64_t units = size == 4 ? 1 : skewed_units;
    pool.submit([this, units] { sum += loop_of((size - 1) * units); });
    for (std::size_t i = 1; i < size; ++i) pool.submit([this, units] { sum += loop_of(units); });
    pool.wait();
    wrong += sum != 2 * (size - 1) * units;
  }
  // Each task submits two, until `size` of them are reached. None waits for those that it submitted: the driver does.
  void nested() {
    split(size);
    pool.wait();
    wrong += sum != size;
  }
  void split(std::size_t leaves) {
    pool.submit([this, leaves] {
      if (leaves == 1) {
        ++sum;
        return;
      }
      split(leaves / 2);
      split(leaves - leaves / 2);
    });
  }
  void throwing() {
    std::vector<std::future<std::uint64_t>> results;
    for (std::uint64_t i = 0; i < size; ++i) results.push_back(future_of([i] { return one_in_four_throws(i); }));
    std::uint64_t came = 0, failed = 0;
    for (auto& result : results) try {
        came += result.get();
      } catch (const std::runtime_error&) {
        ++failed;
      }
    wrong += came != size - size / 4 || failed != size / 4;
    pool.wait();
  }
};
