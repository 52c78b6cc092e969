// Locks that wait by looking again and again. What a worker does between two looks is up to the twin: nothing, the
// CPU's hint that it spins, or giving the CPU to another thread.
#pragma once

#include <atomic>
#include <thread>

struct WaitBusily {
  void operator()() const {}
};
struct WaitWithPause {
  void operator()() const { __builtin_ia32_pause(); }
};
struct WaitWithYield {
  void operator()() const { std::this_thread::yield(); }
};

// Test and test-and-set: waits on a load, which leaves the cache line shared, and tries to take it only when it is
// free.
template <typename Wait>
class SpinLock {
 public:
  void lock() {
    // Acquire: the next holder sees what the last one wrote. Relaxed while waiting: the exchange orders.
    while (taken_.exchange(true, std::memory_order_acquire))
      while (taken_.load(std::memory_order_relaxed)) Wait{}();
  }
  void unlock() { taken_.store(false, std::memory_order_release); }

 private:
  std::atomic<bool> taken_{false};
};

// Who waits in a line must run for the line to go on. With more threads than CPUs the next one often does not, and a
// line of spinning waiters keeps it from its CPU. So a waiter looks for as long as a hand-over takes, and then sleeps.
template <typename T>
void wait_in_line(const std::atomic<T>& value, T unwanted) {
  for (int look = 0; look < 200; ++look) {
    if (value.load(std::memory_order_acquire) != unwanted) return;
    __builtin_ia32_pause();
  }
  value.wait(unwanted, std::memory_order_acquire);
}
