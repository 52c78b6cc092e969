#include "harness/explore/schedulers/pct.h"

#include <algorithm>

namespace chicane::explore {

void Pct::begin(std::uint64_t seed) {
  random_ = Random(seed);
  threads_.reset();
  choices_ = 0;
  lowest_ = 0;
  running_ = no_thread;
  in_a_row_ = 0;
  for (std::uint32_t i = 0; i + 1 < depth_; ++i)
    changes_[i] = {.at = 1 + random_.next() % expected_, .priority = static_cast<std::int64_t>(i) + 1};
}

std::uint32_t Pct::highest(const ThreadChoice& choice) {
  std::uint32_t best = 0;
  std::int64_t best_priority = 0;
  for (std::uint32_t i = 0; i < choice.enabled.size(); ++i) {
    State& state = threads_[choice.enabled[i].thread];
    if (!state.known) {
      state.known = true;
      state.priority = static_cast<std::int64_t>(greatest_depth + 1 + (random_.next() >> 2));
    }
    if (choice.enabled[i].operation.yields) {
      // Once for each step that yields, however often it is looked at.
      const std::uint64_t step = choice.view != nullptr ? choice.view->steps(choice.enabled[i].thread) + 1 : choices_;
      if (state.yielded_at != step) {
        state.yielded_at = step;
        if (obeys_yield(random_, choice.enabled[i].operation)) fall(state);
      }
    }
    if (i == 0 || state.priority > best_priority) {
      best = i;
      best_priority = state.priority;
    }
  }
  return best;
}

std::uint32_t Pct::pick_thread(const ThreadChoice& choice) {
  ++choices_;
  std::uint32_t picked = highest(choice);
  for (std::uint32_t i = 0; i + 1 < depth_; ++i) {
    if (changes_[i].at != choices_) continue;
    State& state = threads_[choice.enabled[picked].thread];
    if (lowest_ == 0)
      state.priority = changes_[i].priority;
    else
      fall(state);
    picked = highest(choice);
  }
  // A thread that spins unnoticed would run for ever: others get their turn after more steps than a schedule has.
  in_a_row_ = choice.enabled[picked].thread == running_ ? in_a_row_ + 1 : 0;
  if (in_a_row_ > std::max<std::uint64_t>(1'000, 2 * expected_)) {
    fall(threads_[choice.enabled[picked].thread]);
    picked = highest(choice);
    in_a_row_ = 0;
  }
  running_ = choice.enabled[picked].thread;
  return picked;
}

}  // namespace chicane::explore
