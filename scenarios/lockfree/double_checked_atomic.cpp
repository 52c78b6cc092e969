// Double-checked initialisation with an atomic pointer: whoever sees the pointer sees the value that was built before
// it was stored. The interleaving that matters for the wrong twin, lockfree/double-checked-plain, is a reader between
// building and publishing, which here finds no pointer yet and waits for the lock.
#include <chicane/scenario.h>

#include <atomic>

#include "scenarios/lockfree/double_checked.h"

using DoubleCheckedAtomic = DoubleChecked<std::atomic<Settings*>>;

CHICANE_SCENARIO("lockfree/double-checked-atomic", DoubleCheckedAtomic)
    .says("double-checked initialisation that publishes by an atomic pointer")
    .operation("one look at the settings")
    .tag("more");
