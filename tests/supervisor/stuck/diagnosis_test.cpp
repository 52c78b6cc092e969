// What kind of stuck it is, from looks that are made up.
#include "harness/supervisor/stuck/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "harness/judge/fingerprint.h"

namespace chicane::stuck {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr std::uint64_t endless = 0, some_time = 0x7fff0000;
constexpr std::uint64_t m1 = 0x1000, m2 = 0x2000, c1 = 0x3000;

ThreadLook asleep_in(pid_t id, std::uint64_t address, std::uint64_t operation, std::uint32_t value,
                     std::uint64_t limit = endless) {
  ThreadLook thread;
  thread.process = 100;
  thread.id = id;
  thread.state = 'S';
  thread.switches = 7;
  thread.call = SystemCall{SYS_futex, {address, operation, value, limit, 0, 0}, 0x7000, 0x4000};
  thread.at[0] = value;
  thread.has_memory = thread.private_memory = true;
  return thread;
}
ThreadLook waits_for_mutex(pid_t id, std::uint64_t mutex, pid_t owner, std::uint64_t limit = endless) {
  auto thread = asleep_in(id, mutex, FUTEX_WAIT_PRIVATE, 2, limit);
  thread.at[2] = static_cast<std::uint32_t>(owner);
  return thread;
}
// As readers and writers do while a writer is inside.
ThreadLook waits_for_rwlock(pid_t id, std::uint64_t lock, pid_t writer) {
  auto thread = asleep_in(id, lock + 8, FUTEX_WAIT_BITSET_PRIVATE, 2);
  thread.at[4] = static_cast<std::uint32_t>(writer);
  return thread;
}
ThreadLook waits_for_end_of(pid_t id, pid_t other) {
  return asleep_in(id, 0x9000, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, static_cast<std::uint32_t>(other));
}
ThreadLook sleeps_on(pid_t id, std::uint64_t condition, std::uint64_t limit = endless) {
  return asleep_in(id, condition + 40, FUTEX_WAIT_BITSET_PRIVATE, 0, limit);
}
ThreadLook in_call(pid_t id, long number) {
  auto thread = asleep_in(id, 0, 0, 0);
  thread.call->number = number;
  return thread;
}
ThreadLook runs(pid_t id) {
  ThreadLook thread;
  thread.process = 100;
  thread.id = id;
  thread.state = 'R';
  return thread;
}
Look look(std::vector<ThreadLook> threads) {
  Look all;
  all.process = 100;
  all.closed = all.keeps_conditions = true;
  all.threads = std::move(threads);
  return all;
}
// The same after a while in which those that run have used their CPUs.
Look later(Look all) {
  for (auto& thread : all.threads)
    if (thread.state == 'R') thread.cpu_ns += 100'000'000, thread.switches += 5;
  return all;
}
WaitBoard::Condition condition(std::uint64_t address, std::uint64_t notifications, bool last_unheard) {
  WaitBoard::Condition it;
  it.address = address;
  it.notifications = notifications;
  it.waiting = 1;
  it.last_unheard = last_unheard ? 1 : 0;
  it.last_notifier = 100;
  return it;
}
Finding diagnosed(const Look& seen, const Watched& watched = {}) { return diagnose(seen, later(seen), watched); }

Frame frame(const char* function, const char* file = "") { return {function, file, 1, 0, "plugin.so"}; }
// Samples in which each thread stands in its own function, and in `call` in every `every`-th of them.
Watched sampled(const std::vector<pid_t>& threads, std::size_t every, long call, std::size_t samples = 20) {
  Watched watched;
  for (std::size_t i = 0; i < samples; ++i) {
    auto& sample = watched.samples.emplace_back();
    for (const pid_t id : threads)
      sample[id] = {{frame("Corridor::pass", "corridor.cpp")}, every != 0 && i % every == 0 ? call : -1};
  }
  watched.state_changed = true;
  return watched;
}

TEST(Diagnosis, TwoThreadsThatHoldWhatTheOtherWantsAreADeadlock) {
  const auto finding =
      diagnosed(look({waits_for_end_of(100, 101), waits_for_mutex(101, m1, 102), waits_for_mutex(102, m2, 101)}));
  EXPECT_EQ(finding.kind, FindingKind::deadlock);
  EXPECT_THAT(finding.evidence.message, AllOf(HasSubstr("thread 1 waits for M1, held by thread 2"),
                                              HasSubstr("thread 2 waits for M2, held by thread 1")));
  ASSERT_EQ(finding.evidence.stacks.size(), 3u);  // the cycle first, then who waits for it
  EXPECT_THAT(finding.evidence.stacks[0].label, HasSubstr("thread 1 waits for M1"));
  EXPECT_THAT(finding.evidence.stacks[2].label, HasSubstr("thread 0 (main) waits for the end of thread 1"));
}

TEST(Diagnosis, AThreadThatWaitsForItselfIsACycleOfOne) {
  const auto finding = diagnosed(look({waits_for_end_of(100, 101), waits_for_mutex(101, m1, 101)}));
  EXPECT_EQ(finding.kind, FindingKind::deadlock);
  EXPECT_THAT(finding.evidence.message, HasSubstr("it waits for itself"));
}

TEST(Diagnosis, ACycleOfThreeAndThroughARwlockAndAnEndIsFound) {
  const auto all = look({waits_for_mutex(100, m1, 101), waits_for_rwlock(101, m2, 102), waits_for_end_of(102, 100)});
  EXPECT_THAT(cycle_of_owners(all, later(all)), UnorderedElementsAre(100, 101, 102));
}

TEST(Diagnosis, OthersMayRunWhileACycleStands) {
  auto all = look({runs(100), waits_for_mutex(101, m1, 102), waits_for_mutex(102, m2, 101)});
  all.closed = false;
  EXPECT_THAT(cycle_of_owners(all, later(all)), UnorderedElementsAre(101, 102));
  EXPECT_FALSE(all_asleep_for_good(all, later(all)));
}

TEST(Diagnosis, AChainIsNoCycle) {
  const auto all = look({waits_for_mutex(100, m1, 101), waits_for_mutex(101, m2, 102), runs(102)});
  EXPECT_THAT(cycle_of_owners(all, later(all)), IsEmpty());
}

TEST(Diagnosis, ATimeLimitBreaksACycle) {
  const auto all = look({waits_for_mutex(100, m1, 101), waits_for_mutex(101, m2, 100, some_time)});
  EXPECT_THAT(cycle_of_owners(all, later(all)), IsEmpty());
  EXPECT_EQ(diagnosed(all).kind, FindingKind::hang);
}

TEST(Diagnosis, AThreadThatRanBetweenTheLooksBreaksACycle) {
  const auto before = look({waits_for_mutex(100, m1, 101), waits_for_mutex(101, m2, 100)});
  auto after = before;
  after.threads[1].switches += 1;  // it looks the same, but has been awake
  EXPECT_THAT(cycle_of_owners(before, after), IsEmpty());
  EXPECT_FALSE(all_asleep_for_good(before, after));
}

TEST(Diagnosis, AWokenThreadThatHasNotRunYetIsNotAsleep) {
  const auto before = look({waits_for_mutex(100, m1, 101), waits_for_mutex(101, m2, 100)});
  auto after = before;
  after.threads[0].state = 'R';
  EXPECT_THAT(cycle_of_owners(before, after), IsEmpty());
}

TEST(Diagnosis, AnUnheardNotificationIsALostWakeup) {
  auto all = look({waits_for_end_of(100, 101), sleeps_on(101, c1)});
  all.conditions = {condition(c1, 3, true)};
  const auto finding = diagnosed(all);
  EXPECT_EQ(finding.kind, FindingKind::lost_wakeup);
  EXPECT_THAT(finding.evidence.message,
              AllOf(HasSubstr("thread 1 sleeps on condition variable C1"), HasSubstr("notified 3 times"),
                    HasSubstr("by thread 0 (main) while nobody waited")));
}

TEST(Diagnosis, AConditionVariableThatNobodyEverNotifiedIsAHang) {
  auto all = look({waits_for_end_of(100, 101), sleeps_on(101, c1)});
  all.conditions = {condition(c1, 0, false)};
  EXPECT_EQ(diagnosed(all).kind, FindingKind::hang);
}

TEST(Diagnosis, ANotificationThatWokeSomebodyIsNotLost) {
  auto all = look({waits_for_end_of(100, 101), sleeps_on(101, c1)});
  all.conditions = {condition(c1, 3, false)};
  EXPECT_EQ(diagnosed(all).kind, FindingKind::hang);
}

TEST(Diagnosis, WhileSomebodyMayStillNotifyNothingIsLost) {
  auto all = look({runs(100), sleeps_on(101, c1)});
  all.conditions = {condition(c1, 3, true)};
  EXPECT_FALSE(all_asleep_for_good(all, later(all)));
  EXPECT_EQ(diagnosed(all).kind, FindingKind::hang);
}

TEST(Diagnosis, AllAsleepForGoodWithoutAReasonIsAHang) {
  const auto all = look({waits_for_end_of(100, 101), asleep_in(101, 0x5000, FUTEX_WAIT_PRIVATE, 1)});
  EXPECT_TRUE(all_asleep_for_good(all, later(all)));
  const auto finding = diagnosed(all);
  EXPECT_EQ(finding.kind, FindingKind::hang);
  EXPECT_THAT(finding.evidence.message, HasSubstr("no thread can ever run again"));
}

TEST(Diagnosis, WhatCanStillEndAWaitIsNoProof) {
  const auto sleeper = asleep_in(100, 0x5000, FUTEX_WAIT_PRIVATE, 1);
  const auto not_proven = [](const Look& all) { return !all_asleep_for_good(all, later(all)); };
  EXPECT_TRUE(not_proven(look({sleeper, sleeps_on(101, c1, some_time)}))) << "a time limit";
  EXPECT_TRUE(not_proven(look({sleeper, in_call(101, SYS_clock_nanosleep)}))) << "a sleep";
  EXPECT_TRUE(not_proven(look({sleeper, in_call(101, SYS_read)}))) << "input";
  EXPECT_TRUE(not_proven(look({sleeper, in_call(101, SYS_wait4)}))) << "a child";
  EXPECT_TRUE(not_proven(look({sleeper, in_call(101, SYS_poll)}))) << "a descriptor";
  EXPECT_TRUE(not_proven(look({sleeper, runs(101)}))) << "a thread that runs";
  auto shared = sleeper;
  shared.private_memory = false;
  EXPECT_TRUE(not_proven(look({shared}))) << "memory that another process has too";
  auto open = look({sleeper});
  open.closed = false;
  EXPECT_TRUE(not_proven(open)) << "another process of the trial, or a timer";
  auto unknown = sleeper;
  unknown.call.reset();
  EXPECT_TRUE(not_proven(look({unknown}))) << "the kernel does not say";
  EXPECT_FALSE(not_proven(look({sleeper}))) << "this one is a proof";
}

TEST(Diagnosis, TheHarnessesOwnThreadsMustBeIdle) {
  const auto sleeper = asleep_in(100, 0x5000, FUTEX_WAIT_PRIVATE, 1);
  auto watcher = asleep_in(101, 0x6000, FUTEX_WAIT_PRIVATE, 0, some_time);
  watcher.harness = true;
  auto ticking = look({sleeper, watcher});
  auto ticked = ticking;
  ticked.threads[1].switches += 3;  // it looks around from time to time
  EXPECT_TRUE(all_asleep_for_good(ticking, ticked));
  watcher.call->number = SYS_read;  // it asks a symbolizer, with a lock in hand perhaps
  EXPECT_FALSE(all_asleep_for_good(look({sleeper, watcher}), look({sleeper, watcher})));
}

TEST(Diagnosis, AThreadThatStartsOrEndsBetweenTheLooksIsNoProof) {
  const auto sleeper = asleep_in(100, 0x5000, FUTEX_WAIT_PRIVATE, 1);
  EXPECT_FALSE(all_asleep_for_good(look({sleeper}), look({sleeper, asleep_in(101, 0x5000, FUTEX_WAIT_PRIVATE, 1)})));
}

TEST(Diagnosis, ThreadsThatGiveUpAndTryAgainAreALivelock) {
  const auto finding =
      diagnosed(look({waits_for_end_of(100, 101), runs(101), runs(102)}), sampled({101, 102}, 2, SYS_sched_yield));
  EXPECT_EQ(finding.kind, FindingKind::livelock);
  EXPECT_THAT(finding.evidence.message, HasSubstr("thread 1 in 10 of 20 looks, thread 2 in 10 of 20 looks"));
}

TEST(Diagnosis, TriesAreAlsoSeenByTheNameOfWhatIsCalled) {
  auto watched = sampled({101, 102}, 0, -1);
  for (auto& sample : watched.samples)
    for (auto& [id, at] : sample) at.stack.insert(at.stack.begin(), frame("std::this_thread::yield()"));
  EXPECT_EQ(diagnosed(look({runs(101), runs(102)}), watched).kind, FindingKind::livelock);
}

TEST(Diagnosis, OneThatSpinsAloneIsAHang) {
  EXPECT_EQ(diagnosed(look({waits_for_end_of(100, 101), runs(101)}), sampled({101}, 1, SYS_sched_yield)).kind,
            FindingKind::hang);
}

TEST(Diagnosis, SpinnersThatChangeNothingAreAHang) {
  auto watched = sampled({101, 102}, 1, SYS_sched_yield);
  watched.state_changed = false;
  EXPECT_EQ(diagnosed(look({runs(101), runs(102)}), watched).kind, FindingKind::hang);
}

TEST(Diagnosis, OneThatWorksWhileOthersTryAgainIsNoLivelock) {
  auto watched = sampled({101, 102}, 1, SYS_sched_yield);
  for (auto& sample : watched.samples) sample[103] = {{frame("Work::compute", "work.cpp")}, -1};
  const auto finding = diagnosed(look({runs(101), runs(102), runs(103)}), watched);
  EXPECT_EQ(finding.kind, FindingKind::hang);
  EXPECT_THAT(finding.evidence.message, HasSubstr("Work::compute"));
}

TEST(Diagnosis, WithoutStacksItIsSaidWhyAndWhatProcTells) {
  Watched watched;
  watched.refused = "ptrace was refused (Operation not permitted)";
  auto all = look({waits_for_end_of(100, 101), waits_for_mutex(101, m1, 101)});
  all.threads[1].wait_channel = "futex_do_wait";
  const auto finding = diagnosed(all, watched);
  EXPECT_EQ(finding.kind, FindingKind::deadlock);
  EXPECT_THAT(finding.evidence.message, HasSubstr("ptrace was refused (Operation not permitted)"));
  EXPECT_THAT(finding.evidence.stacks[0].label, AllOf(HasSubstr("held by thread 1"), HasSubstr("futex_do_wait")));
  EXPECT_THAT(finding.evidence.stacks[0].stack, IsEmpty());
}

TEST(Diagnosis, TheHarnessesThreadsAreNotShown) {
  auto all = look({waits_for_mutex(100, m1, 100), runs(101)});
  all.threads[1].harness = true;
  EXPECT_THAT(diagnosed(all).evidence.stacks,
              ElementsAre(Field(&LabelledStack::label, HasSubstr("thread 0 (main) waits for M1"))));
}

TEST(Diagnosis, ACycleHasOneFingerprintWhereverItIsMet) {
  const auto told = [](pid_t first, pid_t second) {
    Watched watched;
    watched.samples.push_back(
        {{first, {{frame("Bank::credit", "bank.cpp")}, -1}}, {second, {{frame("Bank::debit", "bank.cpp")}, -1}}});
    return fingerprint(
        diagnosed(look({waits_for_mutex(first, m1, second), waits_for_mutex(second, m2, first)}), watched));
  };
  EXPECT_EQ(told(101, 102), told(102, 101));
}

TEST(Diagnosis, WhoWaitsBesidesACycleIsNoPartOfItsFingerprint) {
  Watched watched;
  watched.samples.push_back(
      {{101, {{frame("Bank::lock_twice", "bank.cpp")}, -1}}, {102, {{frame("Bank::lock", "bank.cpp")}, -1}}});
  const auto alone = diagnosed(look({waits_for_mutex(101, m1, 101)}), watched);
  const auto queued = diagnosed(look({waits_for_mutex(101, m1, 101), waits_for_mutex(102, m1, 101)}), watched);
  EXPECT_EQ(queued.evidence.stacks.size(), 2u);
  EXPECT_EQ(fingerprint(alone), fingerprint(queued));
}

}  // namespace
}  // namespace chicane::stuck
