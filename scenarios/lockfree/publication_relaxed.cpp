// The publication of lockfree/publication-release with a relaxed flag. No interleaving of whole statements is wrong;
// what matters is that nothing orders the message before the flag. x86 keeps the order of stores, and the compiler
// happens to, so that real runs look right: it is a data race all the same, and wrong on ARM or POWER. A bad run there
// reads the flag, and then a message that is not there yet.
#include <chicane/scenario.h>

#include <atomic>

#include "scenarios/lockfree/publication.h"

using RelaxedPublication = Publication<std::memory_order_relaxed, std::memory_order_relaxed>;

CHICANE_SCENARIO("lockfree/publication-relaxed", RelaxedPublication)
    .says("a relaxed store of a flag publishes a message")
    .role<&RelaxedPublication::write>("write")
    .role<&RelaxedPublication::follow>("follow")
    .must(chicane::data_race.at("Publication::write").on("messages", &RelaxedPublication::messages))
    .may(chicane::wrong_result, "a CPU or a compiler that reorders the stores lets the reader see an old message")
    .exactly_workers(2)
    .operation("one message published or read")
    .tag("more");
