#include "harness/runner/explore/program_run.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "harness/explore/search/program_protocol.h"
#include "harness/runner/explore/explored.h"
#include "harness/runner/explore/findings.h"
#include "harness/runner/explore/started_program.h"

namespace chicane::explore {

Result<StartedProgram> StartedProgram::start(const std::vector<std::string>& command, int output) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return failure(fmt::format("{}: no socket for it: {}", command.front(), std::strerror(errno)));
  const auto child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return failure(fmt::format("{}: no process for it: {}", command.front(), std::strerror(errno)));
  }
  if (child == 0) {
    const int inherited = fcntl(ends[1], F_DUPFD, 100);  // without close-on-exec
    setenv(program_socket_variable, std::to_string(inherited).c_str(), 1);
    unsetenv("CHICANE_RESULT_FD");
    if (output >= 0) dup2(output, STDOUT_FILENO);
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments.front(), arguments.data());
    _exit(127);
  }
  close(ends[1]);
  StartedProgram program;
  program.process_ = child;
  program.socket_ = ends[0];
  const auto first = program.receive();
  std::vector<CodeModule> modules;
  if (!first || first->kind != static_cast<std::uint32_t>(ProgramMessage::modules) ||
      !wire::decode(first->bytes, modules)) {
    const auto end = program.wait();
    if (WIFEXITED(end) && WEXITSTATUS(end) == 127)
      return failure(fmt::format("{} can't be started: is it there, and executable?", command.front()));
    return failure(
        fmt::format("{} does not answer: link it with libchicane_explore, first of all libraries, and compile it with "
                    "the flags of chicane_explore_flags() (docs/how-explore-works.md)",
                    command.front()));
  }
  program.code_ = CodeMap(std::move(modules));
  return program;
}

StartedProgram::StartedProgram(StartedProgram&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      socket_(std::exchange(other.socket_, -1)),
      received_(std::move(other.received_)),
      waiting_(std::move(other.waiting_)),
      code_(std::move(other.code_)) {}

StartedProgram::~StartedProgram() {
  if (socket_ >= 0) close(socket_);
  if (process_ > 0) {
    kill(process_, SIGKILL);
    wait();
  }
}

int StartedProgram::wait() {
  int status = 0;
  while (process_ > 0 && waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status;
}

bool StartedProgram::send(ProgramMessage kind, std::span<const std::byte> bytes) const {
  return wire::send(socket_, static_cast<std::uint32_t>(kind), bytes);
}

std::optional<wire::Message> StartedProgram::receive() {
  std::array<std::byte, 1 << 16> buffer;
  while (waiting_.empty()) {
    const auto bytes = read(socket_, buffer.data(), buffer.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return std::nullopt;
    received_.insert(received_.end(), buffer.begin(), buffer.begin() + bytes);
    for (auto& message : wire::take_messages(received_)) waiting_.push_back(std::move(message));
  }
  auto message = std::move(waiting_.front());
  waiting_.erase(waiting_.begin());
  return message;
}

Result<void> explore_program(const TrialRequest& request, const Ledger::Send& send, Trial& trial) {
  const auto wanted = read_request(request, false);
  if (!wanted) return std::unexpected(wanted.error());
  auto program = StartedProgram::start(request.explore.program);
  if (!program) return std::unexpected(std::move(program.error()));
  CodeNames names(program->process());
  Naming naming{names, program->code(), nullptr, schedule_of(request, 0, program->code())};
  if (!program->send(ProgramMessage::search,
                     wire::encoded(ProgramSearch{wanted->search, wanted->options, wanted->limits})))
    return failure(fmt::format("{} is gone before its search", request.explore.program.front()));
  for (;;) {
    const auto message = program->receive();
    if (!message) return failure(fmt::format("{} is gone within its search", request.explore.program.front()));
    if (message->kind == static_cast<std::uint32_t>(ProgramMessage::sighting)) {
      Sighting sighting;
      if (!wire::decode(message->bytes, sighting)) continue;
      auto finding = finding_of(sighting, naming);
      if (!is_of_the_standard_library(finding)) send(std::move(finding), sighting.times);
    } else if (message->kind == static_cast<std::uint32_t>(ProgramMessage::summary)) {
      SearchSummary summary;
      if (!wire::decode(message->bytes, summary))
        return failure(
            fmt::format("{} was linked with another version of libchicane_explore", request.explore.program.front()));
      trial.turns = 1;
      fill_in(trial, summary, wanted->options);
      trial.measures["operations"] = static_cast<double>(summary.confidence.schedules);
      return {};
    }
  }
}

}  // namespace chicane::explore
