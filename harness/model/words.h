// The closed lists of words that stand in files, on the command line and in reports, and their spelling.
// Thread-safe: pure functions over constants.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chicane {

enum class Lane : std::uint8_t { bench, stress, tsan, asan, explore };
enum class Build : std::uint8_t { plain, tsan, asan, explore };  // numbers as in chicane_note.build
enum class WorkerKind : std::uint8_t { thread, process };
enum class Verdict : std::uint8_t { pass, fail, missed, not_judged, error };

enum class FindingKind : std::uint8_t {
  data_race,
  wrong_result,
  forbidden_outcome,
  torn_output,
  deadlock,
  lock_order_inversion,
  lost_wakeup,
  livelock,
  hang,
  crash,
  uncaught_exception,
  early_exit,
  memory_error,
  undefined_behaviour,
  leak,
  thread_leak,
  mutex_misuse,
  limit_exceeded,
  protocol_broken,
};

// What an outcome of a litmus scenario means; numbers as in plugin.h.
enum class Grade : std::uint8_t { acceptable, interesting, forbidden, undeclared };

// How a trial ended. Only `completed` trials have measures that count.
enum class TrialStatus : std::uint8_t {
  completed,     // the runner said so and exited with 0
  exited_early,  // the process ended by exit before the trial's end
  crashed,       // a signal ended it
  timed_out,     // the wall-time limit ended it, or earlier that it could never have ended
  stopped,       // the user ended it
  not_run,       // the runner could not be started, or refused the plugin
  over_limit,    // another limit ended it: memory, output, …
};

template <typename Word>
struct Spelling;  // names[i] spells Word(i)
template <>
struct Spelling<Lane> {
  static constexpr std::array<std::string_view, 5> names{"bench", "stress", "tsan", "asan", "explore"};
};
template <>
struct Spelling<Build> {
  static constexpr std::array<std::string_view, 4> names{"plain", "tsan", "asan", "explore"};
};
template <>
struct Spelling<WorkerKind> {
  static constexpr std::array<std::string_view, 2> names{"thread", "process"};
};
template <>
struct Spelling<Verdict> {
  static constexpr std::array<std::string_view, 5> names{"pass", "fail", "missed", "not_judged", "error"};
};
template <>
struct Spelling<FindingKind> {
  static constexpr std::array<std::string_view, 19> names{"data_race",
                                                          "wrong_result",
                                                          "forbidden_outcome",
                                                          "torn_output",
                                                          "deadlock",
                                                          "lock_order_inversion",
                                                          "lost_wakeup",
                                                          "livelock",
                                                          "hang",
                                                          "crash",
                                                          "uncaught_exception",
                                                          "early_exit",
                                                          "memory_error",
                                                          "undefined_behaviour",
                                                          "leak",
                                                          "thread_leak",
                                                          "mutex_misuse",
                                                          "limit_exceeded",
                                                          "protocol_broken"};
};
template <>
struct Spelling<Grade> {
  static constexpr std::array<std::string_view, 4> names{"acceptable", "interesting", "forbidden", "undeclared"};
};
template <>
struct Spelling<TrialStatus> {
  static constexpr std::array<std::string_view, 7> names{"completed", "exited_early", "crashed",   "timed_out",
                                                         "stopped",   "not_run",      "over_limit"};
};

template <typename Word>
constexpr std::string_view name(Word word) {
  return Spelling<Word>::names[static_cast<std::size_t>(word)];
}

template <typename Word>
constexpr std::optional<Word> word(std::string_view text) {
  for (std::size_t i = 0; i < Spelling<Word>::names.size(); ++i)
    if (Spelling<Word>::names[i] == text) return static_cast<Word>(i);
  return std::nullopt;
}

// The build a lane's plugins and runner must have.
constexpr Build build_of(Lane lane) {
  switch (lane) {
    case Lane::tsan: return Build::tsan;
    case Lane::asan: return Build::asan;
    case Lane::explore: return Build::explore;
    case Lane::bench:
    case Lane::stress: break;
  }
  return Build::plain;
}

}  // namespace chicane
