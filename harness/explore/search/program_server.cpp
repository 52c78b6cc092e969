// In a program that was linked with libchicane_explore: when a runner has started it, searches or replays its main
// instead of running it once.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "harness/explore/replay.h"
#include "harness/explore/search/program_protocol.h"
#include "harness/explore/search/schedule_file.h"

namespace chicane::explore {
namespace {

constexpr std::size_t kept_output_bytes = 4096;

// Thousands of runs would flood whoever reads the program's output: each child writes to a file in memory instead, and
// its end is kept where something was found.
class ProgramSubject final : public Subject {
 public:
  explicit ProgramSubject(const ProgramMain& program, bool quiet) : program_(program), quiet_(quiet) {}

  void run(Scheduler& scheduler, std::uint64_t seed, const Options& options, SharedLocations& learned,
           Recording& recording, const Ended& ended) override {
    if (quiet_) redirect_output();
    ended_ = &ended;
    run_program(program_, scheduler, seed, options, learned, recording, at_end, this);
  }
  std::string output_tail() const override {
    if (output_ < 0) return {};
    const auto size = lseek(output_, 0, SEEK_END);
    if (size <= 0) return {};
    const auto bytes = std::min<std::size_t>(static_cast<std::size_t>(size), kept_output_bytes);
    std::string text(bytes, '\0');
    const auto got = pread(output_, text.data(), bytes, size - static_cast<off_t>(bytes));
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
  }

 private:
  static void at_end(void* context, const Outcome& seen, const Recording& recording) {
    auto& self = *static_cast<ProgramSubject*>(context);
    auto outcome = seen;
    outcome.process_spent = true;
    // The program's own checks: a test that fails says so with its exit code.
    if (outcome.findings.empty() && outcome.exit_code.value_or(0) != 0) {
      auto& finding = outcome.findings.emplace_back();
      finding.kind = FindingKind::wrong_result;
      finding.name = "exit code";
      finding.message = "the program ended with exit code " + std::to_string(*outcome.exit_code);
      finding.exit_code = outcome.exit_code;
      finding.step = outcome.statistics.steps;
    }
    (*self.ended_)(outcome, recording);
  }
  void redirect_output() {
    output_ = memfd_create("output", MFD_CLOEXEC);
    if (output_ < 0) return;
    dup2(output_, STDOUT_FILENO);
    dup2(output_, STDERR_FILENO);
  }

  const ProgramMain& program_;
  bool quiet_;
  const Ended* ended_ = nullptr;
  int output_ = -1;
};

void send(int socket, ProgramMessage kind, std::span<const std::byte> bytes) {
  if (!wire::send(socket, static_cast<std::uint32_t>(kind), bytes)) _exit(0);  // who asked is gone
}

std::optional<wire::Message> receive(int socket) {
  std::vector<std::byte> received;
  std::array<std::byte, 1 << 16> buffer;
  for (;;) {
    const auto bytes = read(socket, buffer.data(), buffer.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return std::nullopt;
    received.insert(received.end(), buffer.begin(), buffer.begin() + bytes);
    auto messages = wire::take_messages(received);
    if (!messages.empty()) return std::move(messages.front());
  }
}

// Under a debugger, which started this program: the schedule of a file, with real threads, and its findings in words.
int replay_here(const ProgramMain& program, const std::string& path) {
  unsetenv(program_replay_variable);
  std::string text;
  std::array<char, 4096> buffer;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  for (ssize_t bytes = 0; file >= 0 && (bytes = read(file, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(bytes));
  if (file >= 0) close(file);
  const auto schedule = parse_schedule(text);
  if (!schedule) {
    fmt::print(stderr, "chicane: {}: {}\n", path, schedule.error().message);
    return 2;
  }
  auto options = schedule->options;
  options.backend = Backend::futex;
  SharedLocations learned;
  const auto code = CodeMap::of_this_process();
  for (const auto& place : schedule->learned)
    if (const auto* module = code.module_named(place.module)) learned.add(module->base + place.offset);
  Replay replay(schedule->decisions);
  Recording recording;
  ProgramSubject subject(program, false);
  subject.run(replay, schedule->seed, options, learned, recording, [&](const Outcome& outcome, const Recording&) {
    for (const auto& finding : outcome.findings) fmt::print(stderr, "{}: {}\n", name(finding.kind), finding.message);
    if (replay.divergence()) fmt::print(stderr, "the replay diverged: {}\n", replay.divergence()->message);
  });
  return 0;
}

int serve(const ProgramMain& program) {
  if (const char* const path = std::getenv(program_replay_variable)) return replay_here(program, path);
  const char* const number = std::getenv(program_socket_variable);
  const int inherited = number == nullptr ? -1 : std::atoi(number);
  const int socket = inherited < 0 ? -1 : fcntl(inherited, F_DUPFD_CLOEXEC, 110);
  if (socket < 0) return 2;
  close(inherited);
  unsetenv(program_socket_variable);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto modules = CodeMap::of_this_process().modules();
  send(socket, ProgramMessage::modules, wire::encoded(modules));
  const auto request = receive(socket);
  if (!request) return 2;
  if (request->kind == static_cast<std::uint32_t>(ProgramMessage::search)) {
    ProgramSearch wanted;
    if (!wire::decode(request->bytes, wanted)) return 2;
    ProgramSubject subject(program, true);
    const auto summary = search(subject, wanted.search, wanted.options, wanted.limits, [&](const Sighting& sighting) {
      send(socket, ProgramMessage::sighting, wire::encoded(sighting));
    });
    send(socket, ProgramMessage::summary, wire::encoded(summary));
    return 0;
  }
  ProgramReplay wanted;
  if (request->kind != static_cast<std::uint32_t>(ProgramMessage::replay) || !wire::decode(request->bytes, wanted))
    return 2;
  Replay replay(wanted.decisions);
  if (!wanted.here) {
    ProgramSubject subject(program, true);
    const auto result =
        replay_in_child(subject, replay, wanted.seed, wanted.options, wanted.learned, true, std::chrono::seconds(60));
    send(socket, ProgramMessage::replayed, wire::encoded(result));
    return 0;
  }
  ProgramSubject subject(program, false);
  SharedLocations learned;
  for (const auto pc : wanted.learned) learned.add(pc);
  Recording recording;
  subject.run(replay, wanted.seed, wanted.options, learned, recording, [](const Outcome&, const Recording&) {});
  return 0;
}

__attribute__((constructor)) void take_over() {
  if (std::getenv(program_socket_variable) != nullptr || std::getenv(program_replay_variable) != nullptr)
    drive_programs_with(serve);
}

}  // namespace
}  // namespace chicane::explore
