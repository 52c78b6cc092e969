// A visible operation: what a thread is about to do, or has done, as schedulers, traces and the detectors see it.
// Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "harness/model/words.h"

namespace chicane::explore {

// Threads of a schedule are numbered in the order of their creation; 0 runs main, or what stands for it.
using ThreadId = std::uint32_t;
inline constexpr ThreadId no_thread = ~ThreadId{0};

enum class OperationKind : std::uint8_t {
  start,  // a thread's first step
  read,   // plain accesses
  write,
  atomic_load,
  atomic_store,
  atomic_rmw,  // exchange, fetch_op, compare-exchange
  fence,
  lock,  // mutex, spin lock, rwlock for writing
  try_lock,
  timed_lock,
  unlock,
  read_lock,  // rwlock
  try_read_lock,
  timed_read_lock,
  wait,  // condition variable: the release of the mutex and going to sleep
  timed_wait,
  relock,  // condition variable: waking up, with the mutex
  signal,
  broadcast,
  sem_wait,
  sem_try_wait,
  sem_timed_wait,
  sem_post,
  barrier,
  once,  // pthread_once, std::call_once, static guards: waiting for, or being, the one who runs it
  once_done,
  futex_wait,
  futex_timed_wait,
  futex_wake,
  create,
  join,
  timed_join,
  detach,
  finish,  // a thread's last step
  yield,
  sleep,
  allocate,
  release,  // free
  init,     // of a synchronisation object
  destroy,
  terminate,  // exit, _exit, abort, return from main
  io,         // a call that may block outside of control
};

enum class MemoryOrder : std::uint8_t { relaxed, consume, acquire, release, acq_rel, seq_cst, none };

struct Operation {
  OperationKind kind = OperationKind::start;
  MemoryOrder order = MemoryOrder::none;  // of atomics and fences
  std::uint16_t size_bytes = 0;           // of accesses, up to 65535
  // Pending only: steps of this thread in a row that changed nothing and saw what they had seen before (up to 255).
  // Many loops spin a few times and then sleep or give up: a bug may need that they get there before others come.
  std::uint8_t fruitless = 0;
  bool yields = false;         // asks for others to go first: yield, sleep, or spinning without progress
  bool timeout = false;        // pending only: picking it now fires its timeout
  bool spurious = false;       // pending only: picking it now wakes it without cause
  std::uintptr_t address = 0;  // exact address of memory or object; join, create: the other thread's id
  std::uintptr_t pc = 0;       // code location (a return address in the code under test)
  bool operator==(const Operation&) const = default;
};

constexpr bool is_plain(OperationKind kind) { return kind == OperationKind::read || kind == OperationKind::write; }
constexpr bool is_atomic(OperationKind kind) {
  return kind == OperationKind::atomic_load || kind == OperationKind::atomic_store || kind == OperationKind::atomic_rmw;
}
constexpr bool is_access(OperationKind kind) { return is_plain(kind) || is_atomic(kind); }
// Whether two operations of different threads may not be swapped without effect: same object or overlapping memory, at
// least one of them changing it. What partial-order methods call dependent or racing.
constexpr bool changes(OperationKind kind) {
  return kind != OperationKind::read && kind != OperationKind::atomic_load && kind != OperationKind::yield &&
         kind != OperationKind::sleep && kind != OperationKind::start;
}
constexpr bool conflict(const Operation& a, const Operation& b) {
  if (a.address == 0 || b.address == 0 || (!changes(a.kind) && !changes(b.kind))) return false;
  if (is_access(a.kind) && is_access(b.kind))
    return a.address < b.address + b.size_bytes && b.address < a.address + a.size_bytes;
  return a.address == b.address;
}

}  // namespace chicane::explore

template <>
struct chicane::Spelling<chicane::explore::OperationKind> {
  static constexpr std::array<std::string_view, 42> names{
      "start",          "read",       "write",      "atomic_load", "atomic_store", "atomic_rmw",    "fence",
      "lock",           "try_lock",   "timed_lock", "unlock",      "read_lock",    "try_read_lock", "timed_read_lock",
      "wait",           "timed_wait", "relock",     "signal",      "broadcast",    "sem_wait",      "sem_try_wait",
      "sem_timed_wait", "sem_post",   "barrier",    "once",        "once_done",    "futex_wait",    "futex_timed_wait",
      "futex_wake",     "create",     "join",       "timed_join",  "detach",       "finish",        "yield",
      "sleep",          "allocate",   "release",    "init",        "destroy",      "terminate",     "io"};
};
template <>
struct chicane::Spelling<chicane::explore::MemoryOrder> {
  static constexpr std::array<std::string_view, 7> names{"relaxed", "consume", "acquire", "release",
                                                         "acq_rel", "seq_cst", "none"};
};
