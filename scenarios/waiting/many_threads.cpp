// A hundred tasks that wait at once, each on a thread of its own: a stack, a kernel thread and two context switches for
// each. The latch orders what the driver did before it opened it before what each thread does after.
// A bad run could only be a thread that was not woken: the joins would never end.
#include "scenarios/waiting/waiting_threads.h"

CHICANE_SCENARIO("waiting/many-threads", WaitingThreads)
    .says("a hundred tasks wait at once, each on a thread of its own")
    .not_judged_in("explore", "a search through the orders of a hundred threads would see next to nothing of them")
    .exactly_workers(1)
    .axis("tasks", {100})
    .operation("waiting tasks")
    .tag("more");
