// Messages through a pipe: the kernel copies them in and out, keeps their order, and lets the writer wait while the
// pipe is full and the reader while it is empty. No interleaving matters: the two have nothing else in common. The
// reader may get part of a message, and asks for the rest. Without that, a bad run takes the middle of a message for
// the beginning of the next.
#include <chicane/scenario.h>

#include "scenarios/processes/pipe_channel.h"
#include "scenarios/processes/talking.h"

using TalkingByPipe = Talking<Pipe>;

CHICANE_SCENARIO("processes/messages-pipe", TalkingByPipe)
    .says("one worker, thread or process, sends messages to another through a pipe")
    .role<&TalkingByPipe::send>("send")
    .role<&TalkingByPipe::receive>("receive")
    .exactly_workers(2)
    .workers_are(chicane::threads | chicane::processes)
    .axis("bytes", {65536, 64})
    .operation("one message sent or received")
    .not_judged_in("explore", "when the kernel has a pipe ready is not part of the schedule, so it need not replay")
    .tag("more");
