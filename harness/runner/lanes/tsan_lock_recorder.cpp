#include "harness/runner/lanes/tsan_lock_recorder.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#include <unwind.h>

#include <sys/syscall.h>

#include "harness/runner/lanes/tsan_raw.h"

namespace chicane::tsan {
namespace {

constexpr std::size_t thread_capacity = 16384;
constexpr std::size_t reused_from = 1024;
constexpr std::size_t nested_capacity = 16384;
constexpr std::size_t segment_capacity = 1 << 20;
constexpr std::size_t mutex_capacity = 65536;  // ids
constexpr std::size_t table_size = 1 << 17;    // powers of two, at most half full
constexpr std::size_t bucket_count = 4096;
constexpr std::size_t cache_size = 64;
constexpr std::uint32_t no_id = UINT32_MAX;

struct HeldNow {
  std::uintptr_t mutex = 0;
  std::uint32_t depth = 0;
  bool shared = false;
};
// The calling thread's. Constant-initialized and in the executable's own TLS block: no call to reach it.
struct Self {
  std::uint32_t held_count = 0;
  std::uint32_t untracked = 0;  // held beyond max_held
  bool busy = false;            // unwinding may lock too
  bool gone = false;            // the record may be another thread's by now
  ThreadRecord* record = nullptr;
  HeldNow held[max_held];
  std::uint64_t seen[cache_size] = {};
};
constinit thread_local Self self [[gnu::tls_model("initial-exec")]];

// Guards everything below. A spin lock of our own, since TSan knows all others.
constinit bool locked_flag = false;
struct Guard {
  Guard() {
    for (int spins = 0; __atomic_test_and_set(&locked_flag, __ATOMIC_ACQUIRE); ++spins)
      if (spins % 64 == 63) syscall(SYS_sched_yield);  // the holder may have lost its CPU
  }
  ~Guard() { __atomic_clear(&locked_flag, __ATOMIC_RELEASE); }
  Guard(const Guard&) = delete;
};

ThreadRecord threads[thread_capacity];
std::size_t thread_slots = 0;
std::uint32_t thread_count = 1;
// The oldest first, and only when many slots were used: a report may ask about a thread that was joined just now.
ThreadRecord* free_threads = nullptr;
ThreadRecord* last_free_thread = nullptr;
ThreadRecord main_thread;
ThreadRecord* buckets[bucket_count];

RawSegment segments[segment_capacity];
std::size_t segment_count = 1;  // 0 is the main thread's first

RawNested nested[nested_capacity];
std::size_t nested_count = 0;  // atomic: read without the guard
std::uint64_t recorded_keys[table_size];
std::uint64_t dropped = 0;

std::uintptr_t mutex_address[mutex_capacity];
std::uint32_t mutex_count = 0;
struct MutexSlot {
  std::uintptr_t address = 0;
  std::uint32_t id = 0;  // no_id: the address was known and means nothing now
};
MutexSlot mutex_slots[table_size];
std::uint32_t epoch = 0;  // atomic: grows when a known address gets another meaning, which spoils the caches

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t x = (seed ^ value) * 0x9E3779B97F4A7C15ULL;  // Fibonacci hashing, then spread downwards
  return x ^ (x >> 29);
}

MutexSlot* mutex_slot(std::uintptr_t address) {
  for (std::size_t i = mix(0, address) % table_size, tried = 0; tried < table_size; ++tried, i = (i + 1) % table_size)
    if (mutex_slots[i].address == address || mutex_slots[i].address == 0) return &mutex_slots[i];
  return nullptr;
}

std::uint32_t mutex_id(std::uintptr_t address) {
  MutexSlot* slot = mutex_slot(address);
  if (slot == nullptr) return no_id;
  if (slot->address == address && slot->id != no_id) return slot->id;
  if (mutex_count == mutex_capacity) return no_id;
  slot->address = address;
  slot->id = mutex_count;
  mutex_address[mutex_count] = address;
  return mutex_count++;
}

// A segment after one or two others. Without room the thread has no place in the order: nothing more is recorded.
std::uint32_t new_segment(std::uint32_t before, std::uint32_t also_before) {
  if (segment_count == segment_capacity || before == no_id || also_before == no_id) return no_id;
  segments[segment_count].before[0] = before;
  segments[segment_count].before[1] = also_before;
  return static_cast<std::uint32_t>(segment_count++);
}

// Threads that nobody started through pthread_create, or for which there was no room, have no place in the order.
ThreadRecord* own_record() {
  if (self.record == nullptr && !self.gone && syscall(SYS_gettid) == syscall(SYS_getpid)) self.record = &main_thread;
  return self.record;
}

struct Walk {
  std::uintptr_t* addresses;
  std::uint32_t count;
};
_Unwind_Reason_Code visit(_Unwind_Context* context, void* data) {
  auto* walk = static_cast<Walk*>(data);
  const std::uintptr_t address = _Unwind_GetIP(context);
  if (address == 0 || walk->count == max_stack || in_thread_root(address)) return _URC_END_OF_STACK;
  if (in_interposer(address))
    walk->count = 0;  // so far it was us
  else
    walk->addresses[walk->count++] = address;
  return _URC_NO_REASON;
}
std::uint32_t walk_stack(std::uintptr_t* addresses) {
  self.busy = true;
  Walk walk{addresses, 0};
  _Unwind_Backtrace(visit, &walk);
  self.busy = false;
  return walk.count;
}

bool already_recorded(std::uint64_t key) {
  for (std::size_t i = key % table_size, tried = 0; tried < table_size; ++tried, i = (i + 1) % table_size) {
    if (recorded_keys[i] == key) return true;
    if (recorded_keys[i] == 0) {
      recorded_keys[i] = key;
      return false;
    }
  }
  return false;
}

void record(std::uintptr_t mutex, bool shared) {
  std::uintptr_t stack[max_stack];
  const std::uint32_t stack_size = walk_stack(stack);
  ThreadRecord* thread = own_record();
  const Guard guard;
  if (thread == nullptr || thread->segment == no_id || nested_count == nested_capacity) {
    ++dropped;
    return;
  }
  RawNested& slot = nested[nested_count];  // written here, counted below
  slot.thread = thread;
  slot.segment = thread->segment;
  slot.mutex = mutex_id(mutex);
  slot.shared = shared;
  slot.held_count = 0;
  bool known = slot.mutex != no_id;
  std::uint64_t key = mix(mix(mix(1, thread->index), slot.segment), (std::uint64_t{slot.mutex} << 1) | shared);
  for (std::uint32_t i = 0; i < self.held_count; ++i) {
    if (self.held[i].mutex == mutex) continue;  // a condition variable's own
    RawHeld& held = slot.held[slot.held_count++];
    held.mutex = mutex_id(self.held[i].mutex);
    held.shared = self.held[i].shared;
    known = known && held.mutex != no_id;
    key = mix(key, (std::uint64_t{held.mutex} << 1) | held.shared);
  }
  if (!known) {
    ++dropped;
    return;
  }
  if (already_recorded(key | 1)) return;
  slot.stack_size = stack_size;
  for (std::uint32_t i = 0; i < stack_size; ++i) slot.stack[i] = stack[i];
  ++thread->nested;
  __atomic_store_n(&nested_count, nested_count + 1, __ATOMIC_RELEASE);
}

// Unless this thread has just done the same.
void record_once(std::uintptr_t mutex, bool shared) {
  std::uint64_t key = mix(__atomic_load_n(&epoch, __ATOMIC_RELAXED), (mutex << 1) | shared);
  if (self.record != nullptr) key = mix(key, self.record->segment);
  for (std::uint32_t i = 0; i < self.held_count; ++i) key = mix(key, (self.held[i].mutex << 1) | self.held[i].shared);
  std::uint64_t& seen = self.seen[key % cache_size];
  if (seen == key) return;
  seen = key;
  record(mutex, shared);
}

ThreadRecord** bucket(std::uintptr_t handle) { return &buckets[mix(0, handle) % bucket_count]; }

void insert(ThreadRecord* record, std::uintptr_t handle) {
  if (record->in_table || record->detached || record->joined) return;
  record->in_table = true;
  record->handle = handle;
  record->next = *bucket(handle);
  *bucket(handle) = record;
}
void remove(ThreadRecord* record) {
  if (!record->in_table) return;
  record->in_table = false;
  for (ThreadRecord** at = bucket(record->handle); *at != nullptr; at = &(*at)->next) {
    if (*at != record) continue;
    *at = record->next;
    return;
  }
}
void recycle(ThreadRecord* record) {
  remove(record);
  if (record->nested != 0) return;  // what it did is still told about it
  record->next = nullptr;
  if (free_threads == nullptr)
    free_threads = record;
  else
    last_free_thread->next = record;
  last_free_thread = record;
}
ThreadRecord* find(std::uintptr_t handle) {
  for (ThreadRecord* at = *bucket(handle); at != nullptr; at = at->next)
    if (at->handle == handle) return at;
  return nullptr;
}

// In a forked child no other thread is left to release the lock.
[[gnu::constructor]] void release_in_children() {
  pthread_atfork(nullptr, nullptr, [] { __atomic_clear(&locked_flag, __ATOMIC_RELEASE); });
}

}  // namespace

void before_lock(const void* mutex, bool shared) {
  if (self.held_count == 0 || self.busy || self.gone) return;
  const auto address = reinterpret_cast<std::uintptr_t>(mutex);
  for (std::uint32_t i = 0; i < self.held_count; ++i)
    if (self.held[i].mutex == address) return;  // a recursive mutex does not wait for its owner
  record_once(address, shared);
}

void before_wait(const void* mutex) {
  if (self.held_count < 2 || self.busy || self.gone) return;
  record_once(reinterpret_cast<std::uintptr_t>(mutex), false);
}

void locked(const void* mutex, bool shared) {
  if (self.busy) return;
  const auto address = reinterpret_cast<std::uintptr_t>(mutex);
  for (std::uint32_t i = 0; i < self.held_count; ++i) {
    if (self.held[i].mutex != address) continue;
    ++self.held[i].depth;
    return;
  }
  if (self.held_count == max_held) {
    ++self.untracked;
    return;
  }
  HeldNow& held = self.held[self.held_count++];
  held.mutex = address;
  held.depth = 1;
  held.shared = shared;
}

void unlocked(const void* mutex) {
  if (self.busy) return;
  const auto address = reinterpret_cast<std::uintptr_t>(mutex);
  for (std::uint32_t i = self.held_count; i-- > 0;) {
    if (self.held[i].mutex != address) continue;
    if (--self.held[i].depth != 0) return;
    --self.held_count;
    for (std::uint32_t k = i; k < self.held_count; ++k) self.held[k] = self.held[k + 1];
    return;
  }
  if (self.untracked > 0) --self.untracked;
}

void forget_mutex(const void* mutex) {
  if (__atomic_load_n(&nested_count, __ATOMIC_ACQUIRE) == 0) return;
  const Guard guard;
  const auto address = reinterpret_cast<std::uintptr_t>(mutex);
  MutexSlot* slot = mutex_slot(address);
  if (slot == nullptr || slot->address != address || slot->id == no_id) return;
  slot->id = no_id;
  __atomic_fetch_add(&epoch, 1, __ATOMIC_RELAXED);
}

ThreadRecord* start_thread(void* (*routine)(void*), void* argument, bool detached) {
  std::uintptr_t stack[max_stack];
  const std::uint32_t stack_size = walk_stack(stack);
  ThreadRecord* parent = own_record();
  const Guard guard;
  ThreadRecord* record = free_threads;
  if (record != nullptr && thread_slots >= reused_from)
    free_threads = record->next;
  else if (thread_slots < thread_capacity)
    record = &threads[thread_slots++];
  else
    return nullptr;
  const std::uint32_t before = parent != nullptr ? parent->segment : no_id;
  record->index = thread_count++;
  record->segment = new_segment(before, before);
  if (parent != nullptr) parent->segment = new_segment(before, before);
  record->nested = 0;
  record->os_id = 0;
  record->stack_size = stack_size;
  for (std::uint32_t i = 0; i < stack_size; ++i) record->created_at[i] = stack[i];
  record->routine = routine;
  record->argument = argument;
  record->detached = detached;
  record->ended = false;
  record->joined = false;
  record->in_table = false;
  return record;
}

void start_failed(ThreadRecord* record) {
  const Guard guard;
  recycle(record);
}

void thread_started(ThreadRecord* record, std::uint32_t index, std::uintptr_t handle) {
  const Guard guard;  // the thread may have run, detached itself and ended before we come here
  if (record->index == index) insert(record, handle);
}

void thread_runs(ThreadRecord* record, std::uintptr_t handle) {
  self.record = record;
  const Guard guard;
  record->os_id = static_cast<std::uint64_t>(syscall(SYS_gettid));
  insert(record, handle);
}

void thread_ends() {
  ThreadRecord* record = self.record;
  self.gone = true;  // destructors of thread-local objects still run, and may lock
  self.record = nullptr;
  if (record == nullptr) return;
  const Guard guard;
  record->ended = true;
  if (record->detached) recycle(record);
}

void thread_detached(std::uintptr_t handle) {
  const Guard guard;
  ThreadRecord* record = find(handle);
  if (record == nullptr) return;
  remove(record);
  record->detached = true;
  if (record->ended) recycle(record);
}

Joinable find_thread(std::uintptr_t handle) {
  const Guard guard;
  ThreadRecord* record = find(handle);
  return record == nullptr ? Joinable{} : Joinable{record, record->index};
}

void thread_joined(Joinable joined) {
  if (joined.record == nullptr) return;
  ThreadRecord* joiner = own_record();
  const Guard guard;
  if (joined.record->index != joined.index) return;
  if (joiner != nullptr) joiner->segment = new_segment(joiner->segment, joined.record->segment);
  joined.record->joined = true;
  recycle(joined.record);
}

std::uint32_t held_by_this_thread(std::uintptr_t* addresses, std::size_t capacity) {
  std::uint32_t count = 0;
  for (; count < self.held_count && count < capacity; ++count) addresses[count] = self.held[count].mutex;
  return count;
}

std::uint32_t creation_stack(std::uint64_t os_id, std::uintptr_t (&addresses)[max_stack]) {
  const Guard guard;
  const ThreadRecord* latest = nullptr;  // the kernel's ids come again
  for (std::size_t i = 0; i < thread_slots; ++i)
    if (threads[i].os_id == os_id && (latest == nullptr || latest->index < threads[i].index)) latest = &threads[i];
  if (latest == nullptr || os_id == 0) return 0;
  for (std::uint32_t k = 0; k < latest->stack_size; ++k) addresses[k] = latest->created_at[k];
  return latest->stack_size;
}

std::size_t recorded_nestings() { return __atomic_load_n(&nested_count, __ATOMIC_ACQUIRE); }

void leave_out_this_thread() { self.gone = true; }

RawLocks raw_locks() {
  const Guard guard;
  return {nested, nested_count, segments, segment_count, mutex_address, mutex_count, dropped};
}

}  // namespace chicane::tsan
