// The detached thread of memory/detached-leak with an owner for its result: it goes when the thread ends.
// The interleaving that matters is a thread that still runs when the trial ends; it then holds what it has allocated,
// which is no leak.
#include <chicane/scenario.h>

#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

struct DetachedOwned {
  std::size_t told = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto done = std::make_shared<std::binary_semaphore>(0);
      std::thread([this, done] {
        const auto result = std::make_unique<std::vector<long>>(4);
        told += result->size();
        done->release();
      }).detach();
      done->acquire();
    }
  }
  void check(chicane::Check& check) const { check.equal("told", told, 4 * check.operations()); }
};

CHICANE_SCENARIO("memory/detached-owned", DetachedOwned)
    .says("a detached thread frees its result when it ends")
    .exactly_workers(1)
    .tag("more");
