// Workflow commands of a hosted CI ("::error file=…,line=…,title=…::message"), which it shows beside the lines of a
// change. It shows ten a step and drops the rest without a word, so the tenth says how many more there are.
#include <string>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "harness/judge/fingerprint.h"
#include "reports/annotations/workflow_command.h"
#include "reports/figures.h"
#include "reports/places.h"
#include "reports/reading.h"
#include "reports/render.h"
#include "reports/source_root.h"

namespace chicane {
namespace reports::annotations {
namespace {

constexpr std::size_t most = 10;
SourceLine place_in_source(const FindingView& view, std::string_view root) {
  if (const auto* stack = first_stack(view.finding->evidence))
    if (const auto frame = user_frame(*stack); frame && !frame->file.empty())
      return {below_root(frame->file, root), frame->line};
  if (view.occurrences.empty() || view.occurrences.front().scenario == nullptr) return {};
  auto at = source_line_of(view.occurrences.front().scenario->source);
  at.file = below_root(at.file, root);
  return at;
}

std::string message_of(const Reading& reading, const FindingView& view) {
  std::string text = as_sentence(view.finding->evidence.message);
  if (view.occurrences.empty()) return text;
  const auto& seen = view.occurrences.front();
  if (!text.empty()) text += "\n";
  return text + fmt::format("Seen in {} {}, in {} of {}.\nAgain: {}", seen.scenario_id, name(seen.lane),
                            count(seen.seen), plural(seen.of, "process", "processes"), reading.command_for(seen));
}

}  // namespace
}  // namespace reports::annotations

std::string render_annotations(const Run& run, std::string_view source_root) {
  using namespace reports;
  namespace own = reports::annotations;
  const Reading reading(run);
  std::vector<std::string> all;
  std::size_t needed = 0;
  // What does not fit is counted and not made.
  const auto add = [&](const auto& make) {
    if (++needed <= own::most) all.push_back(make());
  };
  for (const auto& view : reading.findings())
    if (view.standing == Standing::undeclared)
      add([&] {
        return workflow_command("error", own::place_in_source(view, source_root), capitalized(title_of(*view.finding)),
                                own::message_of(reading, view));
      });
  std::unordered_map<std::string_view, const Scenario*> scenarios;
  for (const auto& scenario : run.scenarios) scenarios.emplace(scenario.id, &scenario);
  for (const auto* verdict : reading.needing_attention()) {
    if (verdict->verdict == Verdict::fail && !verdict->undeclared.empty()) continue;  // its findings are there
    add([&] {
      const auto known = scenarios.find(verdict->scenario);
      auto at = known == scenarios.end() ? SourceLine() : source_line_of(known->second->source);
      at.file = below_root(at.file, source_root);
      return workflow_command(
          "error", at, fmt::format("{} {}: {}", verdict->scenario, name(verdict->lane), words_of(verdict->verdict)),
          as_sentence(verdict->why));
    });
  }
  if (needed > own::most)
    all.back() = workflow_command(
        "error", {}, "Chicane",
        fmt::format("{} more need attention; all of them are in the report.", count(needed - own::most + 1)));
  if (!run.complete)
    all.insert(all.begin(), workflow_command("warning", {}, "Chicane", "The run was stopped before its end."));
  std::string text;
  for (const auto& one : all) text += one;
  return text;
}

}  // namespace chicane
