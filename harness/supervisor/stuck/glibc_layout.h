// Where the C library keeps what a blocked thread waits on, counted from the address of its futex. Known for glibc's
// x86-64 layout, which static programs have compiled in since 2.25 (rwlocks, condition variables) and before (mutexes),
// so that it can't change; held against the headers here. On other machines nothing is told from memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <pthread.h>

#include <linux/futex.h>

namespace chicane::stuck {

inline bool is_private_futex(std::uint64_t operation) { return (operation & FUTEX_PRIVATE_FLAG) != 0; }

#if defined(__x86_64__) && defined(__GLIBC__)
inline constexpr bool layout_is_known = true;
// Words of a mutex, whose first one is the futex.
static_assert(offsetof(pthread_mutex_t, __data.__lock) == 0 && offsetof(pthread_mutex_t, __data.__owner) == 8 &&
              offsetof(pthread_mutex_t, __data.__kind) == 16);
inline constexpr std::size_t mutex_lock = 0, mutex_owner = 2;
// A rwlock's two futexes, and its writer as seen from each.
static_assert(offsetof(pthread_rwlock_t, __data.__wrphase_futex) == 8 &&
              offsetof(pthread_rwlock_t, __data.__writers_futex) == 12 &&
              offsetof(pthread_rwlock_t, __data.__cur_writer) == 24);
inline constexpr std::size_t writer_from_phase = 4, writer_from_writers = 3;
#else
inline constexpr bool layout_is_known = false;
inline constexpr std::size_t mutex_lock = 0, mutex_owner = 2, writer_from_phase = 4, writer_from_writers = 3;
#endif
// A condition variable's futexes lie within it, wherever that version has them.
inline constexpr std::uint64_t condition_bytes = sizeof(pthread_cond_t);

}  // namespace chicane::stuck
