// Runs one schedule of a body or of a program under a scheduler: what every search, replay and shrinking calls.
//
// Link libchicane_explore first; the code under test is compiled with the flags of chicane_explore_flags() (CMake) and
// is called by run_schedule() alone. The caller's own threads are never scheduled. One schedule at a time in a process;
// schedules follow each other in one process at no more cost than their steps, until an Outcome says process_spent.
// Isolation is by process: fork() before the first schedule, send each Outcome on, _exit() when the process is spent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/explore/decision.h"
#include "harness/explore/outcome.h"
#include "harness/explore/scheduler.h"
#include "harness/explore/trace.h"

namespace chicane::explore {

enum class MemoryModel : std::uint8_t { sc, relaxed };
enum class SwitchPoints : std::uint8_t {
  sync,    // synchronisation and atomics
  shared,  // and plain accesses at code locations that took part in a conflict between threads (SharedLocations)
  all,     // and every plain access
};
enum class Backend : std::uint8_t { automatic, fiber, futex };  // automatic: fiber where the CPU has FSGSBASE

struct Options {
  MemoryModel memory_model = MemoryModel::sc;
  SwitchPoints switch_points = SwitchPoints::shared;
  Backend backend = Backend::automatic;
  std::uint64_t max_steps = 100'000;  // visible operations; then livelock, or limit_exceeded where there is progress
  bool races = true;                  // look for data races (and use after free)
  bool stop_at_race = false;          // end the schedule at the first race; else note it and go on
  bool early_timeouts = true;         // ask decisions of kind timeout, for waits of less than a second; off (and
                                      // longer ones): they fire when nothing else can run
  bool spurious_wakeups = false;      // ask decisions of kind spurious
  bool spurious_failures = false;     // ask decisions of kind failure
  bool leftover_threads = false;      // threads that live when a body returns are a finding (thread_leak)
};

// Code locations of plain accesses that are switch points. Learned over schedules: a schedule reads the set as it was
// when it began, and what it learns is in force from the next one on. Part of what a replay needs.
class SharedLocations {
 public:
  SharedLocations();
  ~SharedLocations();
  SharedLocations(const SharedLocations&);
  SharedLocations& operator=(const SharedLocations&);
  bool add(std::uintptr_t pc);  // true: it is new
  bool contains(std::uintptr_t pc) const {
    const std::uint64_t bits = hash(pc);
    if ((slots_[bits >> 54] >> ((bits >> 48) & 63) & 1) == 0) return false;
    for (std::size_t at = (bits >> 20) & table_mask_; slots_[filter_words + at] != 0; at = (at + 1) & table_mask_)
      if (slots_[filter_words + at] == pc) return true;
    return false;
  }
  std::size_t size() const { return all_.size(); }
  std::span<const std::uintptr_t> all() const { return all_; }  // in the order of learning

 private:
  // slots_: first a bit set over hashes, which says "no" to nearly all, then an open-addressing table.
  static constexpr std::size_t filter_words = 1024;
  static std::uint64_t hash(std::uintptr_t pc) { return pc * 0x9e3779b97f4a7c15ULL; }
  void enter(std::uintptr_t pc);
  std::vector<std::uintptr_t> all_;
  std::unique_ptr<std::uint64_t[]> slots_;
  std::size_t table_mask_ = 0;
};

// A body in this process. Each function runs under control; fresh, check and drop on thread 0, thread(i) on thread i+1.
// `main` instead of them: one function, which makes its own threads.
struct Body {
  void* context = nullptr;
  std::uint32_t threads = 0;
  void (*fresh)(void* context) = nullptr;  // may be null
  void (*thread)(void* context, std::uint32_t index) = nullptr;
  void (*check)(void* context) = nullptr;  // may be null; calls report() when something is wrong
  void (*drop)(void* context) = nullptr;   // may be null
  void (*main)(void* context) = nullptr;
};

struct Recording {
  Decisions decisions;
  Trace* trace = nullptr;  // where to record the steps; null: not at all
};

// Runs one schedule. `decisions` is replaced by what was decided. `learned` is read, and added to after the schedule
// (never by replays: pass it as const).
Outcome run_schedule(const Body& body, Scheduler& scheduler, std::uint64_t seed, const Options& options,
                     SharedLocations& learned, Recording& recording);
Outcome replay_schedule(const Body& body, const Decisions& decisions, const Options& options,
                        const SharedLocations& learned, Recording& recording);

// From code under test (through whatever calls it): a check failed. Never ends the schedule.
void report(FindingKind kind, const char* name, const char* message);
// Whether the calling thread is under control now.
bool controlled();

// Programs: set by a constructor (before main), this is called instead of the program's main, once, on the initial
// thread, after static initialisation; it may fork. In a child, run_program() runs main as thread 0 of one schedule; at
// the end of the schedule, wherever that is (main returns, exit, deadlock, crash), it calls `ended` and then _exit()s
// with the program's exit code, or 121 when `ended` saw findings. It never returns.
// What is given by reference must live until then: exit handlers run before it, so no static with a destructor.
struct ProgramMain {
  int (*main)(int, char**, char**) = nullptr;
  int argc = 0;
  char** argv = nullptr;
  char** environment = nullptr;
};
using ProgramDriver = int (*)(const ProgramMain&);  // its value is the exit code of this process
void drive_programs_with(ProgramDriver driver);
using ScheduleEnded = void (*)(void* context, const Outcome&, const Recording&);
[[noreturn]] void run_program(const ProgramMain& program, Scheduler& scheduler, std::uint64_t seed,
                              const Options& options, SharedLocations& learned, Recording& recording,
                              ScheduleEnded ended, void* context);

// Facts that confidence and reports need.
bool fiber_backend_available();
const char* build_id();  // of the program or plugin set last; empty: unknown

}  // namespace chicane::explore
