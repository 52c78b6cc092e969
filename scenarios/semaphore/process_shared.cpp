// A semaphore in memory that the workers share, threads or processes: at most two of them inside, in any interleaving,
// though they have nothing else in common. std::counting_semaphore would not do: it is for the threads of one process.
// A process that dies inside keeps its place for ever: a semaphore has no owner that could be found dead, as a robust
// mutex has (counter/robust-mutex). A bad run would be three workers inside at once.
#include <chicane/process_shared.h>
#include <chicane/scenario.h>

#include "scenarios/semaphore/two_places.h"

using TwoPlacesOfProcesses = TwoPlaces<chicane::ProcessSemaphore>;

CHICANE_SCENARIO("semaphore/process-shared", TwoPlacesOfProcesses)
    .says("a process-shared semaphore lets at most two workers, threads or processes, in at once")
    .workers_are(chicane::threads | chicane::processes)
    .also_workers({3, 8})
    .tag("more");
