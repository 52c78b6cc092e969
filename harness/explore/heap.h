// Blocks of the heap during a schedule: where they came from, and those that were given back, which are kept until the
// schedule is over so that a use after free can be told, and does no harm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/explore/address_table.h"
#include "harness/explore/arena.h"
#include "harness/explore/operation.h"
#include "harness/explore/outcome.h"

namespace chicane::explore {

class Shadow;

struct Block {
  std::uintptr_t start = 0;
  std::size_t bytes = 0, usable = 0;
  ThreadId allocated_by = no_thread, freed_by = no_thread;
  std::uintptr_t allocated_pc = 0, freed_pc = 0;
};

class Blocks {
 public:
  void begin_schedule();
  void allocated(Arena& arena, ThreadId by, std::uintptr_t address, std::size_t bytes, std::size_t usable,
                 std::uintptr_t pc);
  void freed(Arena& arena, Shadow& shadow, ThreadId by, std::uintptr_t address, std::size_t usable, std::uintptr_t pc);
  void forget(std::uintptr_t address) { table_.put(address, nullptr); }
  const Block* holding(std::uintptr_t address) const;  // slow: looks at all
  void give_back(Shadow& shadow);                      // all that was kept

 private:
  static constexpr std::size_t most_kept_bytes = std::size_t{256} << 20;
  AddressTable<Block> table_;
  std::vector<Block> kept_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace chicane::explore
