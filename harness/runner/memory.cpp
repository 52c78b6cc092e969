#include "harness/runner/memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/mman.h>

namespace chicane {

Result<Memory> Memory::map(std::size_t size, std::size_t align, bool shared) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  align = std::max(align, page);
  const std::size_t usable = (size + page - 1) / page * page;
  Memory memory;
  memory.mapped_ = page + align + usable + page;
  void* const mapping =
      mmap(nullptr, memory.mapped_, PROT_NONE, MAP_ANONYMOUS | (shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);
  if (mapping == MAP_FAILED)
    return failure(fmt::format("no memory for a state of {} bytes: {}", size, std::strerror(errno)));
  memory.mapping_ = mapping;
  const auto first = (reinterpret_cast<std::uintptr_t>(mapping) + page + align - 1) / align * align;
  memory.data_ = reinterpret_cast<void*>(first);
  memory.size_ = size;
  if (mprotect(memory.data_, usable, PROT_READ | PROT_WRITE) != 0)
    return failure(fmt::format("no memory for a state of {} bytes: {}", size, std::strerror(errno)));
  return memory;
}

Memory::~Memory() {
  if (mapping_ != nullptr) munmap(mapping_, mapped_);
}

Memory::Memory(Memory&& other) noexcept { *this = std::move(other); }

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapped_, other.mapped_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void Memory::zero() { std::memset(data_, 0, size_); }

}  // namespace chicane
