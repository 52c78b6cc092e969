#include "harness/explore/schedulers/dfs.h"

#include <algorithm>
#include <bit>

#include "harness/explore/outcome.h"
#include "harness/explore/schedulers/bytes.h"

namespace chicane::explore {
namespace {

constexpr std::uint64_t bit(std::uint32_t alternative) {
  return alternative < 64 ? std::uint64_t{1} << alternative : 0;
}
constexpr std::uint64_t bits(std::uint32_t count) { return count < 64 ? bit(count) - 1 : ~std::uint64_t{0}; }

}  // namespace

void Dfs::restart() { restart(bounds_); }

void Dfs::restart(const Bounds& bounds) {
  bounds_ = bounds;
  path_.clear();
  pool_.clear();
  asleep_pool_.clear();
  begun_ = finished_ = bound_mattered_ = spun_ = saw_stale_reads_ = false;
  schedules_ = 0;
  gave_up_.clear();
}

void Dfs::give_up(const char* reason) {
  if (gave_up_.empty()) gave_up_ = reason;
}

// Alternatives of a node still to be run after the one that is chosen now.
std::uint64_t Dfs::left(const Node& node) const {
  std::uint64_t left = node.todo & ~node.done & ~bit(node.chosen);
  if (reduced() && node.kind == DecisionKind::thread)
    for (std::uint32_t i = 0; i < node.alternatives && left != 0; ++i)
      if (asleep(node, pool_[node.first_pending + i].thread)) left &= ~bit(i);
  return left;
}

bool Dfs::exhausted() const {
  if (!gave_up_.empty() || !begun_) return false;
  return finished_ || std::ranges::all_of(path_, [this](const Node& node) { return left(node) == 0; });
}

bool Dfs::advance() {
  while (!path_.empty()) {
    Node& node = path_.back();
    const std::uint64_t next = left(node);
    node.done |= bit(node.chosen);
    if (next != 0) {
      node.chosen = static_cast<std::uint16_t>(std::countr_zero(next));
      return true;
    }
    pool_.resize(node.first_pending);
    asleep_pool_.resize(node.first_asleep);
    path_.pop_back();
  }
  return false;
}

void Dfs::begin(std::uint64_t) {
  if (begun_ && !finished_ && !advance()) finished_ = true;
  begun_ = true;
  ++schedules_;
  at_ = 0;
  spent_ = 0;
  redundant_ = finished_;
  chosen_at_ = no_node;
  asleep_.clear();
  spinning_.begin();
  dependency_.begin();
}

bool Dfs::asleep(const Node& node, ThreadId thread) const {
  for (std::uint32_t i = 0; i < node.asleep_count; ++i)
    if (asleep_pool_[node.first_asleep + i].thread == thread) return true;
  return false;
}

std::uint32_t Dfs::visit(Node node, std::span<const Pending> pending) {
  if (redundant_) return 0;
  if (at_ < path_.size()) {
    if (path_[at_].kind == node.kind && path_[at_].alternatives == node.alternatives) {
      leave(path_[at_]);
      return path_[at_++].chosen;
    }
    give_up("the same choices led elsewhere: the test is not deterministic");
    redundant_ = true;
    return 0;
  }
  if (path_.size() >= most_choices || node.alternatives > 64) {
    give_up(node.alternatives > 64 ? "a choice had more than 64 alternatives" : "a schedule had too many choices");
    redundant_ = true;
    return 0;
  }

  node.first_pending = static_cast<std::uint32_t>(pool_.size());
  node.first_asleep = static_cast<std::uint32_t>(asleep_pool_.size());
  node.spent = spent_;
  if (bounds_.preemptions && spent_ >= *bounds_.preemptions && (node.allowed & node.costly) != 0) {
    bound_mattered_ = true;
    node.allowed &= ~node.costly;
  }
  if (node.allowed == 0) node.allowed = 1;
  node.todo = node.allowed;
  node.chosen = static_cast<std::uint16_t>(std::countr_zero(node.allowed));
  pool_.insert(pool_.end(), pending.begin(), pending.end());
  if (reduced()) {
    asleep_pool_.insert(asleep_pool_.end(), asleep_.begin(), asleep_.end());
    node.asleep_count = static_cast<std::uint32_t>(asleep_.size());
    if (node.kind == DecisionKind::thread) {
      std::uint64_t awake = 0;
      for (std::uint32_t i = 0; i < pending.size(); ++i)
        if (!asleep(node, pending[i].thread)) awake |= bit(i) & node.allowed;
      if (awake == 0) {
        redundant_ = true;  // nothing was added but to the pools, which go back with the node before
        pool_.resize(node.first_pending);
        asleep_pool_.resize(node.first_asleep);
        return 0;
      }
      node.chosen = static_cast<std::uint16_t>(std::countr_zero(awake));
      node.todo = bit(node.chosen);  // more is asked for where steps turn out to matter to each other
    }
  }
  path_.push_back(node);
  leave(node);
  ++at_;
  return node.chosen;
}

// A choice is made: what it costs, and who sleeps from here on.
void Dfs::leave(const Node& node) {
  spent_ = node.spent + ((node.costly & bit(node.chosen)) != 0 ? 1 : 0);
  if (!reduced()) return;
  const auto first = asleep_pool_.begin() + node.first_asleep;
  asleep_.assign(first, first + node.asleep_count);
  if (node.kind != DecisionKind::thread) return;
  for (std::uint32_t i = 0; i < node.alternatives; ++i)
    if ((node.done & bit(i)) != 0 && i != node.chosen) asleep_.push_back(pool_[node.first_pending + i]);
}

std::uint32_t Dfs::pick_thread(const ThreadChoice& choice) {
  const auto count = static_cast<std::uint32_t>(choice.enabled.size());
  Node node{.kind = DecisionKind::thread, .alternatives = static_cast<std::uint16_t>(count)};
  const std::uint64_t rested = spinning_.rested(choice);
  if (rested != bits(count)) spun_ = true;
  node.allowed = rested;
  const bool may_go_on = choice.last_enabled && choice.enabled.front().thread == choice.last;
  const bool yields = choice.last_enabled && !may_go_on;
  if (may_go_on || yields) node.costly = bits(count) & ~bit(0);
  chosen_at_ = redundant_ ? no_node : static_cast<std::uint32_t>(at_);
  const std::uint32_t picked = visit(node, choice.enabled);
  if (redundant_) chosen_at_ = no_node;
  return picked;
}

std::uint32_t Dfs::pick_other(const OtherChoice& choice) {
  Node node{.kind = choice.kind, .alternatives = static_cast<std::uint16_t>(choice.alternatives)};
  node.allowed = bits(choice.alternatives);
  if (choice.kind == DecisionKind::read) {
    saw_stale_reads_ = true;
    if (reduced()) give_up("loads may see older values, which the reduction knows nothing of");
  }
  if (choice.kind != DecisionKind::waiter) node.costly = node.allowed & ~bit(0);
  return visit(node, {});
}

void Dfs::performed(ThreadId thread, const Operation& operation) {
  spinning_.performed(thread, operation);
  if (!reduced()) return;
  const std::uint32_t choice = chosen_at_;
  chosen_at_ = no_node;
  if (!redundant_) {
    // The only one that could go on was asleep.
    redundant_ = std::ranges::any_of(asleep_, [&](const Pending& sleeper) { return sleeper.thread == thread; });
    std::erase_if(asleep_, [&](const Pending& sleeper) { return dependent(sleeper.operation, operation); });
  }
  // Also where the rest of the schedule is redundant: a thread that was blocked as that became known takes its step
  // only there, and it may belong before what was done until then.
  if (!dependency_.performed(thread, operation, choice)) {
    give_up("a schedule was too long to tell which of its steps matter to each other");
    return;
  }
  for (const std::uint32_t step : dependency_.races()) request(step, thread);
}

// What blocked threads wait to do may belong before what was done, as if they had done it.
void Dfs::end(const Outcome& outcome) {
  if (!reduced() || outcome.ending != Ending::stuck) return;
  for (const SeenThread& thread : outcome.threads)
    if (!thread.finished && thread.waits_in && dependency_.stuck(thread.id, *thread.waits_in))
      for (const std::uint32_t step : dependency_.races()) request(step, thread.id);
}

// The thread's step should also be tried before this one.
void Dfs::request(std::size_t step, ThreadId thread) {
  const std::uint32_t at = dependency_.step(step).choice;
  if (at == no_node) return;  // nobody else could go on there
  Node& node = path_[at];
  const std::span<const Pending> pending(pool_.data() + node.first_pending, node.alternatives);
  for (std::uint32_t i = 0; i < pending.size(); ++i)
    if (pending[i].thread == thread && (node.allowed & bit(i)) != 0) {
      // Asleep, it will not be tried here, and another may have to come first for what only this order shows.
      node.todo |= asleep(node, thread) ? node.allowed : bit(i);
      return;
    }
  // It was blocked there: somebody who makes it go on has to come first, or, if that is not known, everybody.
  for (std::uint32_t i = 0; i < pending.size(); ++i)
    if ((node.allowed & bit(i)) != 0 && pending[i].thread < Dependency::most_threads &&
        dependency_.helps_last(pending[i].thread, step)) {
      node.todo |= bit(i);
      return;
    }
  node.todo |= node.allowed;
}

double Dfs::estimated_schedules() const {
  if (schedules_ == 0) return 0;
  double done = 0;
  double share = 1;
  for (const Node& node : path_) {
    const int width = std::max(1, std::popcount(node.todo | node.done | bit(node.chosen)));
    done += share * std::popcount(node.done & ~bit(node.chosen)) / width;
    share /= width;
  }
  return static_cast<double>(schedules_) / (done + share);
}

std::vector<std::byte> Dfs::save() const {
  ByteWriter writer;
  writer.value(bounds_.preemptions.has_value());
  writer.value(bounds_.preemptions.value_or(0));
  writer.value(bounds_.reduce);
  writer.list(std::span<const Node>(path_));
  writer.list(std::span<const Pending>(pool_));
  writer.list(std::span<const Pending>(asleep_pool_));
  for (const bool flag : {begun_, finished_, bound_mattered_, spun_, saw_stale_reads_}) writer.value(flag);
  writer.value(schedules_);
  writer.text(gave_up_);
  return writer.take();
}

bool Dfs::load(std::span<const std::byte> saved) {
  ByteReader reader(saved);
  Dfs loaded(bounds_);
  bool bounded = false;
  std::uint32_t preemptions = 0;
  reader.value(bounded);
  reader.value(preemptions);
  reader.value(loaded.bounds_.reduce);
  loaded.bounds_.preemptions = bounded ? std::optional(preemptions) : std::nullopt;
  reader.list(loaded.path_);
  reader.list(loaded.pool_);
  reader.list(loaded.asleep_pool_);
  for (bool* flag :
       {&loaded.begun_, &loaded.finished_, &loaded.bound_mattered_, &loaded.spun_, &loaded.saw_stale_reads_})
    reader.value(*flag);
  reader.value(loaded.schedules_);
  reader.text(loaded.gave_up_);
  if (!reader.complete()) return false;
  *this = std::move(loaded);
  return true;
}

}  // namespace chicane::explore
