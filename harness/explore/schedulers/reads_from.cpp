#include "harness/explore/schedulers/reads_from.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "harness/explore/schedulers/bytes.h"

namespace chicane::explore {
namespace {

constexpr std::size_t most_candidates = 4'096;
constexpr std::size_t most_kept = 128;
constexpr std::size_t most_signatures = 2'048;
constexpr std::size_t most_seen = 2'048;      // pairs of one schedule
constexpr std::size_t most_accesses = 4'096;  // of one schedule
constexpr std::size_t known_slots = 16'384;   // more than twice as many as both
// How often a thread that is held back is passed over before it goes on all the same: long enough for main to make
// twenty more threads. Where nobody else can go on, it goes on at once.
constexpr std::uint32_t held_back_at_most = 512;

// A writer that never gets to write what it is sent ahead for would run for ever.
constexpr std::uint32_t sent_ahead_at_most = 512;  // in one schedule

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) { return Random(a * 0x9e3779b97f4a7c15ULL ^ b).next(); }
std::uint64_t hash(const ReadsFromGuided::Pair& pair) { return mixed(mixed(pair.read, pair.write), pair.own ? 1 : 0); }

bool reads(OperationKind kind) {
  return kind == OperationKind::read || kind == OperationKind::atomic_load || kind == OperationKind::atomic_rmw;
}
bool writes(OperationKind kind) {
  return kind == OperationKind::write || kind == OperationKind::atomic_store || kind == OperationKind::atomic_rmw;
}

}  // namespace

ReadsFromGuided::ReadsFromGuided() : known_(known_slots) {
  seen_.reserve(most_seen);
  accesses_.reserve(most_accesses);
}

bool ReadsFromGuided::is(const ReadsFrom& seen, const Pair& pair) {
  return seen.read_pc == pair.read && seen.write_pc == pair.write && (seen.writer == seen.reader) == pair.own;
}

bool ReadsFromGuided::is_new(std::uint64_t hash) {
  const auto mark = static_cast<std::uint32_t>(hash >> 32) | 1U;
  for (std::size_t at = hash % known_slots;; at = (at + 1) % known_slots) {
    if (known_[at] == mark) return false;
    if (known_[at] != 0) continue;
    if (known_count_ * 2 >= known_slots) return false;
    known_[at] = mark;
    ++known_count_;
    return true;
  }
}

void ReadsFromGuided::begin(std::uint64_t seed) {
  Pos::begin(seed);
  learn();
  held_back_.reset();
  sent_ahead_ = 0;
  choose_wishes();
  find_rivals();
}

void ReadsFromGuided::performed(ThreadId thread, const Operation& operation) {
  Pos::performed(thread, operation);
  held_back_[thread].times = 0;
  if (!is_access(operation.kind) || accesses_.size() == most_accesses) return;
  if (is_new(mixed(mixed(operation.address, operation.pc), thread + 2)))
    accesses_.push_back({operation.address, operation.pc, thread, reads(operation.kind), writes(operation.kind)});
}

void ReadsFromGuided::reads_from(const ReadsFrom& pair) {
  for (std::uint32_t i = 0; i < wishes_.count; ++i)
    if (wishes_.wish[i].come_true && is(pair, wishes_.wish[i].pair)) wishes_.wish[i].done = true;
  const Pair seen{pair.read_pc, pair.write_pc, pair.writer == pair.reader};
  if (seen_.size() < most_seen && is_new(hash(seen))) seen_.push_back(seen);
}

// Another thread is about to read what `writer` is about to overwrite.
bool ReadsFromGuided::waiting_to_read(const Pair& pair, const Pending& writer, const ThreadChoice& choice) const {
  const auto waits = [&](const Pending& other) {
    return other.operation.pc == pair.read && other.operation.address == writer.operation.address &&
           (other.thread == writer.thread) == pair.own;
  };
  return std::ranges::any_of(choice.enabled, waits) || std::ranges::any_of(choice.blocked, waits);
}

ReadsFromGuided::Favour ReadsFromGuided::favour(const Pending& pending, const ThreadChoice& choice) const {
  Favour result = Favour::none;
  std::optional<ReadsFrom> now;
  const auto would_read = [&]() -> const ReadsFrom& {
    if (!now) now = choice.view->would_read(pending);
    return *now;
  };
  for (std::uint32_t i = 0; i < wishes_.count; ++i) {
    const Wish& wish = wishes_.wish[i];
    if (wish.done) continue;
    const bool reader = pending.operation.pc == wish.pair.read;
    const bool writer = pending.operation.pc == wish.pair.write;
    if (wish.come_true) {
      if (reader) {
        if (!is(would_read(), wish.pair)) return Favour::held_back;
        result = Favour::ahead;
      } else if (writer) {
        if (waiting_to_read(wish.pair, pending, choice)) result = Favour::ahead;
      } else {
        // It would overwrite what is to be read.
        const auto* end = rivals_[i].write + rivals_[i].count;
        if (std::find(rivals_[i].write, end, pending.operation.pc) != end && would_read().write_pc == wish.pair.write)
          return Favour::held_back;
      }
    } else if ((reader && is(would_read(), wish.pair)) || (writer && waiting_to_read(wish.pair, pending, choice))) {
      return Favour::held_back;
    }
  }
  return result;
}

std::uint32_t ReadsFromGuided::pick_thread(const ThreadChoice& choice) {
  if (wishes_.count == 0 || choice.view == nullptr) return Pos::pick_thread(choice);
  draw_priorities(choice);
  std::uint32_t best = 0;
  Favour best_favour = Favour::aside;
  for (std::uint32_t i = 0; i < choice.enabled.size(); ++i) {
    const Pending& pending = choice.enabled[i];
    Favour favoured = favour(pending, choice);
    if (favoured == Favour::ahead && sent_ahead_ >= sent_ahead_at_most) favoured = Favour::none;
    if (favoured == Favour::held_back && ++held_back_[pending.thread].times > held_back_at_most)
      favoured = Favour::none;
    if (threads_[pending.thread].priority < least_random) favoured = Favour::aside;
    const bool higher = threads_[pending.thread].priority > threads_[choice.enabled[best].thread].priority;
    if (i == 0 || favoured > best_favour || (favoured == best_favour && higher)) {
      best = i;
      best_favour = favoured;
    }
  }
  if (best_favour == Favour::ahead) ++sent_ahead_;
  return best;
}

std::uint32_t ReadsFromGuided::pick_other(const OtherChoice& choice) {
  const std::uint32_t drawn = random_other(random_, choice);
  if (choice.kind != DecisionKind::read) return drawn;
  for (std::uint32_t i = 0; i < wishes_.count; ++i) {
    const Wish& wish = wishes_.wish[i];
    if (wish.done || choice.operation.pc != wish.pair.read) continue;
    for (std::uint32_t age = 0; age < choice.writes.size() && age < choice.alternatives; ++age)
      if ((choice.writes[age] == wish.pair.write) == wish.come_true) return age;
  }
  return drawn;
}

ReadsFromGuided::Candidate& ReadsFromGuided::candidate(const Pair& pair) {
  const auto [at, added] = candidate_at_.try_emplace(hash(pair), static_cast<std::uint32_t>(candidates_.size()));
  if (added) candidates_.push_back({.pair = pair});
  return candidates_[at->second];
}

// Every write to an address that another thread reads could be what it sees, and so could the value from before.
void ReadsFromGuided::learn_candidates() {
  std::ranges::sort(accesses_, {},
                    [](const Access& access) { return std::tuple(access.address, access.pc, access.thread); });
  struct Place {  // a code location at one address
    Access access;
    bool several = false;  // threads
  };
  std::array<Place, 16> places;
  for (std::size_t first = 0, last = 0; first < accesses_.size(); first = last) {
    std::size_t count = 0;
    for (; last < accesses_.size() && accesses_[last].address == accesses_[first].address; ++last) {
      if (count > 0 && places[count - 1].access.pc == accesses_[last].pc)
        places[count - 1].several = true;
      else if (count < places.size())
        places[count++] = {accesses_[last], false};
    }
    for (std::size_t read = 0; read < count; ++read) {
      bool shared = false;
      for (std::size_t write = 0; places[read].access.reads && write < count; ++write) {
        if (!places[write].access.writes || candidates_.size() >= most_candidates) continue;
        if (places[read].access.thread == places[write].access.thread && !places[read].several &&
            !places[write].several)
          continue;
        shared = true;
        candidate({places[read].access.pc, places[write].access.pc, false});
      }
      if (!shared) continue;
      const std::uintptr_t pc = places[read].access.pc;
      if (candidates_.size() < most_candidates) candidate({pc, 0, false});
      const auto at = std::ranges::lower_bound(shared_reads_, pc);
      if (at == shared_reads_.end() || *at != pc) shared_reads_.insert(at, pc);
    }
  }
}

// An access to what nobody else touches: with all accesses as switch points, most are.
bool ReadsFromGuided::is_private(const Pair& pair) const {
  return !std::ranges::binary_search(shared_reads_, pair.read) &&
         std::ranges::any_of(accesses_, [&](const Access& access) { return access.pc == pair.read; });
}

void ReadsFromGuided::learn() {
  if (seen_.empty() && accesses_.empty()) return;
  learn_candidates();
  bool news = false;
  std::uint64_t signature = 0;
  for (const Pair& pair : seen_) {
    if (is_private(pair)) continue;
    signature += mixed(hash(pair), 3);  // whatever the order
    if (candidates_.size() >= most_candidates && !candidate_at_.contains(hash(pair))) continue;
    if (++candidate(pair).seen == 1) news = true;
  }
  const bool known = signatures_.contains(signature);
  if (known || signatures_.size() < most_signatures) ++signatures_[signature];
  if ((news || !known) && wishes_.count > 0) {
    wishes_.used = 0;
    for (Wish& wish : wishes_.wish) wish.done = false;
    if (kept_.size() < most_kept)
      kept_.push_back(wishes_);
    else
      kept_[kept_next_++ % most_kept] = wishes_;
  }
  seen_.clear();
  accesses_.clear();
  std::ranges::fill(known_, 0U);
  known_count_ = 0;
}

std::size_t ReadsFromGuided::pairs_seen() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(candidates_, [](const Candidate& candidate) { return candidate.seen > 0; }));
}

// Of three at random, the pair that was seen and tried least.
ReadsFromGuided::Wish ReadsFromGuided::new_wish() {
  Candidate* rarest = nullptr;
  for (int draw = 0; draw < 3; ++draw) {
    Candidate& drawn = candidates_[random_.below(static_cast<std::uint32_t>(candidates_.size()))];
    if (rarest == nullptr || drawn.seen + drawn.tried < rarest->seen + rarest->tried) rarest = &drawn;
  }
  ++rarest->tried;
  return {.pair = rarest->pair, .come_true = !random_.one_in(3)};
}

bool ReadsFromGuided::add(const Wish& wish) {
  for (std::uint32_t i = 0; i < wishes_.count; ++i)
    if (wishes_.wish[i].pair == wish.pair) return false;
  if (wishes_.count == most_wishes) return false;
  wishes_.wish[wishes_.count++] = wish;
  return true;
}

void ReadsFromGuided::choose_wishes() {
  wishes_ = Wishes{};
  if (candidates_.empty() || random_.one_in(8)) return;
  if (!kept_.empty() && random_.one_in(4)) {
    Wishes* chosen = nullptr;
    for (int draw = 0; draw < 2; ++draw) {
      Wishes& drawn = kept_[random_.below(static_cast<std::uint32_t>(kept_.size()))];
      if (chosen == nullptr || drawn.used < chosen->used) chosen = &drawn;
    }
    ++chosen->used;
    wishes_ = *chosen;
    switch (random_.below(4)) {
      case 0:  // as they are: the rest of the schedule is random
        break;
      case 1: {
        Wish& changed = wishes_.wish[random_.below(wishes_.count)];
        changed.come_true = !changed.come_true;
        break;
      }
      case 2:
        wishes_.wish[random_.below(wishes_.count)] = wishes_.wish[wishes_.count - 1];
        --wishes_.count;
        break;
      default: add(new_wish()); break;
    }
    return;
  }
  for (std::uint32_t wanted = 1 + random_.below(3); wanted > 0; --wanted) add(new_wish());
}

void ReadsFromGuided::find_rivals() {
  for (std::uint32_t i = 0; i < wishes_.count; ++i) {
    rivals_[i].count = 0;
    const Wish& wish = wishes_.wish[i];
    if (!wish.come_true) continue;
    for (const Candidate& candidate : candidates_)
      if (candidate.pair.read == wish.pair.read && candidate.pair.write != wish.pair.write &&
          candidate.pair.write != 0 && rivals_[i].count < most_rivals)
        rivals_[i].write[rivals_[i].count++] = candidate.pair.write;
  }
}

std::vector<std::byte> ReadsFromGuided::save() {
  learn();
  ByteWriter writer;
  writer.list(std::span<const Candidate>(candidates_));
  writer.list(std::span<const std::uintptr_t>(shared_reads_));
  writer.list(std::span<const Wishes>(kept_));
  writer.value(static_cast<std::uint64_t>(kept_next_));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> signatures(signatures_.begin(), signatures_.end());
  writer.value(static_cast<std::uint64_t>(signatures.size()));
  for (const auto& [signature, count] : signatures) {
    writer.value(signature);
    writer.value(count);
  }
  return writer.take();
}

bool ReadsFromGuided::load(std::span<const std::byte> saved) {
  ByteReader reader(saved);
  ReadsFromGuided loaded;
  std::uint64_t next = 0;
  std::uint64_t count = 0;
  reader.list(loaded.candidates_);
  reader.list(loaded.shared_reads_);
  reader.list(loaded.kept_);
  reader.value(next);
  loaded.kept_next_ = next;
  reader.value(count);
  for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
    std::uint64_t signature = 0;
    std::uint64_t times = 0;
    reader.value(signature);
    reader.value(times);
    loaded.signatures_[signature] = static_cast<std::uint32_t>(times);
  }
  if (!reader.complete()) return false;
  for (std::uint32_t i = 0; i < loaded.candidates_.size(); ++i)
    loaded.candidate_at_[hash(loaded.candidates_[i].pair)] = i;
  *this = std::move(loaded);
  return true;
}

}  // namespace chicane::explore
