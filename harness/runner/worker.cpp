#include "harness/runner/worker.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <sched.h>
#include <string>

#include <fmt/format.h>

#include "harness/runner/lanes/wait_ledger.h"
#include "harness/runner/placement.h"

namespace chicane {
namespace {

struct Run {
  const Stage* stage;
  Rendezvous* rendezvous;
  WorkerOutcome* outcome;
  bool stopped = false;
  std::atomic<bool> reported = false;  // fail() may come from any thread the worker started

  void stop() {
    outcome->end_ns = now_ns();
    if (!rendezvous->is_watched()) {
      outcome->at_end = Usage::now();
      outcome->last_cpu = sched_getcpu();
      outcome->last_migrations = migrations();
    }
    stopped = true;
    rendezvous->stop();
  }
};

Run& run_of(chicane_worker* worker) { return *static_cast<Run*>(worker->host); }
std::string text(const char* string) { return string == nullptr ? "" : string; }

void begin(chicane_worker* worker) {
  auto& run = run_of(worker);
  if (run.outcome->began) {
    run.reported = true;
    run.stage->ledger().fail("protocol_broken", "loop",
                             fmt::format("worker {} started a second loop; a worker has one", worker->index));
    return;
  }
  run.outcome->first_migrations = migrations();  // it takes a while: not between the common start and the first turn
  run.rendezvous->start();
  run.outcome->began = true;
  if (!run.rendezvous->is_watched()) {
    run.outcome->first_cpu = sched_getcpu();
    run.outcome->at_begin = Usage::now();
  }
  run.outcome->begin_ns = now_ns();  // last, so that the region holds nothing of the harness
}

void end(chicane_worker* worker) {
  auto& run = run_of(worker);
  if (run.outcome->began && !run.stopped) run.stop();
}

void count(chicane_worker* worker, const char* name, double value, std::uint32_t how) {
  run_of(worker).stage->ledger().count(text(name), value, how);
}

void fail(chicane_worker* worker, const char* kind, const char* name, const char* message) {
  auto& run = run_of(worker);
  run.reported = true;
  auto said = text(message);
  if (text(kind) == "uncaught_exception") said = fmt::format("worker {} threw: {}", worker->index, said);
  run.stage->ledger().fail(text(kind), text(name), std::move(said));
}

}  // namespace

void run_worker(const Stage& stage, std::uint32_t index, Rendezvous& rendezvous, WorkerOutcome& outcome) {
  const Pinned pinned(stage.places()[index]);
  Run run{&stage, &rendezvous, &outcome};
  chicane_worker worker = stage.worker(index);
  worker.host = &run;
  worker.begin = begin;
  worker.end = end;
  worker.count = count;
  worker.fail = fail;
  if (rendezvous.is_watched()) worker.tell_every = 0;
  worker.tell_progress = [](chicane_worker*) { wait_ledger::gets_on(); };

  const int status = stage.work(&worker);

  outcome.returned = true;
  outcome.turns_done = worker.turns_done;
  auto& ledger = stage.ledger();
  if (status != 0) {
    outcome.failed = true;
    if (!run.reported)
      ledger.fail("protocol_broken", "worker",
                  fmt::format("worker {} returned {} without reporting why", index, status));
  } else if (!outcome.began || worker.turns_done != worker.turns) {
    outcome.failed = true;
    ledger.fail("early_exit", "loop",
                outcome.began ? fmt::format("worker {} left its loop after {} of {} turns", index, worker.turns_done,
                                            worker.turns)
                              : fmt::format("worker {} never started its loop", index));
  }
  // Peers wait at both barriers for it, whatever it did.
  if (!outcome.began) rendezvous.start();
  if (!run.stopped) run.stop();
}

Region timed_region(std::span<const WorkerOutcome> outcomes) {
  Region region{std::numeric_limits<std::int64_t>::max(), 0};
  for (const auto& outcome : outcomes) {
    if (!outcome.began) continue;
    region.begin_ns = std::min(region.begin_ns, outcome.begin_ns);
    region.end_ns = std::max(region.end_ns, outcome.end_ns);
  }
  return region.end_ns == 0 ? Region{} : region;
}

std::vector<WorkerRecord> worker_records(const Stage& stage, std::span<const WorkerOutcome> outcomes) {
  const auto region = timed_region(outcomes);
  std::vector<WorkerRecord> records;
  for (std::uint32_t i = 0; i < outcomes.size(); ++i) {
    const auto& outcome = outcomes[i];
    WorkerRecord record{.index = i, .role = stage.worker(i).role, .operations = outcome.turns_done};
    if (outcome.began) {
      record.begin_ns = outcome.begin_ns - region.begin_ns;
      record.end_ns = outcome.end_ns - region.begin_ns;
      record.first_cpu = outcome.first_cpu;
      record.last_cpu = outcome.last_cpu;
      if (outcome.first_migrations >= 0 && outcome.last_migrations >= outcome.first_migrations)
        record.migrations = static_cast<std::uint32_t>(outcome.last_migrations - outcome.first_migrations);
    }
    records.push_back(record);
  }
  return records;
}

std::vector<std::uint64_t> operations(std::span<const WorkerOutcome> outcomes) {
  std::vector<std::uint64_t> turns;
  for (const auto& outcome : outcomes) turns.push_back(outcome.turns_done);
  return turns;
}

bool any_failed(std::span<const WorkerOutcome> outcomes) {
  return std::ranges::any_of(outcomes,
                             [](const WorkerOutcome& outcome) { return outcome.failed || !outcome.returned; });
}

}  // namespace chicane
