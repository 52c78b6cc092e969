// What code may say itself about its order: <sanitizer/tsan_interface.h> and the older dynamic annotations.
#include <cstdint>

#include "harness/explore/abi/export.h"
#include "harness/explore/engine.h"

using namespace chicane::explore;

namespace {

void acquire(const volatile void* address) {
  Thread* thread = current;
  if (thread == nullptr) return;
  const Inside inside(*thread);
  engine().annotated_acquire(*thread, reinterpret_cast<std::uintptr_t>(address));
}
void release(const volatile void* address) {
  Thread* thread = current;
  if (thread == nullptr) return;
  const Inside inside(*thread);
  engine().annotated_release(*thread, reinterpret_cast<std::uintptr_t>(address));
}

}  // namespace

CHICANE_EXPORT void __tsan_acquire(void* address) { acquire(address); }
CHICANE_EXPORT void __tsan_release(void* address) { release(address); }
CHICANE_EXPORT void AnnotateHappensBefore(const char*, int, const volatile void* address) { release(address); }
CHICANE_EXPORT void AnnotateHappensAfter(const char*, int, const volatile void* address) { acquire(address); }
CHICANE_EXPORT void AnnotateIgnoreReadsBegin(const char*, int) {}
CHICANE_EXPORT void AnnotateIgnoreReadsEnd(const char*, int) {}
CHICANE_EXPORT void AnnotateIgnoreWritesBegin(const char*, int) {}
CHICANE_EXPORT void AnnotateIgnoreWritesEnd(const char*, int) {}
CHICANE_EXPORT void AnnotateBenignRaceSized(const char*, int, const volatile void*, unsigned long, const char*) {}
