// Each turn starts a detached thread, which makes a result, tells its size and forgets the result.
// No interleaving matters: the result is lost in every run, since nobody has its address when the thread has ended.
// A bad run is slowly out of memory, and nothing else shows it.
#include <chicane/scenario.h>

#include <memory>
#include <semaphore>
#include <thread>
#include <vector>

struct DetachedLeak {
  std::size_t told = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      const auto done = std::make_shared<std::binary_semaphore>(0);
      std::thread([this, done] {
        const auto* const result = new std::vector<long>(4);
        told += result->size();
        done->release();
      }).detach();
      done->acquire();
    }
  }
  void check(chicane::Check& check) const { check.equal("told", told, 4 * check.operations()); }
};

CHICANE_SCENARIO("memory/detached-leak", DetachedLeak)
    .says("a detached thread forgets to free its result")
    .must(chicane::leak.at("DetachedLeak::work"))
    .exactly_workers(1)
    .tag("more");
