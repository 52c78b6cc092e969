#include "harness/explore/heap.h"

#include "harness/explore/shadow.h"

extern "C" void __libc_free(void*);

namespace chicane::explore {

void Blocks::begin_schedule() { table_.clear(); }

void Blocks::allocated(Arena& arena, ThreadId by, std::uintptr_t address, std::size_t bytes, std::size_t usable,
                       std::uintptr_t pc) {
  Block* block = table_.find(address);
  if (block == nullptr) {
    block = arena.make<Block>();
    table_.put(address, block);
  }
  *block = {address, bytes, usable, by, no_thread, pc, 0};
}

void Blocks::freed(Arena& arena, Shadow& shadow, ThreadId by, std::uintptr_t address, std::size_t usable,
                   std::uintptr_t pc) {
  if (kept_bytes_ + usable > most_kept_bytes) give_back(shadow);
  Block* block = table_.find(address);
  if (block == nullptr) {
    block = arena.make<Block>();
    block->start = address;
    block->bytes = block->usable = usable;
    table_.put(address, block);
  }
  block->freed_by = by;
  block->freed_pc = pc;
  kept_.push_back(*block);
  kept_.back().usable = usable;
  kept_bytes_ += usable;
}

const Block* Blocks::holding(std::uintptr_t address) const {
  const Block* found = nullptr;
  table_.each([&](std::uintptr_t, const Block& block) {
    if (address >= block.start && address < block.start + block.bytes) found = &block;
  });
  return found;
}

void Blocks::give_back(Shadow& shadow) {
  for (const Block& block : kept_) {
    // The marks must go: code that is not seen may get this memory next, and hand it to code under test.
    shadow.clear(block.start, block.usable);
    __libc_free(reinterpret_cast<void*>(block.start));
  }
  kept_.clear();
  kept_bytes_ = 0;
}

}  // namespace chicane::explore
