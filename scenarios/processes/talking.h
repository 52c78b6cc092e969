// One worker sends numbered messages, another receives them; both are threads, or processes. By which channel is the
// twin's business: send(const char*, size) and receive(char*, size) of whole messages. A message has its number in its
// first and in its last word.
#pragma once

#include <chicane/scenario.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

template <typename Channel>
struct Talking {
  Channel channel;
  std::uint64_t received = 0, wrong = 0;  // the receiver's alone

  void send(chicane::Worker& worker) {
    std::vector<char> message(static_cast<std::size_t>(worker.arg()));
    std::uint64_t number = 0;
    for (auto _ : worker) {
      ++number;
      std::memcpy(message.data(), &number, sizeof number);
      std::memcpy(message.data() + message.size() - sizeof number, &number, sizeof number);
      channel.send(message.data(), message.size());
    }
    worker.count("bytes_per_second", static_cast<double>(number * message.size()), chicane::Counter::rate);
  }
  void receive(chicane::Worker& worker) {
    std::vector<char> message(static_cast<std::size_t>(worker.arg()));
    for (auto _ : worker) {
      channel.receive(message.data(), message.size());
      std::uint64_t first = 0, last = 0;
      std::memcpy(&first, message.data(), sizeof first);
      std::memcpy(&last, message.data() + message.size() - sizeof last, sizeof last);
      ++received;
      wrong += first != received || last != received;
    }
  }
  void check(chicane::Check& check) const {
    check.equal("messages received", received, check.operations(0));
    check.equal("messages wrong or out of order", wrong, 0);
  }
};

// A place for several messages in memory that both map; the channel says when which part may be touched.
class MessageRing {
 public:
  static constexpr std::size_t bytes = 256 * 1024;
  static std::size_t places(std::size_t size) { return bytes / size; }
  char* place(std::uint64_t number, std::size_t size) { return memory_ + number % places(size) * size; }

 private:
  alignas(64) char memory_[bytes];
};
