#include "harness/explore/search/search.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/explore/replay.h"
#include "harness/explore/schedulers/random_walk.h"
#include "harness/explore/search/forked.h"
#include "harness/explore/shrink.h"
#include "harness/model/mixing.h"

namespace chicane::explore {

using Clock = std::chrono::steady_clock;

// What a child tells of a schedule that showed something.
struct RawSighting {
  Outcome outcome;
  Decisions decisions;
  std::vector<std::uintptr_t> learned;  // as the schedule began
  SwitchPoints switch_points = SwitchPoints::shared;
  std::uint64_t seed = 0, number = 0;
  Strategy strategy = Strategy::pos;
  std::uint32_t depth = 0;
  std::string output_tail;
};
struct ChildState {
  std::vector<std::byte> portfolio;
  std::vector<std::uintptr_t> learned;
  Tally tally;
  bool no_more = false;
  std::uint64_t uncontrolled = 0, most_threads = 0, with_findings = 0, too_long = 0, giving_way = 0;
};
struct ChildReplay {
  Outcome outcome;
  Decisions decisions;
  Trace trace;
  std::string output_tail;
};

void fields(auto& archive, wire::Of<RawSighting> auto& value) {
  archive(value.outcome, value.decisions, value.learned, value.switch_points, value.seed, value.number, value.strategy,
          value.depth, value.output_tail);
}
void fields(auto& archive, wire::Of<ChildState> auto& value) {
  archive(value.portfolio, value.learned, value.tally, value.no_more, value.uncontrolled, value.most_threads,
          value.with_findings, value.too_long, value.giving_way);
}
void fields(auto& archive, wire::Of<ChildReplay> auto& value) {
  archive(value.outcome, value.decisions, value.trace, value.output_tail);
}

namespace {

enum Kind : std::uint32_t { begun = 1, sighting, state, replayed, cut };
constexpr std::uint64_t between_signs_of_life = 64;  // schedules; of long ones:
constexpr std::chrono::milliseconds often_enough{200};
constexpr std::uint64_t most_findings = 64;  // of one search; a check that fails in ever new words must end

// A schedule that got on until its step bound: an unfair one may go round and round with two threads that step aside
// for each other. That is a limit of the search; only where most schedules end so is it worth to be told.
bool is_cut_short(const SeenFinding& finding) { return finding.doubtful; }
bool gives_way(const SeenFinding& finding) { return finding.doubtful && finding.kind == FindingKind::livelock; }

using Key = std::tuple<FindingKind, std::string, std::vector<std::uintptr_t>>;

std::uintptr_t innermost(const Stack& stack) { return stack.empty() ? 0 : stack.front(); }

// What tells one finding from another within one program. Races by their two code locations, in no order.
Key key_of(const SeenFinding& finding) {
  std::vector<std::uintptr_t> places;
  for (const auto& access : finding.accesses) places.push_back(innermost(access.stack));
  std::ranges::sort(places);
  // Where a thread stands when it deadlocks or a check fails is not what tells these apart.
  if (places.empty() && finding.kind != FindingKind::deadlock && finding.kind != FindingKind::lost_wakeup &&
      finding.kind != FindingKind::livelock && finding.kind != FindingKind::wrong_result)
    places.push_back(innermost(finding.stack));
  return {finding.kind, finding.name, std::move(places)};
}

SharedLocations locations(const std::vector<std::uintptr_t>& all) {
  SharedLocations shared;
  for (const auto pc : all) shared.add(pc);
  return shared;
}

std::string strategy_in_words(Strategy strategy, std::uint32_t depth) {
  std::string words(name(strategy));
  if (strategy == Strategy::pct) words += " of depth " + std::to_string(depth);
  return words;
}

class Search {
 public:
  Search(Subject& subject, const SearchOptions& search, const Options& options, const SearchLimits& limits,
         const Found& found, const Worth& worth)
      : subject_(subject),
        search_(search),
        options_(options),
        limits_(limits),
        found_(found),
        worth_(worth),
        portfolio_(search) {}

  SearchSummary run() {
    check_repeatable();
    auto left = limits_.budget;
    std::uint64_t futile = 0;
    while (left.count() > 0 && !finished_) {
      const auto before = Clock::now();
      const auto made = portfolio_.confidence().schedules;
      deadline_ = before + left;
      auto end = in_child([this](int descriptor) { batch(descriptor); }, limits_.hang);
      const auto took = Clock::now() - before;  // what investigations take is not the search's
      left -= took;
      summary_.duration_ns += took.count();
      take(end);
      // Children that end before their first schedule will not do better.
      futile = portfolio_.confidence().schedules > made ? 0 : futile + 1;
      if (!end.started || futile >= 3) {
        summary_.could_not_run = end.in_words();
        if (summary_.could_not_run.empty()) summary_.could_not_run = "a process for it made no schedule";
        if (!finished_) break;
      }
    }
    summary_.confidence = portfolio_.confidence();
    if (gave_way_ && 2 * giving_way_ > summary_.confidence.schedules)
      hand_over(livelock(), summary_.confidence.schedules);
    else if (2 * summary_.too_long > summary_.confidence.schedules)
      hand_over(cut_short(), summary_.confidence.schedules);
    return std::move(summary_);
  }

 private:
  // In the child, until it is spent, has had its share, or time is up.
  void batch(int descriptor) {
    ChildState own;
    auto learned = locations(learned_);
    std::uint64_t made = 0;
    const auto tell_state = [&] {
      own.portfolio = portfolio_.save();
      own.learned.assign(learned.all().begin(), learned.all().end());
      own.tally = subject_.tally();
      wire::send(descriptor, Kind::state, wire::encoded(own));
    };
    bool spent = false;
    auto last_sign = Clock::now();
    while (!spent && made < limits_.batch && (made == 0 || Clock::now() < deadline_)) {
      const auto next = portfolio_.next();
      if (!next) {
        own.no_more = true;
        break;
      }
      RawSighting raw;
      raw.learned.assign(learned.all().begin(), learned.all().end());
      raw.switch_points = next->switch_points;
      raw.seed = next->seed;
      raw.number = next->number;
      raw.strategy = next->strategy;
      raw.depth = next->depth;
      auto options = options_;
      options.switch_points = next->switch_points;
      Recording recording;
      if (const auto now = Clock::now(); made % between_signs_of_life == 0 || now - last_sign > often_enough) {
        wire::send(descriptor, Kind::begun, wire::encoded(made + 1));
        last_sign = now;
      }
      subject_.run(*next->scheduler, next->seed, options, learned, recording,
                   [&](const Outcome& seen, const Recording& done) {
                     portfolio_.ended(seen);
                     ++made;
                     auto outcome = seen;
                     const bool gave_way = std::ranges::any_of(outcome.findings, gives_way);
                     own.giving_way += gave_way;
                     const auto keep = [&](Kind kind, const Outcome& shown) {
                       raw.outcome = shown;
                       raw.decisions = done.decisions;
                       raw.output_tail = subject_.output_tail();
                       wire::send(descriptor, kind, wire::encoded(raw));
                     };
                     if (gave_way && !gave_way_) {
                       keep(Kind::cut, outcome);
                       gave_way_.emplace();
                     }
                     own.too_long += std::erase_if(outcome.findings, is_cut_short);
                     own.uncontrolled += outcome.statistics.uncontrolled;
                     own.most_threads = std::max<std::uint64_t>(own.most_threads, outcome.statistics.threads);
                     spent = outcome.process_spent;
                     if (!outcome.findings.empty()) {
                       ++own.with_findings;
                       if (any_new(outcome)) {
                         keep(Kind::sighting, outcome);
                         for (const auto& finding : outcome.findings) known_.insert(key_of(finding));
                       }
                     }
                     if (spent) tell_state();  // it may not come back from here
                   });
      if (enough(portfolio_.confidence().schedules)) break;
    }
    if (!spent) tell_state();
  }

  bool any_new(const Outcome& outcome) const {
    return std::ranges::any_of(outcome.findings,
                               [this](const auto& finding) { return !known_.contains(key_of(finding)); });
  }

  bool enough(std::uint64_t schedules) const {
    return last_new_ != 0 && schedules >= 2 * last_new_ + limits_.quiet_schedules;
  }

  // In the parent.
  void take(const ForkedEnd& end) {
    ++summary_.children;
    std::uint64_t begun_since = 0;
    bool told = false;
    std::vector<RawSighting> sightings;
    for (const auto& message : end.messages) {
      if (message.kind == Kind::begun) wire::decode(message.bytes, begun_since);
      RawSighting raw;
      if (message.kind == Kind::sighting && wire::decode(message.bytes, raw)) sightings.push_back(std::move(raw));
      if (message.kind == Kind::cut && !gave_way_ && wire::decode(message.bytes, raw)) gave_way_ = std::move(raw);
      ChildState own;
      if (message.kind == Kind::state && wire::decode(message.bytes, own)) {
        told = portfolio_.load(own.portfolio) || told;
        learned_ = std::move(own.learned);
        for (const auto& [what, times] : own.tally) summary_.tally[what] += times;
        summary_.uncontrolled += own.uncontrolled;
        summary_.most_threads = std::max(summary_.most_threads, own.most_threads);
        summary_.with_findings += own.with_findings;
        summary_.too_long += own.too_long;
        giving_way_ += own.giving_way;
        if (own.no_more) finished_ = true;
      }
    }
    if (!told && end.started) lost(end, std::max<std::uint64_t>(begun_since, 1));
    for (auto& raw : sightings) investigate(std::move(raw));
    if (enough(portfolio_.confidence().schedules)) finished_ = true;
    if (known_.size() >= most_findings || (limits_.stop_at_first && !known_.empty())) finished_ = true;
  }

  Sighting livelock() {
    const auto at = std::ranges::find_if(gave_way_->outcome.findings, gives_way);
    auto sighting = examined(*gave_way_, static_cast<std::size_t>(at - gave_way_->outcome.findings.begin()));
    auto& finding = sighting.outcome.findings[sighting.which];
    finding.message += fmt::format(", as in {} of {} schedules", giving_way_, summary_.confidence.schedules);
    return sighting;
  }

  Sighting cut_short() const {
    Sighting sighting;
    auto& finding = sighting.outcome.findings.emplace_back();
    finding.kind = FindingKind::limit_exceeded;
    finding.name = "steps";
    finding.message = std::to_string(summary_.too_long) + " of " + std::to_string(summary_.confidence.schedules) +
                      " schedules did not end within " + std::to_string(options_.max_steps) +
                      " steps; raise --max-steps, or let the scenario do less";
    return sighting;
  }

  // Nobody can tell which schedule it was that took its process with it; its decisions are gone too.
  void lost(const ForkedEnd& end, std::uint64_t begun_since) {
    portfolio_.lost(begun_since);
    Sighting sighting;
    auto& finding = sighting.outcome.findings.emplace_back();
    finding.kind = end.timed_out ? FindingKind::hang : FindingKind::crash;
    finding.name = end.timed_out ? "outside of control" : "the process of a schedule";
    finding.message = end.timed_out
                          ? "a schedule did not go on: the code waits or spins where the scheduler can't see it"
                          : "the process of a schedule was gone before it could tell what it did: " + end.in_words();
    summary_.hangs += end.timed_out;
    if (known_.insert(key_of(finding)).second) hand_over(sighting, portfolio_.confidence().schedules);
  }

  void hand_over(const Sighting& sighting, std::uint64_t number) {
    if (summary_.first_finding == 0) summary_.first_finding = number + 1;
    last_new_ = std::max(last_new_, number + 1);
    found_(sighting);
  }

  void investigate(RawSighting raw) {
    for (std::size_t which = 0; which < raw.outcome.findings.size(); ++which) {
      if (!known_.insert(key_of(raw.outcome.findings[which])).second) continue;
      if (worth_ && !worth_(raw.outcome, which)) continue;
      auto sighting = examined(raw, which);
      // Threads that got nowhere until the step bound, but did when the schedule was run again, would have got on.
      if (!sighting.reproduced && raw.outcome.ending == Ending::too_long)
        ++summary_.too_long;
      else
        hand_over(sighting, raw.number);
    }
  }

  Sighting examined(const RawSighting& raw, std::size_t which) {
    const auto& wanted = raw.outcome.findings[which];
    Sighting sighting;
    sighting.outcome = raw.outcome;
    sighting.which = which;
    sighting.decisions = raw.decisions;
    sighting.learned = raw.learned;
    sighting.options = options_;
    sighting.options.switch_points = raw.switch_points;
    sighting.seed = raw.seed;
    sighting.number = raw.number;
    sighting.strategy = strategy_in_words(raw.strategy, raw.depth);
    sighting.output_tail = raw.output_tail;

    const auto time_is_up = Clock::now() + limits_.shrink_time;
    if (wanted.kind == FindingKind::data_race) look_at_its_accesses(sighting, wanted);
    const auto try_out = [&](const Tries& tries) { return tried_out(tries, sighting, wanted, time_is_up); };
    const auto shrunk = shrink(sighting.decisions, try_out, {limits_.shrink_attempts});
    sighting.forced_before = shrunk.forced_before;
    sighting.forced_after = shrunk.forced_after;

    const auto decisions = shrunk.reproduced ? shrunk.decisions : sighting.decisions;
    Replay strictly(decisions), again(decisions);
    auto first = replay_in_child(subject_, strictly, raw.seed, sighting.options, sighting.learned, true, limits_.hang);
    const auto at = first.ended ? shows(first.outcome, wanted) : std::nullopt;
    if (!at) return sighting;
    sighting.reproduced = true;
    const auto second =
        replay_in_child(subject_, again, raw.seed, sighting.options, sighting.learned, true, limits_.hang);
    sighting.repeatable = second.ended && same_trace(first.trace, second.trace);
    sighting.outcome = std::move(first.outcome);
    sighting.which = *at;
    sighting.decisions = decisions;
    sighting.trace = std::move(first.trace);
    if (!first.output_tail.empty()) sighting.output_tail = std::move(first.output_tail);
    return sighting;
  }

  // In as few children as it takes: some schedules end theirs.
  Attempt tried_out(const Tries& tries, const Sighting& sighting, const SeenFinding& wanted,
                    Clock::time_point time_is_up) const {
    time_is_up = std::min(time_is_up, Clock::now() + limits_.shrink_time / 3);
    for (;;) {
      if (Clock::now() > time_is_up) return {};
      Attempt attempt;
      std::uint64_t ran = 0;  // in a child that has to be replaced
      const auto end =
          in_child([&](int descriptor) { try_all(tries, sighting, wanted, time_is_up, descriptor); }, limits_.hang);
      for (const auto& message : end.messages) {
        ChildReplay reply;
        if (message.kind == Kind::begun) wire::decode(message.bytes, ran);
        if (message.kind != Kind::replayed || !wire::decode(message.bytes, reply)) continue;
        attempt = {true, std::move(reply.decisions), std::move(reply.trace)};
      }
      if (attempt.same || ran == 0) return attempt;
      for (std::uint64_t i = 0; i < ran; ++i)
        if (tries.next() == nullptr) return {};
    }
  }
  void try_all(const Tries& tries, const Sighting& sighting, const SeenFinding& wanted, Clock::time_point time_is_up,
               int descriptor) const {
    std::uint64_t ran = 0;
    for (bool at_end = false; !at_end;) {
      Scheduler* const scheduler = tries.next();
      if (scheduler == nullptr) return;
      ++ran;
      Attempt attempt;
      Recording recording;
      recording.trace = &attempt.trace;
      auto shared = locations(sighting.learned);
      subject_.run(*scheduler, sighting.seed, sighting.options, shared, recording,
                   [&](const Outcome& outcome, const Recording& done) {
                     at_end = outcome.process_spent || Clock::now() > time_is_up;
                     attempt.decisions = done.decisions;
                     attempt.same = shows(outcome, wanted).has_value();
                     if (attempt.same && tries.good(attempt)) {
                       at_end = true;
                       wire::send(descriptor, Kind::replayed,
                                  wire::encoded(ChildReplay{{}, attempt.decisions, attempt.trace, {}}));
                     } else if (outcome.process_spent) {
                       wire::send(descriptor, Kind::begun, wire::encoded(ran));
                     }
                   });
    }
  }

  // A race shows by what happened before what, also where its accesses are no steps: then nothing of it could be seen
  // step by step. With them as switch points the stream is another; most races show in the plain course of things.
  void look_at_its_accesses(Sighting& sighting, const SeenFinding& wanted) {
    auto learned = sighting.learned;
    for (const auto& access : wanted.accesses)
      if (const auto pc = innermost(access.stack); pc != 0 && std::ranges::find(learned, pc) == learned.end())
        learned.push_back(pc);
    if (learned.size() == sighting.learned.size() || sighting.options.switch_points != SwitchPoints::shared) return;
    for (const auto& stream : {Decisions(), sighting.decisions}) {
      Replay loosely(stream, false);
      auto replay = replay_in_child(subject_, loosely, sighting.seed, sighting.options, learned, false, limits_.hang);
      if (!replay.ended || !shows(replay.outcome, wanted)) continue;
      sighting.decisions = std::move(replay.recording.decisions);
      sighting.learned = std::move(learned);
      return;
    }
  }

  static std::optional<std::size_t> shows(const Outcome& outcome, const SeenFinding& wanted) {
    for (std::size_t i = 0; i < outcome.findings.size(); ++i)
      if (same_finding(outcome.findings[i], wanted)) return i;
    return std::nullopt;
  }

  static bool same_trace(const Trace& a, const Trace& b) {
    const auto as_is = [](std::uintptr_t pc) { return std::uint64_t{pc}; };
    return a.size() == b.size() && trace_digest(a, as_is) == trace_digest(b, as_is);
  }

  // One schedule of a random walk, and its decisions again in a fresh process: what differs is not ours to decide.
  void check_repeatable() {
    RandomWalk walk;
    auto options = options_;
    options.switch_points = SwitchPoints::sync;
    const auto first = replay_in_child(subject_, walk, search_.seed, options, {}, true, limits_.hang);
    if (!first.ended) return;  // the search itself will tell
    Replay replay(first.recording.decisions);
    const auto second = replay_in_child(subject_, replay, search_.seed, options, {}, true, limits_.hang);
    if (!second.ended)
      summary_.not_repeatable = "the same schedule ended by itself once, and once " + second.why;
    else if (second.outcome.divergence)
      summary_.not_repeatable = second.outcome.divergence->message;
    else if (!same_trace(first.trace, second.trace))
      summary_.not_repeatable = "the same schedule did other steps, or saw other values, when it was run again";
  }

  Subject& subject_;
  const SearchOptions& search_;
  const Options& options_;
  const SearchLimits& limits_;
  const Found& found_;
  const Worth& worth_;
  Portfolio portfolio_;
  SearchSummary summary_;
  std::vector<std::uintptr_t> learned_;
  std::set<Key> known_;
  Clock::time_point deadline_;
  std::uint64_t last_new_ = 0;           // schedule, from 1
  std::optional<RawSighting> gave_way_;  // the first schedule in which threads gave way to each other until its end
  std::uint64_t giving_way_ = 0;         // how many did
  bool finished_ = false;
};

}  // namespace

SearchSummary search(Subject& subject, const SearchOptions& search, const Options& options, const SearchLimits& limits,
                     const Found& found, const Worth& worth) {
  return Search(subject, search, options, limits, found, worth).run();
}

Replayed replay_in_child(Subject& subject, Scheduler& scheduler, std::uint64_t seed, const Options& options,
                         const std::vector<std::uintptr_t>& learned, bool traced, std::chrono::nanoseconds hang) {
  Replayed result;
  const auto end = in_child(
      [&](int descriptor) {
        ChildReplay reply;
        auto shared = locations(learned);
        Recording recording;
        if (traced) recording.trace = &reply.trace;
        subject.run(scheduler, seed, options, shared, recording, [&](const Outcome& outcome, const Recording& done) {
          reply.outcome = outcome;
          // Where the subject runs it under any scheduler, nobody else tells that a replayed stream did not fit.
          if (const auto* replay = dynamic_cast<const Replay*>(&scheduler); replay != nullptr && replay->divergence())
            reply.outcome.divergence = replay->divergence();
          reply.decisions = done.decisions;
          reply.output_tail = subject.output_tail();
          wire::send(descriptor, Kind::replayed, wire::encoded(reply));
        });
      },
      hang);
  result.why = end.in_words();
  for (const auto& message : end.messages) {
    ChildReplay reply;
    if (message.kind != Kind::replayed || !wire::decode(message.bytes, reply)) continue;
    result.ended = true;
    result.outcome = std::move(reply.outcome);
    result.recording.decisions = std::move(reply.decisions);
    result.trace = std::move(reply.trace);
    result.output_tail = std::move(reply.output_tail);
  }
  return result;
}

bool same_finding(const SeenFinding& a, const SeenFinding& b) { return key_of(a) == key_of(b); }

std::uint64_t trace_digest(const Trace& trace, const std::function<std::uint64_t(std::uintptr_t)>& place) {
  constexpr std::uint64_t highest_value = 0xffff'ffff;  // above it may stand addresses
  Fnv1a hash;
  const auto mix = [&hash](std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) hash.add(static_cast<unsigned char>(value >> shift));
  };
  for (const auto& step : trace) {
    mix(step.thread);
    mix(static_cast<std::uint64_t>(step.operation.kind));
    mix(place(step.operation.pc));
    mix(step.failed);
    if (step.value_read && *step.value_read <= highest_value) mix(*step.value_read);
    if (step.value_written && *step.value_written <= highest_value) mix(*step.value_written);
  }
  return hash.value();
}

}  // namespace chicane::explore
