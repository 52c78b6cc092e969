#include "tests/benchmarks/loop_bodies.h"

// The harness's barrier. Google Benchmark's ClobberMemory() is a signal fence, behind which clang unrolls the loop; asm
// it leaves alone, here as in a scenario.
static inline void barrier() { asm volatile("" : : : "memory"); }

void hand_written_atomic(benchmark::State& state, std::atomic<long>* total) {
  for (auto _ : state) {
    total->fetch_add(1, std::memory_order_relaxed);  // nothing else is ordered by it
    barrier();
  }
}

void hand_written_mutex(benchmark::State& state, std::mutex* mutex, long* total) {
  for (auto _ : state) {
    const std::lock_guard lock(*mutex);
    ++*total;
    barrier();
  }
}
