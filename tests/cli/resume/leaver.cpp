// Scenarios for the test of --resume: one whose trials are as short as a trial can be, and one that leaves a daemon
// behind, which no group and no session of its trial holds.
#include <chicane/scenario.h>

#include <stdlib.h>
#include <unistd.h>

namespace {

struct Quiet {
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("leaver/quiet", Quiet).says("does nothing");

struct Daemon {
  Daemon() {
    const pid_t child = fork();
    if (child != 0) return;
    setsid();
    if (fork() == 0) {
      setsid();
      for (int fd = 0; fd < 64; ++fd) close(fd);
      sleep(1000);
    }
    _exit(0);
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) chicane::clobber();
  }
};
CHICANE_SCENARIO("leaver/daemon", Daemon).says("starts a daemon that sleeps, and ends without it");

}  // namespace
