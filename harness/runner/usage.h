// What the kernel counted for this process. Plain data; also lives in memory shared with worker processes.
#pragma once

#include <cstdint>
#include <optional>

namespace chicane {

// CLOCK_MONOTONIC in ns: the same clock in all processes.
std::int64_t now_ns();
std::uint64_t process_age_ns();  // since this process was started, to a hundredth of a second

struct Usage {
  std::int64_t cpu_ns = 0;  // user and system
  std::int64_t voluntary_switches = 0;
  std::int64_t involuntary_switches = 0;
  std::int64_t minor_faults = 0;
  std::int64_t major_faults = 0;

  static Usage now();  // this process, with children it has waited for
  Usage& operator+=(const Usage& other);
  Usage operator-(const Usage& other) const;
  static Usage least(const Usage& a, const Usage& b);  // member by member
  static Usage most(const Usage& a, const Usage& b);
};

// Highest resident memory of this process so far. Not from getrusage: its figure survives exec, so it would be the
// driver's where that was larger.
std::uint64_t peak_resident_bytes();

// Resident memory of this process that is its alone: no page of a file, none that is shared. 0 where the kernel does
// not tell. Exact, unlike /proc/self/statm, which may lag behind by 64 pages a thread or CPU.
std::uint64_t anonymous_bytes();

// By how much anonymous_bytes() grew while it was let go on; 0 bytes at first, and halted.
class MemoryGrowth {
 public:
  void go_on() { since_ = anonymous_bytes(); }
  void halt();
  std::optional<std::int64_t> bytes() const { return known_ ? std::optional(bytes_) : std::nullopt; }

 private:
  std::uint64_t since_ = 0;
  std::int64_t bytes_ = 0;
  bool known_ = true;
};

// Resident memory of this process, in which a page that n processes share counts as 1/n of one (PSS). 0 where the
// kernel does not tell.
std::uint64_t proportional_bytes();

}  // namespace chicane
