// There and back through two pipes, a system call for each step. What matters is an asker that reads before the answer
// is written: it sleeps until then. Right for the reason that messages-pipe gives.
// A bad run takes an old message for the answer.
#include <chicane/scenario.h>

#include "scenarios/processes/pipe_channel.h"
#include "scenarios/processes/round_trips.h"

using RoundTripsByPipe = RoundTrips<Pipe>;

CHICANE_SCENARIO("processes/round-trip-pipe", RoundTripsByPipe)
    .says("one worker, thread or process, asks another through a pipe and waits for the answer")
    .role<&RoundTripsByPipe::ask>("ask")
    .role<&RoundTripsByPipe::answer>("answer")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .latency("from asking to the answer")
    .operation("one message there or back")
    .not_judged_in("explore", "when the kernel has a pipe ready is not part of the schedule, so it need not replay")
    .tag("more");
