#include "tests/explore/schedulers/simulation.h"

#include <algorithm>

namespace chicane::explore::simulated {
namespace {

constexpr int spins_before_yield = 3;

}  // namespace

Simulation::~Simulation() {
  for (State& state : threads_)
    if (state.thread.handle) state.thread.handle.destroy();
}

Variable& Simulation::variable(int value) {
  Variable& x = variables_.emplace_back();
  x.value = value;
  x.older = {value};
  x.address = next_address_ += 16;
  objects_[x.address] = &x;
  return x;
}
Mutex& Simulation::mutex() {
  Mutex& mutex = mutexes_.emplace_back();
  mutex.address = next_address_ += 16;
  objects_[mutex.address] = &mutex;
  return mutex;
}
Condition& Simulation::condition() {
  Condition& condition = conditions_.emplace_back();
  condition.address = next_address_ += 16;
  objects_[condition.address] = &condition;
  return condition;
}
Semaphore& Simulation::semaphore(int count) {
  Semaphore& semaphore = semaphores_.emplace_back();
  semaphore.count = count;
  semaphore.address = next_address_ += 16;
  objects_[semaphore.address] = &semaphore;
  return semaphore;
}

void Simulation::thread(Thread thread) {
  State& state = threads_.emplace_back();
  state.thread = thread;
  state.pending.kind = OperationKind::start;
  state.effect = [](int&) { return true; };
}

void Simulation::require(bool holds, const char* what) {
  if (holds) return;
  SeenFinding& finding = outcome_.findings.emplace_back();
  finding.kind = FindingKind::wrong_result;
  finding.name = what;
  finding.step = trace_.size();
}

Operation Simulation::at(OperationKind kind, const Object& object, Where where) const {
  Operation operation;
  operation.kind = kind;
  operation.address = object.address;
  operation.size_bytes = is_access(kind) ? 4 : 0;
  operation.pc = where.line() * 1'000ULL + where.column();
  return operation;
}

void Simulation::await(Awaited& awaited) {
  State& state = threads_[running_];
  state.pending = awaited.operation;
  state.enabled = awaited.enabled;
  state.effect = awaited.effect;
  state.awaited = &awaited;
  // The same load giving the same value again and again is spinning.
  if (awaited.operation.kind == OperationKind::atomic_load && state.spins_at == awaited.operation.pc &&
      state.spun >= spins_before_yield)
    state.pending.yields = true;
}

std::uint32_t Simulation::decide(DecisionKind kind, std::uint32_t alternatives,
                                 const std::function<std::uint32_t()>& choose) {
  if (alternatives < 2) return 0;
  const std::uint32_t chosen = choose();
  if (chosen >= alternatives) throw std::out_of_range("a scheduler chose what there is not");
  decisions_.push_back({kind, static_cast<std::uint16_t>(chosen), static_cast<std::uint16_t>(alternatives)});
  return chosen;
}

ReadsFrom Simulation::would_read(const Pending& pending) const {
  const auto object = objects_.find(pending.operation.address);
  ReadsFrom pair{.reader = pending.thread, .read_pc = pending.operation.pc, .address = pending.operation.address};
  if (object != objects_.end()) {
    pair.writer = object->second->last_writer;
    pair.write_pc = object->second->last_pc;
  }
  return pair;
}

void Simulation::saw(const Object& object, std::uintptr_t pc) {
  if (scheduler_.wants().reads_from)
    scheduler_.reads_from({running_, object.last_writer, pc, object.last_pc, object.address});
}

int Simulation::seen(Variable& x) {
  x.at[running_] = x.older.size() - 1;
  return x.value;
}

void Simulation::written(Variable& x, int value, std::uintptr_t pc) {
  x.value = value;
  x.older.push_back(value);
  x.at[running_] = x.older.size() - 1;
  x.last_writer = running_;
  x.last_pc = pc;
}

Simulation::Awaited Simulation::read(Variable& x, Where where) {
  const Operation operation = at(OperationKind::read, x, where);
  return {*this, operation, {}, [this, &x, operation](int& result) {
            saw(x, operation.pc);
            result = seen(x);
            return true;
          }};
}
Simulation::Awaited Simulation::write(Variable& x, int value, Where where) {
  const Operation operation = at(OperationKind::write, x, where);
  return {*this, operation, {}, [this, &x, value, operation](int&) {
            written(x, value, operation.pc);
            return true;
          }};
}
Simulation::Awaited Simulation::load(Variable& x, Where where) {
  Awaited awaited = read(x, where);
  awaited.operation.kind = OperationKind::atomic_load;
  return awaited;
}
Simulation::Awaited Simulation::load_relaxed(Variable& x, Where where) {
  const Operation operation = at(OperationKind::atomic_load, x, where);
  return {*this, operation, {}, [this, &x, operation](int& result) {
            const auto newest = static_cast<std::uint32_t>(x.older.size() - 1);
            const auto alternatives = limits_.relaxed ? newest - static_cast<std::uint32_t>(x.at[running_]) + 1 : 1;
            const OtherChoice choice{DecisionKind::read, alternatives, running_, operation, {}, {}};
            const std::uint32_t age =
                decide(DecisionKind::read, alternatives, [&] { return scheduler_.pick_other(choice); });
            x.at[running_] = newest - age;
            if (age == 0) saw(x, operation.pc);
            result = x.older[newest - age];
            return true;
          }};
}
Simulation::Awaited Simulation::store(Variable& x, int value, Where where) {
  Awaited awaited = write(x, value, where);
  awaited.operation.kind = OperationKind::atomic_store;
  return awaited;
}
Simulation::Awaited Simulation::add(Variable& x, int value, Where where) {
  const Operation operation = at(OperationKind::atomic_rmw, x, where);
  return {*this, operation, {}, [this, &x, value, operation](int& result) {
            saw(x, operation.pc);
            result = x.value;
            written(x, x.value + value, operation.pc);
            return true;
          }};
}
Simulation::Awaited Simulation::exchange_if(Variable& x, int expected, int value, Where where) {
  const Operation operation = at(OperationKind::atomic_rmw, x, where);
  return {*this, operation, {}, [this, &x, expected, value, operation](int& result) {
            saw(x, operation.pc);
            result = seen(x) == expected ? 1 : 0;
            if (result == 1) written(x, value, operation.pc);
            return true;
          }};
}
Simulation::Awaited Simulation::lock(Mutex& mutex, Where where) {
  const Operation operation = at(OperationKind::lock, mutex, where);
  return {*this, operation, [&mutex] { return mutex.owner == no_thread; },
          [this, &mutex, operation](int&) {
            saw(mutex, operation.pc);
            mutex.owner = running_;
            return true;
          }};
}
Simulation::Awaited Simulation::unlock(Mutex& mutex, Where where) {
  const Operation operation = at(OperationKind::unlock, mutex, where);
  return {*this, operation, {}, [this, &mutex, operation](int&) {
            require(mutex.owner == running_, "unlock by another");
            mutex.owner = no_thread;
            mutex.last_writer = running_;
            mutex.last_pc = operation.pc;
            return true;
          }};
}
Simulation::Awaited Simulation::wait(Condition& condition, Mutex& mutex, Where where) {
  const Operation operation = at(OperationKind::wait, condition, where);
  return {*this, operation, {}, [this, &condition, &mutex, operation](int&) {
            State& state = threads_[running_];
            mutex.owner = no_thread;
            mutex.last_writer = running_;
            mutex.last_pc = operation.pc;
            condition.waiters.push_back(running_);
            state.woken = false;
            state.pending = operation;
            state.pending.kind = OperationKind::relock;
            state.pending.address = mutex.address;
            state.enabled = [&state, &mutex] { return state.woken && mutex.owner == no_thread; };
            state.effect = [this, &mutex](int&) {
              mutex.owner = running_;
              return true;
            };
            return false;
          }};
}
void Simulation::wake_one(Condition& condition, const Operation& operation) {
  if (condition.waiters.empty()) return;
  const auto waiting = static_cast<std::uint32_t>(condition.waiters.size());
  const OtherChoice choice{DecisionKind::waiter, waiting, running_, operation, condition.waiters, {}};
  const std::uint32_t chosen = decide(DecisionKind::waiter, waiting, [&] { return scheduler_.pick_other(choice); });
  threads_[condition.waiters[chosen]].woken = true;
  condition.waiters.erase(condition.waiters.begin() + chosen);
}
Simulation::Awaited Simulation::signal(Condition& condition, Where where) {
  const Operation operation = at(OperationKind::signal, condition, where);
  return {*this, operation, {}, [this, &condition, operation](int&) {
            wake_one(condition, operation);
            return true;
          }};
}
Simulation::Awaited Simulation::broadcast(Condition& condition, Where where) {
  return {*this, at(OperationKind::broadcast, condition, where), {}, [this, &condition](int&) {
            for (const ThreadId waiter : condition.waiters) threads_[waiter].woken = true;
            condition.waiters.clear();
            return true;
          }};
}
Simulation::Awaited Simulation::acquire(Semaphore& semaphore, Where where) {
  return {*this, at(OperationKind::sem_wait, semaphore, where), [&semaphore] { return semaphore.count > 0; },
          [&semaphore](int&) {
            --semaphore.count;
            return true;
          }};
}
Simulation::Awaited Simulation::release(Semaphore& semaphore, Where where) {
  return {*this, at(OperationKind::sem_post, semaphore, where), {}, [&semaphore](int&) {
            ++semaphore.count;
            return true;
          }};
}
Simulation::Awaited Simulation::yield(Where where) {
  Operation operation = at(OperationKind::yield, Object{}, where);
  operation.yields = true;
  return {*this, operation, {}, [](int&) { return true; }};
}
Simulation::Awaited Simulation::join(ThreadId thread, Where where) {
  Operation operation = at(OperationKind::join, Object{}, where);
  operation.address = thread;
  return {*this, operation, [this, thread] { return threads_[thread].finished; }, [](int&) { return true; }};
}

void Simulation::take_step(ThreadId thread, bool switched, bool preempted) {
  State& state = threads_[thread];
  running_ = thread;
  const Operation operation = state.pending;
  Awaited* awaited = state.awaited;
  int result = 0;
  const bool over = state.effect(result);
  ++state.steps;
  const bool again = state.spins_at == operation.pc && state.spins_on == result;
  if (operation.kind == OperationKind::atomic_load) {
    state.spun = again ? state.spun + 1 : 1;
    state.spins_at = operation.pc;
    state.spins_on = result;
  } else if (operation.kind != OperationKind::yield) {
    state.spun = 0;
  }
  Step& step = trace_.emplace_back();
  step.thread = thread;
  step.operation = operation;
  step.decision = static_cast<std::uint32_t>(decisions_.size());
  step.switched = switched;
  step.preempted = preempted;
  scheduler_.performed(thread, operation);
  if (!over) return;
  if (awaited != nullptr) awaited->result = result;
  state.thread.handle.resume();
  if (state.thread.handle.done()) state.finished = true;
}

Outcome Simulation::run(std::uint64_t seed) {
  scheduler_.begin(seed);
  ThreadId last = no_thread;
  for (;;) {
    enabled_.clear();
    blocked_.clear();
    const auto count = static_cast<ThreadId>(threads_.size());
    const bool last_enabled = last != no_thread && can_go_on(threads_[last]);
    const auto add = [&](ThreadId thread, bool yields) {
      if (can_go_on(threads_[thread]) && threads_[thread].pending.yields == yields)
        enabled_.push_back({thread, threads_[thread].pending});
    };
    if (last_enabled) add(last, false);
    for (const bool yields : {false, true}) {
      for (ThreadId i = 0; i < count; ++i) {
        const ThreadId thread = last == no_thread ? i : (last + 1 + i) % count;
        if (thread != last || yields) add(thread, yields);
      }
    }
    bool alive = false;
    for (ThreadId thread = 0; thread < count; ++thread) {
      alive = alive || !threads_[thread].finished;
      if (!threads_[thread].finished && !can_go_on(threads_[thread]))
        blocked_.push_back({thread, threads_[thread].pending});
    }
    if (!alive) break;
    if (enabled_.empty()) {
      outcome_.ending = Ending::stuck;
      outcome_.findings.emplace_back().kind = FindingKind::deadlock;
      break;
    }
    if (trace_.size() >= limits_.max_steps) {
      outcome_.ending = Ending::too_long;
      outcome_.findings.emplace_back().kind = FindingKind::livelock;
      break;
    }
    const ThreadChoice choice{enabled_, blocked_, last, last_enabled, this};
    const std::uint32_t chosen = decide(DecisionKind::thread, static_cast<std::uint32_t>(enabled_.size()),
                                        [&] { return scheduler_.pick_thread(choice); });
    const ThreadId next = enabled_[chosen].thread;
    const bool switched = last != no_thread && next != last;
    const bool preempted = switched && last_enabled && !threads_[last].pending.yields;
    outcome_.statistics.switches += switched;
    outcome_.statistics.preemptions += preempted;
    take_step(next, switched, preempted);
    last = next;
  }
  if (outcome_.ending == Ending::returned)
    for (const auto& check : checks_) check();
  for (ThreadId thread = 0; thread < threads_.size(); ++thread) {
    SeenThread& seen_thread = outcome_.threads.emplace_back();
    seen_thread.id = thread;
    seen_thread.finished = threads_[thread].finished;
    if (!seen_thread.finished) seen_thread.waits_in = threads_[thread].pending;
  }
  outcome_.statistics.steps = trace_.size();
  outcome_.statistics.decisions = decisions_.size();
  outcome_.statistics.threads = static_cast<std::uint32_t>(threads_.size());
  scheduler_.end(outcome_);
  return outcome_;
}

Ran run(const Program& program, Scheduler& scheduler, std::uint64_t seed, const Limits& limits) {
  Simulation simulation(scheduler, limits);
  program(simulation);
  Ran ran;
  ran.outcome = simulation.run(seed);
  ran.decisions = simulation.decisions();
  ran.trace = simulation.trace();
  return ran;
}

}  // namespace chicane::explore::simulated
