// The ring of processes/messages-ring behind a process-shared mutex and two condition variables: who has to wait
// sleeps, and looks again when it wakes. No interleaving lets both touch the ring at once. With a std::mutex and a
// std::condition_variable, a bad run of processes never wakes up: they are made for the threads of one process.
#include <chicane/process_shared.h>
#include <chicane/scenario.h>

#include <mutex>

#include "scenarios/processes/talking.h"

class LockedRing {
 public:
  void send(const char* from, std::size_t size) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [&] { return head_ - tail_ < MessageRing::places(size); });
    std::memcpy(ring_.place(head_++, size), from, size);
    not_empty_.notify_one();
  }
  void receive(char* to, std::size_t size) {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return head_ != tail_; });
    std::memcpy(to, ring_.place(tail_++, size), size);
    not_full_.notify_one();
  }

 private:
  chicane::ProcessMutex mutex_;
  chicane::ProcessCondition not_full_, not_empty_;
  std::uint64_t head_ = 0, tail_ = 0;
  MessageRing ring_;
};

using TalkingUnderLock = Talking<LockedRing>;

CHICANE_SCENARIO("processes/messages-locked", TalkingUnderLock)
    .says("one worker, thread or process, sends messages to another through shared memory under a lock")
    .role<&TalkingUnderLock::send>("send")
    .role<&TalkingUnderLock::receive>("receive")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .axis("bytes", {65536, 64})
    .operation("one message sent or received")
    .tag("more");
