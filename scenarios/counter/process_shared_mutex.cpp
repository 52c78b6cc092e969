// counter/locked with a mutex that also works between processes: a POSIX mutex that is process-shared and robust. One
// worker at a time is inside in any interleaving, whether workers are threads or processes over one mapping.
// The price is a longer way through the C library. With a std::mutex in shared memory, a bad run of processes aborts or
// waits for ever.
#include <chicane/process_shared.h>
#include <chicane/scenario.h>

#include "scenarios/counter/guarded_counter.h"

using CounterUnderProcessMutex = GuardedCounter<chicane::ProcessMutex>;

CHICANE_SCENARIO("counter/process-shared-mutex", CounterUnderProcessMutex)
    .says("workers, threads or processes, add to one counter under a process-shared mutex")
    .workers_are(chicane::threads | chicane::processes)
    .also_workers({5})
    .tag("more");
