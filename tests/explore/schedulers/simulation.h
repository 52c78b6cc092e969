// A small engine behind the schedulers' contract: threads are coroutines over simulated variables and locks, so that
// schedulers and searches can be tested without the runtime, in programs whose interleavings can be counted by hand.
//
//   Thread increment(Simulation& s, Variable& x) {
//     const int seen = co_await s.read(x);
//     co_await s.write(x, seen + 1);
//   }
#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "harness/explore/decision.h"
#include "harness/explore/outcome.h"
#include "harness/explore/scheduler.h"
#include "harness/explore/trace.h"

namespace chicane::explore::simulated {

struct Thread {
  struct promise_type {
    Thread get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
};

struct Object {
  std::uintptr_t address = 0;
  std::uintptr_t last_pc = 0;  // of the last write or release
  ThreadId last_writer = no_thread;
};
struct Variable : Object {
  int value = 0;
  std::vector<int> older;              // newest last
  std::map<ThreadId, std::size_t> at;  // how many of them a thread can't see any more
};
struct Mutex : Object {
  ThreadId owner = no_thread;
};
struct Condition : Object {
  std::vector<ThreadId> waiters;  // longest first
};
struct Semaphore : Object {
  int count = 0;
};

struct Limits {
  std::uint64_t max_steps = 20'000;
  bool relaxed = false;  // read_relaxed() may see older values
};

class Simulation final : public View {
 public:
  Simulation(Scheduler& scheduler, const Limits& limits) : scheduler_(scheduler), limits_(limits) {}
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;
  ~Simulation();

  // Objects live as long as the simulation.
  Variable& variable(int value = 0);
  Mutex& mutex();
  Condition& condition();
  Semaphore& semaphore(int count);
  void thread(Thread thread);  // before run(), or from a thread
  void at_end(std::function<void()> check) { checks_.push_back(std::move(check)); }
  void require(bool holds, const char* what);  // else a finding

  Outcome run(std::uint64_t seed);
  const Decisions& decisions() const { return decisions_; }
  const Trace& trace() const { return trace_; }

  // What threads await.
  struct Awaited {
    Simulation& simulation;
    Operation operation;
    std::function<bool()> enabled;     // may be null: always
    std::function<bool(int&)> effect;  // false: not over, the thread waits for what `then` has set
    int result = 0;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) { simulation.await(*this); }
    int await_resume() const noexcept { return result; }
  };
  using Where = std::source_location;
  Awaited read(Variable& x, Where where = Where::current());  // plain
  Awaited write(Variable& x, int value, Where where = Where::current());
  Awaited load(Variable& x, Where where = Where::current());  // atomic
  Awaited load_relaxed(Variable& x, Where where = Where::current());
  Awaited store(Variable& x, int value, Where where = Where::current());
  Awaited add(Variable& x, int value, Where where = Where::current());                        // gives the value before
  Awaited exchange_if(Variable& x, int expected, int value, Where where = Where::current());  // gives 1 when done
  Awaited lock(Mutex& mutex, Where where = Where::current());
  Awaited unlock(Mutex& mutex, Where where = Where::current());
  Awaited wait(Condition& condition, Mutex& mutex, Where where = Where::current());
  Awaited signal(Condition& condition, Where where = Where::current());
  Awaited broadcast(Condition& condition, Where where = Where::current());
  Awaited acquire(Semaphore& semaphore, Where where = Where::current());
  Awaited release(Semaphore& semaphore, Where where = Where::current());
  Awaited yield(Where where = Where::current());
  Awaited join(ThreadId thread, Where where = Where::current());

  ReadsFrom would_read(const Pending& pending) const override;
  std::uint64_t steps() const override { return trace_.size(); }
  std::uint64_t steps(ThreadId thread) const override { return threads_[thread].steps; }

 private:
  friend struct Awaited;
  struct State {
    Thread thread;
    Operation pending;
    std::function<bool()> enabled;
    std::function<bool(int&)> effect;
    Awaited* awaited = nullptr;
    std::uint64_t steps = 0;
    bool finished = false;
    bool woken = false;
    std::uintptr_t spins_at = 0;  // the place of the last load, the same value again and again
    int spins_on = 0;
    int spun = 0;
  };
  void await(Awaited& awaited);
  bool can_go_on(const State& state) const { return !state.finished && (!state.enabled || state.enabled()); }
  std::uint32_t decide(DecisionKind kind, std::uint32_t alternatives, const std::function<std::uint32_t()>& choose);
  void take_step(ThreadId thread, bool switched, bool preempted);
  void wake_one(Condition& condition, const Operation& operation);
  int seen(Variable& x);
  void written(Variable& x, int value, std::uintptr_t pc);
  void saw(const Object& object, std::uintptr_t pc);
  Operation at(OperationKind kind, const Object& object, Where where) const;

  Scheduler& scheduler_;
  Limits limits_;
  std::deque<Variable> variables_;
  std::deque<Mutex> mutexes_;
  std::deque<Condition> conditions_;
  std::deque<Semaphore> semaphores_;
  std::uintptr_t next_address_ = 0x1000;
  std::map<std::uintptr_t, const Object*> objects_;
  std::deque<State> threads_;
  std::vector<std::function<void()>> checks_;
  ThreadId running_ = no_thread;
  Decisions decisions_;
  Trace trace_;
  Outcome outcome_;
  std::vector<Pending> enabled_, blocked_;
};

// Builds objects and threads of one schedule.
using Program = std::function<void(Simulation&)>;

struct Ran {
  Outcome outcome;
  Decisions decisions;
  Trace trace;
};
Ran run(const Program& program, Scheduler& scheduler, std::uint64_t seed, const Limits& limits = {});

}  // namespace chicane::explore::simulated
