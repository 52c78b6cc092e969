// One worker asks, another answers: how long is the way there and back, between threads and between processes? The
// asker waits for each answer, so that never more than one message is under way, and no queue hides or adds to the way.
#pragma once

#include <chicane/scenario.h>

#include <cstdint>

template <typename Channel>
struct RoundTrips {
  Channel there, back;
  std::uint64_t wrong = 0;  // the asker's alone

  void ask(chicane::Worker& worker) {
    std::uint64_t number = 0;
    for (auto _ : worker) {
      const auto start = worker.now();
      ++number;
      send(there, number);
      wrong += receive(back) != number + 1;
      worker.lap(start);
    }
  }
  void answer(chicane::Worker& worker) {
    for (auto _ : worker) send(back, receive(there) + 1);
  }
  void check(chicane::Check& check) const { check.equal("wrong answers", wrong, 0); }

 private:
  static void send(Channel& channel, std::uint64_t number) {
    channel.send(reinterpret_cast<const char*>(&number), sizeof number);
  }
  static std::uint64_t receive(Channel& channel) {
    std::uint64_t number = 0;
    channel.receive(reinterpret_cast<char*>(&number), sizeof number);
    return number;
  }
};
