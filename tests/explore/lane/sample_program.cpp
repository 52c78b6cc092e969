// A queue whose pop looks at its size outside of the lock: with two consumers and one item, both may go in.
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

namespace {

class Queue {
 public:
  void push(int value) {
    const std::lock_guard lock(mutex_);
    items_.push_back(value);
  }
  std::optional<int> pop() {
    {
      const std::lock_guard lock(mutex_);
      if (items_.empty()) return std::nullopt;
    }
    const std::lock_guard lock(mutex_);  // somebody else may have been here in between
    const int value = items_.empty() ? -1 : items_.front();
    if (!items_.empty()) items_.pop_front();
    return value;
  }

 private:
  std::mutex mutex_;
  std::deque<int> items_;
};

TEST(Queue, GivesEachItemOnce) {
  Queue queue;
  queue.push(7);
  std::optional<int> first, second;
  std::thread one([&] { first = queue.pop(); });
  std::thread two([&] { second = queue.pop(); });
  one.join();
  two.join();
  EXPECT_TRUE(first.has_value() != second.has_value()) << "both consumers got something";
}

TEST(Queue, IsEmptyAtFirst) { EXPECT_FALSE(Queue().pop().has_value()); }

}  // namespace
