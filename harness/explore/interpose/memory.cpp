// malloc and its family, and operator new and delete: whose memory is whose, and what has been given back.
#include <cstring>
#include <malloc.h>
#include <new>

#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/explore/interpose/call.h"

extern "C" {
void* __libc_malloc(std::size_t);
void __libc_free(void*);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

using namespace chicane::explore;

namespace {

void* noted(Thread* thread, void* memory, std::size_t bytes, std::uintptr_t pc) {
  if (thread == nullptr || memory == nullptr) return memory;
  const Inside inside(*thread);
  engine().allocated(*thread, memory, bytes, malloc_usable_size(memory), pc);
  return memory;
}

void give_back(Thread* thread, void* memory, std::uintptr_t pc) {
  if (memory == nullptr) return;
  if (thread == nullptr) {
    __libc_free(memory);
    return;
  }
  const Inside inside(*thread);
  engine().release(*thread, memory, malloc_usable_size(memory), pc);  // what is kept is freed after the schedule
}

void* resized(Thread* thread, void* memory, std::size_t bytes, std::uintptr_t pc) {
  if (thread == nullptr) return __libc_realloc(memory, bytes);
  if (memory == nullptr) return noted(thread, __libc_malloc(bytes), bytes, pc);
  if (bytes == 0) {
    give_back(thread, memory, pc);
    return nullptr;
  }
  // Always to another place: the old one must be known as given back.
  const std::size_t before = malloc_usable_size(memory);
  void* moved = noted(thread, __libc_malloc(bytes), bytes, pc);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, before < bytes ? before : bytes);
  give_back(thread, memory, pc);
  return moved;
}

void* new_or_throw(std::size_t bytes, std::size_t alignment, std::uintptr_t pc) {
  for (;;) {
    void* memory = alignment == 0 ? __libc_malloc(bytes == 0 ? 1 : bytes) : __libc_memalign(alignment, bytes);
    if (memory != nullptr) return noted(current, memory, bytes, pc);
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

CHICANE_EXPORT void* malloc(std::size_t bytes) noexcept {
  return noted(current, __libc_malloc(bytes), bytes, CHICANE_CALLER);
}
CHICANE_EXPORT void free(void* memory) noexcept { give_back(current, memory, CHICANE_CALLER); }
CHICANE_EXPORT void* calloc(std::size_t count, std::size_t bytes) noexcept {
  return noted(current, __libc_calloc(count, bytes), count * bytes, CHICANE_CALLER);
}
CHICANE_EXPORT void* realloc(void* memory, std::size_t bytes) noexcept {
  return resized(current, memory, bytes, CHICANE_CALLER);
}
CHICANE_EXPORT void* reallocarray(void* memory, std::size_t count, std::size_t bytes) noexcept {
  std::size_t whole = 0;
  if (__builtin_mul_overflow(count, bytes, &whole)) {
    errno = ENOMEM;
    return nullptr;
  }
  return resized(current, memory, whole, CHICANE_CALLER);
}
CHICANE_EXPORT void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
  return noted(current, __libc_memalign(alignment, bytes), bytes, CHICANE_CALLER);
}
CHICANE_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  return noted(current, __libc_memalign(alignment, bytes), bytes, CHICANE_CALLER);
}
CHICANE_EXPORT int posix_memalign(void** where, std::size_t alignment, std::size_t bytes) noexcept {
  if (alignment % sizeof(void*) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void* memory = noted(current, __libc_memalign(alignment, bytes), bytes, CHICANE_CALLER);
  if (memory == nullptr) return ENOMEM;
  *where = memory;
  return 0;
}

// Fresh pages may lie where others have been.
CHICANE_EXPORT void* mmap(void* where, std::size_t bytes, int protection, int flags, int fd, off_t offset) noexcept {
  void* memory = reinterpret_cast<void*>(real().syscall(SYS_mmap, where, bytes, protection, flags, fd, offset));
  if (Thread* thread = current; thread != nullptr && memory != MAP_FAILED) {
    const Inside inside(*thread);
    engine().races.shadow().clear(reinterpret_cast<std::uintptr_t>(memory), bytes);
  }
  return memory;
}

#define CHICANE_NEW(name)                                                                                      \
  void* operator new name(std::size_t bytes) { return new_or_throw(bytes, 0, CHICANE_CALLER); }                \
  void* operator new name(std::size_t bytes, std::align_val_t alignment) {                                     \
    return new_or_throw(bytes, static_cast<std::size_t>(alignment), CHICANE_CALLER);                           \
  }                                                                                                            \
  void* operator new name(std::size_t bytes, const std::nothrow_t&) noexcept {                                 \
    return noted(current, __libc_malloc(bytes == 0 ? 1 : bytes), bytes, CHICANE_CALLER);                       \
  }                                                                                                            \
  void* operator new name(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {     \
    return noted(current, __libc_memalign(static_cast<std::size_t>(alignment), bytes), bytes, CHICANE_CALLER); \
  }
#define CHICANE_DELETE(name)                                                                                         \
  void operator delete name(void* memory) noexcept { give_back(current, memory, CHICANE_CALLER); }                   \
  void operator delete name(void* memory, std::size_t) noexcept { give_back(current, memory, CHICANE_CALLER); }      \
  void operator delete name(void* memory, std::align_val_t) noexcept { give_back(current, memory, CHICANE_CALLER); } \
  void operator delete name(void* memory, std::size_t, std::align_val_t) noexcept {                                  \
    give_back(current, memory, CHICANE_CALLER);                                                                      \
  }                                                                                                                  \
  void operator delete name(void* memory, const std::nothrow_t&) noexcept {                                          \
    give_back(current, memory, CHICANE_CALLER);                                                                      \
  }                                                                                                                  \
  void operator delete name(void* memory, std::align_val_t, const std::nothrow_t&) noexcept {                        \
    give_back(current, memory, CHICANE_CALLER);                                                                      \
  }

#define CHICANE_SINGLE
CHICANE_NEW(CHICANE_SINGLE)
CHICANE_NEW([])
CHICANE_DELETE(CHICANE_SINGLE)
CHICANE_DELETE([])
