// The POSIX semaphore of semaphore/posix, and how long a worker waits for one of its two places. With two workers there
// is always a place; with more, one of them sleeps and has to be woken, or finds the place gone again when it is awake.
// Right for the same reason as its twin. A bad run would be three workers inside at once.
#include <chicane/scenario.h>

#include "scenarios/semaphore/posix_semaphore.h"
#include "scenarios/semaphore/two_places.h"

using TimedPlaces = TwoPlaces<PosixSemaphore>;

CHICANE_SCENARIO("semaphore/posix-latency", TimedPlaces)
    .says("how long workers wait for one of the two places of a POSIX semaphore")
    .also_workers({3, 8})
    .latency("from wanting a place to having it")
    .operation("once in and out, with time stamps")
    .tag("more");
