// The tasks of pools/tasks-mutex-pool, enqueued into an arena of oneTBB: each goes to one of several queues, at random,
// and any thread takes from any of them. Nothing of the tasks depends on which thread runs them, nor on their order.
// A bad run would lose a task: the wait for them would never end.
#include <chicane/scenario.h>

#include "scenarios/pools/kinds_of_task.h"
#include "scenarios/pools/tbb_arena_tasks.h"

CHICANE_SCENARIO("pools/tasks-tbb-arena", KindsOfTask<TbbArenaTasks>)
    .says("tasks of several kinds in a oneTBB task_arena " CHICANE_TASK_KINDS)
    .exactly_workers(1)
    .axis("kind", {1, 2, 3, 4, 5})
    .axis("threads", {2})
    .operation("tasks of one kind")
    .tag("more")
    .tag("library");
