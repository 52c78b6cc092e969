#include "harness/supervisor/stuck/watch.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "harness/supervisor/stuck/diagnosis.h"
#include "harness/supervisor/stuck/stacks.h"

namespace chicane::stuck {
namespace {

// At the limit: long enough to tell threads that try again and again from one that works, short against any limit.
constexpr std::size_t samples_at_limit = 24;
// On a host so busy that threads are slow to stop: fewer, but still some.
constexpr std::chrono::seconds long_sampling{3}, longest_sampling{10};
constexpr std::size_t least_samples = 8;
constexpr std::chrono::milliseconds between_samples{15};
constexpr std::chrono::milliseconds between_looks_at_limit{200};

// One tracer for each process of the trial.
class Tracers {
 public:
  explicit Tracers(const Look& look) {
    std::map<pid_t, std::vector<pid_t>> threads;
    for (const auto& thread : look.threads)
      if (!thread.harness) threads[thread.process].push_back(thread.id);
    for (const auto& [process, own] : threads) {
      tracers_.push_back(std::make_unique<Tracer>(process, own));
      if (refused_.empty()) refused_ = tracers_.back()->refused();
    }
  }
  const std::string& refused() const { return refused_; }
  std::map<pid_t, ThreadStack> sample() {
    std::map<pid_t, ThreadStack> all;
    for (auto& tracer : tracers_) all.merge(tracer->sample());
    return all;
  }

 private:
  std::vector<std::unique_ptr<Tracer>> tracers_;
  std::string refused_;
};

}  // namespace

bool Watch::is_stuck(pid_t process) {
  if (controlled_ || Clock::now() < next_) return false;
  const auto start = Clock::now();
  auto now = look_at(process, board_);
  // Of ten thousand threads a look takes long: a twentieth of one CPU at most.
  next_ = Clock::now() + std::max<Clock::duration>(between_looks, 20 * (Clock::now() - start));
  if (!now) return false;
  const auto before = std::exchange(before_, now);
  if (before && got_on(before->progress, now->progress)) last_progress_ = Clock::now();
  if (!before || board_ == 0) return false;  // until the runner has said which threads are its own
  if (cycle_of_owners(*before, *now).empty() && !all_asleep_for_good(*before, *now)) return false;
  Watched watched;
  Tracers tracers(*now);
  watched.refused = tracers.refused();
  watched.samples.push_back(tracers.sample());
  finding_ = diagnose(*before, *now, watched);
  return true;
}

bool Watch::gets_on(pid_t process, std::chrono::nanoseconds limit) {
  const bool since_last_look = before_ && got_on(before_->progress, progress_of(process, board_));
  gets_on_ = since_last_look || (last_progress_ && Clock::now() - *last_progress_ < limit / 4);
  return gets_on_;
}

void Watch::at_limit(pid_t process) {
  const auto before = look_at(process, board_);
  std::this_thread::sleep_for(between_looks_at_limit);
  const auto after = look_at(process, board_);
  if (!before || !after) return;
  Watched watched;  // afterwards: to be held, even a sleeping thread wakes up
  Tracers tracers(*after);
  watched.refused = tracers.refused();
  std::set<std::uint64_t> states;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < samples_at_limit; ++i) {
    if (Clock::now() - start > (i < least_samples ? longest_sampling : long_sampling)) break;
    std::this_thread::sleep_for(between_samples);
    if (watched.refused.empty()) watched.samples.push_back(tracers.sample());
    if (const auto state = digest_of_state(process, board_)) states.insert(*state);
  }
  watched.state_changed = states.size() > 1;
  finding_ =
      controlled_ || gets_on_ ? only_that_it_hangs(*before, *after, watched) : diagnose(*before, *after, watched);
}

}  // namespace chicane::stuck
