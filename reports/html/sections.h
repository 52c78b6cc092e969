// The parts of the page, in its order. Each writes one section; all read the same run.
#pragma once

#include <string>
#include <vector>

#include "reports/markup.h"
#include "reports/reading.h"
#include "reports/render.h"
#include "reports/speed_panels.h"

namespace chicane::reports {

struct PageContext {
  const Reading& reading;
  const std::vector<SpeedPanel>& panels;
  const HtmlParts& parts;
};

void write_summary(Markup& html, const PageContext& page);   // summary.cpp: the verdict in words, what needs attention
void write_matrix(Markup& html, const PageContext& page);    // matrix.cpp: scenario × lane, and what each rests on
void write_compare(Markup& html, const PageContext& page);   // compare.cpp: what is other than in a baseline; if any
void write_history(Markup& html, const PageContext& page);   // history.cpp: its times over many runs; if any
void write_found(Markup& html, const PageContext& page);     // found.cpp: what was found, declared or not, in short
void write_outcomes(Markup& html, const PageContext& page);  // outcomes.cpp: histograms of litmus scenarios, if any
void write_speed(Markup& html, const PageContext& page);     // speed.cpp: tables, from which the charts are drawn
void write_claims(Markup& html, const PageContext& page);    // claims.cpp: what tutorials say, on this host; if any
void write_findings(Markup& html, const PageContext& page);  // findings.cpp: each finding with its evidence
void write_host(Markup& html, const PageContext& page);      // host.cpp: host, builds, this run

// The emblem and the name.
void write_brand(Markup& html);

// What is wider than a narrow page: scrolls by itself, and by keyboard. `label` is read aloud.
Markup::Element scrolling(Markup& html, std::string_view label);

// Those of one scenario together, in the order in which the scenarios came.
std::vector<std::vector<const Occurrence*>> by_scenario(const std::vector<Occurrence>& occurrences);

// Shared words. A badge's shape, so that nothing is told by colour alone, comes from the style sheet.
void write_badge(Markup& html, std::string_view look, std::string_view words);
void write_badge(Markup& html, Verdict verdict);
void write_standing(Markup& html, Standing standing);
std::string_view words_of(Standing standing);
std::string scenario_anchor(const Reading& reading, std::string_view scenario);  // "s3"; by position, not by name

}  // namespace chicane::reports
