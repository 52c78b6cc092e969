// Data races by happens-before, FastTrack-like (Flanagan and Freund, PLDI 2009): every granule of memory knows its last
// write and its reads since; an access that is not ordered after a conflicting one is a race. Exact to the byte, and
// complete for the schedule that ran: nothing is evicted.
//
// Times are `base` + the thread's time in this schedule. When a schedule is over, base is raised beyond all its times:
// what earlier schedules left in the shadow is then ordered before everything, and nothing has to be cleared.
#pragma once

#include <cstdint>

#include "harness/explore/arena.h"
#include "harness/explore/clock.h"
#include "harness/explore/operation.h"
#include "harness/explore/shadow.h"

namespace chicane::explore {

// A thread as the detector sees it.
struct Accessor {
  ThreadId id = 0;
  ClockIndex index = 0;
  std::uint32_t time = 1;   // own entry of `clock`
  std::uint64_t stamp = 0;  // of its records now
  Clock clock;
};

struct EarlierAccess {
  ClockIndex index = 0;
  bool write = false;
  bool atomic = false;
  std::uint32_t location = 0;  // low 28 bits of the pc
};

class RaceSink {
 public:
  virtual void race(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write, bool atomic,
                    std::uintptr_t pc, const EarlierAccess& earlier) = 0;
  // Two threads met here, at least one of them writing, ordered or not.
  virtual void conflict(std::uint32_t earlier_location, std::uintptr_t pc) = 0;
  virtual void use_after_free(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                              std::uintptr_t pc) = 0;
  // A plain access to where atomic operations took place in this schedule; false: none is known.
  virtual bool plain_meets_atomic(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                                  std::uintptr_t pc) = 0;

 protected:
  ~RaceSink() = default;
};

class RaceDetector {
 public:
  RaceDetector(Arena& arena, RaceSink& sink) : arena_(arena), sink_(sink) {}

  void begin_schedule();
  void end_schedule(std::uint32_t longest_time);
  void stamp(Accessor& accessor) const;  // after a change of its time
  bool tick(Accessor& accessor);         // a release: what comes now is later; false: times have run out

  void read(const Accessor& now, std::uintptr_t address, std::size_t bytes, std::uintptr_t pc) {
    access<false>(now, address, bytes, pc);
  }
  void write(const Accessor& now, std::uintptr_t address, std::size_t bytes, std::uintptr_t pc) {
    access<true>(now, address, bytes, pc);
  }
  // An atomic operation against earlier plain accesses; marks the place as one of atomic operations.
  void atomic(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write, std::uintptr_t pc);

  // One granule; the fast path of what the compiler calls.
  template <bool is_write>
  void access_granule(const Accessor& now, Granule& granule, std::uintptr_t address, unsigned mask, std::uintptr_t pc) {
    const Record write(granule.write);
    if (write.stamp() == now.stamp && (write.mask() & mask) == mask && !write.flagged()) {
      if constexpr (is_write) granule.write = Record(now.stamp, write.mask(), pc).bits();
      return;
    }
    if constexpr (!is_write) {
      const Record read(granule.read);
      if (read.stamp() == now.stamp && (read.mask() & mask) == mask) {
        // The last place, not the first: a switch point that is learned before it lets the one before be learned.
        granule.read = Record(now.stamp, read.mask(), pc).bits();
        return;
      }
      // First read of this time, by the one who read before or after an ordered write: the common cases.
      if ((read.none() || read.who() == now.index) && (read.mask() & ~mask) == 0 && write.who() == now.index &&
          !write.flagged()) {
        granule.read = Record(now.stamp, mask, pc).bits();
        return;
      }
    } else if (write.who() == now.index && granule.read == 0 && (write.mask() & ~mask) == 0 && !write.flagged()) {
      granule.write = Record(now.stamp, mask, pc).bits();
      return;
    }
    slow<is_write>(now, granule, address, mask, pc);
  }
  template <bool is_write>
  void access(const Accessor& now, std::uintptr_t address, std::size_t bytes, std::uintptr_t pc) {
    shadow_.each(address, bytes, [&](Granule& granule, std::uintptr_t at, unsigned mask) {
      access_granule<is_write>(now, granule, at, mask, pc);
    });
  }

  // Whether two threads have met here in this schedule, as far as that is remembered: the last few thousand places. The
  // fast path keeps one location of each thread and time; here, the others matter as much as switch points.
  bool met(std::uintptr_t address) const { return met_[met_slot(address)] == met_tag(address); }

  void freed(std::uintptr_t address, std::size_t bytes, std::uintptr_t pc);
  bool is_freed(std::uintptr_t address) { return Record(shadow_.of(address).write).who() == Record::freed; }
  // The last plain write, if it happened in this schedule.
  bool last_write(std::uintptr_t address, EarlierAccess& writer);
  bool in_this_schedule(Record record) const { return record.time() > base_; }
  Shadow& shadow() { return shadow_; }
  std::uint32_t base() const { return base_; }

 private:
  struct List {  // of a granule whose accesses do not fit into two records
    Granule* granule = nullptr;
    ArenaList<std::uint64_t> writes;  // besides granule->write: of other bytes
    ArenaList<std::uint64_t> reads;
  };
  template <bool is_write>
  void slow(const Accessor& now, Granule& granule, std::uintptr_t address, unsigned mask, std::uintptr_t pc);
  bool ordered(Record record, const Accessor& now) const {
    return record.time() <= base_ || record.time() - base_ <= now.clock.get(record.who()) || record.who() == now.index;
  }
  // Races between a record and the access; true: the record is of no use to later accesses (from earlier schedules).
  bool check(Record record, bool earlier_write, const Accessor& now, std::uintptr_t address, unsigned mask, bool write,
             bool atomic, std::uintptr_t pc);
  static constexpr std::size_t met_places = 4'096;
  static std::size_t met_slot(std::uintptr_t address) { return (address / Shadow::granule_bytes) % met_places; }
  static std::uint32_t met_tag(std::uintptr_t address) {
    return static_cast<std::uint32_t>(address / Shadow::granule_bytes);
  }
  List* list_of(const Granule& granule) const;
  List& make_list(Granule& granule);

  Arena& arena_;
  RaceSink& sink_;
  Shadow shadow_;
  std::uint32_t base_ = 0;
  ArenaList<List*> lists_;
  bool any_met_ = false;
  std::uint32_t met_[met_places] = {};
};

}  // namespace chicane::explore
