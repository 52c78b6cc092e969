// What the report hook copies while TSan holds its report lock: numbers and addresses, no names of functions yet.
// Written by code that TSan does not see (tsan_hooks.cpp), in static memory of fixed capacity: two banks, of which one
// is written while the other one is read.
#pragma once

#include <cstddef>
#include <cstdint>

namespace chicane::tsan {

struct RawStack {  // return addresses, innermost first, as TSan gives them: an inlined frame repeats its address
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};
struct RawAccess {
  int thread = 0;
  std::uintptr_t address = 0;
  int size_bytes = 0;
  bool write = false;
  bool atomic = false;
  RawStack stack;
};
struct RawLocation {
  const char* type = nullptr;  // "global", "heap", "stack", "tls", "fd": constants of the run-time
  std::uintptr_t global_start = 0;
  std::uintptr_t block_start = 0;
  std::uintptr_t block_size = 0;
  int thread = 0;
  int descriptor = 0;
  RawStack stack;  // of the allocation, or where the descriptor was opened
};
struct RawMutex {
  std::uint64_t id = 0;
  std::uintptr_t address = 0;
  bool destroyed = false;
  RawStack stack;  // of its creation
};
struct RawThread {
  int id = 0;
  int parent = 0;
  char name[32] = {};
  RawStack stack;  // of its creation
};

struct RawReport {
  static constexpr std::size_t max_accesses = 4;
  static constexpr std::size_t max_locations = 2;
  static constexpr std::size_t max_mutexes = 32;
  static constexpr std::size_t max_threads = 32;
  static constexpr std::size_t max_stacks = 64;
  static constexpr std::size_t max_held = 32;

  const char* description = nullptr;  // "data-race", …: a constant of the run-time
  int count = 0;                      // leaked threads with this creation stack
  std::uint32_t access_count = 0, location_count = 0, mutex_count = 0, thread_count = 0, stack_count = 0;
  std::uint32_t held_count = 0;  // mutexes that the reporting thread holds, which is the one of the first access
  RawAccess accesses[max_accesses];
  RawLocation locations[max_locations];
  RawMutex mutexes[max_mutexes];
  RawThread threads[max_threads];
  RawStack stacks[max_stacks];
  std::uintptr_t held[max_held];
};

struct RawReports {
  const RawReport* reports = nullptr;
  std::size_t count = 0;
  const std::uintptr_t* addresses = nullptr;  // that RawStack points into
  std::uint64_t dropped = 0;                  // reports for which there was no room, since the process's start
};
// What came since the last call. Holds until the next one; one thread at a time.
RawReports take_raw_reports();
// Whether a call would bring anything. Any thread.
bool raw_reports_pending();
// Of one bank; for tests. No more than it is.
void set_report_capacity(std::size_t reports);

// Called while the process exits, after TSan's last report.
void set_exit_callback(void (*callback)());

// Whether an address is inside one of our own interposed functions, which the reader of a stack need not see.
bool in_interposer(std::uintptr_t address);
// Whether it is in the function that threads begin with, below which nothing is the program's.
bool in_thread_root(std::uintptr_t address);

}  // namespace chicane::tsan
