// Ends of a process that no trial should have.
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include "fault.h"

namespace {

using fault::Healthy, fault::hidden, fault::InTheLoop;

FAULT("segmentation-fault", "writes to an address that is not mapped",
      InTheLoop<[] { *hidden(reinterpret_cast<volatile int*>(16)) = 1; }>);
FAULT("abort", "calls abort", InTheLoop<[] { std::abort(); }>);
FAULT("kills-itself", "sends itself SIGKILL", InTheLoop<[] { kill(getpid(), SIGKILL); }>);

[[gnu::noinline]] int deeper(int depth) {
  volatile char frame[4096];
  frame[depth % 4096] = 1;
  return depth == hidden(-1) ? frame[0] : deeper(hidden(depth + 1)) + frame[1];
}
FAULT("stack-overflow", "calls itself without end", InTheLoop<[] { chicane::keep(deeper(0)); }>);

FAULT("exit", "calls exit(0) in the middle of its loop", InTheLoop<[] { std::exit(0); }>);

struct ExitsWhenDestroyed {
  bool armed = false;
  ~ExitsWhenDestroyed() {
    if (armed) _exit(7);
  }
};
ExitsWhenDestroyed exits_when_destroyed;
FAULT("exit-in-static-destructor", "calls _exit(7) in the destructor of a static object",
      InTheLoop<[] { exits_when_destroyed.armed = true; }>);

FAULT("exception-in-worker", "throws from its body", InTheLoop<[] { throw std::runtime_error("thrown by a body"); }>);

struct ThrowsInCheck : Healthy {
  void check(chicane::Check&) const { throw std::runtime_error("thrown by a check"); }
};
FAULT("exception-in-check", "throws from its check", ThrowsInCheck);

struct ThrowsInConstructor : Healthy {
  ThrowsInConstructor() { throw std::runtime_error("thrown by a constructor"); }
};
FAULT("exception-in-constructor", "throws from its constructor", ThrowsInConstructor);

struct ThrowsInDestructor : Healthy {
  ~ThrowsInDestructor() noexcept(false) { throw std::runtime_error("thrown by a destructor"); }
};
FAULT("exception-in-destructor", "throws from a destructor that may throw", ThrowsInDestructor);

struct TerminatesInDestructor : Healthy {
  ~TerminatesInDestructor() {
    if (hidden(true)) [] { throw std::runtime_error("thrown by a destructor"); }();
  }
};
FAULT("exception-in-noexcept-destructor", "throws from a destructor that may not", TerminatesInDestructor);

FAULT("exception-in-own-thread", "throws on a thread that it started itself",
      InTheLoop<[] { std::thread([] { throw std::runtime_error("thrown by a thread"); }).join(); }>);

struct NeverStarts : Healthy {
  void work(chicane::Worker& worker) {
    if (worker.index() == 0) Healthy::work(worker);
  }
};
FAULT("loop-never-started", "worker 1 returns without its loop", NeverStarts);

struct LeavesEarly : Healthy {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      if (worker.index() == 1) return;
      total.fetch_add(1, std::memory_order_relaxed);
    }
  }
};
FAULT("loop-left-early", "worker 1 leaves its loop while the other one waits at the barrier", LeavesEarly);

struct StartsAgain : Healthy {
  void work(chicane::Worker& worker) {
    Healthy::work(worker);
    if (worker.index() == 1)
      for (auto _ : worker) chicane::clobber();
  }
};
FAULT("loop-started-twice", "worker 1 starts a second loop", StartsAgain);

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
FAULT("undefined-behaviour-that-ends", "reaches what it promised never to reach, which ends the process", InTheLoop<[] {
        if (hidden(true)) __builtin_unreachable();
      }>);
FAULT("heap-overflow", "writes behind a block, which ends the process", InTheLoop<[] {
        auto* const block = new char[10];
        hidden(block)[10] = 1;
        delete[] block;
      }>);
#endif

}  // namespace
