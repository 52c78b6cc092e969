// The pieces of output/unsynchronised, printed under one mutex: no other worker's piece comes between two of a line, in
// any interleaving. Safe as long as everybody who prints takes the same mutex.
// One worker that prints without it makes a bad run: its pieces stand in the midst of others' lines.
#include <chicane/scenario.h>

#include <mutex>
#include <ostream>

#include "scenarios/output/printing.h"

struct PrintUnderMutex {
  std::mutex mutex;

  void print(Page& page, std::uint32_t worker, std::uint64_t number) {
    const std::lock_guard lock(mutex);
    std::ostream out(&page);
    out << "worker " << worker << " line " << number << '\n';
  }
};

using OutputUnderMutex = Printing<PrintUnderMutex>;

CHICANE_SCENARIO("output/mutex", OutputUnderMutex)
    .says("workers print lines to one stream under a mutex")
    .operation("one line printed")
    .tag("more");
