// The gate as Markdown for a pull request's comment or a job's summary.
#include <algorithm>

#include <fmt/format.h>

#include "reports/gate.h"
#include "reports/gate/words.h"
#include "reports/markdown/escape.h"
#include "reports/visible.h"

namespace chicane {
namespace reports {
namespace {

constexpr std::size_t most_of_a_gate = 60'000, longest_text = 400;

std::string marked_down(std::string_view text) { return markdown::prose(text, longest_text); }

int weight(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::wrong: return 0;
    case GateVerdict::error:
    case GateVerdict::missing: return 1;
    case GateVerdict::regression: return 2;
    case GateVerdict::invalid:
    case GateVerdict::inconclusive: return 3;
    case GateVerdict::not_compared:
    case GateVerdict::improved: return 4;
    case GateVerdict::pass: return 5;
  }
  return 6;
}

}  // namespace
}  // namespace reports

std::string render_gate_markdown(const GateResult& result) {
  using namespace reports;
  auto text = fmt::format("### {} Chicane: {}\n\n", shape_of(result.verdict), marked_down(sentence_of(result)));
  const auto list = [&](const auto& items, auto say) {
    for (const auto& item : items) text += fmt::format("- {}\n", marked_down(say(item)));
  };
  list(result.findings, [](const GateFinding& finding) { return words_of(finding); });
  list(result.unjudged, [](const std::string& words) { return words; });
  list(result.noise, [](const std::string& words) { return "Noise: " + words; });
  if (!result.entries.empty()) {
    text += "\n| scenario | verdict | time, 95 % interval | smallest slowdown seen |\n|---|---|---|---|\n";
    // What weighs most first; sorted with their positions, so that equals stay in order.
    std::vector<std::pair<int, std::size_t>> order;
    for (std::size_t i = 0; i < result.entries.size(); ++i) order.emplace_back(weight(result.entries[i].verdict), i);
    std::ranges::sort(order);
    std::size_t shown = 0;
    for (const auto& [weighs, position] : order) {
      const auto* entry = &result.entries[position];
      if (text.size() > most_of_a_gate - 4000) break;
      ++shown;
      const auto* time = entry->measures.empty() ? nullptr : &entry->measures.front();
      text += fmt::format("| {} | {} {}{} | {} | {} |\n", marked_down(name_of(*entry)), shape_of(entry->verdict),
                          words_of(entry->verdict), entry->why.empty() ? "" : ": " + marked_down(entry->why),
                          time == nullptr ? "–" : marked_down(ratio_of(*time)),
                          time == nullptr ? "–" : marked_down(detectable_of(*time)));
    }
    if (shown < order.size())
      text += fmt::format("\n{} more are in gate.json; none of them weighs more than these.\n", order.size() - shown);
  }
  text += fmt::format(
      "\n<details><summary>How this was decided</summary>\n\n{} against {}, margin {:g} %, alarm level "
      "{:g} %, seed {}. ",
      marked_down(result.candidate), marked_down(result.baseline), result.asked.margin * 100, result.asked.alpha * 100,
      result.seed);
  if (!result.stored) text += marked_down(control_of(result)) + " ";
  text += fmt::format("{}, {} cores. {:.0f} s.\n\n", marked_down(result.host.cpu), result.host.cores,
                      static_cast<double>(result.duration_ns) / 1e9);
  for (const auto& note : result.notes)
    if (text.size() < most_of_a_gate - 1000) text += fmt::format("- {}\n", marked_down(note));
  return text + "\n</details>\n";
}

}  // namespace chicane
