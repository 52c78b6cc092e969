// Where finished trials come together: ids, findings stored once, how far the campaign is. Thread-safe.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include "harness/model/run.h"
#include "harness/supervisor/campaign.h"

namespace chicane {

class Record {
 public:
  Record(Run& run, const TrialObserver& observer);

  // What is still to come, for the estimate: `count` trials of a lane, `at_once` of them side by side.
  void expect(Lane lane, std::uint32_t count, std::uint32_t at_once);
  void forget(Lane lane, std::uint32_t count);  // planned trials that will not be run
  void add(const Plan& plan, std::uint32_t round, TrialOutcome outcome);
  void count_past();  // trials that the run had from the start; after what is expected is known

 private:
  void bound_output(Trial& trial);

  // A stored finding, and the trial that its evidence is of.
  struct Known {
    std::string id;
    Lane lane = Lane::bench;
    std::pair<std::size_t, std::uint32_t> turn;  // position of its plan, and round
  };
  static std::pair<std::size_t, std::uint32_t> turn_of(const Trial& trial);

  struct LaneProgress {
    std::uint32_t expected = 0, done = 0, at_once = 1;
    std::chrono::nanoseconds spent{0};
  };
  std::chrono::nanoseconds time_left() const;

  std::mutex mutex_;
  Run& run_;
  const TrialObserver& observer_;
  std::map<Lane, LaneProgress> progress_;
  std::size_t output_kept_ = 0;  // bytes, of all trials
  // By scenario, kind and fingerprint: two scenarios whose checks of one name fail have findings of their own.
  std::map<std::tuple<std::string, FindingKind, std::string>, Known> known_;
};

}  // namespace chicane
