// What a keeper holds, with real processes. Every process that a test starts has a mark in its environment, by which it
// is found whatever session, group or parent it has.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "harness/supervisor/process.h"
#include "tests/supervisor/never.h"

namespace chicane {
namespace {

using testing::HasSubstr;

constexpr const char* mark_name = "CHICANE_KEEPER_TEST";

// Living processes with the mark; a zombie holds nothing and waits for its parent alone.
std::vector<pid_t> marked(const std::string& mark) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "environ", std::ios::binary);
    const std::string environment((std::istreambuf_iterator<char>(file)), {});
    if (environment.find(std::string(mark_name) + "=" + mark + '\0') != std::string::npos)
      found.push_back(std::stoi(name));
  }
  return found;
}

bool soon(const std::function<bool()>& holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}
bool gone(const std::string& mark) {
  return soon([&] { return marked(mark).empty(); });
}

struct Kept {
  std::string mark;
  Result<ProcessOutcome> outcome;
  std::vector<pid_t> left;
};
Kept keep(const std::string& script, std::chrono::milliseconds limit = std::chrono::seconds(60),
          const std::string& keeper = CHICANE_KEEPER) {
  static int count = 0;
  Kept kept{std::to_string(getpid()) + "-" + std::to_string(++count), failure(""), {}};
  ProcessRequest request;
  request.command = {"/bin/sh", "-c", script};
  request.keeper = keeper;
  request.set_environment = {{mark_name, kept.mark}};
  request.wall_limit = limit;
  kept.outcome = run_process(request, never);
  kept.left = marked(kept.mark);
  return kept;
}

const std::string daemons = "(setsid sleep 1000 & setsid sh -c 'setsid sleep 1000 & setsid sleep 1000 &' &) ; ";

TEST(Keeper, PassesOnHowItsProcessEnded) {
  EXPECT_EQ(keep("exit 3").outcome->exit_code, 3);
  EXPECT_EQ(keep("kill -SEGV $$").outcome->signal, SIGSEGV);
  const auto late = keep("sleep 1000", std::chrono::milliseconds(100));
  EXPECT_TRUE(late.outcome->timed_out);
  EXPECT_EQ(late.outcome->signal, SIGKILL);
  EXPECT_THAT(late.left, testing::IsEmpty());
}

TEST(Keeper, DaemonsOfATrialAreGoneWhenItHasEnded) {
  const auto kept = keep(daemons + "exit 5");
  EXPECT_EQ(kept.outcome->exit_code, 5);
  EXPECT_FALSE(kept.outcome->timed_out);
  EXPECT_GE(kept.outcome->left_behind, 1u);
  EXPECT_THAT(kept.left, testing::IsEmpty());
}

TEST(Keeper, WithoutOneADaemonStays) {  // that the tests above can fail
  // Ends when the daemon has a session of its own: the sixth field of its stat.
  const auto kept =
      keep("setsid sleep 1000 & p=$!; f=; until [ \"$f\" = $p ]; do read -r a b c d e f rest < /proc/$p/stat; done",
           std::chrono::seconds(60), "");
  ASSERT_EQ(kept.outcome->exit_code, 0);
  ASSERT_EQ(kept.left.size(), 1u);
  kill(kept.left.front(), SIGKILL);
  EXPECT_TRUE(gone(kept.mark));
}

TEST(Keeper, OutlivesATrialThatKillsItsGroupAndItsParentsSession) {
  const auto kept = keep(daemons + "kill -TERM 0; sleep 1000", std::chrono::seconds(20));
  EXPECT_EQ(kept.outcome->signal, SIGTERM);
  EXPECT_THAT(kept.left, testing::IsEmpty());
}

TEST(Keeper, IsNotMovedBySignalsButTheDriversOwn) {
  const auto kept = keep(daemons + "for s in HUP INT QUIT USR1 USR2 ALRM PIPE; do kill -$s $PPID; done; exit 6");
  EXPECT_EQ(kept.outcome->exit_code, 6);
  EXPECT_THAT(kept.left, testing::IsEmpty());
}

TEST(Keeper, WhenItIsKilledItsProcessGoesToo) {
  const auto kept = keep("kill -KILL $PPID; exec sleep 1000", std::chrono::seconds(20));
  EXPECT_EQ(kept.outcome->signal, SIGKILL);
  EXPECT_FALSE(kept.outcome->timed_out);
  EXPECT_TRUE(gone(kept.mark));
}

TEST(Keeper, AProgramThatIsNotThereIsAClearError) {
  ProcessRequest request;
  request.command = {"/no/such/runner"};
  request.keeper = CHICANE_KEEPER;
  const auto outcome = run_process(request, never);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("/no/such/runner"));
}

TEST(Keeper, NothingOutlivesADriverThatIsKilled) {
  const std::string mark = std::to_string(getpid()) + "-driver";
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t driver = fork();
  if (driver == 0) {
    close(ready[0]);
    ProcessRequest request;
    request.command = {"/bin/sh", "-c", daemons + "echo ready >&3; sleep 1000"};
    request.keeper = CHICANE_KEEPER;
    request.set_environment = {{mark_name, mark}};
    request.on_result_line = [&](std::string_view, bool) {
      if (write(ready[1], "r", 1) != 1) _exit(1);
    };
    const auto outcome = run_process(request, never);
    _exit(outcome ? 0 : 1);
  }
  close(ready[1]);
  char letter = 0;
  EXPECT_EQ(read(ready[0], &letter, 1), 1);
  // The keeper, the process and its daemons; one that is just being started has no environment for a moment.
  EXPECT_TRUE(soon([&] { return marked(mark).size() >= 3; }));
  kill(driver, SIGKILL);
  waitpid(driver, nullptr, 0);
  close(ready[0]);
  EXPECT_TRUE(gone(mark)) << marked(mark).size() << " left";
}

}  // namespace
}  // namespace chicane
