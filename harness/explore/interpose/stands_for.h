// A library's function that this library stands in front of by its symbol alone, and what it does to its caller's
// memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/explore/abi/export.h"
#include "harness/explore/library_access.h"
#include "harness/explore/real.h"

namespace chicane::explore {

// A call from `pc`; false: not from code under test, so that nothing is told of it.
class Told {
 public:
  explicit Told(std::uintptr_t pc) : pc_(pc) {}
  explicit operator bool() const { return called_by_code_under_test(pc_); }
  void reads(const void* memory, std::size_t bytes) const { library_reads(memory, bytes, pc_); }
  void writes(const void* memory, std::size_t bytes) const { library_writes(memory, bytes, pc_); }
  template <typename T>
  void reads(const T* object) const {
    reads(object, sizeof *object);
  }
  template <typename T>
  void writes(const T* object) const {
    writes(object, sizeof *object);
  }

 private:
  std::uintptr_t pc_;
};

}  // namespace chicane::explore

// What follows is done where the caller is code under test, and has `told`.
#define CHICANE_TOLD if (const chicane::explore::Told told(CHICANE_CALLER); told)

// Begins such a function. Under another name than the symbol's: headers' own declarations differ from library to
// library. CHICANE_NEXT(name) is the library's own one.
#define CHICANE_STANDS_FOR(result, name, symbol, parameters)                                               \
  CHICANE_EXPORT result chicane_##name parameters __asm__(symbol);                                         \
  [[maybe_unused]] static auto real_##name() {                                                             \
    static result(*next) parameters = nullptr;                                                             \
    if (next == nullptr) next = reinterpret_cast<decltype(next)>(chicane::explore::next_function(symbol)); \
    return next;                                                                                           \
  }                                                                                                        \
  CHICANE_EXPORT result chicane_##name parameters
#define CHICANE_NEXT(name) real_##name()
