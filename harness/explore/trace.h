// What a schedule did, step by step: the visible operations in the order in which they took effect. Recorded on request
// (replays), because it costs. Plain data; code locations are named after the run, outside of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/explore/operation.h"

namespace chicane::explore {

struct Step {
  ThreadId thread = 0;
  Operation operation;
  std::optional<std::uint64_t> value_read;     // accesses of up to 8 bytes; locks, semaphores: their state before
  std::optional<std::uint64_t> value_written;  // the state after
  std::uint32_t decision = 0;         // how many decisions had been made when this step was taken, its own included
  bool switched = false;              // another thread took the step before
  bool preempted = false;             // … and it could have gone on, and did not yield
  bool failed = false;                // try-lock without the lock, time-out, compare-exchange that did not exchange
  ThreadId read_from = no_thread;     // who wrote what an access read
  std::vector<std::uintptr_t> stack;  // return addresses in the code under test, innermost first
  std::vector<std::uintptr_t> holds;  // locks held after the step, oldest first
  std::optional<std::uintptr_t> waits_for;  // the object that the thread waits for after the step
  bool operator==(const Step&) const = default;
};

// Traces are equal when threads, kinds, code locations, values and outcomes are; addresses may differ between
// processes.
using Trace = std::vector<Step>;

}  // namespace chicane::explore
