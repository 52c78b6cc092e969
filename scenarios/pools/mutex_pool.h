// A plain thread pool: one queue, one mutex, two condition variables. Tasks start in the order of submit().
// submit() may be called by any thread, wait() by any that is not one of the pool's; tasks must not throw.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

class MutexPool {
 public:
  explicit MutexPool(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
  }
  ~MutexPool() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    work_or_closed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  MutexPool(const MutexPool&) = delete;
  MutexPool& operator=(const MutexPool&) = delete;

  void submit(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(std::move(task));
      ++unfinished_;
    }
    work_or_closed_.notify_one();
  }
  // Returns when every task submitted so far has ended; what they wrote is visible then.
  void wait() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return unfinished_ == 0; });
  }
  // Runs the next task on the caller's thread; false: there is none. For tasks that wait for others of their pool.
  bool run_one() {
    std::unique_lock lock(mutex_);
    if (queue_.empty()) return false;
    run_first(lock);
    return true;
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    while (true) {
      work_or_closed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
      if (queue_.empty()) return;
      run_first(lock);
    }
  }
  void run_first(std::unique_lock<std::mutex>& lock) {
    {
      const std::function<void()> task = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      task();
    }  // what the task owned is gone before it counts as ended
    lock.lock();
    if (--unfinished_ == 0) idle_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable work_or_closed_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> queue_;
  std::size_t unfinished_ = 0;  // submitted, and not ended yet
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

// Beside oneTBB's parallel_for and its like.
inline constexpr const char* why_mutex_pool_is_slower =
    "the driver hands each task over under one mutex, and waits; oneTBB's driver computes too, and idle threads steal";
