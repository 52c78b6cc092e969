#include "harness/explore/search/forked.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

namespace chicane::explore {

std::string ForkedEnd::in_words() const {
  if (!started) return "no process could be started for it";
  if (timed_out) return "it went on outside of control, and was ended";
  if (WIFSIGNALED(status)) {
    const char* const name = strsignal(WTERMSIG(status));
    return std::string("it was ended by a signal (") + (name == nullptr ? "unknown" : name) + ")";
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    return "it exited with " + std::to_string(WEXITSTATUS(status)) + " before its end";
  return {};
}

ForkedEnd in_child(const std::function<void(int descriptor)>& work, std::chrono::nanoseconds silence) {
  ForkedEnd end;
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return end;
  const auto parent = getpid();
  const auto child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return end;
  }
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    close(ends[0]);
    // Out of the way: a scenario's own descriptors start at 3, as in any program.
    const int moved = fcntl(ends[1], F_DUPFD_CLOEXEC, 120);
    work(moved >= 0 ? moved : ends[1]);
    _exit(0);
  }
  close(ends[1]);
  end.started = true;
  std::vector<std::byte> received;
  std::array<std::byte, 1 << 16> buffer;
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(silence);
  auto last = std::chrono::steady_clock::now();
  for (;;) {
    pollfd ready{ends[0], POLLIN, 0};
    // Short waits: whoever watches this process for being stuck sees that it is none that sleeps for good.
    const int many = poll(&ready, 1, 50);
    if (many < 0 && errno != EINTR) break;
    if (many <= 0) {
      if (std::chrono::steady_clock::now() - last < patience) continue;
      end.timed_out = true;
      kill(child, SIGKILL);
      break;
    }
    const auto bytes = read(ends[0], buffer.data(), buffer.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) break;
    last = std::chrono::steady_clock::now();
    received.insert(received.end(), buffer.begin(), buffer.begin() + bytes);
    for (auto& message : wire::take_messages(received)) end.messages.push_back(std::move(message));
  }
  close(ends[0]);
  while (waitpid(child, &end.status, 0) < 0 && errno == EINTR) {
  }
  return end;
}

}  // namespace chicane::explore
