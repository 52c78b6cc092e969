#include "scenarios/pools/mutex_pool.h"

#include <atomic>
#include <barrier>
#include <vector>

#include <gtest/gtest.h>

namespace {

TEST(MutexPool, WaitReturnsAfterEveryTaskHasEnded) {
  MutexPool pool(3);
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> ended = 0;
    for (int i = 0; i < 20; ++i) pool.submit([&ended] { ++ended; });
    pool.wait();
    EXPECT_EQ(ended, 20);
  }
}

TEST(MutexPool, OneThreadRunsTasksInTheirOrder) {
  MutexPool pool(1);
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) pool.submit([&order, i] { order.push_back(i); });
  pool.wait();
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

// Hangs where only one thread took part.
TEST(MutexPool, TasksThatWaitForEachOtherRunOnTwoThreads) {
  MutexPool pool(2);
  std::barrier meeting(2);
  for (int i = 0; i < 2; ++i) pool.submit([&meeting] { meeting.arrive_and_wait(); });
  pool.wait();
}

TEST(MutexPool, EndsWithTasksStillQueuedAfterRunningThem) {
  std::atomic<int> ended = 0;
  {
    MutexPool pool(2);
    for (int i = 0; i < 100; ++i) pool.submit([&ended] { ++ended; });
  }
  EXPECT_EQ(ended, 100);
}

TEST(MutexPool, WaitsForNothingWhenNothingWasSubmitted) {
  MutexPool pool(2);
  pool.wait();
}

}  // namespace
