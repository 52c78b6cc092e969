// Atomic operations: which values they may see, and what is ordered by them (C++11's synchronizes-with, release
// sequences and fences).
//
// Stores to one location are ordered as they were executed. Under `sc` a load sees the newest. Under `relaxed` a load
// that is not forbidden to by coherence, happens-before or the order S of seq_cst operations may see an older one; a
// read-modify-write sees the newest always. Not modelled: loads that see stores which are executed later (load
// buffering), and stores that enter the modification order before one that was executed earlier.
#pragma once

#include <cstdint>

#include "harness/explore/address_table.h"
#include "harness/explore/races.h"

namespace chicane::explore {

struct Fences {              // of one thread
  Clock released;            // its clock at its last release fence: what its relaxed stores publish
  Clock acquired;            // what its relaxed loads saw published: an acquire fence makes it its own
  Clock seen;                // stores that seq_cst fences of others had before them when it did its own
  std::uint64_t number = 0;  // of its last seq_cst fence in S
};

struct Store {
  std::uint64_t value = 0;
  ThreadId writer = no_thread;
  ClockIndex index = 0;
  std::uint32_t time = 0;  // 0: from before the schedule, or not seen: everything is after it
  std::uint64_t in_s = 0;  // number in S; 0: not seq_cst
  std::uintptr_t pc = 0;
  ThreadId head = no_thread;  // whose release heads the release sequence that this is part of
  Clock released;
  Clock readers;  // at which of its times each thread has read it last
};

struct AtomicCell {
  std::uintptr_t address = 0;
  std::uint8_t bytes = 0;
  std::uint8_t stale_reads = 0;  // in a row; bounded, because every store becomes visible some time
  Store* newest = nullptr;
  ArenaList<Store*> history;  // relaxed: oldest first, the newest is last
  Clock loads, stores;        // each thread's last, for races with plain accesses
  std::uintptr_t load_pc = 0, store_pc = 0;
  std::uint64_t changes = 0;  // stores in this schedule
};

class AtomicMemory {
 public:
  AtomicMemory(Arena& arena, RaceDetector& detector) : arena_(arena), detector_(detector) {}
  void begin_schedule(bool relaxed);

  AtomicCell* find(std::uintptr_t address) const { return cells_.find(address); }
  AtomicCell& cell(std::uintptr_t address, std::uint8_t bytes);

  // `in_memory` is what stands there now: where it is not the newest store's value, code that is not seen wrote it.
  void refresh(AtomicCell& cell, std::uint64_t in_memory);
  // How many stores a load may see; the n-th newest is number n.
  std::uint32_t visible(const AtomicCell& cell, const Accessor& thread, const Fences& fences, MemoryOrder order) const;
  const Store& newer(const AtomicCell& cell, std::uint32_t age) const;
  const Store& load(AtomicCell& cell, Accessor& thread, Fences& fences, MemoryOrder order, std::uint32_t age,
                    std::uintptr_t pc);
  void store(AtomicCell& cell, Accessor& thread, Fences& fences, MemoryOrder order, std::uint64_t value,
             std::uintptr_t pc);
  // The load and the store of one indivisible operation.
  void rmw(AtomicCell& cell, Accessor& thread, Fences& fences, MemoryOrder order, std::uint64_t value,
           std::uintptr_t pc);
  void fence(Accessor& thread, Fences& fences, MemoryOrder order);

  // The cell with memory in common with these bytes whose atomic accesses race with a plain one, if any.
  template <typename Function>
  bool each_overlapping(std::uintptr_t address, std::size_t bytes, Function function) const {
    bool any = false;
    for (std::uintptr_t at = address < 15 ? 0 : address - 15; at < address + bytes; ++at)
      if (AtomicCell* cell = cells_.find(at); cell != nullptr && at + cell->bytes > address) {
        any = true;
        function(*cell);
      }
    return any;
  }

 private:
  static constexpr std::size_t longest_history = 16;
  Store& append(AtomicCell& cell, Accessor& thread, MemoryOrder order, std::uint64_t value, std::uintptr_t pc);
  bool before(const Store& store, const Clock& clock) const {
    return store.time == 0 || store.time <= clock.get(store.index);
  }

  Arena& arena_;
  RaceDetector& detector_;
  AddressTable<AtomicCell> cells_;
  bool relaxed_ = false;
  std::uint64_t in_s_ = 0;  // last number given in S
  Clock fenced_;            // what seq_cst fences had before them
};

constexpr bool acquires(MemoryOrder order) {
  return order == MemoryOrder::acquire || order == MemoryOrder::consume || order == MemoryOrder::acq_rel ||
         order == MemoryOrder::seq_cst;
}
constexpr bool releases(MemoryOrder order) {
  return order == MemoryOrder::release || order == MemoryOrder::acq_rel || order == MemoryOrder::seq_cst;
}

}  // namespace chicane::explore
