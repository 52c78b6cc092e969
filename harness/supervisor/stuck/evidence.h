// A diagnosis in words and stacks: the findings that diagnosis.h makes. Pure functions.
#pragma once

#include <vector>

#include "harness/supervisor/stuck/diagnosis.h"

namespace chicane::stuck {

Finding deadlock(std::vector<pid_t> cycle, const Look& look, const Watched& watched);
Finding lost_wakeup(const std::vector<pid_t>& sleepers, const Look& look, const Watched& watched);
Finding livelock(const std::vector<pid_t>& movers, const Look& look, const Watched& watched);
// `for_good`: it is proven that no thread can ever run again.
Finding hang(const std::vector<pid_t>& movers, bool for_good, const Look& look, const Watched& watched);

// In how many samples a thread is at all: on a busy host one may not be stopped in time.
std::size_t times_shown(pid_t thread, const Watched& watched);
// In how many of them it gave its turn away, slept a moment, or asked for a lock that it did not get.
std::size_t times_trying_again(pid_t thread, const Watched& watched);

}  // namespace chicane::stuck
