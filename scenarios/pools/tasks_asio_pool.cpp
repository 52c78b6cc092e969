// The tasks of pools/tasks-mutex-pool on Boost.Asio's thread_pool. It too has one queue under one mutex, also for what
// a task posts, and its idle threads sleep at a condition variable. Nothing of the tasks depends on which thread runs
// them, nor on their order.
// A bad run would lose a task: the wait for them would never end.
#include <chicane/scenario.h>

#include "scenarios/pools/asio_thread_pool.h"
#include "scenarios/pools/kinds_of_task.h"

CHICANE_SCENARIO("pools/tasks-asio-pool", KindsOfTask<AsioThreadPool>)
    .says("tasks of several kinds on Boost.Asio's thread_pool " CHICANE_TASK_KINDS)
    .exactly_workers(1)
    .axis("kind", {1, 2, 3, 4, 5})
    .axis("threads", {2})
    .operation("tasks of one kind")
    .tag("more")
    .tag("library");
