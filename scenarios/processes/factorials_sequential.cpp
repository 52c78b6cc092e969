// The work of processes/factorials by one worker with plain memory: the line that threads and processes have to beat.
// Nothing is shared, so no interleaving matters.
// A bad run could only come from the arithmetic: a digest that differs from the one found without big integers.
#include <chicane/scenario.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "scenarios/processes/factorials.h"

struct SequentialFactorials {
  std::uint64_t next = 0;
  std::uint64_t contradictions = 0;
  std::array<std::uint32_t, factorial_count> digests{};

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::size_t which = next++ % factorial_count;
      const std::uint32_t digest = factorial_digest(first_factorial + static_cast<std::uint32_t>(which));
      if (digests[which] != 0 && digests[which] != digest) ++contradictions;
      digests[which] = digest;
    }
  }
  void check(chicane::Check& check) const {
    check.equal("turns taken", next, check.operations());
    check.equal("contradictions", contradictions, 0);
    for (std::size_t i = 0; i < factorial_count && i < check.operations(); ++i)
      check.equal("digest", digests[i], expected_digest(first_factorial + static_cast<std::uint32_t>(i)));
  }
};

CHICANE_SCENARIO("processes/factorials-sequential", SequentialFactorials)
    .says("the same factorials, one after the other")
    .exactly_workers(1)
    .operation("one factorial")
    .tag("more");
