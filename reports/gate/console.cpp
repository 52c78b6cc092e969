// The gate for a terminal: what was compared, how it came out, and what to make of it.
#include <algorithm>

#include <fmt/format.h>

#include "reports/console/paper.h"
#include "reports/gate.h"
#include "reports/gate/words.h"
#include "reports/visible.h"

namespace chicane {
namespace reports {
namespace {

Ink ink_of(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::pass:
    case GateVerdict::improved: return Ink::good;
    case GateVerdict::regression:
    case GateVerdict::wrong:
    case GateVerdict::missing:
    case GateVerdict::error: return Ink::bad;
    case GateVerdict::inconclusive:
    case GateVerdict::invalid: return Ink::warning;
    case GateVerdict::not_compared: return Ink::faint;
  }
  return Ink::plain;
}

void write_table(Paper& paper, const GateResult& result) {
  constexpr std::size_t verdict_width = 15, ratio_width = 22, detectable_width = 8;
  std::size_t name_width = 12;
  for (const auto& entry : result.entries) name_width = std::max(name_width, columns(visible(name_of(entry))) + 2);
  const auto others = verdict_width + ratio_width + detectable_width;
  name_width = std::min(name_width, paper.width() > others + 12 ? paper.width() - others : 12);
  const std::vector<std::size_t> widths{name_width, verdict_width, ratio_width, detectable_width};
  paper.row({{"scenario", Ink::faint}, {"", Ink::faint}, {"time (95 %)", Ink::faint}, {"seen at", Ink::faint}}, widths);
  for (const auto& entry : result.entries) {
    std::vector<Cell> cells{
        {visible(name_of(entry)), Ink::plain},
        {fmt::format("{} {}", shape_of(entry.verdict), words_of(entry.verdict)), ink_of(entry.verdict)}};
    if (!entry.measures.empty()) {
      cells.push_back({ratio_of(entry.measures.front()), Ink::plain});
      cells.push_back({detectable_of(entry.measures.front()), Ink::faint});
    }
    paper.row(cells, widths);
  }
}

}  // namespace
}  // namespace reports

std::string render_gate_console(const GateResult& result, const ConsoleStyle& style) {
  using namespace reports;
  Paper paper(style);
  paper.paragraph(visible(fmt::format("Chicane {}, gate, seed {}: {} against {}", result.tool_version, result.seed,
                                      result.candidate, result.baseline)),
                  0, 2, Ink::strong);
  paper.line();
  if (!result.entries.empty()) {
    write_table(paper, result);
    paper.line();
  }
  for (const auto& entry : result.entries)
    if (!entry.why.empty() && entry.verdict != GateVerdict::pass)
      paper.paragraph(visible(fmt::format("{} {}: {}", shape_of(entry.verdict), name_of(entry), entry.why)), 0, 2);
    else if (!entry.why.empty())
      paper.paragraph(visible(fmt::format("  {}: {}", name_of(entry), entry.why)), 0, 2, Ink::faint);
  for (const auto& finding : result.findings)
    paper.paragraph(visible(fmt::format("{} {}", finding.waived.empty() ? "✗" : "–", words_of(finding))), 0, 2,
                    finding.waived.empty() ? Ink::bad : Ink::faint);
  for (const auto& missing : result.unjudged) paper.paragraph(visible("? " + missing), 0, 2, Ink::warning);
  for (const auto& note : result.notes) paper.paragraph(visible("  " + note), 0, 2, Ink::faint);
  if (!result.stored) paper.paragraph(control_of(result), 0, 2, result.control.alarm ? Ink::warning : Ink::faint);
  for (const auto& noise : result.noise) paper.paragraph(visible("Noise: " + noise), 0, 2, Ink::warning);
  paper.line();
  paper.paragraph(visible(fmt::format("{} {}", shape_of(result.verdict), sentence_of(result))), 0, 2,
                  ink_of(result.verdict));
  return std::move(paper).take();
}

}  // namespace chicane
