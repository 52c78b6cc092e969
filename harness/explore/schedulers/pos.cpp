#include "harness/explore/schedulers/pos.h"

#include <algorithm>
#include <limits>

namespace chicane::explore {

void Pos::begin(std::uint64_t seed) {
  random_ = Random(seed);
  threads_.reset();
  lowest_ = least_random;
  done_count_ = 0;
}

void Pos::performed(ThreadId thread, const Operation& operation) {
  // One look after another that sees the same is one event: it races with nobody anew, and a stubborn schedule lets it
  // keep its place. Else nobody would ever get to the end of a loop that spins a few times before it sleeps.
  const bool again = operation.fruitless > 0;
  if (again && random_.stubborn())
    threads_[thread].kept = true;
  else
    threads_[thread] = State{};  // its next operation draws anew
  const bool races = random_.stubborn() ? changes(operation.kind) : !again;
  if (operation.address != 0 && races) done_[done_count_++ % done_.size()] = {thread, operation};
}

void Pos::draw(const Pending& pending) {
  State& state = threads_[pending.thread];
  const std::size_t done = std::min<std::size_t>(done_count_, done_.size());
  for (std::size_t i = 0; state.drawn && !state.yielded && i < done; ++i)
    if (done_[i].thread != pending.thread && conflict(done_[i].operation, pending.operation)) state.drawn = false;
  // What comes after the looks (going to sleep, say) is an event of its own.
  if (state.kept && pending.operation.kind != OperationKind::yield && changes(pending.operation.kind)) state = State{};
  if (!state.drawn) {
    state.drawn = true;
    state.priority = least_random + static_cast<std::int64_t>(random_.next() >> 2);
  }
  if (pending.operation.yields && !state.yielded) {
    state.yielded = true;
    if (obeys_yield(random_, pending.operation)) state.priority = --lowest_;
  }
}

void Pos::draw_priorities(const ThreadChoice& choice) {
  for (const Pending& pending : choice.enabled) {
    draw(pending);
    State& state = threads_[pending.thread];
    if (++state.passed_over > patience) state.priority = std::numeric_limits<std::int64_t>::max();
  }
  for (const Pending& pending : choice.blocked) draw(pending);
  done_count_ = 0;
}

std::uint32_t Pos::pick_thread(const ThreadChoice& choice) {
  draw_priorities(choice);
  std::uint32_t best = 0;
  for (std::uint32_t i = 1; i < choice.enabled.size(); ++i)
    if (threads_[choice.enabled[i].thread].priority > threads_[choice.enabled[best].thread].priority) best = i;
  return best;
}

}  // namespace chicane::explore
