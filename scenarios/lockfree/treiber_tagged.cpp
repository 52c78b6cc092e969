// A stack without locks whose head has a tag that grows at each change. The interleaving that matters for its wrong
// twin, lockfree/treiber-aba, is a head that goes and comes back: here it comes back with another tag, the exchange
// fails, and the worker reads the link again. Without the tag, a bad run hands a node out twice.
#include <chicane/scenario.h>

#include "scenarios/lockfree/borrowing.h"

using TreiberTagged = Borrowing<Head::tagged>;

CHICANE_SCENARIO("lockfree/treiber-tagged", TreiberTagged)
    .says("a Treiber stack whose head has a tag")
    .operation("two nodes borrowed and given back")
    .tag("core");
