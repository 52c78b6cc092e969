#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "harness/runner/barrier.h"
#include "harness/runner/teams.h"

namespace chicane {
namespace {

constexpr std::size_t largest_message = 64 * 1024;

// How often a worker without a pidfd is asked after.
constexpr int ask_every_ms = 2;

// The parent's view of one worker process.
struct Process {
  pid_t pid = -1;
  int pidfd = -1;  // none where the kernel or a seccomp filter refuses it, or no descriptor is left
};

[[noreturn]] void be_worker(const Stage& stage, std::uint32_t index, TeamBarrier barrier, TeamBarrier leaving,
                            WorkerOutcome& outcome, int socket, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // the runner ended before the line above
  stage.ledger().forward_to(socket);
  TeamRendezvous rendezvous(barrier, index);
  run_worker(stage, index, rendezvous, outcome);
  outcome.peak_resident_bytes = peak_resident_bytes();
  if (stage.is_timed()) {
    // A page's share depends on who is there: nobody leaves until all have looked.
    outcome.proportional_bytes = proportional_bytes();
    leaving.arrive_and_wait(TeamBarrier::start, index);
  }
  std::fflush(nullptr);
  _exit(0);  // not exit: the runner's and the plugin's destructors belong to the runner
}

class ProcessTeam {
 public:
  ProcessTeam(const Stage& stage, void* memory, RegionWatch* watch)
      : stage_(stage),
        outcomes_(static_cast<WorkerOutcome*>(memory)),
        barrier_(outcomes_ + stage.workers(), stage.workers(), watch),
        leaving_(reinterpret_cast<char*>(outcomes_ + stage.workers()) + TeamBarrier::bytes(stage.workers()),
                 stage.workers()),
        processes_(stage.workers()) {
    for (std::uint32_t i = 0; i < stage.workers(); ++i) new (&outcomes_[i]) WorkerOutcome;
  }

  static std::size_t bytes(std::uint32_t workers) {
    static_assert(sizeof(WorkerOutcome) % alignof(TeamBarrier::Cell) == 0);
    return workers * sizeof(WorkerOutcome) + 2 * TeamBarrier::bytes(workers);
  }

  std::vector<WorkerOutcome> run() {
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
      not_started(0, errno);
      return {outcomes_, outcomes_ + stage_.workers()};
    }
    socket_ = sockets[0];
    std::fflush(nullptr);  // else every worker would print again what is still in the buffers
    const pid_t self = getpid();
    for (std::uint32_t i = 0; i < stage_.workers(); ++i) {
      const pid_t pid = fork();
      if (pid == 0) {
        close(socket_);
        be_worker(stage_, i, barrier_, leaving_, outcomes_[i], sockets[1], self);
      }
      if (pid < 0) {
        not_started(i, errno);
        continue;
      }
      const auto pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));  // glibc 2.36's header is not for C++
      processes_[i] = {pid, pidfd};
    }
    close(sockets[1]);
    wait_for_all();
    drain();
    close(socket_);
    return {outcomes_, outcomes_ + stage_.workers()};
  }

 private:
  void not_started(std::uint32_t index, int error) {
    Finding finding;
    finding.kind = FindingKind::limit_exceeded;
    finding.name = "processes";
    finding.evidence.message =
        fmt::format("worker process {} of {} could not be started: {}", index, stage_.workers(), std::strerror(error));
    finding.evidence.limit = "processes";
    stage_.ledger().add(std::move(finding));
    complete(index);
  }
  void complete(std::uint32_t index) {
    barrier_.complete(index);
    leaving_.complete(index);
  }

  // What workers report is taken in while they run, so that none of it is lost when the trial is cut short.
  void wait_for_all() {
    for (;;) {
      std::vector<pollfd> polled{{hung_up_ ? -1 : socket_, POLLIN, 0}};
      std::vector<std::uint32_t> who;
      for (std::uint32_t i = 0; i < processes_.size(); ++i)
        if (processes_[i].pid > 0) polled.push_back({processes_[i].pidfd, POLLIN, 0}), who.push_back(i);
      if (who.empty()) return;
      const bool ask = std::ranges::any_of(who, [&](std::uint32_t i) { return processes_[i].pidfd < 0; });
      if (poll(polled.data(), polled.size(), ask ? ask_every_ms : -1) < 0 && errno != EINTR) return;
      // A worker's last words before its end.
      drain();
      hung_up_ = hung_up_ || (polled[0].revents & POLLHUP) != 0;
      for (std::size_t i = 0; i < who.size(); ++i)
        if (polled[i + 1].revents != 0 || processes_[who[i]].pidfd < 0) reap(who[i]);
    }
  }

  void drain() {
    std::string message(largest_message, '\0');
    for (;;) {
      const auto size = recv(socket_, message.data(), message.size(), MSG_DONTWAIT);
      if (size <= 0) return;
      if (!stage_.ledger().receive({message.data(), static_cast<std::size_t>(size)}))
        stage_.ledger().fail("protocol_broken", "worker process", "a worker process sent what no worker sends");
    }
  }

  // If it has ended.
  void reap(std::uint32_t index) {
    auto& process = processes_[index];
    int status = 0;
    if (waitpid(process.pid, &status, WNOHANG) == 0) return;
    if (process.pidfd >= 0) close(process.pidfd);
    process = {};
    const auto& outcome = outcomes_[index];
    Finding finding;
    finding.name = "worker process";
    if (WIFSIGNALED(status)) {
      finding.kind = FindingKind::crash;
      finding.evidence.signal = WTERMSIG(status);
      finding.evidence.message = fmt::format("worker process {} was ended by SIG{} ({})", index,
                                             sigabbrev_np(WTERMSIG(status)), strsignal(WTERMSIG(status)));
    } else if (!outcome.returned || WEXITSTATUS(status) != 0) {
      finding.kind = FindingKind::early_exit;
      finding.evidence.exit_code = WEXITSTATUS(status);
      finding.evidence.message =
          fmt::format("worker process {} exited with {} before its work was done", index, WEXITSTATUS(status));
    } else {
      return;
    }
    outcomes_[index].failed = true;
    stage_.ledger().add(std::move(finding));
    complete(index);
  }

  const Stage& stage_;
  WorkerOutcome* outcomes_;  // in shared memory, followed by the barriers
  TeamBarrier barrier_;
  TeamBarrier leaving_;  // of a timed trial
  std::vector<Process> processes_;
  int socket_ = -1;
  bool hung_up_ = false;  // no worker has the other end any more; poll would return at once for ever
};

}  // namespace

std::vector<WorkerOutcome> run_on_processes(const Stage& stage, RegionWatch* watch) {
  auto memory = Memory::map(ProcessTeam::bytes(stage.workers()), alignof(WorkerOutcome), true);
  if (!memory) {
    stage.ledger().fail("limit_exceeded", "memory", memory.error().message);
    return std::vector<WorkerOutcome>(stage.workers());
  }
  return ProcessTeam(stage, memory->data(), watch).run();
}

}  // namespace chicane
