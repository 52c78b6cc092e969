// A run as text for people and for other tools. Pure functions of the run: the same run gives the same bytes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/gate.h"
#include "harness/model/run.h"

namespace chicane {

std::string render_html(const Run& run);  // one offline file

// One measure of a scenario over many runs, the oldest first, and where its level changed.
struct HistoryLine {
  std::string says;     // whose it is: "counter/locked, 2 threads"
  std::string measure;  // "wall_ns_per_operation"
  struct Point {
    std::string run, started, commit;
    Estimate value;
    bool right = true;
  };
  std::vector<Point> points;
  struct Change {
    std::size_t at = 0;            // the first point of the new level
    double before = 0, after = 0;  // levels, in the measure's unit
    bool worse = false;
    std::string says;
  };
  std::vector<Change> changes;
};

// What a page may have besides its run. What is absent has no section.
struct HtmlParts {
  const Run* baseline = nullptr;         // an older run that it is compared with …
  const GateResult* compared = nullptr;  // … and what a comparison of the two says of their times; both or neither
  std::string history_file = {};         // where `history` comes from; empty: there is none
  std::vector<HistoryLine> history = {};
};
std::string render_html_with(const Run& run, const HtmlParts& parts);

std::string render_junit(const Run& run);  // one test case a scenario × lane

struct ConsoleStyle {
  unsigned width = 80;  // columns
  bool color = false;
};
std::string render_console(const Run& run, const ConsoleStyle& style);  // verdict table and what was found

// SARIF 2.1.0. Absolute files below `source_root` are told relative to it; empty: unknown.
std::string render_sarif(const Run& run, std::string_view source_root = {});
std::string render_markdown(const Run& run);  // 60,000 bytes at most, for a comment
std::string render_gbench(const Run& run);    // Google Benchmark's JSON

// A line a value: too long to be held for a large run, so it can be had in parts.
void write_csv(const Run& run, const std::function<void(std::string_view part)>& out);
std::string render_csv(const Run& run);

// Workflow commands of a hosted CI, one a line; empty: nothing needs attention.
std::string render_annotations(const Run& run, std::string_view source_root = {});

}  // namespace chicane
