#include "harness/explore/search/schedule_file.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace chicane::explore {
namespace {

constexpr std::string_view format = "chicane.schedule/1";
constexpr std::uint64_t most_decisions = 10'000'000;  // a file of a few bytes must not ask for all memory

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }

// One line: what a file or a message holds may not begin another one.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += "\\n";
    else if (c == '\\')
      line += "\\\\";
    else if (!is_control(c))
      line += c;
  }
  return line;
}
std::string as_written(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      text += line[i + 1] == 'n' ? '\n' : line[i + 1];
      ++i;
    } else {
      text += line[i];
    }
  }
  return text;
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (end != 0) all.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return all;
}

const char* yes_or_no(bool value) { return value ? "yes" : "no"; }

class Parser {
 public:
  Result<ScheduleFile> parse(std::string_view text) {
    bool first = true;
    while (!text.empty()) {
      const auto end = text.find('\n');
      auto line = text.substr(0, end);
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      ++at_;
      if (first && line != format) return no_schedule(line);
      if (std::ranges::any_of(line, is_control)) return failure(fmt::format("line {}: holds a control character", at_));
      if (!first && !line.empty() && line.front() != '#' && !read(line)) return failure(error_);
      first = false;
    }
    if (first) return failure("is empty, and no schedule");
    if (file_.scenario.empty() == file_.program.empty())
      return failure("names neither a scenario nor a program to run, or both");
    if (!ended_) return failure("has no line \"end\": it was cut off");
    return std::move(file_);
  }

 private:
  std::unexpected<Error> no_schedule(std::string_view line) const {
    if (line.starts_with("chicane.schedule/"))
      return failure(
          fmt::format("is {}, this version of Chicane reads {}: use the version that wrote it, or a newer one",
                      line.substr(0, 40), format));
    return failure(fmt::format("is no schedule: its first line is not \"{}\"", format));
  }
  bool wrong(const std::string& what) {
    error_ = fmt::format("line {}: {}", at_, what);
    return false;
  }
  template <typename Number>
  bool take(std::string_view value, Number& into, int base = 10) {
    const auto read = number<Number>(value, base);
    if (!read) return wrong(fmt::format("'{}' is no number, or out of range", value.substr(0, 40)));
    into = *read;
    return true;
  }
  bool take(std::string_view value, bool& into) {
    if (value != "yes" && value != "no") return wrong(fmt::format("'{}' is neither yes nor no", value.substr(0, 40)));
    into = value == "yes";
    return true;
  }
  template <typename Word>
  bool take_word(std::string_view value, Word& into) {
    const auto known = word<Word>(value);
    if (!known) return wrong(fmt::format("unknown word '{}'", value.substr(0, 40)));
    into = *known;
    return true;
  }

  // "thread 1 of 3", "read 0 of 2 times 17"
  bool take_decision(DecisionKind kind, std::string_view rest) {
    const auto parts = words(rest);
    if ((parts.size() != 3 && parts.size() != 5) || parts[1] != "of" || (parts.size() == 5 && parts[3] != "times"))
      return wrong("a decision is \"KIND CHOSEN of ALTERNATIVES\", and may end in \"times N\"");
    Decision decision{.kind = kind};
    std::uint64_t times = 1;
    if (!take(parts[0], decision.chosen) || !take(parts[2], decision.alternatives)) return false;
    if (parts.size() == 5 && !take(parts[4], times)) return false;
    if (decision.alternatives < 2 || decision.chosen >= decision.alternatives)
      return wrong("a decision is one of at least two alternatives, counted from 0");
    if (times == 0 || times > most_decisions - std::min<std::uint64_t>(most_decisions, file_.decisions.size()))
      return wrong("too many decisions");
    file_.decisions.insert(file_.decisions.end(), times, decision);
    return true;
  }
  bool take_place(std::string_view value) {  // "counter.so+0x1f20 Type::function at file:3"
    const auto plus = value.find("+0x");
    const auto space = value.find(' ', plus == std::string_view::npos ? 0 : plus);
    if (plus == std::string_view::npos) return wrong("a place is MODULE+0xOFFSET");
    CodePlace place{as_written(value.substr(0, plus)), 0, ""};
    const auto digits = value.substr(plus + 3, space == std::string_view::npos ? space : space - plus - 3);
    if (!take(digits, place.offset, 16)) return false;
    if (space != std::string_view::npos) place.says = as_written(value.substr(space + 1));
    file_.learned.push_back(std::move(place));
    return true;
  }
  bool take_arg(std::string_view value) {
    const auto equals = value.find('=');
    if (equals == std::string_view::npos) return wrong("a parameter is NAME=NUMBER");
    return take(value.substr(equals + 1), file_.args[as_written(value.substr(0, equals))]);
  }

  bool read(std::string_view line) {
    if (line == "end") return ended_ = true;
    if (const auto space = line.find(' '); space != std::string_view::npos)
      if (const auto kind = word<DecisionKind>(line.substr(0, space)))
        return take_decision(*kind, line.substr(space + 1));
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos) return wrong("it is neither \"NAME: VALUE\" nor a decision");
    const auto key = line.substr(0, colon), value = line.substr(colon + 2);
    auto& options = file_.options;
    if (key == "found") return file_.found = as_written(value), true;
    if (key == "kind") return file_.kind = as_written(value), true;
    if (key == "name") return file_.name = as_written(value), true;
    if (key == "fingerprint") return file_.fingerprint = as_written(value), true;
    if (key == "scenario") return file_.scenario = as_written(value), true;
    if (key == "plugin") return file_.plugin = as_written(value), true;
    if (key == "program" || key == "argument") return file_.program.push_back(as_written(value)), true;
    if (key == "build-id") return file_.build_id = as_written(value), true;
    if (key == "strategy") return file_.strategy = as_written(value), true;
    if (key == "workers") return take(value, file_.workers);
    if (key == "processes") return take(value, file_.processes);
    if (key == "parameter") return take_arg(value);
    if (key == "turns") return take(value, file_.turns);
    if (key == "seed") return take(value, file_.seed);
    if (key == "steps") return take(value, file_.steps);
    if (key == "choices-that-matter") return take(value, file_.switches);
    if (key == "trace") return take(value, file_.trace, 16);
    if (key == "memory-model") return take_word(value, options.memory_model);
    if (key == "switch-points") return take_word(value, options.switch_points);
    if (key == "backend") return take_word(value, options.backend);
    if (key == "max-steps") return take(value, options.max_steps);
    if (key == "races") return take(value, options.races);
    if (key == "stop-at-race") return take(value, options.stop_at_race);
    if (key == "early-timeouts") return take(value, options.early_timeouts);
    if (key == "spurious-wakeups") return take(value, options.spurious_wakeups);
    if (key == "spurious-failures") return take(value, options.spurious_failures);
    if (key == "leftover-threads") return take(value, options.leftover_threads);
    if (key == "learned") return take_place(value);
    return true;  // of a later minor version, which only adds
  }

  ScheduleFile file_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::string error_;
};

}  // namespace

std::string to_text(const ScheduleFile& file) {
  std::string text = fmt::format("{}\n# Run it again: chicane replay THIS_FILE [--gdb]\n", format);
  const auto line = [&text](std::string_view key, std::string_view value) {
    if (!value.empty()) text += fmt::format("{}: {}\n", key, one_line(value));
  };
  const auto& options = file.options;
  line("found", file.found);
  line("kind", file.kind);
  line("name", file.name);
  line("fingerprint", file.fingerprint);
  line("scenario", file.scenario);
  line("plugin", file.plugin);
  for (std::size_t i = 0; i < file.program.size(); ++i)
    text += fmt::format("{}: {}\n", i == 0 ? "program" : "argument", one_line(file.program[i]));
  line("build-id", file.build_id);
  if (!file.scenario.empty()) {
    line("workers", fmt::format("{}", file.workers));
    if (file.processes) line("processes", yes_or_no(true));
    for (const auto& [name, value] : file.args) line("parameter", fmt::format("{}={}", name, value));
    line("turns", fmt::format("{}", file.turns));
    line("seed", fmt::format("{}", file.seed));
  }
  line("strategy", file.strategy);
  line("memory-model", name(options.memory_model));
  line("switch-points", name(options.switch_points));
  line("backend", name(options.backend));
  line("max-steps", fmt::format("{}", options.max_steps));
  line("races", yes_or_no(options.races));
  line("stop-at-race", yes_or_no(options.stop_at_race));
  line("early-timeouts", yes_or_no(options.early_timeouts));
  line("spurious-wakeups", yes_or_no(options.spurious_wakeups));
  line("spurious-failures", yes_or_no(options.spurious_failures));
  line("leftover-threads", yes_or_no(options.leftover_threads));
  line("steps", fmt::format("{}", file.steps));
  line("choices-that-matter", fmt::format("{}", file.switches));
  line("trace", fmt::format("{:016x}", file.trace));
  if (!file.learned.empty())
    text += "# Plain accesses that other threads were seen to conflict with: a thread may be switched before each.\n";
  for (const auto& [module, offset, says] : file.learned)
    line("learned", fmt::format("{}+{:#x}{}{}", module, offset, says.empty() ? "" : " ", says));
  text += "# Every choice, in order: 0 is the plain course of things (the running thread goes on).\n";
  for (std::size_t i = 0; i < file.decisions.size();) {
    std::size_t end = i + 1;
    while (end < file.decisions.size() && file.decisions[end] == file.decisions[i]) ++end;
    const auto& decision = file.decisions[i];
    text += fmt::format("{} {} of {}", name(decision.kind), decision.chosen, decision.alternatives);
    text += end - i > 1 ? fmt::format(" times {}\n", end - i) : "\n";
    i = end;
  }
  return text + "end\n";
}

Result<ScheduleFile> parse_schedule(std::string_view text) { return Parser().parse(text); }

}  // namespace chicane::explore
