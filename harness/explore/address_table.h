// From exact addresses to what is known about them in this schedule. Emptied at once, by counting generations.
#pragma once

#include <cstdint>
#include <cstdlib>

#include <sys/mman.h>

namespace chicane::explore {

template <typename T>
class AddressTable {
 public:
  AddressTable() { allocate(std::size_t{1} << 10); }
  AddressTable(const AddressTable&) = delete;
  AddressTable& operator=(const AddressTable&) = delete;
  ~AddressTable() { munmap(entries_, (mask_ + 1) * sizeof(Entry)); }

  T* find(std::uintptr_t address) const {
    for (std::size_t at = hash(address) & mask_;; at = (at + 1) & mask_) {
      const Entry& entry = entries_[at];
      if (entry.generation != generation_) return nullptr;
      if (entry.address == address) return entry.value;
    }
  }
  // Replaces what was there. A null value stands for "forgotten".
  void put(std::uintptr_t address, T* value) {
    if (used_ * 2 > mask_) widen();
    insert(address, value);
  }
  void clear() {
    used_ = 0;
    if (++generation_ == 0) std::abort();  // after 2^32 schedules in one process
  }
  template <typename Function>
  void each(Function function) const {
    for (std::size_t at = 0; at <= mask_; ++at)
      if (entries_[at].generation == generation_ && entries_[at].value != nullptr)
        function(entries_[at].address, *entries_[at].value);
  }

 private:
  struct Entry {
    std::uintptr_t address = 0;
    T* value = nullptr;
    std::uint32_t generation = 0;
  };
  static std::size_t hash(std::uintptr_t address) { return (address * 0x9e3779b97f4a7c15ULL) >> 20; }
  void allocate(std::size_t entries) {
    void* memory = mmap(nullptr, entries * sizeof(Entry), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    entries_ = static_cast<Entry*>(memory);
    mask_ = entries - 1;
    used_ = 0;
  }
  void insert(std::uintptr_t address, T* value) {
    for (std::size_t at = hash(address) & mask_;; at = (at + 1) & mask_) {
      Entry& entry = entries_[at];
      if (entry.generation != generation_) {
        entry = {address, value, generation_};
        ++used_;
        return;
      }
      if (entry.address == address) {
        entry.value = value;
        return;
      }
    }
  }
  void widen() {
    Entry* old = entries_;
    const std::size_t count = mask_ + 1;
    allocate(count * 4);
    for (std::size_t i = 0; i < count; ++i)
      if (old[i].generation == generation_) insert(old[i].address, old[i].value);
    munmap(old, count * sizeof(Entry));
  }

  Entry* entries_ = nullptr;
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
  std::uint32_t generation_ = 1;
};

}  // namespace chicane::explore
