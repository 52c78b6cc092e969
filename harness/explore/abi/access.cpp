// The entry points of -fsanitize=thread for plain accesses and function entry and exit. The hottest code there is: they
// are called for each load, store and call of the code under test.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "harness/explore/abi/export.h"
#include "harness/explore/engine.h"
#include "harness/explore/library_access.h"

namespace chicane::explore {
namespace {

// The parts of an access that are seldom needed: it becomes a step of its own, or a trace wants its stack.
template <bool is_write>
__attribute__((noinline)) void seldom(Thread& thread, std::uintptr_t address, std::size_t bytes, std::uintptr_t pc) {
  const Inside inside(thread);
  Engine& self = engine();
  if (tracing) self.remember_stack(thread, pc);
  const bool visible =
      !solo && (plain_points == SwitchPoints::all || (plain_points == SwitchPoints::shared && self.is_shared(pc)));
  if (visible || thread.unseen > Engine::most_unseen) self.visible_access(thread, address, bytes, is_write, pc);
}

template <bool is_write>
inline __attribute__((always_inline)) void access(std::uintptr_t address, std::size_t bytes, std::uintptr_t pc) {
  Thread* thread = current;
  if (thread == nullptr) return;
  Engine& self = engine();
  const bool point =
      plain_points != SwitchPoints::sync && (plain_points == SwitchPoints::all || (!solo && self.is_shared(pc)));
  if (__builtin_expect(point || tracing || ++thread->unseen > Engine::most_unseen, 0))
    seldom<is_write>(*thread, address, bytes, pc);
  RaceDetector& races = self.races;
  if (solo) {
    if (__builtin_expect(!races.is_freed(address), 1)) return;
  } else if (!self.options.races) {
    return;
  }
  if (bytes == 4 && (address & 3) == 0) {
    races.access_granule<is_write>(*thread, races.shadow().of(address), address, 15, pc);
  } else if (bytes == 8 && (address & 7) == 0) {
    Granule* granule = &races.shadow().of(address);
    races.access_granule<is_write>(*thread, granule[0], address, 15, pc);
    races.access_granule<is_write>(*thread, granule[1], address + 4, 15, pc);
  } else {
    races.access<is_write>(*thread, address, bytes, pc);
  }
  if (__builtin_expect(races.met(address), 0)) self.learn(pc);
}

}  // namespace

void library_reads(const void* memory, std::size_t bytes, std::uintptr_t pc) {
  if (bytes != 0) access<false>(reinterpret_cast<std::uintptr_t>(memory), bytes, pc);
}
void library_writes(const void* memory, std::size_t bytes, std::uintptr_t pc) {
  if (bytes != 0) access<true>(reinterpret_cast<std::uintptr_t>(memory), bytes, pc);
}

}  // namespace chicane::explore

using chicane::explore::access;

#define CHICANE_ACCESS(size)                                                                                      \
  CHICANE_EXPORT void __tsan_read##size(std::uintptr_t address) { access<false>(address, size, CHICANE_CALLER); } \
  CHICANE_EXPORT void __tsan_write##size(std::uintptr_t address) { access<true>(address, size, CHICANE_CALLER); } \
  CHICANE_EXPORT void __tsan_read_write##size(std::uintptr_t address) {                                           \
    access<false>(address, size, CHICANE_CALLER);                                                                 \
    access<true>(address, size, CHICANE_CALLER);                                                                  \
  }                                                                                                               \
  CHICANE_EXPORT void __tsan_volatile_read##size(std::uintptr_t address) {                                        \
    access<false>(address, size, CHICANE_CALLER);                                                                 \
  }                                                                                                               \
  CHICANE_EXPORT void __tsan_volatile_write##size(std::uintptr_t address) {                                       \
    access<true>(address, size, CHICANE_CALLER);                                                                  \
  }
#define CHICANE_UNALIGNED(size)                                                       \
  CHICANE_EXPORT void __tsan_unaligned_read##size(std::uintptr_t address) {           \
    access<false>(address, size, CHICANE_CALLER);                                     \
  }                                                                                   \
  CHICANE_EXPORT void __tsan_unaligned_write##size(std::uintptr_t address) {          \
    access<true>(address, size, CHICANE_CALLER);                                      \
  }                                                                                   \
  CHICANE_EXPORT void __tsan_unaligned_read_write##size(std::uintptr_t address) {     \
    access<false>(address, size, CHICANE_CALLER);                                     \
    access<true>(address, size, CHICANE_CALLER);                                      \
  }                                                                                   \
  CHICANE_EXPORT void __tsan_unaligned_volatile_read##size(std::uintptr_t address) {  \
    access<false>(address, size, CHICANE_CALLER);                                     \
  }                                                                                   \
  CHICANE_EXPORT void __tsan_unaligned_volatile_write##size(std::uintptr_t address) { \
    access<true>(address, size, CHICANE_CALLER);                                      \
  }

CHICANE_ACCESS(1)
CHICANE_ACCESS(2)
CHICANE_ACCESS(4)
CHICANE_ACCESS(8)
CHICANE_ACCESS(16)
CHICANE_UNALIGNED(2)
CHICANE_UNALIGNED(4)
CHICANE_UNALIGNED(8)
CHICANE_UNALIGNED(16)

CHICANE_EXPORT void __tsan_init() {}

CHICANE_EXPORT void __tsan_read_range(std::uintptr_t address, std::size_t bytes) {
  if (bytes != 0) access<false>(address, bytes, CHICANE_CALLER);
}
CHICANE_EXPORT void __tsan_write_range(std::uintptr_t address, std::size_t bytes) {
  if (bytes != 0) access<true>(address, bytes, CHICANE_CALLER);
}

// A constructor or destructor writes the same table pointer again and again on its way: no change, no conflict.
CHICANE_EXPORT void __tsan_vptr_update(void** pointer, void* value) {
  if (*pointer != value) access<true>(reinterpret_cast<std::uintptr_t>(pointer), sizeof(void*), CHICANE_CALLER);
}
CHICANE_EXPORT void __tsan_vptr_read(void** pointer) {
  access<false>(reinterpret_cast<std::uintptr_t>(pointer), sizeof(void*), CHICANE_CALLER);
}

CHICANE_EXPORT void* __tsan_memcpy(void* to, const void* from, std::size_t bytes) {
  if (bytes != 0) {
    access<false>(reinterpret_cast<std::uintptr_t>(from), bytes, CHICANE_CALLER);
    access<true>(reinterpret_cast<std::uintptr_t>(to), bytes, CHICANE_CALLER);
  }
  return std::memmove(to, from, bytes);
}
CHICANE_EXPORT void* __tsan_memmove(void* to, const void* from, std::size_t bytes) {
  if (bytes != 0) {
    access<false>(reinterpret_cast<std::uintptr_t>(from), bytes, CHICANE_CALLER);
    access<true>(reinterpret_cast<std::uintptr_t>(to), bytes, CHICANE_CALLER);
  }
  return std::memmove(to, from, bytes);
}
CHICANE_EXPORT void* __tsan_memset(void* to, int value, std::size_t bytes) {
  if (bytes != 0) access<true>(reinterpret_cast<std::uintptr_t>(to), bytes, CHICANE_CALLER);
  return std::memset(to, value, bytes);
}

CHICANE_EXPORT void __tsan_func_entry(void* call_site) {
  chicane::explore::Thread* thread = chicane::explore::current;
  if (thread == nullptr) return;
  const std::uint32_t depth = thread->depth++;
  const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  if (frame < thread->lowest_frame) thread->lowest_frame = frame;
  if (__builtin_expect(depth < chicane::explore::HandOff::most_frames, 1))
    thread->frames[depth] = reinterpret_cast<std::uintptr_t>(call_site);
}
CHICANE_EXPORT void __tsan_func_exit() {
  chicane::explore::Thread* thread = chicane::explore::current;
  if (thread != nullptr && thread->depth > 0) --thread->depth;
}
CHICANE_EXPORT void __tsan_ignore_thread_begin() {}
CHICANE_EXPORT void __tsan_ignore_thread_end() {}
