// Where code lies: which loaded modules were compiled for exploring, and which return address of a call is theirs.
#pragma once

#include <cstddef>
#include <cstdint>

namespace chicane::explore {

struct CodeRange {
  std::uintptr_t low = 0, high = 0;
  bool instrumented = false;
};

struct ThreadLocalImage {  // of a module whose thread-local variables start anew with each thread
  std::size_t module = 0;
  const void* image = nullptr;  // nullptr: they keep their values
  std::size_t image_bytes = 0, bytes = 0;
};

// Looks at what is loaded when that has changed since the last call.
void look_at_modules();
// The full address of a code location of which the low 28 bits are known; 0: none.
std::uintptr_t whole_address(std::uint32_t low_28_bits);
bool is_instrumented(std::uintptr_t pc);
bool module_holds(std::uintptr_t address);  // code or variables of a loaded module
// The call in the code under test that led here: `returns_to` if that is code under test, else the innermost return
// address into it on the stack above `frame`.
std::uintptr_t code_location(void* returns_to, void* frame, std::uintptr_t stack_top);
// The calling thread's variables of the modules under test as a new thread has them.
// Calls `renewed` with each range.
void renew_thread_locals(void (*renewed)(std::uintptr_t address, std::size_t bytes));

}  // namespace chicane::explore
