// A process is made by posix_spawn(), which starts a program, here true(1), without copying this one first: what it
// costs does not grow with this one's memory, but a program must be loaded. No interleaving matters: nothing is shared.
// A bad run would be a program that could not be started, which the spawn, or status 127, tells.
#include <chicane/scenario.h>

#include <cerrno>
#include <spawn.h>

#include <sys/wait.h>

struct SpawnAndWait {
  long failed = 0;

  void work(chicane::Worker& worker) {
    for (auto _ : worker) failed += !spawn_and_wait();
  }
  static bool spawn_and_wait() {
    char name[] = "true";
    char* const arguments[] = {name, nullptr};
    char* const no_environment[] = {nullptr};
    pid_t child = 0;
    if (posix_spawn(&child, "/bin/true", nullptr, nullptr, arguments, no_environment) != 0) return false;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  void check(chicane::Check& check) const { check.equal("programs that did not end well", failed, 0); }
};

CHICANE_SCENARIO("processes/posix-spawn", SpawnAndWait)
    .says("spawns a program that does nothing and waits for it")
    .exactly_workers(1)
    .operation("one process started and waited for")
    .not_judged_in("explore", "posix_spawn is outside of this lane's control")
    .tag("more");
