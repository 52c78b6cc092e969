// A pool of one thread with one task, which counts its rounds until the pool asks it to stop. Whether the pool's end
// waits for the task is up to the twin.
#pragma once

#include <atomic>
#include <memory>
#include <semaphore>
#include <thread>

enum class AtEnd { join, detach };

template <AtEnd at_end>
class PollingPool {
 public:
  PollingPool() : thread_([this, started = started_, ended = ended_] { run(*started, *ended); }) {
    started_->acquire();
  }
  ~PollingPool() {
    stop_.store(true, std::memory_order_release);
    if constexpr (at_end == AtEnd::join)
      thread_.join();
    else
      thread_.detach();
  }
  // Released as the task's last step; outlives the pool.
  std::shared_ptr<std::binary_semaphore> ended() const { return ended_; }

 private:
  void run(std::binary_semaphore& started, std::binary_semaphore& ended) {
    started.release();
    while (!stop_.load(std::memory_order_acquire)) std::this_thread::yield();
    for (int round = 0; round < 100; ++round) rounds_.fetch_add(1, std::memory_order_relaxed);
    ended.release();
  }

  std::shared_ptr<std::binary_semaphore> started_ = std::make_shared<std::binary_semaphore>(0);
  std::shared_ptr<std::binary_semaphore> ended_ = std::make_shared<std::binary_semaphore>(0);
  std::atomic<bool> stop_ = false;
  std::atomic<long> rounds_ = 0;
  std::thread thread_;  // last: it uses all others
};
