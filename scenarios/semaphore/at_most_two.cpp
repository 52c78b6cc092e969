// A semaphore with two places. acquire() takes a place or waits; seeing a free place and taking it are one atomic step,
// so no third worker comes between the two, whatever the interleaving: the high-water mark never passes 2.
// What can go wrong is not the bound but the wake-up: see the findings that it may show, below. One such bad run: all
// workers but one have ended, both places are free, and the last worker sleeps in acquire() for ever.
#include <chicane/scenario.h>

#include <semaphore>

#include "scenarios/semaphore/two_places.h"

using AtMostTwo = TwoPlaces<std::counting_semaphore<>>;

constexpr const char* lost_wakeup_of_libstdcxx =
    "libstdc++ 12's counting_semaphore can sleep for ever: a waiter reads a count above 0, the places are taken and "
    "given back meanwhile, and it then waits for that count to change, which no release announces (fixed upstream)";

CHICANE_SCENARIO("semaphore/at-most-two", AtMostTwo)
    .says("a std::counting_semaphore lets at most two workers in at once")
    .may(chicane::hang, lost_wakeup_of_libstdcxx)
    .may(chicane::lost_wakeup, lost_wakeup_of_libstdcxx)
    .also_workers({3})
    .tag("core")
    .tag("library");
