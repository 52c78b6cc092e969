#include <gtest/gtest.h>

#include "harness/judge/judge.h"
#include "tests/judge/run_builder.h"

namespace chicane {
namespace {

using test::expected;
using test::finding;
using test::race;
using test::stack_of;

constexpr auto data_race = FindingKind::data_race;

TEST(Matching, AsksForTheSameKind) {
  EXPECT_TRUE(matches(expected(data_race), race("f()")));
  EXPECT_FALSE(matches(expected(FindingKind::wrong_result), race("f()")));
}

TEST(Matching, TakesAPlaceByItsLastNames) {
  const Finding pop = race("int mine::v1::Queue<int>::pop<4>(std::vector<int>)");
  for (const char* place : {"pop", "Queue::pop", "mine::Queue::pop", "Queue<int>::pop", "Queue::pop()"})
    EXPECT_TRUE(matches(expected(data_race, place), pop)) << place;
  for (const char* place : {"op", "Queue", "Queue::push", "e::pop", "other::Queue::pop", "std::__invoke"})
    EXPECT_FALSE(matches(expected(data_race, place), pop)) << place;
}

TEST(Matching, TakesNoNameForItsTail) {
  EXPECT_FALSE(matches(expected(data_race, "pop"), race("my_pop()")));
  EXPECT_FALSE(matches(expected(data_race, "pop"), race("Queue::try_pop()")));
  EXPECT_FALSE(matches(expected(data_race, "Queue::pop"), race("FastQueue::pop()")));
  EXPECT_FALSE(matches(expected(data_race, "my_pop"), race("pop()")));
}

TEST(Matching, TakesALambdaForItsFunction) {
  const Finding inside = race("Pool::work(chicane::v1::Worker&)::{lambda()#1}::operator()() const");
  EXPECT_TRUE(matches(expected(data_race, "Pool::work"), inside));
  EXPECT_TRUE(matches(expected(data_race, "Pool::work::{lambda}"), inside));
  EXPECT_FALSE(matches(expected(data_race, "work_all"), inside));
  EXPECT_FALSE(matches(expected(data_race, "Pool::work::{lambda}"), race("Pool::work()")));
}

TEST(Matching, LooksAtEitherAccess) {
  Finding both = race("Queue::push(int)");
  both.evidence.accesses[1].stack = stack_of("Queue::pop()");
  EXPECT_TRUE(matches(expected(data_race, "Queue::pop"), both));
  EXPECT_TRUE(matches(expected(data_race, "Queue::push"), both));
  EXPECT_FALSE(matches(expected(data_race, "Queue::size"), both));
}

TEST(Matching, LooksAtTheInnermostUserFrameOnly) {
  Finding deep = race("Queue::grow()");
  for (Access& access : deep.evidence.accesses)
    access.stack.push_back({"Queue::push(int)", "scenarios/queue.cpp", 3, 1, "queue.so"});
  EXPECT_TRUE(matches(expected(data_race, "Queue::grow"), deep));
  EXPECT_FALSE(matches(expected(data_race, "Queue::push"), deep));
}

TEST(Matching, LooksAtLabelledStacksWhereThereAreNoAccesses) {
  Finding cycle = finding(FindingKind::lock_order_inversion);
  cycle.evidence.stacks = {{"thread 1 locks M1", stack_of("Bank::give()")},
                           {"thread 2 locks M2", stack_of("Bank::take()")}};
  EXPECT_TRUE(matches(expected(FindingKind::lock_order_inversion, "Bank::take"), cycle));
  EXPECT_FALSE(matches(expected(FindingKind::lock_order_inversion, "Bank::count"), cycle));
}

TEST(Matching, TakesAGlobalByItsName) {
  Finding global = race("work()");
  global.evidence.location = Location{"global", "(anonymous namespace)::global_total", 0, 8, {}};
  EXPECT_TRUE(matches(expected(data_race, "global_total"), global));
  EXPECT_FALSE(matches(expected(data_race, "total"), global));
}

TEST(Matching, TakesACheckByItsName) {
  const Finding wrong = finding(FindingKind::wrong_result, "high water");
  EXPECT_TRUE(matches(expected(FindingKind::wrong_result, "high water"), wrong));
  EXPECT_FALSE(matches(expected(FindingKind::wrong_result, "water"), wrong));
  EXPECT_FALSE(matches(expected(FindingKind::wrong_result, "total"), wrong));
}

TEST(Matching, OfAMemberTakesAllBytesOfTheAccess) {
  ExpectedFinding on_total = expected(data_race);
  on_total.field = Field{"total", 8, 8};
  EXPECT_TRUE(matches(on_total, race("f()", 8)));
  EXPECT_TRUE(matches(on_total, race("f()", 12, "total", 4)));
  EXPECT_FALSE(matches(on_total, race("f()", 0)));
  EXPECT_FALSE(matches(on_total, race("f()", 16)));
  EXPECT_FALSE(matches(on_total, race("f()", 12)));            // reaches into the next member
  EXPECT_FALSE(matches(on_total, race("f()", 7, "pad", 1)));   // ends before it
  EXPECT_FALSE(matches(on_total, race("f()", 8, "all", 32)));  // covers more than it
}

TEST(Matching, OfAMemberTakesNoOtherMemory) {
  ExpectedFinding on_total = expected(data_race, "f");
  on_total.field = Field{"total", 0, 8};
  Finding heap = race("f()");
  heap.evidence.location->type = "heap";
  EXPECT_FALSE(matches(on_total, heap));
  heap.evidence.location.reset();
  EXPECT_FALSE(matches(on_total, heap));
  EXPECT_TRUE(matches(on_total, race("f()")));
  EXPECT_FALSE(matches(on_total, race("g()")));  // both must hold
}

}  // namespace
}  // namespace chicane
