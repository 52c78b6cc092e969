// chicane-keeper: stands between the driver and one runner, so that nothing that the runner starts outlives its trial.
// Orphans of the trial come to it (it is their subreaper), whatever session or group they chose. It kills them when the
// runner has ended, when the driver asks for it (SIGTERM), and when the driver is no more (the kernel then sends the
// same signal). A static program of system calls alone: it is started once a trial, so its start must cost little.
//   chicane-keeper DRIVER_PID COMMAND [ARGUMENT…]
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "harness/supervisor/keeper/protocol.h"

namespace {

using chicane::KeeperRecord;

constexpr int exit_usage = 2;

void tell(KeeperRecord::Kind kind, int value) {
  const KeeperRecord record{kind, value};
  // A driver that does not listen any more needs no answer.
  [[maybe_unused]] const auto written = write(chicane::keeper_descriptor, &record, sizeof record);
}

struct Runner {
  pid_t pid = -1;
  bool ended = false;
};

// Notes the end of a child; others than the runner are orphans of the trial.
void note(Runner& runner, pid_t pid, int status) {
  if (pid != runner.pid) return;
  runner.ended = true;
  tell(KeeperRecord::ended, status);
}

void reap(Runner& runner) {
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) note(runner, pid, status);
}

// Parent of a process; -1 when it is gone. The command's name may hold anything, so fields count from its last ')'.
pid_t parent_of(const char* pid) {
  char path[64], text[512];
  std::snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  const auto size = read(fd, text, sizeof text - 1);
  close(fd);
  if (size <= 0) return -1;
  text[size] = '\0';
  const char* const name_end = std::strrchr(text, ')');
  int parent = -1;
  return name_end != nullptr && std::sscanf(name_end + 1, " %*c %d", &parent) == 1 ? parent : -1;
}

// Kernels without CONFIG_PROC_CHILDREN: every process of the system is asked for its parent.
int kill_children_of_all() {
  int killed = 0;
  DIR* const processes = opendir("/proc");
  if (processes == nullptr) return 0;
  while (const dirent* entry = readdir(processes))
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == getpid() &&
        kill(std::atoi(entry->d_name), SIGKILL) == 0)
      ++killed;
  closedir(processes);
  return killed;
}

int kill_children() {
  const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return kill_children_of_all();
  int killed = 0;
  pid_t pid = 0;
  char buffer[4096];
  for (ssize_t size; (size = read(fd, buffer, sizeof buffer)) > 0;)
    for (ssize_t i = 0; i < size; ++i) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        pid = pid * 10 + (buffer[i] - '0');
      } else if (pid != 0) {
        if (kill(pid, SIGKILL) == 0) ++killed;
        pid = 0;
      }
    }
  close(fd);
  return killed;
}

// Until there is no child. Children of the killed become our own, so each pass may find new ones.
int sweep(Runner& runner) {
  int left_behind = 0;
  while (true) {
    const int killed = kill_children();
    int status = 0;
    const pid_t pid = waitpid(-1, &status, killed > 0 ? 0 : WNOHANG);
    if (pid < 0 && errno == ECHILD) return left_behind;
    if (pid > 0) {
      if (pid != runner.pid) ++left_behind;
      note(runner, pid, status);
    } else {
      const timespec moment{0, 1'000'000};  // forked since the list was read, or not ours to kill
      nanosleep(&moment, nullptr);
    }
  }
}

[[noreturn]] void become_runner(char** command, pid_t keeper) {
  setsid();  // out of the keeper's group: a trial that kills its own or its parent's group spares the driver
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != keeper) _exit(exit_usage);
  // A crash is a finding, and no file; and where memory runs out, the kernel is to take the trial and not its driver.
  const rlimit none_at_all{0, 0};
  setrlimit(RLIMIT_CORE, &none_at_all);
  if (const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); fd >= 0) {
    [[maybe_unused]] const auto written = write(fd, "1000", 4);
    close(fd);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execv(command[0], command);
  tell(KeeperRecord::refused, errno);
  _exit(exit_usage);
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count < 3) {
    std::fprintf(stderr, "chicane-keeper: started by chicane itself, for one trial each\n");
    return exit_usage;
  }
  // Nothing but SIGKILL ends a keeper before its work is done.
  sigset_t all, awaited;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != std::atoi(arguments[1])) return exit_usage;  // the driver ended before the line above
  fcntl(chicane::keeper_descriptor, F_SETFD, FD_CLOEXEC);

  char own_pid[16];
  std::snprintf(own_pid, sizeof own_pid, "%d", getpid());
  setenv("CHICANE_DRIVER_PID", own_pid, 1);  // whom the runner goes with
  Runner runner;
  const pid_t keeper = getpid();
  runner.pid = fork();
  if (runner.pid == 0) become_runner(arguments + 2, keeper);
  if (runner.pid < 0) {
    tell(KeeperRecord::refused, errno);
    return exit_usage;
  }
  tell(KeeperRecord::started, runner.pid);
  for (int fd = 0; fd < chicane::keeper_descriptor; ++fd) close(fd);  // the trial's own
  while (!runner.ended) {
    siginfo_t info{};
    if (sigwaitinfo(&awaited, &info) == SIGTERM) break;
    reap(runner);
  }
  tell(KeeperRecord::swept, sweep(runner));
  _exit(0);
}
