// What the lines and the end of a runner process mean.
#include <signal.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/supervisor/trial_process.h"

namespace chicane {
namespace {

using testing::HasSubstr;

std::string line(RunnerEvent::Kind kind) {
  RunnerEvent event;
  event.kind = kind;
  event.trial.turns = 12;
  return to_json(event);
}

ProcessOutcome exited(int code) {
  ProcessOutcome outcome;
  outcome.exit_code = code;
  return outcome;
}

TrialOutcome meaning(const std::vector<RunnerLine>& lines, const ProcessOutcome& outcome) {
  TrialRequest request;
  request.scenario = "a/b";
  return interpret(request, lines, outcome, {});
}

const std::vector<RunnerLine> whole_trial{
    {line(RunnerEvent::Kind::started)}, {line(RunnerEvent::Kind::result)}, {line(RunnerEvent::Kind::finished)}};

TEST(Interpret, AWholeTrialIsCompletedWithoutFinding) {
  const auto outcome = meaning(whole_trial, exited(0));
  EXPECT_EQ(outcome.trial.status, TrialStatus::completed);
  EXPECT_EQ(outcome.trial.turns, 12u);
  EXPECT_TRUE(outcome.findings.empty());
}

TEST(Interpret, AnExitBeforeTheEndIsAFinding) {
  const auto outcome = meaning({{line(RunnerEvent::Kind::started)}}, exited(0));
  EXPECT_EQ(outcome.trial.status, TrialStatus::exited_early);
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].finding.kind, FindingKind::early_exit);
}

TEST(Interpret, AFailingExitAfterTheResultIsAFinding) {
  const auto outcome = meaning(whole_trial, exited(7));
  EXPECT_EQ(outcome.trial.status, TrialStatus::exited_early);
  EXPECT_EQ(outcome.findings.at(0).finding.evidence.exit_code, 7);
}

RunnerLine memory_error() {
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::finding;
  event.finding.kind = FindingKind::memory_error;
  return {to_json(event)};
}
RunnerLine ended_by_detector() {
  RunnerEvent event;
  event.kind = RunnerEvent::Kind::ended_by_detector;
  event.message = "AddressSanitizer ended the process";
  return {to_json(event)};
}

TEST(Interpret, WhenADetectorEndsTheProcessItsFindingIsTheOnlyOne) {
  const auto outcome = meaning({{line(RunnerEvent::Kind::started)}, memory_error(), ended_by_detector()}, exited(1));
  EXPECT_EQ(outcome.trial.status, TrialStatus::exited_early);
  EXPECT_EQ(outcome.trial.status_detail, "AddressSanitizer ended the process");
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].finding.kind, FindingKind::memory_error);
}

TEST(Interpret, ADetectorsEndWithoutAFindingExcusesNothing) {
  const auto outcome = meaning({{line(RunnerEvent::Kind::started)}, ended_by_detector()}, exited(1));
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].finding.kind, FindingKind::early_exit);
}

TEST(Interpret, AFindingExcusesNoExitThatNoDetectorTold) {
  EXPECT_EQ(meaning({{line(RunnerEvent::Kind::started)}, memory_error()}, exited(1)).findings.size(), 2u);
}

TEST(Interpret, ACrashAfterADetectorsEndIsStillOne) {
  ProcessOutcome process;
  process.signal = SIGSEGV;
  const auto outcome = meaning({{line(RunnerEvent::Kind::started)}, memory_error(), ended_by_detector()}, process);
  EXPECT_EQ(outcome.trial.status, TrialStatus::crashed);
  EXPECT_EQ(outcome.findings.size(), 2u);
}

TEST(Interpret, ASignalIsACrashWithItsName) {
  ProcessOutcome process;
  process.signal = SIGSEGV;
  process.stderr_tail = "last words";
  const auto outcome = meaning({{line(RunnerEvent::Kind::started)}}, process);
  EXPECT_EQ(outcome.trial.status, TrialStatus::crashed);
  EXPECT_EQ(outcome.findings.at(0).finding.kind, FindingKind::crash);
  EXPECT_THAT(outcome.findings[0].finding.evidence.message, HasSubstr("SIGSEGV"));
  EXPECT_EQ(outcome.findings[0].finding.evidence.output_tail, "last words");
}

TEST(Interpret, ACrashBeforeTheTrialSaysSo) {
  ProcessOutcome process;
  process.signal = SIGABRT;
  EXPECT_THAT(meaning({}, process).findings.at(0).finding.evidence.message, HasSubstr("while the plugin was loaded"));
}

TEST(Interpret, ATimeOutIsAHangAndNotTheCrashOfItsKilling) {
  ProcessOutcome process;
  process.timed_out = true;
  process.signal = SIGKILL;
  const auto outcome = meaning({{line(RunnerEvent::Kind::started)}}, process);
  EXPECT_EQ(outcome.trial.status, TrialStatus::timed_out);
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].finding.kind, FindingKind::hang);
}

TEST(Interpret, AUserThatStopsIsNoFinding) {
  ProcessOutcome process;
  process.stopped = true;
  process.signal = SIGKILL;
  const auto outcome = meaning({}, process);
  EXPECT_EQ(outcome.trial.status, TrialStatus::stopped);
  EXPECT_TRUE(outcome.findings.empty());
}

TEST(Interpret, GarbageAndATornLineAreFindingsAndTheRestCounts) {
  auto lines = whole_trial;
  lines.insert(lines.begin() + 1, {"not json at all \xff", true});
  lines.push_back({"{\"event\":\"resu", false});
  const auto outcome = meaning(lines, exited(0));
  EXPECT_EQ(outcome.trial.status, TrialStatus::completed);
  EXPECT_EQ(outcome.trial.turns, 12u);
  ASSERT_EQ(outcome.findings.size(), 1u);  // folded: one kind of broken protocol
  EXPECT_EQ(outcome.findings[0].finding.kind, FindingKind::protocol_broken);
  EXPECT_EQ(outcome.findings[0].count, 2u);
}

TEST(Interpret, ARefusalIsNoRunAndNoFinding) {
  RunnerEvent refused;
  refused.kind = RunnerEvent::Kind::refused;
  refused.message = "is no plugin";
  const auto outcome = meaning({{to_json(refused)}}, exited(3));
  EXPECT_EQ(outcome.trial.status, TrialStatus::not_run);
  EXPECT_EQ(outcome.trial.status_detail, "is no plugin");
  EXPECT_TRUE(outcome.findings.empty());
}

}  // namespace
}  // namespace chicane
