// A scenario that does nothing: what a trial of it takes is the harness's own.
#include <chicane/scenario.h>

namespace {

struct Empty {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("empty/empty", Empty).says("does nothing");

}  // namespace
