#include "harness/cli/stop.h"

#include <signal.h>
#include <unistd.h>

#include "harness/cli/command.h"

namespace chicane {

std::atomic<bool> stop_requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

namespace {

void on_signal(int) {
  if (stop_requested.exchange(true)) _exit(exit_code::interrupted);
}

}  // namespace

void stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
  // A reader of our output that has gone (`| head`) must not take the run with it: writing fails instead.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // likewise a file that may not grow any more
}

}  // namespace chicane
