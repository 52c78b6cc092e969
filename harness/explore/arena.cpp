#include "harness/explore/arena.h"

#include <cstdlib>

#include <sys/mman.h>

namespace chicane::explore {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18;

}  // namespace

Arena::~Arena() {
  while (first_ != nullptr) {
    Block* next = first_->next;
    munmap(first_, first_->bytes + sizeof(Block));
    first_ = next;
  }
}

void Arena::enter(Block* block) {
  current_ = block;
  at_ = reinterpret_cast<std::byte*>(block + 1);
  left_ = block->bytes;
}

void* Arena::take_from_next(std::size_t bytes) {
  // A block that is too small for this is skipped until the next reset.
  while (current_ != nullptr && current_->next != nullptr) {
    enter(current_->next);
    if (left_ >= bytes) return take(bytes);
  }
  const std::size_t whole = bytes + sizeof(Block) > block_bytes ? bytes + sizeof(Block) : block_bytes;
  void* memory = mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  Block* block = new (memory) Block{nullptr, whole - sizeof(Block)};
  if (current_ != nullptr)
    current_->next = block;
  else
    first_ = block;
  enter(block);
  return take(bytes);
}

void Arena::reset() {
  if (first_ != nullptr) enter(first_);
}

}  // namespace chicane::explore
