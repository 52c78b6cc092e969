// How the types of finding.h, scenario.h and trial.h, and what run.json and the journal share, stand in JSON. Internal
// to this folder; a `required` member is always written and must be there, an `optional` one is left out where it says
// nothing.
#pragma once

#include "harness/model/json_codec.h"
#include "harness/model/run.h"
#include "harness/model/scenario.h"
#include "harness/model/trial.h"

namespace chicane {

void members(auto& codec, json::Like<Access> auto& access) {
  codec.required("thread", access.thread);
  codec.required("write", access.write);
  codec.optional("atomic", access.atomic);
  codec.required("size_bytes", access.size_bytes);
  codec.optional("mutexes", access.mutexes);
  codec.optional("stack", access.stack);
}
void members(auto& codec, json::Like<ThreadInfo> auto& thread) {
  codec.required("id", thread.id);
  codec.optional("name", thread.name);
  codec.optional("created_at", thread.created_at);
}
void members(auto& codec, json::Like<MutexInfo> auto& mutex) {
  codec.required("id", mutex.id);
  codec.optional("destroyed", mutex.destroyed);
  codec.optional("created_at", mutex.created_at);
}
void members(auto& codec, json::Like<Location> auto& location) {
  codec.required("type", location.type);
  codec.optional("name", location.name);
  codec.required("offset_bytes", location.offset_bytes);
  codec.optional("size_bytes", location.size_bytes);
  codec.optional("allocated_at", location.allocated_at);
}
void members(auto& codec, json::Like<LabelledStack> auto& labelled) {
  codec.required("label", labelled.label);
  codec.optional("stack", labelled.stack);
}
void members(auto& codec, json::Like<PictureStep> auto& step) {
  codec.required("thread", step.thread);
  codec.required("does", step.does);
  codec.optional("object", step.object);
  codec.optional("reads", step.reads);
  codec.optional("writes", step.writes);
  codec.optional("note", step.note);
  codec.optional("switched", step.switched);
  codec.optional("matters", step.matters);
  codec.optional("holds", step.holds);
  codec.optional("waits_for", step.waits_for);
  codec.optional("left_out", step.left_out);
  codec.optional("stack", step.stack);
}
void members(auto& codec, json::Like<Picture> auto& picture) {
  codec.required("threads", picture.threads);
  codec.required("steps", picture.steps);
}
void members(auto& codec, json::Like<Evidence> auto& evidence) {
  codec.optional("message", evidence.message);
  codec.optional("accesses", evidence.accesses);
  codec.optional("threads", evidence.threads);
  codec.optional("mutexes", evidence.mutexes);
  codec.optional("location", evidence.location);
  codec.optional("stacks", evidence.stacks);
  codec.optional("signal", evidence.signal);
  codec.optional("exit_code", evidence.exit_code);
  codec.optional("limit", evidence.limit);
  codec.optional("limit_value", evidence.limit_value);
  codec.optional("limit_reached", evidence.limit_reached);
  codec.optional("output_tail", evidence.output_tail);
  codec.optional("picture", evidence.picture);
  codec.optional("schedule", evidence.schedule);
}
void members(auto& codec, json::Like<Finding> auto& finding) {
  codec.required("kind", finding.kind);
  codec.optional("name", finding.name);
  codec.required("fingerprint", finding.fingerprint);
  codec.required("evidence", finding.evidence);
}

void members(auto& codec, json::Like<Field> auto& field) {
  codec.required("name", field.name);
  codec.required("offset_bytes", field.offset_bytes);
  codec.required("size_bytes", field.size_bytes);
}
void members(auto& codec, json::Like<ExpectedFinding> auto& expected) {
  codec.required("kind", expected.kind);
  codec.optional("at", expected.at);
  codec.optional("field", expected.field);
  codec.required("min_workers", expected.min_workers);
  codec.optional("lanes", expected.lanes);
  codec.optional("reason", expected.reason);
}
void members(auto& codec, json::Like<NotJudged> auto& not_judged) {
  codec.required("lane", not_judged.lane);
  codec.required("reason", not_judged.reason);
}
void members(auto& codec, json::Like<Expectation> auto& expectation) {
  codec.required("must", expectation.must);
  codec.required("may", expectation.may);
  codec.required("not_judged", expectation.not_judged);
}
void members(auto& codec, json::Like<Role> auto& role) {
  codec.required("name", role.name);
  codec.optional("exactly", role.exactly);
}
void members(auto& codec, json::Like<Axis> auto& axis) {
  codec.required("name", axis.name);
  codec.required("values", axis.values);
}
void members(auto& codec, json::Like<DeclaredOutcome> auto& declared) {
  codec.required("outcome", declared.outcome);
  codec.required("grade", declared.grade);
  codec.optional("reason", declared.reason);
}
void members(auto& codec, json::Like<Scenario> auto& scenario) {
  codec.required("id", scenario.id);
  codec.optional("says", scenario.says);
  codec.optional("source", scenario.source);
  codec.required("expectation", scenario.expectation);
  codec.required("worker_kinds", scenario.worker_kinds);
  codec.optional("min_workers", scenario.min_workers, 1);
  codec.optional("exactly_workers", scenario.exactly_workers);
  codec.optional("workers_multiple_of", scenario.workers_multiple_of, 1);
  codec.optional("also_workers", scenario.also_workers);
  codec.optional("roles", scenario.roles);
  codec.optional("axes", scenario.axes);
  codec.optional("tags", scenario.tags);
  codec.optional("operation", scenario.operation);
  codec.optional("items_per_operation", scenario.items_per_operation);
  codec.optional("bytes_per_operation", scenario.bytes_per_operation);
  codec.optional("time_limit_ns", scenario.time_limit_ns);
  codec.optional("program", scenario.program);
  codec.optional("outcomes", scenario.outcomes);
  codec.optional("latency", scenario.latency);
  codec.optional("scales_with", scenario.scales_with);
  codec.optional("by_hand", scenario.by_hand);
}
void members(auto& codec, json::Like<PluginDescription> auto& plugin) {
  codec.required("file", plugin.file);
  codec.required("name", plugin.name);
  codec.required("build", plugin.build);
  codec.optional("build_id", plugin.build_id);
  codec.optional("compiler", plugin.compiler);
  codec.required("scenarios", plugin.scenarios);
}

// These three stand among the members of what they are parameters of.
void members(auto& codec, json::Like<Parameters> auto& parameters) {
  codec.required("worker_kind", parameters.worker_kind);
  codec.required("workers", parameters.workers);
  codec.optional("args", parameters.args);
}
void members(auto& codec, json::Like<DuetRequest> auto& duet) {
  codec.required("board", duet.board);
  codec.required("side", duet.side);
  codec.required("pairs", duet.pairs);
  codec.optional("padding", duet.padding);
}
void members(auto& codec, json::Like<ExploreRequest> auto& request) {
  codec.optional("strategy", request.strategy);
  codec.optional("depth", request.depth);
  codec.optional("schedules", request.schedules);
  codec.optional("memory_model", request.memory_model);
  codec.optional("switch_points", request.switch_points);
  codec.optional("backend", request.backend);
  codec.optional("max_steps", request.max_steps);
  codec.optional("stop_at_first", request.stop_at_first);
  codec.optional("program", request.program);
}
void members(auto& codec, json::Like<TrialRequest> auto& request) {
  codec.required("plugin", request.plugin);
  codec.required("scenario", request.scenario);
  codec.required("lane", request.lane);
  members(codec, request.parameters);
  codec.required("seed", request.seed);
  codec.optional("turns", request.turns);
  codec.optional("budget_ns", request.budget_ns);
  codec.optional("wall_limit_ns", request.wall_limit_ns);
  codec.required("placement", request.placement);
  codec.optional("cpus", request.cpus);
  codec.optional("allow_uninstrumented", request.allow_uninstrumented);
  codec.optional("explore", request.explore);
  codec.optional("duet", request.duet);
  codec.optional("program", request.program);
}
void members(auto& codec, json::Like<WorkerRecord> auto& worker) {
  codec.required("index", worker.index);
  codec.optional("role", worker.role);
  codec.required("operations", worker.operations);
  codec.required("begin_ns", worker.begin_ns);
  codec.required("end_ns", worker.end_ns);
  codec.optional("first_cpu", worker.first_cpu, -1);
  codec.optional("last_cpu", worker.last_cpu, -1);
  codec.optional("migrations", worker.migrations);
}
void members(auto& codec, json::Like<SeenFinding> auto& seen) {
  codec.required("ref", seen.ref);
  codec.required("count", seen.count);
}
void members(auto& codec, json::Like<NotLookedFor> auto& unseen) {
  codec.required("kind", unseen.kind);
  codec.required("reason", unseen.reason);
}
void members(auto& codec, json::Like<OutcomeCount> auto& outcome) {
  codec.required("outcome", outcome.outcome);
  codec.required("grade", outcome.grade);
  codec.required("count", outcome.count);
}
void members(auto& codec, json::Like<Output> auto& output) {
  codec.optional("stdout_tail", output.stdout_tail);
  codec.optional("stderr_tail", output.stderr_tail);
  codec.required("stdout_bytes", output.stdout_bytes);
  codec.required("stderr_bytes", output.stderr_bytes);
}
void members(auto& codec, json::Like<Trial> auto& trial) {
  codec.required("id", trial.id);
  codec.required("plan", trial.plan);
  codec.required("scenario", trial.scenario);
  codec.required("lane", trial.lane);
  codec.optional("host", trial.host);
  codec.optional("build", trial.build);
  members(codec, trial.parameters);
  codec.required("round", trial.round);
  codec.required("seed", trial.seed);
  codec.optional("oversubscribed", trial.oversubscribed);
  codec.optional("calibration", trial.calibration);
  codec.optional("not_counted", trial.not_counted);
  codec.optional("judged_as", trial.judged_as);
  codec.optional("searched", trial.searched);
  codec.required("placement", trial.placement);
  codec.required("status", trial.status);
  codec.optional("status_detail", trial.status_detail);
  codec.required("duration_ns", trial.duration_ns);
  codec.optional("turns", trial.turns);
  codec.optional("worker_records", trial.workers);
  codec.optional("findings", trial.findings);
  codec.optional("not_looked_for", trial.not_looked_for);
  codec.optional("outcomes", trial.outcomes);
  codec.optional("measures", trial.measures);
  codec.optional("counters", trial.counters);
  codec.optional("output", trial.output);
}
void members(auto& codec, json::Like<BuildFact> auto& build) {
  codec.required("id", build.id);
  codec.required("plugin", build.plugin);
  codec.required("build", build.build);
  codec.optional("build_id", build.build_id);
  codec.optional("compiler", build.compiler);
  codec.optional("flags", build.flags);
}
void members(auto& codec, json::Like<Cache> auto& cache) {
  codec.required("level", cache.level);
  codec.required("type", cache.type);
  codec.required("size_bytes", cache.size_bytes);
  codec.optional("shared_by_cpus", cache.shared_by_cpus);
}
void members(auto& codec, json::Like<HostLoad> auto& load) {
  codec.required("load_1min", load.load_1min);
  codec.optional("cpu_pressure_some_percent", load.cpu_pressure_some_percent);
  codec.optional("steal_percent", load.steal_percent);
}
void members(auto& codec, json::Like<Host> auto& host) {
  codec.required("id", host.id);
  codec.required("fingerprint", host.fingerprint);
  codec.optional("cpu", host.cpu);
  codec.required("cores", host.cores);
  codec.optional("sockets", host.sockets);
  codec.optional("threads_per_core", host.threads_per_core);
  codec.optional("caches", host.caches);
  codec.required("memory_bytes", host.memory_bytes);
  codec.optional("kernel", host.kernel);
  codec.optional("os", host.os);
  codec.optional("governor", host.governor);
  codec.optional("turbo", host.turbo);
  codec.optional("virtualization", host.virtualization);
  codec.required("virtualized", host.virtualized);
  codec.optional("aslr", host.aslr);
  codec.required("before", host.before);
  codec.required("during", host.during);
}

}  // namespace chicane
