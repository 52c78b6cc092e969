#include "harness/supervisor/stuck/look.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <sstream>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/syscall.h>

#include "harness/model/mixing.h"
#include "harness/supervisor/process_tree.h"
#include "harness/supervisor/stuck/glibc_layout.h"

namespace chicane::stuck {
namespace {

std::vector<pid_t> tasks(pid_t process) {
  auto ids = numbers_in(fmt::format("/proc/{}/task", process));
  std::ranges::sort(ids);
  const auto first = std::ranges::find(ids, process);
  if (first != ids.end()) std::rotate(ids.begin(), first, first + 1);
  return ids;
}

// "202 0x7f… 0x80 … SP PC", "running", or "-1 SP PC" when it sleeps outside of a system call.
std::optional<SystemCall> parse_call(const std::string& text) {
  SystemCall call;
  unsigned long long a[6] = {}, sp = 0, pc = 0;
  if (std::sscanf(text.c_str(), "%ld %llx %llx %llx %llx %llx %llx %llx %llx", &call.number, &a[0], &a[1], &a[2], &a[3],
                  &a[4], &a[5], &sp, &pc) != 9)
    return std::nullopt;
  std::copy(std::begin(a), std::end(a), call.arguments.begin());
  call.stack_pointer = sp;
  call.instruction = pc;
  return call;
}

// Of one process; opened once for all of its threads.
class Memory {
 public:
  explicit Memory(pid_t process) : fd_(open(fmt::format("/proc/{}/mem", process).c_str(), O_RDONLY | O_CLOEXEC)) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    if (fd_ >= 0) close(fd_);
  }
  bool read(std::uint64_t address, void* into, std::size_t size) const {
    return fd_ >= 0 && pread(fd_, into, size, static_cast<off_t>(address)) == static_cast<ssize_t>(size);
  }

 private:
  int fd_;
};

struct Range {
  std::uint64_t from = 0, to = 0;
};

std::vector<Range> private_ranges(pid_t process) {
  std::vector<Range> ranges;
  std::istringstream maps(read_proc(fmt::format("/proc/{}/maps", process)).value_or(""));
  for (std::string line; std::getline(maps, line);) {
    unsigned long long from = 0, to = 0;
    char shared = 's';
    if (std::sscanf(line.c_str(), "%llx-%llx %*3c%c", &from, &to, &shared) == 3 && shared == 'p')
      ranges.push_back({from, to});
  }
  return ranges;
}

bool is_in(const std::vector<Range>& ranges, std::uint64_t address) {
  return std::ranges::any_of(ranges, [&](const Range& range) { return address >= range.from && address < range.to; });
}

std::string command_name(pid_t process) {
  auto name = read_proc(fmt::format("/proc/{}/comm", process)).value_or("");
  while (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

// A sanitizer's own helper, which waits for questions.
bool is_symbolizer(pid_t process) { return command_name(process).starts_with("llvm-symbolize"); }

// A handler of the scenario's own for alarms: alarm() and setitimer() are seen nowhere else, and may wake a thread.
bool handles_alarms(pid_t process, bool harness_catches) {
  const auto status = read_proc(fmt::format("/proc/{}/status", process)).value_or("");
  const auto at = status.find("\nSigCgt:");
  const auto caught = at == std::string::npos ? ~0ULL : std::strtoull(status.c_str() + at + 8, nullptr, 16);
  constexpr auto bit = [](int signal) { return 1ULL << (signal - 1); };
  return !harness_catches && (caught & (bit(SIGALRM) | bit(SIGVTALRM) | bit(SIGPROF))) != 0;
}

std::optional<ThreadLook> look_at_thread(pid_t process, pid_t id, std::string& refused) {
  const auto folder = fmt::format("/proc/{}/task/{}/", process, id);
  const auto stat = read_proc(folder + "stat"), status = read_proc(folder + "status");
  if (!stat || !status) return std::nullopt;
  ThreadLook thread;
  thread.process = process;
  thread.id = id;
  const auto open_at = stat->find('('), close_at = stat->rfind(')');
  if (open_at == std::string::npos || close_at == std::string::npos || close_at + 2 >= stat->size())
    return std::nullopt;
  thread.name = stat->substr(open_at + 1, close_at - open_at - 1);
  thread.state = (*stat)[close_at + 2];
  thread.switches =
      number_after(*status, "\nvoluntary_ctxt_switches:") + number_after(*status, "nonvoluntary_ctxt_switches:");
  thread.cpu_ns = std::strtoull(read_proc(folder + "schedstat").value_or("0").c_str(), nullptr, 10);
  thread.wait_channel = read_proc(folder + "wchan").value_or("");
  if (thread.wait_channel == "0") thread.wait_channel.clear();
  int error = 0;
  if (const auto text = read_proc(folder + "syscall", &error))
    thread.call = parse_call(*text);
  else if (error == EPERM || error == EACCES || error == ENOENT)
    refused = fmt::format("the kernel does not say in which system call a thread is ({})", std::strerror(error));
  return thread;
}

std::vector<pid_t> processes_of(pid_t process) {
  std::vector<pid_t> processes{process};
  for (const pid_t other : ProcessTree().descendants_of(process))
    if (!is_symbolizer(other)) processes.push_back(other);
  return processes;
}

}  // namespace

std::optional<Look> look_at(pid_t process, std::uint64_t board_address) {
  Look look;
  look.process = process;
  const auto processes = processes_of(process);
  const auto timers = read_proc(fmt::format("/proc/{}/timers", process));
  look.closed = processes.size() == 1 && timers && timers->empty();
  for (const pid_t each : processes) {
    const Memory memory(each);
    const auto board = std::make_unique<WaitBoard>();
    const bool has_board = board_address != 0 && memory.read(board_address, board.get(), sizeof *board) &&
                           board->magic == WaitBoard::magic_value;
    std::vector<Range> ranges;
    for (const pid_t id : tasks(each)) {
      auto thread = look_at_thread(each, id, look.refused);
      if (!thread) continue;
      if (has_board) {
        const auto own = std::min(board->harness_thread_count, WaitBoard::most_harness_threads);
        thread->harness =
            std::find(board->harness_threads, board->harness_threads + own, id) != board->harness_threads + own;
      }
      if (thread->call && thread->call->number == SYS_futex) {
        const auto address = thread->call->arguments[0];
        thread->has_memory = memory.read(address, thread->at.data(), sizeof thread->at);
        if (is_private_futex(thread->call->arguments[1])) {
          thread->private_memory = true;
        } else {
          if (ranges.empty()) ranges = private_ranges(each);
          thread->private_memory = is_in(ranges, address);
        }
      }
      look.threads.push_back(std::move(*thread));
    }
    if (has_board) look.progress[each] = board->progress;
    if (each == process && handles_alarms(process, has_board && board->catches_signals != 0)) look.closed = false;
    if (has_board && each == process) {
      look.keeps_conditions = board->keeps_conditions != 0;
      for (const auto& condition : board->conditions)
        if (condition.address != 0) look.conditions.push_back(condition);
    }
  }
  if (look.threads.empty()) return std::nullopt;
  return look;
}

Progress progress_of(pid_t process, std::uint64_t board_address) {
  Progress progress;
  if (board_address == 0) return progress;
  for (const pid_t each : processes_of(process)) {
    const Memory memory(each);
    std::uint32_t magic = 0;
    std::uint64_t told = 0;
    if (memory.read(board_address + offsetof(WaitBoard, magic), &magic, sizeof magic) &&
        magic == WaitBoard::magic_value &&
        memory.read(board_address + offsetof(WaitBoard, progress), &told, sizeof told))
      progress[each] = told;
  }
  return progress;
}

bool got_on(const Progress& before, const Progress& after) {
  return std::ranges::any_of(after, [&](const auto& now) {
    const auto was = before.find(now.first);
    return was != before.end() && now.second > was->second;
  });
}

std::optional<std::uint64_t> digest_of_state(pid_t process, std::uint64_t board_address) {
  constexpr std::uint64_t most_bytes = 1 << 16;
  const Memory memory(process);
  WaitBoard::State state;
  if (board_address == 0 || !memory.read(board_address + offsetof(WaitBoard, state), &state, sizeof state) ||
      state.address == 0)
    return std::nullopt;
  std::string bytes(std::min(state.bytes, most_bytes), '\0');
  if (!memory.read(state.address, bytes.data(), bytes.size())) return std::nullopt;
  return fnv1a(bytes);
}

}  // namespace chicane::stuck
