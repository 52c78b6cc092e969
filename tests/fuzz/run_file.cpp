// run.json: what was read and written again reads equal, and every report can be made of it. Reports take ten times as
// long as the rest, so an input in sixteen gets them.
#include <functional>
#include <utility>

#include "harness/model/json.h"
#include "harness/model/merge_runs.h"
#include "reports/render.h"
#include "tests/fuzz/require.h"

using namespace chicane;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto run = parse_run(fuzz::text_of(data, size));
  if (!run) {
    require(!run.error().message.empty(), "an error says something");
    return 0;
  }
  const auto written = to_json(*run);
  const auto again = parse_run(written);
  require(again.has_value(), "what was written can be read");
  require(to_json(*again) == written, "what was written and read is written equally");
  // A number that is none is not equal to itself.
  require(*again == *run || written.find("null") != std::string::npos, "what was written reads equal");
  if (std::hash<std::string_view>()(written) % 16 != 0) return 0;
  require(!render_console(*run, {}).empty(), "a report on the console");
  require(!render_junit(*run).empty(), "a report as JUnit");
  require(!render_html(*run).empty(), "a report as HTML");
  require(!render_sarif(*run, "/root").empty(), "a report as SARIF");
  require(!render_gbench(*run).empty(), "a report for Google Benchmark's tools");
  require(!render_csv(*run).empty(), "a report as CSV");
  require(render_markdown(*run).size() <= 60'000, "a report in Markdown that fits a comment");
  render_annotations(*run);
  auto other = *run;
  other.id += "-other";
  if (const auto merged = merge_runs({{"one", *run}, {"other", std::move(other)}}))
    require(parse_run(to_json(*merged)).has_value(), "a merged run is a run");
  return 0;
}
