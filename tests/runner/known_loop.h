// A loop whose instructions are known, for what counts them.
#pragma once

#include <cstdint>

#if defined(__x86_64__) || defined(__aarch64__)
inline constexpr bool has_known_loop = true;
#else
inline constexpr bool has_known_loop = false;
#endif

// Two instructions a turn; at least one turn.
inline void known_loop(std::uint64_t turns) {
#if defined(__x86_64__)
  asm volatile("1: decq %0\n\tjnz 1b" : "+r"(turns) : : "cc");
#elif defined(__aarch64__)
  asm volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(turns) : : "cc");
#endif
}
