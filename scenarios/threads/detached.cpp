// A detached thread is joined by nobody, so nothing but what it says itself tells that it has done its work. Here it
// counts down a latch as its last access: whoever has waited for the latch sees all that came before.
// The interleaving that matters is the thread's very end, after count_down(): it may still run then, and must touch
// nothing that could be gone. The latch is therefore shared by both, and goes with the later of them.
// With a latch on the starter's stack, a bad run counts down in a frame that has been left.
#include <chicane/scenario.h>

#include <latch>
#include <memory>
#include <thread>

struct Detached {
  long total = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto done = std::make_shared<std::latch>(1);
      std::thread([this, done] {
        ++total;
        done->count_down();
      }).detach();
      done->wait();
    }
  }
  void check(chicane::Check& check) const { check.equal("total", total, check.operations()); }
};

CHICANE_SCENARIO("threads/detached", Detached)
    .says("starts a thread, detaches it and waits for its word")
    .exactly_workers(1)
    .operation("one thread started, detached and heard of")
    .tag("more");
