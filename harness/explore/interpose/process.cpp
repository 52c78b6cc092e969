// Ends of the process, and what would make two runs of one schedule differ.
#include <assert.h>
#include <cstring>
#include <cxxabi.h>
#include <exception>
#include <random>
#include <stdlib.h>
#include <string>
#include <typeinfo>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/random.h>

#include "harness/explore/interpose/call.h"
#include "harness/explore/real.h"
#include "harness/model/mixing.h"

using namespace chicane::explore;
using chicane::FindingKind;

namespace {

// In a body of somebody else's process, ending the process is a finding; a program may.
[[noreturn]] void end_process(Call& call, int code, bool at_once) {
  Engine& self = engine();
  if (!self.program) {
    self.point(call.thread(), {.kind = OperationKind::terminate, .pc = call.pc()});
    auto& finding = self.found(FindingKind::early_exit, &call.thread(), call.pc(), "code under test ends the process");
    finding.exit_code = code;
    self.end(call.thread(), Ending::died);
  }
  if (!at_once) self.exit_program(call.thread(), code, call.pc());
  self.point(call.thread(), {.kind = OperationKind::terminate, .pc = call.pc()});
  if (!self.outcome().exit_code) self.outcome().exit_code = code;
  self.end_program(Ending::returned);
}

std::string what_is_thrown() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  int status = 0;
  char* readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string text = fmt::format("uncaught exception {}", status == 0 ? readable : type->name());
  free(readable);
  try {
    throw;
  } catch (const std::exception& exception) {
    text += fmt::format(": {}", exception.what());
  } catch (...) {  // NOLINT(bugprone-empty-catch): what is no std::exception says nothing of itself
  }
  return text;
}

std::string asserted;

std::uint64_t next_random() {
  return chicane::splitmix64(engine().random_state += chicane::splitmix64_step);  // the same numbers in each schedule
}

void fill(void* memory, std::size_t bytes) {
  auto* at = static_cast<unsigned char*>(memory);
  for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<unsigned char>(next_random() >> 32);
}

}  // namespace

CHICANE_EXPORT void exit(int code) {
  if (Thread* thread = current; thread != nullptr) {
    Call call(*thread, __builtin_return_address(0), __builtin_frame_address(0));
    end_process(call, code, false);
  }
  real().exit(code);
  __builtin_unreachable();
}
CHICANE_EXPORT void _exit(int code) {
  if (Thread* thread = current; thread != nullptr) {
    Call call(*thread, __builtin_return_address(0), __builtin_frame_address(0));
    end_process(call, code, true);
  }
  real().immediate_exit(code);
  __builtin_unreachable();
}
CHICANE_EXPORT void _Exit(int code) { _exit(code); }
CHICANE_EXPORT void quick_exit(int code) { _exit(code); }

CHICANE_EXPORT void abort() {
  if (Thread* thread = current; thread != nullptr) {
    Call call(*thread, __builtin_return_address(0), __builtin_frame_address(0));
    if (abi::__cxa_current_exception_type() != nullptr && asserted.empty())
      engine().died(*thread, FindingKind::uncaught_exception, what_is_thrown().c_str(), 0, call.pc());
    const std::string why = asserted.empty() ? "abort() was called" : asserted;
    engine().died(*thread, FindingKind::crash, why.c_str(), SIGABRT, call.pc());
  }
  real().abort();
  __builtin_unreachable();
}

CHICANE_EXPORT void __assert_fail(const char* expression, const char* file, unsigned line,
                                  const char* function) noexcept {
  Thread* thread = current;
  current = nullptr;
  asserted =
      fmt::format("{}:{}: {}: assertion '{}' failed", file, line, function != nullptr ? function : "?", expression);
  if (thread == nullptr) {
    static_cast<void>(!write(2, (asserted + "\n").data(), asserted.size() + 1));
    real().abort();
  }
  current = thread;
  Call call(*thread, __builtin_return_address(0), __builtin_frame_address(0));
  engine().died(*thread, FindingKind::crash, asserted.c_str(), SIGABRT, call.pc());
}

CHICANE_EXPORT ssize_t getrandom(void* memory, std::size_t bytes, unsigned flags) {
  if (current == nullptr) return real().syscall(318 /* SYS_getrandom */, memory, bytes, flags);
  fill(memory, bytes);
  return static_cast<ssize_t>(bytes);
}
CHICANE_EXPORT int getentropy(void* memory, std::size_t bytes) {
  if (current == nullptr) return real().syscall(318, memory, bytes, 0) == static_cast<long>(bytes) ? 0 : -1;
  fill(memory, bytes);
  return 0;
}
#if defined(__x86_64__)
// std::random_device::_M_getval(): it reads the processor's own generator otherwise.
CHICANE_EXPORT unsigned _ZNSt13random_device9_M_getvalEv(void* device) {
  if (current != nullptr) return static_cast<unsigned>(next_random());
  using Value = unsigned (*)(void*);
  static const Value next = reinterpret_cast<Value>(next_function("_ZNSt13random_device9_M_getvalEv"));
  return next(device);
}
#endif
