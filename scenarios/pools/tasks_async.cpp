// The tasks of pools/tasks-mutex-pool with a thread for each, by std::async: what a pool spares its tasks. The nested
// ones start threads from threads; the list of futures is under a mutex, and is looked at again until it stays empty.
// With the list unlocked, a bad run loses a future, whose destructor then waits where nobody expects it.
#include <chicane/scenario.h>

#include "scenarios/pools/async_calls.h"
#include "scenarios/pools/kinds_of_task.h"

CHICANE_SCENARIO("pools/tasks-async", KindsOfTask<AsyncCalls>)
    .says("tasks of several kinds, each by std::async " CHICANE_TASK_KINDS)
    .exactly_workers(1)
    .axis("kind", {1, 2, 3, 4, 5})
    .axis("threads", {2})
    .operation("tasks of one kind")
    .tag("more")
    .tag("library");
