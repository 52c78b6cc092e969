// Control passes from one thread to another; exactly one runs. Two ways to do it, with the same effect:
//  - fiber: the threads of a schedule are real ones, parked for ever in the kernel. The caller's kernel thread takes
//  their
//    stack and FS base in turn, so that thread-local storage, errno and pthread_self() are theirs. Needs FSGSBASE.
//  - futex: they run themselves, one after the other. Slower; what a debugger and every other CPU want.
// A thread of the pool is used for one thread of the code under test at a time and reused over schedules.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <pthread.h>

namespace chicane::explore {

struct Thread;

struct Slot {
  pthread_t handle{};
  std::uintptr_t fs = 0;                        // its FS base
  std::uintptr_t stack_low = 0, stack_top = 0;  // what code under test may use
  void* stack_pointer = nullptr;                // fiber: where it stopped
  std::atomic<std::uint32_t> go = 0;            // futex: it may run
  void (*entry)(Slot&) = nullptr;               // returns only after leave()
  Thread* thread = nullptr;
  bool pooled = false;                               // false: the caller's own thread
  bool dirty = false;                                // was used since its thread-local storage was last as new
  std::uintptr_t lowest_frame = ~std::uintptr_t{0};  // that its last thread used; none: not used in this schedule
  std::uintptr_t* frames = nullptr;                  // room for the call stack that the code under test tells
  std::uint32_t number = 0;
};

class HandOff {
 public:
  static constexpr std::size_t most_frames = std::size_t{1} << 16;
  static bool fibers_available();

  void use_fibers(bool fibers) { fibers_ = fibers; }
  bool fibers() const { return fibers_; }

  void adopt(Slot& slot);                          // the calling thread becomes the slot's
  Slot* make();                                    // a parked thread of the pool; null: the system gives no more
  void prepare(Slot& slot, void (*entry)(Slot&));  // at the next pass() to it, it begins at entry
  void pass(Slot& from, Slot& to);                 // returns when control comes back
  void leave(Slot& from, Slot& to);  // never to come back: fiber: does not return; futex: entry must return at once
  [[noreturn]] void abandon(Slot& from, Slot& to);  // as leave(), from deep inside: the thread is lost

 private:
  static void* thread_main(void* slot);
  static void wait(std::atomic<std::uint32_t>& go);
  static void let_go(std::atomic<std::uint32_t>& go);
  bool fibers_ = true;
  std::uint32_t made_ = 0;
};

}  // namespace chicane::explore
