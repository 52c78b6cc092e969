// Depth-first search over the decision stream: every schedule, once; for small tests. Each schedule repeats the path
// of the one before up to the last choice that has something left to try.
//
// Two ways:
//  - with a bound: at most so many preemptions (early timeouts, wake-ups and failures without cause and stale reads
//    count as one each, and so does, where a thread yields, any other than the next in turn). Context switches where a
//    thread can't go on are free.
//  - without one, reduced: of schedules that differ only in the order of operations that don't matter to each other,
//    one (dynamic partial-order reduction with sleep sets: Flanagan, Godefroid, POPL 2005). Not combined with a bound,
//    where it would skip schedules (Coons, Musuvathi, McKinley: Bounded partial-order reduction, OOPSLA 2013), and not
//    where loads may see older values: it gives up there (saw_stale_reads).
//
// Spinning: a thread that has yielded (called it, slept, or spun without progress) is passed over until another thread
// has done something that may change what it sees, and in any case while others have had no turn for two of its
// yields; where all enabled threads stand so, the first in turn goes on and no choice is made. spun() says whether that
// left something out.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/explore/scheduler.h"
#include "harness/explore/schedulers/dependency.h"
#include "harness/explore/schedulers/spinning.h"

namespace chicane::explore {

class Dfs : public Scheduler {
 public:
  // Schedules with more choices than this are cut: what comes after is not varied, and nothing is exhausted.
  static constexpr std::size_t most_choices = 20'000;
  struct Bounds {
    std::optional<std::uint32_t> preemptions;
    bool reduce = true;  // without a bound
  };
  explicit Dfs(const Bounds& bounds) : bounds_(bounds) {}

  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override;
  void performed(ThreadId thread, const Operation& operation) override;
  void end(const Outcome& outcome) override;
  bool exhausted() const override;

  // From the start again: the switch points have changed, and with them what an entry of the stream means.
  void restart();
  void restart(const Bounds& bounds);

  const Bounds& bounds() const { return bounds_; }
  bool reduced() const { return bounds_.reduce && !bounds_.preemptions; }
  bool bound_mattered() const { return bound_mattered_; }  // something was left out because of the bound
  bool spun() const { return spun_; }                      // … because it was spinning
  bool saw_stale_reads() const { return saw_stale_reads_; }
  const std::string& gave_up() const { return gave_up_; }  // why this search can't be exhausted; empty: it can
  std::uint64_t schedules() const { return schedules_; }   // since the last restart
  // How many schedules there are in all, going by the share of the tree that is done. Rough, and too low at first where
  // reduced.
  double estimated_schedules() const;

  std::vector<std::byte> save() const;
  bool load(std::span<const std::byte> saved);

 private:
  struct Node {
    DecisionKind kind = DecisionKind::thread;
    std::uint16_t alternatives = 0;
    std::uint16_t chosen = 0;
    std::uint64_t allowed = 0;  // by the bound and the rule for spinning
    std::uint64_t todo = 0;     // to be tried, now or later; done ones included
    std::uint64_t done = 0;
    std::uint32_t spent = 0;          // of the bound, before this choice
    std::uint64_t costly = 0;         // alternatives that cost one of the bound
    std::uint32_t first_pending = 0;  // thread: alternatives in pool_, as many as there are
    std::uint32_t first_asleep = 0;   // reduced: the sleep set as the choice was reached, in asleep_pool_
    std::uint32_t asleep_count = 0;
  };

  bool advance();  // to the next path; false: there is none
  std::uint64_t left(const Node& node) const;
  std::uint32_t visit(Node node, std::span<const Pending> pending);
  void leave(const Node& node);
  void give_up(const char* reason);
  void request(std::size_t step, ThreadId thread);
  bool asleep(const Node& node, ThreadId thread) const;

  Bounds bounds_;
  std::vector<Node> path_;
  std::vector<Pending> pool_;         // the alternatives of the path's thread choices
  std::vector<Pending> asleep_pool_;  // the sleep sets of the path's choices
  bool begun_ = false;
  bool finished_ = false;
  bool bound_mattered_ = false;
  bool spun_ = false;
  bool saw_stale_reads_ = false;
  std::uint64_t schedules_ = 0;
  std::string gave_up_;

  // Of the schedule that runs.
  std::size_t at_ = 0;
  std::uint32_t spent_ = 0;
  bool redundant_ = false;  // reduced: everything that can go on is asleep, so this has been seen in another order
  std::uint32_t chosen_at_ = no_node;
  static constexpr std::uint32_t no_node = ~std::uint32_t{0};
  std::vector<Pending> asleep_;
  Spinning spinning_;
  Dependency dependency_;
};

}  // namespace chicane::explore
