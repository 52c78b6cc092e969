// One worker asks, another answers: how long is the way there and back, between threads and between processes? The
// asker waits for each answer, so that never more than one message is under way, and no queue hides or adds to the way.
// Right for the reasons that messages-pipe and messages-ring give. A bad run takes an old message for the answer.
#include <chicane/scenario.h>

#include <cstdint>

#include "scenarios/processes/lock_free_ring.h"
#include "scenarios/processes/pipe_channel.h"

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

using RoundTripsByPipe = RoundTrips<Pipe>;
using RoundTripsByRing = RoundTrips<LockFreeRing>;

CHICANE_SCENARIO("processes/round-trip-pipe", RoundTripsByPipe)
    .says("one worker, thread or process, asks another through a pipe and waits for the answer")
    .role<&RoundTripsByPipe::ask>("ask")
    .role<&RoundTripsByPipe::answer>("answer")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .latency("from asking to the answer")
    .operation("one message there or back")
    .not_judged_in("explore", "who waits for a pipe waits outside of this lane's control")
    .tag("more");

CHICANE_SCENARIO("processes/round-trip-ring", RoundTripsByRing)
    .says("one worker, thread or process, asks another through rings in shared memory and waits for the answer")
    .role<&RoundTripsByRing::ask>("ask")
    .role<&RoundTripsByRing::answer>("answer")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .latency("from asking to the answer")
    .operation("one message there or back")
    .tag("more");
