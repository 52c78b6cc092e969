// Tasks of five kinds on this family's own pool: one queue, one mutex. Any of its threads takes the next task, so that
// a long one holds up nobody, but all of them meet at the mutex, which is what tiny tasks cost. Results come by futures
// or an atomic, in any order; an exception is carried by its future and does not end the thread that ran the task.
// A task that waited for another one in its pool could stop it: see pools/waits-in-worker.
#include <chicane/scenario.h>

#include "scenarios/pools/kinds_of_task.h"
#include "scenarios/pools/mutex_pool.h"

CHICANE_SCENARIO("pools/tasks-mutex-pool", KindsOfTask<MutexPool>)
    .says("tasks of several kinds on a pool of one mutex " CHICANE_TASK_KINDS)
    .exactly_workers(1)
    .axis("kind", {1, 2, 3, 4, 5})
    .axis("threads", {2})
    .operation("tasks of one kind")
    .by_hand(
        "each task takes the one mutex twice, and idle threads sleep at once; oneTBB's arena has several queues, a "
        "lock each, and its threads look for work a while before they sleep")
    .tag("more");
