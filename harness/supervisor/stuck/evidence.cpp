#include "harness/supervisor/stuck/evidence.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/syscall.h>

#include "harness/judge/fingerprint.h"

namespace chicane::stuck {
namespace {

// Not where it works: where it lets others go first, or waits a moment and then looks again.
bool tries_again(const ThreadStack& at) {
  if (at.call == SYS_sched_yield || at.call == SYS_nanosleep || at.call == SYS_clock_nanosleep) return true;
  static constexpr std::array<std::string_view, 12> names{"sched_yield",
                                                          "__sched_yield",
                                                          "std::this_thread::yield",
                                                          "std::this_thread::sleep_for",
                                                          "std::this_thread::sleep_until",
                                                          "std::try_lock",
                                                          "std::mutex::try_lock",
                                                          "std::unique_lock::try_lock",
                                                          "pthread_mutex_trylock",
                                                          "__pthread_mutex_trylock",
                                                          "___interceptor_sched_yield",
                                                          "___interceptor_pthread_mutex_trylock"};
  for (const auto& frame : at.stack) {
    if (std::ranges::find(names, normalized_function(frame.function)) != names.end()) return true;
    if (is_user_frame(frame)) return false;
  }
  return false;
}

// Names for what has only addresses: threads, locks and condition variables, counted as they come.
class Names {
 public:
  explicit Names(const Look& look) : look_(look) {
    for (const auto& thread : look.threads) {
      if (thread.process != look.process) several_ = true;
      if (!thread.harness) numbers_.emplace(thread.id, static_cast<std::uint32_t>(numbers_.size()));
    }
  }
  std::string thread(pid_t id) const {
    const auto known = numbers_.find(id);
    if (known == numbers_.end())
      return look_.find(id) != nullptr ? "a thread of the harness" : "a thread that has ended";
    auto text = fmt::format("thread {}", known->second);
    if (id == look_.process) text += " (main)";
    if (several_) text += fmt::format(" of process {}", look_.find(id)->process);
    return text;
  }
  std::uint32_t number(pid_t id) const {
    const auto known = numbers_.find(id);
    return known == numbers_.end() ? 0 : known->second;
  }
  std::string lock(std::uint64_t address) { return fmt::format("M{}", position(locks_, address)); }
  std::string condition(std::uint64_t address) { return fmt::format("C{}", position(conditions_, address)); }
  std::size_t locks() const { return locks_.size(); }

 private:
  static std::size_t position(std::vector<std::uint64_t>& known, std::uint64_t address) {
    const auto found = std::ranges::find(known, address);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin()) + 1;
    known.push_back(address);
    return known.size();
  }
  const Look& look_;
  std::map<pid_t, std::uint32_t> numbers_;
  std::vector<std::uint64_t> locks_, conditions_;
  bool several_ = false;
};

std::string doing(const ThreadLook& thread, const Look& look, Names& names) {
  const auto wait = wait_of(thread, look);
  const char* const limit = wait.endless ? "" : ", with a time limit";
  switch (wait.how) {
    case Wait::runs: return "runs";
    case Wait::mutex:
      return fmt::format("waits for {}, held by {}{}", names.lock(wait.object), names.thread(*wait.whom), limit);
    case Wait::rwlock:
      return fmt::format("waits for the read-write lock {}, held by {}{}", names.lock(wait.object),
                         names.thread(*wait.whom), limit);
    case Wait::condition: return fmt::format("sleeps on condition variable {}{}", names.condition(wait.object), limit);
    case Wait::end_of_thread: return fmt::format("waits for the end of {}{}", names.thread(*wait.whom), limit);
    case Wait::futex: return fmt::format("sleeps until it is woken{}", limit);
    case Wait::other: break;
  }
  if (thread.call && thread.call->number >= 0) return fmt::format("is in system call {}", thread.call->number);
  return thread.state == 'R' ? "runs" : "sleeps";
}

// What /proc tells of a thread that has no stack.
std::string seen_in_proc(const ThreadLook& thread) {
  std::string text = fmt::format(" [state {}", thread.state);
  if (thread.call) text += fmt::format(", system call {}", thread.call->number);
  if (!thread.wait_channel.empty()) text += fmt::format(", in {}", thread.wait_channel);
  return text + "]";
}

// The sample that tells most of a thread: one in which it tries again, where there is one.
const ThreadStack* telling(pid_t thread, const Watched& watched) {
  const ThreadStack* any = nullptr;
  for (const auto& sample : watched.samples) {
    const auto found = sample.find(thread);
    if (found == sample.end()) continue;
    if (tries_again(found->second)) return &found->second;
    if (any == nullptr || any->stack.empty()) any = &found->second;
  }
  return any;
}

// The stacks of the threads that matter, which `threads` names, then those of all others.
void add_stacks(Finding& finding, const std::vector<pid_t>& first, const Look& look, const Watched& watched,
                Names& names) {
  auto& evidence = finding.evidence;
  std::vector<pid_t> order = first;
  for (const auto& thread : look.threads)
    if (!thread.harness && std::ranges::find(order, thread.id) == order.end()) order.push_back(thread.id);
  for (const pid_t id : order) {
    const auto* const thread = look.find(id);
    if (thread == nullptr) continue;
    const auto* const stack = telling(id, watched);
    LabelledStack labelled;
    labelled.label = names.thread(id) + " " + doing(*thread, look, names);
    if (stack != nullptr && !stack->stack.empty())
      labelled.stack = stack->stack;
    else
      labelled.label += seen_in_proc(*thread);
    evidence.stacks.push_back(std::move(labelled));
    if (evidence.threads.size() < first.size()) evidence.threads.push_back({names.number(id), thread->name, {}});
  }
  for (std::size_t i = 0; i < names.locks(); ++i)
    evidence.mutexes.push_back({static_cast<std::uint32_t>(i + 1), false, {}});
  if (!watched.refused.empty())
    evidence.message += fmt::format(". There are no stacks: {}; what is told is from /proc", watched.refused);
  if (!look.refused.empty()) evidence.message += fmt::format(". {}", look.refused);
}

std::string place(pid_t id, const Watched& watched) {
  const auto* const stack = telling(id, watched);
  if (stack == nullptr) return {};
  const auto frame = user_frame(stack->stack);
  return frame ? normalized_function(frame->function) : std::string();
}

}  // namespace

std::size_t times_shown(pid_t thread, const Watched& watched) {
  return static_cast<std::size_t>(
      std::ranges::count_if(watched.samples, [&](const auto& sample) { return sample.contains(thread); }));
}

std::size_t times_trying_again(pid_t thread, const Watched& watched) {
  return static_cast<std::size_t>(std::ranges::count_if(watched.samples, [&](const auto& sample) {
    const auto found = sample.find(thread);
    return found != sample.end() && tries_again(found->second);
  }));
}

Finding deadlock(std::vector<pid_t> cycle, const Look& look, const Watched& watched) {
  Finding finding;
  finding.kind = FindingKind::deadlock;
  // Told from the same place on, whichever thread is met first: its fingerprint is made of the first two.
  const auto first = std::ranges::min_element(cycle, {}, [&](pid_t id) { return std::pair(place(id, watched), id); });
  std::rotate(cycle.begin(), first, cycle.end());
  Names names(look);
  std::vector<std::string> parts;
  for (const pid_t id : cycle) parts.push_back(names.thread(id) + " " + doing(*look.find(id), look, names));
  finding.evidence.message = cycle.size() == 1
                                 ? fmt::format("{}: it waits for itself", parts.front())
                                 : fmt::format("a cycle of {} threads: {}", cycle.size(), fmt::join(parts, "; "));
  add_stacks(finding, cycle, look, watched, names);
  return finding;
}

Finding lost_wakeup(const std::vector<pid_t>& sleepers, const Look& look, const Watched& watched) {
  Finding finding;
  finding.kind = FindingKind::lost_wakeup;
  Names names(look);
  std::vector<std::string> parts;
  for (const pid_t id : sleepers) {
    const auto wait = wait_of(*look.find(id), look);
    for (const auto& condition : look.conditions)
      if (condition.address == wait.object)
        parts.push_back(
            fmt::format("{} sleeps on condition variable {}, which was notified {} time{}, the last time by "
                        "{} while nobody waited",
                        names.thread(id), names.condition(wait.object), condition.notifications,
                        condition.notifications == 1 ? "" : "s", names.thread(condition.last_notifier)));
  }
  finding.evidence.message = fmt::format("{}; no thread is left to notify again", fmt::join(parts, "; "));
  add_stacks(finding, sleepers, look, watched, names);
  return finding;
}

Finding livelock(const std::vector<pid_t>& movers, const Look& look, const Watched& watched) {
  Finding finding;
  finding.kind = FindingKind::livelock;
  Names names(look);
  std::vector<std::string> parts;
  for (const pid_t id : movers)
    parts.push_back(
        fmt::format("{} in {} of {} looks", names.thread(id), times_trying_again(id, watched), watched.samples.size()));
  finding.evidence.message = fmt::format(
      "{} threads run, change the scenario's state, give up and try again, and none gets on; seen giving up: "
      "{}",
      movers.size(), fmt::join(parts, ", "));
  add_stacks(finding, movers, look, watched, names);
  return finding;
}

Finding hang(const std::vector<pid_t>& movers, bool for_good, const Look& look, const Watched& watched) {
  Finding finding;
  finding.kind = FindingKind::hang;
  Names names(look);
  if (for_good) {
    finding.evidence.message =
        "no thread can ever run again: all sleep until they are woken, and nobody is left to wake them; neither a "
        "cycle "
        "of locks nor a lost notification explains it";
  } else if (movers.empty()) {
    finding.evidence.message = "no thread moved while it was looked at";
  } else {
    std::vector<std::string> parts;
    constexpr std::size_t most_named = 8;
    for (const pid_t id : movers) {
      if (parts.size() == most_named) {
        parts.push_back(fmt::format("and {} more", movers.size() - most_named));
        break;
      }
      const auto at = place(id, watched);
      parts.push_back(names.thread(id) + (at.empty() ? "" : " in " + at));
      if (const auto tries = times_trying_again(id, watched); tries != 0)
        parts.back() += fmt::format(" (giving way in {} of {} looks)", tries, times_shown(id, watched));
    }
    finding.evidence.message =
        fmt::format("still moving when it was looked at: {}; the scenario's state {}", fmt::join(parts, ", "),
                    watched.state_changed ? "changed meanwhile" : "did not change meanwhile");
  }
  if (!look.keeps_conditions && for_good) finding.evidence.message += "; notifications are not counted in this lane";
  add_stacks(finding, movers, look, watched, names);
  return finding;
}

}  // namespace chicane::stuck
