// The default search over shapes of published known-bug programs: what is wrong is found within few schedules, the
// fixed twins stay silent. CHICANE_TELL=1 prints the table: schedules to the first finding, and to the first that is
// more than a data race; median of CHICANE_SEEDS searches.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "harness/explore/explore.h"
#include "harness/explore/portfolio.h"
#include "tests/explore/cases/case.h"

Case* first_case = nullptr;
void case_failed(const char* name) { chicane::explore::report(chicane::FindingKind::wrong_result, name, name); }

namespace chicane::explore {
namespace {

constexpr std::uint64_t never = ~std::uint64_t{0};
struct Found {
  std::uint64_t first = never;  // schedule, from 1
  std::uint64_t wanted = never;
  std::uint64_t schedules = 0;
  std::set<std::string> kinds;
  std::string confidence;
};

// What a child hands over, in memory that it shares with its parent.
struct Slate {
  std::uint64_t running, first, wanted, state_bytes, learned_count;
  std::uint32_t kinds;  // bits
  bool over, ended;
  std::uintptr_t learned[4'096];
  std::byte state[4 << 20];
};

Found search(const Case& entry, std::uint64_t seed, std::uint64_t schedules, bool stop) {
  const bool race_is_wanted = std::string_view(entry.finds) == "data_race";
  SearchOptions search_options{.seed = seed, .schedules = schedules, .stop_when_exhausted = false};
  search_options.memory_model = std::string_view(entry.model) == "relaxed" ? MemoryModel::relaxed : MemoryModel::sc;
  if (const char* only = std::getenv("CHICANE_ONLY")) search_options.only = word<Strategy>(only);
  Portfolio portfolio(search_options);
  std::vector<std::uintptr_t> learned;
  auto* slate =
      static_cast<Slate*>(mmap(nullptr, sizeof(Slate), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (slate == MAP_FAILED) std::abort();
  slate->first = slate->wanted = never;
  while (!slate->over) {
    slate->ended = false;
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      Body body;
      body.context = reinterpret_cast<void*>(entry.run);
      body.main = [](void* run) { reinterpret_cast<void (*)()>(run)(); };
      SharedLocations locations;
      for (const std::uintptr_t pc : learned) locations.add(pc);
      Recording recording;
      bool spent = false;
      while (!spent && !slate->over) {
        const auto next = portfolio.next();
        if (!next) {
          slate->over = true;
          break;
        }
        slate->running = next->number + 1;
        Options options;
        options.switch_points = next->switch_points;
        options.max_steps = 20'000;
        options.memory_model = search_options.memory_model;
        const Outcome outcome = run_schedule(body, *next->scheduler, next->seed, options, locations, recording);
        portfolio.ended(outcome);
        spent = outcome.process_spent;
        for (const SeenFinding& finding : outcome.findings) {
          slate->kinds |= 1U << static_cast<unsigned>(finding.kind);
          slate->first = std::min(slate->first, next->number + 1);
          if (finding.kind != FindingKind::data_race || race_is_wanted)
            slate->wanted = std::min(slate->wanted, next->number + 1);
        }
        if (stop && slate->wanted != never) slate->over = true;
      }
      const auto state = portfolio.save();
      slate->state_bytes = std::min(state.size(), sizeof slate->state);
      std::copy_n(state.begin(), slate->state_bytes, slate->state);
      slate->learned_count = std::min<std::size_t>(locations.size(), std::size(slate->learned));
      std::copy_n(locations.all().begin(), slate->learned_count, slate->learned);
      slate->ended = true;
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!slate->ended) {  // freed memory that was written may take the process with it, long after it was seen
      slate->kinds |= 1U << static_cast<unsigned>(FindingKind::crash);
      slate->first = std::min(slate->first, slate->running);
      slate->wanted = std::min(slate->wanted, slate->running);
      break;
    }
    if (!portfolio.load({slate->state, slate->state_bytes})) {
      slate->kinds |= 1U << static_cast<unsigned>(FindingKind::protocol_broken);
      break;
    }
    learned.assign(slate->learned, slate->learned + slate->learned_count);
  }
  Found found{slate->first, slate->wanted, portfolio.confidence().schedules, {}, in_words(portfolio.confidence())};
  for (std::size_t kind = 0; kind < Spelling<FindingKind>::names.size(); ++kind)
    if ((slate->kinds >> kind & 1U) != 0) found.kinds.insert(std::string(Spelling<FindingKind>::names[kind]));
  munmap(slate, sizeof(Slate));
  return found;
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

class KnownBugs : public testing::TestWithParam<Case*> {};

TEST_P(KnownBugs, AreFoundAndTheirFixedTwinsStaySilent) {
  const Case& entry = *GetParam();
  const bool fixed = entry.finds[0] == 0;
  const bool hard = std::string_view(entry.name).ends_with("_hard");
  const std::uint64_t seeds = number_from("CHICANE_SEEDS", fixed ? 1 : 3);
  const std::uint64_t schedules = number_from("CHICANE_SCHEDULES", fixed ? 1'000 : hard ? 2'000 : 10'000);
  const std::string allowed = std::string(",") + entry.finds + ",";
  std::vector<std::uint64_t> first, wanted;
  std::string confidence;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Found found = search(entry, seed, schedules, !fixed);
    for (const std::string& kind : found.kinds)
      EXPECT_NE(allowed.find("," + kind + ","), std::string::npos) << kind << " in schedule " << found.first;
    if (!fixed && !hard) EXPECT_NE(found.wanted, never) << "seed " << seed << ", " << found.schedules << " schedules";
    first.push_back(found.first);
    wanted.push_back(found.wanted);
    confidence = found.confidence;
  }
  if (std::getenv("CHICANE_TELL") == nullptr) return;
  std::ranges::sort(first);
  std::ranges::sort(wanted);
  const auto shown = [](std::uint64_t number) { return number == never ? std::string("-") : std::to_string(number); };
  std::printf("%-42s first %6s  wanted median %6s worst %6s  %s\n", entry.name, shown(first[first.size() / 2]).c_str(),
              shown(wanted[wanted.size() / 2]).c_str(), shown(wanted.back()).c_str(),
              fixed || wanted.back() == never ? confidence.c_str() : "");
}

std::vector<Case*> all_cases() {
  std::vector<Case*> all;
  for (Case* entry = first_case; entry != nullptr; entry = entry->next) all.push_back(entry);
  std::ranges::reverse(all);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Published, KnownBugs, testing::ValuesIn(all_cases()),
                         [](const auto& parameter) { return std::string(parameter.param->name); });

}  // namespace
}  // namespace chicane::explore
