// Who goes on: the choice at each visible operation.
#include <algorithm>
#include <cstring>

#include "harness/explore/engine.h"
#include "harness/model/mixing.h"

namespace chicane::explore {
namespace {

// Steps in a row that changed nothing and saw what they had seen before: from then on a thread is taken to spin. Low,
// because a spinner that is picked again does no more than spin; not lower, because few retries are usual.
constexpr std::uint32_t spinning_from = 4;
constexpr std::uint64_t step_ns = 20;
constexpr std::uint64_t spin_ns = 20'000;       // so that a spinner does not keep time from passing
constexpr std::uint32_t idle_after_spins = 64;  // steps with nobody but spinners: then the next time-out comes

bool may_spin(OperationKind kind) {
  switch (kind) {
    case OperationKind::read:
    case OperationKind::atomic_load:
    case OperationKind::atomic_rmw:
    case OperationKind::try_lock:
    case OperationKind::try_read_lock:
    case OperationKind::sem_try_wait:
    case OperationKind::futex_wait:
    case OperationKind::fence:
    case OperationKind::lock:
    case OperationKind::unlock: return true;
    default: return false;
  }
}

bool can_go_on(const Thread& thread) { return thread.ready == nullptr || thread.ready(thread); }

}  // namespace

void Engine::point(Thread& thread, const Operation& operation, Ready ready, void* object) {
  thread.pending = operation;
  thread.ready = ready;
  thread.object = object;
  thread.unseen = 0;
  thread.pending.fruitless = static_cast<std::uint8_t>(std::min<std::uint32_t>(thread.fruitless, 255));
  auto& statistics = outcome_.statistics;
  ++statistics.steps;
  ++thread.steps;
  now_ns += step_ns;
  if (thread.fruitless >= spinning_from && may_spin(operation.kind)) {
    thread.pending.yields = true;
    now_ns += spin_ns;
    ++statistics.spins;
  }
  if (starting_ != nullptr) {
    // The first one of a new thread: it goes on when it is picked, and its maker does so now.
    Thread& parent = *starting_;
    starting_ = nullptr;
    dirty_ = true;
    hand_off.pass(*thread.slot, *parent.slot);
    took(thread);
    return;
  }
  if (alarm_at_ != 0 && now_ns >= alarm_at_) ring_alarm();
  if (now_ns >= next_deadline_) dirty_ = true;
  if (statistics.steps > options.max_steps) too_long(thread);
  if (ready != nullptr && !ready(thread)) cycle_from(thread);
  for (;;) {
    Thread* next = choose(thread, true);
    if (next != &thread) hand_off.pass(*thread.slot, *next->slot);
    took(thread);
    if (thread.chosen != Chosen::signal) break;
    // It waits and has a signal: the handler runs, and the wait goes on, or ends with EINTR.
    const Handled handled = deliver_signals(thread);
    if (thread.interruptible != Handled::none && handled >= thread.interruptible) {
      thread.chosen = Chosen::signal;
      return;
    }
    thread.ready = ready;
    thread.object = object;
    dirty_ = true;
    if (++statistics.steps > options.max_steps) too_long(thread);  // handlers that go on for ever get nowhere
  }
  if (thread.signals != 0 && ready == nullptr) deliver_signals(thread);
}

// An operation that no other thread can tell from the steps around it: it is told, but nobody else may come before it.
void Engine::step_without_choice(Thread& thread, const Operation& operation) {
  if (starting_ != nullptr) {  // a new thread's first: let its maker go on
    point(thread, operation);
    return;
  }
  thread.pending = operation;
  thread.chosen = Chosen::ready;
  thread.unseen = 0;
  ++outcome_.statistics.steps;
  ++thread.steps;
  if (outcome_.statistics.steps > options.max_steps) too_long(thread);
  preempting_ = false;
  took(thread);
}

// `from` has announced an operation (or has ended: then it can't be chosen).
Thread* Engine::choose(Thread& from, bool from_lives) {
  if (!dirty_ && !others_enabled_ && from_lives && !from.pending.yields && can_go_on(from)) {
    from.chosen = Chosen::ready;
    preempting_ = false;
    return &from;
  }
  return offer(from, from_lives);
}

// Nobody is left, or the body is over and what is left sleeps.
bool Engine::is_over(bool from_lives) const {
  return (!from_lives && live.empty()) || (!program && threads_[0]->finished);
}

Thread* Engine::offer(Thread& from, bool from_lives) {
  blocked_threads_.clear();
  offered_threads_.clear();
  next_deadline_ = ~std::uint64_t{0};
  // Numbers of live threads ascend; begin with `from` or what follows it.
  std::size_t first = 0;
  while (first < live.size() && live[first]->id < from.id) ++first;
  Thread* earliest = nullptr;
  bool from_enabled = false;
  // In the order that ThreadChoice promises: eager ones, those that yield, those that only time out or wake by chance.
  std::size_t eager = 0, yielding = 0;
  for (std::size_t turn = 0; turn < live.size(); ++turn) {
    std::size_t place = first + turn;
    if (place >= live.size()) place -= live.size();
    Thread* thread = live[place];
    if (!from_lives && thread == &from) continue;
    const std::size_t last = offered_threads_.size();
    std::size_t at = last;
    if (can_go_on(*thread)) {
      thread->chosen = Chosen::ready;
      if (thread == &from) from_enabled = true;
      if (!thread->pending.yields) {
        at = eager++;
        ++yielding;
      } else {
        at = yielding++;
        // The one that yields now goes after the others; sleepers go by the time at which they wake.
        while (at > eager) {
          const Thread& before = *offered_threads_[at - 1];
          if (&before != &from && before.wakes_at <= thread->wakes_at) break;
          --at;
        }
      }
    } else if (thread->may_wake) {
      thread->chosen = Chosen::spurious;
    } else if ((thread->signals & ~thread->blocked_signals) != 0) {
      thread->chosen = Chosen::signal;
    } else if (thread->deadline != 0 && (thread->early_timeout || now_ns >= thread->deadline)) {
      thread->chosen = Chosen::timeout;
    } else {
      if (thread->deadline != 0) {
        next_deadline_ = std::min(next_deadline_, thread->deadline);
        if (earliest == nullptr || thread->deadline < earliest->deadline) earliest = thread;
      }
      blocked_threads_.push_back(thread);
      continue;
    }
    offered_threads_.push_back(thread);
    for (std::size_t i = last; i > at; --i) offered_threads_[i] = offered_threads_[i - 1];
    offered_threads_[at] = thread;
  }
  dirty_ = false;

  if (alarm_at_ != 0 && offered_threads_.empty() && (earliest == nullptr || alarm_at_ < earliest->deadline) &&
      !is_over(from_lives) && takes_alarm(from_lives ? nullptr : &from) != nullptr) {
    now_ns = std::max(now_ns, alarm_at_);
    ring_alarm();
    return offer(from, from_lives);
  }
  if (eager == 0 && earliest != nullptr && (offered_threads_.empty() || ++only_spinners_ > idle_after_spins)) {
    // Nothing else can run, or nothing else gets anywhere: time passes until a wait times out.
    only_spinners_ = 0;
    now_ns = std::max(now_ns, earliest->deadline);
    earliest->chosen = Chosen::timeout;
    dirty_ = true;
    preempting_ = false;
    return earliest;
  }
  if (eager != 0) only_spinners_ = 0;
  if (offered_threads_.empty() && wait_for_io()) return offer(from, from_lives);
  if (offered_threads_.empty()) {
    if (is_over(from_lives)) return nullptr;
    stuck(from);
  }
  others_enabled_ = offered_threads_.size() > 1;
  std::uint32_t picked = 0;
  if (offered_threads_.size() > 1) {
    offered_.resize(offered_threads_.size());
    for (std::size_t i = 0; i < offered_.size(); ++i) {
      const Thread& thread = *offered_threads_[i];
      offered_[i].thread = thread.id;
      offered_[i].operation = thread.pending;
      if (thread.chosen == Chosen::timeout) offered_[i].operation.timeout = true;
      if (thread.chosen == Chosen::spurious) offered_[i].operation.spurious = true;
    }
    blocked_.resize(blocked_threads_.size());
    for (std::size_t i = 0; i < blocked_.size(); ++i) {
      blocked_[i].thread = blocked_threads_[i]->id;
      blocked_[i].operation = blocked_threads_[i]->pending;
    }
    auto& statistics = outcome_.statistics;
    if (statistics.most_enabled < offered_.size())
      statistics.most_enabled = static_cast<std::uint32_t>(offered_.size());
    ThreadChoice choice{offered_, blocked_, from.id, from_enabled, this};
    picked = scheduler_->pick_thread(choice);
    if (picked >= offered_.size()) picked = 0;
    recording_->decisions.push_back(
        {DecisionKind::thread, static_cast<std::uint16_t>(picked), static_cast<std::uint16_t>(offered_.size())});
    ++statistics.decisions;
  }
  Thread* next = offered_threads_[picked];
  preempting_ = next != &from && from_enabled && !from.pending.yields;
  return next;
}

// `thread` has control and does its pending operation.
void Engine::took(Thread& thread) {
  thread.ready = nullptr;
  // Whoever times out early finds that the time has come: many look at the clock again.
  if (thread.chosen == Chosen::timeout) now_ns = std::max(now_ns, thread.deadline);
  Thread* before = last_;
  last_ = &thread;
  thread.last_step = outcome_.statistics.steps;
  if (thread.pending.yields) thread.last_yield = thread.last_step;
  if (before != &thread) {
    ++outcome_.statistics.switches;
    if (preempting_) ++outcome_.statistics.preemptions;
  }
  if (wants_.performed) scheduler_->performed(thread.id, thread.pending);
  if (recording_->trace != nullptr) trace_step(thread, before, preempting_);
}

std::uint32_t Engine::decide(DecisionKind kind, std::uint32_t alternatives, Thread& thread,
                             std::span<const ThreadId> waiters, std::span<const std::uintptr_t> writes) {
  if (alternatives < 2) return 0;
  std::uint32_t picked = scheduler_->pick_other({kind, alternatives, thread.id, thread.pending, waiters, writes});
  if (picked >= alternatives) picked = 0;
  recording_->decisions.push_back({kind, static_cast<std::uint16_t>(picked), static_cast<std::uint16_t>(alternatives)});
  ++outcome_.statistics.decisions;
  return picked;
}

// Was anything like this seen before? Only looked at late in long schedules.
void Engine::watch(const Thread& thread, std::uint64_t value) {
  constexpr std::size_t words = std::size_t{1} << 16;
  static std::uint64_t filter[words];  // bits; there is one engine
  const std::uint64_t step = outcome_.statistics.steps;
  if (last_novelty_ == 0) {
    std::memset(filter, 0, sizeof filter);
    last_novelty_ = step;
  }
  std::uint64_t bits = splitmix64(thread.pending.pc ^ splitmix64(thread.pending.address ^ splitmix64(value)));
  std::uint64_t& word = filter[bits % words];
  const std::uint64_t bit = std::uint64_t{1} << (bits >> 58);
  if ((word & bit) == 0) last_novelty_ = step;
  word |= bit;
}

void Engine::saw(Thread& thread, std::uint64_t value, bool changed) {
  if (outcome_.statistics.steps > watched_from_) watch(thread, value);
  if (thread.pending.kind == OperationKind::yield || thread.pending.kind == OperationKind::sleep) {
    ++thread.fruitless;
    return;
  }
  const std::uintptr_t pc = thread.pending.pc;
  Thread::Seen& seen = thread.seen[(pc ^ (pc >> 4)) % std::size(thread.seen)];
  if (!changed && seen.pc == pc && seen.address == thread.pending.address && seen.value == value) {
    ++thread.fruitless;
    return;
  }
  seen = {pc, thread.pending.address, value};
  thread.fruitless = 0;
  last_progress_ = outcome_.statistics.steps;
}

}  // namespace chicane::explore
