#include "harness/runner/lock_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr HeldLock shared(std::uint32_t mutex) { return {mutex, true}; }
constexpr HeldLock alone(std::uint32_t mutex) { return {mutex, false}; }

// Two threads that main has started, one after the other: segments 1 and 3.
struct TwoThreads {
  ThreadSegments segments;
  std::uint32_t first = segments.add(0, 0);
  std::uint32_t main_after_first = segments.add(0, 0);
  std::uint32_t second = segments.add(main_after_first, main_after_first);
};

std::vector<LockCycle> cycles(const std::vector<NestedLock>& nested, const ThreadSegments& segments) {
  const LockCycles found = find_lock_cycles(nested, segments);
  EXPECT_TRUE(found.complete);
  return found.cycles;
}

TEST(LockOrder, OppositeOrdersOfTwoThreadsAreACycle) {
  const TwoThreads two;
  const auto found =
      cycles({{1, two.first, alone(8), {alone(7)}}, {2, two.second, alone(7), {alone(8)}}}, two.segments);
  ASSERT_THAT(found, SizeIs(1));
  ASSERT_THAT(found[0].edges, SizeIs(2));
  EXPECT_EQ(found[0].edges[0].from, 7u);
  EXPECT_EQ(found[0].edges[0].to, 8u);
  EXPECT_EQ(found[0].edges[0].nested, 0u);
  EXPECT_EQ(found[0].edges[1].nested, 1u);
}

TEST(LockOrder, EqualOrdersAreNone) {
  const TwoThreads two;
  EXPECT_THAT(cycles({{1, two.first, alone(8), {alone(7)}}, {2, two.second, alone(8), {alone(7)}}}, two.segments),
              IsEmpty());
}

TEST(LockOrder, OneThreadAloneIsNone) {
  const TwoThreads two;
  EXPECT_THAT(cycles({{1, two.first, alone(8), {alone(7)}}, {1, two.first, alone(7), {alone(8)}}}, two.segments),
              IsEmpty());
}

TEST(LockOrder, ACommonOuterLockIsAGate) {
  const TwoThreads two;
  EXPECT_THAT(cycles({{1, two.first, alone(8), {alone(3), alone(7)}}, {2, two.second, alone(7), {alone(3), alone(8)}}},
                     two.segments),
              IsEmpty());
}

TEST(LockOrder, DifferentOuterLocksAreNoGate) {
  const TwoThreads two;
  EXPECT_THAT(cycles({{1, two.first, alone(8), {alone(3), alone(7)}}, {2, two.second, alone(7), {alone(4), alone(8)}}},
                     two.segments),
              SizeIs(1));
}

TEST(LockOrder, AnOuterLockThatBothShareIsNoGateButOneHeldAloneIs) {
  const TwoThreads two;
  EXPECT_THAT(
      cycles({{1, two.first, alone(8), {shared(3), alone(7)}}, {2, two.second, alone(7), {shared(3), alone(8)}}},
             two.segments),
      SizeIs(1));
  EXPECT_THAT(cycles({{1, two.first, alone(8), {alone(3), alone(7)}}, {2, two.second, alone(7), {shared(3), alone(8)}}},
                     two.segments),
              IsEmpty());
}

TEST(LockOrder, ReadersDoNotWaitForReaders) {
  const TwoThreads two;
  EXPECT_THAT(cycles({{1, two.first, shared(8), {shared(7)}}, {2, two.second, shared(7), {shared(8)}}}, two.segments),
              IsEmpty());
  EXPECT_THAT(cycles({{1, two.first, shared(8), {alone(7)}}, {2, two.second, shared(7), {alone(8)}}}, two.segments),
              SizeIs(1));
  EXPECT_THAT(cycles({{1, two.first, alone(8), {shared(7)}}, {2, two.second, alone(7), {shared(8)}}}, two.segments),
              SizeIs(1));
  // The first thread's lock of 7 is shared and the second only reads it: it does not wait.
  EXPECT_THAT(cycles({{1, two.first, alone(8), {shared(7)}}, {2, two.second, shared(7), {alone(8)}}}, two.segments),
              IsEmpty());
}

TEST(LockOrder, AJoinOrdersWhatTheThreadDidBefore) {
  ThreadSegments segments;
  const auto first = segments.add(0, 0);
  const auto main = segments.add(0, 0);
  const auto after_join = segments.add(main, first);
  const auto second = segments.add(after_join, after_join);
  EXPECT_THAT(cycles({{1, first, alone(8), {alone(7)}}, {2, second, alone(7), {alone(8)}}}, segments), IsEmpty());
}

TEST(LockOrder, AStartOrdersWhatTheParentDidBeforeButNotAfter) {
  ThreadSegments segments;
  const auto child = segments.add(0, 0);
  const auto main_after = segments.add(0, 0);
  EXPECT_THAT(cycles({{0, 0, alone(8), {alone(7)}}, {1, child, alone(7), {alone(8)}}}, segments), IsEmpty());
  EXPECT_THAT(cycles({{0, main_after, alone(8), {alone(7)}}, {1, child, alone(7), {alone(8)}}}, segments), SizeIs(1));
}

TEST(LockOrder, AnEarlyCycleOfOneThreadDoesNotHideALaterOneOfTwo) {
  const TwoThreads two;
  const auto found = cycles({{0, 0, alone(8), {alone(7)}},
                             {0, 0, alone(7), {alone(8)}},
                             {1, two.first, alone(8), {alone(7)}},
                             {2, two.second, alone(7), {alone(8)}}},
                            two.segments);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].edges[0].nested, 2u);
  EXPECT_EQ(found[0].edges[1].nested, 3u);
}

// Philosophers: each holds one fork and asks for the next.
std::vector<NestedLock> philosophers(std::uint32_t count, ThreadSegments& segments) {
  std::vector<NestedLock> nested;
  for (std::uint32_t i = 0, main = 0; i < count; ++i) {
    nested.push_back({i + 1, segments.add(main, main), alone((i + 1) % count), {alone(i)}});
    main = segments.add(main, main);
  }
  return nested;
}

TEST(LockOrder, PhilosophersAreOneCycleOfAllUnlessOneIsLeftHanded) {
  ThreadSegments segments;
  auto nested = philosophers(5, segments);
  const auto found = cycles(nested, segments);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].edges, SizeIs(5));
  std::swap(nested[4].wanted, nested[4].held[0]);
  EXPECT_THAT(cycles(nested, segments), IsEmpty());
}

TEST(LockOrder, OneSetOfMutexesIsOneCycle) {
  ThreadSegments segments;
  std::vector<NestedLock> nested;
  for (std::uint32_t i = 0, main = 0; i < 20; ++i) {
    nested.push_back({i + 1, segments.add(main, main), alone(i % 2), {alone(1 - i % 2)}});
    main = segments.add(main, main);
  }
  EXPECT_THAT(cycles(nested, segments), SizeIs(1));
}

TEST(LockOrder, ASearchThatIsCutShortSaysSo) {
  ThreadSegments segments;
  const auto found = find_lock_cycles(philosophers(8, segments), segments, 12, 3);
  EXPECT_FALSE(found.complete);
  EXPECT_TRUE(find_lock_cycles(philosophers(8, segments), segments).complete);
}

TEST(ThreadSegments, OrderGoesThroughOtherThreads) {
  ThreadSegments segments;
  const auto grandchild_parent = segments.add(0, 0);
  const auto grandchild = segments.add(grandchild_parent, grandchild_parent);
  const auto main = segments.add(0, 0);
  EXPECT_TRUE(segments.ordered(0, grandchild));
  EXPECT_TRUE(segments.ordered(grandchild, 0));
  EXPECT_FALSE(segments.ordered(main, grandchild));
  EXPECT_FALSE(segments.ordered(main, grandchild_parent));
}

}  // namespace
}  // namespace chicane
