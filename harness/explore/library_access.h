// What functions of libraries without callbacks do to the memory of the code under test that called them: accesses like
// its own, at `pc`, the return address into it. Only for calls from code under test: what libraries do among themselves
// is ordered by means that nobody sees.
#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/explore/engine.h"
#include "harness/explore/modules.h"

namespace chicane::explore {

void library_reads(const void* memory, std::size_t bytes, std::uintptr_t pc);
void library_writes(const void* memory, std::size_t bytes, std::uintptr_t pc);

inline bool called_by_code_under_test(std::uintptr_t pc) { return current != nullptr && is_instrumented(pc); }

}  // namespace chicane::explore
