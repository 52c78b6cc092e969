// One trial as a runner process, and what its end means. The interface is what lets campaigns be tested without
// processes or clocks.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/json.h"
#include "harness/model/trial.h"
#include "harness/supervisor/process.h"

namespace chicane {

struct TrialFinding {
  Finding finding;
  std::uint64_t count = 1;
};

struct TrialOutcome {
  Trial trial;  // status, measures, workers, output; ids and references are the campaign's to fill in
  std::vector<TrialFinding> findings;
};

// Runs trials. Implementations may be called from several threads at once.
class TrialRunner {
 public:
  virtual ~TrialRunner() = default;
  virtual TrialOutcome run(const TrialRequest& request, const std::string& runner, const std::atomic<bool>& stop) = 0;
};

struct TrialLimits {
  std::chrono::nanoseconds wall{std::chrono::seconds(30)};
  ResourceLimits resources;                   // none at first
  std::size_t kept_output_bytes = 64 * 1024;  // of each stream: its end
};

class TrialProcess final : public TrialRunner {
 public:
  explicit TrialProcess(TrialLimits limits) : limits_(limits) {}
  TrialOutcome run(const TrialRequest& request, const std::string& runner, const std::atomic<bool>& stop) override;

 private:
  TrialLimits limits_;
};

// Passes trials on, and adds up the time in which at least one of them was running.
class ClockedRunner final : public TrialRunner {
 public:
  explicit ClockedRunner(TrialRunner& runner) : runner_(runner) {}
  TrialOutcome run(const TrialRequest& request, const std::string& runner, const std::atomic<bool>& stop) override;
  std::chrono::nanoseconds busy() const;  // of trials that have ended

 private:
  TrialRunner& runner_;
  mutable std::mutex mutex_;
  std::uint32_t running_ = 0;
  std::chrono::steady_clock::time_point since_;
  std::chrono::nanoseconds busy_{0};
};

// What the lines and the end of a runner mean: a status, and a finding for a crash, an early exit, a hang, garbage.
// `stuck`: what a trial that did not end was seen to be stuck in. Pure.
struct RunnerLine {
  std::string text;
  bool whole = true;
};
TrialOutcome interpret(const TrialRequest& request, const std::vector<RunnerLine>& lines, const ProcessOutcome& outcome,
                       const TrialLimits& limits, std::optional<Finding> stuck = std::nullopt);

// Asks the runner what a plugin declares. The error says why it can't be used.
Result<PluginDescription> describe_plugin(const std::string& runner, const std::string& plugin,
                                          const std::vector<std::string>& allow_uninstrumented,
                                          const std::atomic<bool>& stop);

}  // namespace chicane
