// A bounded queue of four places behind one mutex and two condition variables. How a thread waits for a place or an
// item is up to the twin: with `if` it believes the notification, with `while` it looks again.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <mutex>

#include "scenarios/queue/delivery.h"

enum class Wait { look_again, believe };

template <Wait how>
class BoundedRing {
 public:
  void put(const Item& item) {
    std::unique_lock lock(mutex_);
    wait(lock, not_full_, [this] { return count_ < std::ssize(places_); });
    places_[next_in_++ % places_.size()] = item;
    ++count_;
    not_empty_.notify_one();
  }
  Item take() {
    std::unique_lock lock(mutex_);
    wait(lock, not_empty_, [this] { return count_ > 0; });
    const Item item = places_[next_out_ % places_.size()];
    places_[next_out_++ % places_.size()] = {};
    --count_;
    not_full_.notify_one();
    return item;
  }

 private:
  template <typename Condition>
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Condition holds) {
    if constexpr (how == Wait::believe) {
      if (!holds()) changed.wait(lock);
    } else {
      while (!holds()) changed.wait(lock);
    }
  }

  std::mutex mutex_;
  std::condition_variable not_full_, not_empty_;
  std::array<Item, 4> places_;
  std::size_t next_in_ = 0, next_out_ = 0;
  std::ptrdiff_t count_ = 0;
};
