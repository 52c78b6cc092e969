// The tasks of waiting/many-threads, but ten thousand, as far as the host goes: it is their number that is of interest,
// in time and memory, against the coroutines of waiting/many-coroutines. Limits on processes are limits on threads too.
// A bad run could only be a thread that was not woken: the joins would never end.
#include "scenarios/waiting/waiting_threads.h"

CHICANE_SCENARIO("waiting/ten-thousand-threads", WaitingThreads)
    .says("ten thousand tasks wait at once, each on a thread of its own, as far as the host goes")
    .may(chicane::limit_exceeded, "a host may allow fewer threads")
    .not_judged_in("stress", "it would hold up the whole host for no more than waiting/many-threads shows")
    .not_judged_in("tsan", "minutes and 2 GB for no more than waiting/many-threads shows")
    .not_judged_in("asan", "minutes and 2 GB for no more than waiting/many-threads shows")
    .not_judged_in("explore", "a search through the orders of so many threads would see next to nothing of them")
    .exactly_workers(1)
    .axis("tasks", {10'000})
    .time_limit_ms(120'000)
    .operation("waiting tasks")
    .tag("more");
