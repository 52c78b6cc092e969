// The reduced enumeration shows all that the full one shows: random small programs, each in all of its interleavings.
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/explore/schedulers/dfs.h"
#include "harness/explore/schedulers/random.h"
#include "tests/explore/schedulers/simulation.h"

namespace chicane::explore::simulated {
namespace {

enum class Kind : std::uint8_t { read, write, add, locked_pair, acquire, release, wait, signal, yield, spin, if_then };
struct Line {
  Kind kind;
  std::uint32_t which;
  int value;
};
using Lines = std::vector<Line>;

struct Objects {
  Variable* x[2];
  Mutex* mutex[2];
  Semaphore* semaphore;
  Condition* condition;
};

Thread follow(Simulation& s, Objects o, const Lines& lines, std::string& log) {
  for (const Line& line : lines) {
    Variable& x = *o.x[line.which];
    int seen = -1;
    switch (line.kind) {
      case Kind::read: seen = co_await s.read(x); break;
      case Kind::write: co_await s.write(x, line.value); break;
      case Kind::add: seen = co_await s.add(x, 1); break;
      case Kind::locked_pair:
        co_await s.lock(*o.mutex[line.which]);
        seen = co_await s.read(x);
        if (line.value == 1) {
          co_await s.lock(*o.mutex[1 - line.which]);
          co_await s.unlock(*o.mutex[1 - line.which]);
        }
        co_await s.unlock(*o.mutex[line.which]);
        break;
      case Kind::acquire: co_await s.acquire(*o.semaphore); break;
      case Kind::release: co_await s.release(*o.semaphore); break;
      case Kind::wait:
        co_await s.lock(*o.mutex[0]);
        co_await s.wait(*o.condition, *o.mutex[0]);
        co_await s.unlock(*o.mutex[0]);
        break;
      case Kind::signal: co_await s.signal(*o.condition); break;
      case Kind::yield: co_await s.yield(); break;
      case Kind::spin:
        while (co_await s.load(x) == 0) co_await s.yield();
        break;
      case Kind::if_then:
        if (co_await s.load(x) == line.value) seen = co_await s.add(*o.x[1 - line.which], 5);
        break;
    }
    if (seen >= 0) log += std::to_string(seen) + ' ';
  }
  log += '|';
}

std::vector<Lines> random_program(Random& random) {
  constexpr Kind accesses[] = {Kind::read, Kind::write, Kind::add, Kind::if_then};  // most lines, so that order matters
  std::vector<Lines> threads(2 + random.below(2));
  for (Lines& lines : threads) {
    const std::uint32_t count = 1 + random.below(threads.size() == 2 ? 3 : 2);
    for (std::uint32_t i = 0; i < count; ++i)
      lines.push_back({random.one_in(3) ? static_cast<Kind>(random.below(11)) : accesses[random.below(4)],
                       random.one_in(3) ? 1U : 0U, 1 + static_cast<int>(random.below(3))});
    // Yielding twice at one place is what a loop does that waits, and is searched as such.
    for (std::size_t i = 1; i < lines.size(); ++i)
      if (lines[i].kind == Kind::yield) lines[i].kind = Kind::read;
  }
  return threads;
}

struct Shown {
  std::set<std::string> ends;
  std::uint64_t schedules = 0;
  bool exhausted = false;
};
Shown shown(const std::vector<Lines>& threads, bool reduce, int permits) {
  Shown shown;
  Dfs dfs({.preemptions = std::nullopt, .reduce = reduce});
  while (!dfs.exhausted() && dfs.gave_up().empty() && shown.schedules < 700) {
    Simulation s(dfs, {.max_steps = 2'000});
    const Objects objects{
        {&s.variable(), &s.variable()}, {&s.mutex(), &s.mutex()}, &s.semaphore(permits), &s.condition()};
    std::vector<std::string> logs(threads.size());
    for (std::size_t i = 0; i < threads.size(); ++i) s.thread(follow(s, objects, threads[i], logs[i]));
    const Outcome outcome = s.run(0);
    std::string end(name(outcome.ending));
    for (const std::string& log : logs) end += " / " + log;
    for (const Variable* x : objects.x) end += " x=" + std::to_string(x->value);
    shown.ends.insert(end);
    ++shown.schedules;
  }
  shown.exhausted = dfs.exhausted();
  return shown;
}

TEST(Reduction, LosesNothingThatTheFullEnumerationShows) {
  std::uint64_t compared = 0, full_schedules = 0, reduced_schedules = 0, ends = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    const auto threads = random_program(random);
    const int permits = static_cast<int>(random.below(2));
    const Shown full = shown(threads, false, permits);
    if (!full.exhausted) continue;
    const Shown reduced = shown(threads, true, permits);
    EXPECT_TRUE(reduced.exhausted) << seed;
    EXPECT_EQ(reduced.ends, full.ends) << seed;
    ++compared;
    full_schedules += full.schedules;
    reduced_schedules += reduced.schedules;
    ends += full.ends.size();
  }
  EXPECT_GT(compared, 35U);
  EXPECT_GT(ends, 2 * compared);  // there is something to lose
  EXPECT_LT(reduced_schedules * 5, full_schedules);
}

}  // namespace
}  // namespace chicane::explore::simulated
