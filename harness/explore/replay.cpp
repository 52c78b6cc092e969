#include "harness/explore/replay.h"

#include <fmt/format.h>

namespace chicane::explore {

void Replay::begin(std::uint64_t) {
  at_ = 0;
  divergence_.reset();
}

std::uint32_t Replay::next(DecisionKind kind, std::uint32_t alternatives) {
  if (at_ >= decisions_.size()) return 0;
  const Decision& decision = decisions_[at_];
  const bool fits =
      decision.kind == kind && (strict_ ? decision.alternatives == alternatives : decision.chosen < alternatives);
  if (!fits) {
    if (strict_ && !divergence_)
      divergence_ = Divergence{at_, steps_,
                               fmt::format("decision {} was one of {} for '{}', and is one of {} for '{}' now", at_,
                                           decision.alternatives, name(decision.kind), alternatives, name(kind))};
    if (strict_)
      at_ = decisions_.size();  // what follows has no meaning any more
    else if (decision.kind == kind)
      ++at_;
    return 0;
  }
  ++at_;
  return decision.chosen;
}

std::uint32_t Replay::pick_thread(const ThreadChoice& choice) {
  if (choice.view != nullptr) steps_ = choice.view->steps();
  return next(DecisionKind::thread, static_cast<std::uint32_t>(choice.enabled.size()));
}

std::uint32_t Replay::pick_other(const OtherChoice& choice) { return next(choice.kind, choice.alternatives); }

}  // namespace chicane::explore
