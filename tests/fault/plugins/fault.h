// A fault and its healthy neighbour: two scenarios of one plugin, fault/NAME and healthy/NAME. Worker 1 makes the
// fault, in its first turn; worker 0 does its work. docs/faults.md says what each must lead to.
#pragma once

#include <chicane/scenario.h>

#include <atomic>

namespace fault {

// So that the compiler sees none of the faults.
template <typename T>
T hidden(T value) {
  asm volatile("" : "+r"(value));
  return value;
}

struct Healthy {
  std::atomic<long> total{0};
  void work(chicane::Worker& worker) {
    for (auto _ : worker) total.fetch_add(1, std::memory_order_relaxed);
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};

// `make` is a captureless lambda.
template <auto make>
struct InTheLoop : Healthy {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      if (worker.index() == 1) make();
      total.fetch_add(1, std::memory_order_relaxed);
    }
  }
};

}  // namespace fault

#define FAULT(name, what, ...)                                                                             \
  CHICANE_SCENARIO("healthy/" name, ::fault::Healthy).says("works beside fault/" name).exactly_workers(2); \
  CHICANE_SCENARIO("fault/" name, __VA_ARGS__).says(what).exactly_workers(2)
