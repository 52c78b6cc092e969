// What is explored: something that runs one schedule in a process of its own, again and again from the same start.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "harness/explore/explore.h"

namespace chicane::explore {

using Tally = std::map<std::string, std::uint64_t>;

class Subject {
 public:
  virtual ~Subject() = default;

  // In a child process: runs one schedule and calls `ended` at its end. May or may not return after that; where it does
  // and the outcome does not say process_spent, it can be called again.
  using Ended = std::function<void(const Outcome& outcome, const Recording& recording)>;
  virtual void run(Scheduler& scheduler, std::uint64_t seed, const Options& options, SharedLocations& learned,
                   Recording& recording, const Ended& ended) = 0;

  // What it has counted since the child began (outcomes of a litmus scenario).
  virtual Tally tally() const { return {}; }
  // The end of what it wrote, where that is kept here.
  virtual std::string output_tail() const { return {}; }
};

}  // namespace chicane::explore
