// What is typed, and what is parsed as text. The first byte says which: a glob and an id, a duration, the arguments of
// `chicane run` (one a line), LeakSanitizer's log.
#include <chrono>
#include <string>
#include <vector>

#include "harness/cli/load.h"
#include "harness/cli/run_options.h"
#include "harness/runner/lanes/leak_log.h"
#include "harness/supervisor/glob.h"
#include "tests/fuzz/require.h"

using namespace chicane;
using fuzz::require;

namespace {

void check_glob(std::string_view text) {
  text = text.substr(0, text.find('\0'));  // an argument has none
  const std::string glob(fuzz::take_until(text, '\n'));
  const std::string id(text);
  const bool fits = matches_glob(glob, id);
  require(matches_glob("*", id), "a star fits everything");
  require(matches_glob("*" + glob, id) || !fits, "a star in front takes nothing away");
  if (glob.find_first_of("*?[\\") == std::string::npos) require(fits == (glob == id), "without signs it is the id");
}

void check_duration(std::string_view text) {
  const auto duration = parse_duration(std::string(text));
  if (!duration) return require(!duration.error().message.empty(), "an error says something");
  require(duration->count() >= 0 && *duration <= std::chrono::hours(24 * 366), "a duration is no more than a year");
}

void check_options(std::string_view text) {
  std::vector<std::string> arguments{"chicane", "run"};
  while (!text.empty()) arguments.emplace_back(fuzz::take_until(text, '\n'));
  auto options = options_of(arguments);
  if (!options) return require(!options.error().message.empty(), "an error says something");
  if (const auto completed = complete(*options); !completed)
    return require(!completed.error().message.empty(), "an error says something");
  require(!options->run.lanes.empty() && options->run.rounds != 0 && options->run.processes != 0,
          "there is work to do");
  require(options->run.budget.count() >= 0 && options->run.slice.count() >= 0, "times are not negative");
}

void check_leaks(std::string_view text) {
  std::size_t lines = 0, addresses = 0;
  for (const char c : text) lines += c == '\n';
  const auto leaks = parse_leak_log(text);
  for (const auto& leak : leaks) addresses += leak.allocated_at.size();
  require(leaks.size() + addresses <= lines + 1, "a line says one thing at most");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  if (text.empty()) return -1;
  const char what = text.front();
  text.remove_prefix(1);
  switch (what) {
    case 'g': check_glob(text); return 0;
    case 'd': check_duration(text); return 0;
    case 'o': check_options(text); return 0;
    case 'l': check_leaks(text); return 0;
    default: return -1;  // not worth keeping
  }
}
