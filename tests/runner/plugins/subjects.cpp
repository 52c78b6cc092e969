// Scenarios that show the runner every way a worker, a check or a constructor can go. Compiled into the unit tests and
// into a plugin.
#include <chicane/open_loop.h>
#include <chicane/scenario.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <pthread.h>
#include <signal.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/runner/known_loop.h"

namespace {

struct AtomicCounter {
  std::atomic<long> total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) total.fetch_add(1, std::memory_order_relaxed);
  }
  void check(chicane::Check& check) const { check.equal("total", total.load(), check.operations()); }
};
CHICANE_SCENARIO("subject/atomic", AtomicCounter)
    .says("right")
    .workers_are(chicane::threads | chicane::processes)
    .items_per_operation(3);

// Each of the following goes wrong on worker 1 only: worker 0 must come home all the same.
struct Leaver {
  void work(chicane::Worker& worker) {
    int turns = 0;
    for (auto _ : worker)
      if (worker.index() == 1 && ++turns == 4) break;
  }
};
CHICANE_SCENARIO("subject/leaver", Leaver).workers_are(chicane::threads | chicane::processes);

struct Thrower {
  void work(chicane::Worker& worker) {
    int turns = 0;
    for (auto _ : worker)
      if (worker.index() == 1 && ++turns == 2) throw std::runtime_error("no more");
  }
};
CHICANE_SCENARIO("subject/thrower", Thrower).workers_are(chicane::threads | chicane::processes);

struct Idler {
  void work(chicane::Worker& worker) {
    if (worker.index() == 1) return;
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("subject/idler", Idler).workers_are(chicane::threads | chicane::processes);

struct TwoLoops {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
    if (worker.index() == 1)
      for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("subject/two-loops", TwoLoops);

struct Killed {
  void work(chicane::Worker& worker) {
    for (auto _ : worker)
      if (worker.index() == 1) kill(getpid(), SIGKILL);
  }
};
CHICANE_SCENARIO("subject/killed", Killed).workers_are(chicane::processes);

struct Exits {
  void work(chicane::Worker& worker) {
    if (worker.index() == 1) std::_Exit(7);  // before its loop: peers wait at its start
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("subject/exits", Exits).workers_are(chicane::processes);

struct Counts {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
    const double value = worker.index() + 1.0;  // 1, 2, …
    worker.count("sum", value);
    worker.count("mean", value, chicane::Counter::mean);
    worker.count("max", value, chicane::Counter::max);
    worker.count("rate", value, chicane::Counter::rate);
  }
  void check(chicane::Check& check) const { check.count("checked", 1); }
};
CHICANE_SCENARIO("subject/counts", Counts).workers_are(chicane::threads | chicane::processes);

struct CountsDisagree {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
    worker.count("size", 1, worker.index() == 0 ? chicane::Counter::sum : chicane::Counter::max);
  }
};
CHICANE_SCENARIO("subject/counts-disagree", CountsDisagree);

struct UnknownKind {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
  }
  void check(chicane::Check& check) const { check.fail_as("bad_luck", "dice", "a one"); }
};
CHICANE_SCENARIO("subject/unknown-kind", UnknownKind);

struct Unbuildable {
  Unbuildable() { throw std::runtime_error("no state today"); }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("subject/unbuildable", Unbuildable);

struct Roles {
  std::atomic<unsigned> producers = 0, consumers = 0;
  void produce(chicane::Worker& worker) {
    producers += worker.workers_in_role() * 100 + worker.index_in_role();
    for (auto _ : worker) chicane::clobber();
  }
  void consume(chicane::Worker& worker) {
    consumers += worker.workers_in_role() * 100 + worker.index_in_role();
    for (auto _ : worker) chicane::clobber();
  }
  void check(chicane::Check& check) const {
    check.equal("producers", producers.load(), 2 * 200u + 0 + 1);  // two of them: 0 and 1
    check.equal("consumers", consumers.load(), 100u);
    check.equal("produced", check.operations(0), 2 * check.operations(1));
  }
};
CHICANE_SCENARIO("subject/roles", Roles)
    .role<&Roles::produce>("produce")
    .role<&Roles::consume>("consume", 1)
    .exactly_workers(3);

struct Pool {
  int answer = 42;
  std::atomic<int> states = 0;
};
struct InEnvironment {
  using Environment = Pool;
  InEnvironment(Pool& pool, const chicane::Setup& setup) : pool(pool), step(setup.arg()) { ++pool.states; }
  Pool& pool;
  long step;
  std::atomic<long> total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) total += worker.arg();
  }
  void check(chicane::Check& check) const {
    check.equal("answer", pool.answer, 42);
    check.equal("total", total.load(), static_cast<long>(check.operations()) * step);
    check.count("states", pool.states);
  }
};
CHICANE_SCENARIO("subject/environment", InEnvironment).axis("step", {1, 5});

struct Slow {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
};
CHICANE_SCENARIO("subject/slow", Slow);

struct Racy {
  long total = 0;
  void work(chicane::Worker& worker) {
    for (auto _ : worker) ++total;
  }
};
CHICANE_SCENARIO("subject/racy", Racy)
    .workers_are(chicane::threads | chicane::processes)
    .must(chicane::data_race.on("total", &Racy::total));

// 1 µs a turn for worker 0, 2 µs for worker 1, and once each the time that a turn really took.
struct Timed {
  void work(chicane::Worker& worker) {
    bool first = true;
    for (auto _ : worker) {
      const auto start = worker.now();
      if (!first) worker.record_ns(1000 * (worker.index() + 1));
      if (first) worker.lap(start);
      first = false;
    }
    worker.count("time_stamps", worker.now() != 0, chicane::Counter::sum);
  }
};
CHICANE_SCENARIO("subject/timed", Timed)
    .workers_are(chicane::threads | chicane::processes)
    .latency("as its author says");

struct TimedUndeclared : Timed {
  void work(chicane::Worker& worker) { Timed::work(worker); }
};
CHICANE_SCENARIO("subject/timed-undeclared", TimedUndeclared).scales();

// A request is due each 50 µs; every hundredth answer takes 1 ms, in which twenty more fall due.
struct Paced {
  void work(chicane::Worker& worker) {
    chicane::Arrivals arrivals(worker, 50'000);
    long turn = 0;
    for (auto _ : worker) {
      const auto due = arrivals.wait();
      if (++turn % 100 == 0 && worker.records_latency()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      worker.lap(due);
    }
  }
};
CHICANE_SCENARIO("subject/paced", Paced).latency("from due to done");

// 200 instructions a turn, and the few of the turn itself.
struct KnownLoop {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) known_loop(100);
  }
};
CHICANE_SCENARIO("subject/known-loop", KnownLoop).workers_are(chicane::threads | chicane::processes);

// So many bytes of each worker's own, in a state that is large itself.
struct Touches {
  char all[std::size_t{4} << 20] = {};
  void work(chicane::Worker& worker) {
    std::vector<char> own(static_cast<std::size_t>(worker.arg()), 1);
    for (auto _ : worker) chicane::keep(own.data());
  }
};
CHICANE_SCENARIO("subject/touches", Touches)
    .workers_are(chicane::threads | chicane::processes)
    .axis("bytes", {0, 1 << 20});

struct LeaksAThread {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      pthread_t thread;
      pthread_create(&thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr);
    }
  }
};
CHICANE_SCENARIO("subject/leaks-a-thread", LeaksAThread);

// What the harness makes of an undeclared min_workers.
CHICANE_SCENARIO("subject/expects", AtomicCounter)
    .must(chicane::data_race.on("total", &AtomicCounter::total), chicane::crash.in("bench,tsan"))
    .may(chicane::wrong_result.from_workers(7), "seven at once")
    .not_judged_in("explore", "no need");
CHICANE_SCENARIO("subject/drives-alone", AtomicCounter).must(chicane::data_race).exactly_workers(1);

}  // namespace
