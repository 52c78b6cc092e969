// Double-checked initialisation with a plain pointer. The interleaving that matters: one worker stores the pointer
// under the lock while another reads it without. Nothing orders the two, nor the building of the value before its use:
// on a CPU or with a compiler that reorders the stores, a bad run reads settings that are not built yet.
#include <chicane/scenario.h>

#include "scenarios/lockfree/double_checked.h"

using DoubleCheckedPlain = DoubleChecked<Settings*>;

CHICANE_SCENARIO("lockfree/double-checked-plain", DoubleCheckedPlain)
    .says("double-checked initialisation that publishes by a plain pointer")
    .must(chicane::data_race.at("DoubleChecked::get").on("built", &DoubleCheckedPlain::built))
    .may(chicane::data_race.at("DoubleChecked::work").on("storage", &DoubleCheckedPlain::storage),
         "only a worker that saw the pointer reads the settings")
    .may(chicane::wrong_result, "a CPU or a compiler that reorders the stores shows settings that are not built")
    .operation("one look at the settings")
    .tag("more");
