// A finding: something a trial showed, with its evidence. Plain data; copied freely, no threads, no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/words.h"

namespace chicane {

struct Frame {
  std::string function;  // demangled, with parameters; empty: unknown
  std::string file;      // as compiled (relative to the project for our own code); empty: unknown
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string module;  // base name of the library or executable
  bool operator==(const Frame&) const = default;
};
using Stack = std::vector<Frame>;  // innermost first

struct Access {              // one side of a data race
  std::uint32_t thread = 0;  // index into Evidence::threads' ids
  bool write = false;
  bool atomic = false;
  std::uint32_t size_bytes = 0;
  std::vector<std::uint32_t> mutexes;  // ids of Evidence::mutexes held
  Stack stack;
  bool operator==(const Access&) const = default;
};
struct ThreadInfo {
  std::uint32_t id = 0;  // 0 is the main thread
  std::string name;
  Stack created_at;  // empty for the main thread
  bool operator==(const ThreadInfo&) const = default;
};
struct MutexInfo {
  std::uint32_t id = 0;
  bool destroyed = false;
  Stack created_at;
  bool operator==(const MutexInfo&) const = default;
};
struct Location {
  std::string type;  // "state" (the scenario's own), "environment", "global", "heap", "stack", "tls", "fd", "unknown"
  std::string name;  // the global, or the declared member of the state, else "state+8"; empty: unnamed
  std::uint64_t offset_bytes = 0;  // of the access from the start of state, environment, block or global
  std::uint64_t size_bytes = 0;    // of the whole block or global
  Stack allocated_at;              // heap
  bool operator==(const Location&) const = default;
};
struct LabelledStack {
  std::string label;  // "thread 3 waits for M1", "stack of the crash", …
  Stack stack;
  bool operator==(const LabelledStack&) const = default;
};

// What a schedule of the explore lane did, step by step: a table with a column a thread, time downwards.
struct PictureStep {
  std::uint32_t thread = 0;  // as ThreadInfo::id
  std::string does;          // "reads", "locks", "waits for", …
  std::string object;        // "total", "M1"; empty: none
  std::string reads;         // the value; empty: none, or not known
  std::string writes;
  std::string note;                // "fails", "sees an older value", …
  bool switched = false;           // another thread took the step before
  bool matters = false;            // … because the schedule chose so: without this choice the finding does not show
  std::vector<std::string> holds;  // locks held after it
  std::string waits_for;           // what the thread waits for after it
  std::uint64_t left_out = 0;      // steps between the one before and this one that are not shown
  Stack stack;                     // user frames only
  bool operator==(const PictureStep&) const = default;
};
struct Picture {
  std::vector<std::uint32_t> threads;  // the columns
  std::vector<PictureStep> steps;
  bool operator==(const Picture&) const = default;
};

struct Evidence {
  std::string message;  // one sentence in words
  std::vector<Access> accesses;
  std::vector<ThreadInfo> threads;
  std::vector<MutexInfo> mutexes;
  std::optional<Location> location;
  std::vector<LabelledStack> stacks;
  std::optional<int> signal;
  std::optional<int> exit_code;
  std::string limit;  // limit_exceeded: "wall_time", "threads", "processes", "memory", "reports", …
  std::optional<std::uint64_t> limit_value;    // of that limit, and what was reached when it was hit: bytes of memory
  std::optional<std::uint64_t> limit_reached;  // and output, else a count
  std::string output_tail;                     // last bytes of the scenario's stderr, where they tell something
  std::optional<Picture> picture;              // explore
  std::string schedule;                        // explore: text of the schedule file that shows it again
  bool operator==(const Evidence&) const = default;
};

struct Finding {
  FindingKind kind = FindingKind::protocol_broken;
  std::string name;         // of the check or limit that failed ("total"); empty for races
  std::string fingerprint;  // harness/judge/fingerprint.h; no lines, no addresses
  Evidence evidence;
  bool operator==(const Finding&) const = default;
};

}  // namespace chicane
