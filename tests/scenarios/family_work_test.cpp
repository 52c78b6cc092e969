// What the families' checks rest on: they must be able to fail.
#include <chicane/scenario.h>

#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include "scenarios/pools/power_map.h"
#include "scenarios/processes/factorials.h"
#include "scenarios/semaphore/occupancy.h"
#include "scenarios/waiting/waits.h"

namespace {

TEST(PowerMap, IsWrongUntilEveryNumberWasComputed) {
  PowerMap map;
  EXPECT_EQ(map.wrong(), PowerMap::size);
  for (std::size_t i = 0; i < PowerMap::size; ++i) map.compute(i);
  EXPECT_EQ(map.wrong(), 0u);
  map.forget();
  EXPECT_EQ(map.wrong(), PowerMap::size);
}

TEST(PowerMap, CountsAResultThatIsAnotherNumbers) {
  PowerMap map;
  for (std::size_t i = 0; i < PowerMap::size; ++i) map.compute(i);
  map.store(25, powers_of(27));
  EXPECT_EQ(map.wrong(), 1u);
}

TEST(Factorials, DigestIsTheRemainderOfTheFactorial) {
  constexpr std::uint64_t factorial_of_20 = 2432902008176640000;
  EXPECT_EQ(factorial_digest(20), factorial_of_20 % digest_prime);
  EXPECT_EQ(factorial_digest(0), 1u);
}

TEST(Factorials, DigestsFoundBothWaysAgreeAndTellNumbersApart) {
  std::set<std::uint32_t> digests;
  for (std::uint32_t i = 0; i < factorial_count; ++i) {
    const auto digest = factorial_digest(first_factorial + i);
    EXPECT_EQ(digest, expected_digest(first_factorial + i));
    digests.insert(digest);
  }
  EXPECT_EQ(digests.size(), factorial_count);
  EXPECT_FALSE(digests.contains(0));  // which stands for "not computed yet"
}

TEST(Occupancy, RemembersTheMostThatWereInsideAtOnce) {
  Occupancy occupancy;
  occupancy.enter();
  occupancy.enter();
  occupancy.leave();
  occupancy.enter();
  EXPECT_EQ(occupancy.most(), 2);
  EXPECT_EQ(occupancy.inside(), 2);
}

TEST(Waits, AreRightOnlyWhenEveryResultIsThere) {
  Waits waits(std::chrono::milliseconds(0));
  waits.squares();
  EXPECT_FALSE(waits.right());
  waits.cubes();
  EXPECT_TRUE(waits.right());
  waits.forget();
  EXPECT_FALSE(waits.right());
}

}  // namespace
