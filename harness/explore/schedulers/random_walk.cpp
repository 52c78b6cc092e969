#include "harness/explore/schedulers/random_walk.h"

namespace chicane::explore {

std::uint32_t RandomWalk::pick_thread(const ThreadChoice& choice) {
  const auto count = static_cast<std::uint32_t>(choice.enabled.size());
  // Threads that yield stand aside while another can go on; a few draws are enough to find one, and where all yield,
  // any of them will do: each comes round with probability one.
  std::uint32_t picked = random_.below(count);
  for (std::uint32_t draw = 0; draw < 8 && obeys_yield(random_, choice.enabled[picked].operation); ++draw)
    picked = random_.below(count);
  return picked;
}

}  // namespace chicane::explore
