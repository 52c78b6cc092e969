// Two loops for disassembly_test.py: the harness's, and the plain one that the optimizer folds.
#include <chicane/scenario.h>

struct UnlockedCounter {
  long total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) ++total;
  }
};
CHICANE_SCENARIO("loops/counter", UnlockedCounter);

extern "C" void folded_loop(long* total, unsigned long turns) {
  for (unsigned long turn = 0; turn < turns; ++turn) ++*total;
}
