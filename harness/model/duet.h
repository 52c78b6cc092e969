// What the two runners of a duet share: a page on which they take turns, slice by slice, and write down how long each
// took. The driver maps it too: it reads the result, and says when a side is gone.
//
// Slices come in pairs, one of each side with the same turns and seed, in an order drawn for each pair; pair 0 warms
// up. While one side plays, the other's main thread sleeps in the kernel (futex) and its workers have ended or sleep:
// what it used of the CPU meanwhile stands beside each slice.
#pragma once

#include <atomic>
#include <cstdint>

#include "harness/model/mixing.h"

namespace chicane {

struct DuetBoard {
  static constexpr std::uint32_t most_pairs = 512;
  struct Slice {
    std::int64_t region_ns = 0;      // first begin to last end over its workers
    std::int64_t paused_cpu_ns = 0;  // CPU time that this side used since its last slice, while it should have slept
  };
  std::atomic<std::uint32_t> next;   // the slice that may be played; waited on
  std::atomic<std::uint32_t> ready;  // bit 1 << side: its environment is built
  std::atomic<std::uint32_t> gone;   // bit 1 << side: it plays no more
  Slice slices[2][most_pairs + 1];
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free);  // between processes

// The side that plays slice `slice` (0 … 2 · (pairs + 1) − 1).
constexpr std::uint32_t duet_side(std::uint64_t seed, std::uint32_t slice) {
  return ((mixed_seed(seed, slice / 2) >> 32) ^ slice) & 1;
}

}  // namespace chicane
