#include "harness/explore/shadow.h"

#include <cstdlib>

#include <sys/mman.h>

namespace chicane::explore {
namespace {

void* map_untouched(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) std::abort();
  madvise(memory, bytes, MADV_NOHUGEPAGE);  // a huge page for a few touched granules would cost 2 MB
  return memory;
}

}  // namespace

Shadow::Shadow()
    : directory_(static_cast<Granule**>(map_untouched(entries * sizeof(Granule*)))),
      mapped_(static_cast<std::uint32_t*>(map_untouched(most_pieces * sizeof(std::uint32_t)))) {}

Shadow::~Shadow() {
  for (std::size_t i = 0; i < pieces_; ++i) munmap(directory_[mapped_[i]], piece_bytes);
  munmap(directory_, entries * sizeof(Granule*));
  munmap(mapped_, most_pieces * sizeof(std::uint32_t));
}

Granule* Shadow::map(std::uintptr_t address) {
  if (pieces_ == most_pieces) std::abort();  // 256 GB of touched program memory
  const std::size_t at = (address & address_mask) >> piece_shift;
  directory_[at] = static_cast<Granule*>(map_untouched(piece_bytes));
  mapped_[pieces_++] = static_cast<std::uint32_t>(at);
  return directory_[at];
}

void Shadow::clear(std::uintptr_t address, std::size_t bytes) {
  // Reading an untouched page costs no memory, writing it does; a piece that is not there is as new.
  for (const std::uintptr_t end = address + bytes; address < end;) {
    const std::uintptr_t next = (address | piece_mask) + 1;
    const std::size_t part = (next < end ? next : end) - address;
    if (directory_[(address & address_mask) >> piece_shift] != nullptr) clear_piece(address, part);
    address += part;
  }
}

void Shadow::clear_piece(std::uintptr_t address, std::size_t bytes) {
  each(address, bytes, [](Granule& granule, std::uintptr_t, unsigned mask) {
    if (mask == 15 || (granule.write | granule.read) == 0) {
      if ((granule.write | granule.read) != 0) granule = {};
      return;
    }
    // Part of a granule at the range's end: keep what the neighbours have, forget the rest.
    const Record write(granule.write), read(granule.read);
    if (write.who() == Record::freed || (write.mask() & ~mask) == 0) granule.write = 0;
    if (read.who() != Record::listed && (read.mask() & ~mask) == 0) granule.read = 0;
  });
}

void Shadow::clear_all() {
  for (std::size_t i = 0; i < pieces_; ++i) madvise(directory_[mapped_[i]], piece_bytes, MADV_DONTNEED);
}

}  // namespace chicane::explore
