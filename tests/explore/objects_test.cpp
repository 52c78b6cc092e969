// The models of synchronisation objects against the POSIX text (IEEE Std 1003.1-2017).
#include <gtest/gtest.h>

#include "harness/explore/objects/condition.h"
#include "harness/explore/objects/mutex.h"
#include "harness/explore/objects/once.h"
#include "harness/explore/objects/rwlock.h"
#include "harness/explore/objects/semaphore.h"

namespace chicane::explore {
namespace {

constexpr ThreadId one = 1, two = 2;

TEST(MutexModel, NormalMutexKeepsOthersAndItsOwnerOut) {
  Mutex mutex(8, MutexKind::normal, false);
  EXPECT_EQ(mutex.lock(one), 0);
  EXPECT_FALSE(mutex.can_lock(two));
  EXPECT_FALSE(mutex.can_lock(one));  // "attempting to relock the mutex causes deadlock"
  EXPECT_EQ(mutex.try_lock(one), EBUSY);
  EXPECT_EQ(mutex.try_lock(two), EBUSY);
  EXPECT_EQ(mutex.unlock(one), 0);
  EXPECT_TRUE(mutex.can_lock(two));
}
TEST(MutexModel, RecursiveMutexCounts) {
  Mutex mutex(8, MutexKind::recursive, false);
  EXPECT_EQ(mutex.lock(one), 0);
  EXPECT_EQ(mutex.lock(one), 0);
  EXPECT_EQ(mutex.try_lock(one), 0);
  EXPECT_EQ(mutex.unlock(two), EPERM);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(mutex.can_lock(two));
    EXPECT_EQ(mutex.unlock(one), 0);
  }
  EXPECT_TRUE(mutex.can_lock(two));
  EXPECT_EQ(mutex.unlock(one), EPERM);
}
TEST(MutexModel, ErrorcheckMutexTells) {
  Mutex mutex(8, MutexKind::errorcheck, false);
  EXPECT_EQ(mutex.unlock(one), EPERM);
  EXPECT_EQ(mutex.lock(one), 0);
  EXPECT_TRUE(mutex.can_lock(one));
  EXPECT_EQ(mutex.lock(one), EDEADLK);
  EXPECT_EQ(mutex.try_lock(one), EBUSY);
  EXPECT_EQ(mutex.unlock(two), EPERM);
  EXPECT_FALSE(mutex.unlock_is_misuse(two));  // it is told by its value
}
TEST(MutexModel, RobustMutexTellsOfItsDeadOwnerOnceItIsMadeConsistent) {
  Mutex mutex(8, MutexKind::normal, true);
  EXPECT_EQ(mutex.lock(one), 0);
  mutex.owner_ends();
  EXPECT_EQ(mutex.lock(two), EOWNERDEAD);
  EXPECT_EQ(mutex.make_consistent(one), EINVAL);
  EXPECT_EQ(mutex.make_consistent(two), 0);
  EXPECT_EQ(mutex.unlock(two), 0);
  EXPECT_EQ(mutex.lock(one), 0);
}
TEST(MutexModel, RobustMutexThatNobodyMendedIsLost) {
  Mutex mutex(8, MutexKind::normal, true);
  EXPECT_EQ(mutex.lock(one), 0);
  mutex.owner_ends();
  EXPECT_EQ(mutex.lock(two), EOWNERDEAD);
  EXPECT_EQ(mutex.unlock(two), 0);
  EXPECT_TRUE(mutex.can_lock(one));
  EXPECT_EQ(mutex.lock(one), ENOTRECOVERABLE);
}
TEST(MutexModel, OwnerThatEndsKeepsAPlainMutex) {
  Mutex mutex(8, MutexKind::normal, false);
  EXPECT_EQ(mutex.lock(one), 0);
  mutex.owner_ends();
  EXPECT_FALSE(mutex.can_lock(two));
}
TEST(MutexModel, UnlockingWhatOneDoesNotOwnIsMisuseOfANormalMutex) {
  Mutex mutex(8, MutexKind::normal, false);
  EXPECT_TRUE(mutex.unlock_is_misuse(one));
  EXPECT_EQ(mutex.lock(one), 0);
  EXPECT_TRUE(mutex.unlock_is_misuse(two));
  EXPECT_FALSE(mutex.unlock_is_misuse(one));
}

TEST(RwLockModel, LetsInManyReadersOrOneWriter) {
  Arena arena;
  RwLock lock(8);
  EXPECT_EQ(lock.read(arena, one), 0);
  EXPECT_TRUE(lock.can_read(two));
  EXPECT_EQ(lock.try_read(arena, two), 0);
  EXPECT_FALSE(lock.can_write(one));
  EXPECT_EQ(lock.try_write(one), EBUSY);
  EXPECT_EQ(lock.unlock(one), 0);
  EXPECT_EQ(lock.unlock(one), EPERM);
  EXPECT_EQ(lock.unlock(two), 0);
  EXPECT_EQ(lock.write(one), 0);
  EXPECT_FALSE(lock.can_read(two));
  EXPECT_EQ(lock.try_read(arena, two), EBUSY);
  EXPECT_EQ(lock.read(arena, one), EDEADLK);
  EXPECT_EQ(lock.write(one), EDEADLK);
  EXPECT_EQ(lock.unlock(two), EPERM);
  EXPECT_EQ(lock.unlock(one), 0);
}
TEST(RwLockModel, ReaderMayReadAgain) {
  Arena arena;
  RwLock lock(8);
  EXPECT_EQ(lock.read(arena, one), 0);
  EXPECT_EQ(lock.read(arena, one), 0);
  EXPECT_EQ(lock.unlock(one), 0);
  EXPECT_FALSE(lock.can_write(two));
  EXPECT_EQ(lock.unlock(one), 0);
  EXPECT_TRUE(lock.can_write(two));
}

TEST(WaitQueueModel, KeepsTheOrderAndWhatNobodyHeard) {
  Arena arena;
  Condition condition(8);
  condition.nobody_heard(one, 77);
  condition.sleepers.push(arena, {one});
  condition.sleepers.push(arena, {two});
  EXPECT_TRUE(condition.sleeps(one));
  condition.forget(one);
  EXPECT_FALSE(condition.sleeps(one));
  EXPECT_EQ(condition.sleepers[0].thread, two);
  EXPECT_EQ(condition.unheard, 1U);
  EXPECT_EQ(condition.unheard_pc, 77U);
}

TEST(SemaphoreModel, CountsAndOverflows) {
  Semaphore semaphore(8, 1);
  EXPECT_EQ(semaphore.wait(), 0);
  EXPECT_FALSE(semaphore.can_wait());
  EXPECT_EQ(semaphore.wait(), EAGAIN);
  EXPECT_EQ(semaphore.post(), 0);
  EXPECT_TRUE(semaphore.can_wait());
  Semaphore full(8, 2147483647);
  EXPECT_EQ(full.post(), EOVERFLOW);
}

TEST(BarrierModel, LetsAllGoWithTheLastAndIsUsedAgain) {
  Barrier barrier(8, 2);
  for (std::uint32_t round = 0; round < 3; ++round) {
    EXPECT_FALSE(barrier.arrive());
    EXPECT_FALSE(barrier.passed(round));
    EXPECT_TRUE(barrier.arrive());
    EXPECT_TRUE(barrier.passed(round));
  }
}

TEST(OnceModel, RunsOnceAndAgainAfterAnException) {
  Once once(ObjectKind::once, 8);
  EXPECT_TRUE(once.begin(one));
  EXPECT_FALSE(once.can_go_on());
  once.give_up();
  EXPECT_TRUE(once.begin(two));
  EXPECT_EQ(once.runner, two);
  once.finish();
  EXPECT_TRUE(once.can_go_on());
  EXPECT_FALSE(once.begin(one));
}

}  // namespace
}  // namespace chicane::explore
