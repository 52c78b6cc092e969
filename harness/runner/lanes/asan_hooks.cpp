// The hooks that the sanitizers call, and their options. Compiled without instrumentation.
#include <unistd.h>
#include <unwind.h>

#include <sanitizer/asan_interface.h>

#include "harness/runner/lanes/asan_raw.h"

extern "C" void __ubsan_get_current_report_data(const char** kind, const char** message, const char** file,
                                                unsigned* line, unsigned* column, char** address);

namespace chicane::asan {
namespace {

constexpr std::size_t capacity = 256;  // places, for each is reported once

MemoryError error;
bool has_error = false;  // atomic
UndefinedBehaviour behaviours[capacity];
std::size_t behaviour_count = 0;  // atomic; written under the report lock
std::uint64_t dropped = 0;        // atomic

template <std::size_t size>
void copy(char (&to)[size], const char* from) {
  std::size_t length = 0;
  for (; from != nullptr && from[length] != 0 && length + 1 < size; ++length) to[length] = from[length];
  to[length] = 0;
}

_Unwind_Reason_Code keep_frame(_Unwind_Context* context, void* argument) {
  auto& stack = *static_cast<RawStack*>(argument);
  const auto address = static_cast<std::uintptr_t>(_Unwind_GetIP(context));
  if (address == 0 || stack.count == RawStack::deepest) return _URC_END_OF_STACK;
  stack.addresses[stack.count++] = address;
  return _URC_NO_REASON;
}

void keep_stack(RawStack& stack) {
  stack.count = 0;
  _Unwind_Backtrace(keep_frame, &stack);
}

using StackOfBlock = std::size_t (*)(void* address, void** trace, std::size_t size, int* thread);

int keep_block_stack(StackOfBlock stack_of, std::uintptr_t address, RawStack& stack) {
  void* trace[RawStack::deepest];
  int thread = -1;
  const auto count = stack_of(reinterpret_cast<void*>(address), trace, RawStack::deepest, &thread);
  // It gives the byte before each return address.
  for (std::size_t i = 0; i < count; ++i) stack.addresses[i] = reinterpret_cast<std::uintptr_t>(trace[i]) + 1;
  stack.count = static_cast<std::uint32_t>(count);
  return count == 0 ? -1 : thread;
}

void keep_error() {
  if (__atomic_load_n(&has_error, __ATOMIC_ACQUIRE)) return;
  copy(error.description, __asan_get_report_description());
  error.pc = reinterpret_cast<std::uintptr_t>(__asan_get_report_pc());
  error.address = reinterpret_cast<std::uintptr_t>(__asan_get_report_address());
  error.write = __asan_get_report_access_type() != 0;
  error.size_bytes = __asan_get_report_access_size();
  keep_stack(error.here);
  if (error.address != 0) {
    error.allocated_by = keep_block_stack(__asan_get_alloc_stack, error.address, error.allocated_at);
    error.freed_by = keep_block_stack(__asan_get_free_stack, error.address, error.freed_at);
  }
  __atomic_store_n(&has_error, true, __ATOMIC_RELEASE);
}

void keep_behaviour() {
  const auto index = __atomic_load_n(&behaviour_count, __ATOMIC_RELAXED);
  if (index == capacity) {
    __atomic_fetch_add(&dropped, 1, __ATOMIC_RELAXED);
    return;
  }
  auto& behaviour = behaviours[index];
  const char* kind = nullptr;
  const char* message = nullptr;
  const char* file = nullptr;
  unsigned line = 0, column = 0;
  char* address = nullptr;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
  copy(behaviour.kind, kind);
  copy(behaviour.message, message);
  copy(behaviour.file, file);
  behaviour.line = line;
  behaviour.column = column;
  keep_stack(behaviour.here);
  __atomic_store_n(&behaviour_count, index + 1, __ATOMIC_RELEASE);
}

}  // namespace

const MemoryError* memory_error() { return __atomic_load_n(&has_error, __ATOMIC_ACQUIRE) ? &error : nullptr; }

UndefinedBehaviours undefined_behaviours() {
  return {behaviours, __atomic_load_n(&behaviour_count, __ATOMIC_ACQUIRE), __atomic_load_n(&dropped, __ATOMIC_RELAXED)};
}

}  // namespace chicane::asan

#define CHICANE_HOOK extern "C" __attribute__((visibility("default")))
CHICANE_HOOK void __asan_on_error() { chicane::asan::keep_error(); }
CHICANE_HOOK void __ubsan_on_report();
CHICANE_HOOK void __ubsan_on_report() { chicane::asan::keep_behaviour(); }

// Options of the environment come after these and win; the driver takes those away.
//  leak_check_at_exit=0  the lane looks for leaks itself, once, while it can still tell of them
//  handle_*=0            a crash stays a signal, which the supervisor sees; ASan would turn it into an exit
CHICANE_HOOK const char* __asan_default_options();
CHICANE_HOOK const char* __asan_default_options() {
#define CHICANE_ASAN_OPTIONS                                                                          \
  "detect_leaks=1:leak_check_at_exit=0:handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:" \
  "handle_sigfpe=0"
  // Debian's versioned name first: the plain one may be another version's.
  if (access("/usr/bin/llvm-symbolizer-19", X_OK) == 0)
    return CHICANE_ASAN_OPTIONS ":external_symbolizer_path=/usr/bin/llvm-symbolizer-19";
  return CHICANE_ASAN_OPTIONS;
#undef CHICANE_ASAN_OPTIONS
}
CHICANE_HOOK const char* __ubsan_default_options();
CHICANE_HOOK const char* __ubsan_default_options() { return "halt_on_error=0:print_stacktrace=0"; }
