// One worker publishes a new message in every turn: it writes a slot that nobody reads any more, then says by a flag,
// the slot's number, that it is there. The others follow the flag and read. How the flag is stored and loaded is the
// twin's business. With eight slots a reader that is slow could meet the writer again, so the writer waits for it.
#pragma once

#include <chicane/scenario.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

struct Message {
  std::uint64_t number = 0;
  std::uint64_t square = 0;
};

template <std::memory_order publish, std::memory_order observe>
struct Publication {
  static constexpr std::size_t slots = 8;

  std::array<Message, slots> messages{};
  std::atomic<std::uint64_t> flag{0};  // how many were published
  std::atomic<std::uint64_t> read{0};  // how many the reader has read

  void write(chicane::Worker& worker) {
    std::uint64_t number = 0;
    for (auto _ : worker) {
      while (number - read.load(std::memory_order_acquire) == slots) std::this_thread::yield();
      ++number;
      messages[number % slots] = {number, number * number};
      flag.store(number, publish);
    }
  }
  void follow(chicane::Worker& worker) {
    std::uint64_t number = 0, wrong = 0;
    for (auto _ : worker) {
      while (flag.load(observe) == number) std::this_thread::yield();
      ++number;
      const Message message = messages[number % slots];
      wrong += message.number != number || message.square != number * number;
      read.store(number, std::memory_order_release);
    }
    if (wrong != 0) worker.fail("messages", "were read before they were written");
  }
};
