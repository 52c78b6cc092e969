// Publication through a flag. The release store of the flag comes after the message in everybody's eyes, and an acquire
// load that sees the flag sees the message: in whatever interleaving, who sees the one sees the other.
// With relaxed operations, as in lockfree/publication-relaxed, nothing orders the two.
#include <chicane/scenario.h>

#include <atomic>

#include "scenarios/lockfree/publication.h"

using ReleasePublication = Publication<std::memory_order_release, std::memory_order_acquire>;

CHICANE_SCENARIO("lockfree/publication-release", ReleasePublication)
    .says("a release store of a flag publishes a message, an acquire load follows it")
    .role<&ReleasePublication::write>("write")
    .role<&ReleasePublication::follow>("follow")
    .exactly_workers(2)
    .operation("one message published or read")
    .tag("more");
