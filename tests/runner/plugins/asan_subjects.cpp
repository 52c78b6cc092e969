// What the asan build's sanitizers find, one fault a scenario, all on worker 1 only; and one that does nothing wrong.
#include <chicane/scenario.h>

#include <climits>
#include <cstdlib>
#include <memory>
#include <thread>

namespace {

// So that the compiler sees none of the faults.
template <typename T>
T hidden(T value) {
  asm volatile("" : "+r"(value));
  return value;
}

struct Fault {
  virtual ~Fault() = default;
  virtual void make() = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker)
      if (worker.index() == 1) make();
  }
};

struct HeapOverflow : Fault {
  void make() override {
    const auto block = std::make_unique<char[]>(10);
    hidden(block.get())[10] = 1;
  }
};
CHICANE_SCENARIO("asan/heap-overflow", HeapOverflow);

struct StackOverflow : Fault {
  void make() override {
    char block[10] = {};
    hidden(&block[0])[hidden(10)] = 1;
  }
};
CHICANE_SCENARIO("asan/stack-overflow", StackOverflow);

char global_block[10];
struct GlobalOverflow : Fault {
  void make() override { hidden(&global_block[0])[hidden(11)] = 1; }
};
CHICANE_SCENARIO("asan/global-overflow", GlobalOverflow);

struct UseAfterFree : Fault {
  void make() override {
    long* block = new long(1);
    std::thread([block] {
      delete block;
      chicane::clobber();  // no tail call: the frame stays
    }).join();
    chicane::keep(*hidden(block));
  }
};
CHICANE_SCENARIO("asan/use-after-free", UseAfterFree);

struct DoubleFree : Fault {
  void make() override {
    void* block = std::malloc(8);
    std::free(block);
    std::free(hidden(block));
    chicane::clobber();
  }
};
CHICANE_SCENARIO("asan/double-free", DoubleFree);

struct SignedOverflow : Fault {
  void make() override { chicane::keep(hidden(INT_MAX) + 1); }
};
CHICANE_SCENARIO("asan/signed-overflow", SignedOverflow);

struct Unreachable : Fault {
  void make() override { __builtin_unreachable(); }
};
CHICANE_SCENARIO("asan/unreachable", Unreachable);

struct Leaks : Fault {
  void make() override { *hidden(new long) = 1; }
};
CHICANE_SCENARIO("asan/leak", Leaks);

struct Right : Fault {
  std::unique_ptr<long> kept;
  void make() override {
    kept = std::make_unique<long>(2);
    *kept += 1;
  }
};
CHICANE_SCENARIO("asan/right", Right);

}  // namespace
