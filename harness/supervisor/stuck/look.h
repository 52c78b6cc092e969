// What the kernel says of a trial's threads at one moment: state, system call, and the memory that a sleeping one waits
// on. Two looks tell what did not move between them. Plain data; look.cpp reads it through /proc, tests make it up.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/model/wait_board.h"

namespace chicane::stuck {

struct SystemCall {
  long number = -1;
  std::array<std::uint64_t, 6> arguments{};
  std::uint64_t stack_pointer = 0, instruction = 0;
  bool operator==(const SystemCall&) const = default;
};

struct ThreadLook {
  pid_t process = 0, id = 0;
  std::string name;
  char state = '?';                    // as in /proc/PID/stat: S sleeps, R runs or would
  std::uint64_t switches = 0;          // context switches until now
  std::uint64_t cpu_ns = 0;            // time on a CPU until now
  std::string wait_channel;            // the kernel's function it sleeps in; empty: unknown
  std::optional<SystemCall> call;      // none: it runs, or may not be asked
  bool harness = false;                // not the scenario's: a sanitizer's or the runner's own
  std::array<std::uint32_t, 12> at{};  // of a futex call: the words from its address on
  bool has_memory = false;             // `at` could be read
  bool private_memory = false;         // no other process maps it
};

// How often workers have told, by process, that they get on with their turns.
using Progress = std::map<pid_t, std::uint64_t>;

struct Look {
  std::vector<ThreadLook> threads;  // of the runner, first its first one; then of all that it started
  pid_t process = 0;                // the runner
  // Neither another process of the trial nor a timer could wake a thread.
  bool closed = false;
  bool keeps_conditions = false;  // the runner keeps account of notifications
  std::vector<WaitBoard::Condition> conditions;
  Progress progress;
  std::string refused;  // what the kernel would not tell, in words; empty: nothing was
  const ThreadLook* find(pid_t thread) const {
    for (const auto& each : threads)
      if (each.id == thread) return &each;
    return nullptr;
  }
};

// `board`: address of the runner's WaitBoard; 0: it has not said one. Nothing: the process is gone.
std::optional<Look> look_at(pid_t process, std::uint64_t board);

// As in Look, without the rest.
Progress progress_of(pid_t process, std::uint64_t board);
// A process that was there before has told since. One that was forked has a copy of its parent's count.
bool got_on(const Progress& before, const Progress& after);

// A digest of the scenario's state, as the board says where it is; nothing: unknown, or it can't be read.
std::optional<std::uint64_t> digest_of_state(pid_t process, std::uint64_t board);

}  // namespace chicane::stuck
