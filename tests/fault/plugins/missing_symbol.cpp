// Needs a function that no library has.
#include "fault.h"

extern void nobody_has_this_function();

namespace {

CHICANE_SCENARIO("fault/missing-symbol", fault::InTheLoop<[] { nobody_has_this_function(); }>).exactly_workers(2);

}  // namespace
