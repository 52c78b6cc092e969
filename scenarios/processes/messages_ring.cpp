// Messages through a ring in memory that both workers map. The release store of the head orders a message before it,
// the acquire load of who sees that head reads the message after it; the tail does the same for places that may be used
// again. Lock-free atomics do that between processes as between threads. Who has to wait looks again and again.
// With relaxed operations a bad run reads a message that is not written yet, as queue/spsc-ring-relaxed does.
#include <chicane/scenario.h>

#include <atomic>
#include <thread>

#include "scenarios/processes/talking.h"

class LockFreeRing {
 public:
  void send(const char* from, std::size_t size) {
    const auto head = head_.load(std::memory_order_relaxed);
    while (head - tail_.load(std::memory_order_acquire) == MessageRing::places(size)) std::this_thread::yield();
    std::memcpy(ring_.place(head, size), from, size);
    head_.store(head + 1, std::memory_order_release);
  }
  void receive(char* to, std::size_t size) {
    const auto tail = tail_.load(std::memory_order_relaxed);
    while (head_.load(std::memory_order_acquire) == tail) std::this_thread::yield();
    std::memcpy(to, ring_.place(tail, size), size);
    tail_.store(tail + 1, std::memory_order_release);
  }

 private:
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock inside would not be shared by processes");
  alignas(64) std::atomic<std::uint64_t> head_{0};
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  MessageRing ring_;
};

using TalkingByRing = Talking<LockFreeRing>;

CHICANE_SCENARIO("processes/messages-ring", TalkingByRing)
    .says("one worker, thread or process, sends messages to another through a lock-free ring in shared memory")
    .role<&TalkingByRing::send>("send")
    .role<&TalkingByRing::receive>("receive")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .axis("bytes", {65536, 64})
    .operation("one message sent or received")
    .tag("more");
