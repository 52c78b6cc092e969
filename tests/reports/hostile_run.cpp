#include <string>

#include "tests/reports/sample_run.h"

namespace chicane::sample {
namespace {

void attack_stack(Stack& stack) {
  for (auto& frame : stack) frame.function += attack, frame.file += attack, frame.module += attack;
}

void attack_evidence(Evidence& evidence) {
  evidence.message += attack;
  for (auto& access : evidence.accesses) attack_stack(access.stack);
  for (auto& thread : evidence.threads) thread.name += attack, attack_stack(thread.created_at);
  for (auto& mutex : evidence.mutexes) attack_stack(mutex.created_at);
  for (auto& labelled : evidence.stacks) labelled.label += attack, attack_stack(labelled.stack);
  if (evidence.location) {
    evidence.location->name += attack, evidence.location->type += attack;
    attack_stack(evidence.location->allocated_at);
  }
  if (evidence.picture)
    for (auto& step : evidence.picture->steps) {
      for (auto* text : {&step.does, &step.object, &step.reads, &step.writes, &step.note, &step.waits_for})
        *text += attack;
      for (auto& lock : step.holds) lock += attack;
      attack_stack(step.stack);
    }
  evidence.limit += attack;
  evidence.output_tail += attack;
}

void attack_parameters(Parameters& parameters) {
  std::map<std::string, std::int64_t> args;
  for (const auto& [axis, value] : parameters.args) args[axis + attack] = value;
  parameters.args = std::move(args);
}

void attack_estimates(std::map<std::string, Estimate>& estimates) {
  auto copy = estimates;
  for (const auto& [name, estimate] : estimates) copy[name + attack] = estimate;
  estimates = std::move(copy);
}

}  // namespace

Run hostile_run() { return attacked(sample_run(Trouble::some)); }

Run attacked(Run run) {
  for (auto* text : {&run.id, &run.started, &run.ended, &run.tool_version, &run.tool_revision}) *text += attack;
  for (auto& word : run.command) word += attack;
  for (auto& host : run.hosts) {
    for (auto* text : {&host.fingerprint, &host.cpu, &host.kernel, &host.os, &host.virtualization}) *text += attack;
    host.governor = attack;
    for (auto& cache : host.caches) cache.type += attack;
  }
  for (auto& build : run.builds)
    for (auto* text : {&build.plugin, &build.build_id, &build.compiler, &build.flags}) *text += attack;
  for (auto& scenario : run.scenarios) {
    for (auto* text : {&scenario.id, &scenario.says, &scenario.source}) *text += attack;
    for (auto* list : {&scenario.expectation.must, &scenario.expectation.may})
      for (auto& expected : *list) {
        expected.at += attack, expected.reason += attack;
        if (expected.field) expected.field->name += attack;
      }
  }
  for (auto& finding : run.findings) {
    finding.name += attack, finding.fingerprint += attack;
    attack_evidence(finding.evidence);
  }
  for (auto& source : run.sources) {
    source.file += attack;
    for (auto& line : source.lines) line += attack;
  }
  for (auto& trial : run.trials) {
    trial.scenario = trial.scenario.str() + attack;
    if (!trial.judged_as.empty()) trial.judged_as = trial.judged_as.str() + attack;
    attack_parameters(trial.parameters);
  }
  for (auto& gap : run.gaps) gap.scenario += attack, gap.reason += attack;
  for (auto& verdict : run.verdicts) {
    verdict.scenario += attack, verdict.why += attack, verdict.confidence.says += attack;
    verdict.detail.push_back({{}, Verdict::missed, attack, 3});
  }
  for (auto& summary : run.summaries) {
    summary.scenario += attack, summary.why_not_ranked += attack;
    attack_parameters(summary.parameters);
    attack_estimates(summary.measures);
    attack_estimates(summary.counters);
  }
  for (auto& note : run.notes) note += attack;
  run.claims = {{attack, attack, attack, attack, attack, 1, 1, 1, attack, ClaimGrade::does_not_hold, attack, {attack}}};
  run.choices = {{attack, attack, attack, attack, 2, 1, 3, {}, true, attack, 2e6},
                 {attack, attack, std::string("other ") + attack, attack, {}, {}, {}, {}, false, attack, {}}};
  return run;
}

Run huge_texts_run() {
  Run run = sample_run(Trouble::some);
  const std::string huge(1'000'000, '|');
  run.id += huge;
  run.notes.push_back(huge);
  run.scenarios.front().says = huge;
  run.builds.front().flags = huge;
  for (auto& finding : run.findings) {
    finding.evidence.message += huge;
    for (auto& access : finding.evidence.accesses)
      if (!access.stack.empty()) access.stack.front().function += huge, access.stack.front().file += huge;
  }
  for (auto& verdict : run.verdicts)
    if (verdict.verdict != Verdict::pass) verdict.why += huge;
  return run;
}

}  // namespace chicane::sample
