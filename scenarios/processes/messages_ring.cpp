// Messages through a ring in memory that both workers map. The release store of the head orders a message before it,
// the acquire load of who sees that head reads the message after it; the tail does the same for places that may be used
// again. Lock-free atomics do that between processes as between threads. Who has to wait looks again and again.
// With relaxed operations a bad run reads a message that is not written yet, as queue/spsc-ring-relaxed does.
#include <chicane/scenario.h>

#include "scenarios/processes/lock_free_ring.h"
#include "scenarios/processes/talking.h"

using TalkingByRing = Talking<LockFreeRing>;

CHICANE_SCENARIO("processes/messages-ring", TalkingByRing)
    .says("one worker, thread or process, sends messages to another through a lock-free ring in shared memory")
    .role<&TalkingByRing::send>("send")
    .role<&TalkingByRing::receive>("receive")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .axis("bytes", {65536, 64})
    .operation("one message sent or received")
    .tag("more");
