// A pool of two threads for the time of one batch. What its end does with tasks that still wait is up to the twin.
#pragma once

#include <chicane/scenario.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

enum class AtShutdown { drain, drop };

template <AtShutdown at_shutdown>
class BatchPool {
 public:
  BatchPool() {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { serve(); });
  }
  ~BatchPool() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  void submit(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(task));
    }
    changed_.notify_one();
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
      if (queue_.empty() || (at_shutdown == AtShutdown::drop && closed_)) return;
      const std::function<void()> task = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

template <AtShutdown at_shutdown>
struct Batch {
  std::atomic<int> done{0};
  long lost = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      done = 0;
      {
        BatchPool<at_shutdown> pool;
        for (int i = 0; i < 4; ++i) pool.submit([this] { ++done; });
      }
      lost += 4 - done;
    }
  }
  void check(chicane::Check& check) const { check.equal("tasks lost", lost, 0); }
};
