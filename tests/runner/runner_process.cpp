#include "tests/runner/runner_process.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <poll.h>
#include <sstream>
#include <unistd.h>

#include <sys/wait.h>

namespace chicane {

const RunnerEvent* RunnerRun::find(RunnerEvent::Kind kind) const {
  for (const auto& event : events)
    if (event.kind == kind) return &event;
  return nullptr;
}

std::vector<Finding> RunnerRun::findings() const {
  std::vector<Finding> all;
  for (const auto& event : events)
    if (event.kind == RunnerEvent::Kind::finding) all.push_back(event.finding);
  return all;
}

std::string RunnerRun::refusal() const {
  const auto* event = find(RunnerEvent::Kind::refused);
  return event == nullptr ? "" : event->message;
}

namespace {

// Reads both pipes to their ends, and calls `look` after each piece.
void read_all(int first, std::string& first_text, int second, std::string& second_text,
              const std::function<void()>& look) {
  pollfd polled[2] = {{first, POLLIN, 0}, {second, POLLIN, 0}};
  std::string* texts[2] = {&first_text, &second_text};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    if (poll(polled, 2, -1) < 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      char buffer[4096];
      const auto size = read(polled[i].fd, buffer, sizeof buffer);
      if (size > 0)
        texts[i]->append(buffer, static_cast<std::size_t>(size)), look();
      else
        close(std::exchange(polled[i].fd, -1));
    }
  }
}

RunnerRun start(const std::vector<std::string>& arguments, const std::string& kill_at) {
  int results[2], outputs[2];
  if (pipe2(results, O_CLOEXEC) != 0 || pipe2(outputs, O_CLOEXEC) != 0) std::abort();
  std::vector<char*> argv{const_cast<char*>(CHICANE_RUNNER)};
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(outputs[1], STDOUT_FILENO);
    dup2(outputs[1], STDERR_FILENO);
    const int result = fcntl(results[1], F_DUPFD, 50);
    setenv("CHICANE_RESULT_FD", std::to_string(result).c_str(), 1);
    unsetenv("CHICANE_DRIVER_PID");
    execv(CHICANE_RUNNER, argv.data());
    _exit(127);
  }
  close(results[1]);
  close(outputs[1]);
  RunnerRun run;
  std::string lines;
  read_all(results[0], lines, outputs[0], run.output, [&] {
    if (!kill_at.empty() && lines.find(kill_at) != std::string::npos) kill(pid, SIGKILL);
  });
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status)) run.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) run.signal = WTERMSIG(status);
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    if (line.empty()) continue;
    if (auto event = parse_runner_event(line))
      run.events.push_back(std::move(*event));
    else
      run.garbage.push_back(line);
  }
  return run;
}

}  // namespace

RunnerRun start_runner(const std::vector<std::string>& arguments) { return start(arguments, ""); }

RunnerRun start_trial_and_kill_at(const TrialRequest& request, const std::string& text) {
  return start({"trial", to_json(request)}, text);
}

RunnerRun start_trial(const TrialRequest& request) { return start_runner({"trial", to_json(request)}); }

std::string test_plugin(const std::string& name) { return CHICANE_TEST_PLUGINS "/" + name + ".so"; }

TrialRequest subject_request(const std::string& scenario, Lane lane) {
  TrialRequest request;
  request.plugin = test_plugin("subjects");
  request.scenario = scenario;
  request.lane = lane;
  request.parameters.workers = 2;
  request.turns = 10;
  request.seed = 1;
  return request;
}

}  // namespace chicane
