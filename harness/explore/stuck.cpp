// Schedules that do not come to an end: deadlock, lost wake-up, hang, livelock, too many steps. The kinds mean what
// docs/blocking.md says of all lanes.
#include <fmt/format.h>

#include "harness/explore/engine.h"

namespace chicane::explore {
namespace {

const char* name_of(const Object& object) {
  switch (object.kind) {
    case ObjectKind::mutex: return "a mutex";
    case ObjectKind::spin_lock: return "a spin lock";
    case ObjectKind::rwlock: return "a read-write lock";
    case ObjectKind::condition: return "a condition variable";
    case ObjectKind::semaphore: return "a semaphore";
    case ObjectKind::barrier: return "a barrier";
    case ObjectKind::once: return "a call_once";
    case ObjectKind::guard: return "a static's initialisation";
    case ObjectKind::futex: return "a futex";
  }
  return "an object";
}

bool blocked(const Thread& thread) {
  return !thread.finished && thread.ready != nullptr && !thread.ready(thread) && !thread.may_wake &&
         thread.deadline == 0;
}

}  // namespace

// Who alone could let this thread go on; no_thread: nobody in particular.
ThreadId Engine::waits_for(const Thread& thread) const {
  if (!blocked(thread)) return no_thread;
  if (thread.pending.kind == OperationKind::join || thread.pending.kind == OperationKind::timed_join)
    return static_cast<const Thread*>(thread.object)->id;
  const auto* object = static_cast<const Object*>(thread.object);
  if (object == nullptr) return no_thread;
  if (object->kind == ObjectKind::condition && thread.awake) return thread.relocks->owner;
  switch (object->kind) {
    case ObjectKind::mutex: return static_cast<const Mutex*>(object)->owner;
    case ObjectKind::rwlock: {
      const auto& lock = *static_cast<const RwLock*>(object);
      if (lock.writer != no_thread) return lock.writer;
      // One reader that waits is enough to keep a writer out; with several, the first that is blocked itself.
      for (const ThreadId reader : lock.readers)
        if (reader == thread.id || blocked(*threads_[reader])) return reader;
      return no_thread;
    }
    case ObjectKind::once:
    case ObjectKind::guard: return static_cast<const Once*>(object)->runner;
    default: return no_thread;
  }
}

void Engine::cycle_from(Thread& thread) {
  std::vector<ThreadId>& cycle = waiters_;
  cycle.clear();
  for (ThreadId at = thread.id; at != no_thread; at = waits_for(*threads_[at])) {
    if (at == thread.id && !cycle.empty()) {
      SeenFinding& finding = found(FindingKind::deadlock, &thread, thread.pending.pc, "");
      finding.cycle = cycle;
      finding.object = thread.pending.address;
      if (cycle.size() == 1) {
        finding.message = "a thread waits for what it holds itself";
      } else {
        finding.message = "each thread waits for what the next one holds:";
        for (const ThreadId member : cycle) finding.message += fmt::format(" {} →", member);
        finding.message += fmt::format(" {}", thread.id);
      }
      end(thread, Ending::stuck);
    }
    if (cycle.size() > thread_count_) return;  // a cycle that this thread is not part of: told when it was closed
    cycle.push_back(at);
  }
}

void Engine::stuck(Thread& thread) {
  // No cycle of owners (that was told when it was closed): some sleep for an event that nobody is left to bring about.
  Thread* root = nullptr;
  Thread* unheard = nullptr;
  std::string missed;
  for (Thread* waiting : live) {
    if (waits_for(*waiting) != no_thread) {
      const Thread& owner = *threads_[waits_for(*waiting)];
      if (!owner.finished) continue;
      SeenFinding& finding = found(FindingKind::deadlock, waiting, waiting->pending.pc, "");
      finding.message = fmt::format("thread {} waits for {} that thread {} held when it ended", waiting->id,
                                    name_of(*static_cast<const Object*>(waiting->object)), owner.id);
      finding.object = waiting->pending.address;
      end(thread, Ending::stuck);
    }
    if (root == nullptr) root = waiting;
    const auto* object = static_cast<const Object*>(waiting->object);
    if (object == nullptr || waiting->pending.kind == OperationKind::join) continue;
    if (object->kind == ObjectKind::condition && static_cast<const WaitQueue*>(object)->unheard > 0) {
      unheard = waiting;
      missed = "the condition variable that it sleeps on was notified before, when nobody slept there";
    } else if (object->kind == ObjectKind::futex) {
      const AtomicCell* cell = atomics.find(waiting->pending.address);
      if (cell != nullptr && cell->changes > waiting->slept_at_change) {
        unheard = waiting;
        missed = "the value that it waits for was changed while it slept, and nobody woke it";
      } else if (static_cast<const WaitQueue*>(object)->unheard > 0) {
        unheard = waiting;
        missed = "the futex that it sleeps on was woken before, when nobody slept there";
      }
    }
    if (unheard != nullptr) break;
  }
  Thread& shown = unheard != nullptr ? *unheard : root != nullptr ? *root : thread;
  SeenFinding& finding =
      found(unheard != nullptr ? FindingKind::lost_wakeup : FindingKind::hang, &shown, shown.pending.pc, "");
  finding.object = shown.pending.address;
  if (unheard != nullptr)
    finding.message = fmt::format("thread {} sleeps for ever: {}", shown.id, missed);
  else
    finding.message =
        fmt::format("no thread can go on: thread {} waits for {} and nobody is left to bring it about", shown.id,
                    shown.object != nullptr && shown.pending.kind != OperationKind::join
                        ? name_of(*static_cast<const Object*>(shown.object))
                        : "another");
  end(thread, Ending::stuck);
}

void Engine::too_long(Thread& thread) {
  const std::uint64_t steps = outcome_.statistics.steps;
  const std::uint64_t late = steps / 2;
  std::size_t running = 0;
  bool all_had_turns = true;  // else it is this schedule that keeps somebody from going on
  bool all_yield = true;
  for (const Thread* other : live) {
    if (blocked(*other)) continue;
    ++running;
    if (other->last_step < late) all_had_turns = false;
    if (other->last_yield < late) all_yield = false;
  }
  const bool idle = last_progress_ < late;
  // Things change, and all ask for others to go first: they go round, or take long turns. Which it is can't be told of
  // one schedule; if so in most schedules of a search, they go round.
  const bool go_round = all_yield && last_novelty_ < late;
  const bool give_way = all_yield && running >= 2;
  const bool none_gets_on = all_had_turns && (idle || go_round || give_way);
  // It takes two to give way to each other; one alone spins.
  const auto kind = !none_gets_on  ? FindingKind::limit_exceeded
                    : running >= 2 ? FindingKind::livelock
                                   : FindingKind::hang;
  SeenFinding& finding = found(kind, &thread, thread.pending.pc, "");
  if (!none_gets_on) finding.name = "steps";
  finding.doubtful = !none_gets_on || !idle;  // oneTBB's workers go round for long, and then sleep
  finding.message =
      !none_gets_on
          ? fmt::format("the schedule was still getting on after {} steps: it is slow, or the bound is too low",
                        options.max_steps)
          : fmt::format("threads run and get nowhere: in the last {} of {} steps {}",
                        idle       ? steps - last_progress_
                        : go_round ? steps - last_novelty_
                                   : late,
                        steps,
                        idle       ? "nothing has changed"
                        : go_round ? "all was as it had been before"
                                   : "each has asked for others to go first");
  end(thread, Ending::too_long);
}

}  // namespace chicane::explore
