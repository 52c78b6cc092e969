// Search guided by which write a read sees (the idea of Wolff, Shi, Duck, Mathur, Roychoudhury: Greybox fuzzing for
// concurrency testing, ASPLOS 2024). A schedule has a few wishes, "the read at r sees (or never sees) the write at w";
// under partial order sampling, threads are held back or sent ahead so that they come true. What comes true is what a
// bug needs, however many steps lie between; where it can't, the thread goes on after a while.
//
// Pairs that were never seen, or wished for least often, make the next wishes; wishes that led to something new are
// kept, varied and combined.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "harness/explore/schedulers/pos.h"

namespace chicane::explore {

class ReadsFromGuided : public Pos {
 public:
  ReadsFromGuided();
  void begin(std::uint64_t seed) override;
  std::uint32_t pick_thread(const ThreadChoice& choice) override;
  std::uint32_t pick_other(const OtherChoice& choice) override;
  void performed(ThreadId thread, const Operation& operation) override;
  void reads_from(const ReadsFrom& pair) override;
  Wants wants() const override { return {.performed = true, .reads_from = true}; }

  std::size_t pairs_seen() const;  // so far, over schedules; the running one not counted
  std::vector<std::byte> save();
  bool load(std::span<const std::byte> saved);

  struct Pair {
    std::uintptr_t read = 0;   // code locations
    std::uintptr_t write = 0;  // 0: the value from before the schedule
    bool own = false;          // the reader wrote it itself
    bool operator==(const Pair&) const = default;
  };
  struct Wish {
    Pair pair;
    bool come_true = true;  // or: never
    bool done = false;      // it has come true in this schedule
    bool operator==(const Wish&) const = default;
  };

 private:
  static constexpr std::size_t most_wishes = 6;
  struct Wishes {
    Wish wish[most_wishes];
    std::uint32_t count = 0;
    std::uint32_t used = 0;  // how often these were varied
  };
  // Other writes to where a wish's read looks, by what is known.
  static constexpr std::size_t most_rivals = 8;
  struct Rivals {
    std::uintptr_t write[most_rivals];
    std::uint32_t count = 0;
  };
  struct Candidate {
    Pair pair;
    std::uint32_t seen = 0;  // in so many schedules
    std::uint32_t tried = 0;
  };
  struct Access {  // distinct ones of the running schedule
    std::uintptr_t address = 0;
    std::uintptr_t pc = 0;
    ThreadId thread = 0;
    bool reads = false;
    bool writes = false;
  };
  // Who spins or yields is below all: it waits for somebody, maybe for one who is held back.
  enum class Favour : std::uint8_t { aside, held_back, none, ahead };

  static bool is(const ReadsFrom& seen, const Pair& pair);
  Favour favour(const Pending& pending, const ThreadChoice& choice) const;
  bool waiting_to_read(const Pair& pair, const Pending& writer, const ThreadChoice& choice) const;
  void learn();  // from the schedule that has ended; nothing when that is done already
  void learn_candidates();
  bool is_private(const Pair& pair) const;
  Candidate& candidate(const Pair& pair);
  void choose_wishes();
  Wish new_wish();
  bool add(const Wish& wish);
  void find_rivals();

  // Over schedules.
  std::vector<Candidate> candidates_;
  std::unordered_map<std::uint64_t, std::uint32_t> candidate_at_;
  std::vector<std::uintptr_t> shared_reads_;  // sorted: locations of accesses that have met another thread's write
  std::vector<Wishes> kept_;
  std::size_t kept_next_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> signatures_;  // sets of pairs that schedules showed, and how often

  // Of the running schedule.
  Wishes wishes_;
  Rivals rivals_[most_wishes];
  std::vector<Pair> seen_;
  std::vector<Access> accesses_;
  std::vector<std::uint32_t> known_;  // hash table of what is in seen_ and accesses_ already
  bool is_new(std::uint64_t hash);
  std::size_t known_count_ = 0;
  struct HeldBack {
    std::uint32_t times = 0;  // since the thread's last step
  };
  ByThread<HeldBack> held_back_;
  std::uint32_t sent_ahead_ = 0;  // in this schedule
};

}  // namespace chicane::explore
