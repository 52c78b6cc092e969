#include "harness/explore/atomics.h"

#include <algorithm>

namespace chicane::explore {

void AtomicMemory::begin_schedule(bool relaxed) {
  cells_.clear();
  relaxed_ = relaxed;
  in_s_ = 0;
  fenced_ = {};
}

AtomicCell& AtomicMemory::cell(std::uintptr_t address, std::uint8_t bytes) {
  AtomicCell* found = cells_.find(address);
  if (found == nullptr) {
    found = arena_.make<AtomicCell>();
    found->address = address;
    found->bytes = bytes;
    cells_.put(address, found);
  }
  found->bytes = std::max(found->bytes, bytes);
  return *found;
}

void AtomicMemory::refresh(AtomicCell& cell, std::uint64_t in_memory) {
  if (cell.newest != nullptr && cell.newest->value == in_memory) return;
  // Initialised by a plain store, or changed by code that is not seen: whoever may look there sees just that.
  Store* store = arena_.make<Store>();
  store->value = in_memory;
  cell.newest = store;
  cell.history.clear();
  if (relaxed_) cell.history.push(arena_, store);
}

std::uint32_t AtomicMemory::visible(const AtomicCell& cell, const Accessor& thread, const Fences& fences,
                                    MemoryOrder order) const {
  constexpr std::uint8_t most_stale_reads = 8;
  if (!relaxed_ || cell.stale_reads >= most_stale_reads) return 1;
  std::uint32_t count = 0;
  for (std::size_t i = cell.history.size(); i-- > 0;) {
    const Store& store = *cell.history[i];
    ++count;
    // Nothing older than this one may be seen, if this one …
    if (before(store, thread.clock)) break;                              // … happens before the load,
    if (store.in_s != 0 && order == MemoryOrder::seq_cst) break;         // … is before it in S,
    if (store.in_s != 0 && store.in_s < fences.number) break;            // … or before a fence before it,
    if (before(store, fences.seen)) break;                               // … with fences on both sides,
    if (order == MemoryOrder::seq_cst && before(store, fenced_)) break;  // … with a fence after the store,
    bool read_before = false;                                            // … or was read before by what is before.
    for (std::uint32_t reader = 0; reader < store.readers.size() && !read_before; ++reader) {
      const auto index = static_cast<ClockIndex>(reader);
      read_before = store.readers.get(index) != 0 && store.readers.get(index) <= thread.clock.get(index);
    }
    if (read_before) break;
  }
  return std::max<std::uint32_t>(count, 1);
}

const Store& AtomicMemory::newer(const AtomicCell& cell, std::uint32_t age) const {
  if (age == 0 || cell.history.size() <= age) return *cell.newest;
  return *cell.history[cell.history.size() - 1 - age];
}

const Store& AtomicMemory::load(AtomicCell& cell, Accessor& thread, Fences& fences, MemoryOrder order,
                                std::uint32_t age, std::uintptr_t pc) {
  Store& seen = const_cast<Store&>(newer(cell, age));
  cell.stale_reads = age == 0 ? 0 : static_cast<std::uint8_t>(cell.stale_reads + 1);
  if (!seen.released.empty()) (acquires(order) ? thread.clock : fences.acquired).join(arena_, seen.released);
  if (relaxed_) seen.readers.set(arena_, thread.index, thread.time);
  cell.loads.set(arena_, thread.index, thread.time);
  cell.load_pc = pc;
  return seen;
}

Store& AtomicMemory::append(AtomicCell& cell, Accessor& thread, MemoryOrder order, std::uint64_t value,
                            std::uintptr_t pc) {
  Store* store = cell.newest;
  if (relaxed_ || store == nullptr) {
    store = arena_.make<Store>();
    if (relaxed_) {
      if (cell.history.size() == longest_history) cell.history.erase(0);
      cell.history.push(arena_, store);
    }
    cell.newest = store;
  }
  store->value = value;
  store->writer = thread.id;
  store->index = thread.index;
  store->time = thread.time;
  store->in_s = order == MemoryOrder::seq_cst ? ++in_s_ : 0;
  store->pc = pc;
  cell.stores.set(arena_, thread.index, thread.time);
  cell.store_pc = pc;
  ++cell.changes;
  return *store;
}

void AtomicMemory::store(AtomicCell& cell, Accessor& thread, Fences& fences, MemoryOrder order, std::uint64_t value,
                         std::uintptr_t pc) {
  const bool continues = cell.newest != nullptr && cell.newest->head == thread.id;
  const Clock earlier = cell.newest != nullptr ? cell.newest->released : Clock();
  Store& store = append(cell, thread, order, value, pc);
  if (releases(order)) {
    store.head = thread.id;
    store.released.assign(arena_, thread.clock);
    detector_.tick(thread);
    return;
  }
  // A relaxed store goes on with the release sequence of its own thread (C++11); C++20 took that away, but what was
  // written for the former is no bug.
  if (!continues) {
    store.head = no_thread;
    store.released.clear();
  } else if (relaxed_) {
    store.head = thread.id;
    store.released.assign(arena_, earlier);
  }
  if (!fences.released.empty()) store.released.join(arena_, fences.released);
}

void AtomicMemory::rmw(AtomicCell& cell, Accessor& thread, Fences& fences, MemoryOrder order, std::uint64_t value,
                       std::uintptr_t pc) {
  load(cell, thread, fences, order, 0, pc);
  const ThreadId head = cell.newest->head;
  const Clock earlier = cell.newest->released;
  Store& store = append(cell, thread, order, value, pc);
  if (relaxed_) store.released.assign(arena_, earlier);
  store.head = releases(order) ? thread.id : head;
  if (releases(order)) {
    store.released.join(arena_, thread.clock);
    detector_.tick(thread);
  } else if (!fences.released.empty()) {
    store.released.join(arena_, fences.released);
  }
}

void AtomicMemory::fence(Accessor& thread, Fences& fences, MemoryOrder order) {
  if (acquires(order) && !fences.acquired.empty()) thread.clock.join(arena_, fences.acquired);
  if (order == MemoryOrder::seq_cst) {
    fences.number = ++in_s_;
    fences.seen.join(arena_, fenced_);
    fenced_.join(arena_, thread.clock);
  }
  if (releases(order)) {
    fences.released.assign(arena_, thread.clock);
    detector_.tick(thread);
  }
}

}  // namespace chicane::explore
