// One round of a duet: two live processes that alternate slices of a scenario (harness/model/duet.h), and what their
// slices come to.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/duet.h"
#include "harness/model/gate.h"
#include "harness/supervisor/plan.h"
#include "harness/supervisor/trial_process.h"

namespace chicane {

// A scenario with one set of parameters, as both sides have it. Of the plans only runner and request are used.
struct DuetPair {
  Plan baseline, candidate;
  std::uint64_t turns = 1;   // in a slice
  std::uint32_t pairs = 20;  // of slices
};

enum class DuetSide : std::uint8_t { baseline, candidate, none };

struct DuetOutcome {
  GateRound round;                     // of use when `failed` is none
  DuetSide failed = DuetSide::none;    // the side whose process did not come to its end, or whose scenario failed
  std::string why;                     // it failed
  std::vector<TrialFinding> findings;  // of the failed side
};

// The page that both processes map, in a file that is gone when this is.
class BoardFile {
 public:
  static Result<BoardFile> create();
  BoardFile(BoardFile&& other) noexcept;
  BoardFile& operator=(BoardFile&&) = delete;
  ~BoardFile();
  DuetBoard& board() const { return *board_; }
  const std::string& path() const { return path_; }

 private:
  BoardFile() = default;
  std::string path_;
  DuetBoard* board_ = nullptr;
};

// `same`: the baseline plays both sides. Both processes run to their ends before this returns. Thread-safe, but two
// rounds at once disturb each other.
DuetOutcome play_duet(const DuetPair& pair, bool same, std::uint64_t seed, TrialRunner& runner,
                      const std::atomic<bool>& stop);

// What a round's slices say: the median over pairs of ln(candidate / baseline), and how much a paused side used the
// CPU. `measures`: those of the two sides, of which the ratios of latency percentiles and memory are taken. Pure.
GateRound sum_up(const DuetBoard& board, std::uint32_t pairs, const Values& baseline, const Values& candidate,
                 double operations_a_slice = 1);

}  // namespace chicane
