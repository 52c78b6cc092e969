// The loop of a body, `for (auto _ : worker)`, against a host made by hand.
#include <chicane/scenario.h>

#include <cstddef>
#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chicane {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Host {
  std::uint64_t turns = 0;           // that the body has begun
  std::vector<std::uint64_t> tells;  // how many had been done by then
  int begun = 0, ended = 0;
  chicane_worker table{};

  Host(std::uint64_t wanted, std::uint64_t tell_every) {
    table.struct_size = sizeof table;
    table.turns = wanted;
    table.tell_every = tell_every;
    table.host = this;
    table.begin = [](chicane_worker* worker) { ++of(worker).begun; };
    table.end = [](chicane_worker* worker) { ++of(worker).ended; };
    table.tell_progress = [](chicane_worker* worker) { of(worker).tells.push_back(of(worker).turns); };
  }
  static Host& of(chicane_worker* worker) { return *static_cast<Host*>(worker->host); }
  void run() {
    Worker worker(&table);
    for (auto _ : worker) ++turns;
  }
};

TEST(Turns, AreAsManyAsTheHostWants) {
  for (const std::uint64_t wanted : {0u, 1u, 2u, 63u, 64u, 65u, 130u})
    for (const std::uint64_t tell_every : {0u, 1u, 2u, 64u, 1000u}) {
      Host host(wanted, tell_every);
      host.run();
      EXPECT_EQ(host.turns, wanted);
      EXPECT_EQ(host.table.turns_done, wanted);
      EXPECT_EQ(host.begun, 1);
      EXPECT_EQ(host.ended, 1);
      EXPECT_EQ(host.tells.size(), tell_every == 0 || wanted == 0 ? 0 : (wanted - 1) / tell_every);
    }
}

TEST(Turns, AreToldOfBetweenTwoOfThem) {
  Host host(130, 50);
  host.run();
  EXPECT_THAT(host.tells, ElementsAre(50, 100));
}

TEST(Turns, AHostThatDoesNotKnowOfItIsNotTold) {
  Host host(130, 50);
  host.table.struct_size = offsetof(chicane_worker, tell_every);
  host.table.tell_progress = nullptr;
  host.run();
  EXPECT_EQ(host.table.turns_done, 130u);
  EXPECT_THAT(host.tells, IsEmpty());
}

// The turn that the loop was left in is not done.
TEST(Turns, ThatWereDoneAreKnownWhenTheLoopIsLeft) {
  for (const std::uint64_t at : {1u, 49u, 50u, 51u, 130u}) {  // around the end of a part, and in the last one
    Host left(130, 50), thrown(130, 50);
    const auto body = [at](Host& host, auto leave) {
      Worker worker(&host.table);
      for (auto _ : worker)
        if (++host.turns == at && leave()) break;
    };
    body(left, [] { return true; });
    EXPECT_EQ(left.table.turns_done, at - 1);
    EXPECT_EQ(left.ended, 0);
    EXPECT_THROW(body(thrown, []() -> bool { throw std::runtime_error("enough"); }), std::runtime_error);
    EXPECT_EQ(thrown.table.turns_done, at - 1);
  }
}

}  // namespace
}  // namespace chicane
