// What a queue has to do with items: deliver each once, and those of one producer in the order in which it sent them.
// An item is its producer's number and its own number from 1. One record belongs to one consumer; check() adds them up.
#pragma once

#include <chicane/scenario.h>

#include <array>
#include <cstddef>
#include <cstdint>

struct Item {
  std::uint32_t producer = 0;
  std::uint64_t number = 0;  // 0: there is none
};

class Delivery {
 public:
  static constexpr std::size_t most_producers = 64;

  void received(const Item& item) {
    if (item.number == 0 || item.producer >= most_producers) {
      ++strange_;
      return;
    }
    auto& last = last_[item.producer];
    if (item.number <= last) ++out_of_order_;
    last = item.number;
    sum_[item.producer] += item.number;
    ++count_[item.producer];
  }

  // `consumers`: one record each; every producer sent `each` items.
  template <typename Records>
  static void check(const Records& consumers, std::size_t producers, std::uint64_t each, chicane::Check& check) {
    std::uint64_t strange = 0, out_of_order = 0, wrong_count = 0, wrong_sum = 0;
    for (std::size_t producer = 0; producer < producers; ++producer) {
      std::uint64_t count = 0, sum = 0;
      for (const Delivery& consumer : consumers) count += consumer.count_[producer], sum += consumer.sum_[producer];
      wrong_count += count != each;
      wrong_sum += sum != each * (each + 1) / 2;
    }
    for (const Delivery& consumer : consumers) strange += consumer.strange_, out_of_order += consumer.out_of_order_;
    check.equal("items that nobody sent", strange, 0);
    check.equal("items out of their producer's order", out_of_order, 0);
    check.equal("producers whose items were lost or delivered twice", wrong_count + wrong_sum, 0);
  }

 private:
  std::array<std::uint64_t, most_producers> last_{}, sum_{}, count_{};
  std::uint64_t strange_ = 0, out_of_order_ = 0;
};
