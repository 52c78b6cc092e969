// Which mutexes each thread held when it asked for another one, and which thread started and joined which: the raw
// material of lock_order.h. Fed by the functions in tsan_interpose.cpp.
//
// Written by code that TSan does not see, so that its own synchronization orders nothing in the program under test.
// A thread that holds nothing pays for one look at a thread-local counter; a nesting that the thread has recorded
// before pays for a hash over what it holds. Everything is static memory of fixed capacity; what did not fit is
// counted.
#pragma once

#include <cstddef>
#include <cstdint>

namespace chicane::tsan {

inline constexpr std::size_t max_held = 32;
inline constexpr std::size_t max_stack = 32;

struct ThreadRecord {
  std::uint32_t index = 0;    // 0 is the main thread; in order of creation
  std::uint32_t segment = 0;  // where in the order of starts and joins the thread is now
  std::uint32_t nested = 0;   // acquisitions recorded: the record must stay
  std::uint32_t stack_size = 0;
  std::uintptr_t created_at[max_stack] = {};
  std::uintptr_t handle = 0;
  std::uint64_t os_id = 0;  // once it runs
  void* (*routine)(void*) = nullptr;
  void* argument = nullptr;
  bool detached = false;
  bool ended = false;
  bool joined = false;
  bool in_table = false;
  ThreadRecord* next = nullptr;  // in a bucket of the table of handles, or in the free list
};

struct RawHeld {
  std::uint32_t mutex = 0;  // id; RawLocks::mutex_address has its address
  bool shared = false;
};
struct RawNested {  // one mutex asked for while others were held
  const ThreadRecord* thread = nullptr;
  std::uint32_t segment = 0;
  std::uint32_t mutex = 0;
  bool shared = false;
  std::uint32_t held_count = 0;
  std::uint32_t stack_size = 0;
  RawHeld held[max_held];
  std::uintptr_t stack[max_stack];  // return addresses, innermost first
};
struct RawSegment {  // what came before it by a start or a join; ids grow along that order
  std::uint32_t before[2] = {0, 0};
};

struct RawLocks {
  const RawNested* nested = nullptr;
  std::size_t nested_count = 0;
  const RawSegment* segments = nullptr;
  std::size_t segment_count = 0;
  const std::uintptr_t* mutex_address = nullptr;
  std::size_t mutex_count = 0;
  std::uint64_t dropped = 0;  // nestings that were not recorded for want of room
};
// Everything up to now; only grows. Any thread.
RawLocks raw_locks();
std::size_t recorded_nestings();
// The calling thread is the harness's own: nothing of it is recorded.
void leave_out_this_thread();

// For the interposed functions, each about the calling thread.
void before_lock(const void* mutex, bool shared);  // may wait without end: makes edges from what is held
void before_wait(const void* mutex);               // on a condition variable: asks for its mutex again
void locked(const void* mutex, bool shared);
void unlocked(const void* mutex);
void forget_mutex(const void* mutex);  // destroyed or initialized: the address stands for another mutex from now on
ThreadRecord* start_thread(void* (*routine)(void*), void* argument, bool detached);  // null: no room
void start_failed(ThreadRecord* record);
void thread_started(ThreadRecord* record, std::uint32_t index, std::uintptr_t handle);
void thread_runs(ThreadRecord* record, std::uintptr_t handle);  // on the new thread
void thread_ends();
void thread_detached(std::uintptr_t handle);
struct Joinable {
  ThreadRecord* record = nullptr;
  std::uint32_t index = 0;
};
Joinable find_thread(std::uintptr_t handle);
void thread_joined(Joinable joined);

// Addresses of the mutexes that the calling thread holds; for the report hook.
std::uint32_t held_by_this_thread(std::uintptr_t* addresses, std::size_t capacity);

// Where a thread was created, innermost first; 0 addresses if it is not known (any more). TSan's own stack
// lacks the frame that called into a library without instrumentation, such as std::thread's part in libstdc++.
std::uint32_t creation_stack(std::uint64_t os_id, std::uintptr_t (&addresses)[max_stack]);

}  // namespace chicane::tsan
