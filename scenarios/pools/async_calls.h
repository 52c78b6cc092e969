// std::async behind the calls that the pools of this family have in common: no pool, a thread for each task.
#pragma once

#include <cstddef>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

class AsyncCalls {
 public:
  explicit AsyncCalls(std::size_t) {}  // it has as many threads as there are tasks

  template <typename Function>
  void submit(Function task) {
    auto call = std::async(std::launch::async, std::move(task));
    const std::lock_guard lock(mutex_);
    calls_.push_back(std::move(call));
  }
  void wait() {
    while (true) {
      std::vector<std::future<void>> calls;
      {
        const std::lock_guard lock(mutex_);
        calls.swap(calls_);
      }
      if (calls.empty()) return;
      for (auto& call : calls) call.get();  // which may have submitted more
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::future<void>> calls_;
};
