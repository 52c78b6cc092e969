// Threads of the code under test: from creation to what is left of them.
#include <algorithm>
#include <cstring>

#include "harness/explore/engine.h"
#include "harness/explore/modules.h"
#include "harness/explore/real.h"

namespace chicane::explore {
namespace {

constexpr std::uint32_t most_indices = 250;  // clock entries; beyond that those of joined threads are used again

bool has_finished(const Thread& thread) { return static_cast<const Thread*>(thread.object)->finished; }

}  // namespace

constinit thread_local Thread* current = nullptr;
bool solo = true;

void Engine::update_solo() {
  std::uint32_t unjoined = 0;
  for (std::uint32_t i = 0; i < thread_count_ && unjoined < 2; ++i) unjoined += threads_[i]->joined ? 0 : 1;
  solo = unjoined < 2;
}

Slot* Engine::free_slot() {
  if (free_slots_.empty()) {
    Slot* slot = hand_off.make();
    if (slot == nullptr) return nullptr;
    slots_.push_back(slot);
    return slot;
  }
  Slot* slot = free_slots_.back();
  free_slots_.pop_back();
  if (slot->lowest_frame < slot->stack_top) {
    // What the last thread left there is not this one's. A little more than its frames: locals of variable size.
    constexpr std::uintptr_t more = 4096;
    const std::uintptr_t low = std::max(slot->lowest_frame - more, slot->stack_low);
    races.shadow().clear(low, slot->stack_top - low);
  }
  return slot;
}

// On the slot's own thread. What the one before did with its variables is not what this one does with its own.
void Engine::renew(Slot& slot) {
  if (slot.dirty)
    renew_thread_locals(
        [](std::uintptr_t address, std::size_t bytes) { engine().races.shadow().clear(address, bytes); });
  slot.dirty = true;
}

Thread& Engine::new_thread(ThreadId parent, Slot* slot) {
  Thread* thread = arena.make<Thread>();
  thread->id = thread_count_;
  thread->parent = parent;
  thread->slot = slot;
  thread->frames = slot->frames;
  thread->index = static_cast<ClockIndex>(next_index_);
  thread->time = 1;
  if (next_index_ < most_indices) {
    ++next_index_;
  } else {
    for (std::uint32_t i = 0; i < thread_count_; ++i)
      if (threads_[i]->joined && holders_[threads_[i]->index] == threads_[i]->id) {
        thread->index = threads_[i]->index;
        thread->time = threads_[i]->time + 1;
        break;
      }
  }
  holders_[thread->index] = thread->id;
  threads_[thread_count_++] = thread;
  thread->clock.set(arena, thread->index, thread->time);
  races.stamp(*thread);
  thread->pending = {.kind = OperationKind::start};
  slot->thread = thread;
  live.push(arena, thread);
  dirty_ = true;
  ++outcome_.statistics.threads;
  return *thread;
}

Thread* Engine::create(Thread& parent, void* (*entry)(void*), void* argument, bool detached, std::uintptr_t pc) {
  if (thread_count_ == most_threads) return nullptr;
  Slot* slot = free_slot();
  if (slot == nullptr) return nullptr;
  Thread& thread = new_thread(parent.id, slot);
  thread.entry = entry;
  thread.argument = argument;
  thread.detached = detached;
  thread.clock.join(arena, parent.clock);
  thread.blocked_signals = parent.blocked_signals;
  races.tick(parent);
  for (std::uint32_t i = 0; i < parent.depth && i < HandOff::most_frames; ++i)
    thread.created_at.push(arena, parent.frames[i]);
  thread.created_at.push(arena, pc);
  hand_off.prepare(*slot, thread_entry);
  solo = false;
  // It runs at once, up to its first visible operation: what it does until then is nobody else's business.
  starting_ = &parent;
  hand_off.pass(*parent.slot, *slot);
  return &thread;
}

void Engine::thread_entry(Slot& slot) {
  Engine& self = engine();
  Thread& thread = *slot.thread;
  self.renew(slot);
  errno = 0;
  jmp_buf leaving;
  thread.exit_jump = &leaving;
  if (setjmp(leaving) == 0) {
    current = &thread;
    void* result = thread.entry(thread.argument);
    current = nullptr;
    thread.result = result;
  }
  current = nullptr;
  self.finish(thread);
  Thread* next = self.choose(thread, false);
  if (next == nullptr && self.program) self.last_thread_ended();  // main has left by pthread_exit
  if (thread.detached) self.release_slot(thread);
  self.hand_off.leave(slot, next != nullptr ? *next->slot : self.caller_);
}

void Engine::finish(Thread& thread) {
  run_thread_exit(thread);
  step_without_choice(thread, {.kind = OperationKind::finish, .address = thread.id, .pc = 0});
  for (Object* held : thread.holds)
    if (held->kind == ObjectKind::mutex) static_cast<Mutex*>(held)->owner_ends();
  thread.finished = true;
  thread.ready = nullptr;
  live.remove(&thread);
  dirty_ = true;
  thread.depth = 0;
}

// Destructors of thread_local objects and of thread-specific data, in the thread and under control.
void Engine::run_thread_exit(Thread& thread) {
  while (!thread.destructors.empty()) {
    const ThreadLocalDestructor last = thread.destructors[thread.destructors.size() - 1];
    thread.destructors.erase(thread.destructors.size() - 1);
    current = &thread;
    last.function(last.object);
    current = nullptr;
  }
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS && !thread.keys.empty(); ++round) {
    ArenaList<unsigned> keys = thread.keys;
    thread.keys = {};
    for (const unsigned key : keys) {
      void* value = pthread_getspecific(key);
      if (value == nullptr) continue;
      real().pthread_setspecific(key, nullptr);
      if (key >= most_keys || key_destructors_[key] == nullptr) continue;
      current = &thread;
      key_destructors_[key](value);
      current = nullptr;
    }
  }
}

void Engine::key_made(unsigned key, void (*destructor)(void*)) {
  if (key < most_keys) key_destructors_[key] = destructor;
  if (running_) keys_made_.push_back(key);
}

void Engine::release_slot(Thread& thread) {
  Slot* slot = thread.slot;
  if (slot == nullptr || !slot->pooled || slot->thread != &thread) return;
  slot->thread = nullptr;
  slot->lowest_frame = thread.lowest_frame;
  free_slots_.push_back(slot);
}

Thread* Engine::find(pthread_t handle) {
  for (Thread* thread : live)
    if (pthread_equal(thread->slot->handle, handle) != 0) return thread;
  for (std::uint32_t i = thread_count_; i-- > 0;)
    if (pthread_equal(threads_[i]->slot->handle, handle) != 0 && !threads_[i]->joined) return threads_[i];
  return nullptr;
}

int Engine::join(Thread& thread, Thread& other, void** result, std::uint64_t deadline, std::uintptr_t pc,
                 bool only_try) {
  if (other.detached || other.joined) return EINVAL;
  const Operation operation{.kind = deadline != 0 || only_try ? OperationKind::timed_join : OperationKind::join,
                            .address = other.id,
                            .pc = pc};
  if (&other == &thread) {
    if (options.races) found(FindingKind::deadlock, &thread, pc, "a thread joins itself");
    return EDEADLK;
  }
  if (only_try) {
    point(thread, operation);
    saw(thread, other.finished ? 1 : 0, other.finished);
    if (!other.finished) return EBUSY;
  } else if (other.finished) {
    step_without_choice(thread, operation);
  } else {
    thread.pending = operation;
    thread.deadline = deadline;
    thread.early_timeout = may_time_out_early(deadline) && decide(DecisionKind::timeout, 2, thread) == 1;
    point(thread, operation, has_finished, &other);
    thread.deadline = 0;
    if (thread.chosen == Chosen::timeout) return ETIMEDOUT;
  }
  thread.clock.join(arena, other.clock);
  other.joined = true;
  if (result != nullptr) *result = other.result;
  release_slot(other);
  update_solo();
  return 0;
}

int Engine::detach(Thread& thread, Thread& other, std::uintptr_t pc) {
  if (other.detached || other.joined) return EINVAL;
  step_without_choice(thread, {.kind = OperationKind::detach, .address = other.id, .pc = pc});
  other.detached = true;
  if (other.finished) release_slot(other);
  return 0;
}

}  // namespace chicane::explore
