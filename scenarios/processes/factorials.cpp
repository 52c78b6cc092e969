// Workers, as threads or as processes over shared memory, take numbers from one atomic index: fetch_add gives each turn
// a number of its own, whatever the interleaving. Two turns that come round to the same number store the same digest
// into the same atomic. Safe because atomics that are lock-free work between processes as between threads; the big
// integers live in each worker's own memory.
// With a plain index, a bad run skips or repeats numbers, and "turns taken" is short.
#include "scenarios/processes/factorials.h"

#include <chicane/scenario.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

struct Factorials {
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "a lock inside would not be shared by processes");

  std::atomic<std::uint64_t> next = 0;
  std::atomic<std::uint64_t> contradictions = 0;  // a number's digest that differs from the one stored before
  std::array<std::atomic<std::uint32_t>, factorial_count> digests{};

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::size_t which = next.fetch_add(1) % factorial_count;
      const std::uint32_t digest = factorial_digest(first_factorial + static_cast<std::uint32_t>(which));
      const std::uint32_t before = digests[which].exchange(digest);
      if (before != 0 && before != digest) contradictions.fetch_add(1);
    }
  }
  void check(chicane::Check& check) const {
    check.equal("turns taken", next.load(), check.operations());
    check.equal("contradictions", contradictions.load(), 0);
    for (std::size_t i = 0; i < factorial_count && i < check.operations(); ++i)
      check.equal("digest", digests[i].load(), expected_digest(first_factorial + static_cast<std::uint32_t>(i)));
  }
};

CHICANE_SCENARIO("processes/factorials", Factorials)
    .says("workers share out factorials with big integers through one atomic index")
    .workers_are(chicane::threads | chicane::processes)
    .operation("one factorial")
    .tag("core");
