#include "harness/runner/lanes/duet.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <time.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/model/duet.h"
#include "harness/runner/lanes/wait_ledger.h"
#include "harness/runner/teams.h"
#include "harness/runner/usage.h"
#include "harness/statistics/histogram.h"

namespace chicane {
namespace {

// A worker that has left its loop is gone within microseconds; one that stays runnable for this long will not stop.
constexpr std::int64_t settling_ns = 2'000'000;

std::int64_t own_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

// Calls `with` for each thread of this process but the one that asks.
template <typename With>
void each_other_thread(With with) {
  DIR* const tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return;
  const auto self = std::to_string(gettid());
  while (const dirent* const entry = readdir(tasks))
    if (entry->d_name[0] != '.' && self != entry->d_name) with(entry->d_name);
  closedir(tasks);
}

bool any_is_runnable() {
  bool runnable = false;
  each_other_thread([&runnable](const char* thread) {
    const int file = open((std::string("/proc/self/task/") + thread + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;  // it has just ended
    char text[512];
    const auto size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0) return;
    text[size] = '\0';
    const char* const name_ends = std::strrchr(text, ')');  // the name may hold anything
    if (name_ends != nullptr && name_ends[1] == ' ' && name_ends[2] == 'R') runnable = true;
  });
  return runnable;
}

// Moves each thread that the scenario keeps from slice to slice (a pool's) to a CPU drawn for it, and leaves it free to
// go on from there. Else where the kernel first put them could last as long as the process, and make all of its slices
// fast or all slow: one piece of luck instead of twenty.
void scatter_threads(std::uint64_t seed) {
  std::uint64_t number = 0;
  each_other_thread([&](const char* thread) {
    const auto id = static_cast<pid_t>(std::atoi(thread));
    cpu_set_t allowed, one;
    if (sched_getaffinity(id, sizeof allowed, &allowed) != 0) return;
    const auto cpus = static_cast<std::uint64_t>(CPU_COUNT(&allowed));
    if (cpus < 2) return;  // pinned by its owner
    auto left = mixed_seed(seed, number++) % cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &allowed) || left-- != 0) continue;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      sched_setaffinity(id, sizeof one, &one);
      sched_setaffinity(id, sizeof allowed, &allowed);
      return;
    }
  });
}

void settle() {
  const auto until = now_ns() + settling_ns;
  while (any_is_runnable() && now_ns() < until) sched_yield();
}

class Board {
 public:
  explicit Board(const DuetRequest& duet) : mine_(1u << duet.side), other_(1u << (1 - duet.side)) {
    const int file = open(duet.board.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void* const memory = mmap(nullptr, sizeof(DuetBoard), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) board_ = static_cast<DuetBoard*>(memory);
  }
  ~Board() {
    if (board_ == nullptr) return;
    board_->gone |= mine_;
    wake(board_->ready);
    wake(board_->next);
    munmap(board_, sizeof(DuetBoard));
  }
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  bool mapped() const { return board_ != nullptr; }
  DuetBoard& operator*() const { return *board_; }

  // False: the other side is gone.
  bool meet() {
    board_->ready |= mine_;
    wake(board_->ready);
    return wait(board_->ready, [&](std::uint32_t ready) { return (ready & other_) != 0; });
  }
  // Each slice that has ended is progress, of both sides: else a pair whose turns are much dearer than they were when
  // they were counted out would look stuck. Never within a slice, which is what is timed.
  bool wait_for(std::uint32_t slice) {
    auto seen = board_->next.load();
    return wait(board_->next, [&](std::uint32_t next) {
      if (std::exchange(seen, next) != next) wait_ledger::gets_on();
      return next == slice;
    });
  }
  void pass_on(std::uint32_t slice) {
    wait_ledger::gets_on();
    board_->next = slice + 1;
    wake(board_->next);
  }

 private:
  template <typename Is>
  bool wait(std::atomic<std::uint32_t>& word, Is is) {
    for (;;) {
      const auto value = word.load();
      if (is(value)) return true;
      if ((board_->gone & other_) != 0) return false;
      // The driver may say that the other side is gone without touching this word.
      const timespec a_while{0, 100'000'000};
      syscall(SYS_futex, &word, FUTEX_WAIT, value, &a_while, nullptr, 0);
    }
  }
  static void wake(std::atomic<std::uint32_t>& word) { syscall(SYS_futex, &word, FUTEX_WAKE, 2, nullptr, nullptr, 0); }

  DuetBoard* board_ = nullptr;
  std::uint32_t mine_, other_;
};

// What all slices but the first came to.
struct Sums {
  double operations = 0, region_ns = 0;
  Usage usage;
  std::uint64_t peak_bytes = 0;
  Histogram latencies;
};

// False: the scenario failed, and the ledger says how.
bool play(Stage& stage, const TrialRequest& request, std::uint32_t pair, DuetBoard::Slice& slice, Sums& sums) {
  if (!stage.construct(request.turns, mixed_seed(request.seed, pair))) return false;
  const bool processes = request.parameters.worker_kind == WorkerKind::process;
  const auto before = Usage::now();
  const auto outcomes = processes ? run_on_processes(stage) : run_on_threads(stage);
  const auto after = Usage::now();
  slice.region_ns = timed_region(outcomes).length_ns();
  if (pair > 0) {
    std::uint64_t peak = peak_resident_bytes();
    for (const auto& outcome : outcomes) {
      sums.operations += static_cast<double>(outcome.turns_done);
      peak += outcome.peak_resident_bytes;
    }
    sums.peak_bytes = std::max(sums.peak_bytes, peak);
    sums.region_ns += static_cast<double>(slice.region_ns);
    sums.usage += after - before;
    for (std::uint32_t i = 0; i < stage.workers(); ++i)
      if (const auto* const own = stage.latency(i); own != nullptr) sums.latencies.add(*own);
  }
  stage.check(operations(outcomes));
  stage.destroy();
  return !any_failed(outcomes) && slice.region_ns > 0;
}

}  // namespace

void run_duet(Stage& stage, const TrialRequest& request, Trial& trial) {
  trial.turns = request.turns;
  const auto& duet = request.duet;
  Board board(duet);
  if (!board.mapped() || duet.pairs > DuetBoard::most_pairs || duet.side > 1) {
    stage.ledger().fail("protocol_broken", "duet",
                        fmt::format("the board {} of the duet can't be used: {}", duet.board, std::strerror(errno)));
    return;
  }
  if (!stage.construct_environment()) return;
  Sums sums;
  if (board.meet()) {
    std::int64_t paused_at = -1;
    for (std::uint32_t slice = 0; slice < 2 * (duet.pairs + 1); ++slice) {
      if (duet_side(request.seed, slice) != duet.side) continue;
      if (!board.wait_for(slice)) break;
      auto& mine = (*board).slices[duet.side][slice / 2];
      if (paused_at >= 0) mine.paused_cpu_ns = own_cpu_ns() - paused_at;
      scatter_threads(mixed_seed(request.seed ^ duet.side, slice));
      const bool good = play(stage, request, slice / 2, mine, sums);
      settle();
      if (!good) break;
      board.pass_on(slice);
      paused_at = own_cpu_ns();  // not what it cost to wake the other, which is much on some virtual machines
    }
  }
  stage.destroy_environment();

  auto& measures = trial.measures;
  measures["operations"] = sums.operations;
  measures["peak_resident_bytes"] = static_cast<double>(sums.peak_bytes);
  if (sums.operations == 0 || sums.region_ns <= 0) return;
  measures["region_ns"] = sums.region_ns;
  measures["wall_ns_per_operation"] = sums.region_ns / sums.operations;
  measures["cpu_ns_per_operation"] = static_cast<double>(sums.usage.cpu_ns) / sums.operations;
  measures["voluntary_switches"] = static_cast<double>(sums.usage.voluntary_switches);
  measures["involuntary_switches"] = static_cast<double>(sums.usage.involuntary_switches);
  for (const auto& [name, value] : latency_measures(sums.latencies)) measures[name] = value;
}

}  // namespace chicane
