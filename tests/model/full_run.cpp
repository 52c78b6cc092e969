#include "tests/model/full_run.h"

namespace chicane {
namespace {

Stack work_stack(std::uint32_t line) {
  return {{.function = "UnlockedCounter::work(chicane::v1::Worker&)",
           .file = "scenarios/counter/unlocked.cpp",
           .line = line,
           .column = 37,
           .module = "counter.so"},
          {.function = "run_worker(chicane_worker*)",
           .file = "harness/runner/team.cpp",
           .line = 80,
           .column = 5,
           .module = "chicane-runner"}};
}
Stack creation_stack() {
  return {{.function = "pthread_create", .file = "", .line = 0, .column = 0, .module = "libc"}};
}

Finding crash() {
  Evidence evidence;
  evidence.message = "the process was ended by SIGSEGV";
  evidence.stacks = {{"stack of the crash", work_stack(12)}};
  evidence.signal = 11;
  evidence.exit_code = 139;
  evidence.limit = "memory";
  evidence.limit_value = 4294967296;
  evidence.limit_reached = 5000000000;
  auto& picture = evidence.picture.emplace();
  picture.threads = {0, 3};
  auto& step = picture.steps.emplace_back();
  step.thread = 3;
  step.does = "changes (acq_rel)";
  step.object = "total";
  step.reads = "1";
  step.writes = "2";
  step.note = "one side of the race";
  step.switched = step.matters = true;
  step.holds = {"M1"};
  step.waits_for = "M2";
  step.left_out = 7;
  step.stack = {{"Work::turn(int)", "scenarios/a.cpp", 12, 3, "a.so"}};
  evidence.schedule = "chicane.schedule/1\n";
  evidence.output_tail = "Segmentation fault: \"\\\n\t\x01 ü 🙂";
  return {FindingKind::crash, "SIGSEGV", "00112233aabbccdd", evidence};
}

Scenario full_scenario() {
  Scenario scenario;
  scenario.id = "counter/unlocked";
  scenario.says = "workers add to one plain counter";
  scenario.source = "scenarios/counter/unlocked.cpp:8";
  scenario.expectation.must = {{FindingKind::data_race, "UnlockedCounter::work", Field{"total", 8, 4}, 2, {}, ""},
                               {FindingKind::wrong_result, "", {}, 1, {Lane::bench, Lane::stress}, ""}};
  scenario.expectation.may = {{FindingKind::lost_wakeup, "acquire", {}, 3, {}, "libstdc++ 12 can sleep forever"}};
  scenario.expectation.not_judged = {{Lane::explore, "needs real processes"}};
  scenario.worker_kinds = {WorkerKind::thread, WorkerKind::process};
  scenario.min_workers = 2;
  scenario.exactly_workers = 4;
  scenario.workers_multiple_of = 2;
  scenario.also_workers = {5, 6};
  scenario.roles = {{"produce", 1}, {"consume", 0}};
  scenario.axes = {{"tasks", {1, 1000, -5}}};
  scenario.tags = {"core"};
  scenario.operation = "one item passed on";
  scenario.items_per_operation = 3;
  scenario.bytes_per_operation = 64;
  scenario.time_limit_ns = 2'000'000'000;
  scenario.program = {"python3", "{folder}/counter.py", "{tasks}"};
  scenario.outcomes = {{"0,0", Grade::interesting, "both loads overtook the stores"}, {"1,1", Grade::forbidden, ""}};
  scenario.latency = "from push to pop";
  scenario.scales_with = "tasks";
  scenario.by_hand = "one lock for all";
  return scenario;
}

Host full_host() {
  Host host;
  host.id = "h0";
  host.fingerprint = "4f3c2b1a00112233";
  host.cpu = "Example CPU 3 GHz";
  host.cores = 2;
  host.sockets = 1;
  host.threads_per_core = 2;
  host.caches = {{1, "Data", 32768, 1}, {3, "Unified", 33554432, 2}};
  host.memory_bytes = 8'000'000'000;
  host.kernel = "6.1.0-18-amd64";
  host.os = "Debian GNU/Linux 12";
  host.governor = "performance";
  host.turbo = false;
  host.virtualization = "kvm";
  host.virtualized = true;
  host.aslr = 2;
  host.before = {0.25, 1.5, 0.0};
  host.during = {2.0625, 50.75, 0.08};
  return host;
}

Parameters two_threads() { return {WorkerKind::thread, 2, {{"tasks", 1000}}}; }

}  // namespace

Finding full_race() {
  Evidence evidence;
  evidence.message = "two workers access 'total' and one of them writes";
  evidence.accesses = {{1, true, false, 8, {0}, work_stack(14)}, {2, false, true, 4, {}, work_stack(15)}};
  evidence.threads = {{0, "main", {}}, {1, "worker 0", creation_stack()}, {2, "", creation_stack()}};
  evidence.mutexes = {{0, true, creation_stack()}};
  evidence.location = Location{"state", "total", 8, 64, creation_stack()};
  return {FindingKind::data_race, "total", "0123456789abcdef", evidence};
}

Trial full_trial() {
  Trial trial;
  trial.id = "t0";
  trial.plan = "p9";
  trial.scenario = "counter/unlocked";
  trial.lane = Lane::tsan;
  trial.host = "h0";
  trial.build = "b1";
  trial.parameters = {WorkerKind::process, 2, {{"tasks", -1}, {"size", 9'000'000'000}}};
  trial.round = 7;
  trial.seed = 18'446'744'073'709'551'615U;
  trial.oversubscribed = true;
  trial.calibration = true;
  trial.not_counted = "not available: perf_event_paranoid is 3";
  trial.judged_as = "threads over one shared mapping";
  trial.searched = "1000 schedules (pos 1000)";
  trial.placement = Placement::same;
  trial.status = TrialStatus::crashed;
  trial.status_detail = "ended by SIGSEGV";
  trial.duration_ns = 123'456'789;
  trial.turns = 100'000;
  trial.workers = {{0, 1, 100'000, -5, 1'000'000, 0, 1, 7}, {1, 0, 99'999, 10, 1'000'500, -1, -1, {}}};
  trial.findings = {{"f0", 3}, {"f1", 1}};
  trial.not_looked_for = {{FindingKind::leak, "tracing is refused here"}};
  trial.measures = {{"wall_ns_per_operation", 8.3125}, {"peak_resident_bytes", 4096}, {"region_ns", 1e-300}};
  trial.outcomes = {{"0,0", Grade::interesting, 12}, {"1,1", Grade::forbidden, 0}, {"2,2", Grade::undeclared, 1}};
  trial.counters = {{"overlap", 0.1}, {"retries per \"turn\"", -3e20}};
  trial.output = {"out", "err", 3, 1'000'000'000'000};
  return trial;
}

Run full_run() {
  Run run;
  run.id = "20260101T000000Z-4f3c";
  run.started = "2026-01-01T00:00:00Z";
  run.ended = "2026-01-01T00:01:30Z";
  run.duration_ns = 90'000'000'000;
  run.outside_trials_ns = 1'500'000'000;
  run.seed = 42;
  run.complete = true;
  run.tool_version = "0.1.0";
  run.tool_revision = "7a3bcec";
  run.command = {"chicane", "run", "counter/*"};
  run.lanes = {Lane::bench, Lane::tsan};
  run.merged_from = {{"20260101T000000Z-0001",
                      "shard-1/run.json",
                      "2026-01-01T00:00:00Z",
                      "2026-01-01T00:01:30Z",
                      7,
                      true,
                      "0.1.0",
                      "7a3bcec",
                      {"chicane", "run"},
                      {"h0"}}};
  run.hosts = {full_host()};
  run.builds = {{"b0", "counter", Build::plain, "00ff", "clang 19.1.7", "-O2 -g"},
                {"b1", "counter", Build::tsan, "11ff", "clang 19.1.7", "-O1 -fsanitize=thread"}};
  run.scenarios = {full_scenario()};
  run.findings = {full_race(), crash()};
  run.sources = {
      {"scenarios/counter/unlocked.cpp", 12, {"  void work(Worker& worker) {", "", "\tfor (auto _ : worker)"}}};
  run.trials = {full_trial()};
  Trial quiet;
  quiet.id = "t1";
  quiet.plan = "p10";
  quiet.scenario = "counter/unlocked";
  quiet.status = TrialStatus::completed;
  run.trials.push_back(quiet);
  run.gaps = {{"pools/tbb", Lane::tsan, false, "oneTBB is not instrumented"},
              {"pools/async", Lane::bench, true, "no plugin"}};
  run.verdicts = {{"counter/unlocked",
                   Lane::tsan,
                   Verdict::fail,
                   "an undeclared crash",
                   {8, 800'000, "0 of 8 processes"},
                   {"f0"},
                   {"f1"},
                   {{two_threads(), Verdict::missed, "not seen", 4}, {{}, Verdict::error, "", 0}}}};
  run.summaries = {{"counter/unlocked",
                    Lane::bench,
                    two_threads(),
                    true,
                    false,
                    "a declared data_race",
                    {{"wall_ns_per_operation", {8.5, 8.25, 9.0, 8}}},
                    {{"overlap", {1.5, {}, {}, 5}}},
                    "h0",
                    "b0"}};
  Fit fit;
  fit.scenario = "counter/unlocked";
  fit.worker_kind = WorkerKind::process;
  fit.with = "threads";
  fit.args = {{"tasks", 100}};
  fit.host = "h0";
  fit.build = "b0";
  fit.points = {{1, 1e6, false}, {4, 1.5e6, true}};
  fit.why_not = "2 points; it takes 6";
  fit.one_alone = Fitted{1e6, 0.9e6, 1.1e6};
  fit.contention = Fitted{0.25, 0.125, 0.5};
  fit.coherence = Fitted{0.0625, -0.125, 0.5};
  fit.peak_size = 3.5;
  fit.peak_operations_per_second = 1.75e6;
  fit.why_no_peak = "its interval spans 0";
  fit.serial_share = Fitted{0.5, 0.25, 0.75};
  fit.largest_misfit = 0.03125;
  run.fits = {fit};
  run.claims = {{"a-lock-makes-it-exact",
                 "CPython",
                 "a lock makes it exact, at this price",
                 "locked against plain",
                 "times",
                 2.5,
                 2.25,
                 3.0,
                 "no total was wrong, and above 1",
                 ClaimGrade::holds,
                 "8 of 8 were right",
                 {"python/counter-locked", "python/counter-plain"}}};
  run.choices = {
      {"C++", "waiting", "threads", "waiting/two-threads", 0.5, 0.4375, 0.5625, 1024, true, "a reason", 8250000}};
  run.notes = {"explore was left out: there is no build of it"};
  run.unknown = R"({"power":{"joules":[1,2.5,null]}})";
  return run;
}

}  // namespace chicane
