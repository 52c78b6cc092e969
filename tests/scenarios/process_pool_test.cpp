// The process pool of the stock scenarios, its workers killed from within and from outside.
#include "scenarios/processes/process_pool.h"

#include <csignal>
#include <fcntl.h>
#include <numeric>
#include <stdexcept>

#include <gmock/gmock.h>

namespace chicane {
namespace {

struct Kills {
  std::atomic<int> left{0};
};

// Memory that the workers of all pools of a test share with it.
Kills& kills() {
  static Kills* const shared =
      ::new (mmap(nullptr, sizeof(Kills), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Kills();
  return *shared;
}

long square(const long& number) { return number * number; }

long square_or_die(const long& number) {
  if (kills().left.fetch_sub(1) > 0) raise(SIGKILL);
  return square(number);
}

long slow_square(const long& number) {
  for (volatile long i = 0; i < 20'000; i = i + 1) {
  }
  return square(number);
}

long odd_ones_throw(const long& number) {
  if (number % 2 != 0) throw std::invalid_argument("odd");
  return square(number);
}

std::vector<long> numbers(std::size_t count) {
  std::vector<long> made(count);
  std::iota(made.begin(), made.end(), 0);
  return made;
}

void expect_squares(const std::vector<long>& tasks, const std::vector<TaskResult<long>>& results) {
  ASSERT_EQ(results.size(), tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    EXPECT_EQ(results[i].end, TaskEnd::done) << i;
    EXPECT_EQ(results[i].value, tasks[i] * tasks[i]) << i;
  }
}

std::size_t open_files() {
  std::size_t open = 0;
  for (int fd = 0; fd < 1024; ++fd) open += fcntl(fd, F_GETFD) >= 0;
  return open;
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

TEST(ProcessPool, MapsInTheOrderOfTheTasksAlsoMoreThanItHoldsAtOnce) {
  ProcessPool<long, long> pool(3, square);
  for (const std::size_t count : {0u, 1u, 5u, 256u, 257u, 1000u})
    expect_squares(numbers(count), pool.map(numbers(count)));
  EXPECT_EQ(pool.deaths(), 0u);
}

TEST(ProcessPool, ResultsCanBeTakenInAnyOrder) {
  ProcessPool<long, long> pool(2, square);
  std::vector<std::uint64_t> tickets;
  for (long number = 0; number < 100; ++number) tickets.push_back(pool.submit(number));
  for (long number = 99; number >= 0; --number)
    EXPECT_EQ(pool.take(tickets[static_cast<std::size_t>(number)]).value, number * number);
}

TEST(ProcessPool, RefusesATaskThatItHasNoPlaceFor) {
  ProcessPool<long, long> pool(1, square);
  for (std::size_t i = 0; i < pool.capacity; ++i) pool.submit(1);
  EXPECT_THROW(pool.submit(1), std::length_error);
}

TEST(ProcessPool, AnExceptionInATaskIsItsResult) {
  ProcessPool<long, long> pool(2, odd_ones_throw);
  const auto results = pool.map(numbers(10));
  for (std::size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(results[i].end, i % 2 == 0 ? TaskEnd::done : TaskEnd::threw) << i;
  EXPECT_EQ(pool.deaths(), 0u);
}

TEST(ProcessPool, LosesNothingWhenAHundredOfItsWorkersDieInTheMidstOfATask) {
  kills().left = 100;
  ProcessPool<long, long> pool(4, square_or_die, 101);
  expect_squares(numbers(300), pool.map(numbers(300)));
  EXPECT_EQ(pool.deaths(), 100u);
}

TEST(ProcessPool, LosesNothingWhenAHundredOfItsWorkersAreKilledAtAnyPoint) {
  ProcessPool<long, long> pool(3, slow_square, 101);
  for (std::size_t kills = 0; pool.deaths() < 100;) {
    std::vector<std::uint64_t> tickets;
    for (long number = 0; number < 12; ++number) tickets.push_back(pool.submit(number));
    for (long number = 0; number < 12; ++number) {
      // While the others work, wait, take a task or put a result down.
      if (number % 4 == 1) kill(pool.worker(kills++ % pool.workers()), SIGKILL);
      const auto result = pool.take(tickets[static_cast<std::size_t>(number)]);
      EXPECT_EQ(result.end, TaskEnd::done);
      EXPECT_EQ(result.value, number * number);
    }
  }
  expect_squares(numbers(50), pool.map(numbers(50)));
}

TEST(ProcessPool, ATaskThatKillsEveryWorkerIsReportedAndTheOthersAreDone) {
  ProcessPool<long, long> pool(
      2,
      +[](const long& number) -> long {
        if (number == 7) raise(SIGKILL);
        return square(number);
      },
      3);
  const auto results = pool.map(numbers(20));
  for (std::size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(results[i].end, i == 7 ? TaskEnd::died : TaskEnd::done) << i;
  EXPECT_EQ(pool.deaths(), 3u);
}

TEST(ProcessPool, LeavesNoProcessAndNoFileOpen) {
  const auto before = open_files();
  {
    kills().left = 3;
    ProcessPool<long, long> pool(2, square_or_die, 4);
    expect_squares(numbers(10), pool.map(numbers(10)));
    pool.submit(1);  // never taken
  }
  EXPECT_EQ(open_files(), before);
  EXPECT_FALSE(has_children());
}

// The pool's own process dies: its workers must not stay.
TEST(ProcessPool, ItsWorkersEndWithTheProcessThatHasIt) {
  std::array<int, 2> alive{};
  ASSERT_EQ(pipe(alive.data()), 0);
  const pid_t owner = fork();
  if (owner == 0) {
    ProcessPool<long, long> pool(2, square);
    pool.map(numbers(4));
    raise(SIGKILL);
  }
  close(alive[1]);
  char byte;
  EXPECT_EQ(read(alive[0], &byte, 1), 0);  // ends when the last of them has
  close(alive[0]);
  waitpid(owner, nullptr, 0);
}

}  // namespace
}  // namespace chicane
