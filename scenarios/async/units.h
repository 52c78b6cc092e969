// The work of this family: tasks that wait for some units of time, as for a disk or a peer, then give the number of
// units. How many of them waited at once is counted, because it shows what overlapped without looking at a clock.
#pragma once

#include <chicane/scenario.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "scenarios/async/coroutines.h"

class Units {
 public:
  explicit Units(const chicane::Setup& setup) : unit_(setup.arg()) {}

  Task<int> wait(int units) {
    begin();
    co_await wait_for(units * unit_);
    co_return end(units);
  }
  // The mistake of async/blocked-loop: the thread of the loop sleeps, and all of its tasks with it.
  Task<int> block(int units) {
    begin();
    std::this_thread::sleep_for(units * unit_);
    co_return end(units);
  }
  int take_most_at_once() { return std::exchange(most_, 0); }  // since it was last taken: of one turn
  std::chrono::milliseconds unit() const { return unit_; }

 private:
  void begin() { most_ = std::max(most_, ++waiting_); }
  int end(int units) {
    --waiting_;
    return units;
  }

  std::chrono::milliseconds unit_;
  int waiting_ = 0, most_ = 0;
};

// How long a worker's turns took, in units of time each: a gathering of 1 and 2 units takes 2 of them, or 3.
class TurnClock {
 public:
  void report(chicane::Worker& worker, const char* name, std::chrono::milliseconds unit) {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start_, one = unit;
    worker.count(name, took / one / static_cast<double>(worker.turns()), chicane::Counter::mean);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A worker whose turns wait for 1 and for 2 units of time. How they do is Twin's business: Task<int> both(Units&),
// which gives 21, and how many of the two should wait at once.
template <typename Twin>
struct OneAndTwo : Twin {
  asio::io_context loop{1};
  Units units;
  long waited = 0, at_once = 0;  // over all turns

  explicit OneAndTwo(const chicane::Setup& setup) : units(setup) {}

  void work(chicane::Worker& worker) {
    TurnClock clock;
    for (auto _ : worker) {
      waited += run(loop, this->both(units));
      at_once += units.take_most_at_once();
    }
    clock.report(worker, "units_per_turn", units.unit());
  }
  void check(chicane::Check& check) const {
    check.equal("results", waited, 21 * check.operations());
    check.equal("tasks that waited at once", at_once, Twin::at_once * check.operations());
  }
};
