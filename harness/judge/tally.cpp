// Counting: which trials tell something, which findings were declared.
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "harness/judge/verdict.h"

namespace chicane {
namespace {

// "f12" is the run's thirteenth finding.
std::optional<std::size_t> position(const std::string& ref, const Run& run) {
  std::size_t index = 0;
  if (ref.size() < 2 || ref.front() != 'f') return std::nullopt;
  const auto [end, error] = std::from_chars(ref.data() + 1, ref.data() + ref.size(), index);
  if (error != std::errc() || end != ref.data() + ref.size() || index >= run.findings.size()) return std::nullopt;
  return index;
}

// The measure counts all repetitions of the body; workers' records are of the last one.
std::uint64_t operations(const Trial& trial) {
  if (const auto measured = trial.measures.find("operations"); measured != trial.measures.end())
    return measured->second >= 1 && measured->second < 0x1p63 ? static_cast<std::uint64_t>(measured->second) : 0;
  if (trial.workers.empty()) return trial.turns * trial.parameters.workers;
  std::uint64_t sum = 0;
  for (const WorkerRecord& worker : trial.workers) sum += worker.operations;
  return sum;
}

std::string detail(const Trial& trial) {
  return trial.status_detail.empty() ? std::string(name(trial.status)) : trial.status_detail;
}

template <typename T>
std::size_t position_or_add(std::vector<T>& all, const T& value) {
  const auto found = std::find(all.begin(), all.end(), value);
  if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
  all.push_back(value);
  return all.size() - 1;
}

void add_undeclared(Tally& tally, std::size_t finding, std::uint32_t times) {
  const std::size_t at = position_or_add(tally.undeclared, finding);
  tally.undeclared_times.resize(tally.undeclared.size());
  tally.undeclared_times[at] += times;
}

bool shows(const ExpectedFinding& expected, const std::vector<std::size_t>& findings, const Run& run) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](std::size_t i) { return matches(expected, run.findings[i]); });
}

void count_seen(std::vector<Seen>& seen, const std::vector<ExpectedFinding>& expected,
                const std::vector<std::size_t>& findings, const Run& run) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (shows(expected[i], findings, run)) ++seen[i].processes;
}

bool is_asked(const ExpectedFinding& must, const Parameters& parameters) {
  return must.min_workers <= parameters.workers;
}

// With fewer workers than a `must` needs, nothing can show what it declares: a race of one worker, or its wrong result,
// is a mistake of the check or of the harness, and a wrong twin must not hide it.
bool is_declared(const Finding& finding, const Expectation& expectation, const Parameters& parameters) {
  const auto fits = [&finding](const ExpectedFinding& expected) { return matches(expected, finding); };
  const auto must_fit = [&](const ExpectedFinding& must) { return is_asked(must, parameters) && fits(must); };
  return std::any_of(expectation.must.begin(), expectation.must.end(), must_fit) ||
         std::any_of(expectation.may.begin(), expectation.may.end(), fits);
}

// The stacks that it should have could not be taken: it may be the declared one, or another.
bool may_be_declared(const Finding& finding, const Expectation& expectation) {
  const Evidence& evidence = finding.evidence;
  if (evidence.stacks.empty() || !evidence.accesses.empty() || evidence.location) return false;
  const auto no_frames = [](const LabelledStack& each) { return each.stack.empty(); };
  const auto same_kind = [&](const ExpectedFinding& expected) { return expected.kind == finding.kind; };
  return std::all_of(evidence.stacks.begin(), evidence.stacks.end(), no_frames) &&
         (std::any_of(expectation.must.begin(), expectation.must.end(), same_kind) ||
          std::any_of(expectation.may.begin(), expectation.may.end(), same_kind));
}

void count_trial(Tally& tally, const Run& run, const Scenario& scenario, const Trial& trial) {
  ++tally.trials;
  if (!trial.judged_as.empty()) tally.judged_as.insert(trial.judged_as);
  for (const auto& [kind, reason] : trial.not_looked_for) {
    tally.not_looked_for.try_emplace(kind, reason);
    for (std::size_t i = 0; i < scenario.expectation.must.size(); ++i)
      tally.must[i].blind += scenario.expectation.must[i].kind == kind;
  }

  std::vector<std::size_t> findings;
  for (const SeenFinding& seen : trial.findings) {
    if (const auto at = position(seen.ref, run))
      position_or_add(findings, *at);
    else
      tally.not_run.push_back(fmt::format("trial {} refers to finding {}, which this run does not have", trial.id,
                                          seen.ref.empty() ? "\"\"" : seen.ref));
  }
  bool any_undeclared = false;
  for (const std::size_t i : findings) {
    if (is_declared(run.findings[i], scenario.expectation, trial.parameters)) {
      position_or_add(tally.declared, i);
    } else if (may_be_declared(run.findings[i], scenario.expectation)) {
      tally.placeless.insert(i);
    } else {
      add_undeclared(tally, i, 1);
      any_undeclared = true;
    }
  }
  if (any_undeclared) ++tally.undeclared_processes;

  if (trial.status == TrialStatus::completed) {
    const auto done = operations(trial);
    ++tally.completed;
    tally.operations += done;
    if (done > 0) ++tally.worked;
  } else if (trial.status == TrialStatus::not_run) {
    tally.not_run.push_back(detail(trial));
    if (findings.empty()) return;
  } else if (findings.empty()) {
    // A limit that stops a trial is a finding; stopped without one, it was the user.
    if (trial.status == TrialStatus::stopped)
      ++tally.stopped;
    else
      tally.without_finding.push_back(detail(trial));
    return;
  }
  ++tally.ended;
  count_seen(tally.must, scenario.expectation.must, findings, run);
  count_seen(tally.may, scenario.expectation.may, findings, run);
}

void add(std::vector<Seen>& into, const std::vector<Seen>& other) {
  into.resize(std::max(into.size(), other.size()));
  for (std::size_t i = 0; i < other.size(); ++i) {
    into[i].asked = into[i].asked || other[i].asked;
    into[i].processes += other[i].processes;
    into[i].of += other[i].of;
    into[i].blind += other[i].blind;
  }
}

}  // namespace

Tally count(const Run& run, const Scenario& scenario, const Parameters& parameters,
            std::span<const Trial* const> trials) {
  Tally tally;
  tally.must.resize(scenario.expectation.must.size());
  tally.may.resize(scenario.expectation.may.size());
  for (const Trial* trial : trials) count_trial(tally, run, scenario, *trial);
  for (std::size_t i = 0; i < tally.must.size(); ++i) {
    Seen& seen = tally.must[i];
    seen.asked = is_asked(scenario.expectation.must[i], parameters);
    if (!seen.asked) seen.processes = 0;  // then it was undeclared
    seen.of = seen.asked ? tally.ended : 0;
  }
  for (std::size_t i = 0; i < tally.may.size(); ++i) {
    Seen& seen = tally.may[i];
    seen.asked = scenario.expectation.may[i].min_workers <= parameters.workers;
    seen.of = seen.asked || seen.processes > 0 ? tally.ended : 0;
  }
  return tally;
}

void Tally::add(const Tally& other) {
  trials += other.trials;
  ended += other.ended;
  completed += other.completed;
  worked += other.worked;
  stopped += other.stopped;
  operations += other.operations;
  chicane::add(must, other.must);
  chicane::add(may, other.may);
  for (const std::size_t i : other.declared) position_or_add(declared, i);
  for (std::size_t i = 0; i < other.undeclared.size(); ++i)
    add_undeclared(*this, other.undeclared[i], other.undeclared_times[i]);
  undeclared_processes += other.undeclared_processes;
  placeless.insert(other.placeless.begin(), other.placeless.end());
  not_run.insert(not_run.end(), other.not_run.begin(), other.not_run.end());
  without_finding.insert(without_finding.end(), other.without_finding.begin(), other.without_finding.end());
  judged_as.insert(other.judged_as.begin(), other.judged_as.end());
  not_looked_for.insert(other.not_looked_for.begin(), other.not_looked_for.end());
}

bool Tally::any_must_seen() const {
  return std::any_of(must.begin(), must.end(), [](const Seen& seen) { return seen.processes > 0; });
}

}  // namespace chicane
