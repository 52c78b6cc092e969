#include "harness/runner/lanes/wait_ledger.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/syscall.h>

#include "harness/model/wait_board.h"

namespace chicane::wait_ledger {
namespace {

WaitBoard board;

constexpr std::uint32_t probes = 8;

// Where it stands or, with `make`, where there is room; null: not known, or no room. What found no room is unknown to
// the supervisor, which then shows less.
WaitBoard::Condition* find(const void* condition, bool make) {
  const auto wanted = reinterpret_cast<std::uint64_t>(condition);
  const std::uint64_t hash = (wanted >> 3) * 0x9e3779b97f4a7c15u;
  const auto first = static_cast<std::uint32_t>(hash >> 32);
  const auto slot = [&](std::uint32_t i) { return &board.conditions[(first + i) % WaitBoard::most_conditions]; };
  for (std::uint32_t i = 0; i < probes; ++i)
    if (__atomic_load_n(&slot(i)->address, __ATOMIC_ACQUIRE) == wanted) return slot(i);
  for (std::uint32_t i = 0; make && i < probes; ++i) {
    std::uint64_t seen = 0;
    if (__atomic_compare_exchange_n(&slot(i)->address, &seen, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
        seen == wanted)
      return slot(i);
  }
  return nullptr;
}

std::int32_t own_thread_id() {
  static thread_local std::int32_t id = 0;
  if (id == 0) id = static_cast<std::int32_t>(syscall(SYS_gettid));
  return id;
}

bool is_kept() { return __atomic_load_n(&board.keeps_conditions, __ATOMIC_RELAXED) != 0; }

}  // namespace

std::uint64_t address() { return reinterpret_cast<std::uint64_t>(&board); }

void keep_conditions() { __atomic_store_n(&board.keeps_conditions, 1, __ATOMIC_RELEASE); }

void state_is_at(const void* state, std::uint64_t bytes) {
  board.state.bytes = bytes;
  __atomic_store_n(&board.state.address, reinterpret_cast<std::uint64_t>(state), __ATOMIC_RELEASE);
}

void gets_on() { __atomic_fetch_add(&board.progress, 1, __ATOMIC_RELAXED); }

void signals_are_caught() { __atomic_store_n(&board.catches_signals, 1, __ATOMIC_RELEASE); }

void other_threads_are_the_harness() {
  const auto self = static_cast<std::int32_t>(syscall(SYS_gettid));
  DIR* const tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return;
  std::uint32_t count = 0;
  while (const dirent* entry = readdir(tasks)) {
    const int id = atoi(entry->d_name);
    if (id > 0 && id != self && count < WaitBoard::most_harness_threads)
      __atomic_store_n(&board.harness_threads[count++], id, __ATOMIC_RELAXED);
  }
  closedir(tasks);
  __atomic_store_n(&board.harness_thread_count, count, __ATOMIC_RELEASE);
}

// Waiting and notifying meet in one order of all: else a notification that comes as a wait begins could be told as
// unheard by one and as heard by the other.
void waits(const void* condition) {
  if (!is_kept()) return;
  if (auto* const entry = find(condition, true)) __atomic_fetch_add(&entry->waiting, 1, __ATOMIC_SEQ_CST);
}

void came_back(const void* condition) {
  if (!is_kept()) return;
  auto* const entry = find(condition, false);
  if (entry == nullptr) return;
  // Not below zero: a condition variable may be gone, and another in its place, before its last waiter is back.
  auto seen = __atomic_load_n(&entry->waiting, __ATOMIC_SEQ_CST);
  while (seen != 0 &&
         !__atomic_compare_exchange_n(&entry->waiting, &seen, seen - 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
}

void notified(const void* condition) {
  if (!is_kept()) return;
  auto* const entry = find(condition, true);
  if (entry == nullptr) return;
  const bool unheard = __atomic_load_n(&entry->waiting, __ATOMIC_SEQ_CST) == 0;
  __atomic_fetch_add(&entry->notifications, 1, __ATOMIC_RELAXED);
  if (unheard) __atomic_fetch_add(&entry->unheard, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&entry->last_notifier, own_thread_id(), __ATOMIC_RELAXED);
  __atomic_store_n(&entry->last_unheard, unheard ? 1u : 0u, __ATOMIC_SEQ_CST);
}

void forget(const void* condition) {
  if (!is_kept()) return;
  auto* const entry = find(condition, false);
  if (entry == nullptr) return;
  __atomic_store_n(&entry->notifications, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&entry->unheard, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&entry->waiting, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&entry->last_unheard, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&entry->address, 0, __ATOMIC_RELEASE);
}

}  // namespace chicane::wait_ledger
