// A scheduler makes every choice of a schedule. A new one is one small file: derive, override pick_thread().
//
// Contract: all calls come from the code that holds control, never at once, though from different kernel threads
// (futex backend) or stacks (fiber backend): no thread_local, no lock, no call into the code under test. What begin()
// or the constructor allocates may be allocated as usual; pick_thread() and performed() are the hot path: they should
// not allocate. A scheduler must be a function of its seed and of what it is told, or its schedules are not what they
// say they are. Every choice that it makes is recorded (decision.h), so it need not be replayable itself.
#pragma once

#include <cstdint>
#include <span>

#include "harness/explore/decision.h"
#include "harness/explore/operation.h"

namespace chicane::explore {

struct Outcome;

struct Pending {  // a live thread and its next operation
  ThreadId thread = 0;
  Operation operation;
};

// Which write a read sees. Acquisitions of locks, semaphores etc. read from the last release of the same object.
struct ReadsFrom {
  ThreadId reader = 0;
  ThreadId writer = no_thread;  // no_thread: the value from before the schedule, or from code that is not seen
  std::uintptr_t read_pc = 0;
  std::uintptr_t write_pc = 0;  // 0 as above
  std::uintptr_t address = 0;
};

// What stands in memory now; valid during a call of pick_thread().
class View {
 public:
  // The last write that a read of `operation`'s address would see (newest value): writer and write_pc are filled in.
  virtual ReadsFrom would_read(const Pending& pending) const = 0;
  // Steps done so far in this schedule, by all and by one thread.
  virtual std::uint64_t steps() const = 0;
  virtual std::uint64_t steps(ThreadId thread) const = 0;

 protected:
  ~View() = default;
};

struct ThreadChoice {
  // At least 2, in the order of alternatives: first the thread that ran last, if it is enabled and does not yield; then
  // the others by number, beginning after it and going round; then those that yield or sleep; then those that would
  // time out or wake without cause.
  std::span<const Pending> enabled;
  std::span<const Pending> blocked;  // the rest of the live threads
  ThreadId last = no_thread;         // who ran last
  bool last_enabled = false;         // then choosing another is a preemption, unless enabled[…] of `last` yields
  const View* view = nullptr;
};

struct OtherChoice {  // of every other kind
  DecisionKind kind = DecisionKind::waiter;
  std::uint32_t alternatives = 2;
  ThreadId thread = 0;  // whose operation asks
  Operation operation;
  std::span<const ThreadId> waiters;       // kind waiter: who waits, longest first
  std::span<const std::uintptr_t> writes;  // kind read: code locations of the writes, newest first
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  // A schedule begins. All randomness of this schedule comes from the seed.
  virtual void begin(std::uint64_t seed) = 0;
  virtual std::uint32_t pick_thread(const ThreadChoice& choice) = 0;
  // Default: always 0. random_other() in random.h has probabilities that fit most searches.
  virtual std::uint32_t pick_other(const OtherChoice& choice) {
    (void)choice;
    return 0;
  }
  // A thread has taken a step: every visible operation, also where it was the only one enabled.
  virtual void performed(ThreadId thread, const Operation& operation) { (void)thread, (void)operation; }
  virtual void reads_from(const ReadsFrom& pair) { (void)pair; }
  virtual void end(const Outcome& outcome) { (void)outcome; }
  // Every schedule that this scheduler can make has been made. Asked between schedules.
  virtual bool exhausted() const { return false; }

  // What the runtime need not tell this scheduler costs nothing. Constant over a schedule.
  struct Wants {
    bool performed = true;
    bool reads_from = false;
  };
  virtual Wants wants() const { return {}; }
};

}  // namespace chicane::explore
