// What operations do to synchronisation objects, when they may go on, and what is ordered by them.
#include "harness/explore/engine.h"

namespace chicane::explore {
namespace {

Operation on(const Object& object, OperationKind kind, std::uintptr_t pc) {
  return {.kind = kind, .address = object.address, .pc = pc};
}

OperationKind timed(OperationKind kind, std::uint64_t deadline) {
  if (deadline == 0) return kind;
  switch (kind) {
    case OperationKind::lock: return OperationKind::timed_lock;
    case OperationKind::read_lock: return OperationKind::timed_read_lock;
    case OperationKind::wait: return OperationKind::timed_wait;
    case OperationKind::sem_wait: return OperationKind::sem_timed_wait;
    case OperationKind::futex_wait: return OperationKind::futex_timed_wait;
    default: return kind;
  }
}

// A wait with a deadline: set up before the point, taken down after it.
class Deadline {
 public:
  Deadline(Engine& engine, Thread& thread, std::uint64_t deadline, bool would_block) : thread_(thread) {
    thread.deadline = deadline;
    thread.early_timeout =
        would_block && engine.may_time_out_early(deadline) && engine.decide(DecisionKind::timeout, 2, thread) == 1;
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() {
    thread_.deadline = 0;
    thread_.early_timeout = false;
    thread_.may_wake = false;
  }

 private:
  Thread& thread_;
};

bool mutex_ready(const Thread& thread) { return static_cast<const Mutex*>(thread.object)->can_lock(thread.id); }
bool read_ready(const Thread& thread) { return static_cast<const RwLock*>(thread.object)->can_read(thread.id); }
bool write_ready(const Thread& thread) { return static_cast<const RwLock*>(thread.object)->can_write(thread.id); }
bool semaphore_ready(const Thread& thread) { return static_cast<const Semaphore*>(thread.object)->can_wait(); }
bool is_awake(const Thread& thread) { return thread.awake; }
bool is_awake_and_may_lock(const Thread& thread) { return thread.awake && thread.relocks->can_lock(thread.id); }
bool once_ready(const Thread& thread) { return static_cast<const Once*>(thread.object)->can_go_on(); }
bool barrier_ready(const Thread& thread) { return thread.awake; }

}  // namespace

void Engine::acquired(Thread& thread, Object& object, const Clock& released) {
  thread.clock.join(arena, released);
  if (wants_.reads_from && object.last_releaser != thread.id)
    scheduler_->reads_from(
        {thread.id, object.last_releaser, thread.pending.pc, object.last_release_pc, object.address});
  if (recording_->trace != nullptr && !recording_->trace->empty())
    recording_->trace->back().read_from = object.last_releaser;
}

void Engine::released(Thread& thread, Object& object, std::uintptr_t pc) {
  object.released.join(arena, thread.clock);
  races.tick(thread);
  object.last_releaser = thread.id;
  object.last_release_pc = pc;
  dirty_ = true;
}

// The C library's own accesses are not told: that it lies in memory that was given back is seen here alone.
void Engine::touch(Thread& thread, const Object& object, std::uintptr_t pc) {
  if (races.is_freed(object.address)) use_after_free(thread, object.address, 1, false, pc);
}

int Engine::lock(Thread& thread, Mutex& mutex, OperationKind kind, std::uint64_t deadline, std::uintptr_t pc) {
  const Operation operation = on(mutex, timed(kind, deadline), pc);
  int result = 0;
  if (kind == OperationKind::try_lock) {
    point(thread, operation);
    const bool free = mutex.owner == no_thread;
    result = free && options.spurious_failures && decide(DecisionKind::failure, 2, thread) == 1
                 ? EBUSY
                 : mutex.try_lock(thread.id);
    saw(thread, static_cast<std::uint64_t>(result), result == 0 || result == EOWNERDEAD);
  } else {
    thread.pending = operation;
    const Deadline limit(*this, thread, deadline, !mutex.can_lock(thread.id));
    point(thread, operation, mutex_ready, &mutex);
    result = thread.chosen == Chosen::timeout ? ETIMEDOUT : mutex.lock(thread.id);
    if (kind != OperationKind::relock) saw(thread, static_cast<std::uint64_t>(result), false);
  }
  touch(thread, mutex, pc);
  step_value(mutex.depth, mutex.depth, result != 0 && result != EOWNERDEAD);
  if (result == 0 || result == EOWNERDEAD) {
    acquired(thread, mutex, mutex.released);
    if (mutex.depth == 1) thread.holds.push(arena, &mutex);
  }
  return result;
}

int Engine::unlock(Thread& thread, Mutex& mutex, std::uintptr_t pc) {
  point(thread, on(mutex, OperationKind::unlock, pc));
  touch(thread, mutex, pc);
  if (mutex.unlock_is_misuse(thread.id))
    misuse(thread, mutex, pc,
           mutex.owner == no_thread ? "a mutex is unlocked that is not locked"
                                    : "a mutex is unlocked by a thread that does not own it");
  const ThreadId owner = mutex.owner;
  const int result = mutex.unlock(thread.id);
  saw(thread, static_cast<std::uint64_t>(result), false);
  if (result != 0) return result;
  if (mutex.owner == no_thread) {
    if (owner != no_thread) threads_[owner]->holds.remove(&mutex);
    released(thread, mutex, pc);
  }
  return 0;
}

int Engine::read_write_lock(Thread& thread, RwLock& lock, bool write, OperationKind kind, std::uint64_t deadline,
                            std::uintptr_t pc) {
  const Operation operation = on(lock, timed(kind, deadline), pc);
  int result = 0;
  if (kind == OperationKind::try_lock || kind == OperationKind::try_read_lock) {
    point(thread, operation);
    result = write ? lock.try_write(thread.id) : lock.try_read(arena, thread.id);
    saw(thread, static_cast<std::uint64_t>(result), result == 0);
  } else {
    thread.pending = operation;
    const Deadline limit(*this, thread, deadline, write ? !lock.can_write(thread.id) : !lock.can_read(thread.id));
    point(thread, operation, write ? write_ready : read_ready, &lock);
    if (thread.chosen == Chosen::timeout)
      result = ETIMEDOUT;
    else
      result = write ? lock.write(thread.id) : lock.read(arena, thread.id);
    saw(thread, static_cast<std::uint64_t>(result), false);
  }
  touch(thread, lock, pc);
  if (result != 0) return result;
  acquired(thread, lock, lock.released);
  if (write && !lock.read_released.empty()) thread.clock.join(arena, lock.read_released);
  thread.holds.push(arena, &lock);
  return 0;
}

int Engine::read_write_unlock(Thread& thread, RwLock& lock, std::uintptr_t pc) {
  point(thread, on(lock, OperationKind::unlock, pc));
  touch(thread, lock, pc);
  const bool wrote = lock.writer == thread.id;
  if (lock.unlock(thread.id) != 0) {
    misuse(thread, lock, pc, "a read-write lock is unlocked by a thread that does not hold it");
    return EPERM;
  }
  saw(thread, 0, false);
  thread.holds.remove(&lock);
  if (wrote) {
    released(thread, lock, pc);
    return 0;
  }
  lock.read_released.join(arena, thread.clock);
  races.tick(thread);
  lock.last_releaser = thread.id;
  lock.last_release_pc = pc;
  dirty_ = true;
  return 0;
}

int Engine::wait(Thread& thread, Condition& condition, Mutex& mutex, std::uint64_t deadline, std::uintptr_t pc) {
  const OperationKind kind = timed(OperationKind::wait, deadline);
  point(thread, on(condition, kind, pc));
  touch(thread, condition, pc);
  if (mutex.owner != thread.id) {
    misuse(thread, mutex, pc, "a condition variable is waited for without owning the mutex");
    if (mutex.type != MutexKind::normal || mutex.robust) return EPERM;
  }
  if (!condition.sleepers.empty() && condition.mutex != mutex.address)
    misuse(thread, condition, pc, "threads wait for one condition variable with different mutexes");
  // Asleep and the mutex released, in one step.
  condition.mutex = mutex.address;
  condition.sleepers.push(arena, {thread.id});
  thread.awake = false;
  const std::uint32_t depth = mutex.depth;
  mutex.depth = 1;
  mutex.unlock(thread.id);
  thread.holds.remove(&mutex);
  released(thread, mutex, pc);
  int result = 0;
  {
    const Deadline limit(*this, thread, deadline, true);
    thread.may_wake = thread.cancelled || (options.spurious_wakeups && decide(DecisionKind::spurious, 2, thread) == 1);
    thread.relocks = &mutex;
    point(thread, on(condition, kind, pc), is_awake_and_may_lock, &condition);
    if (thread.chosen == Chosen::ready) {
      acquired(thread, condition, condition.released);
      result = 0;
    } else {
      condition.forget(thread.id);
      result = thread.chosen == Chosen::timeout ? ETIMEDOUT : 0;
    }
  }
  saw(thread, static_cast<std::uint64_t>(result), true);
  int locked = 0;
  if (thread.chosen == Chosen::ready) {  // woken and locked in one step
    locked = mutex.lock(thread.id);
    acquired(thread, mutex, mutex.released);
    thread.holds.push(arena, &mutex);
  } else {
    locked = lock(thread, mutex, OperationKind::relock, 0, pc);
  }
  mutex.depth = depth;
  return locked != 0 ? locked : result;
}

// A sleeper is awake: what it waits for now is the mutex.
void Engine::wake(Thread& sleeper) {
  sleeper.awake = true;
  sleeper.pending.kind = OperationKind::relock;
  sleeper.pending.address = sleeper.relocks->address;
}

void Engine::notify(Thread& thread, Condition& condition, bool all, std::uintptr_t pc) {
  point(thread, on(condition, all ? OperationKind::broadcast : OperationKind::signal, pc));
  touch(thread, condition, pc);
  // POSIX orders nothing by a signal alone: the mutex does. But what waits without looking at anything else is ordered
  // by it in every implementation, and code is written so.
  if (condition.sleepers.empty()) {
    condition.nobody_heard(thread.id, pc);
    saw(thread, 0, false);
    return;
  }
  saw(thread, condition.sleepers.size(), true);
  released(thread, condition, pc);
  if (all) {
    for (const Sleeper& sleeper : condition.sleepers) wake(*threads_[sleeper.thread]);
    condition.sleepers.clear();
    return;
  }
  std::uint32_t picked = 0;
  if (condition.sleepers.size() > 1) {
    waiters_.clear();
    for (const Sleeper& sleeper : condition.sleepers) waiters_.push_back(sleeper.thread);
    picked = decide(DecisionKind::waiter, static_cast<std::uint32_t>(waiters_.size()), thread, waiters_);
  }
  wake(*threads_[condition.sleepers[picked].thread]);
  condition.sleepers.erase(picked);
}

int Engine::sem_wait(Thread& thread, Semaphore& semaphore, OperationKind kind, std::uint64_t deadline,
                     std::uintptr_t pc) {
  const Operation operation = on(semaphore, timed(kind, deadline), pc);
  if (kind == OperationKind::sem_try_wait) {
    point(thread, operation);
  } else {
    thread.pending = operation;
    const Deadline limit(*this, thread, deadline, !semaphore.can_wait());
    thread.interruptible = Handled::without_restart;
    point(thread, operation, semaphore_ready, &semaphore);
    thread.interruptible = Handled::none;
    if (thread.chosen == Chosen::timeout) return ETIMEDOUT;
    if (thread.chosen == Chosen::signal) {
      saw(thread, semaphore.value, true);
      return EINTR;
    }
  }
  const std::uint32_t before = semaphore.value;
  touch(thread, semaphore, pc);
  const int result = semaphore.wait();
  saw(thread, before, result == 0);
  step_value(before, semaphore.value, result != 0);
  if (result == 0) acquired(thread, semaphore, semaphore.released);
  return result;
}

int Engine::sem_post(Thread& thread, Semaphore& semaphore, std::uintptr_t pc) {
  point(thread, on(semaphore, OperationKind::sem_post, pc));
  touch(thread, semaphore, pc);
  const std::uint32_t before = semaphore.value;
  const int result = semaphore.post();
  saw(thread, before, true);
  step_value(before, semaphore.value, result != 0);
  released(thread, semaphore, pc);
  return result;
}

int Engine::barrier_wait(Thread& thread, Barrier& barrier, std::uintptr_t pc) {
  point(thread, on(barrier, OperationKind::barrier, pc));
  released(thread, barrier, pc);
  saw(thread, barrier.arrived, true);
  const std::uint32_t round = barrier.round;
  if (barrier.arrive()) {
    for (Thread* other : live)
      if (other->object == &barrier && other->ready == barrier_ready) other->awake = true;
    acquired(thread, barrier, barrier.released);
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  thread.awake = barrier.passed(round);
  point(thread, on(barrier, OperationKind::barrier, pc), barrier_ready, &barrier);
  acquired(thread, barrier, barrier.released);
  return 0;
}

bool Engine::once_begin(Thread& thread, Once& once, std::uintptr_t pc) {
  point(thread, on(once, OperationKind::once, pc), once_ready, &once);
  const bool runs = once.begin(thread.id);
  saw(thread, runs ? 1 : 0, runs);
  if (runs) thread.holds.push(arena, &once);
  acquired(thread, once, once.released);
  return runs;
}

void Engine::once_end(Thread& thread, Once& once, bool done, std::uintptr_t pc) {
  point(thread, on(once, OperationKind::once_done, pc));
  if (done)
    once.finish();
  else
    once.give_up();
  thread.holds.remove(&once);
  released(thread, once, pc);
}

void Engine::destroy(Thread& thread, Object& object, bool in_use, std::uintptr_t pc) {
  point(thread, on(object, OperationKind::destroy, pc));
  if (in_use) misuse(thread, object, pc, "a synchronisation object is destroyed while it is in use");
  object.destroyed = true;
}

Once* Engine::make_once(const void* address, ObjectKind kind) {
  Once* once = arena.make<Once>(kind, reinterpret_cast<std::uintptr_t>(address));
  objects.put(once->address, once);
  return once;
}

bool Engine::is_waited_for(const Object& object) const {
  for (const Thread* thread : live)
    if (thread->ready != nullptr && thread->object == &object && !thread->ready(*thread)) return true;
  return false;
}

void Engine::publish(Thread& thread, const void* byte, std::uintptr_t pc) {
  AtomicCell& cell = atomics.cell(reinterpret_cast<std::uintptr_t>(byte), 1);
  atomics.store(cell, thread, thread.fences, MemoryOrder::release, 1, pc);
}

int Engine::futex_wait(Thread& thread, std::uintptr_t address, std::uint32_t expected, std::uint32_t bitset,
                       std::uint64_t deadline, std::uintptr_t pc) {
  Operation operation{
      .kind = timed(OperationKind::futex_wait, deadline), .size_bytes = 4, .address = address, .pc = pc};
  point(thread, operation);
  const std::uint32_t value = __atomic_load_n(reinterpret_cast<const std::uint32_t*>(address), __ATOMIC_RELAXED);
  saw(thread, value, value == expected);
  step_value(value, value, value != expected);
  if (value != expected) return EAGAIN;
  auto* futex = object_at<Futex>(reinterpret_cast<void*>(address), ObjectKind::futex);
  if (futex == nullptr) futex = &make_object<Futex>(reinterpret_cast<void*>(address));
  futex->sleepers.push(arena, {thread.id, bitset});
  thread.awake = false;
  const AtomicCell* cell = atomics.find(address);
  thread.slept_at_change = cell != nullptr ? cell->changes : 0;
  const Deadline limit(*this, thread, deadline, true);
  thread.may_wake = options.spurious_wakeups && decide(DecisionKind::spurious, 2, thread) == 1;
  point(thread, operation, is_awake, futex);
  if (thread.chosen == Chosen::ready) {
    acquired(thread, *futex, futex->released);
    return 0;
  }
  futex->forget(thread.id);
  return thread.chosen == Chosen::timeout ? ETIMEDOUT : EINTR;
}

int Engine::futex_wake(Thread& thread, std::uintptr_t address, std::uint32_t count, std::uint32_t bitset,
                       std::uintptr_t pc) {
  point(thread, {.kind = OperationKind::futex_wake, .size_bytes = 4, .address = address, .pc = pc});
  auto* futex = object_at<Futex>(reinterpret_cast<void*>(address), ObjectKind::futex);
  if (futex == nullptr) futex = &make_object<Futex>(reinterpret_cast<void*>(address));
  std::uint32_t woken = 0;
  while (woken < count) {
    waiters_.clear();
    for (const Sleeper& sleeper : futex->sleepers)
      if ((sleeper.bitset & bitset) != 0) waiters_.push_back(sleeper.thread);
    if (waiters_.empty()) break;
    const bool choice = count - woken < waiters_.size();
    const std::uint32_t picked =
        choice ? decide(DecisionKind::waiter, static_cast<std::uint32_t>(waiters_.size()), thread, waiters_) : 0;
    threads_[waiters_[picked]]->awake = true;
    futex->forget(waiters_[picked]);
    ++woken;
  }
  if (woken == 0) futex->nobody_heard(thread.id, pc);
  saw(thread, woken, woken != 0);
  step_value(woken, woken);
  released(thread, *futex, pc);
  return static_cast<int>(woken);
}

int Engine::futex_requeue(Thread& thread, std::uintptr_t from, std::uint32_t wake, std::uint32_t move,
                          std::uintptr_t to, std::uintptr_t pc) {
  const int woken = futex_wake(thread, from, wake, ~0U, pc);
  auto* source = object_at<Futex>(reinterpret_cast<void*>(from), ObjectKind::futex);
  auto* target = object_at<Futex>(reinterpret_cast<void*>(to), ObjectKind::futex);
  if (target == nullptr) target = &make_object<Futex>(reinterpret_cast<void*>(to));
  int moved = 0;
  while (source != nullptr && static_cast<std::uint32_t>(moved) < move && !source->sleepers.empty()) {
    target->sleepers.push(arena, source->sleepers[0]);
    threads_[source->sleepers[0].thread]->object = target;
    source->sleepers.erase(0);
    ++moved;
  }
  return woken + moved;
}

}  // namespace chicane::explore
