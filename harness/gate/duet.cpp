#include "harness/gate/duet.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <new>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "harness/gate/measures.h"
#include "harness/statistics/summary.h"

namespace chicane {
namespace {

const char* side_name(DuetSide side) { return side == DuetSide::baseline ? "baseline" : "candidate"; }

// Why a side's process is of no use; empty: it is.
std::string failure_of(const TrialOutcome& outcome) {
  if (!outcome.findings.empty()) {
    const auto& finding = outcome.findings.front().finding;
    return fmt::format("{}{}{}", name(finding.kind), finding.evidence.message.empty() ? "" : ": ",
                       finding.evidence.message);
  }
  return outcome.trial.status == TrialStatus::completed ? "" : outcome.trial.status_detail;
}

}  // namespace

Result<BoardFile> BoardFile::create() {
  std::error_code error;
  const auto folder = std::filesystem::is_directory("/dev/shm", error) ? std::filesystem::path("/dev/shm")
                                                                       : std::filesystem::temp_directory_path(error);
  BoardFile file;
  file.path_ = (folder / "chicane-duet-XXXXXX").string();
  const auto cannot = [&](const char* what) {
    return failure(
        fmt::format("{}: {}: {}; make room there, or make it writable", file.path_, what, std::strerror(errno)));
  };
  const int descriptor = mkostemp(file.path_.data(), O_CLOEXEC);
  if (descriptor < 0) {
    auto failed = cannot("no file could be made for a duet");
    file.path_.clear();
    return failed;
  }
  // Written, not only sized: a full disk would end whoever touches a page of it.
  const std::vector<char> zeros(sizeof(DuetBoard));
  const bool written = write(descriptor, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size());
  void* const memory =
      written ? mmap(nullptr, sizeof(DuetBoard), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0) : MAP_FAILED;
  close(descriptor);
  if (memory == MAP_FAILED) return cannot("writing the file of a duet failed");
  file.board_ = new (memory) DuetBoard{};
  return file;
}

BoardFile::BoardFile(BoardFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), board_(std::exchange(other.board_, nullptr)) {}

BoardFile::~BoardFile() {
  if (board_ != nullptr) munmap(board_, sizeof(DuetBoard));
  if (!path_.empty()) unlink(path_.c_str());
}

namespace {

struct Pause {  // one side's, while the other played
  double used_ns, other_played_ns;
};

// The share of the other's time that is used in the three quarters of the pauses that use least of it. What goes on
// does so in more than a quarter of them; while a hypervisor that takes the CPU away lets a few of them look as if they
// had used it all (presumably, time stolen from a thread that is about to sleep counts as its own).
double share_used(std::vector<Pause> pauses) {
  std::ranges::sort(pauses, {}, &Pause::used_ns);
  pauses.resize(pauses.size() - pauses.size() / 4);
  double used = 0, played = 0;
  for (const auto& pause : pauses) used += pause.used_ns, played += pause.other_played_ns;
  return played > 0 ? used / played : 0;
}

}  // namespace

GateRound sum_up(const DuetBoard& board, std::uint32_t pairs, const Values& baseline, const Values& candidate,
                 double operations_a_slice) {
  GateRound round;
  std::vector<double> ratios, slices[2];
  std::vector<Pause> pauses[2];
  for (std::uint32_t pair = 1; pair <= pairs; ++pair) {
    const auto& a = board.slices[0][pair];
    const auto& b = board.slices[1][pair];
    if (a.region_ns <= 0 || b.region_ns <= 0) continue;
    ratios.push_back(std::log(static_cast<double>(b.region_ns) / static_cast<double>(a.region_ns)));
    for (std::uint32_t side = 0; side < 2; ++side) {
      slices[side].push_back(static_cast<double>(board.slices[side][pair].region_ns) / operations_a_slice);
      pauses[side].push_back({static_cast<double>(board.slices[side][pair].paused_cpu_ns),
                              static_cast<double>(board.slices[1 - side][pair].region_ns)});
    }
  }
  if (!ratios.empty()) {
    round.log_ratios[time_measure] = median_with_interval(ratios).median;
    round.baseline_ns = median_with_interval(slices[0]).median;
    round.candidate_ns = median_with_interval(slices[1]).median;
  }
  for (const auto& [name, value] : baseline)
    if (is_compared_besides_time(name) && value > 0)
      for (const auto& [other, compared] : candidate)
        if (other == name && compared > 0) round.log_ratios[name] = std::log(compared / value);
  for (auto& own : pauses) round.paused_share = std::max(round.paused_share, share_used(std::move(own)));
  return round;
}

DuetOutcome play_duet(const DuetPair& pair, bool same, std::uint64_t seed, TrialRunner& runner,
                      const std::atomic<bool>& stop) {
  const auto started = std::chrono::steady_clock::now();
  DuetOutcome outcome;
  auto file = BoardFile::create();
  if (!file) {
    outcome.failed = DuetSide::baseline;
    outcome.why = file.error().message;
    return outcome;
  }
  auto& board = file->board();
  TrialOutcome outcomes[2];
  const auto play = [&](std::uint32_t side) {
    const auto& plan = side == 0 || same ? pair.baseline : pair.candidate;
    auto request = plan.request;
    request.turns = pair.turns;
    request.seed = seed;
    // The same on both sides: what it moves must move both.
    request.duet = {file->path(), side, pair.pairs, 1 + mixed_seed(seed, 0x7061) % 4096};
    outcomes[side] = runner.run(request, plan.runner, stop);
    board.gone |= 1u << side;
    syscall(SYS_futex, &board.next, FUTEX_WAKE, 2, nullptr, nullptr, 0);
    syscall(SYS_futex, &board.ready, FUTEX_WAKE, 2, nullptr, nullptr, 0);
  };
  {
    const std::jthread other([&] { play(1); });
    play(0);
  }
  const double operations =
      static_cast<double>(pair.turns) * static_cast<double>(pair.baseline.request.parameters.workers);
  outcome.round = sum_up(board, pair.pairs, outcomes[0].trial.measures, outcomes[1].trial.measures, operations);
  for (const auto& side : outcomes)
    if (const auto at = side.trial.measures.find("involuntary_switches"); at != side.trial.measures.end())
      outcome.round.involuntary_switches += (*at).second;
  outcome.round.same = same;
  outcome.round.seed = seed;
  outcome.round.duration_ns = (std::chrono::steady_clock::now() - started).count();
  // One that hangs takes the other over the limit too: it is the one whose turn it was, or that never got ready.
  if (outcomes[0].trial.status == TrialStatus::timed_out && outcomes[1].trial.status == TrialStatus::timed_out) {
    const auto ready = board.ready.load();
    const auto innocent = ready == 1 ? 0u : ready == 2 ? 1u : 1 - duet_side(seed, board.next);
    outcomes[innocent].findings.clear();
  }
  // A side that fails takes the other along: the one with findings is the one to name.
  for (const auto side : {DuetSide::candidate, DuetSide::baseline}) {
    auto& own = outcomes[static_cast<std::size_t>(side)];
    auto why = failure_of(own);
    if (why.empty()) continue;
    if (outcome.failed != DuetSide::none && own.findings.empty()) continue;
    outcome.failed = same ? DuetSide::baseline : side;
    outcome.why = fmt::format("the {}: {}", side_name(outcome.failed), why);
    outcome.findings = std::move(own.findings);
    if (!outcome.findings.empty()) break;
  }
  if (outcome.failed == DuetSide::none && !outcome.round.log_ratios.contains(time_measure)) {
    outcome.failed = DuetSide::baseline;
    outcome.why = "no pair of slices was played to its end";
  }
  return outcome;
}

}  // namespace chicane
