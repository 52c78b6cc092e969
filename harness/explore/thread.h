// A thread of the code under test during one schedule.
#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/explore/arena.h"
#include "harness/explore/atomics.h"
#include "harness/explore/hand_off.h"
#include "harness/explore/objects/mutex.h"
#include "harness/explore/operation.h"
#include "harness/explore/races.h"

// Variables of the hot paths: no other module can take them over, so that they are reached without a detour.
#define CHICANE_HIDDEN __attribute__((visibility("hidden")))

namespace chicane::explore {

struct Mutex;
struct WaitQueue;

// Whether a pending operation can be done now; none: always.
using Ready = bool (*)(const Thread& thread);

enum class Handled : std::uint8_t { none, with_restart, without_restart };  // a signal, by a handler with SA_RESTART
enum class Chosen : std::uint8_t { ready, timeout, spurious, signal };      // why a thread may take its step

struct ThreadLocalDestructor {
  void (*function)(void*) = nullptr;
  void* object = nullptr;
  bool operator==(const ThreadLocalDestructor&) const = default;
};

struct Thread : Accessor {
  Slot* slot = nullptr;
  Fences fences;

  Operation pending;
  Ready ready = nullptr;
  void* object = nullptr;         // what `ready` looks at
  std::uint64_t deadline = 0;     // virtual time at which the pending wait times out; 0: never
  bool early_timeout = false;     // … or at will
  bool may_wake = false;          // without cause, at will
  Chosen chosen = Chosen::ready;  // of the step it takes
  bool awake = false;             // it was taken from the queue in which it slept
  Mutex* relocks = nullptr;       // condition variable: what it needs besides being awake
  std::uint64_t wakes_at = 0;     // pending sleep

  bool finished = false;
  bool detached = false;
  bool joined = false;
  ThreadId parent = no_thread;
  void* (*entry)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  bool unwinding = false;  // pthread_exit
  void* exit_jump = nullptr;

  std::uintptr_t* frames = nullptr;                  // call sites of the functions it is in, outermost first
  std::uintptr_t lowest_frame = ~std::uintptr_t{0};  // how far down its stack has been used
  std::uint32_t depth = 0;                           // may be beyond HandOff::most_frames: what is deeper is not kept
  ArenaList<std::uintptr_t> created_at;
  ArenaList<Object*> holds;  // locks, oldest first
  ArenaList<ThreadLocalDestructor> destructors;
  ArenaList<unsigned> keys;  // of thread-specific data that it has set
  char name[16] = {};

  std::uint64_t steps = 0;
  std::uint64_t last_step = 0;  // of the schedule's, that it took; and the last at which it yielded
  std::uint64_t last_yield = 0;
  std::uint32_t unseen = 0;     // accesses since its last visible operation
  std::uint32_t fruitless = 0;  // steps in a row that changed nothing and saw what they had seen before
  struct Seen {
    std::uintptr_t pc = 0, address = 0;
    std::uint64_t value = 0;
  };
  Seen seen[16];        // by code location
  int descriptor = -1;  // pending io: what it waits for
  short events = 0;
  struct pollfd* polled = nullptr;  // … or these
  std::size_t polled_count = 0;
  bool cancelled = false;                 // pthread_cancel: ends where it next waits
  std::uint64_t signals = 0;              // sent to it by pthread_kill, not handled yet: bit n - 1 for signal n
  std::uint64_t blocked_signals = 0;      // its mask
  Handled interruptible = Handled::none;  // its pending wait ends with EINTR when this or more has happened
  std::uint64_t slept_at_change = 0;      // futex: how often the word had been changed when it fell asleep
};

// The calling thread, while it runs code under test; null in the runtime itself and on threads of others.
extern constinit thread_local Thread* current CHICANE_HIDDEN __attribute__((tls_model("initial-exec")));

// While one of these lives, what the runtime calls is not code under test.
class Inside {
 public:
  explicit Inside(Thread& thread) : thread_(thread) { current = nullptr; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() { current = &thread_; }

 private:
  Thread& thread_;
};

}  // namespace chicane::explore
