// Trials that lay hands on their surroundings.
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "fault.h"

namespace {

using fault::InTheLoop;

constexpr int beyond_all = 1024;

FAULT("closes-all-descriptors", "closes every file descriptor", InTheLoop<[] {
        for (int fd = 0; fd < beyond_all; ++fd) close(fd);
      }>);

// The result descriptor is the only pipe besides stdout and stderr.
void write_to_result_descriptor(std::string_view text, int times = 1) {
  for (int fd = 3; fd < beyond_all; ++fd) {
    struct stat facts{};
    if (fstat(fd, &facts) != 0 || !S_ISFIFO(facts.st_mode)) continue;
    for (int i = 0; i < times; ++i)
      if (write(fd, text.data(), text.size()) < 0) return;
  }
}
FAULT("garbage-results", "writes garbage and half a line of JSON to the result descriptor",
      InTheLoop<[] { write_to_result_descriptor("\x01\xff garbage\n{\"event\": \"finding\", \"finding\": {\"ki"); }>);
FAULT("flood-of-results", "writes 100 MB of short lines to the result descriptor", InTheLoop<[] {
        std::string lines;
        for (int i = 0; i < 50'000; ++i) lines += "x\n";
        write_to_result_descriptor(lines, 1000);
      }>);

// Whether this is the first turn of this process that asks.
bool first_time() {
  static std::atomic<bool> asked{false};
  return !asked.exchange(true);
}

FAULT("child-stays", "forks a child that stays", InTheLoop<[] {
        if (first_time() && fork() == 0)
          for (;;) pause();
      }>);
FAULT("daemon", "forks twice, with a session of its own, and the grandchild stays", InTheLoop<[] {
        if (!first_time() || fork() != 0) return;
        setsid();
        if (fork() == 0) {
          setsid();
          for (int fd = 0; fd < beyond_all; ++fd) close(fd);
          for (;;) pause();
        }
        _exit(0);
      }>);

FAULT("changes-directory", "changes to the root directory", InTheLoop<[] {
        if (chdir("/") != 0) std::abort();
      }>);
FAULT("lowers-limits", "allows itself no more files, cores or file sizes", InTheLoop<[] {
        const rlimit nothing{0, 0};
        for (const auto which : {RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_FSIZE})
          if (setrlimit(which, &nothing) != 0) std::abort();
      }>);
FAULT("handles-signals", "handles or ignores every signal that it can", InTheLoop<[] {
        for (int number = 1; number < NSIG; ++number) std::signal(number, number % 2 == 0 ? SIG_IGN : [](int) {});
      }>);
FAULT("clears-environment", "clears its environment", InTheLoop<[] { clearenv(); }>);

FAULT("kills-its-parent", "sends its parent SIGKILL", InTheLoop<[] {
        kill(getppid(), SIGKILL);
        for (;;) pause();
      }>);
FAULT("kills-its-parents-group", "sends SIGTERM, then SIGKILL to its parent's process group", InTheLoop<[] {
        const pid_t group = getpgid(getppid());
        kill(-group, SIGTERM);
        kill(-group, SIGKILL);
        for (;;) pause();
      }>);
FAULT("stops-its-parent", "sends its parent SIGSTOP", InTheLoop<[] {
        kill(getppid(), SIGSTOP);
        for (;;) pause();
      }>);

}  // namespace
