#include "harness/runner/explore/picture.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace chicane::explore {
namespace {

constexpr std::size_t whole_up_to = 60;   // steps: nothing is left out
constexpr std::size_t most_steps = 160;   // else the last ones
constexpr std::size_t before_switch = 2;  // that stay around what matters
constexpr std::size_t after_switch = 2;
constexpr std::size_t at_end = 16;

std::string with_order(std::string_view word, MemoryOrder order) {
  if (order == MemoryOrder::none) return std::string(word);
  return fmt::format("{} ({})", word, name(order));
}

std::string does(const Operation& operation) {
  using enum OperationKind;
  switch (operation.kind) {
    case start: return "starts";
    case read: return "reads";
    case write: return "writes";
    case atomic_load: return with_order("loads", operation.order);
    case atomic_store: return with_order("stores to", operation.order);
    case atomic_rmw: return with_order("changes", operation.order);
    case fence: return with_order("fence", operation.order);
    case lock: return "locks";
    case try_lock: return "tries to lock";
    case timed_lock: return "locks, for a time,";
    case unlock: return "unlocks";
    case read_lock: return "locks for reading";
    case try_read_lock: return "tries to lock for reading";
    case timed_read_lock: return "locks for reading, for a time,";
    case wait: return "waits on";
    case timed_wait: return "waits, for a time, on";
    case relock: return "wakes up with";
    case signal: return "notifies one of";
    case broadcast: return "notifies all of";
    case sem_wait: return "acquires";
    case sem_try_wait: return "tries to acquire";
    case sem_timed_wait: return "acquires, for a time,";
    case sem_post: return "releases";
    case barrier: return "arrives at";
    case once: return "comes to the once";
    case once_done: return "ends the once";
    case futex_wait: return "sleeps on";
    case futex_timed_wait: return "sleeps, for a time, on";
    case futex_wake: return "wakes sleepers on";
    case create: return "starts";
    case join: return "joins";
    case timed_join: return "joins, for a time,";
    case detach: return "detaches";
    case finish: return "ends";
    case yield: return "yields";
    case sleep: return "sleeps";
    case allocate: return "allocates";
    case release: return "frees";
    case init: return "initialises";
    case destroy: return "destroys";
    case terminate: return "ends the process";
    case io: return "calls the system";
  }
  return "";
}

bool is_of_thread(OperationKind kind) {
  return kind == OperationKind::create || kind == OperationKind::join || kind == OperationKind::timed_join ||
         kind == OperationKind::detach;
}
bool has_object(OperationKind kind) {
  using enum OperationKind;
  return kind != start && kind != fence && kind != finish && kind != yield && kind != sleep && kind != terminate &&
         kind != io;
}
// A lock's own state says nothing to a reader.
bool has_values(OperationKind kind) {
  using enum OperationKind;
  return is_access(kind) || kind == sem_wait || kind == sem_try_wait || kind == sem_timed_wait || kind == sem_post;
}
bool shows_life(OperationKind kind) {
  using enum OperationKind;
  return kind == start || kind == finish || kind == create || kind == terminate;
}

std::string why_failed(OperationKind kind) {
  using enum OperationKind;
  if (kind == atomic_rmw) return "fails";
  if (kind == try_lock || kind == try_read_lock || kind == sem_try_wait) return "does not get it";
  return "time is up";
}

class Builder {
 public:
  Builder(const Trace& trace, const Decisions& decisions, const Outcome& outcome, std::size_t which, Names& names)
      : trace_(trace), decisions_(decisions), outcome_(outcome), finding_(outcome.findings.at(which)), names_(names) {}

  Picture build() {
    // Afterwards all goes on as if nothing had been.
    const bool at_once = !finding_.accesses.empty();
    const auto end = at_once ? std::min<std::size_t>(finding_.step + 1, trace_.size()) : trace_.size();
    for (std::size_t i = 0; i < end; ++i) take(i);
    leave_out_idle_threads();
    leave_out();
    add_ends();
    for (const auto& step : picture_.steps)
      if (std::ranges::find(picture_.threads, step.thread) == picture_.threads.end())
        picture_.threads.push_back(step.thread);
    std::ranges::sort(picture_.threads);
    return std::move(picture_);
  }

 private:
  void take(std::size_t i) {
    const Step& step = trace_[i];
    PictureStep shown;
    shown.thread = step.thread;
    shown.stack = names_.user_stack(step.stack);
    const auto kind = step.operation.kind;
    const bool chosen = chosen_against_the_plain_course(i);
    const bool on_object = has_object(kind) && !is_of_thread(kind) && step.operation.address != 0;
    // The harness's own steps; but where they are switched to, the switch must not get lost.
    if ((shown.stack.empty() && !shows_life(kind)) || (on_object && names_.is_harness(step.operation.address)) ||
        (is_bookkeeping(step) && !chosen)) {
      matters_later_ = matters_later_ || chosen;
      switched_later_ = switched_later_ || step.switched;
      return;
    }
    shown.does = does(step.operation);
    if (is_of_thread(kind))
      shown.object = fmt::format("thread {}", step.operation.address);
    else if (on_object)
      shown.object = names_.object(step.operation.address, !is_access(kind) && kind != OperationKind::allocate &&
                                                               kind != OperationKind::release);
    if (has_values(kind)) {
      const auto size = step.operation.size_bytes;
      if (step.value_read) shown.reads = value_in_words(*step.value_read, size);
      if (step.value_written && !step.failed) shown.writes = value_in_words(*step.value_written, size);
    }
    if (step.failed) shown.note = why_failed(kind);
    if (reads_older(step)) shown.note = "sees an older value";
    if (is_of_race(step)) shown.note += shown.note.empty() ? "one side of the race" : ", one side of the race";
    shown.switched = step.switched || switched_later_;
    shown.matters = chosen || matters_later_;
    switched_later_ = matters_later_ = false;
    for (const auto lock : step.holds) shown.holds.push_back(names_.object(lock, true));
    if (step.waits_for && !shown.stack.empty() && !is_of_thread(kind) && !names_.is_harness(*step.waits_for))
      shown.waits_for = names_.object(*step.waits_for, true);
    const bool worth = shown.matters || is_of_race(step) || !shown.note.empty();
    picture_.steps.push_back(std::move(shown));
    kept_.push_back(worth);
  }

  // Where nobody waits and nothing is at stake.
  bool is_bookkeeping(const Step& step) const {
    using enum OperationKind;
    switch (step.operation.kind) {
      case once:
      case once_done: return !step.waits_for;
      case init:
      case destroy: return finding_.kind != FindingKind::mutex_misuse && finding_.kind != FindingKind::memory_error;
      case allocate:
      case release: return finding_.kind != FindingKind::memory_error;
      default: return false;
    }
  }

  // Entries of the stream that belong to this step and are not 0: without them the schedule takes another course.
  bool chosen_against_the_plain_course(std::size_t i) const {
    const std::size_t from = i == 0 ? 0 : trace_[i - 1].decision;
    const std::size_t to = std::min<std::size_t>(trace_[i].decision, decisions_.size());
    for (std::size_t at = from; at < to; ++at)
      if (decisions_[at].chosen != 0) return true;
    return false;
  }

  bool reads_older(const Step& step) const {
    const std::size_t at = step.decision;
    return step.operation.kind == OperationKind::atomic_load && at > 0 && at <= decisions_.size() &&
           decisions_[at - 1].kind == DecisionKind::read && decisions_[at - 1].chosen != 0;
  }

  bool is_of_race(const Step& step) const {
    if (!is_access(step.operation.kind)) return false;
    return std::ranges::any_of(finding_.accesses, [&](const SeenAccess& access) {
      return access.thread == step.thread && !access.stack.empty() && access.stack.front() == step.operation.pc &&
             access.address < step.operation.address + step.operation.size_bytes &&
             step.operation.address < access.address + access.size_bytes;
    });
  }

  // Threads that never get to the user's code.
  void leave_out_idle_threads() {
    std::set<ThreadId> busy;
    for (const auto& step : picture_.steps)
      if (!step.stack.empty()) busy.insert(step.thread);
    std::vector<PictureStep> left;
    std::vector<bool> kept;
    for (std::size_t i = 0; i < picture_.steps.size(); ++i) {
      if (!busy.contains(picture_.steps[i].thread)) continue;
      left.push_back(std::move(picture_.steps[i]));
      kept.push_back(kept_[i]);
    }
    picture_.steps = std::move(left);
    kept_ = std::move(kept);
  }

  void leave_out() {
    auto& steps = picture_.steps;
    if (steps.size() <= whole_up_to) return;
    std::vector<bool> keep(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (i + at_end >= steps.size()) keep[i] = true;
      if (!kept_[i]) continue;
      const auto from = i >= before_switch ? i - before_switch : 0;
      for (auto k = from; k <= std::min(i + after_switch, steps.size() - 1); ++k) keep[k] = true;
    }
    auto many = static_cast<std::size_t>(std::ranges::count(keep, true));
    for (std::size_t i = 0; many > most_steps; ++i)
      if (keep[i]) keep[i] = false, --many;
    std::vector<PictureStep> left;
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (!keep[i]) {
        ++missing;
        continue;
      }
      left.push_back(std::move(steps[i]));
      left.back().left_out = std::exchange(missing, 0);
    }
    steps = std::move(left);
  }

  // Who never got on: where it stands, for what, and who has that.
  void add_ends() {
    if (outcome_.ending != Ending::stuck && outcome_.ending != Ending::too_long) return;
    for (const auto& thread : outcome_.threads) {
      if (thread.finished || !thread.waits_in) continue;
      auto stack = names_.user_stack(thread.now);
      if (stack.empty() || (thread.waits_in->address != 0 && names_.is_harness(thread.waits_in->address))) continue;
      PictureStep shown;
      shown.thread = thread.id;
      const auto& operation = *thread.waits_in;
      const bool of_thread = is_of_thread(operation.kind);
      shown.does = outcome_.ending == Ending::stuck ? "waits for ever for" : "is waiting for";
      shown.object = of_thread                ? fmt::format("thread {}", operation.address)
                     : operation.address != 0 ? names_.object(operation.address, true)
                                              : "others";
      shown.waits_for = shown.object;
      if (thread.waits_for != no_thread && !of_thread) shown.note = fmt::format("thread {} has it", thread.waits_for);
      for (const auto lock : thread.locks) shown.holds.push_back(names_.object(lock, true));
      shown.stack = std::move(stack);
      shown.switched = !picture_.steps.empty() && picture_.steps.back().thread != thread.id;
      picture_.steps.push_back(std::move(shown));
    }
  }

  const Trace& trace_;
  const Decisions& decisions_;
  const Outcome& outcome_;
  const SeenFinding& finding_;
  Names& names_;
  Picture picture_;
  std::vector<bool> kept_;  // parallel to picture_.steps: must be seen
  bool matters_later_ = false, switched_later_ = false;
};

}  // namespace

Picture picture_of(const Trace& trace, const Decisions& decisions, const Outcome& outcome, std::size_t which,
                   Names& names) {
  return Builder(trace, decisions, outcome, which, names).build();
}

std::string value_in_words(std::uint64_t value, std::uint16_t size_bytes) {
  constexpr std::uint64_t small = 1'000'000;
  if (value < small) return fmt::format("{}", value);
  const unsigned bits = size_bytes == 0 || size_bytes >= 8 ? 64 : size_bytes * 8u;
  const std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  const std::uint64_t negated = (~value + 1) & mask;
  if (negated != 0 && negated < small) return fmt::format("-{}", negated);
  return fmt::format("{:#x}", value);
}

}  // namespace chicane::explore
