// A stack without locks whose head says no more than which node is on top. The interleaving that matters is ABA: worker
// 1 reads the head A and its link B; worker 2 pops A, pops B, pushes A back; worker 1's exchange finds A and makes B
// the head, though worker 2 still has it. Every access is atomic: there is no data race. A bad run: node B is handed
// out twice, and the nodes below A are lost.
#include <chicane/scenario.h>

#include "scenarios/lockfree/borrowing.h"

using TreiberAba = Borrowing<Head::plain>;

CHICANE_SCENARIO("lockfree/treiber-aba", TreiberAba)
    .says("a Treiber stack that can't tell a head that came back from one that never went")
    .must(chicane::wrong_result.in("explore"))
    .operation("two nodes borrowed and given back")
    .tag("core");
