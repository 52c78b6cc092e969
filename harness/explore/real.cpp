#include "harness/explore/real.h"

#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

namespace chicane::explore {

void* next_function(const char* name) { return dlsym(RTLD_NEXT, name); }

}  // namespace chicane::explore

namespace chicane::explore::real_functions {

RealFunctions table;

namespace {

void* next(const char* name) {
  // Condition variables have an old version too, which must not be taken.
  void* found = std::strncmp(name, "pthread_cond_", 13) == 0 && std::strcmp(name, "pthread_cond_clockwait") != 0
                    ? dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2")
                    : nullptr;
  return found != nullptr ? found : dlsym(RTLD_NEXT, name);
}

// Through memory: some of these function types differ in attributes alone, which makes no two templates.
void find(void* member, const char* name) {
  void* found = next(name);
  std::memcpy(member, &found, sizeof found);
}

}  // namespace

void look_up() {
#define CHICANE_REAL_LOOK_UP(name) find(&table.name, #name);
  CHICANE_REAL_FUNCTIONS(CHICANE_REAL_LOOK_UP)
#undef CHICANE_REAL_LOOK_UP
  find(&table.syscall, "syscall");
  find(&table.cxa_guard_acquire, "__cxa_guard_acquire");
  find(&table.cxa_guard_release, "__cxa_guard_release");
  find(&table.cxa_guard_abort, "__cxa_guard_abort");
  find(&table.cxa_thread_atexit_impl, "__cxa_thread_atexit_impl");
  find(&table.exit, "exit");
  find(&table.immediate_exit, "_exit");
  find(&table.abort, "abort");
  table.ready = true;
}

namespace {
// Early, while the process has one thread and before any constructor of the code under test.
__attribute__((constructor(101))) void look_up_early() { look_up(); }
}  // namespace

}  // namespace chicane::explore::real_functions
