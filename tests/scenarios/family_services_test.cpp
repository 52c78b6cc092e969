// What the families with servers, loops, jobs and forked processes rest on: it must be able to fail, too.
#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "scenarios/async/coroutines.h"
#include "scenarios/compute/job.h"
#include "scenarios/download/client.h"
#include "scenarios/download/server.h"
#include "scenarios/pools/mutex_pool.h"
#include "scenarios/pools/unfinished.h"
#include "scenarios/processes/forked.h"

namespace {

Job::Results results_of(const Job& job) {
  Job::Results results{};
  for (std::size_t piece = 0; piece < Job::pieces; ++piece) results[piece] = job.result(piece);
  return results;
}

TEST(Job, PiecesOfEveryKindAndSizeAreRightByBothWays) {
  for (const std::size_t size : {1, 16})
    for (const std::int64_t kind : {1, 2, 3, 4}) {
      const Job job(kind, size);
      EXPECT_EQ(job.wrong(results_of(job)), 0u) << "job " << kind << " of size " << size;
    }
}

TEST(Job, CountsResultsThatAreWrong) {
  for (const std::int64_t kind : {1, 2, 3, 4}) {
    const Job job(kind, 16);
    EXPECT_EQ(job.wrong({}), Job::pieces) << "job " << kind;
    auto results = results_of(job);
    ++results[5];
    EXPECT_EQ(job.wrong(results), 1u) << "job " << kind;
  }
}

TEST(TurnResults, MissAPieceThatAnyTurnLeftOut) {
  const Job job(1, 1);
  for (const int left_out : {-1, 0, 1, 2}) {
    TurnResults results;
    for (int turn = 0; turn < 3; ++turn) {
      for (std::size_t piece = 0; piece < Job::pieces; ++piece)
        if (turn != left_out || piece != 3) results[piece] = job.result(piece);
      results.end_turn();
    }
    EXPECT_EQ(results.wrong(job, 3), left_out < 0 ? 0u : 1u) << "turn " << left_out;
  }
}

TEST(Primes, AreAsManyAsIsKnown) {
  EXPECT_EQ(primes_between(0, 1000), 168u);
  EXPECT_EQ(primes_sieved(0, 1000), 168u);
  EXPECT_EQ(primes_between(7, 8) + primes_between(8, 11), 1u);
}

TEST(SavedFiles, AreDamagedUntilEachIsSavedAsItIs) {
  const SavedFiles files;
  EXPECT_EQ(files.damaged(), file_count);
  EXPECT_EQ(files.of_wrong_size(), file_count);
  for (std::size_t i = 0; i < file_count; ++i) files.save(i, content_of_file(i));
  EXPECT_EQ(files.damaged(), 0u);
  EXPECT_EQ(files.of_wrong_size(), 0u);
  files.save(3, content_of_file(3).substr(1));
  files.save(4, content_of_file(3));
  EXPECT_EQ(files.damaged(), 2u);
  EXPECT_EQ(files.of_wrong_size(), 2u);
  files.forget();
  EXPECT_EQ(files.damaged(), file_count);
}

struct Downloaded {
  Tally tally;
  std::uint64_t refused, truncated;  // by the server
  std::size_t damaged;
};
Downloaded download(Manners manners, Length length = Length::checked) {
  FileServer server(std::chrono::milliseconds(0), manners);
  const SavedFiles files;
  Client client(server.port(), files, length);
  for (std::size_t i = 0; i < file_count; ++i) client.fetch(i);
  return {client.tally(), server.refused(), server.truncated(), files.damaged()};
}

TEST(Client, SavesAllFilesOfAGoodServer) {
  const auto done = download(Manners::good);
  EXPECT_EQ(done.tally.saved, file_count);
  EXPECT_EQ(done.tally.refused + done.tally.truncated + done.damaged, 0u);
}

TEST(Client, TriesAgainWhatTheServerRefused) {
  const auto done = download(Manners::refuses_one_in_ten);
  EXPECT_EQ(done.tally.saved, file_count);
  EXPECT_EQ(done.damaged, 0u);
  EXPECT_EQ(done.refused, 7u);  // of 71 requests
  EXPECT_EQ(done.tally.refused, done.refused);
}

TEST(Client, NoticesBodiesThatWereCut) {
  const auto done = download(Manners::truncates_one_in_ten);
  EXPECT_EQ(done.tally.saved, file_count);
  EXPECT_EQ(done.damaged, 0u);
  EXPECT_EQ(done.truncated, 7u);
  EXPECT_EQ(done.tally.truncated, done.truncated);
}

TEST(Client, SavesHalfFilesWhenItDoesNotLookAtTheirLength) {
  const auto done = download(Manners::truncates_one_in_ten, Length::ignored);
  EXPECT_EQ(done.truncated, 6u);
  EXPECT_EQ(done.damaged, 6u);
  EXPECT_EQ(done.tally.truncated, 0u);
}

Task<int> after(int milliseconds, int result) {
  co_await wait_for(std::chrono::milliseconds(milliseconds));
  if (result < 0) throw std::runtime_error("negative");
  co_return result;
}

TEST(Gather, GivesResultsInTheOrderOfTheTasks) {
  asio::io_context loop;
  std::vector<Task<int>> tasks;
  for (const int i : {3, 1, 2}) tasks.push_back(after(i, i));
  EXPECT_EQ(run(loop, gather(std::move(tasks))), (std::vector{3, 1, 2}));
}

TEST(Gather, OfNothingIsNothing) {
  asio::io_context loop;
  EXPECT_TRUE(run(loop, gather(std::vector<Task<int>>())).empty());
}

TEST(Gather, ThrowsWhenTheLastTaskHasEnded) {
  asio::io_context loop;
  bool last_ended = false;
  const auto last = [](bool& ended) -> Task<int> {
    co_await wait_for(std::chrono::milliseconds(2));
    ended = true;
    co_return 0;
  };
  std::vector<Task<int>> tasks;
  tasks.push_back(after(0, -1));
  tasks.push_back(last(last_ended));
  EXPECT_THROW(run(loop, gather(std::move(tasks))), std::runtime_error);
  EXPECT_TRUE(last_ended);
}

TEST(Event, IsNotWaitedForOnceItIsSet) {
  asio::io_context loop;
  const auto wait = [](asio::io_context& on) -> Task<int> {
    Event event(on.get_executor());
    event.set();
    co_await event.wait();
    co_return 1;
  };
  EXPECT_EQ(run(loop, wait(loop)), 1);
}

TEST(MutexPool, RunOneRunsATaskOnTheCallersThread) {
  MutexPool pool(0);
  EXPECT_FALSE(pool.run_one());
  std::thread::id ran_on;
  pool.submit([&] { ran_on = std::this_thread::get_id(); });
  EXPECT_TRUE(pool.run_one());
  EXPECT_EQ(ran_on, std::this_thread::get_id());
  EXPECT_FALSE(pool.run_one());
  pool.wait();
}

TEST(Unfinished, WaitReturnsAfterTheLastEnd) {
  for (int round = 0; round < 20; ++round) {
    Unfinished unfinished;
    int written = 0;
    unfinished.begin();
    std::thread task([&] {
      written = 1;
      unfinished.end();
    });
    unfinished.wait();
    EXPECT_EQ(written, 1);
    task.join();
  }
}

TEST(ForkAndWait, SharesWhatIsInSharedMemoryAndNothingElse) {
  SharedMemory<int> shared(1);
  int own = 1;
  EXPECT_EQ(fork_and_wait(1, [&](std::size_t) { own = *shared = 2; }), 0u);
  EXPECT_EQ(*shared, 2);
  EXPECT_EQ(own, 1);
}

TEST(ForkAndWait, CountsProcessesThatFailed) {
  EXPECT_EQ(fork_and_wait(4,
                          [](std::size_t child) {
                            if (child == 1) throw std::runtime_error("fails");
                            if (child == 2) std::raise(SIGKILL);
                          }),
            2u);
}

}  // namespace
