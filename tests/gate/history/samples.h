// Runs as a history keeps them, made up.
#pragma once

#include <string>

#include <fmt/format.h>

#include "harness/model/history.h"

namespace chicane {

// The n-th run, a day each, with one value of one scenario on two threads.
inline HistoryRun sample_run(int n, double wall_ns) {
  HistoryRun run;
  run.id = fmt::format("run-{}", n);
  run.started = fmt::format("2026-{:02}-{:02}T10:00:00Z", 1 + n / 28, 1 + n % 28);
  run.ended = run.started;
  run.added = "2026-12-31T00:00:00Z";
  run.commit = fmt::format("c{:07}", n);
  run.host = "host-a";
  run.cpu = "a CPU";
  run.tool_version = "0.1.0";
  run.tool_revision = "r1";
  run.builds = {{"counter", Build::plain, fmt::format("b{}", n)}, {"counter", Build::tsan, ""}};
  run.values = {{"counter/locked",
                 {WorkerKind::thread, 2, {{"size", 64}, {"wait_ms", 5}}},
                 "wall_ns_per_operation",
                 {wall_ns, wall_ns * 0.99, wall_ns * 1.01, 12},
                 true}};
  run.verdicts = {{"counter/locked", Lane::bench, Verdict::pass}, {"counter/locked", Lane::tsan, Verdict::missed}};
  return run;
}

}  // namespace chicane
