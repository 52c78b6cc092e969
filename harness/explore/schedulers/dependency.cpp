#include "harness/explore/schedulers/dependency.h"

#include <algorithm>

namespace chicane::explore {
namespace {

bool of_condition(OperationKind kind) {
  using enum OperationKind;
  return kind == wait || kind == timed_wait || kind == relock || kind == signal || kind == broadcast;
}

bool of_lock(OperationKind kind) {
  using enum OperationKind;
  return kind == lock || kind == try_lock || kind == timed_lock || kind == unlock;
}

bool of_heap(OperationKind kind) { return kind == OperationKind::allocate || kind == OperationKind::release; }

bool takes_away(const Operation& release, const Operation& access) {
  if (release.kind != OperationKind::release && release.kind != OperationKind::destroy) return false;
  if (!is_access(access.kind) || release.address == 0) return false;
  const std::uintptr_t end = release.size_bytes != 0 ? release.address + release.size_bytes : ~std::uintptr_t{0};
  return access.address + access.size_bytes > release.address && access.address < end;
}

bool is_aside(OperationKind kind) {
  using enum OperationKind;
  return kind == start || kind == yield || kind == sleep;
}

}  // namespace

bool dependent(const Operation& a, const Operation& b) {
  if (conflict(a, b)) return true;
  if (a.kind == OperationKind::terminate || b.kind == OperationKind::terminate)
    return !is_aside(a.kind) && !is_aside(b.kind);
  // A fence has no place in memory; what it orders are the atomics around it.
  const bool fence = a.kind == OperationKind::fence || b.kind == OperationKind::fence;
  if (fence && (a.kind == b.kind || is_atomic(a.kind) || is_atomic(b.kind))) return true;
  if (a.kind == OperationKind::io && b.kind == OperationKind::io) return true;
  if (of_heap(a.kind) && of_heap(b.kind)) return true;
  if (takes_away(a, b) || takes_away(b, a)) return true;
  const bool condition = of_condition(a.kind) || of_condition(b.kind);
  return condition && (of_condition(a.kind) || of_lock(a.kind)) && (of_condition(b.kind) || of_lock(b.kind));
}

void Dependency::begin() {
  steps_.clear();
  clocks_.clear();
  threads_.fill(Clock{});
  last_step_.fill(0);
  races_.clear();
}

void Dependency::join(Clock& into, const Clock& other) {
  for (std::size_t i = 0; i < most_threads; ++i) into[i] = std::max(into[i], other[i]);
}

Dependency::Clock Dependency::find_races(ThreadId thread, const Operation& operation) {
  races_.clear();
  Clock& clock = threads_[thread];
  const bool joins = operation.kind == OperationKind::join || operation.kind == OperationKind::timed_join;
  if (joins && !operation.timeout && operation.address < most_threads) join(clock, threads_[operation.address]);
  before_last_ = clock;

  const std::size_t waiting_since = last_step_[thread];
  std::array<bool, most_threads> joined{};
  Clock after = clock;
  bool looking = true;
  for (std::size_t i = steps_.size(); i-- > 0;) {
    const Step& earlier = steps_[i];
    if (earlier.thread == thread || !dependent(earlier.operation, operation)) continue;
    if (i + 1 > before_last_[earlier.thread] && looking) {
      races_.push_back(static_cast<std::uint32_t>(i));
      looking = i >= waiting_since;
    }
    if (!joined[earlier.thread]) {
      joined[earlier.thread] = true;
      join(after, clocks_[i]);
    }
  }
  return after;
}

bool Dependency::performed(ThreadId thread, const Operation& operation, std::uint32_t choice) {
  if (steps_.size() >= most_steps || thread >= most_threads) return false;
  Clock after = find_races(thread, operation);
  const auto number = static_cast<std::uint32_t>(steps_.size() + 1);
  after[thread] = number;
  threads_[thread] = after;
  last_step_[thread] = number;
  steps_.push_back({thread, operation, choice});
  clocks_.push_back(after);
  if (operation.kind == OperationKind::create && operation.address < most_threads)
    join(threads_[operation.address], after);
  return true;
}

bool Dependency::stuck(ThreadId thread, const Operation& operation) {
  if (thread >= most_threads) return false;
  find_races(thread, operation);
  return true;
}

}  // namespace chicane::explore
