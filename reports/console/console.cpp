// The run for a terminal: what was judged, what was found, how fast, and last what needs attention.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "reports/claims.h"
#include "reports/console/paper.h"
#include "reports/console/speed.h"
#include "reports/figures.h"
#include "reports/outcomes.h"
#include "reports/places.h"
#include "reports/reading.h"
#include "reports/render.h"

namespace chicane {
namespace reports {
namespace {

void write_header(Paper& paper, const Reading& reading) {
  const auto& run = reading.run();
  const auto which = run.merged_from.empty() ? fmt::format("seed {}", run.seed)
                                             : fmt::format("merged from {} runs", run.merged_from.size());
  paper.paragraph(fmt::format("Chicane {}, {}, {}{}", run.tool_version, which, run.started,
                              reading.duration().empty() ? "" : ", " + reading.duration()),
                  0, 2, Ink::strong);
  for (const auto& host : run.hosts)
    paper.paragraph(fmt::format("{}, {}, {}, {}, {}", host.cpu, plural(host.cores, "core"),
                                figure(static_cast<double>(host.memory_bytes), Unit::bytes),
                                host.virtualized ? host.virtualization : "not virtualized", host.kernel),
                    0, 2, Ink::faint);
}

void write_matrix(Paper& paper, const Reading& reading) {
  const auto& run = reading.run();
  constexpr std::size_t lane_width = 10;  // "✗ missed" and a gap; why a lane did not judge stands below
  const auto for_lanes = lane_width * run.lanes.size();
  std::size_t name_width = 12;
  for (const auto& scenario : run.scenarios) name_width = std::max(name_width, scenario.id.size() + 2);
  name_width = std::min(name_width, paper.width() > for_lanes + 12 ? paper.width() - for_lanes : 12);

  std::vector<std::size_t> widths{name_width};
  std::vector<Cell> head{{"scenario", Ink::faint}};
  for (const auto lane : run.lanes) {
    head.push_back({std::string(name(lane)), Ink::faint});
    widths.push_back(lane_width);
  }
  paper.row(head, widths);
  for (const auto& scenario : run.scenarios) {
    std::vector<Cell> cells{{scenario.id, Ink::plain}};
    for (const auto lane : run.lanes) {
      const auto* verdict = reading.verdict(scenario.id, lane);
      if (verdict == nullptr)
        cells.push_back({"", Ink::plain});
      else
        cells.push_back({verdict->verdict == Verdict::not_judged
                             ? std::string(shape_of(verdict->verdict))
                             : fmt::format("{} {}", shape_of(verdict->verdict), words_of(verdict->verdict)),
                         ink_of(verdict->verdict)});
    }
    paper.row(cells, widths);
  }
}

std::string seen_in(const Occurrence& occurrence) {
  return fmt::format("{} of {}", count(occurrence.seen), plural(occurrence.of, "process", "processes"));
}

// One line a finding and scenario, with all lanes that saw it.
void write_declared(Paper& paper, const Reading& reading) {
  bool first = true;
  for (const auto& view : reading.findings()) {
    if (view.standing == Standing::undeclared) continue;
    std::map<std::string_view, std::string> lanes;
    for (const auto& occurrence : view.occurrences) {
      auto& seen = lanes[occurrence.scenario_id];
      seen += fmt::format("{} {} {} of {}", seen.empty() ? " –" : ",", name(occurrence.lane), count(occurrence.seen),
                          count(occurrence.of));
    }
    for (const auto& [scenario, seen] : lanes) {
      if (first) paper.line(), paper.line("Found, as declared (processes that showed it)", Ink::strong);
      first = false;
      auto text = fmt::format("{}: {}{}", scenario, title_of(*view.finding), seen);
      if (view.standing == Standing::allowed) text += fmt::format(" (it may: {})", view.allowed_because);
      paper.paragraph(text, 2, 4);
    }
  }
}

void write_finding(Paper& paper, const Reading& reading, const FindingView& view, const Occurrence& occurrence) {
  const auto& evidence = view.finding->evidence;
  paper.paragraph(fmt::format("{}, in {}", title_of(*view.finding), seen_in(occurrence)), 4, 2);
  if (!evidence.message.empty()) paper.paragraph(evidence.message, 6, 2);
  for (const auto& access : evidence.accesses) {
    paper.paragraph(fmt::format("{} by {}", words_of(access), thread_name(evidence, access.thread)), 6, 2);
    Finding side;
    side.evidence.accesses = {access};
    if (const auto place = where(side); !place.empty()) paper.paragraph("in " + place, 8, 2);
  }
  if (evidence.accesses.empty())
    if (const auto place = where(*view.finding); !place.empty()) paper.paragraph("in " + place, 6, 2);
  if (evidence.location) paper.paragraph("location: " + words_of(*evidence.location), 6, 2);
  paper.paragraph("again: " + reading.command_for(occurrence), 6, 2);
}

void write_attention(Paper& paper, const Reading& reading) {
  const auto all = reading.needing_attention();
  if (all.empty()) return;
  paper.line();
  paper.line("Needs attention", Ink::strong);
  for (const auto* verdict : all) {
    paper.paragraph(fmt::format("{} {} {}: {}", shape_of(verdict->verdict), verdict->scenario, name(verdict->lane),
                                words_of(verdict->verdict)),
                    2, 2, ink_of(verdict->verdict));
    paper.paragraph(verdict->why, 4, 2);
    for (const auto& id : verdict->undeclared)
      if (const auto* view = reading.finding(id))
        for (const auto& occurrence : view->occurrences)
          if (occurrence.scenario_id == verdict->scenario && occurrence.lane == verdict->lane)
            write_finding(paper, reading, *view, occurrence);
    const auto scenario = std::ranges::find(reading.run().scenarios, verdict->scenario, &Scenario::id);
    if (scenario != reading.run().scenarios.end() && !scenario->source.empty())
      paper.paragraph("declared at " + scenario->source, 4, 2);
  }
}

// Briefly: the outcomes that no interleaving explains, or that should not be.
void write_outcomes(Paper& paper, const Reading& reading) {
  bool first = true;
  for (const auto& scenario : reading.run().scenarios) {
    const auto table = outcome_table(reading.run(), scenario);
    std::string text;
    for (const auto& row : table.rows) {
      if (row.grade == Grade::acceptable) continue;
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (row.counts[i] != 0)
          text +=
              fmt::format("{} {} {} {} {}", text.empty() ? "" : ",", name(row.grade), row.outcome,
                          share_in_words(row.counts[i], table.columns[i].turns), words_of(table.columns[i].placement));
    }
    if (text.empty()) continue;
    if (first) paper.line(), paper.line("Outcomes that no interleaving explains", Ink::strong);
    first = false;
    paper.paragraph(fmt::format("{}:{}", scenario.id, text), 2, 4);
  }
}

// What holds is in the page; here is what does not, or can't be told.
void write_claims(Paper& paper, const Run& run) {
  if (run.claims.empty()) return;
  paper.line();
  paper.line("Claims of tutorials on this host", Ink::strong);
  paper.paragraph(counts_of(run), 2, 2);
  for (const auto& claim : run.claims)
    if (claim.grade == ClaimGrade::does_not_hold || claim.grade == ClaimGrade::inconclusive)
      paper.paragraph(fmt::format("{} {}, {}: {}, {}", shape_of(claim.grade), claim.says, claim.language,
                                  words_of(claim.grade), figure_of(claim)),
                      2, 4);
}

// Each reason once, with where it holds; the first few of many places stand for all.
void write_not_judged(Paper& paper, const Reading& reading) {
  constexpr std::size_t named = 3;
  std::vector<std::pair<std::string_view, std::vector<const ScenarioVerdict*>>> reasons;
  for (const auto& verdict : reading.run().verdicts) {
    if (verdict.verdict != Verdict::not_judged) continue;
    auto known = std::ranges::find(reasons, verdict.why, [](const auto& reason) { return reason.first; });
    if (known == reasons.end()) known = reasons.insert(reasons.end(), {verdict.why, {}});
    known->second.push_back(&verdict);
  }
  if (!reasons.empty()) paper.line(), paper.line("Not judged", Ink::strong);
  for (const auto& [why, where] : reasons) {
    std::string places;
    for (std::size_t i = 0; i < std::min(where.size(), named); ++i)
      places += fmt::format("{}{} {}", i == 0 ? "" : ", ", where[i]->scenario, name(where[i]->lane));
    if (where.size() > named) places += fmt::format(" and {} more", where.size() - named);
    paper.paragraph(fmt::format("{}: {}", places, why), 2, 4);
  }
  for (const auto& note : reading.run().notes) {
    if (&note == &reading.run().notes.front()) paper.line(), paper.line("Notes", Ink::strong);
    paper.paragraph(note, 2, 2);
  }
}

}  // namespace
}  // namespace reports

std::string render_console(const Run& run, const ConsoleStyle& style) {
  using namespace reports;
  const Reading reading(run);
  Paper paper(style);
  write_header(paper, reading);
  paper.line();
  write_matrix(paper, reading);
  write_declared(paper, reading);
  write_outcomes(paper, reading);
  write_speed(paper, run);
  write_claims(paper, run);
  write_not_judged(paper, reading);
  write_attention(paper, reading);
  paper.line();
  paper.paragraph(fmt::format("{} {}", shape_of(reading.overall()), reading.headline().sentence()), 0, 2,
                  ink_of(reading.overall()));
  return std::move(paper).take();
}

}  // namespace chicane
