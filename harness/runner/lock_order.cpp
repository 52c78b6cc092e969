#include "harness/runner/lock_order.h"

#include <algorithm>
#include <map>
#include <set>

namespace chicane {

std::uint32_t ThreadSegments::add(std::uint32_t after, std::uint32_t also_after) {
  before_.push_back({after, also_after});
  return static_cast<std::uint32_t>(before_.size() - 1);
}

bool ThreadSegments::ordered(std::uint32_t a, std::uint32_t b) const {
  const std::uint32_t early = std::min(a, b);
  const std::uint32_t late = std::max(a, b);
  if (early == late) return true;
  visited_.resize(before_.size(), 0);
  ++query_;
  pending_.assign(1, late);
  while (!pending_.empty()) {
    const std::uint32_t segment = pending_.back();
    pending_.pop_back();
    for (const std::uint32_t previous : {before_[segment].first, before_[segment].second}) {
      if (previous == early) return true;
      if (previous < early || visited_[previous] == query_) continue;  // numbers grow along the order
      visited_[previous] = query_;
      pending_.push_back(previous);
    }
  }
  return false;
}

namespace {

using Mutex = std::uint32_t;

// Edges that lie on some cycle of the graph join mutexes of one strongly connected component (Tarjan 1972, without
// recursion: chains of locks may be long).
std::map<Mutex, std::uint32_t> components(const std::map<Mutex, std::set<Mutex>>& graph) {
  std::map<Mutex, std::uint32_t> order, low, component;
  std::vector<Mutex> open;
  std::uint32_t next = 0;
  struct Visit {
    Mutex mutex;
    std::set<Mutex>::const_iterator at, end;
  };
  static const std::set<Mutex> none;
  const auto successors = [&](Mutex mutex) -> const std::set<Mutex>& {
    const auto found = graph.find(mutex);
    return found == graph.end() ? none : found->second;
  };
  for (const auto& [root, unused] : graph) {
    if (order.contains(root)) continue;
    std::vector<Visit> path;
    const auto enter = [&](Mutex mutex) {
      order[mutex] = low[mutex] = next++;
      open.push_back(mutex);
      path.push_back({mutex, successors(mutex).begin(), successors(mutex).end()});
    };
    enter(root);
    while (!path.empty()) {
      Visit& visit = path.back();
      if (visit.at != visit.end) {
        const Mutex to = *visit.at++;
        if (!order.contains(to))
          enter(to);
        else if (!component.contains(to))
          low[visit.mutex] = std::min(low[visit.mutex], order[to]);
        continue;
      }
      const Mutex mutex = visit.mutex;
      path.pop_back();
      if (!path.empty()) low[path.back().mutex] = std::min(low[path.back().mutex], low[mutex]);
      if (low[mutex] != order[mutex]) continue;
      Mutex member;
      do {
        member = open.back();
        open.pop_back();
        component[member] = order[mutex];
      } while (member != mutex);
    }
  }
  return component;
}

class Search {
 public:
  Search(const std::vector<NestedLock>& nested, const ThreadSegments& segments, std::size_t longest,
         std::uint64_t effort)
      : nested_(nested), segments_(segments), longest_(longest), effort_(effort) {}

  LockCycles run() {
    std::map<Mutex, std::set<Mutex>> graph;
    for (const auto& lock : nested_)
      for (const auto& held : lock.held) graph[held.mutex].insert(lock.wanted.mutex);
    const auto component = components(graph);
    for (std::size_t i = 0; i < nested_.size(); ++i)
      for (const auto& held : nested_[i].held)
        if (component.at(held.mutex) == component.at(nested_[i].wanted.mutex))
          edges_[held.mutex].push_back({i, held.mutex, nested_[i].wanted.mutex});
    for (const auto& [mutex, edges] : edges_) {
      start_ = mutex;
      extend(mutex);
    }
    return std::move(found_);
  }

 private:
  // Adds edges that leave `mutex`. A cycle is looked for from its lowest mutex on only.
  void extend(Mutex mutex) {
    const auto edges = edges_.find(mutex);
    if (edges == edges_.end()) return;
    for (const LockEdge& edge : edges->second) {
      if (!found_.complete) return;
      if (spent_++ == effort_) {
        found_.complete = false;
        return;
      }
      const bool closes = edge.to == start_;
      if (edge.to < start_ || (!closes && (path_.size() + 1 == longest_ || on_path(edge.to)))) continue;
      if (!fits(edge)) continue;
      path_.push_back(edge);
      if (!closes)
        extend(edge.to);
      else if (path_.size() > 1 && conflict(path_.back(), path_.front()))
        keep();
      path_.pop_back();
    }
  }

  bool on_path(Mutex mutex) const {
    return std::ranges::any_of(path_, [&](const LockEdge& edge) { return edge.from == mutex; });
  }

  // Whether the edge's thread can be at its place while the others are at theirs.
  bool fits(const LockEdge& edge) {
    if (!path_.empty() && !conflict(path_.back(), edge)) return false;
    const NestedLock& one = nested_[edge.nested];
    return std::ranges::none_of(path_, [&](const LockEdge& earlier) {
      const NestedLock& other = nested_[earlier.nested];
      return one.thread == other.thread || common_gate(one, other) || ordered(one.segment, other.segment);
    });
  }

  bool ordered(std::uint32_t a, std::uint32_t b) {
    const auto key = std::minmax(a, b);
    const auto known = ordered_.find(key);
    if (known != ordered_.end()) return known->second;
    spent_ = std::min(effort_, spent_ + 16);  // a walk over segments costs more than a step
    return ordered_[key] = segments_.ordered(a, b);
  }

  static bool common_gate(const NestedLock& one, const NestedLock& other) {
    return std::ranges::any_of(one.held, [&](const HeldLock& a) {
      return std::ranges::any_of(other.held,
                                 [&](const HeldLock& b) { return a.mutex == b.mutex && !(a.shared && b.shared); });
    });
  }

  // Whether the first waits for what the second holds: not if both only read.
  bool conflict(const LockEdge& waits, const LockEdge& holds) const {
    const auto& held = nested_[holds.nested].held;
    const auto lock = std::ranges::find(held, holds.from, &HeldLock::mutex);
    return !(nested_[waits.nested].wanted.shared && lock->shared);
  }

  void keep() {
    std::set<Mutex> mutexes;
    for (const auto& edge : path_) mutexes.insert(edge.from);
    if (seen_.insert(std::move(mutexes)).second) found_.cycles.push_back({path_});
  }

  const std::vector<NestedLock>& nested_;
  const ThreadSegments& segments_;
  const std::size_t longest_;
  const std::uint64_t effort_;
  std::uint64_t spent_ = 0;
  Mutex start_ = 0;
  std::map<Mutex, std::vector<LockEdge>> edges_;
  std::vector<LockEdge> path_;
  std::set<std::set<Mutex>> seen_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> ordered_;
  LockCycles found_;
};

}  // namespace

LockCycles find_lock_cycles(const std::vector<NestedLock>& nested, const ThreadSegments& segments, std::size_t longest,
                            std::uint64_t effort) {
  return Search(nested, segments, longest, effort).run();
}

}  // namespace chicane
