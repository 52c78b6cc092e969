#include "harness/runner/program.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "harness/model/programs.h"
#include "harness/runner/usage.h"

namespace chicane {
namespace {

constexpr std::size_t longest_result = 64 * 1024;  // of a line; one that is longer is no result

// What a program prints goes on to where the scenario's output belongs; its last line is kept.
class LastLine {
 public:
  void take(std::string_view bytes) {
    for (std::string_view rest = bytes; !rest.empty();) {
      const auto written = write(STDOUT_FILENO, rest.data(), rest.size());
      if (written < 0 && errno != EINTR) break;
      if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    for (const char byte : bytes) {
      if (byte == '\n') {
        if (!current_.empty()) last_ = std::move(current_);
        current_.clear();
      } else if (current_.size() <= longest_result) {
        current_ += byte;
      }
    }
  }
  const std::string& text() const { return current_.empty() ? last_ : current_; }

 private:
  std::string current_, last_;
};

struct Ended {
  int status = 0;
  rusage usage{};
  std::int64_t began_ns = 0, ended_ns = 0;
  std::string last_line;
};

// Until the program has ended; what it leaves running may keep the pipe open for as long as it likes.
void read_until_end(int output, int program, LastLine& line) {
  std::array<char, 16 * 1024> buffer;
  std::array<pollfd, 2> watched{pollfd{output, POLLIN, 0}, pollfd{program, POLLIN, 0}};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (poll(watched.data(), watched.size(), -1) < 0) continue;  // EINTR
    const bool ended = watched[1].revents != 0;
    for (;;) {
      const auto got = read(output, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got > 0) line.take({buffer.data(), static_cast<std::size_t>(got)});
      if (got == 0) watched[0].fd = -1;
      if (got <= 0) break;
    }
    if (ended) return;
  }
}

Result<Ended> run_to_end(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return failure(fmt::format("no pipe for its output: {}", strerror(errno)));
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  Ended ended;
  ended.began_ns = now_ns();
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return failure(fmt::format("{}: it can't be started: {}", command.front(), strerror(error)));
  }
  const int program = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  LastLine line;
  read_until_end(ends[0], program, line);
  while (wait4(pid, &ended.status, 0, &ended.usage) < 0 && errno == EINTR) {
  }
  ended.ended_ns = now_ns();
  if (program >= 0) close(program);
  close(ends[0]);
  ended.last_line = line.text();
  return ended;
}

[[noreturn]] void end_like(int status) {
  if (!WIFSIGNALED(status)) _exit(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;
  sigaction(signal, &usual, nullptr);
  raise(signal);
  _exit(128 + signal);  // a signal that does not end a process by itself did not end the program either
}

Finding finding(FindingKind kind, const std::string& name, const std::string& message) {
  Finding found;
  found.kind = kind;
  found.name = name;
  found.evidence.message = message;
  return found;
}

std::int64_t ns(const timeval& time) { return time.tv_sec * 1'000'000'000LL + time.tv_usec * 1'000LL; }

// The program's word for when it began and how long it took must fit what was seen from outside.
std::string contradiction(const ProgramResult& result, const Ended& ended) {
  const auto process_ns = ended.ended_ns - ended.began_ns;
  if (result.region_ns > process_ns)
    return fmt::format("it says that its operations took {} ns, but it ran for {} ns in all", result.region_ns,
                       process_ns);
  if (!result.began_ns) return "";
  if (*result.began_ns < ended.began_ns || *result.began_ns + result.region_ns > ended.ended_ns)
    return "what it says of when it began is not within its own life: began_ns must be of CLOCK_MONOTONIC";
  return "";
}

void measure(const ProgramResult& result, const Ended& ended, Trial& trial) {
  const auto operations = static_cast<double>(result.operations);
  const auto region_ns = static_cast<double>(result.region_ns);
  trial.turns = result.operations;
  auto& measures = trial.measures;
  measures["operations"] = operations;
  measures["region_ns"] = region_ns;
  measures["wall_ns_per_operation"] = region_ns / operations;
  measures["operations_per_second"] = operations / region_ns * 1e9;
  measures["process_ns"] = static_cast<double>(ended.ended_ns - ended.began_ns);
  if (result.began_ns) measures["start_up_ns"] = static_cast<double>(*result.began_ns - ended.began_ns);
  measures["process_cpu_ns"] = static_cast<double>(ns(ended.usage.ru_utime) + ns(ended.usage.ru_stime));
  measures["peak_resident_bytes"] = static_cast<double>(ended.usage.ru_maxrss) * 1024;
  for (const auto& [name, value] : result.counters) trial.counters[name] = value;
}

}  // namespace

Result<void> run_program(const TrialRequest& request, const std::function<void(const Finding&)>& found, Trial& trial) {
  const auto ended = run_to_end(request.program);
  if (!ended) return std::unexpected(ended.error());
  if (!WIFEXITED(ended->status) || WEXITSTATUS(ended->status) != 0) end_like(ended->status);
  const auto no_result = [&](const std::string& why) {
    found(
        finding(FindingKind::protocol_broken, "result line", "the program's last line of output is no result: " + why));
  };
  const auto result = parse_program_result(ended->last_line);
  if (!result) {
    no_result(ended->last_line.empty() ? "it printed none" : result.error().message);
    return {};
  }
  if (const auto why = contradiction(*result, *ended); !why.empty()) {
    no_result(why);
    return {};
  }
  if (!result->right)
    found(finding(FindingKind::wrong_result, result->check.empty() ? "result" : result->check,
                  result->why.empty() ? "the program says that its result is wrong" : result->why));
  measure(*result, *ended, trial);
  return {};
}

}  // namespace chicane
