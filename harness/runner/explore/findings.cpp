#include "harness/runner/explore/findings.h"

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"

namespace chicane::explore {
namespace {

std::string thread_in_words(const std::vector<ThreadInfo>& threads, ThreadId id) {
  if (id == 0) return "the main thread";
  const auto thread = std::ranges::find(threads, id, &ThreadInfo::id);
  if (thread == threads.end() || thread->name.empty()) return fmt::format("thread {}", id);
  return fmt::format("thread {} ({})", id, thread->name);
}

std::string access_in_words(const Access& access, const std::vector<ThreadInfo>& threads) {
  return fmt::format("{}{} of {} byte{} by {}", access.atomic ? "atomic " : "", access.write ? "write" : "read",
                     access.size_bytes, access.size_bytes == 1 ? "" : "s", thread_in_words(threads, access.thread));
}

std::string location_in_words(const Location& location) {
  if (location.type == "state" || location.type == "environment")
    return fmt::format(", on {}{}", location.name.starts_with(location.type + "+") ? "" : location.type + " member ",
                       location.name);
  if (location.type == "heap")
    return fmt::format(", on a heap block of {} bytes at offset {}", location.size_bytes, location.offset_bytes);
  if (location.type == "stack") return ", on a thread's stack";
  if (location.type == "tls") return ", on thread-local memory";
  if (!location.name.empty()) return fmt::format(", on {} {}", location.type, location.name);
  return "";
}

class Maker {
 public:
  Maker(const SeenFinding& seen, const Outcome& outcome, Naming& naming)
      : seen_(seen), outcome_(outcome), naming_(naming) {}

  Finding make() {
    finding_.kind = seen_.kind;
    finding_.name = seen_.name;
    auto& evidence = finding_.evidence;
    add_threads();
    for (const auto& access : seen_.accesses) {
      Access side{access.thread, access.write, access.atomic, access.size_bytes, {}, naming_.names.stack(access.stack)};
      for (const auto lock : access.locks) side.mutexes.push_back(lock_number(lock));
      evidence.accesses.push_back(std::move(side));
    }
    add_location();
    evidence.signal = seen_.signal;
    evidence.exit_code = seen_.exit_code;
    evidence.message = seen_.message;
    if (seen_.kind == FindingKind::data_race && evidence.accesses.size() == 2)
      evidence.message = fmt::format("{} and {}{}", access_in_words(evidence.accesses[1], evidence.threads),
                                     access_in_words(evidence.accesses[0], evidence.threads),
                                     evidence.location ? location_in_words(*evidence.location) : "");
    if (evidence.accesses.empty()) add_stacks();
    std::ranges::sort(evidence.mutexes, {}, &MutexInfo::id);
    finding_.fingerprint = fingerprint(finding_);
    return std::move(finding_);
  }

 private:
  void add_threads() {
    for (const auto& thread : outcome_.threads) {
      auto called = naming_.thread ? naming_.thread(thread.id) : std::string();
      if (called.empty()) called = thread.name;
      finding_.evidence.threads.push_back({thread.id, std::move(called), naming_.names.stack(thread.created_at)});
    }
  }

  std::uint32_t lock_number(std::uintptr_t lock) {
    const auto number = naming_.names.number(lock);
    auto& all = finding_.evidence.mutexes;
    if (std::ranges::find(all, number, &MutexInfo::id) == all.end()) all.push_back({number, false, {}});
    return number;
  }

  void add_location() {
    std::uintptr_t address = 0;
    if (!seen_.accesses.empty()) {
      address = seen_.accesses.back().address;
      for (const auto& access : seen_.accesses) address = std::max(address, access.address);  // where both are
    }
    if (address == 0) return;
    auto location = naming_.names.location(address);
    if (seen_.block && location.type == "unknown") {
      location.type = seen_.block->type;
      location.size_bytes = seen_.block->size_bytes;
      location.offset_bytes = address - seen_.block->start;
      location.allocated_at = naming_.names.stack(seen_.block->allocated_at);
    }
    finding_.evidence.location = std::move(location);
    if (seen_.block && !seen_.block->freed_at.empty())
      finding_.evidence.stacks.push_back({"the memory was freed", naming_.names.stack(seen_.block->freed_at)});
  }

  // Where everybody stands who has to do with it.
  void add_stacks() {
    auto& stacks = finding_.evidence.stacks;
    const bool blocked = seen_.kind == FindingKind::deadlock || seen_.kind == FindingKind::lost_wakeup ||
                         seen_.kind == FindingKind::livelock || seen_.kind == FindingKind::hang;
    if (!blocked) {
      if (!seen_.stack.empty())
        stacks.insert(stacks.begin(),
                      {fmt::format("{}, here", thread_in_words(finding_.evidence.threads, seen_.thread)),
                       naming_.names.stack(seen_.stack)});
      return;
    }
    auto order = seen_.cycle;
    for (const auto& thread : outcome_.threads)
      if (!thread.finished && std::ranges::find(order, thread.id) == order.end()) order.push_back(thread.id);
    for (const auto id : order)
      for (const auto& thread : outcome_.threads) {
        if (thread.id != id) continue;
        auto stack = naming_.names.stack(thread.now);
        // Who waits for its workers in the harness says nothing.
        if (!user_frame(stack) && std::ranges::find(seen_.cycle, id) == seen_.cycle.end()) continue;
        stacks.push_back({standing_of(thread), std::move(stack)});
      }
  }

  std::string standing_of(const SeenThread& thread) {
    auto text = thread_in_words(finding_.evidence.threads, thread.id);
    if (thread.waits_in) {
      const auto& operation = *thread.waits_in;
      const bool of_thread = operation.kind == OperationKind::join || operation.kind == OperationKind::timed_join;
      text += " waits for ";
      if (of_thread)
        text += fmt::format("thread {} to end", operation.address);
      else if (operation.address != 0)
        text += fmt::format("M{}", lock_number(operation.address));
      else
        text += "others";
      if (thread.waits_for != no_thread && !of_thread)
        text += fmt::format(", which {} has", thread_in_words(finding_.evidence.threads, thread.waits_for));
    }
    for (std::size_t i = 0; i < thread.locks.size(); ++i)
      text += fmt::format("{} M{}", i == 0 ? (thread.waits_in ? " and holds" : " holds") : ",",
                          lock_number(thread.locks[i]));
    return text;
  }

  const SeenFinding& seen_;
  const Outcome& outcome_;
  Naming& naming_;
  Finding finding_;
};

std::string place_in_words(const chicane::Stack& stack) {
  const auto frame = user_frame(stack);
  if (!frame) return {};
  return frame->file.empty()
             ? frame->function
             : fmt::format("{} at {}:{}", normalized_function(frame->function), frame->file, frame->line);
}

ScheduleFile schedule_of(const Sighting& sighting, const Finding& finding, Naming& naming) {
  auto file = naming.schedule;
  file.found = finding.evidence.message;
  file.kind = name(finding.kind);
  file.name = finding.name;
  file.fingerprint = finding.fingerprint;
  file.strategy = sighting.strategy;
  file.options = sighting.options;
  file.steps = sighting.trace.size();
  file.switches = static_cast<std::uint64_t>(
      std::ranges::count_if(sighting.decisions, [](const Decision& decision) { return decision.chosen != 0; }));
  if (!sighting.trace.empty())
    file.trace = trace_digest(sighting.trace, [&](std::uintptr_t pc) { return naming.code.place(pc); });
  for (const auto pc : sighting.learned)
    if (const auto* module = naming.code.module_at(pc))
      file.learned.push_back({module->name(), pc - module->base, place_in_words(naming.names.stack({pc}))});
  file.decisions = sighting.decisions;
  return file;
}

}  // namespace

bool is_of_the_standard_library(const Finding& finding) {
  static constexpr std::size_t looked_at = 3;  // frames: std::swap may be between
  const auto& accesses = finding.evidence.accesses;
  const auto within = [](const Access& access) {
    return std::ranges::any_of(access.stack | std::views::take(looked_at),
                               [](const Frame& frame) { return frame.function.starts_with("std::_Sp_atomic<"); });
  };
  const auto in_std = [](const Access& access) {
    return !access.stack.empty() && access.stack.front().function.find("std::") != std::string::npos &&
           access.stack.front().file.find("/include/c++/") != std::string::npos;
  };
  return finding.kind == FindingKind::data_race && accesses.size() == 2 && std::ranges::all_of(accesses, in_std) &&
         std::ranges::any_of(accesses, within);
}

Finding finding_of(const SeenFinding& seen, const Outcome& outcome, Naming& naming) {
  return Maker(seen, outcome, naming).make();
}

SeenFinding with_whole_stacks(SeenFinding seen, const Trace& trace) {
  for (auto& access : seen.accesses) {
    if (access.stack.empty()) continue;
    for (std::size_t i = trace.size(); i-- > 0;) {
      const auto& step = trace[i];
      if (step.thread != access.thread || step.operation.pc != access.stack.front()) continue;
      if (step.stack.size() > access.stack.size()) access.stack = step.stack;
      break;
    }
  }
  return seen;
}

Finding finding_of(const Sighting& sighting, Naming& naming) {
  auto finding = finding_of(with_whole_stacks(sighting.outcome.findings[sighting.which], sighting.trace),
                            sighting.outcome, naming);
  finding.evidence.output_tail = sighting.output_tail;
  if (sighting.decisions.empty() && !sighting.reproduced) return finding;
  if (sighting.reproduced) {
    finding.evidence.picture =
        picture_of(sighting.trace, sighting.decisions, sighting.outcome, sighting.which, naming.names);
    if (!sighting.repeatable)
      finding.evidence.message +=
          " (replayed, the same schedule shows it again, but not with the same steps each time: something outside of "
          "the scheduler's control differs)";
  } else {
    finding.evidence.message +=
        " (seen once: its schedule, run again, did not show it, so that something outside of the scheduler's control "
        "differs)";
  }
  finding.evidence.schedule = to_text(schedule_of(sighting, finding, naming));
  return finding;
}

}  // namespace chicane::explore
