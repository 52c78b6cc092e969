#include "tests/reports/sample_findings.h"

#include <algorithm>

#include <fmt/format.h>

namespace chicane::sample {
namespace {

Frame frame(std::string function, std::string file, std::uint32_t line, std::string module) {
  return {std::move(function), std::move(file), line, 0, std::move(module)};
}

// What lies under a body on every worker thread.
Stack on_a_worker(std::vector<Frame> top) {
  top.push_back(frame("int chicane::v1::internal::Bridge<State>::work<&State::work>(void*, void*, chicane_worker*)",
                      "harness/api/chicane/scenario.h", 402, top.front().module));
  top.push_back(
      frame("chicane::run_worker(chicane::Region&, unsigned int)", "harness/runner/region.cpp", 88, "chicane-runner"));
  top.push_back(
      frame("std::thread::_State_impl<std::thread::_Invoker<std::tuple<chicane::run_workers(chicane::Region&)"
            "::{lambda()#1}> > >::_M_run()",
            "/usr/include/c++/12/bits/std_thread.h", 210, "chicane-runner"));
  return top;
}

Stack created() {
  return {
      frame("pthread_create", "", 0, "chicane-runner"),
      frame("std::thread::_M_start_thread(std::unique_ptr<std::thread::_State>, void (*)())", "", 0, "libstdc++.so.6"),
      frame("chicane::run_workers(chicane::Region&)", "harness/runner/region.cpp", 131, "chicane-runner")};
}

struct Race {
  std::string fingerprint, state, member, file, module;
  std::uint64_t offset, size, state_size;
  std::uint32_t write_line, other_line;
  bool other_writes;
};

Finding race(const Race& told) {
  Finding finding;
  finding.kind = FindingKind::data_race;
  finding.fingerprint = told.fingerprint;
  auto& evidence = finding.evidence;
  evidence.message =
      fmt::format("two threads accessed {} without an order between them, one of them writing", told.member);
  const auto function = told.state + "::work(chicane::v1::Worker&)";
  evidence.accesses = {{1,
                        true,
                        false,
                        static_cast<std::uint32_t>(told.size),
                        {},
                        on_a_worker({frame(function, told.file, told.write_line, told.module)})},
                       {2,
                        told.other_writes,
                        false,
                        static_cast<std::uint32_t>(told.size),
                        {},
                        on_a_worker({frame(function, told.file, told.other_line, told.module)})}};
  evidence.threads = {{1, "worker 0", created()}, {2, "worker 1", created()}};
  evidence.location = Location{"state", told.member, told.offset, told.state_size, {}};
  return finding;
}

Finding wrong_result(std::string fingerprint, std::string name, std::string message) {
  Finding finding;
  finding.kind = FindingKind::wrong_result;
  finding.name = std::move(name);
  finding.fingerprint = std::move(fingerprint);
  finding.evidence.message = std::move(message);
  return finding;
}

Finding race_under_different_locks() {
  auto finding = race({"77e0d3b5a1c94f28", "UnlockedCounter", "history", "scenarios/counter/unlocked.cpp", "counter.so",
                       8, 4, 136, 14, 15, false});
  auto& evidence = finding.evidence;
  evidence.mutexes = {
      {1, false, {frame("UnlockedCounter::lock_first()", "scenarios/counter/unlocked.cpp", 21, "counter.so")}},
      {2, true, {frame("UnlockedCounter::lock_second()", "scenarios/counter/unlocked.cpp", 25, "counter.so")}}};
  evidence.accesses[0].mutexes = {1};
  evidence.accesses[1].mutexes = {2};
  evidence.location =
      Location{"heap",
               "",
               8,
               64,
               {frame("operator new(unsigned long)", "", 0, "chicane-runner"),
                frame("UnlockedCounter::UnlockedCounter()", "scenarios/counter/unlocked.cpp", 11, "counter.so")}};
  return finding;
}

Finding lost_wakeup() {
  Finding finding;
  finding.kind = FindingKind::lost_wakeup;
  finding.fingerprint = "0c1b8d7e55aa9f30";
  finding.evidence.message = "worker 1 waits for a token although two are free";
  finding.evidence.stacks = {
      {"worker 1 waits", on_a_worker({frame("syscall", "", 0, "libc.so.6"),
                                      frame("std::counting_semaphore<2l>::acquire()", "/usr/include/c++/12/semaphore",
                                            80, "semaphore.so"),
                                      frame("AtMostTwo::work(chicane::v1::Worker&)",
                                            "scenarios/semaphore/at_most_two.cpp", 18, "semaphore.so")})}};
  finding.evidence.output_tail = "inside: 2\ninside: 1\n";
  return finding;
}

bool shows(const Trial& trial, const Finding& finding) {
  const auto several = trial.parameters.workers >= 2;
  const auto& print = finding.fingerprint;
  if (trial.lane == Lane::tsan) {
    if (trial.scenario == "counter/unlocked" && several)
      return print == "3f9a20c7d1e84b56" || (print == "77e0d3b5a1c94f28" && trial.round % 4 == 1);
    if (trial.scenario == "semaphore/third-gets-in") return several && print == "a41d5c09be72f683";
    if (trial.scenario == "processes/unlocked-shared") return several && print == "e2075bb9c63d1a84";
    if (trial.scenario == "pools/racy-slot") return print == "9d40c2f18b7a6e35";
    if (trial.scenario == "semaphore/at-most-two")
      return trial.parameters.workers == 4 && trial.round == 6 && print == "0c1b8d7e55aa9f30";
  }
  if (trial.scenario == "counter/unlocked" && several) return print == "58c6e1f07a93bd42" && trial.round != 3;
  return trial.scenario == "waiting/counts-early" && print == "b6f3a8901dce5427";
}

}  // namespace

std::vector<Finding> findings(Trouble trouble) {
  std::vector<Finding> all;
  all.push_back(race({"3f9a20c7d1e84b56", "UnlockedCounter", "total", "scenarios/counter/unlocked.cpp", "counter.so", 0,
                      8, 136, 14, 14, true}));
  all.push_back(wrong_result("58c6e1f07a93bd42", "total", "total is 131072, expected 200000"));
  all.push_back(race({"a41d5c09be72f683", "ThirdGetsIn", "inside", "scenarios/semaphore/third_gets_in.cpp",
                      "semaphore.so", 8, 4, 16, 17, 16, false}));
  all.push_back(race({"e2075bb9c63d1a84", "UnlockedShared", "done", "scenarios/processes/unlocked_shared.cpp",
                      "processes.so", 16, 8, 24, 14, 14, true}));
  all.push_back(wrong_result("b6f3a8901dce5427", "results", "results counted: 1, expected 8"));
  if (trouble == Trouble::none) {
    all.push_back(race(
        {"9d40c2f18b7a6e35", "RacySlot", "slot", "scenarios/pools/racy_slot.cpp", "pools.so", 0, 4, 4, 15, 15, true}));
  } else {
    all.push_back(race_under_different_locks());
    all.push_back(lost_wakeup());
  }
  return all;
}

std::vector<Source> sources() {
  return {
      {"scenarios/counter/unlocked.cpp",
       9,
       {"struct UnlockedCounter {", "  long total = 0;", "  std::unique_ptr<History> history = make_history();", "",
        "  void work(chicane::Worker& worker) {", "    for (auto _ : worker) ++total, history->last = total;",
        "    if (history->last > 0) worker.count(\"last\", 1);", "  }", "  void check(chicane::Check& check) const {",
        "    check.equal(\"total\", total, check.operations());  // a < b && \"quoted\"", "  }", "};"}},
      {"scenarios/semaphore/third_gets_in.cpp",
       12,
       {"", "  void work(chicane::Worker& worker) {", "    for (auto _ : worker) {",
        "      // Two workers can both read 1 here, and both go in.",
        "      while (inside >= 2) std::this_thread::yield();", "      ++inside;", "      high_water.raise_to(inside);",
        "      --inside;", "    }", "  }"}},
      {"scenarios/processes/unlocked_shared.cpp",
       11,
       {"  std::uint64_t done = 0;", "", "  void work(chicane::Worker& worker) {", "    for (auto _ : worker) ++done;",
        "  }"}}};
}

std::vector<std::pair<std::string, std::uint64_t>> findings_seen(const Run& run, const Trial& trial) {
  std::vector<std::pair<std::string, std::uint64_t>> seen;
  for (std::size_t i = 0; i < run.findings.size(); ++i)
    if (shows(trial, run.findings[i]))
      seen.emplace_back("f" + std::to_string(i), run.findings[i].kind == FindingKind::data_race ? 3 : 1);
  return seen;
}

std::vector<ScenarioVerdict> verdicts(const Run& run, Trouble trouble) {
  std::vector<ScenarioVerdict> all;
  for (const auto& scenario : run.scenarios)
    for (const auto lane : run.lanes) {
      ScenarioVerdict verdict;
      verdict.scenario = scenario.id;
      verdict.lane = lane;
      verdict.verdict = Verdict::pass;
      for (const auto& trial : run.trials) {
        if (trial.scenario != scenario.id || trial.lane != lane) continue;
        ++verdict.confidence.processes;
        verdict.confidence.operations += 100'000ull * trial.parameters.workers;
        for (const auto& seen : trial.findings) {
          const bool undeclared = run.findings[std::stoul(seen.ref.substr(1))].fingerprint == "77e0d3b5a1c94f28";
          auto& list = undeclared ? verdict.undeclared : verdict.declared;
          if (std::ranges::find(list, seen.ref) == list.end()) list.push_back(seen.ref);
        }
      }
      std::ranges::sort(verdict.declared);
      verdict.confidence.says = fmt::format(
          "{} processes; 0 in {} bounds the rate of another finding below {:.1f} % a "
          "process (95 %)",
          verdict.confidence.processes, verdict.confidence.processes,
          300.0 / std::max(1u, verdict.confidence.processes));
      const bool wrong = !scenario.expectation.must.empty();
      if (!verdict.undeclared.empty()) {
        verdict.verdict = Verdict::fail;
        verdict.why = "found, and not declared: data race in UnlockedCounter::work, in 6 of 32 processes";
      } else if (!verdict.declared.empty()) {
        verdict.why = wrong ? "the declared finding was found" : "found only what it may show";
      } else if (scenario.id == "pools/tbb" && lane == Lane::tsan) {
        verdict.verdict = Verdict::not_judged;
        verdict.why = run.gaps.front().reason;
      } else if (trouble == Trouble::some && scenario.id == "processes/shared-memory" && lane == Lane::bench) {
        verdict.verdict = Verdict::error;
        verdict.why = run.gaps.back().reason;
      } else if (scenario.id == "pools/racy-slot" && lane == Lane::tsan) {
        verdict.verdict = Verdict::missed;
        verdict.why = "declared data_race in RacySlot::store was found in 0 of 16 processes";
      } else if (wrong && lane == Lane::bench) {
        verdict.verdict = Verdict::not_judged;
        verdict.why = "this lane may show what is declared, but need not; it showed nothing";
      } else {
        verdict.why = "nothing found, as declared";
      }
      if (lane == Lane::tsan && scenario.worker_kinds.front() == WorkerKind::process)
        verdict.why += "; judged as threads over one shared mapping";
      all.push_back(std::move(verdict));
    }
  return all;
}

}  // namespace chicane::sample
