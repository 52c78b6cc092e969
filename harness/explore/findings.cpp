// Races, misuse and crashes as findings.
#include <algorithm>
#include <cstring>
#include <signal.h>

#include <fmt/format.h>

#include "harness/explore/engine.h"
#include "harness/explore/modules.h"

namespace chicane::explore {
namespace {

constexpr std::size_t most_findings = 64;  // of one schedule; what comes later tells nothing new

SeenAccess access_of(const Thread& thread, std::uintptr_t address, std::size_t bytes, bool write, bool atomic,
                     Stack stack) {
  SeenAccess access{thread.id, write, atomic, static_cast<std::uint32_t>(bytes), address, {}, std::move(stack)};
  for (const Object* held : thread.holds) access.locks.push_back(held->address);
  return access;
}

const char* words(const SeenAccess& access) {
  if (access.atomic) return access.write ? "an atomic write" : "an atomic read";
  return access.write ? "a write" : "a read";
}

}  // namespace

Stack Engine::stack_of(const Thread& thread, std::uintptr_t pc) const {
  Stack stack;
  if (pc != 0) stack.push_back(pc);
  std::uint32_t depth = std::min<std::uint32_t>(thread.depth, HandOff::most_frames);
  // Of a deep recursion the innermost and outermost are enough.
  constexpr std::uint32_t most = 128;
  for (std::uint32_t kept = 0; depth > 0 && kept < most; ++kept) stack.push_back(thread.frames[--depth]);
  return stack;
}

SeenFinding& Engine::found(FindingKind kind, Thread* thread, std::uintptr_t pc, const char* message) {
  auto& findings = outcome_.findings;
  if (findings.size() == most_findings) findings.pop_back();
  SeenFinding& finding = findings.emplace_back();
  finding.kind = kind;
  finding.message = message;
  finding.step = outcome_.statistics.steps;
  if (thread != nullptr) {
    finding.thread = thread->id;
    finding.stack = stack_of(*thread, pc);
  }
  return finding;
}

void Engine::misuse(Thread& thread, const Object& object, std::uintptr_t pc, const char* message) {
  found(FindingKind::mutex_misuse, &thread, pc, message).object = object.address;
}

void Engine::report(Thread* thread, FindingKind kind, const char* name, const char* message) {
  found(kind, thread != nullptr ? thread : last_, 0, message).name = name;
}

void Engine::describe_block(SeenFinding& finding, std::uintptr_t address) const {
  const Block* block = blocks.holding(address);
  SeenBlock& seen = finding.block.emplace();
  seen.type = "unknown";
  seen.start = address;
  if (block != nullptr) {
    seen = {"heap", block->start, block->bytes, {}, {}, block->allocated_by};
    if (block->allocated_pc != 0) seen.allocated_at.push_back(block->allocated_pc);
    if (block->freed_pc != 0) seen.freed_at.push_back(block->freed_pc);
    return;
  }
  for (std::uint32_t i = 0; i < thread_count_; ++i)
    if (threads_[i]->slot != nullptr && address >= threads_[i]->slot->stack_low &&
        address < threads_[i]->slot->stack_top) {
      seen.type = "stack";
      seen.owner = threads_[i]->id;
      return;
    }
  if (module_holds(address)) seen.type = "global";
}

std::uintptr_t Engine::whole_pc(std::uint32_t location) const { return location == 0 ? 0 : whole_address(location); }

void Engine::race(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write, bool atomic,
                  std::uintptr_t pc, const EarlierAccess& earlier) {
  const std::uint64_t key = std::uint64_t{earlier.location} << 32 | (pc & Record::pc_mask);
  if (std::find(races_seen_.begin(), races_seen_.end(), key) != races_seen_.end()) return;
  Thread* running = current;
  current = nullptr;
  races_seen_.push_back(key);
  auto& thread = const_cast<Thread&>(static_cast<const Thread&>(now));
  Thread& other = *threads_[holders_[earlier.index]];
  const std::uintptr_t earlier_pc = whole_pc(earlier.location);
  Stack stack;
  if (earlier_pc != 0) stack.push_back(earlier_pc);
  if (const auto known = stacks_.find(std::uint64_t{earlier.index} << 32 | earlier.location); known != stacks_.end())
    stack = known->second;
  SeenFinding& finding = found(FindingKind::data_race, &thread, pc, "");
  finding.accesses.push_back(access_of(other, address, bytes, earlier.write, earlier.atomic, std::move(stack)));
  finding.accesses.back().locks.clear();  // what it held then is not kept
  finding.accesses.push_back(access_of(thread, address, bytes, write, atomic, stack_of(thread, pc)));
  finding.message = fmt::format("{} by thread {} is not ordered after {} by thread {}", words(finding.accesses[1]),
                                thread.id, words(finding.accesses[0]), other.id);
  describe_block(finding, address);
  if (options.stop_at_race) end(thread, Ending::died);
  current = running;
}

void Engine::conflict(std::uint32_t earlier_location, std::uintptr_t pc) {
  if (!learn_) return;
  const std::uint64_t key = std::uint64_t{earlier_location} << 32 | (pc & Record::pc_mask);
  std::uint64_t& known = conflicts_known_[(key * 0x9e3779b97f4a7c15ULL) >> 54];
  if (known == key) return;  // asked a moment ago
  known = key;
  Thread* running = current;
  current = nullptr;
  const std::uintptr_t earlier = whole_pc(earlier_location);
  if (earlier != 0 && !shared_->contains(earlier)) learned_now_.push_back(earlier);
  if (!shared_->contains(pc)) learned_now_.push_back(pc);
  current = running;
}

void Engine::learn(std::uintptr_t pc) {
  if (!learn_ || shared_->contains(pc)) return;
  std::uint64_t& known = conflicts_known_[(pc * 0x9e3779b97f4a7c15ULL) >> 54];
  if (known == pc) return;
  known = pc;
  Thread* running = current;
  current = nullptr;
  learned_now_.push_back(pc);
  current = running;
}

void Engine::use_after_free(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                            std::uintptr_t pc) {
  const std::uint64_t key = std::uint64_t{1} << 63 | pc;
  if (std::find(races_seen_.begin(), races_seen_.end(), key) != races_seen_.end()) return;
  Thread* running = current;
  current = nullptr;
  races_seen_.push_back(key);
  auto& thread = const_cast<Thread&>(static_cast<const Thread&>(now));
  SeenFinding& finding =
      found(FindingKind::memory_error, &thread, pc, write ? "freed memory is written" : "freed memory is read");
  finding.accesses.push_back(access_of(thread, address, bytes, write, false, stack_of(thread, pc)));
  describe_block(finding, address);
  if (const Block* block = blocks.holding(address); block != nullptr && learn_) {
    // Whether the free came first depends on the schedule: both sides are switch points from now on.
    if (block->freed_pc != 0 && !shared_->contains(block->freed_pc)) learned_now_.push_back(block->freed_pc);
    if (!shared_->contains(pc)) learned_now_.push_back(pc);
  }
  current = running;
}

bool Engine::plain_meets_atomic(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                                std::uintptr_t pc) {
  // `address` is the start of the access in its granule; an atomic may begin before and reach into it.
  return atomics.each_overlapping(address, bytes, [&](AtomicCell& cell) {
    const auto compare = [&](const Clock& times, bool earlier_write, std::uintptr_t earlier_pc) {
      for (std::uint32_t i = 0; i < times.size(); ++i) {
        const auto index = static_cast<ClockIndex>(i);
        if (index == now.index || times.get(index) == 0) continue;
        conflict(static_cast<std::uint32_t>(earlier_pc & Record::pc_mask), pc);
        if (times.get(index) > now.clock.get(index))
          race(now, address, bytes, write, false, pc,
               {index, earlier_write, true, static_cast<std::uint32_t>(earlier_pc & Record::pc_mask)});
      }
    };
    compare(cell.stores, true, cell.store_pc);
    if (write) compare(cell.loads, false, cell.load_pc);
  });
}

void Engine::crashed(Thread* thread, int signal, std::uintptr_t address, std::uintptr_t pc) {
  SeenFinding& finding = found(FindingKind::crash, thread, pc, "");
  finding.signal = signal;
  const char* name = sigabbrev_np(signal);
  finding.message = fmt::format("signal SIG{} at address {:#x}", name != nullptr ? name : "?", address);
  if (signal == SIGSEGV && thread != nullptr && thread->slot != nullptr && address < thread->slot->stack_low &&
      address + (std::size_t{1} << 20) > thread->slot->stack_low)
    finding.message += ": the stack has overflowed";
}

void Engine::died(Thread& thread, FindingKind kind, const char* message, int signal, std::uintptr_t pc) {
  SeenFinding& finding = found(kind, &thread, pc, message);
  if (signal != 0) finding.signal = signal;
  end(thread, Ending::died);
}

ReadsFrom Engine::would_read(const Pending& pending) const {
  ReadsFrom pair{pending.thread, no_thread, pending.operation.pc, 0, pending.operation.address};
  if (is_access(pending.operation.kind)) {
    if (const AtomicCell* cell = atomics.find(pending.operation.address);
        cell != nullptr && cell->newest != nullptr && !is_plain(pending.operation.kind)) {
      pair.writer = cell->newest->writer;
      pair.write_pc = cell->newest->pc;
      return pair;
    }
    EarlierAccess writer;
    if (const_cast<RaceDetector&>(races).last_write(pending.operation.address, writer)) {
      pair.writer = holders_[writer.index];
      pair.write_pc = whole_pc(writer.location);
    }
    return pair;
  }
  if (const Object* object = objects.find(pending.operation.address)) {
    pair.writer = object->last_releaser;
    pair.write_pc = object->last_release_pc;
  }
  return pair;
}

}  // namespace chicane::explore
