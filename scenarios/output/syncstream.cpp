// std::osyncstream collects the pieces of a line and hands them over whole when it goes out of scope, under a lock that
// the library keeps for each stream buffer. In whatever interleaving the pieces are collected, lines come out one by
// one. Safe only if all who print do so: a bad run has a worker that prints to the stream itself.
#include <chicane/scenario.h>

#include <syncstream>

#include "scenarios/output/printing.h"

struct PrintSynchronised {
  void print(Page& page, std::uint32_t worker, std::uint64_t number) {
    std::osyncstream out(&page);
    out << "worker " << worker << " line " << number << '\n';
  }
};

using SynchronisedOutput = Printing<PrintSynchronised>;

CHICANE_SCENARIO("output/syncstream", SynchronisedOutput)
    .says("workers print lines to one stream through a std::osyncstream each")
    .operation("one line printed")
    .tag("more");
