// A line is printed in pieces, and each << is a write of its own. The interleaving that matters is another worker's
// piece between two of them. Each worker has an ostream of its own on the one page, so there is no data race, and
// nothing for ThreadSanitizer to see: std::cout, too, keeps its characters in order and no more. A bad run: "worker
// worker 1 line 0" and then "0 line 0".
#include <chicane/scenario.h>

#include <ostream>

#include "scenarios/output/printing.h"

struct PrintPieces {
  void print(Page& page, std::uint32_t worker, std::uint64_t number) {
    std::ostream out(&page);
    out << "worker " << worker << " line " << number << '\n';
  }
};

using UnsynchronisedOutput = Printing<PrintPieces>;

CHICANE_SCENARIO("output/unsynchronised", UnsynchronisedOutput)
    .says("workers print lines to one stream, piece by piece")
    .must(chicane::torn_output.at("lines"))
    .operation("one line printed")
    .tag("core");
