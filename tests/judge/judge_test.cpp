// Verdicts of one scenario in one lane with one set of parameters.
#include "harness/judge/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/judge/run_builder.h"

namespace chicane {
namespace {

using test::expected;
using test::finding;
using test::race;
using test::RunBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr auto data_race = FindingKind::data_race;
constexpr auto wrong_result = FindingKind::wrong_result;

const char* const work = "UnlockedCounter::work(chicane::v1::Worker&)";
const ExpectedFinding declared_race = expected(data_race, "UnlockedCounter::work", 2);

// ---- what lanes see

TEST(Sight, OfEachLaneIsWhatItWasMadeFor) {
  EXPECT_EQ(sight(Lane::bench, data_race), Sight::never);
  EXPECT_EQ(sight(Lane::bench, wrong_result), Sight::may);
  EXPECT_EQ(sight(Lane::bench, FindingKind::leak), Sight::never);
  EXPECT_EQ(sight(Lane::stress, wrong_result), Sight::always);
  EXPECT_EQ(sight(Lane::stress, FindingKind::torn_output), Sight::always);
  EXPECT_EQ(sight(Lane::stress, data_race), Sight::never);
  EXPECT_EQ(sight(Lane::tsan, data_race), Sight::always);
  EXPECT_EQ(sight(Lane::tsan, FindingKind::lock_order_inversion), Sight::always);
  EXPECT_EQ(sight(Lane::tsan, FindingKind::mutex_misuse), Sight::always);
  EXPECT_EQ(sight(Lane::tsan, FindingKind::thread_leak), Sight::always);
  EXPECT_EQ(sight(Lane::tsan, FindingKind::memory_error), Sight::may);
  EXPECT_EQ(sight(Lane::tsan, wrong_result), Sight::may);
  EXPECT_EQ(sight(Lane::tsan, FindingKind::undefined_behaviour), Sight::never);
  EXPECT_EQ(sight(Lane::asan, FindingKind::memory_error), Sight::always);
  EXPECT_EQ(sight(Lane::asan, FindingKind::undefined_behaviour), Sight::always);
  EXPECT_EQ(sight(Lane::asan, FindingKind::leak), Sight::always);
  EXPECT_EQ(sight(Lane::asan, data_race), Sight::never);
  EXPECT_EQ(sight(Lane::explore, FindingKind::lost_wakeup), Sight::always);
  EXPECT_EQ(sight(Lane::explore, FindingKind::leak), Sight::never);
}

TEST(Sight, OfCrashesAndHangsIsEverywhere) {
  for (const Lane lane : {Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore})
    for (const FindingKind kind :
         {FindingKind::crash, FindingKind::hang, FindingKind::uncaught_exception, FindingKind::early_exit})
      EXPECT_EQ(sight(lane, kind), Sight::always) << name(lane) << " " << name(kind);
}

// How much memory and output a trial uses is not limited, so that a limit stays silent is no proof.
TEST(Sight, OfLimitsIsCertainNowhere) {
  for (const Lane lane : {Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore})
    EXPECT_EQ(sight(lane, FindingKind::limit_exceeded), Sight::may) << name(lane);
  const auto verdict = RunBuilder(Lane::bench).must(expected(FindingKind::limit_exceeded)).trials(8, 2).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::not_judged);
}

// ---- right scenarios

TEST(Judge, CleanTrialsOfARightScenarioPassAndSayWhatTheyRestOn) {
  const auto verdict = RunBuilder(Lane::tsan).trials(8, 4).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(verdict.why, "nothing found in 8 processes (32,000 operations)");
  EXPECT_EQ(verdict.confidence.processes, 8U);
  EXPECT_EQ(verdict.confidence.operations, 32'000U);
  // 1 - 0.05^(1/8) = 0.3123…, rounded up
  EXPECT_EQ(verdict.confidence.says, "0 of 8 completed processes with 4 threads: rate below 0.32 per process at 95 %");
}

TEST(Judge, ARaceInARightScenarioFailsAndSaysWhere) {
  const auto verdict = RunBuilder(Lane::tsan).trials(5, 2).trials(3, 2, {race(work)}).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
  EXPECT_EQ(verdict.why,
            "not declared: data_race: UnlockedCounter::work at scenarios/counter/unlocked.cpp:12 on total "
            "(in 3 of 8 processes)");
  EXPECT_THAT(verdict.undeclared, ElementsAre("f0"));
  EXPECT_THAT(verdict.declared, IsEmpty());
  EXPECT_EQ(verdict.confidence.says, "undeclared findings in 3 of 8 processes");
}

TEST(Judge, AWrongResultInARightScenarioFailsInEveryLane) {
  for (const Lane lane : {Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore}) {
    const auto verdict =
        RunBuilder(lane).trials(1, 2, {finding(wrong_result, "total", "total is 17, not 20")}).verdict();
    EXPECT_EQ(verdict.verdict, Verdict::fail);
    EXPECT_THAT(verdict.why, HasSubstr("wrong_result \"total\": total is 17, not 20 (in 1 of 1 process)"));
  }
}

TEST(Judge, ACrashInARightScenarioFails) {
  const auto verdict = RunBuilder(Lane::bench)
                           .trials(7, 2)
                           .trials(1, 2, {finding(FindingKind::crash, "", "ended by SIGSEGV")}, TrialStatus::crashed)
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
  EXPECT_THAT(verdict.why, HasSubstr("ended by SIGSEGV"));
}

TEST(Judge, FindingsOfCalibrationCount) {
  RunBuilder builder(Lane::bench);
  builder.trials(1, 2, {finding(wrong_result, "total")}).trials(8, 2);
  builder.run().trials[0].calibration = true;
  EXPECT_EQ(builder.verdict().verdict, Verdict::fail);
}

TEST(Judge, SaysNoMoreThanThreeFindingsInWordsButNamesAll) {
  const auto verdict =
      RunBuilder(Lane::tsan).trials(1, 2, {race("a()"), race("b()"), race("c()"), race("d()"), race("e()")}).verdict();
  EXPECT_THAT(verdict.why, HasSubstr("; and 2 more"));
  EXPECT_EQ(verdict.undeclared.size(), 5U);
}

// ---- wrong twins

TEST(Judge, ADeclaredRaceThatIsSeenPasses) {
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(8, 2, {race(work)}).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(verdict.why, "as declared: data_race at UnlockedCounter::work in 8 of 8 processes");
  EXPECT_EQ(verdict.confidence.says, "data_race seen in 8 of 8 processes");
  EXPECT_THAT(verdict.declared, ElementsAre("f0"));
  EXPECT_THAT(verdict.undeclared, IsEmpty());
}

TEST(Judge, ADeclaredRaceThatIsNotSeenIsMissed) {  // the wrong twin with a lock
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(8, 2).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::missed);
  EXPECT_EQ(verdict.why, "declared, but not seen in 8 processes: data_race at UnlockedCounter::work");
  EXPECT_EQ(verdict.confidence.says, "0 of 8 completed processes with 2 threads: rate below 0.32 per process at 95 %");
}

TEST(Judge, ADeclaredRaceSeenOnceIsSeen) {
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(7, 2).trials(1, 2, {race(work)}).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_THAT(verdict.why, HasSubstr("in 1 of 8 processes"));
}

TEST(Judge, EveryDeclaredFindingIsAskedFor) {
  const auto verdict = RunBuilder(Lane::tsan)
                           .must(declared_race)
                           .must(expected(data_race, "UnlockedCounter::reset", 2))
                           .trials(8, 2, {race(work)})
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::missed);
  EXPECT_THAT(verdict.why, HasSubstr("UnlockedCounter::reset"));
  EXPECT_THAT(verdict.why, Not(HasSubstr("::work")));
}

TEST(Judge, ASecondRaceAtAnotherPlaceFails) {
  const auto verdict =
      RunBuilder(Lane::tsan).must(declared_race).trials(8, 2, {race(work), race("UnlockedCounter::peek()")}).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
  EXPECT_THAT(verdict.why, HasSubstr("UnlockedCounter::peek at scenarios"));
  EXPECT_THAT(verdict.why, HasSubstr("; declared is data_race at UnlockedCounter::work"));
  EXPECT_THAT(verdict.declared, ElementsAre("f0"));
  EXPECT_THAT(verdict.undeclared, ElementsAre("f1"));
}

TEST(Judge, ASecondRaceInTheSameFunctionOnAnotherMemberFails) {
  ExpectedFinding on_total = declared_race;
  on_total.field = Field{"total", 0, 8};
  RunBuilder builder(Lane::tsan);
  builder.must(on_total).trials(8, 2, {race(work, 0)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  builder.trials(1, 2, {race(work, 0), race(work, 8, "calls")});
  const auto verdict = builder.verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
  EXPECT_THAT(verdict.why, HasSubstr("on calls (in 1 of 9 processes)"));
}

TEST(Judge, AnUndeclaredFindingOutweighsAMissedOne) {
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(8, 2, {race("other()")}).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
}

TEST(Judge, ADeclaredCrashMayEndItsTrials) {
  const auto verdict = RunBuilder(Lane::bench)
                           .must(expected(FindingKind::crash))
                           .trials(4, 1, {finding(FindingKind::crash)}, TrialStatus::crashed)
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(verdict.why, "as declared: crash in 4 of 4 processes");
  EXPECT_EQ(verdict.confidence.processes, 0U);  // none was completed
}

TEST(Judge, ADeclaredCrashThatStaysOutIsMissedInEveryLane) {
  for (const Lane lane : {Lane::bench, Lane::stress, Lane::tsan, Lane::asan, Lane::explore})
    EXPECT_EQ(RunBuilder(lane).must(expected(FindingKind::crash)).trials(4, 1).verdict().verdict, Verdict::missed);
}

// ---- lanes that need not see it

TEST(Judge, ALaneThatIsBlindToADeclaredRaceDoesNotJudge) {
  const auto verdict = RunBuilder(Lane::bench).must(declared_race).trials(8, 2).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::not_judged);
  EXPECT_EQ(verdict.why,
            "bench is not made to find data_race at UnlockedCounter::work; nothing undeclared was seen in 8 processes");
  EXPECT_EQ(verdict.confidence.says, "nothing undeclared in 8 processes");
}

TEST(Judge, ALaneThatMaySeeItPassesWhenItDid) {
  RunBuilder builder(Lane::bench);
  builder.must(declared_race).must(expected(wrong_result)).trials(7, 2);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_EQ(builder.verdict().why,
            "bench is not made to find data_race at UnlockedCounter::work, and wrong_result need not show in bench; "
            "nothing undeclared was seen in 7 processes");
  builder.trials(1, 2, {finding(wrong_result, "total")});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  EXPECT_EQ(builder.verdict().why,
            "as declared: wrong_result in 1 of 8 processes; data_race at UnlockedCounter::work was not seen, and need "
            "not be in bench");
}

TEST(Judge, NamedLanesMustSeeItAndOthersMay) {
  ExpectedFinding certain = expected(wrong_result);
  certain.lanes = {Lane::bench};
  EXPECT_EQ(RunBuilder(Lane::bench).must(certain).trials(8, 2).verdict().verdict, Verdict::missed);
  EXPECT_EQ(RunBuilder(Lane::stress).must(certain).trials(8, 2).verdict().verdict, Verdict::not_judged);
}

TEST(Judge, ADeclaredMayIsNoFailureAndItsReasonIsSaid) {
  RunBuilder builder(Lane::tsan);
  builder.may(expected(FindingKind::hang), "libstdc++ 12 can lose a wake-up").trials(7, 2);
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  EXPECT_EQ(builder.verdict().why, "nothing found in 7 processes (14,000 operations)");
  builder.trials(1, 2, {finding(FindingKind::hang)}, TrialStatus::timed_out);
  const auto verdict = builder.verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(verdict.why,
            "it may show hang, and did in 1 of 8 processes (libstdc++ 12 can lose a wake-up); "
            "nothing else found in 8 processes (14,000 operations)");
  EXPECT_THAT(verdict.declared, ElementsAre("f0"));
}

TEST(Judge, ADeclaredMayExcusesNothingElse) {
  const auto verdict = RunBuilder(Lane::tsan)
                           .may(expected(FindingKind::hang), "libstdc++ 12 can lose a wake-up")
                           .trials(8, 2, {race(work)})
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
}

// ---- trials that never got to work

TEST(Judge, ABodyThatAlwaysHangsIsNotJudgedThoughItMayHang) {
  const auto verdict = RunBuilder(Lane::tsan)
                           .may(expected(FindingKind::hang), "it can lose a wake-up")
                           .trials(2, 2, {finding(FindingKind::hang)}, TrialStatus::timed_out)
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::not_judged);
  EXPECT_EQ(verdict.why, "every one of 2 trials hung, which it may (it can lose a wake-up); nothing was judged");
  EXPECT_EQ(verdict.confidence.says, "no operation was completed in 2 processes");
}

TEST(Judge, AnEnvironmentThatNeverComesUpIsNotJudgedThoughItMayThrow) {
  RunBuilder builder(Lane::bench);
  builder.may(expected(FindingKind::uncaught_exception), "no shared memory here")
      .trials(8, 2, {finding(FindingKind::uncaught_exception)});
  for (Trial& trial : builder.run().trials) trial.turns = 0;
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_THAT(builder.verdict().why, HasSubstr("every one of 8 trials ended with an uncaught exception"));
  builder.trials(1, 2);  // one that works
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
}

TEST(Judge, TrialsWithoutAnyOperationAreNotJudged) {
  RunBuilder builder(Lane::tsan);
  builder.trials(8, 2);
  for (Trial& trial : builder.run().trials) trial.measures["operations"] = 0;
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_EQ(builder.verdict().why, "no operation was completed in 8 processes; nothing was judged");
  for (Trial& trial : builder.run().trials) trial.measures["operations"] = 5;
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  EXPECT_EQ(builder.verdict().confidence.operations, 40U);
}

TEST(Judge, OperationsAreTakenFromWorkersWhereNoneWereMeasured) {
  RunBuilder builder(Lane::tsan);
  builder.trials(1, 2);
  builder.run().trials[0].workers.resize(2);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  builder.run().trials[0].workers[1].operations = 7;
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  EXPECT_EQ(builder.verdict().confidence.operations, 7U);
}

TEST(Judge, WhatMustShowIsSeenWithoutAnyOperation) {
  RunBuilder builder(Lane::stress);
  builder.must(expected(FindingKind::forbidden_outcome)).trials(8, 2, {finding(FindingKind::forbidden_outcome)});
  for (Trial& trial : builder.run().trials) trial.measures["operations"] = 0;
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
}

TEST(Judge, SeveralAllowedEndsWithoutAnyOperationAreAllNamed) {
  RunBuilder builder(Lane::tsan);
  builder.may(expected(FindingKind::hang), "").may(expected(FindingKind::crash), "");
  builder.trials(1, 2, {finding(FindingKind::hang)}, TrialStatus::timed_out);
  builder.trials(1, 2, {finding(FindingKind::crash)}, TrialStatus::crashed);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_EQ(builder.verdict().why,
            "no operation was completed in 2 processes; it may show hang in 1 of 2 processes, and crash in 1 of 2 "
            "processes; nothing was judged");
}

// ---- how many workers

TEST(Judge, OneWorkerCantRace) {
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(8, 1).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(verdict.why,
            "one worker can't race: data_race at UnlockedCounter::work is asked for from 2 workers on; "
            "nothing found in 8 processes (8,000 operations)");
}

// One worker can't race: what shows there is a mistake of the check or of the harness.
TEST(Judge, WhatMustShowFromMoreWorkersOnIsUndeclaredWithFewer) {
  RunBuilder builder(Lane::tsan);
  builder.must(declared_race).trials(8, 1, {race(work)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::fail);
  EXPECT_THAT(builder.verdict().why, HasSubstr("(in 8 of 8 processes); declared is data_race at "
                                               "UnlockedCounter::work from 2 workers on"));
  EXPECT_THAT(builder.verdict().undeclared, ElementsAre("f0"));
  builder.trials(8, 2, {race(work)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::fail);
  EXPECT_THAT(builder.verdict().why, HasSubstr("with 1 thread: not declared"));
  EXPECT_EQ(builder.verdict().detail.at(1).verdict, Verdict::pass);
}

TEST(Judge, WhatMayShowMayShowWithAnyNumberOfWorkers) {
  RunBuilder builder(Lane::tsan);
  builder.must(declared_race)
      .may(expected(wrong_result, "", 3), "the sum is rounded")
      .trials(8, 1, {finding(wrong_result, "total")});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
}

TEST(Judge, AMayExcusesARaceOfOneWorkerWhereAMustDoesNot) {
  RunBuilder builder(Lane::tsan);
  builder.must(declared_race).may(expected(data_race), "known").trials(8, 1, {race(work)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
  EXPECT_THAT(builder.verdict().why, HasSubstr("it may show data_race, and did in 8 of 8 processes"));
}

TEST(Judge, AnUndeclaredFindingWithOneWorkerFails) {
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(8, 1, {race("other()")}).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
}

// ---- trials that did not end well

TEST(Judge, ATrialThatCouldNotBeRunIsAnError) {
  const auto verdict = RunBuilder(Lane::tsan)
                           .trials(7, 2)
                           .trials(1, 2, {}, TrialStatus::not_run, "the plugin is a plain build")
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::error);
  EXPECT_EQ(verdict.why, "1 of 8 trials could not be run: the plugin is a plain build");
}

TEST(Judge, ATrialThatEndedBadlyWithoutAFindingIsNoPass) {
  for (const TrialStatus status : {TrialStatus::crashed, TrialStatus::exited_early, TrialStatus::timed_out}) {
    const auto verdict = RunBuilder(Lane::tsan).trials(7, 2).trials(1, 2, {}, status, "it just ended").verdict();
    EXPECT_EQ(verdict.verdict, Verdict::error);
    EXPECT_EQ(verdict.why, "1 of 8 trials ended without a result: it just ended");
  }
}

TEST(Judge, ATrialThatEndedBadlyWithoutAFindingDoesNotHideBehindADeclaredOne) {
  const auto verdict = RunBuilder(Lane::tsan)
                           .must(declared_race)
                           .trials(7, 2, {race(work)})
                           .trials(1, 2, {}, TrialStatus::crashed)
                           .verdict();
  EXPECT_EQ(verdict.verdict, Verdict::error);
}

TEST(Judge, AReferenceToNoFindingIsAnError) {
  for (const char* ref : {"f7", "f-1", "f", "", "x0", "f0x", "f99999999999999999999"}) {
    RunBuilder builder(Lane::tsan);
    builder.trials(1, 2);
    builder.run().trials[0].findings = {{ref, 1}};
    EXPECT_EQ(builder.verdict().verdict, Verdict::error) << ref;
    EXPECT_THAT(builder.verdict().why, HasSubstr("t0 refers to finding"));
  }
}

TEST(Judge, TrialsThatTheUserStoppedAreNotJudged) {
  const auto verdict = RunBuilder(Lane::tsan).must(declared_race).trials(8, 2, {}, TrialStatus::stopped).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::not_judged);
  EXPECT_EQ(verdict.why, "stopped by the user before any trial had ended");
}

TEST(Judge, NotSeenBeforeTheUserStoppedIsNotMissed) {
  RunBuilder builder(Lane::tsan);
  builder.must(declared_race).trials(2, 2).trials(1, 2, {}, TrialStatus::stopped);
  EXPECT_EQ(builder.verdict().verdict, Verdict::not_judged);
  EXPECT_THAT(builder.verdict().why, HasSubstr("until then not seen in 2 processes"));
  builder.trials(1, 2, {race(work)});
  EXPECT_EQ(builder.verdict().verdict, Verdict::pass);
}

TEST(Judge, ALimitThatStoppedATrialIsAFinding) {
  Finding limit = finding(FindingKind::limit_exceeded, "memory");
  limit.evidence.limit = "memory";
  const auto verdict = RunBuilder(Lane::bench).trials(1, 1, {limit}, TrialStatus::stopped).verdict();
  EXPECT_EQ(verdict.verdict, Verdict::fail);
  EXPECT_THAT(verdict.why, HasSubstr("limit_exceeded \"memory\""));
}

}  // namespace
}  // namespace chicane
