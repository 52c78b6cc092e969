#include "harness/supervisor/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "harness/supervisor/keeper/protocol.h"
#include "harness/supervisor/resource_watch.h"

extern char** environ;

namespace chicane {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int result_descriptor = 3;
constexpr int highest_given = keeper_descriptor;
// How often a blocked wait looks at `stop`; it bounds how late Ctrl-C acts.
constexpr std::chrono::milliseconds stop_poll{50};
// How long a keeper may take to end a trial's processes. Longer: one of them is not ours to kill, or can't die.
constexpr std::chrono::seconds sweep_limit{5};

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read, write;
};

Result<Pipe> open_pipe() {
  std::array<int, 2> fds{};
  // Close-on-exec, so that processes started at the same time by other threads don't hold our ends open.
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return failure(fmt::format("opening a pipe: {}", std::strerror(errno)));
  Pipe pipe{Descriptor(fds[0]), Descriptor(fds[1])};
  // Above those that the child gets, so that giving it one never overwrites another.
  if (fds[1] <= highest_given) pipe.write = Descriptor(fcntl(fds[1], F_DUPFD_CLOEXEC, highest_given + 1));
  if (pipe.write.get() < 0) return failure(fmt::format("opening a pipe: {}", std::strerror(errno)));
  fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

// The last bytes of a stream, and how many there were.
class Tail {
 public:
  explicit Tail(std::size_t bound) : bound_(bound) {}
  void add(std::string_view bytes) {
    total_ += bytes.size();
    kept_.append(bytes);
    if (kept_.size() > 2 * bound_) kept_.erase(0, kept_.size() - bound_);
  }
  std::string take() {
    if (kept_.size() > bound_) kept_.erase(0, kept_.size() - bound_);
    return std::move(kept_);
  }
  std::uint64_t total() const { return total_; }

 private:
  std::size_t bound_;
  std::string kept_;
  std::uint64_t total_ = 0;
};

// Splits what comes on the result descriptor into lines, with a bound on all of it.
class Lines {
 public:
  Lines(const ProcessRequest& request)
      : bound_(request.result_bound_bytes), lines_left_(request.result_bound_lines), sink_(request.on_result_line) {}
  void add(std::string_view bytes) {
    if (flooded_) return;
    total_ += bytes.size();
    if (total_ > bound_) {
      flooded_ = true;
      return;
    }
    pending_.append(bytes);
    std::size_t start = 0;
    for (std::size_t end; (end = pending_.find('\n', start)) != std::string::npos; start = end + 1) {
      if (end == start) continue;
      if (lines_left_-- == 0) {
        flooded_ = true;
        pending_.clear();
        return;
      }
      if (sink_) sink_(std::string_view(pending_).substr(start, end - start), true);
    }
    pending_.erase(0, start);
  }
  void finish() {
    if (!pending_.empty() && sink_) sink_(pending_, false);
  }
  bool flooded() const { return flooded_; }

 private:
  std::size_t bound_, lines_left_, total_ = 0;
  const std::function<void(std::string_view, bool)>& sink_;
  std::string pending_;
  bool flooded_ = false;
};

// Reads what is there, a bounded amount, so that an endless writer can't keep the supervisor from its clock; false when
// the other side has closed it.
template <typename Sink>
bool drain(int fd, Sink& sink) {
  std::array<char, 65536> buffer;
  for (int i = 0; i < 16; ++i) {
    const ssize_t n = read(fd, buffer.data(), buffer.size());
    if (n > 0)
      sink.add(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
    else if (n == 0)
      return false;
    else if (errno != EINTR)
      return errno == EAGAIN;
    if (n > 0 && static_cast<std::size_t>(n) < buffer.size()) return true;
  }
  return true;
}

std::vector<std::string> environment_of(const ProcessRequest& request) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string key(text.substr(0, text.find('=')));
    bool dropped = request.set_environment.contains(key);
    for (const std::string_view unset : request.unset_environment)
      dropped = dropped || (unset.ends_with('*') ? key.starts_with(unset.substr(0, unset.size() - 1)) : key == unset);
    if (!dropped) result.emplace_back(text);
  }
  for (const auto& [key, value] : request.set_environment) result.push_back(key + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// What a keeper has said so far.
class KeeperReport {
 public:
  void add(std::string_view bytes) {
    pending_.append(bytes);
    KeeperRecord record;
    for (; pending_.size() >= sizeof record; pending_.erase(0, sizeof record)) {
      std::memcpy(&record, pending_.data(), sizeof record);
      switch (record.kind) {
        case KeeperRecord::started: pid = record.value; break;
        case KeeperRecord::refused: refused = record.value; break;
        case KeeperRecord::ended: status = record.value; break;
        case KeeperRecord::swept: left_behind = static_cast<std::uint32_t>(record.value); break;
        default: break;
      }
    }
  }
  pid_t pid = -1;
  std::optional<int> refused, status;
  std::uint32_t left_behind = 0;

 private:
  std::string pending_;
};

// What no look had seen: the last of its output, and the kernel's own mark of the largest process. That mark is handed
// down to a new process, so it says nothing up to our own.
std::optional<LimitHit> seen_at_end(const ResourceLimits& limits, const ProcessOutcome& outcome) {
  const auto output = outcome.stdout_bytes + outcome.stderr_bytes;
  if (limits.output_bytes != 0 && output > limits.output_bytes)
    return LimitHit{Resource::output, limits.output_bytes, output};
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  const auto most = static_cast<std::uint64_t>(outcome.usage.ru_maxrss) * 1024;
  if (limits.memory_bytes != 0 && most > limits.memory_bytes && outcome.usage.ru_maxrss > own.ru_maxrss)
    return LimitHit{Resource::memory, limits.memory_bytes, most};
  return std::nullopt;
}

Result<pid_t> spawn(const ProcessRequest& request, const Pipe& out, const Pipe& err, const Pipe& result,
                    const Pipe& keeper) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, err.write.get(), 2);
  posix_spawn_file_actions_adddup2(&actions, result.write.get(), result_descriptor);
  if (!request.keeper.empty()) posix_spawn_file_actions_adddup2(&actions, keeper.write.get(), keeper_descriptor);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A session of its own: the terminal's Ctrl-C reaches the driver alone, and one kill reaches the whole group.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  auto command = request.command;
  if (!request.keeper.empty()) command.insert(command.begin(), {request.keeper, std::to_string(getpid())});
  auto environment = environment_of(request);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, command.front().c_str(), &actions, &attributes, pointers(command).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return failure(fmt::format("starting {}: {}", command.front(), std::strerror(error)));
  return pid;
}

}  // namespace

Result<ProcessOutcome> run_process(const ProcessRequest& request, const std::atomic<bool>& stop) {
  auto out = open_pipe();
  auto err = open_pipe();
  auto result = open_pipe();
  auto kept = open_pipe();
  for (auto* pipe : {&out, &err, &result, &kept})
    if (!*pipe) return std::unexpected(std::move(pipe->error()));

  const auto start = Clock::now();
  auto deadline = start + request.wall_limit;
  const auto last_deadline = start + ProcessObserver::most_limits * request.wall_limit;
  auto pid = spawn(request, *out, *err, *result, *kept);
  if (!pid) return std::unexpected(std::move(pid.error()));
  for (auto* pipe : {&*out, &*err, &*result, &*kept}) pipe->write.close();
  Descriptor pidfd(static_cast<int>(syscall(SYS_pidfd_open, *pid, 0)));

  const bool has_keeper = !request.keeper.empty();
  KeeperReport keeper;
  std::optional<Clock::time_point> killed;  // when the processes were told to end
  ProcessOutcome outcome;
  Tail out_tail(request.output_bound_bytes), err_tail(request.output_bound_bytes);
  Lines lines(request);
  ResourceWatch watch(request.limits, *pid, !has_keeper);
  bool out_open = true, err_open = true, result_open = true, ended = false;
  int status = 0;
  while (!ended) {
    std::array<pollfd, 4> polled{{{out_open ? out->read.get() : -1, POLLIN, 0},
                                  {err_open ? err->read.get() : -1, POLLIN, 0},
                                  {result_open ? result->read.get() : -1, POLLIN, 0},
                                  {pidfd.get(), POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    // Without a pidfd (old kernel, seccomp) the end is found by asking every few milliseconds.
    const auto slice = pidfd.get() >= 0 ? stop_poll : std::chrono::milliseconds(2);
    const auto wait = std::max(std::chrono::milliseconds(0), std::min(left + std::chrono::milliseconds(1), slice));
    poll(polled.data(), polled.size(), static_cast<int>(wait.count()));
    if (polled[0].revents != 0) out_open = drain(out->read.get(), out_tail);
    if (polled[1].revents != 0) err_open = drain(err->read.get(), err_tail);
    if (polled[2].revents != 0) result_open = drain(result->read.get(), lines);
    const bool asked = stop.load(std::memory_order_relaxed);  // a flag alone: nothing is published with it
    if (!killed && !asked && !outcome.limit_hit) outcome.limit_hit = watch.look(out_tail.total() + err_tail.total());
    if (request.observer != nullptr && has_keeper && keeper.pid < 0) drain(kept->read.get(), keeper);
    const pid_t observed = request.observer == nullptr ? -1 : has_keeper ? keeper.pid : *pid;
    const bool stuck = !killed && !asked && !outcome.limit_hit && observed > 0 && Clock::now() < deadline &&
                       request.observer->is_stuck(observed);
    if (!killed && !asked && !outcome.limit_hit && !stuck && observed > 0 && Clock::now() >= deadline) {
      if (has_keeper) drain(kept->read.get(), keeper);  // what has ended does not get on
      if (!keeper.status && request.observer->gets_on(observed, request.wall_limit) && deadline < last_deadline)
        deadline += request.wall_limit;
    }
    if (const auto now = Clock::now(); !killed && (asked || outcome.limit_hit || stuck || now >= deadline)) {
      killed = now;
      if (has_keeper) drain(kept->read.get(), keeper);
      outcome.stuck = stuck && !keeper.status;
      if (!asked && !outcome.limit_hit && !stuck && observed > 0 && !keeper.status)
        request.observer->at_limit(observed), killed = Clock::now();
      // A runner that has ended is neither stopped nor late: its keeper is still busy with what it left behind.
      outcome.stopped = asked && !keeper.status;
      outcome.timed_out = !asked && !outcome.limit_hit && !stuck && !keeper.status;
      if (outcome.limit_hit) outcome.limit_hit->ended = !keeper.status;
      if (has_keeper)
        kill(*pid, SIGTERM), kill(*pid, SIGCONT);  // a trial may have stopped it
      else
        kill(-*pid, SIGKILL), kill(*pid, SIGKILL);
    } else if (killed && now >= *killed + sweep_limit) {
      kill(*pid, SIGKILL);
    }
    if (polled[3].revents != 0 || pidfd.get() < 0) ended = wait4(*pid, &status, WNOHANG, &outcome.usage) == *pid;
  }
  outcome.duration = Clock::now() - start;
  outcome.wall_limit = deadline - start;
  if (has_keeper) {
    drain(kept->read.get(), keeper);
    if (keeper.refused)
      return failure(fmt::format("starting {}: {}", request.command.front(), std::strerror(*keeper.refused)));
    status = keeper.status.value_or(status);  // without one, the keeper itself was killed, and the runner with it
    outcome.left_behind = keeper.left_behind;
    outcome.pid = keeper.pid;
    if (!keeper.status && keeper.pid > 0) kill(-keeper.pid, SIGKILL);
  } else {
    kill(-*pid, SIGKILL);  // children that it left behind in its group
    outcome.pid = *pid;
  }

  // What it wrote before its end is still in the pipes; a surviving child may hold them open, so nobody waits for EOF.
  if (out_open) drain(out->read.get(), out_tail);
  if (err_open) drain(err->read.get(), err_tail);
  if (result_open) drain(result->read.get(), lines);
  lines.finish();
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  outcome.result_flood = lines.flooded();
  outcome.stdout_bytes = out_tail.total();
  outcome.stderr_bytes = err_tail.total();
  if (!outcome.limit_hit) outcome.limit_hit = seen_at_end(request.limits, outcome);
  outcome.stdout_tail = out_tail.take();
  outcome.stderr_tail = err_tail.take();
  return outcome;
}

}  // namespace chicane
