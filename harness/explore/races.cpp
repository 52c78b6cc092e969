#include "harness/explore/races.h"

#include <cstring>

namespace chicane::explore {

void RaceDetector::begin_schedule() {
  lists_ = {};
  if (any_met_) std::memset(met_, 0, sizeof met_);
  any_met_ = false;
  if (base_ > Record::most_time / 2) {
    shadow_.clear_all();
    base_ = 0;
  }
}

void RaceDetector::end_schedule(std::uint32_t longest_time) { base_ += longest_time; }

void RaceDetector::stamp(Accessor& accessor) const {
  accessor.stamp = Record::stamp(base_ + accessor.time, accessor.index);
}

bool RaceDetector::tick(Accessor& accessor) {
  if (base_ + accessor.time + 1 >= Record::most_time) return false;
  accessor.clock.set(arena_, accessor.index, ++accessor.time);
  stamp(accessor);
  return true;
}

RaceDetector::List* RaceDetector::list_of(const Granule& granule) const {
  const Record read(granule.read);
  if (read.who() != Record::listed || read.time() >= lists_.size()) return nullptr;
  List* list = lists_[read.time()];
  return list->granule == &granule ? list : nullptr;  // else it is one of an earlier schedule
}

RaceDetector::List& RaceDetector::make_list(Granule& granule) {
  if (List* list = list_of(granule)) return *list;
  List* list = arena_.make<List>();
  list->granule = &granule;
  const Record read(granule.read);
  if (read.who() != Record::listed && !read.none()) list->reads.push(arena_, read.bits());
  granule.read = Record(Record::stamp(static_cast<std::uint32_t>(lists_.size()), Record::listed), 15, 0).bits();
  lists_.push(arena_, list);
  return *list;
}

bool RaceDetector::check(Record record, bool earlier_write, const Accessor& now, std::uintptr_t address, unsigned mask,
                         bool write, bool atomic, std::uintptr_t pc) {
  if (record.time() <= base_) return true;
  if (record.who() == now.index || (record.mask() & mask) == 0) return false;
  if (!earlier_write && !write) return false;
  sink_.conflict(record.location(), pc);
  any_met_ = true;
  met_[met_slot(address)] = met_tag(address);
  if (!ordered(record, now))
    sink_.race(now, address, static_cast<std::size_t>(__builtin_popcount(mask)), write, atomic, pc,
               {record.who(), earlier_write, false, record.location()});
  return false;
}

template <bool is_write>
void RaceDetector::slow(const Accessor& now, Granule& granule, std::uintptr_t address, unsigned mask,
                        std::uintptr_t pc) {
  Record write(granule.write);
  if (write.who() == Record::freed) {
    sink_.use_after_free(now, address, static_cast<std::size_t>(__builtin_popcount(mask)), is_write, pc);
    return;
  }
  bool flagged = write.flagged();
  if (flagged)
    flagged = sink_.plain_meets_atomic(now, address, static_cast<std::size_t>(__builtin_popcount(mask)), is_write, pc);
  const std::uint64_t flag = flagged ? Record::flag : 0;

  const bool old_write = check(write, true, now, address, mask, is_write, false, pc);
  List* list = list_of(granule);
  Record read(granule.read);
  if (read.who() == Record::listed && list == nullptr) {
    granule.read = 0;
    read = {};
  }
  if (list != nullptr)
    for (const std::uint64_t other : list->writes) check(Record(other), true, now, address, mask, is_write, false, pc);

  const Record mine(now.stamp, mask, pc);
  if constexpr (is_write) {
    if (list != nullptr) {
      for (const std::uint64_t other : list->reads) check(Record(other), false, now, address, mask, true, false, pc);
      const auto covered = [&](std::uint64_t other) { return (Record(other).mask() & ~mask) == 0; };
      for (std::size_t i = list->reads.size(); i-- > 0;)
        if (covered(list->reads[i])) list->reads.erase(i);
      for (std::size_t i = list->writes.size(); i-- > 0;)
        if (covered(list->writes[i])) list->writes.erase(i);
    } else if (!read.none()) {
      const bool old_read = check(read, false, now, address, mask, true, false, pc);
      if (old_read || (read.mask() & ~mask) == 0) granule.read = 0;
    }
    if (!old_write && (write.mask() & ~mask) != 0) {
      if (write.stamp() == now.stamp) {  // one thread, one time: one record of more bytes
        granule.write = Record(now.stamp, write.mask() | mask, pc).bits() | flag;
        return;
      }
      make_list(granule).writes.push(arena_, write.bits() & ~Record::flag);
    }
    granule.write = mine.bits() | flag;
  } else {
    if (old_write && !write.none())
      granule.write = flag;  // so that the fast path sees it next time
    else if (write.flagged() != flagged)
      granule.write = (write.bits() & ~Record::flag) | flag;
    if (list == nullptr) {
      const bool gone = read.none() || read.time() <= base_;
      if (gone || (read.who() == now.index && (read.mask() & ~mask) == 0)) {
        granule.read = mine.bits();
        return;
      }
      if (read.stamp() == now.stamp) {
        granule.read = Record(now.stamp, read.mask() | mask, pc).bits();
        return;
      }
      // A reader that is ordered before this one adds nothing: whoever races with it races with this.
      if ((read.mask() & ~mask) == 0 && ordered(read, now)) {
        granule.read = mine.bits();
        return;
      }
      list = &make_list(granule);
    }
    for (std::size_t i = list->reads.size(); i-- > 0;) {
      const Record other(list->reads[i]);
      if (other.stamp() == now.stamp && (mask & ~other.mask()) == 0) return;
      if ((other.mask() & ~mask) == 0 && ordered(other, now)) list->reads.erase(i);
    }
    list->reads.push(arena_, mine.bits());
  }
}
template void RaceDetector::slow<true>(const Accessor&, Granule&, std::uintptr_t, unsigned, std::uintptr_t);
template void RaceDetector::slow<false>(const Accessor&, Granule&, std::uintptr_t, unsigned, std::uintptr_t);

void RaceDetector::atomic(const Accessor& now, std::uintptr_t address, std::size_t bytes, bool write,
                          std::uintptr_t pc) {
  shadow_.each(address, bytes, [&](Granule& granule, std::uintptr_t at, unsigned mask) {
    const Record last(granule.write);
    if (last.who() == Record::freed) {
      sink_.use_after_free(now, at, static_cast<std::size_t>(__builtin_popcount(mask)), write, pc);
      return;
    }
    check(last, true, now, at, mask, write, true, pc);
    const List* list = list_of(granule);
    if (list != nullptr) {
      for (const std::uint64_t other : list->writes) check(Record(other), true, now, at, mask, write, true, pc);
      if (write)
        for (const std::uint64_t other : list->reads) check(Record(other), false, now, at, mask, true, true, pc);
    } else if (write && granule.read != 0 && Record(granule.read).who() != Record::listed) {
      check(Record(granule.read), false, now, at, mask, true, true, pc);
    }
    granule.write = last.bits() | Record::flag;
  });
}

void RaceDetector::freed(std::uintptr_t address, std::size_t bytes, std::uintptr_t pc) {
  shadow_.each(address, bytes, [&](Granule& granule, std::uintptr_t, unsigned) {
    granule.write = Record(Record::stamp(0, Record::freed), 15, pc).bits();
    granule.read = 0;
  });
}

bool RaceDetector::last_write(std::uintptr_t address, EarlierAccess& writer) {
  const Record write(shadow_.of(address).write);
  if (write.who() >= Record::freed || write.time() <= base_) return false;
  writer = {write.who(), true, false, write.location()};
  return true;
}

}  // namespace chicane::explore
