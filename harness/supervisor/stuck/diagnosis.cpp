#include "harness/supervisor/stuck/diagnosis.h"

#include <algorithm>
#include <set>

#include <linux/futex.h>
#include <sys/syscall.h>

#include "harness/supervisor/stuck/evidence.h"
#include "harness/supervisor/stuck/glibc_layout.h"

namespace chicane::stuck {
namespace {

bool is_lock(Wait how) { return how == Wait::mutex || how == Wait::rwlock; }

std::optional<WaitFor> lock_at(const ThreadLook& thread, const Look& look, std::uint64_t address) {
  if (!layout_is_known || !thread.has_memory) return std::nullopt;
  const auto word = [&](std::size_t i) { return static_cast<pid_t>(thread.at[i]); };
  // Contended: 2, or of robust and priority-inheriting ones the owner with a mark.
  const auto locked = thread.at[mutex_lock];
  const auto owner = word(mutex_owner);
  if (owner > 0 &&
      (locked == 2 || ((locked & FUTEX_WAITERS) != 0 && (locked & FUTEX_TID_MASK) == thread.at[mutex_owner])))
    return WaitFor{Wait::mutex, address, owner, false};
  // Readers leave no name behind, so only a writer is known to hold it.
  if (word(writer_from_phase) > 0 && look.find(word(writer_from_phase)) != nullptr)
    return WaitFor{Wait::rwlock, address - 8, word(writer_from_phase), false};
  if (word(writer_from_writers) > 0 && look.find(word(writer_from_writers)) != nullptr)
    return WaitFor{Wait::rwlock, address - 12, word(writer_from_writers), false};
  return std::nullopt;
}

const WaitBoard::Condition* condition_at(const Look& look, std::uint64_t address) {
  for (const auto& condition : look.conditions)
    if (address >= condition.address && address - condition.address < condition_bytes) return &condition;
  return nullptr;
}

// The watcher and the sanitizer's own thread look around from time to time. Asleep in any other way, one of them may be
// what the others wait for.
bool is_idle(const ThreadLook& harness) {
  if (harness.state != 'S' || !harness.call) return false;
  const auto number = harness.call->number;
  return number == SYS_nanosleep || number == SYS_clock_nanosleep ||
         (number == SYS_futex && harness.call->arguments[3] != 0);
}

std::vector<pid_t> ids(const Look& look) {
  std::vector<pid_t> all;
  for (const auto& thread : look.threads) all.push_back(thread.id);
  return all;
}

}  // namespace

WaitFor wait_of(const ThreadLook& thread, const Look& look) {
  if (!thread.call) return {thread.state == 'R' ? Wait::runs : Wait::other, 0, std::nullopt, false};
  if (thread.call->number != SYS_futex) return {};
  const auto& arguments = thread.call->arguments;
  const auto operation = arguments[1] & static_cast<std::uint64_t>(FUTEX_CMD_MASK);
  if (operation != FUTEX_WAIT && operation != FUTEX_WAIT_BITSET && operation != FUTEX_LOCK_PI) return {};
  const bool endless = arguments[3] == 0;
  const auto address = arguments[0];
  const auto as = [&](WaitFor wait) {
    wait.endless = endless;
    return wait;
  };
  if (const auto* const condition = condition_at(look, address))
    return as({Wait::condition, condition->address, std::nullopt, false});
  // The kernel clears a thread's id at its end, and wakes without the mark of a private futex.
  if (const auto* const ends = thread.has_memory ? look.find(static_cast<pid_t>(thread.at[0])) : nullptr;
      ends != nullptr && !is_private_futex(arguments[1]) && arguments[2] == thread.at[0] &&
      ends->process == thread.process)
    return as({Wait::end_of_thread, address, ends->id, false});
  if (const auto lock = lock_at(thread, look, address)) return as(*lock);
  return as({Wait::futex, address, std::nullopt, false});
}

bool slept_through(const ThreadLook& before, const ThreadLook& after) {
  return before.id == after.id && before.state == 'S' && after.state == 'S' && before.call &&
         after.call == before.call && after.switches == before.switches && after.cpu_ns == before.cpu_ns;
}

std::vector<pid_t> cycle_of_owners(const Look& before, const Look& after) {
  const auto next = [&](pid_t id) -> std::optional<pid_t> {
    const auto *const was = before.find(id), *const is = after.find(id);
    if (was == nullptr || is == nullptr || !slept_through(*was, *is)) return std::nullopt;
    const auto then = wait_of(*was, before), now = wait_of(*is, after);
    const bool for_an_owner = is_lock(now.how) || now.how == Wait::end_of_thread;
    if (!for_an_owner || !now.endless || then.how != now.how || then.object != now.object || then.whom != now.whom)
      return std::nullopt;
    return now.whom;
  };
  std::set<pid_t> done;
  for (const auto& thread : after.threads) {
    std::vector<pid_t> path;
    for (std::optional<pid_t> at = thread.id; at && !done.contains(*at); at = next(*at)) {
      if (const auto met = std::ranges::find(path, *at); met != path.end()) return {met, path.end()};
      path.push_back(*at);
    }
    done.insert(path.begin(), path.end());
  }
  return {};
}

bool all_asleep_for_good(const Look& before, const Look& after) {
  if (!before.closed || !after.closed || ids(before) != ids(after)) return false;
  bool any = false;
  for (std::size_t i = 0; i < after.threads.size(); ++i) {
    const auto &was = before.threads[i], &is = after.threads[i];
    if (is.harness) {
      if (!is_idle(was) || !is_idle(is)) return false;
      continue;
    }
    const auto wait = wait_of(is, after);
    if (!slept_through(was, is) || !wait.endless || !is.private_memory) return false;
    any = true;
  }
  return any;
}

namespace {

// Threads whose condition variable was last notified while nobody waited. They have been asleep since after that.
std::vector<pid_t> unheard_by(const Look& look) {
  std::vector<pid_t> all;
  for (const auto& thread : look.threads) {
    if (thread.harness) continue;
    const auto wait = wait_of(thread, look);
    if (wait.how != Wait::condition) continue;
    const auto* const condition = condition_at(look, wait.object);
    if (condition != nullptr && condition->waiting != 0 && condition->last_unheard != 0) all.push_back(thread.id);
  }
  return all;
}

std::vector<pid_t> moving(const Look& before, const Look& after) {
  std::vector<pid_t> all;
  for (const auto& thread : after.threads) {
    const auto* const was = before.find(thread.id);
    if (!thread.harness && (was == nullptr || !slept_through(*was, thread))) all.push_back(thread.id);
  }
  return all;
}

// Of each moving thread, a good part of the samples that show it must show it on its way to try again.
bool all_try_again(const std::vector<pid_t>& threads, const Watched& watched) {
  constexpr std::size_t least_samples = 5, part = 5;
  return std::ranges::all_of(threads, [&](pid_t id) {
    const auto shown = times_shown(id, watched);
    return shown >= least_samples && times_trying_again(id, watched) * part >= shown;
  });
}

}  // namespace

Finding only_that_it_hangs(const Look& before, const Look& after, const Watched& watched) {
  return hang(moving(before, after), false, after, watched);
}

Finding diagnose(const Look& before, const Look& after, const Watched& watched) {
  if (const auto cycle = cycle_of_owners(before, after); !cycle.empty()) return deadlock(cycle, after, watched);
  const bool for_good = all_asleep_for_good(before, after);
  if (for_good)
    if (const auto sleepers = unheard_by(after); !sleepers.empty()) return lost_wakeup(sleepers, after, watched);
  const auto movers = moving(before, after);
  if (movers.size() >= 2 && watched.state_changed && all_try_again(movers, watched))
    return livelock(movers, after, watched);
  return hang(movers, for_good, after, watched);
}

}  // namespace chicane::stuck
