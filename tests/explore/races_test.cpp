// The race detector and the atomics' memory, without any thread: who is ordered after whom is told by hand.
#include "harness/explore/races.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/explore/atomics.h"

namespace chicane::explore {
namespace {

struct Sink final : RaceSink {
  virtual ~Sink() = default;
  std::vector<std::string> seen;
  AtomicMemory* atomics = nullptr;
  int conflicts = 0;
  void race(const Accessor& now, std::uintptr_t, std::size_t, bool write, bool, std::uintptr_t,
            const EarlierAccess& earlier) override {
    seen.push_back(std::string(earlier.write ? "write" : "read") + std::to_string(earlier.index) + "-" +
                   (write ? "write" : "read") + std::to_string(now.index));
  }
  void conflict(std::uint32_t, std::uintptr_t) override { ++conflicts; }
  void use_after_free(const Accessor&, std::uintptr_t, std::size_t, bool, std::uintptr_t) override {
    seen.push_back("freed");
  }
  bool plain_meets_atomic(const Accessor&, std::uintptr_t, std::size_t, bool, std::uintptr_t) override { return true; }
};

class Detecting : public testing::Test {
 protected:
  void SetUp() override { begin(); }
  void begin() {
    arena.reset();
    detector.begin_schedule();
    atomics.begin_schedule(true);
    for (ClockIndex i = 0; i < 4; ++i) {
      threads[i] = Accessor();
      threads[i].id = threads[i].index = i;
      threads[i].clock.set(arena, i, 1);
      detector.stamp(threads[i]);
      fences[i] = {};
    }
  }
  void end() { detector.end_schedule(100); }
  // `to` is ordered after all that `from` has done.
  void order(int from, int to) {
    threads[to].clock.join(arena, threads[from].clock);
    detector.tick(threads[from]);
  }
  std::vector<std::string> races() { return std::exchange(sink.seen, {}); }
  using Races = std::vector<std::string>;

  Arena arena;
  Sink sink;
  RaceDetector detector{arena, sink};
  AtomicMemory atomics{arena, detector};
  Accessor threads[4];
  Fences fences[4];
  alignas(16) char memory[64] = {};
  std::uintptr_t at = reinterpret_cast<std::uintptr_t>(memory);
};

TEST_F(Detecting, WritesThatAreNotOrderedRace) {
  detector.write(threads[0], at, 4, 10);
  detector.write(threads[1], at, 4, 20);
  EXPECT_EQ(races(), Races{"write0-write1"});
}
TEST_F(Detecting, OrderedOnesDoNot) {
  detector.write(threads[0], at, 4, 10);
  order(0, 1);
  detector.write(threads[1], at, 4, 20);
  order(1, 2);
  detector.read(threads[2], at, 4, 30);
  EXPECT_EQ(races(), Races{});
  EXPECT_EQ(sink.conflicts, 2);
}
TEST_F(Detecting, WhatIsDoneAfterTheReleaseIsNotOrdered) {
  order(0, 1);
  detector.write(threads[0], at, 4, 10);
  detector.read(threads[1], at, 4, 20);
  EXPECT_EQ(races(), Races{"write0-read1"});
}
TEST_F(Detecting, AWriteRacesWithEveryReaderThatItIsNotOrderedAfter) {
  detector.read(threads[0], at, 4, 10);
  detector.read(threads[1], at, 4, 20);
  detector.read(threads[2], at, 4, 30);
  order(1, 3);
  detector.write(threads[3], at, 4, 40);
  EXPECT_EQ(races(), (Races{"read0-write3", "read2-write3"}));
}
TEST_F(Detecting, ReadsDoNotRace) {
  detector.read(threads[0], at, 8, 10);
  detector.read(threads[1], at, 8, 20);
  EXPECT_EQ(races(), Races{});
}
TEST_F(Detecting, NeighbouringBytesDoNotRaceAndAreKeptApart) {
  for (unsigned i = 0; i < 4; ++i) detector.write(threads[i], at + i, 1, 10 + i);
  EXPECT_EQ(races(), Races{});
  detector.read(threads[0], at + 3, 1, 20);
  EXPECT_EQ(races(), Races{"write3-read0"});
  detector.write(threads[3], at, 1, 30);
  EXPECT_EQ(races(), Races{"write0-write3"});
}
TEST_F(Detecting, AnAccessThatCrossesGranulesIsSeenInAll) {
  detector.write(threads[0], at + 2, 4, 10);
  detector.read(threads[1], at + 4, 1, 20);
  detector.read(threads[1], at + 6, 2, 30);
  EXPECT_EQ(races(), Races{"write0-read1"});
}
TEST_F(Detecting, WhatEarlierSchedulesDidIsOrderedBeforeEverything) {
  for (int i = 0; i < 3; ++i) {
    detector.write(threads[0], at, 4, 10);
    detector.read(threads[0], at + 8, 1, 10);
    detector.read(threads[2], at + 8, 1, 10);
    end();
    begin();
    detector.write(threads[1], at, 4, 20);
    detector.write(threads[1], at + 8, 4, 20);
    EXPECT_EQ(races(), Races{});
    end();
    begin();
  }
}
TEST_F(Detecting, FreedMemoryIsTold) {
  detector.freed(at, 32, 10);
  detector.read(threads[0], at + 7, 1, 20);
  detector.write(threads[1], at + 28, 4, 20);
  EXPECT_EQ(races(), (Races{"freed", "freed"}));
  detector.shadow().clear(at, 32);
  detector.write(threads[1], at + 28, 4, 20);
  EXPECT_EQ(races(), Races{});
}
TEST_F(Detecting, AtomicsRaceWithPlainAccessesOnly) {
  detector.atomic(threads[0], at, 4, true, 10);
  detector.atomic(threads[1], at, 4, true, 20);
  EXPECT_EQ(races(), Races{});
  detector.write(threads[2], at + 8, 4, 30);
  detector.atomic(threads[0], at + 8, 4, false, 10);
  EXPECT_EQ(races(), Races{"write2-read0"});
}

constexpr auto relaxed = MemoryOrder::relaxed, acquire = MemoryOrder::acquire, release = MemoryOrder::release,
               seq_cst = MemoryOrder::seq_cst;

class Atomics : public Detecting {
 protected:
  AtomicCell& cell() {
    AtomicCell& found = atomics.cell(at, 4);
    if (found.newest == nullptr) atomics.refresh(found, 0);
    return found;
  }
  void store(int thread, MemoryOrder order, std::uint64_t value) {
    atomics.store(cell(), threads[thread], fences[thread], order, value, 1);
  }
  std::uint64_t load(int thread, MemoryOrder order, std::uint32_t age = 0) {
    return atomics.load(cell(), threads[thread], fences[thread], order, age, 2).value;
  }
  std::uint32_t visible(int thread, MemoryOrder order) {
    return atomics.visible(cell(), threads[thread], fences[thread], order);
  }
  bool ordered(int from, std::uint32_t time, int to) {
    return threads[to].clock.get(static_cast<ClockIndex>(from)) >= time;
  }
};

TEST_F(Atomics, AnAcquireThatSeesAReleaseIsOrderedAfterIt) {
  const std::uint32_t time = threads[0].time;
  store(0, release, 1);
  load(1, relaxed);
  EXPECT_FALSE(ordered(0, time, 1));
  load(2, acquire);
  EXPECT_TRUE(ordered(0, time, 2));
  EXPECT_FALSE(ordered(0, threads[0].time, 2));  // not what it did after
}
TEST_F(Atomics, ARelaxedStoreOfAnotherBreaksTheReleaseSequenceAndAnRmwDoesNot) {
  const std::uint32_t time = threads[0].time;
  store(0, release, 1);
  atomics.rmw(cell(), threads[1], fences[1], relaxed, 2, 3);
  load(2, acquire);
  EXPECT_TRUE(ordered(0, time, 2));
  store(1, relaxed, 3);
  load(3, acquire);
  EXPECT_FALSE(ordered(0, time, 3));
}
TEST_F(Atomics, FencesOrderWhatRelaxedAccessesCarry) {
  const std::uint32_t time = threads[0].time;
  atomics.fence(threads[0], fences[0], release);
  store(0, relaxed, 1);
  load(1, relaxed);
  EXPECT_FALSE(ordered(0, time, 1));
  atomics.fence(threads[1], fences[1], acquire);
  EXPECT_TRUE(ordered(0, time, 1));
}
TEST_F(Atomics, OldValuesAreSeenUntilSomethingForbidsIt) {
  store(0, relaxed, 1);
  store(0, relaxed, 2);
  EXPECT_EQ(visible(0, relaxed), 1U);  // its own
  EXPECT_EQ(visible(1, relaxed), 3U);  // 2, 1, or what was there before
  EXPECT_EQ(load(1, relaxed, 1), 1U);
  EXPECT_EQ(visible(1, relaxed), 2U);  // coherence: no more the first
  order(1, 2);
  EXPECT_EQ(visible(2, relaxed), 2U);  // nor by who comes after
  order(0, 3);
  EXPECT_EQ(visible(3, relaxed), 1U);  // a store that happens before hides all older ones
}
TEST_F(Atomics, TheOrderOfSeqCstOperationsIsKept) {
  store(0, seq_cst, 1);
  EXPECT_EQ(visible(1, relaxed), 2U);
  EXPECT_EQ(visible(1, seq_cst), 1U);
  store(0, relaxed, 2);
  EXPECT_EQ(visible(1, seq_cst), 2U);  // a relaxed store is in no such order
  atomics.fence(threads[0], fences[0], seq_cst);
  EXPECT_EQ(visible(1, seq_cst), 1U);
  EXPECT_EQ(visible(1, relaxed), 3U);
  atomics.fence(threads[1], fences[1], seq_cst);
  EXPECT_EQ(visible(1, relaxed), 1U);
}
TEST_F(Atomics, EveryStoreBecomesVisibleSomeTime) {
  store(0, relaxed, 1);
  int stale = 0;
  while (visible(1, relaxed) > 1 && stale < 100) {
    load(1, relaxed, 1);
    ++stale;
  }
  EXPECT_LT(stale, 100);
}

}  // namespace
}  // namespace chicane::explore
