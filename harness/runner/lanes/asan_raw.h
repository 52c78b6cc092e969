// What the hooks of AddressSanitizer and UndefinedBehaviorSanitizer copy while the sanitizer holds its report lock:
// numbers, addresses and the sanitizer's own words; no names of functions yet. In static memory of fixed capacity.
#pragma once

#include <cstddef>
#include <cstdint>

namespace chicane::asan {

struct RawStack {  // return addresses, innermost first
  static constexpr std::size_t deepest = 128;
  std::uintptr_t addresses[deepest];
  std::uint32_t count = 0;
};

struct MemoryError {      // the process ends after one
  char description[64];   // "heap-use-after-free"
  std::uintptr_t pc = 0;  // of the access; 0: the run-time does not say
  std::uintptr_t address = 0;
  bool write = false;
  std::size_t size_bytes = 0;
  RawStack here;  // from the hook on: the run-time's own frames come first
  RawStack allocated_at, freed_at;
  int allocated_by = -1, freed_by = -1;  // numbers of threads
};

struct UndefinedBehaviour {
  char kind[64];  // "signed-integer-overflow"
  char message[512];
  char file[512];
  std::uint32_t line = 0, column = 0;
  RawStack here;
};

const MemoryError* memory_error();  // null: none

struct UndefinedBehaviours {
  const UndefinedBehaviour* all = nullptr;
  std::size_t count = 0;
  std::uint64_t dropped = 0;  // for which there was no room
};
UndefinedBehaviours undefined_behaviours();

}  // namespace chicane::asan
