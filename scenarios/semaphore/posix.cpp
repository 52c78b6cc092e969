// The POSIX semaphore, sem_t, with two places. Taking a place and finding out that there is one are a single atomic
// step in the C library, so no interleaving lets a third worker in, and a release wakes a waiter if there is one.
// glibc's has no lost wake-up such as libstdc++ 12's counting_semaphore has (semaphore/at-most-two): a waiter that is
// counted is looked for at each release.
// A bad run would be three workers inside at once, or one that sleeps while a place is free.
#include <chicane/scenario.h>

#include "scenarios/semaphore/posix_semaphore.h"
#include "scenarios/semaphore/two_places.h"

using TwoPlacesPosix = TwoPlaces<PosixSemaphore>;

CHICANE_SCENARIO("semaphore/posix", TwoPlacesPosix)
    .says("a POSIX semaphore lets at most two workers in at once")
    .also_workers({3, 8})
    .tag("more")
    .tag("library");
